/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/check.h"

#include "books/account.h"
#include "books/life.h"
#include "books/record_cover.h"

/*
 * The invariants of money, by hand and side by side: what I1 to I5, I8 and I9 say of the state that came out (README.md).
 * They know no rule: what rules are for is to make them hold. Those of what an area adds up stand there.
 */

/* ---- I1, I2, I3, I9: each book adds up to zero; I4: no account is on the wrong side of it ---- */

static enum recourse_error look_at_account(struct check_context *check, const struct account_name *name,
	const struct record_account *account, struct check_units *sums)
{
	const struct chart_row *chart = chart_find(name->code);
	if (chart == NULL)
		return check_wrong(check, "account %u is not in the chart", name->code);
	if (chart->side == CHART_DEBIT ? account->balance < 0 : account->balance > 0)
		return check_wrong(check, "I4: account %u/%.*s/%.*s is on the wrong side of zero", name->code,
			SLICE_ARGUMENTS(name->party), SLICE_ARGUMENTS(name->reference));
	struct record_path sum = account_sum_path(name->code, name->party, name->unit);
	bool summed = true;
	if (account_is_summed(name->code))
		TRY(record_exists(check->state, &sum, &summed));
	if (!summed)
		return check_wrong(check, "A1: deposits of %.*s are in no sum", SLICE_ARGUMENTS(name->party));
	return check_add(check, sums, chart->book, name->unit, account->balance);
}

static enum recourse_error look_at_books(struct check_context *check, const struct check_row *row)
{
	struct record_path accounts = record_path_of(RECORD_ACCOUNT);
	struct check_units sums = {.count = 0};
	struct record_account account;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &accounts);
	(void)row;
	while (record_walk_next(&walk, &account, sizeof account)) {
		struct account_name name = account_name(&walk.key);
		TRY(look_at_account(check, &name, &account, &sums));
	}
	TRY(walk.error);
	const struct check_unit *left = check_remainder(&sums);
	return left == NULL ? RECOURSE_OK
			    : check_wrong(check, "I1 I2 I3 I9: the %s book does not sum up to zero in %s",
				      chart_book_name((enum chart_book)left->kind), left->unit);
}

/* ---- A1: what a statement says of a merchant's deposits is the sum of their accounts ---- */

static enum recourse_error look_at_account_sum(struct check_context *check, const struct check_row *row)
{
	const struct table_key *key = row->key;
	__int128 left = ((const struct record_account *)row->record)->balance;
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = check->state,
		.code = (int64_t)key->parts[0].number,
		.one_party = true,
		.party = key->parts[1].text};
	while (account_walk_next(&walk))
		left -= slice_equal(walk.name.unit, key->parts[2].text) ? walk.account.balance : 0;
	TRY(walk.error);
	if (left != 0)
		return check_wrong(check, "A1: the deposits of %.*s do not sum up to what its statement says",
			SLICE_ARGUMENTS(key->parts[1].text));
	return RECOURSE_OK;
}

/* ---- I5: what a claim received is within its loss; I8: a settled payout and a paid claim go together ---- */

static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	int64_t left = claim->loss > claim->received ? claim->loss - claim->received : 0;
	TRY(check_that_id(check, row,
		claim->paid >= 0 && claim->paid <= left + claim->clawed + claim->clawed_pool, "I5: claim ",
		" received more than its loss"));
	bool later = claim->payout == PAYOUT_CANCELLED && claim->instalment > 1; /* earlier ones were made */
	bool fits = claim->state == CLAIM_PAID ? claim->payout == PAYOUT_SETTLED || later
					       : claim->payout != PAYOUT_SETTLED;
	return check_that_id(check, row, fits, "I8: claim ", " and its payout contradict each other");
}

static const struct check rows[] = {
	{.look = look_at_books},
	{.table = RECORD_ACCOUNT_SUM, .look = look_at_account_sum},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
};
const struct check_group money_check_rows = CHECK_GROUP(rows);
