/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/take_back.h"
#include "rules/claims/top_up.h"
#include "rules/claims/undo.h"
#include "rules/incident/weight.h"
#include "rules/recourse/advance.h"

/*
 * ---- advance.give_up, advance.take_on: a promise that its funder does not pay in ----
 *
 * From then on the claim is what it would be under a scheme that promises nothing: its part of the pool is payable alone, its loss
 * is what it was, and recoveries and pools to come are its own so far. See README.md.
 */

enum { UNFUNDED_CLAIM, UNFUNDED_REASON };
static const struct recourse_field give_up_fields[] = {
	[UNFUNDED_CLAIM] = FIELD(ID, "claim", "for whom the funder does not pay in what is advanced"),
	[UNFUNDED_REASON] = FIELD(ID, "reason", "reason code, such as funder-insolvent"),
};
static const struct recourse_field take_on_fields[] = {
	[UNFUNDED_CLAIM] = FIELD(ID, "claim", "whose advance was given up"),
	[UNFUNDED_REASON] = FIELD(ID, "reason", "reason code, such as paid-in-after-all"),
};

/* Ruled on, covered by a round, and no payment of it under way. */
static enum recourse_error find(struct decision *decision, const struct value *values, struct undo *undo,
	struct weight_standing *standing)
{
	undo->id = values[UNFUNDED_CLAIM].text;
	TRY(undo_find(decision, undo));
	TRY(undo_check_voided(decision, undo));
	uint32_t state = undo->claim.state;
	bool waits = state == CLAIM_RULED || state == CLAIM_AGREED || state == CLAIM_APPROVED ||
		     state == CLAIM_PAID;
	if (!waits || undo->claim.decided_entry == 0)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, state));
	TRY(incident_open(decision, "claim", &undo->incident));
	TRY(hearing_check_appeal(decision, undo->id, &undo->claim));
	TRY(weight_standing(decision, &undo->section, undo->id, standing));
	return standing->covered
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_NOT_PERMITTED, "claim", "behind its distribution");
}

/* What is advanced for it and not ordered out: of one that was paid, what an appeal gave. */
static enum recourse_error find_advance(struct decision *decision, const struct undo *undo,
	const struct weight_standing *standing, int64_t *advance)
{
	struct record_hearing record = {.top_up_advance = 0};
	*advance = standing->promised - standing->part;
	if (record_claim_out(&undo->claim) == 0)
		return RECOURSE_OK;
	if (undo->claim.hearing == HEARING_TOP_UP)
		TRY(hearing_load(decision->state, undo->id, &undo->claim, &record));
	*advance = record.top_up_advance;
	return RECOURSE_OK;
}

/* Money that is there is paid out, and not given up: for the claims that are ordered out first. */
static enum recourse_error lower(struct decision *decision, const struct undo *undo, int64_t *advance)
{
	int64_t cover = undo->incident.funded - undo->incident.instructed;
	if (*advance == 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "claim", "an advance that is not ordered out");
	*advance = amount_beyond(*advance, cover);
	return *advance > 0 ? RECOURSE_OK
			    : refuse(decision, RECOURSE_NOT_PERMITTED, "claim",
				      "an advance that is not paid in: order out first what is");
}

static enum recourse_error apply_give_up(struct decision *decision, const struct value *values)
{
	struct undo undo;
	struct weight_standing standing;
	int64_t advance;
	int64_t unordered;
	TRY(find(decision, values, &undo, &standing));
	struct record_claim *claim = &undo.claim;
	TRY(find_advance(decision, &undo, &standing, &advance));
	TRY(lower(decision, &undo, &advance));
	TRY(hearing_lower_top_up(decision, undo.id, claim, &undo.section, advance, &unordered));
	claim->approved = standing.promised - advance;
	/* what pools alone gave is no promise, and may be less later */
	bool promised = record_claim_out(claim) > 0 || claim->approved > standing.part;
	const struct weight_change change = {
		.loss = claim->loss,
		.approved = promised ? claim->approved : 0,
		.elsewhere = claim->received,
	};
	TRY(weight_change(decision, &undo.section, undo.id, &change));
	TRY(take_back_advance(decision, &undo.incident, &undo.section, undo.reference, advance));
	decision_fact_amount(decision, "given_up", &undo.incident.unit, advance);
	return undo_save(decision, &undo);
}

static enum recourse_error apply_take_on(struct decision *decision, const struct value *values)
{
	struct undo undo;
	struct weight_standing standing;
	int64_t advanced;
	TRY(find(decision, values, &undo, &standing));
	TRY(top_up_promise(decision, &undo, &standing, &advanced));
	if (advanced == 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "claim", "a claim whose advance was given up");
	return undo_save(decision, &undo);
}

static const struct command rows[] = {
	COMMAND_CHECKED("advance.give_up", RECOURSE_ROLE_OPERATOR, 1, give_up_fields, apply_give_up,
		"give up what is advanced for a claim and is not paid in; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_AMOUNT_RANGE),
	COMMAND_CHECKED("advance.take_on", RECOURSE_ROLE_OPERATOR, 1, take_on_fields, apply_take_on,
		"advance after all what was given up for a claim; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_AMOUNT_RANGE, RECOURSE_OVERFLOW),
};
const struct command_group unfunded_commands = COMMAND_GROUP(rows);
