/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/suspense/suspense.h"

/* I14: what is unidentified has a row with an age and an owner, and what its account has is what is left by it. */

static enum recourse_error balance_of(
	struct check_context *check, uint64_t entry, const struct unit *unit, int64_t *balance)
{
	slice reference;
	TRY(account_reference_make(check->arena, entry, &reference));
	return account_balance(check->state, CHART_UNIDENTIFIED, slice_text(""), reference, unit, balance);
}

static enum recourse_error look_at_receipt(struct check_context *check, const struct check_row *row)
{
	const struct record_unidentified *receipt = row->record;
	int64_t balance;
	bool open = receipt->left > 0;
	TRY(balance_of(check, row->entry, &receipt->unit, &balance));
	TRY(check_that(check, row, receipt->left == balance,
		"2160 is not what is left to be identified of this receipt"));
	TRY(check_that(check, row, receipt->owner != 0, "I14: nobody owns this receipt"));
	TRY(check_that(check, row,
		receipt->clock == (open && receipt->escalated_entry == 0 ? receipt->due : 0),
		"I14: this receipt is not escalated when it is due"));
	return check_that(check, row, open || receipt->sending_entry == 0,
		"a receipt of which nothing is left is sent back");
}

/* The other way round. */
static enum recourse_error look_at_accounts(struct check_context *check, const struct check_row *row)
{
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = check->state, .code = CHART_UNIDENTIFIED};
	(void)row;
	while (account_walk_next(&walk)) {
		uint64_t entry = 0;
		bool there = false;
		if (walk.account.balance == 0)
			continue;
		if (account_reference_read(walk.name.reference, &entry)) {
			struct record_path path = unidentified_path(entry);
			TRY(record_exists(check->state, &path, &there));
		}
		if (!there)
			return check_wrong(
				check, "I14: 2160 %.*s has no receipt", SLICE_ARGUMENTS(walk.name.reference));
	}
	return walk.error;
}

static const struct check rows[] = {
	{.table = RECORD_UNIDENTIFIED, .look = look_at_receipt},
	{.look = look_at_accounts},
};
const struct check_group suspense_check_rows = CHECK_GROUP(rows);
