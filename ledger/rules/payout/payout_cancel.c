/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record_hearing.h"
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/take_back.h"
#include "rules/claims/top_up.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/payout/former_order.h"
#include "rules/payout/report.h"
#include "rules/payout/unclaimed.h"
#include "rules/rail/payment_batch.h"
#include "rules/recourse/settle_up.h"

/*
 * ---- payout.cancel: it was ordered by mistake, or refused by the bank before it left ----
 *
 * As if it had not been ordered: its parts follow from the rounds again when it is ordered anew. What became too much of it
 * meanwhile goes back now, where it would have been asked back of a payment that was made. What a pool repaid of its advance
 * was repaid of an order that never was. A claim that had earlier instalments is a paid one.
 */

enum { CANCEL_CLAIM, CANCEL_REASON };
static const struct recourse_field cancel_fields[] = {
	[CANCEL_CLAIM] = FIELD(ID, "claim", "whose payment was ordered and never left"),
	[CANCEL_REASON] = FIELD(ID, "reason", "reason code, or the bank's, such as AC01"),
};

/* How a claim stands towards pools and funder. */
struct stand {
	struct record_decided decided;
	struct weight_standing weight;
	int64_t due;       /* what the pool leaves of what is promised */
	int64_t advanced;  /* with what is too much by now, while it is out */
	int64_t unordered; /* of which no payout is ordered */
};

static enum recourse_error read_stand(
	struct decision *decision, const struct undo *undo, bool ordered, struct stand *stand)
{
	const struct record_claim *claim = &undo->claim;
	struct record_path path = weight_path(&undo->section, undo->id);
	struct record_hearing hearing = {.top_up_advance = 0};
	int64_t out = claim->paid + claim->deposit_part + claim->advance_part;
	int64_t most = amount_beyond(claim->settled_advance + claim->advance_part, 0);
	TRY(record_get_named(decision->state, &path, &stand->decided, sizeof stand->decided));
	TRY(weight_standing(decision, &undo->section, undo->id, &stand->weight));
	stand->due = amount_beyond(stand->decided.approved, stand->weight.part);
	stand->advanced = stand->unordered = stand->due;
	if (!ordered)
		return RECOURSE_OK;
	if (claim->hearing == HEARING_TOP_UP)
		TRY(hearing_load(decision->state, undo->id, claim, &hearing));
	stand->unordered = hearing.top_up_advance;
	int64_t excess = amount_beyond(out, stand->weight.part + stand->due);
	stand->advanced = amount_most(stand->due, amount_least(stand->due + excess, most));
	return RECOURSE_OK;
}

/* What it had of pools beyond what is left of its loss, and was not paid. */
static enum recourse_error give_back_pool(
	struct decision *decision, struct undo *undo, const struct stand *stand, bool *back)
{
	const struct record_claim *claim = &undo->claim;
	int64_t left = amount_beyond(claim->loss - claim->received, stand->weight.recovered);
	*back = stand->weight.part > amount_most(claim->paid, left);
	return *back ? undo_weigh(decision, undo, stand->decided.approved) : RECOURSE_OK;
}

/* An appeal gave some of it, which waits to be ordered again. */
static enum recourse_error keep_top_up(
	struct decision *decision, struct undo *undo, int64_t most, struct stand *after)
{
	struct record_claim *claim = &undo->claim;
	int64_t advanced = amount_least(after->due, most);
	after->unordered =
		claim->hearing == HEARING_NONE
			? 0
			: amount_least(advanced, amount_beyond(after->decided.approved, claim->paid));
	return top_up_cancel(decision, &undo->section, undo->id, claim, advanced);
}

static enum recourse_error forget_parts(struct decision *decision, struct undo *undo)
{
	struct record_claim *claim = &undo->claim;
	struct record_section *section = &undo->section;
	int64_t ordered = claim->advance_part;
	bool paid = claim->paid > 0;
	struct stand before;
	struct stand after;
	bool back;
	TRY(read_stand(decision, undo, true, &before));
	claim->deposit_part = claim->advance_part = 0;
	claim->approved = paid ? amount_least(claim->approved, claim->paid) : before.weight.promised;
	TRY(read_stand(decision, undo, paid, &after));
	if (paid)
		TRY(keep_top_up(decision, undo, ordered + before.unordered, &after));
	int64_t less = before.advanced - after.advanced;
	int64_t repaid = ordered + before.unordered - after.unordered - less;
	const int64_t stood = settle_up_stands(section);
	section->repaid_settled -= round_settled(claim) ? repaid : 0;
	undo->incident.funded -= repaid;
	undo->incident.instructed -= ordered;
	if (less > 0)
		TRY(take_back_advance(decision, &undo->incident, section, undo->reference, less));
	TRY(give_back_pool(decision, undo, &after, &back));
	if (repaid > 0 || less > 0 || back) {
		TRY(settle_up_perfect(
			decision, &undo->incident, section, stood)); /* of what others were paid */
		TRY((stood > 0 || less > 0 || back ? settle_up_anew : settle_up_waiting)(
			decision, &undo->incident, section));
	}
	return incident_save(decision, &undo->incident);
}

static enum recourse_error forget(struct decision *decision, struct undo *undo)
{
	struct record_claim *claim = &undo->claim;
	bool paid = claim->paid > 0;
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, paid ? CLAIM_PAID : CLAIM_APPROVED, "claim"));
	undo->section.claims_paid += paid;
	return forget_parts(decision, undo);
}

static void show_amounts(struct decision *decision, const struct undo *undo)
{
	const struct unit *unit = &undo->incident.unit;
	const struct record_claim *claim = &undo->claim;
	decision_fact_amount(decision, "amount", unit, claim->deposit_part + claim->advance_part);
	decision_fact_amount(decision, "deposit_part", unit, claim->deposit_part);
	decision_fact_amount(decision, "advance_part", unit, claim->advance_part);
	decision_fact_integer(decision, "instalment", claim->instalment);
}

/* What came back, and whose claimant was not found then, was ordered no more since: its order is as it was. */
static enum recourse_error end_last(
	struct decision *decision, struct undo *undo, uint32_t became, enum chart_code from, bool again)
{
	struct record_claim *claim = &undo->claim;
	if (became == PAYOUT_RETURNED)
		return RECOURSE_OK;
	if (claim->on_rail)
		TRY(payment_batch_cancel(decision, undo->id, from == CHART_RETURNED));
	TRY(former_order_keep(decision, undo->id, claim, PAYOUT_CANCELLED));
	return again ? former_order_back(decision, undo->id, claim) : RECOURSE_OK;
}

/* One that had come back is so again. */
static enum recourse_error apply_cancel(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[CANCEL_CLAIM].text};
	struct record_claim *claim = &undo.claim;
	struct record_report report;
	slice none = slice_text("");
	uint32_t became;
	TRY(undo_find(decision, &undo));
	if (claim->payout == PAYOUT_RETURNED) /* it left, and is back */
		return refuse_state(decision, "claim", life_state_name(LIFE_PAYOUT, claim->payout));
	TRY(report_read(decision->state, undo.id, claim, &report));
	TRY(former_order_last_became(decision->state, undo.id, claim, &became));
	bool again = report.came_back > 0;
	/* what was made comes back by the bank's line alone, also where it had come back before */
	uint32_t never_left = claim->payout;
	TRY(decision_step(decision, LIFE_PAYOUT, &never_left, PAYOUT_CANCELLED, "claim"));
	TRY(unclaimed_take(decision, &undo));
	enum chart_code from =
		record_claim_money(claim) == CLAIM_MONEY_TRANSIT ? CHART_TRANSIT : CHART_RETURNED;
	if (again && claim->payout == PAYOUT_INSTRUCTED) /* an earlier one came back beside it */
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_STOPPED, "claim"));
	TRY(decision_step(
		decision, LIFE_PAYOUT, &claim->payout, again ? PAYOUT_RETURNED : PAYOUT_CANCELLED, "claim"));
	TRY(end_last(decision, &undo, became, from, again));
	show_amounts(decision, &undo);
	TRY(decision_move(decision, &undo.incident.unit, claim->deposit_part + claim->advance_part, from,
		none, again ? CHART_RETURNED : CHART_CLAIMS, none, undo.reference));
	claim->deposit_part += claim->back_deposit; /* of an earlier payment that came back beside it */
	claim->advance_part += claim->back_advance;
	claim->back_deposit = claim->back_advance = 0;
	if (!again)
		TRY(forget(decision, &undo));
	TRY(section_save(decision, &undo.section));
	TRY(freeze_follow_claims(decision, &undo.incident, undo.section.party));
	return claim_put_about(decision, undo.id, claim);
}

static const struct command rows[] = {
	COMMAND_CHECKED("payout.cancel", RECOURSE_ROLE_OPERATOR, 1, cancel_fields, apply_cancel,
		"an ordered payment never left: it can be ordered anew; another person approves",
		RECOURSE_STATE_WRONG),
};
const struct command_group payout_cancel_commands = COMMAND_GROUP(rows);
