/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/deposit/held.h"
#include "rules/incident/given_back_bar.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/owed.h"

/*
 * B6: whoever had something of its deposit again at the end of an incident owes nothing in it, in whatever section, and secured
 * nobody who lacks something.
 */

/* By the last end, of a merchant of the incident: so much of its deposit. */
static enum recourse_error find_let_go(
	struct check_context *check, const struct record_incident *incident, uint32_t party, int64_t *let_go)
{
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, party);
	struct record_section section;
	TRY(record_get_optional(check->state, &path, &section, sizeof section, NULL));
	*let_go = section.ended == incident->ends ? section.let_go : 0;
	return RECOURSE_OK;
}

/* What of that would serve something there. What is beyond 64 bits other checks say. */
static enum recourse_error find_owed(struct check_context *check, const struct record_incident *incident,
	const struct record_section *section, uint32_t party, slice name, int64_t let_go, int64_t *steps)
{
	struct owed owed;
	enum recourse_error error = owed_begin(check->state, check->arena, incident, section, &owed);
	if (error == RECOURSE_OK)
		error = owed_take(check->state, check->arena, incident, section, party, name, let_go, &owed);
	*steps = error == RECOURSE_OK ? owed.taken : 0;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

/* By the rows alone: nor anything back that it was paid, nor costs or interest of its own that have a rank. */
static enum recourse_error owes_itself(struct check_context *check, const struct record_incident *incident,
	const struct record_liability *liability, bool *owes)
{
	struct record_policy policy;
	TRY(incident_policy(check->state, incident, &policy));
	*owes = liability->shortfall > 0 ||
		(policy.rank[WATERFALL_COSTS] != 0 && liability->costs > liability->costs_served) ||
		(policy.rank[WATERFALL_INTEREST] != 0 && liability->interest > liability->interest_served);
	return RECOURSE_OK;
}

static enum recourse_error look_at_row(struct check_context *check, const struct record_incident *incident,
	uint32_t number, const struct record_liability *liability)
{
	struct record_section section;
	slice names[2];
	int64_t let_go;
	int64_t steps;
	bool owes = false;
	TRY(find_let_go(check, incident, liability->party, &let_go));
	if (let_go == 0)
		return RECOURSE_OK;
	TRY(section_load(check->state, incident->number, number, &section));
	TRY(party_name(check->state, check->arena, liability->party, &names[0]));
	TRY(party_name(check->state, check->arena, number, &names[1]));
	TRY(find_owed(check, incident, &section, liability->party, names[0], let_go, &steps));
	if (number == liability->party)
		TRY(owes_itself(check, incident, liability, &owes));
	return steps == 0 && !owes
		       ? RECOURSE_OK
		       : check_wrong(check,
				 "B6: %.*s had its deposit again at the end of incident %.*s, and owes in "
				 "the "
				 "section of %.*s",
				 SLICE_ARGUMENTS(names[0]), SLICE_ARGUMENTS(RECORD_TEXT(incident->id)),
				 SLICE_ARGUMENTS(names[1]));
}

/* ---- nobody whom it secured lacks anything ---- */

/* But what appeals restored, which may be for none of these. */
static enum recourse_error find_secured_by(
	struct check_context *check, const struct record_incident *incident, uint32_t party, int64_t *let_go)
{
	const bool issuers = incident->merchant == 0 && party == incident->issuer;
	struct record_section section;
	struct given_back_bar bar;
	TRY(find_let_go(check, incident, party, let_go));
	if (*let_go == 0)
		return RECOURSE_OK;
	TRY(section_load(check->state, incident->number, party, &section));
	TRY(given_back_bar_find(check->state, &section, issuers, &bar));
	*let_go = amount_beyond(*let_go, amount_beyond(bar.restored - bar.instead, bar.others));
	return RECOURSE_OK;
}

/* Held when its incident ended, and still: what is released now is the merchant's. */
static enum recourse_error find_held(
	struct check_context *check, const struct record_incident *incident, uint32_t party, bool *held)
{
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, party);
	struct record_section section;
	slice name;
	*held = false;
	TRY(record_get_optional(check->state, &path, &section, sizeof section, NULL));
	if (section.ended != incident->ends)
		return RECOURSE_OK;
	TRY(party_name(check->state, check->arena, party, &name));
	return held_before(check->state, name, &incident->unit, section.closed_entry, held);
}

static enum recourse_error could_pay(
	struct check_context *check, const struct record_incident *incident, uint32_t party, bool *could)
{
	int64_t let_go;
	bool held;
	TRY(find_secured_by(check, incident, party, &let_go));
	TRY(find_held(check, incident, party, &held));
	*could = *could || let_go > 0 || held;
	return RECOURSE_OK;
}

static enum recourse_error look_at_secured(struct check_context *check,
	const struct record_incident *incident, const struct record_section *section)
{
	struct owed owed;
	slice name;
	bool could = false;
	TRY(could_pay(check, incident, section->party, &could));
	if (owed_by_issuer(incident, section))
		TRY(could_pay(check, incident, incident->issuer, &could));
	if (!could)
		return RECOURSE_OK;
	enum recourse_error error = owed_begin(check->state, check->arena, incident, section, &owed);
	if (error != RECOURSE_OK || owed_secured(section, &owed.section) == 0)
		return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
	TRY(party_name(check->state, check->arena, section->party, &name));
	return check_wrong(check,
		"B6: incident %.*s ended, and its pool could have paid more in the section of %.*s",
		SLICE_ARGUMENTS(RECORD_TEXT(incident->id)), SLICE_ARGUMENTS(name));
}

static enum recourse_error look_at_sections(
	struct check_context *check, const struct record_incident *incident)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		TRY(look_at_secured(check, incident, &section));
	return walk.error;
}

/* While it goes on, or when money reopened it, somebody may owe what the next end takes. */
static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident->number);
	struct record_liability liability;
	if (incident->state != INCIDENT_CLOSED || incident->sweep != INCIDENT_STANDS)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability))
		TRY(look_at_row(check, incident, (uint32_t)walk.key.parts[1].number, &liability));
	TRY(walk.error);
	return look_at_sections(check, incident);
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group let_go_check_rows = CHECK_GROUP(rows);
