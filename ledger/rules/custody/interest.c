/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/*
 * Interest that the bank pays on money that is other people's. Whose it is, is published (`interest_to` of
 * control.publish), and it is owed to that party by name. It is not the platform's by silence: until somebody is
 * published it is a line that was stated and that nobody has named, unidentified, and the same words take it from there
 * afterwards.
 */
enum { INTEREST_AMOUNT, INTEREST_UNIT, INTEREST_BANK };
static const struct recourse_field interest_fields[] = {
	[INTEREST_AMOUNT] = FIELD(AMOUNT, "amount", "that the bank paid"),
	[INTEREST_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[INTEREST_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error keep_booked(struct decision *decision, enum booked_kind kind, slice owed,
	slice line, const struct unit *unit, int64_t steps)
{
	const struct bank_booking booking = {.kind = kind,
		.account = CHART_OVER_RECOVERY,
		.id = owed,
		.line = line,
		.unit = unit,
		.steps = steps};
	return bank_reverse_keep(decision, &booking);
}

static enum recourse_error apply_interest(struct decision *decision, const struct value *values)
{
	const struct value *line = &values[INTEREST_BANK];
	struct record_control control;
	struct unit unit;
	int64_t steps;
	uint64_t today;
	slice owed;
	TRY(decision_unit(decision, "unit", values[INTEREST_UNIT].text, &unit));
	TRY(decision_amount(decision, "amount", values[INTEREST_AMOUNT].text, &unit, &steps));
	TRY(authority_read(decision->state, &control));
	TRY(decision_about(decision, RECORD_PARTY, decision->actor->party));
	if (control.interest_to == 0) {
		TRY(place_today(decision, &today));
		TRY(bank_line_keep(decision, line->text, &unit, BANK_CREDIT, steps, today));
		return attest_state(decision, "bank_reference", line->text, &unit, BANK_CREDIT, steps, today);
	}
	TRY(party_name(decision->state, decision->arena, control.interest_to, &owed));
	decision_fact_text(decision, "owed_to", owed);
	TRY(decision_about(decision, RECORD_PARTY, owed));
	TRY(keep_booked(decision, BOOKED_INTEREST, owed, line->text, &unit, steps));
	return attest_received(decision, line, &unit, steps, CHART_OVER_RECOVERY, owed, slice_text(""));
}

enum { PAID_PARTY, PAID_AMOUNT, PAID_UNIT, PAID_BANK };
static const struct recourse_field paid_fields[] = {
	[PAID_PARTY] = FIELD(ID, "party", "that it is owed to"),
	[PAID_AMOUNT] = FIELD(AMOUNT, "amount", "paid; at most what it is owed of interest"),
	[PAID_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[PAID_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_paid(struct decision *decision, const struct value *values)
{
	slice owed = values[PAID_PARTY].text;
	struct unit unit;
	int64_t steps;
	uint32_t party;
	TRY(decision_party(decision, "party", owed, &party));
	TRY(decision_unit(decision, "unit", values[PAID_UNIT].text, &unit));
	TRY(decision_amount(decision, "amount", values[PAID_AMOUNT].text, &unit, &steps));
	TRY(attest_paid(
		decision, &values[PAID_BANK], &unit, steps, CHART_OVER_RECOVERY, owed, slice_text("")));
	TRY(keep_booked(decision, BOOKED_INTEREST_PAID, owed, values[PAID_BANK].text, &unit, steps));
	return decision_about(decision, RECORD_PARTY, owed);
}

static const struct command rows[] = {
	COMMAND("bank.interest", RECOURSE_ROLE_CUSTODIAN, interest_fields, apply_interest,
		"the custodian attests interest, owed to whom control.publish names", ATTEST_REFUSES),
	COMMAND("bank.interest_paid", RECOURSE_ROLE_CUSTODIAN, paid_fields, apply_paid,
		"the custodian attests that interest was paid to whom it is owed", ATTEST_REFUSES),
};
const struct command_group interest_commands = COMMAND_GROUP(rows);
