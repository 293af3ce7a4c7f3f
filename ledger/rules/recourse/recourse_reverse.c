/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/recourse_reverse.h"

#include "rules/collateral/instrument.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"
#include "rules/recourse/written_off.h"

/* ---- recourse.reverse: a receipt of another payer's, a cost that was none, what was given up by a slip ---- */

enum recourse_error recourse_reverse_keep(struct decision *decision, const struct recourse_booking *booking)
{
	struct record_booked record = {.unit = booking->incident->unit,
		.amount = booking->steps,
		.kind = booking->kind,
		.before = booking->section == NULL ? 0 : booking->section->party,
		.account = booking->account};
	if (booking->line.size > 0)
		record.custodian = decision->actor->party_number;
	record_text_set(record.id, sizeof record.id, booking->id);
	record_text_set(record.reference, sizeof record.reference, RECORD_TEXT(booking->incident->id));
	record_text_set(record.line, sizeof record.line, booking->line);
	return booked_keep(decision, &record);
}

/* A party's row is changed: all that hangs on it is booked anew, where somebody is liable or has paid. */
static enum recourse_error save_party(struct decision *decision, struct recourse_reversal *reverse,
	const struct record_liability *liability)
{
	struct record_section *section = &reverse->section;
	struct settled settled;
	TRY(liability_put(decision, section, reverse->booked.id, liability));
	if (section->apportioned_entry != 0 || liability->received > 0)
		TRY(settle_up(decision, &reverse->incident, section, &settled));
	return section_save(decision, section);
}

enum recourse_error recourse_reverse_check_paid_on(
	struct decision *decision, const struct recourse_reversal *reverse)
{
	const struct record_section *before = &reverse->all;
	const struct unit *unit = &reverse->incident.unit;
	slice reference = reverse->booked.reference;
	struct record_section after;
	TRY(section_sum(decision->state, reverse->incident.number, &after));
	if (after.owed_back <= before->owed_back)
		return RECOURSE_OK;
	bool consumers = before->uncovered_served > before->uncovered_collected;
	if (before->remitted > 0)
		return booked_went_on(
			decision, CHART_DUE_TO_FUNDER, reverse->funder, reference, unit, BOOKED_DEBIT);
	return booked_went_on(decision, CHART_OVER_RECOVERY,
		consumers ? slice_text(CHART_CONSUMERS) : reverse->booked.id, reference, unit, BOOKED_DEBIT);
}

/* What is over-paid in one section serves others, when all are known: each is settled up alone before. */
static enum recourse_error set_off_all(struct decision *decision, const struct record_incident *incident)
{
	return incident->sections < 2 ? RECOURSE_OK : set_off_party(decision, incident, slice_text(""));
}

/* ---- one section after the other ---- */

/* Where the entry has no room for more of them, this was a part, whole in itself: the rest is for the next (booked.h). */
struct parts {
	int64_t left;
	size_t count;
	bool full;
};

static enum recourse_error begin_part(struct decision *decision, const struct recourse_reversal *reverse,
	const struct record_section *section, int64_t part, struct parts *parts)
{
	bool fits = true;
	if (parts->count > 0 && !reverse->again)
		TRY(settle_up_fits(decision, &reverse->incident, section, &fits));
	parts->full = !fits;
	if (fits) {
		parts->left -= part;
		parts->count++;
	}
	return RECOURSE_OK;
}

/* Of what was booked, that much. */
static void end_parts(struct recourse_reversal *reverse, const struct parts *parts)
{
	reverse->booked.record.amount -= parts->left;
	reverse->steps = reverse->again ? reverse->booked.record.amount : -reverse->booked.record.amount;
}

/* ---- what the funder was paid ---- */

static enum recourse_error unremit_section(struct decision *decision, const struct recourse_reversal *reverse,
	uint32_t party, struct parts *parts)
{
	struct record_section section;
	TRY(section_load(decision->state, reverse->incident.number, party, &section));
	if (section.owed_back > 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", section.owed_entry);
	int64_t part = amount_least(section.remitted, parts->left);
	if (part == 0)
		return RECOURSE_OK;
	TRY(begin_part(decision, reverse, &section, part, parts));
	if (parts->full)
		return RECOURSE_OK;
	TRY(due_unremit(decision, &section, part));
	TRY(settle_up_first(decision, &reverse->incident, &section));
	return section_save(decision, &section);
}

/* Of the last section first. What was found to be owed back since rests on it. */
enum recourse_error recourse_reverse_unremit(struct decision *decision, struct recourse_reversal *reverse)
{
	struct parts parts = {.left = reverse->booked.record.amount};
	struct section_list list;
	TRY(section_list(decision, &reverse->incident, &list));
	for (size_t index = list.count; index > 0 && parts.left > 0 && !parts.full; index--)
		TRY(unremit_section(decision, reverse, list.parties[index - 1], &parts));
	if (parts.left > 0 && !parts.full)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "entry", "what the funder has still");
	end_parts(reverse, &parts);
	return set_off_all(decision, &reverse->incident);
}

static enum recourse_error reverse_remittance(struct decision *decision, struct recourse_reversal *reverse)
{
	const struct value line = {.present = true, .text = reverse->booked.line};
	const struct unit *unit = &reverse->incident.unit;
	slice reference = reverse->booked.reference;
	int64_t amount = reverse->booked.record.amount;
	int64_t due;
	if (!reverse->again) {
		TRY(recourse_reverse_unremit(decision, reverse));
		TRY(attest_back(decision, reverse->booked.line, unit, reverse->steps));
		return decision_post(
			decision, CHART_DUE_TO_FUNDER, reverse->funder, reference, unit, reverse->steps);
	}
	TRY(decision_post(decision, CHART_DUE_TO_FUNDER, reverse->funder, reference, unit, reverse->steps));
	TRY(account_balance(decision->state, CHART_DUE_TO_FUNDER, reverse->funder, reference, unit, &due));
	if (amount > due)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", unit, amount, due);
	TRY(attest_cash(decision, &line, unit, -amount));
	return due_remit(decision, &reverse->incident, amount);
}

/* ---- what a party was paid of its own ---- */

/* Of a section as much of it as there is; what is not paid out any more may serve what it lacked for. */
static enum recourse_error pay_section(struct decision *decision, const struct recourse_reversal *reverse,
	struct record_section *section, struct parts *parts)
{
	struct liabilities list;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	struct liability_row *row = liability_among(&list, reverse->booked.id);
	if (row == NULL)
		return RECOURSE_OK;
	int64_t most = reverse->again ? row->record.returned - row->record.paid_out : row->record.paid_out;
	int64_t part = most < parts->left ? most : parts->left;
	if (part == 0)
		return RECOURSE_OK;
	if (reverse->again && section->owed_back > 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", section->owed_entry);
	TRY(begin_part(decision, reverse, section, part, parts));
	if (parts->full)
		return RECOURSE_OK;
	TRY(liability_pay_out(decision, section, row->party, &row->record, reverse->again ? part : -part));
	if (!reverse->again)
		TRY(settle_up_first(decision, &reverse->incident, section));
	return section_save(decision, section);
}

/* ---- what consumers were paid of recoveries ---- */

/* Whatever was shared out since took account of what they had. */
static enum recourse_error check_last_round(struct decision *decision,
	const struct recourse_reversal *reverse, const struct record_section *section)
{
	for (enum round_kind series = ROUND_DEPOSIT; series < ROUND_SERIES; series++) {
		struct record_round round;
		if (section->rounds[series] == 0)
			continue;
		TRY(round_read(decision->state, section, series, section->rounds[series], &round));
		if (round.entry > reverse->booked.entry)
			return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", round.entry);
	}
	return RECOURSE_OK;
}

/* What of it the section's rounds shared out, and was not taken back yet. */
static enum recourse_error find_shared(struct decision *decision, const struct recourse_reversal *reverse,
	const struct record_section *section, int64_t *steps)
{
	static const enum round_kind series[] = {ROUND_UNCOVERED, ROUND_INTEREST};
	*steps = 0;
	for (size_t index = 0; index < sizeof series / sizeof series[0]; index++) {
		struct record_round round;
		if (section->rounds[series[index]] == 0)
			continue;
		TRY(round_read(
			decision->state, section, series[index], section->rounds[series[index]], &round));
		*steps += round.entry == reverse->booked.entry ? round.amount : 0;
	}
	return RECOURSE_OK;
}

/* A ruling that was changed since kept what the claim had of it. */
static enum recourse_error check_rulings(struct decision *decision, const struct record_section *section)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		struct record_claim claim;
		if (decided.recoveries < section->rounds[ROUND_UNCOVERED])
			continue;
		struct record_path path = record_path_of_text(RECORD_CLAIM, walk.key.parts[2].text);
		TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim.last_entry);
	}
	return walk.error;
}

static enum recourse_error unshare(struct decision *decision, const struct recourse_reversal *reverse,
	struct record_section *section, enum round_kind kind, int64_t *steps)
{
	struct record_round round;
	*steps = 0;
	if (section->rounds[kind] == 0)
		return RECOURSE_OK;
	TRY(round_read(decision->state, section, kind, section->rounds[kind], &round));
	if (round.entry != reverse->booked.entry)
		return RECOURSE_OK;
	if (kind == ROUND_UNCOVERED)
		TRY(check_rulings(decision, section));
	*steps = round.amount;
	return round_remove(decision, section, kind);
}

/* So much of what served their interest was not paid to them: of the last debtor first. */
static enum recourse_error unpay_interest(
	struct decision *decision, const struct record_section *section, int64_t steps)
{
	struct liabilities list;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = list.count; row > 0 && steps > 0; row--) {
		struct record_liability *record = &list.rows[row - 1].record;
		int64_t part = record->interest_paid < steps ? record->interest_paid : steps;
		record->interest_paid -= part;
		steps -= part;
		if (part > 0)
			TRY(liability_put(decision, section, list.rows[row - 1].party, record));
	}
	return RECOURSE_OK;
}

static enum recourse_error unpay_section(struct decision *decision, const struct recourse_reversal *reverse,
	struct record_section *section, struct parts *parts)
{
	int64_t uncovered;
	int64_t interest;
	TRY(check_last_round(decision, reverse, section));
	TRY(find_shared(decision, reverse, section, &uncovered));
	if (uncovered > 0)
		TRY(begin_part(decision, reverse, section, uncovered, parts));
	if (uncovered == 0 || parts->full)
		return RECOURSE_OK;
	TRY(unshare(decision, reverse, section, ROUND_UNCOVERED, &uncovered));
	TRY(unshare(decision, reverse, section, ROUND_INTEREST, &interest));
	section->uncovered_collected += uncovered;
	section->interest_collected += interest;
	TRY(unpay_interest(decision, section, interest));
	TRY(settle_up_first(decision, &reverse->incident, section));
	return section_save(decision, section);
}

/* It is owed to them again, and paid anew: their shares of it follow from the round that is made then. */
static enum recourse_error reverse_consumers(struct decision *decision, struct recourse_reversal *reverse)
{
	const struct unit *unit = &reverse->incident.unit;
	struct parts parts = {.left = reverse->booked.record.amount};
	struct section_list list;
	if (reverse->again)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", reverse->booked.entry);
	TRY(section_list(decision, &reverse->incident, &list));
	for (size_t index = 0; index < list.count && !parts.full; index++) {
		struct record_section section;
		TRY(section_load(decision->state, reverse->incident.number, list.parties[index], &section));
		TRY(unpay_section(decision, reverse, &section, &parts));
	}
	end_parts(reverse, &parts);
	TRY(attest_back(decision, reverse->booked.line, unit, reverse->steps));
	TRY(decision_post(decision, CHART_OVER_RECOVERY, reverse->booked.id, reverse->booked.reference, unit,
		reverse->steps));
	return set_off_all(decision, &reverse->incident);
}

static enum recourse_error reverse_surplus(struct decision *decision, struct recourse_reversal *reverse)
{
	const struct value line = {.present = true, .text = reverse->booked.line};
	const struct unit *unit = &reverse->incident.unit;
	struct parts parts = {.left = reverse->booked.record.amount};
	struct section_list list;
	if (slice_is(reverse->booked.id, CHART_CONSUMERS))
		return reverse_consumers(decision, reverse);
	TRY(section_list(decision, &reverse->incident, &list));
	for (size_t index = 0; index < list.count && !parts.full; index++) {
		struct record_section section;
		TRY(section_load(decision->state, reverse->incident.number, list.parties[index], &section));
		TRY(pay_section(decision, reverse, &section, &parts));
	}
	if (!parts.full)
		TRY(instrument_call_paid_out(
			decision, &reverse->incident, reverse->booked.id, reverse->again, &parts.left));
	if (parts.left > 0 && !parts.full)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", unit,
			reverse->booked.record.amount, reverse->booked.record.amount - parts.left);
	end_parts(reverse, &parts);
	TRY(reverse->again ? attest_cash(decision, &line, unit, -reverse->steps)
			   : attest_back(decision, reverse->booked.line, unit, reverse->steps));
	TRY(decision_post(decision, CHART_OVER_RECOVERY, reverse->booked.id, reverse->booked.reference, unit,
		reverse->steps));
	return reverse->again ? RECOURSE_OK : set_off_all(decision, &reverse->incident);
}

/* ---- what was added to a party's debt ---- */

/* What served it serves what it would have without it. */
static enum recourse_error reverse_cost(struct decision *decision, struct recourse_reversal *reverse)
{
	const struct unit *unit = &reverse->incident.unit;
	struct record_liability liability;
	TRY(liability_row(decision, "entry", &reverse->section, reverse->booked.id, &liability));
	if (amount_add_steps(liability.costs, reverse->steps, &liability.costs) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "entry", "64 bits");
	liability.costs_paid = amount_least(liability.costs_paid, liability.costs);
	TRY(decision_move(decision, unit, reverse->steps, CHART_COSTS, slice_text(""), CHART_COST_ADVANCES,
		reverse->funder, reverse->booked.reference));
	TRY(save_party(decision, reverse, &liability));
	return recourse_reverse_check_paid_on(decision, reverse);
}

static enum recourse_error reverse_adjudged(struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_section *section = &reverse->section;
	struct record_liability liability;
	TRY(liability_row(decision, "entry", section, reverse->booked.id, &liability));
	if (amount_add_steps(liability.interest, reverse->steps, &liability.interest) != RECOURSE_OK ||
		amount_add_steps(section->interest, reverse->steps, &section->interest) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "entry", "64 bits");
	if (liability.interest < liability.interest_paid)
		return booked_went_on(decision, CHART_OVER_RECOVERY, slice_text(CHART_CONSUMERS),
			reverse->booked.reference, &reverse->incident.unit, BOOKED_DEBIT);
	return save_party(decision, reverse, &liability);
}

/* ---- what was given up ---- */

/* What receipts have brought back of it is not there to be taken back; what is owed by now bounds what is given up again. */
static enum recourse_error check_written_off(
	struct decision *decision, const struct recourse_reversal *reverse, int64_t off, int64_t open)
{
	const struct unit *unit = &reverse->incident.unit;
	if (off + reverse->steps < 0)
		return booked_went_on(decision, CHART_WRITTEN_OFF, reverse->booked.id,
			reverse->booked.reference, unit, BOOKED_CREDIT);
	return reverse->steps <= open
		       ? RECOURSE_OK
		       : refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", unit, reverse->steps, open);
}

/* The advance is given up first, and what no account has is there first again. */
static enum recourse_error split_claims(struct decision *decision, const struct recourse_reversal *reverse,
	const struct record_claim *claim, int64_t *rest)
{
	const struct unit *unit = &reverse->incident.unit;
	int64_t amount = reverse->booked.record.amount;
	if (!reverse->again) {
		int64_t off = claim->clawed_off_rest < amount ? claim->clawed_off_rest : amount;
		*rest = -off;
		return amount - off <= claim->clawed_off
			       ? RECOURSE_OK
			       : booked_went_on(decision, CHART_WRITTEN_OFF, reverse->booked.id,
					 reverse->booked.reference, unit, BOOKED_CREDIT);
	}
	int64_t asked = record_claim_asked(claim);
	int64_t advance = claim->clawed - claim->clawed_off;
	*rest = amount > advance ? amount - advance : 0;
	return amount <= asked ? RECOURSE_OK
			       : refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", unit, amount, asked);
}

static enum recourse_error reverse_write_off_of_claim(
	struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, reverse->booked.id);
	const struct unit *unit = &reverse->incident.unit;
	struct record_section *section = &reverse->section;
	slice id = reverse->booked.id;
	struct record_claim claim;
	int64_t rest;
	TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
	TRY(section_load(decision->state, claim.incident, claim.section, section));
	TRY(split_claims(decision, reverse, &claim, &rest));
	int64_t before = record_claim_asked(&claim);
	claim.clawed_off += reverse->steps - rest;
	claim.clawed_off_rest += rest;
	section_count_clawback(section, before, record_claim_asked(&claim));
	TRY(incident_asked_anew(decision, &reverse->incident, before, &claim));
	TRY(section_save(decision, section));
	claim.last_entry = decision->entry;
	TRY(area_claim_put(decision, id, &claim));
	TRY(decision_put(decision, &path, &claim, sizeof claim));
	TRY(decision_about(decision, RECORD_CLAIM, id));
	TRY(decision_move(decision, unit, rest, CHART_WRITTEN_OFF, id, CHART_MEMO_CONTRA, id,
		reverse->booked.reference));
	return written_off_post(decision, &reverse->incident, CHART_CLAWBACK, id, reverse->booked.reference,
		reverse->steps - rest);
}

static enum recourse_error reverse_write_off_of_nobody(
	struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_section *section = &reverse->section;
	int64_t open;
	TRY(settle_up_nobodys(decision, section, &open));
	TRY(check_written_off(decision, reverse, section->nobodys_memo, open));
	section->nobodys_memo += reverse->steps;
	section->nobodys_off += reverse->steps;
	TRY(section_save(decision, section));
	return written_off_post(decision, &reverse->incident, CHART_RECOURSE, reverse->booked.id,
		reverse->booked.reference, reverse->steps);
}

static enum recourse_error reverse_write_off_of_party(
	struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_section *section = &reverse->section;
	struct liabilities list;
	struct written_off off;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	const struct liability_row *row = liability_among(&list, reverse->booked.id);
	if (row == NULL) /* another judgment left it out since the write-off was taken back */
		return check_written_off(decision, reverse, 0, 0);
	TRY(written_off_now(section, &list, &off));
	TRY(check_written_off(decision, reverse, off.enforceable[row - list.rows],
		row->record.open - row->record.written_off));
	TRY(written_off_add(decision, &reverse->incident, section, reverse->booked.id, reverse->steps));
	return section_save(decision, section);
}

static enum recourse_error reverse_write_off_of_owed_back(
	struct decision *decision, struct recourse_reversal *reverse)
{
	const struct unit *unit = &reverse->incident.unit;
	struct record_section *section = &reverse->section;
	slice party = reverse->booked.id;
	struct record_liability liability;
	TRY(liability_row(decision, "entry", section, party, &liability));
	int64_t most =
		reverse->again ? liability.shortfall - liability.shortfall_off : liability.shortfall_off;
	if (reverse->booked.record.amount > most)
		return reverse->again
			       ? refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", unit,
					 reverse->booked.record.amount, most)
			       : booked_went_on(decision, CHART_WRITTEN_OFF, slice_text(CHART_UNAPPORTIONED),
					 reverse->booked.reference, unit, BOOKED_CREDIT);
	TRY(write_off_owed_back(decision, &reverse->incident, section, party, &liability, reverse->steps));
	TRY(liability_put(decision, section, party, &liability));
	return section_save(decision, section);
}

static enum recourse_error reverse_write_off(struct decision *decision, struct recourse_reversal *reverse)
{
	if (reverse->booked.record.account == CHART_CLAWBACK)
		return reverse_write_off_of_claim(decision, reverse);
	if (reverse->booked.record.account == CHART_COMMITMENT)
		return reverse_write_off_of_owed_back(decision, reverse);
	if (slice_is(reverse->booked.id, CHART_UNAPPORTIONED))
		return reverse_write_off_of_nobody(decision, reverse);
	return reverse_write_off_of_party(decision, reverse);
}

/* It frees by as much as it did, if as much is open. */
static enum recourse_error release_again(struct decision *decision, const struct recourse_reversal *reverse,
	struct record_liability *liability)
{
	if (liability->released || liability->given_up)
		return refuse_state(decision, "entry",
			liability->released ? "released" : life_state_name(LIFE_RECOURSE, liability->state));
	TRY(release_make(
		decision, "entry", &reverse->incident, &reverse->section, reverse->booked.id, liability));
	if (liability->freed < reverse->steps)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", &reverse->incident.unit,
			reverse->steps, liability->freed);
	liability->freed = reverse->steps;
	return RECOURSE_OK;
}

static enum recourse_error reverse_release(struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_liability liability;
	TRY(liability_row(decision, "entry", &reverse->section, reverse->booked.id, &liability));
	if (reverse->again)
		TRY(release_again(decision, reverse, &liability));
	else {
		liability.released = 0;
		liability.freed = liability.before_release = liability.stood_for = 0;
	}
	TRY(save_party(decision, reverse, &liability));
	return recourse_reverse_check_paid_on(decision, reverse);
}

static enum recourse_error reverse_repayment(struct decision *decision, struct recourse_reversal *reverse)
{
	return repayment_reverse(decision, &reverse->incident, &reverse->booked);
}

/* ---- the command ---- */

typedef enum recourse_error reverser(struct decision *decision, struct recourse_reversal *reverse);
static reverser *const reversers[] = {
	[BOOKED_RECOVERY] = recovery_reverse,
	[BOOKED_REMITTANCE] = reverse_remittance,
	[BOOKED_COST] = reverse_cost,
	[BOOKED_ADJUDGED] = reverse_adjudged,
	[BOOKED_WRITE_OFF] = reverse_write_off,
	[BOOKED_RELEASE] = reverse_release,
	[BOOKED_SURPLUS] = reverse_surplus,
	[BOOKED_BOUNCE] = recovery_reverse,
	[BOOKED_REPAYMENT] = reverse_repayment,
	[BOOKED_SET_OFF] = funder_set_off_reverse,
};

static enum recourse_error load(
	struct decision *decision, const struct value *entry, struct recourse_reversal *reverse)
{
	struct booked *booked = &reverse->booked;
	struct record_incident *incident = &reverse->incident;
	uint64_t kinds = 0;
	for (uint32_t kind = 0; kind < sizeof reversers / sizeof reversers[0]; kind++)
		kinds |= reversers[kind] != NULL ? BOOKED_KIND(kind) : 0;
	TRY(booked_find(decision, entry, kinds, booked));
	TRY(incident_concerned(decision, booked->reference, incident));
	TRY(incident_money_moved(decision, "entry", incident));
	TRY(party_name(decision->state, decision->arena, incident->funder, &reverse->funder));
	TRY(section_sum(decision->state, incident->number, &reverse->all));
	reverse->again = booked->record.takes_back != 0;
	reverse->steps = reverse->again ? booked->record.amount : -booked->record.amount;
	return booked->record.before == 0 ? RECOURSE_OK
					  : section_load(decision->state, incident->number,
						    (uint32_t)booked->record.before, &reverse->section);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct recourse_reversal reverse = {.again = false};
	TRY(load(decision, &values[BOOKED_ENTRY], &reverse));
	TRY(reversers[reverse.booked.record.kind](decision, &reverse));
	TRY(freeze_follow_claims(decision, &reverse.incident, reverse.incident.merchant));
	decision_fact_amount(decision, "amount", &reverse.incident.unit, reverse.booked.record.amount);
	return booked_correct(decision, &reverse.booked);
}

static const struct command rows[] = {
	COMMAND_CHECKED("recourse.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR, 1,
		booked_fields, apply_reverse,
		"take back a receipt, a bounce, a remittance, what was set off, a payment of surplus, a "
		"repayment, "
		"a cost, "
		"interest, a write-off or a release that was booked by a slip; another person approves",
		BOOKED_REFUSES, RECOURSE_EXISTS, RECOURSE_INSUFFICIENT, RECOURSE_UNIT_MISMATCH,
		RECOURSE_OVERFLOW),
};
const struct command_group recourse_reverse_commands = COMMAND_GROUP(rows);
