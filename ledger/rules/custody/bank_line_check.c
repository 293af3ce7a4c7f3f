/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/* The bank is a fact: no line is used beyond its amount, and what came in is explained or unidentified, to the last step. */

static enum recourse_error look_at_line(struct check_context *check, const struct check_row *row)
{
	const struct record_bank_line *line = row->record;
	slice none = slice_text("");
	int64_t left = line->amount - line->booked;
	struct record_account account = {.balance = 0};
	slice reference;
	TRY(check_that_id(check, row, left >= 0 && line->booked >= 0 && line->amount > 0, "bank line of ",
		" is used beyond its amount"));
	TRY(check_that_id(check, row, left == 0 || line->stated != 0, "bank line of ",
		" has something left and nobody stated it"));
	if (line->stated == 0 || line->direction == BANK_DEBIT)
		return RECOURSE_OK;
	TRY(account_reference_make(check->arena, line->stated, &reference));
	struct record_path path = account_path(CHART_UNIDENTIFIED, none, reference, RECORD_TEXT(line->unit));
	TRY(record_get_optional(check->state, &path, &account, sizeof account, NULL));
	return check_that_id(check, row, account.balance == -left, "2160: what is left of a bank line of ",
		" is not what is unidentified");
}

/* The other way round: nothing is unidentified that is left of no line. */
static enum recourse_error look_at_unidentified(struct check_context *check, const struct check_row *row)
{
	struct record_path lines = record_path_of(RECORD_BANK_LINE_LEFT);
	struct check_units sums = {.count = 0};
	struct record_bank_line line;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &lines);
	SCOPED(account_walk_end)
	struct account_walk accounts = {.view = check->state, .code = CHART_UNIDENTIFIED};
	(void)row;
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_texts(
			RECORD_BANK_LINE, walk.key.parts[0].text, walk.key.parts[1].text);
		TRY(record_get_named(check->state, &path, &line, sizeof line));
		if (line.direction == BANK_CREDIT)
			TRY(check_add(check, &sums, 0, RECORD_TEXT(line.unit), line.amount - line.booked));
	}
	TRY(walk.error);
	while (account_walk_next(&accounts))
		TRY(check_add(check, &sums, 0, accounts.name.unit, accounts.account.balance));
	TRY(accounts.error);
	const struct check_unit *left = check_remainder(&sums);
	return left == NULL ? RECOURSE_OK
			    : check_wrong(check,
				      "2160: something is unidentified in %s that is left of no bank line",
				      left->unit);
}

static const struct check rows[] = {
	{.table = RECORD_BANK_LINE, .entry = offsetof(struct record_bank_line, entry), .look = look_at_line},
	{.look = look_at_unidentified},
};
const struct check_group bank_line_check_rows = CHECK_GROUP(rows);
