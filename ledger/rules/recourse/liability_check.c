/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/liability.h"

/* ---- I6: per liable party, nothing above what it owes, and what it owes still is its receivable ---- */

/* What a party is liable for in all sections of an incident: its receivable is one account. */
static enum recourse_error open_of(struct check_context *check, uint32_t incident, slice party, int64_t *open)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	*open = 0;
	while (record_walk_next(&walk, &liability, sizeof liability)) {
		if (slice_equal(walk.key.parts[2].text, party))
			*open += liability.recourse - liability.received_recourse - liability.written_off;
	}
	return walk.error;
}

static enum recourse_error look_at_liability(struct check_context *check, const struct check_row *row)
{
	const struct record_liability *liability = row->record;
	uint32_t number = (uint32_t)row->key->parts[0].number;
	slice party = row->key->parts[2].text;
	struct record_incident incident;
	int64_t receivable;
	int64_t open;
	TRY(incident_load(check->state, number, &incident));
	TRY(account_balance(
		check->state, CHART_RECOURSE, party, RECORD_TEXT(incident.id), &incident.unit, &receivable));
	if (liability->received_recourse > liability->recourse ||
		liability->received_uncovered > liability->uncovered ||
		liability->received_interest > liability->interest ||
		liability->written_off > liability->recourse)
		return check_wrong(check,
			"I6: liable party %.*s paid more than it owes, and the excess is not in 2150",
			SLICE_ARGUMENTS(party));
	TRY(open_of(check, number, party, &open));
	if (receivable != open)
		return check_wrong(check,
			"I6: 1110 of liable party %.*s is not its recourse, less received and written off",
			SLICE_ARGUMENTS(party));
	return RECOURSE_OK;
}

/* ---- I7: what is, or once was, receivable in an incident is what perfected in it ---- */

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident->number);
	struct record_section sum;
	struct record_liability liability;
	int64_t recourse;
	TRY(section_sum(check->state, incident->number, &sum));
	TRY(account_balance(check->state, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED),
		RECORD_TEXT(incident->id), &incident->unit, &recourse));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability))
		recourse += liability.recourse;
	TRY(walk.error);
	return recourse == sum.perfected + sum.restored_recourse
		       ? RECOURSE_OK
		       : check_wrong(check, "I7: incident %.*s has other recourse than settled advances",
				 SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
}

/* What the funder owes back is what each party has coming. */
static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	struct record_path prefix =
		record_path_of_shorts(RECORD_LIABILITY, section->incident, section->party);
	struct record_liability liability;
	__int128 left = section->owed_back;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability)) {
		left -= liability.owed_back;
		TRY(check_that(check, row, liability.owed_back >= 0, "I6: a party owes back to the funder"));
	}
	TRY(walk.error);
	return check_that(check, row, left == 0, "I6: what the funder owes back does not sum up by party");
}

static const struct check rows[] = {
	{.table = RECORD_LIABILITY, .look = look_at_liability},
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group liability_check_rows = CHECK_GROUP(rows);
