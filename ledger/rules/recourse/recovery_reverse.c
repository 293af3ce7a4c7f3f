/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/insolvency.h"
#include "rules/recourse/recourse_reverse.h"
#include "rules/recourse/recovery_id.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/* A receipt is taken back, by the bank or as a slip, and received again. */

void recovery_reverse_less(const struct decision *decision, struct record_recovery *recovery, int64_t steps)
{
	if (steps == recovery->amount) {
		recovery->bounced_entry = decision->entry;
		return;
	}
	recovery->amount -= steps;
	recovery->back += steps;
	recovery->back_entry = decision->entry;
}

/* Where parts of it were taken back, they are received again before it is sent down. */
static enum recourse_error stand_again(
	struct decision *decision, struct record_recovery *recovery, int64_t steps)
{
	int64_t sum = recovery->amount + recovery->back;
	if (recovery->bounced_entry == 0 && recovery->allocated_entry != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", recovery->allocated_entry);
	recovery->amount = recovery->bounced_entry != 0 ? steps : recovery->amount + steps;
	recovery->back = sum - recovery->amount;
	recovery->allocated_entry = 0;
	recovery->bounced_entry = 0;
	recovery->section = recovery->anywhere ? 0 : recovery->section;
	return RECOURSE_OK;
}

/* What the bank took back in part was a receipt, and what was none did not bounce. */
enum recourse_error recovery_reverse_check_parts(struct decision *decision, const char *field,
	const struct record_recovery *recovery, enum booked_kind kind)
{
	struct record_booked booked;
	if (recovery->back == 0)
		return RECOURSE_OK;
	TRY(booked_read(decision->state, recovery->back_entry, &booked, NULL));
	return booked.kind == kind
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, recovery->back_entry);
}

/* What was paid out to its payer, or to consumers, is final, and is not paid out of less than that. */
static enum recourse_error check_paid_out(
	struct decision *decision, const struct recourse_reversal *reverse, slice payer, int64_t steps)
{
	const struct record_section *section = &reverse->section;
	const struct unit *unit = &reverse->incident.unit;
	struct liabilities list;
	int64_t left = -steps - (section->uncovered_served - section->uncovered_collected);
	bool own = false;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++) {
		const struct record_liability *record = &list.rows[row].record;
		left += record->received - record->paid_out - record->interest_paid;
		own = own || (slice_equal(list.rows[row].party, payer) &&
				     record->received - steps < record->paid_out);
	}
	if (!own && left >= 0)
		return RECOURSE_OK;
	return booked_went_on(decision, CHART_OVER_RECOVERY, own ? payer : slice_text(CHART_CONSUMERS),
		reverse->booked.reference, unit, BOOKED_DEBIT);
}

/* It waits to be sent down again. What bounced takes its own line back, and what was received a new one. */
static enum recourse_error receive_again(struct decision *decision, const struct recourse_reversal *reverse,
	struct record_recovery *recovery, slice payer)
{
	const struct value line = {.present = true, .text = reverse->booked.line};
	const struct unit *unit = &reverse->incident.unit;
	int64_t steps = reverse->booked.record.amount;
	TRY(stand_again(decision, recovery, steps));
	TRY(reverse->booked.record.kind == BOOKED_BOUNCE
			? attest_back(decision, reverse->booked.line, unit, -steps)
			: attest_cash(decision, &line, unit, steps));
	return decision_post(decision, CHART_SUSPENSE, payer, reverse->booked.reference, unit, -steps);
}

/* What it served, by as much as there is room for. */
static enum recourse_error find_served(
	struct decision *decision, struct recourse_reversal *reverse, slice payer)
{
	int64_t *steps = &reverse->booked.record.amount;
	TRY(set_off_less(decision, &reverse->incident, &reverse->section, payer, steps));
	reverse->steps = reverse->again ? *steps : -*steps;
	return RECOURSE_OK;
}

static enum recourse_error take_served_back(
	struct decision *decision, struct recourse_reversal *reverse, bool anywhere, slice payer)
{
	int64_t steps = reverse->booked.record.amount;
	TRY(check_paid_out(decision, reverse, payer, steps));
	TRY(settle_up_less(decision, &reverse->incident, &reverse->section, payer, anywhere, steps));
	return recourse_reverse_check_paid_on(decision, reverse);
}

static enum recourse_error take_receipt_back(struct decision *decision, struct recourse_reversal *reverse,
	struct record_recovery *recovery, slice payer)
{
	const struct value line = {.present = true, .text = reverse->booked.line};
	const struct unit *unit = &reverse->incident.unit;
	const enum booked_kind kind = reverse->booked.record.kind;
	const bool served = recovery->allocated_entry != 0;
	if (recovery->bounced_entry != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", recovery->bounced_entry);
	TRY(recovery_reverse_check_parts(decision, "entry", recovery, kind));
	if (served)
		TRY(find_served(decision, reverse, payer));
	int64_t steps = reverse->booked.record.amount;
	recovery_reverse_less(decision, recovery, steps);
	TRY(kind == BOOKED_BOUNCE ? attest_taken(decision, &line, unit, steps)
				  : attest_back(decision, reverse->booked.line, unit, steps));
	TRY(decision_post(decision, CHART_SUSPENSE, payer, reverse->booked.reference, unit, steps));
	return served ? take_served_back(decision, reverse, recovery->anywhere != 0, payer) : RECOURSE_OK;
}

enum recourse_error recovery_reverse(struct decision *decision, struct recourse_reversal *reverse)
{
	struct record_path path = recovery_id_path(reverse->booked.id, reverse->incident.custodian);
	struct record_recovery recovery;
	slice payer;
	bool received = reverse->again == (reverse->booked.record.kind == BOOKED_RECOVERY);
	TRY(record_get_named(decision->state, &path, &recovery, sizeof recovery));
	TRY(party_name(decision->state, decision->arena, recovery.payer, &payer));
	if (recovery.section != 0)
		TRY(section_load(decision->state, recovery.incident, recovery.section, &reverse->section));
	TRY((received ? receive_again(decision, reverse, &recovery, payer)
		      : take_receipt_back(decision, reverse, &recovery, payer)));
	int64_t steps = reverse->booked.record.amount;
	if (recovery.dividend)
		TRY(insolvency_dividend(decision, &reverse->section, &reverse->incident.unit, payer,
			received ? steps : -steps));
	decision_fact_text(decision, "payer", payer);
	return decision_put(decision, &path, &recovery, sizeof recovery);
}
