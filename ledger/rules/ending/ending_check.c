/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

/* B6: what an incident is done with holds no money, and a closed one leaves nothing behind. */

/* It ended, and nothing goes on: neither its end, nor what money that came later reopened. */
static bool is_done(const struct record_incident *incident)
{
	return incident_has_ended(incident) && incident->sweep == INCIDENT_STANDS;
}

static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	struct record_incident incident;
	slice merchant;
	int64_t frozen;
	if (section->closed_entry == 0)
		return RECOURSE_OK;
	TRY(incident_load(check->state, section->incident, &incident));
	if (!is_done(&incident))
		return RECOURSE_OK;
	TRY(party_name(check->state, check->arena, section->party, &merchant));
	TRY(account_balance(check->state, CHART_DEPOSIT_FROZEN, merchant, RECORD_TEXT(incident.id),
		&incident.unit, &frozen));
	return frozen == 0 ? RECOURSE_OK
			   : check_wrong(check,
				     "B6: money of %.*s is frozen for incident %.*s, which is done with it",
				     SLICE_ARGUMENTS(merchant), SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
}

/* What is on these, of the incident and of all that are liable in it, somebody still owes or waits for. */
static enum recourse_error sum_accounts(
	struct check_context *check, const struct record_incident *incident, int64_t *sum)
{
	static const enum chart_code codes[] = {CHART_INCHOATE, CHART_CLAIMS, CHART_TRANSIT, CHART_RETURNED};
	struct record_path liable = record_path_of_short(RECORD_LIABILITY, incident->number);
	struct record_liability liability;
	int64_t balance;
	TRY(account_balance(check->state, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED),
		RECORD_TEXT(incident->id), &incident->unit, sum));
	for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
		TRY(account_balance(check->state, codes[index], slice_text(""), RECORD_TEXT(incident->id),
			&incident->unit, &balance));
		*sum += balance;
	}
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &liable);
	while (record_walk_next(&walk, &liability, sizeof liability))
		*sum += liability.open - liability.written_off;
	return walk.error;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	int64_t sum;
	if (incident->state != INCIDENT_CLOSED || !is_done(incident))
		return RECOURSE_OK;
	TRY(sum_accounts(check, incident, &sum));
	return sum == 0 ? RECOURSE_OK
			: check_wrong(check, "B6: incident %.*s was closed with something open in it",
				  SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
}

static const struct check rows[] = {
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group ending_check_rows = CHECK_GROUP(rows);
