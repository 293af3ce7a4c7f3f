/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim_move.h"

#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/lot.h"
#include "rules/claims/measure.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/scope.h"
#include "rules/incident/standing.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/*
 * claim.move (D11): a failure was declared before a claim was ruled on: it shares with all others of that incident, and keeps its
 * number, its day and what is held of it (README.md).
 */

enum { MOVE_CLAIM, MOVE_INCIDENT };
static const struct recourse_field move_fields[] = {
	[MOVE_CLAIM] = FIELD(ID, "claim", "in time, and not ruled on"),
	[MOVE_INCIDENT] = FIELD_OPTIONAL(
		ID, "incident", "that has its lot; the only one that was declared and has it if absent"),
};

/* A claim with its lot, where it is and where it goes. */
struct moving {
	slice id;
	struct record_claim claim;
	struct record_entitlement lot;
	struct record_incident from;
	struct record_incident to;
};

static enum recourse_error find(struct decision *decision, slice id, struct moving *moving)
{
	moving->id = id;
	TRY(claim_find(decision, id, &moving->claim));
	TRY(incident_load(decision->state, moving->claim.incident, &moving->from));
	return entitlement_find(decision, "claim", RECORD_TEXT(moving->claim.entitlement), &moving->lot);
}

static enum recourse_error leave(struct decision *decision, const struct moving *moving)
{
	struct record_section section;
	TRY(section_load(decision->state, moving->claim.incident, moving->claim.section, &section));
	section.claims_filed--;
	TRY(measure_leave(decision, moving->id, &moving->claim, &section));
	TRY(weight_forget(decision, &section, moving->id));
	if (!incident_has_ended(&moving->from))
		TRY(settle_up_loss(decision, &moving->from, &section));
	return section_save(decision, &section);
}

static enum recourse_error enter(struct decision *decision, struct moving *moving)
{
	struct record_claim *claim = &moving->claim;
	struct record_incident *to = &moving->to;
	struct record_section section;
	struct record_policy policy;
	TRY(incident_terms(decision, to, &policy));
	TRY(scope_section(decision, "claim", to, moving->lot.merchant, &section));
	section.claims_filed++;
	claim->incident = section.incident;
	claim->section = section.party;
	TRY(measure_enter(decision, moving->id, claim, &section));
	TRY(lot_reserve(decision, &section, &policy, moving->id, claim, &moving->lot));
	TRY(settle_up_loss(decision, to, &section));
	TRY(section_save(decision, &section));
	return freeze_follow(decision, section.party, &to->unit);
}

static enum recourse_error tell(struct decision *decision, const struct moving *moving)
{
	slice from = RECORD_TEXT(moving->from.id);
	slice to = RECORD_TEXT(moving->to.id);
	decision_fact_text(decision, "from", from);
	decision_fact_text(decision, "to", to);
	TRY(decision_about(decision, RECORD_INCIDENT, from));
	return decision_about(decision, RECORD_INCIDENT, to);
}

static enum recourse_error move(struct decision *decision, struct moving *moving)
{
	TRY(tell(decision, moving));
	TRY(leave(decision, moving));
	TRY(enter(decision, moving));
	TRY(claim_put_about(decision, moving->id, &moving->claim));
	return area_claim_placed(decision, moving->id, &moving->claim, &moving->lot, &moving->to, 0);
}

/* ---- claim.move ---- */

/* What was filed after that was declared is in time there until its bar date. */
static enum recourse_error check_window(
	struct decision *decision, const struct record_claim *claim, const struct record_incident *to)
{
	char bar_date[INSTANT_TEXT_SIZE];
	if (decision->time <= to->bar_date || claim->filed_entry < to->entry)
		return RECOURSE_OK;
	instant_format(to->bar_date, bar_date);
	return refuse_limit(
		decision, RECOURSE_WINDOW_CLOSED, "incident", "before the bar date, %s", bar_date);
}

static enum recourse_error find_other(
	struct decision *decision, const struct value *values, struct moving *moving)
{
	const struct record_claim *claim = &moving->claim;
	const struct record_entitlement *lot = &moving->lot;
	struct record_incident *to = &moving->to;
	if (!values[MOVE_INCIDENT].present)
		TRY(standing_find(decision, lot, claim->filed_entry, to));
	else
		TRY(incident_governing(decision, "incident", values[MOVE_INCIDENT].text, to));
	if (to->number == claim->incident)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "incident", claim->filed_entry);
	if (!standing_takes_claims(to))
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, to->state));
	if (!scope_has(to, lot) || !unit_same(&lot->currency, &to->unit))
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "incident", lot->issue_entry);
	TRY(check_window(decision, claim, to));
	return standing_gives_way(decision, "incident", to, lot, 0);
}

static enum recourse_error apply_move(struct decision *decision, const struct value *values)
{
	struct moving moving;
	TRY(find(decision, values[MOVE_CLAIM].text, &moving));
	TRY(incident_open(decision, "claim", &moving.from));
	if (!claim_undecided(&moving.claim) || moving.claim.late == CLAIM_LATE)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, moving.claim.state));
	TRY(find_other(decision, values, &moving));
	return move(decision, &moving);
}

enum recourse_error claim_move_failed(struct decision *decision, slice id)
{
	struct moving moving;
	bool failed;
	TRY(find(decision, id, &moving));
	TRY(standing_failed(
		decision, &moving.from, &moving.lot, moving.claim.filed_entry, &moving.to, &failed));
	return failed ? move(decision, &moving) : RECOURSE_OK;
}

/* It came after the bar date of what was declared by mistake: it is in time where it goes back to, and its merchant is asked now. */
static enum recourse_error move_back(struct decision *decision, struct moving *moving)
{
	struct record_claim *claim = &moving->claim;
	struct record_policy policy;
	bool late = claim->late == CLAIM_LATE;
	TRY(leave(decision, moving));
	claim->late = late ? CLAIM_IN_TIME : claim->late;
	TRY(enter(decision, moving));
	TRY(hearing_policy(decision->state, claim, &policy));
	if (late && claim->state == CLAIM_RECEIVED)
		TRY(hearing_begin(decision, moving->id, &policy, claim));
	return claim_put_about(decision, moving->id, claim);
}

enum recourse_error claim_move_back(struct decision *decision, slice id, bool *moved)
{
	struct moving moving;
	TRY(find(decision, id, &moving));
	TRY(standing_other(decision, &moving.lot, moving.claim.filed_entry, &moving.from, &moving.to, moved));
	return *moved ? move_back(decision, &moving) : RECOURSE_OK;
}

static const struct command rows[] = {
	COMMAND("claim.move", RECOURSE_ROLE_OPERATOR, move_fields, apply_move,
		"a claim that is not ruled on goes on in another incident that has its lot: one declared "
		"meanwhile",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_WINDOW_CLOSED,
		RECOURSE_CUSTODIAN_WRONG),
};
const struct command_group claim_move_commands = COMMAND_GROUP(rows);
