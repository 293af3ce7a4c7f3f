/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/*
 * Fees of the bank. The money is other people's: what the bank takes for its own service, who runs the ledger owes to the
 * trust at once (1160), and pays it in. So a fee that is known is in the books, and breaks nothing.
 */
static enum recourse_error keep_booked(struct decision *decision, enum booked_kind kind, slice line,
	const struct unit *unit, int64_t steps, uint64_t resolved)
{
	struct bank_booking booking = {.kind = kind,
		.account = CHART_OWED_BY_PLATFORM,
		.line = line,
		.unit = unit,
		.steps = steps,
		.before = resolved};
	TRY(party_own_name(decision->state, decision->arena, &booking.id));
	return bank_reverse_keep(decision, &booking);
}

enum { FEE_AMOUNT, FEE_UNIT, FEE_BANK, FEE_REASON, FEE_BREAK };
static const struct recourse_field fee_fields[] = {
	[FEE_AMOUNT] = FIELD(AMOUNT, "amount", "that the bank took"),
	[FEE_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[FEE_BANK] = ATTEST_LINE(FIELD),
	[FEE_REASON] = FIELD(ID, "reason", "reason code, such as monthly"),
	[FEE_BREAK] = FIELD_WITH(INTEGER, "break",
		"which was resolved with it, if one was: it explains the rest only", .optional = true,
		.minimum = 1, .maximum = INT64_MAX, .preset = -1),
};

static enum recourse_error apply_fee(struct decision *decision, const struct value *values)
{
	struct unit unit;
	int64_t steps;
	TRY(decision_unit(decision, "unit", values[FEE_UNIT].text, &unit));
	TRY(decision_amount(decision, "amount", values[FEE_AMOUNT].text, &unit, &steps));
	uint64_t resolved = values[FEE_BREAK].present ? (uint64_t)values[FEE_BREAK].integer : 0;
	if (resolved != 0)
		TRY(custody_booked(decision, resolved, &unit, steps));
	TRY(attest_taken(decision, &values[FEE_BANK], &unit, steps));
	TRY(attest_fee(decision, &unit, steps));
	TRY(keep_booked(decision, BOOKED_FEE, values[FEE_BANK].text, &unit, steps, resolved));
	return decision_about(decision, RECORD_PARTY, decision->actor->party);
}

enum { REPAID_AMOUNT, REPAID_UNIT, REPAID_BANK };
static const struct recourse_field repaid_fields[] = {
	[REPAID_AMOUNT] =
		FIELD(AMOUNT, "amount", "paid in; at most what fees have come to and is not repaid"),
	[REPAID_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[REPAID_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_repaid(struct decision *decision, const struct value *values)
{
	struct unit unit;
	int64_t steps;
	TRY(decision_unit(decision, "unit", values[REPAID_UNIT].text, &unit));
	TRY(decision_amount(decision, "amount", values[REPAID_AMOUNT].text, &unit, &steps));
	TRY(attest_cash(decision, &values[REPAID_BANK], &unit, steps));
	TRY(attest_fee(decision, &unit, -steps));
	TRY(keep_booked(decision, BOOKED_FEE_REPAID, values[REPAID_BANK].text, &unit, steps, 0));
	return decision_about(decision, RECORD_PARTY, decision->actor->party);
}

static const struct command rows[] = {
	COMMAND("bank.fee", RECOURSE_ROLE_CUSTODIAN, fee_fields, apply_fee,
		"the custodian attests that its bank took a fee, which the platform owes the trust",
		ATTEST_REFUSES),
	COMMAND("bank.fee_repaid", RECOURSE_ROLE_CUSTODIAN, repaid_fields, apply_repaid,
		"the custodian attests that the platform paid in what fees took", ATTEST_REFUSES),
};
const struct command_group fee_commands = COMMAND_GROUP(rows);
