/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/clawback.h"
#include "rules/claims/measure.h"
#include "rules/claims/undo.h"
#include "rules/incident/section.h"
#include "rules/payout/former_undo.h"
#include "rules/payout/repaid.h"
#include "rules/payout/report.h"
#include "rules/rail/unanswered.h"
#include "rules/recourse/settle_up.h"

/*
 * ---- payout.unsettle: a payment that no bank made ----
 *
 * Another bank line takes a payment back that was made (payout.return). Of one that was attested by a slip there is none: it
 * is under way as before. Payments are many, and keep no row to be taken back by: the claim names the entry that settled
 * its last one, and the bank's line.
 */

enum { UNSETTLE_CLAIM, UNSETTLE_REASON, UNSETTLE_BANK, UNSETTLE_ORDER };
static const struct recourse_field unsettle_fields[] = {
	[UNSETTLE_CLAIM] = FIELD(ID, "claim", "whose last payout was attested, and not made"),
	[UNSETTLE_REASON] = FIELD(ID, "reason", "reason code, such as slip"),
	[UNSETTLE_BANK] = FIELD_OPTIONAL_FOREIGN(
		"bank_reference", "the line by which it was attested, if one was named"),
	[UNSETTLE_ORDER] = FIELD_WITH(INTEGER, "order",
		"instead: a former one, that was made, or by which it was paid twice", .optional = true,
		.preset = -1, .minimum = 1, .maximum = INT64_MAX),
};

/* What came back of it since then was lessened by that; a ruling that fell for good asked for it. */
static enum recourse_error check_standing(struct decision *decision, const struct undo *undo)
{
	const struct record_claim *claim = &undo->claim;
	TRY(undo_check_voided(decision, undo));
	if (claim->payout != PAYOUT_SETTLED)
		return refuse_state(decision, "claim", life_state_name(LIFE_PAYOUT, claim->payout));
	return claim->given == 0 ? RECOURSE_OK
				 : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", claim->given_back);
}

static enum recourse_error free_line(struct decision *decision, const struct undo *undo,
	const struct value *line, uint64_t settled_line, int64_t amount)
{
	static const char field[] = "bank_reference";
	bool same = !line->present;
	if (!line->present && settled_line != 0)
		return refuse(decision, RECOURSE_FIELD_MISSING, field, "the line by which it was settled");
	if (line->present && settled_line != 0)
		TRY(attest_line_is(decision, line->text, settled_line, &same));
	if (!same)
		return refuse(decision, RECOURSE_NOT_FOUND, field, "the line by which it was settled");
	return attest_back(
		decision, line->present ? line->text : slice_text(""), &undo->incident.unit, -amount);
}

/*
 * What became recourse by it is none: what parties paid of that waits again. What was remitted to the funder rests on it, or
 * it would owe it back.
 */
static enum recourse_error unperfect(struct decision *decision, struct undo *undo, int64_t most)
{
	const struct record_incident *incident = &undo->incident;
	struct record_section *section = &undo->section;
	int64_t owed_back = section->owed_back;
	int64_t beyond = section->perfected - section_recourse(section);
	int64_t steps = beyond < most ? beyond : most;
	struct settled settled;
	slice funder;
	TRY(decision_post(decision, CHART_INCHOATE, slice_text(""), undo->reference, &incident->unit, steps));
	TRY(settle_up_lower(decision, incident, section, steps));
	TRY(section->recourse_collected > 0 ? settle_up(decision, incident, section, &settled)
					    : settle_up_anew(decision, incident, section));
	if (section->owed_back <= owed_back)
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	return booked_went_on_of(decision, "claim", CHART_DUE_TO_FUNDER, funder, undo->reference,
		&incident->unit, BOOKED_DEBIT);
}

static enum recourse_error take_back(struct decision *decision, struct undo *undo)
{
	struct record_claim *claim = &undo->claim;
	struct record_section *section = &undo->section;
	const struct clawback clawback = {undo->id, undo->reference, claim, &undo->incident, section};
	int64_t amount = claim->deposit_part + claim->advance_part;
	int64_t clawed = claim->clawed;
	claim->paid -= amount;
	claim->settled_advance -= claim->advance_part;
	section->paid -= amount;
	section->settled_advance -= claim->advance_part;
	section->claims_paid--;
	measure_unpaid(section, claim);
	TRY(decision_post(
		decision, CHART_TRANSIT, slice_text(""), undo->reference, &undo->incident.unit, -amount));
	TRY(clawback_close(decision, &clawback));
	TRY(repaid_follow(decision, undo, claim->settled_advance + claim->advance_part));
	return unperfect(decision, undo, claim->advance_part - (clawed - claim->clawed));
}

/* As it was: ordered, as its bank had said; or sent again, as what came back is. */
static enum recourse_error step_back(struct decision *decision, struct record_claim *claim)
{
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_PAYING, "claim"));
	if (claim->settled_of == PAYOUT_REISSUED)
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_RETURNED, "claim"));
	else if (claim->settled_of != PAYOUT_INSTRUCTED)
		TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_INSTRUCTED, "claim"));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, claim->settled_of, "claim"));
	claim->settled_entry = claim->settled_line = claim->settled_of = 0;
	return RECOURSE_OK;
}

static enum recourse_error correct(struct decision *decision, const struct undo *undo,
	const struct value *line, uint64_t entry, int64_t amount)
{
	struct record_booked record = {.unit = undo->incident.unit,
		.amount = amount,
		.kind = BOOKED_SETTLEMENT,
		.custodian = decision->actor->party_number};
	record_text_set(record.id, sizeof record.id, undo->id);
	record_text_set(record.reference, sizeof record.reference, undo->reference);
	if (line->present)
		record_text_set(record.line, sizeof record.line, line->text);
	decision_fact_amount(decision, "amount", &undo->incident.unit, amount);
	return booked_correct_unkept(decision, entry, &record);
}

/* What was paid twice by an order that is not the claim's last. */
static enum recourse_error take_back_twice(struct decision *decision, const struct undo *undo,
	const struct former_order *former, const struct value *line, int64_t steps)
{
	TRY(free_line(decision, undo, line, former->record.settled_line, steps));
	TRY(correct(decision, undo, line, former->record.twice_entry, steps));
	return decision_about(decision, RECORD_CLAIM, undo->id);
}

static enum recourse_error apply_unsettle(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[UNSETTLE_CLAIM].text};
	const struct value *line = &values[UNSETTLE_BANK];
	struct former_order former;
	int64_t twice;
	TRY(undo_find(decision, &undo));
	TRY(section_custodian(decision, "claim", &undo.section));
	TRY(former_undo_settle(decision, &undo, &values[UNSETTLE_ORDER]));
	TRY(former_order_unsettle(decision, &undo, &values[UNSETTLE_ORDER], &former, &twice));
	if (twice > 0 && former.record.became != LIFE_NONE)
		return take_back_twice(decision, &undo, &former, line, twice);
	TRY(check_standing(decision, &undo));
	TRY(incident_money_moved(decision, "claim", &undo.incident));
	int64_t amount = undo.claim.deposit_part + undo.claim.advance_part + twice;
	uint64_t entry = undo.claim.settled_entry;
	TRY(free_line(decision, &undo, line, undo.claim.settled_line, amount));
	TRY(step_back(decision, &undo.claim));
	TRY(take_back(decision, &undo));
	TRY(correct(decision, &undo, line, entry, amount));
	TRY(unanswered_again(decision, undo.id, &undo.claim));
	return undo_save(decision, &undo);
}

static const struct command rows[] = {
	COMMAND_CHECKED("payout.unsettle", RECOURSE_ROLE_CUSTODIAN, 1, unsettle_fields, apply_unsettle,
		"take back that a payment was made, which no bank made; another person approves",
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_FIELD_MISSING),
};
const struct command_group unsettle_commands = COMMAND_GROUP(rows);
