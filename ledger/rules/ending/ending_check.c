/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* B6: what an incident is done with holds no money, and one that ended leaves nothing behind, closed or cancelled. */

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

/* What was advanced for those who were not found is no recourse before they are paid. */
static enum recourse_error look_at_inchoate(
	struct check_context *check, const struct record_incident *incident, bool *open)
{
	struct record_section sum;
	int64_t balance;
	TRY(section_sum(check->state, incident->number, &sum));
	TRY(account_balance(check->state, CHART_INCHOATE, slice_text(""), RECORD_TEXT(incident->id),
		&incident->unit, &balance));
	*open = *open || balance > sum.unclaimed_advance;
	return RECOURSE_OK;
}

/* What is on these, of the incident and of all that are liable in it, somebody still owes or waits for. */
static enum recourse_error look_at_accounts(
	struct check_context *check, const struct record_incident *incident, bool *open)
{
	slice funder;
	TRY(party_name(check->state, check->arena, incident->funder, &funder));
	const struct {
		enum chart_code code;
		slice party;
	} accounts[] = {
		{CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED)},
		{CHART_CLAIMS, slice_text("")},
		{CHART_TRANSIT, slice_text("")},
		{CHART_RETURNED, slice_text("")},
		{CHART_COMMITMENT, funder},
	};
	for (size_t index = 0; index < sizeof accounts / sizeof accounts[0]; index++) {
		int64_t balance;
		TRY(account_balance(check->state, accounts[index].code, accounts[index].party,
			RECORD_TEXT(incident->id), &incident->unit, &balance));
		*open = *open || balance != 0;
	}
	return RECOURSE_OK;
}

static enum recourse_error look_at_liable(
	struct check_context *check, const struct record_incident *incident, bool *open)
{
	struct record_path liable = record_path_of_short(RECORD_LIABILITY, incident->number);
	struct record_path receipts = record_path_of_short(RECORD_RECOVERY_WAITING, incident->number);
	struct record_liability liability;
	bool any;
	TRY(record_any(check->state, &receipts, &any));
	*open = *open || any;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &liable);
	while (record_walk_next(&walk, &liability, sizeof liability))
		*open = *open || liability.open != liability.written_off ||
			liability.shortfall != liability.shortfall_off;
	return walk.error;
}

/* A claim that a round would still give something; a claimant of whom something is asked back; money that waits (2140). */
static bool is_left(const struct record_section *section)
{
	bool covered = section->loss - section->elsewhere <= section->shared_loss ||
		       section->promised <= section_has(section);
	return !covered || section->clawbacks != 0 || section->waiting != 0;
}

static enum recourse_error look_at_sections(
	struct check_context *check, const struct record_incident *incident, bool *open)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		if (section.closed_entry == 0)
			return check_wrong(check,
				"B6: incident %.*s ended, and not for each of its merchants",
				SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
		*open = *open || is_left(&section);
	}
	return walk.error;
}

static enum recourse_error look_at_ended(struct check_context *check, const struct record_incident *incident)
{
	bool open = false;
	TRY(look_at_sections(check, incident, &open));
	TRY(look_at_accounts(check, incident, &open));
	TRY(look_at_inchoate(check, incident, &open));
	TRY(look_at_liable(check, incident, &open));
	return !open ? RECOURSE_OK
		     : check_wrong(check, "B6: incident %.*s was closed with something open in it",
			       SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	if (incident->sweep != INCIDENT_STANDS && incident->close_clock == 0)
		return check_wrong(check, "B6: incident %.*s goes on, and no clock is set for it",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	return is_done(incident) ? look_at_ended(check, incident) : RECOURSE_OK;
}

static const struct check rows[] = {
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group ending_check_rows = CHECK_GROUP(rows);
