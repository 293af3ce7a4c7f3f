/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/*
 * ---- bank.line: what the bank's statement says, before anybody knows what all of it is for ----
 *
 * Commands name it afterwards, up to its amount: see rule/attest.h.
 */
const char *const bank_line_direction_names[] = {"credit", "debit", NULL};

enum { LINE_LINE, LINE_AMOUNT, LINE_UNIT, LINE_DIRECTION, LINE_DAY };
static const struct recourse_field line_fields[] = {
	[LINE_LINE] = FIELD_FOREIGN("line", "its reference on the statement"),
	[LINE_AMOUNT] = FIELD(AMOUNT, "amount", "all of it"),
	[LINE_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[LINE_DIRECTION] =
		FIELD_CHOICE("direction", bank_line_direction_names, "whether it came in or went out"),
	[LINE_DAY] = FIELD_DAY("day", "on which the bank booked it: 2016-05-04"),
};

enum recourse_error bank_line_keep(struct decision *decision, slice line, const struct unit *unit,
	enum bank_direction direction, int64_t steps, uint64_t day)
{
	const struct bank_booking booking = {.kind = BOOKED_LINE,
		.account = CHART_UNIDENTIFIED,
		.id = decision->actor->party,
		.line = line,
		.unit = unit,
		.steps = steps,
		.before = day,
		.was = (uint32_t)direction};
	return bank_reverse_keep(decision, &booking);
}

static enum recourse_error apply_line(struct decision *decision, const struct value *values)
{
	enum bank_direction direction = (enum bank_direction)values[LINE_DIRECTION].integer;
	struct unit unit;
	int64_t steps;
	uint64_t day;
	bool before;
	TRY(decision_unit(decision, "unit", values[LINE_UNIT].text, &unit));
	TRY(decision_amount(decision, "amount", values[LINE_AMOUNT].text, &unit, &steps));
	TRY(attest_day(decision, "day", values[LINE_DAY].text, &day));
	TRY(decision_about(decision, RECORD_PARTY, decision->actor->party));
	TRY(attest_said_before(
		decision, "line", values[LINE_LINE].text, &unit, direction, steps, day, &before));
	if (before)
		return RECOURSE_OK;
	TRY(attest_state(decision, "line", values[LINE_LINE].text, &unit, direction, steps, day));
	return bank_line_keep(decision, values[LINE_LINE].text, &unit, direction, steps, day);
}

static const struct command rows[] = {
	COMMAND("bank.line", RECOURSE_ROLE_CUSTODIAN, line_fields, apply_line,
		"the custodian says what a line of its statement is, for commands to share",
		RECOURSE_WINDOW_CLOSED, ATTEST_REFUSES),
};
const struct command_group bank_line_commands = COMMAND_GROUP(rows);
