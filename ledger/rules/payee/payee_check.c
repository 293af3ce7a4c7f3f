/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payee/payee.h"

#include "books/record_desk.h"
#include "rule/check.h"
#include "rules/claims/lot_holder.h"

static enum recourse_error read_payee(
	struct check_context *check, slice id, struct record_payee *payee, bool *there)
{
	struct record_path path = record_path_of_text(RECORD_PAYEE, id);
	return record_get_optional(check->state, &path, payee, sizeof *payee, there);
}

static enum recourse_error is_named(
	struct check_context *check, const uint8_t *account, slice holder, uint64_t by, bool *named)
{
	struct record_path path = payee_account_path(account, holder);
	struct record_payee_account row;
	TRY(record_get_optional(check->state, &path, &row, sizeof row, named));
	*named = *named && row.entry <= by;
	return RECOURSE_OK;
}

/* H4: each account of it counts for its holder; F4: who has one that is open has no other. */
static enum recourse_error look_at_payee(struct check_context *check, const struct check_row *row)
{
	const struct record_payee *payee = row->record;
	slice holder = RECORD_TEXT(payee->holder);
	struct record_path path = payee_holder_path(holder);
	char last[TEXT_ID_SIZE];
	bool account;
	bool next;
	TRY(record_get_optional(check->state, &path, last, sizeof last, NULL));
	bool own = slice_equal(RECORD_TEXT(last), row->key->parts[0].text);
	TRY(check_that(
		check, row, own || payee->closed_entry != 0, "F4: a holder has another payee than is open"));
	TRY(is_named(check, payee->account, holder, UINT64_MAX, &account));
	TRY(is_named(check, payee->next, holder, UINT64_MAX, &next));
	TRY(check_that(check, row, account && next, "H4: an account of a payee is not counted"));
	bool ordered = payee->account_entry <= payee->next_entry &&
		       (payee->next_entry == 0 || payee->next_entry >= payee->entry) &&
		       (payee->closed_entry == 0 || payee->closed_entry > payee->entry);
	TRY(check_that(check, row, ordered && payee->rested > 0 && payee->maker != 0,
		"F4: a payee was changed or closed before it was there, or by nobody"));
	return check_that(check, row, payee->replaces == 0 || payee->from == payee->rested,
		"F4: a payee in the place of one that was closed did not rest");
}

static enum recourse_error look_at_holder(struct check_context *check, const struct check_row *row)
{
	const char *id = row->record;
	slice holder = row->key->parts[1].text;
	struct record_payee payee;
	bool there;
	TRY(read_payee(check, record_text(id, TEXT_ID_SIZE), &payee, &there));
	TRY(check_that(check, row, row->key->parts[0].number == lot_holder_mark(holder),
		"F4: a holder's payee is kept beside those of others"));
	return check_that(check, row, there && slice_equal(RECORD_TEXT(payee.holder), holder),
		"F4: a holder's payee is not there, or another's");
}

static enum recourse_error look_at_account(struct check_context *check, const struct check_row *row)
{
	const struct record_payee_account *account = row->record;
	struct record_payee payee;
	bool there;
	TRY(read_payee(check, RECORD_TEXT(account->payee), &payee, &there));
	return check_that(check, row,
		there && slice_equal(RECORD_TEXT(payee.holder), row->key->parts[1].text) &&
			account->entry >= payee.entry,
		"H4: an account was named by no payee of its holder");
}

static enum recourse_error look_at_flag(
	struct check_context *check, const struct check_row *row, unsigned kind, bool shows, const char *what)
{
	struct record_path path = record_path_of_text(RECORD_FLAG, row->key->parts[0].text);
	bool there = true;
	record_path_short(&path, kind);
	if (shows)
		TRY(record_exists(check->state, &path, &there));
	return check_that(check, row, there, what);
}

/*
 * What of it is as it was when that was ordered: nothing came in the place of what was paid then. Where a change was taken back
 * nobody knows any more which one rested by then, but where that was the first account.
 */
static bool is_as_then(const struct record_payee *payee, const struct record_claim_payee *order)
{
	bool first = payee->next_entry <= payee->entry;
	return order->entry > payee->next_entry &&
	       (first || memcmp(payee->account, payee->next, sizeof payee->next) != 0);
}

/* Whether it had no account by then that what came back could go to. */
static bool rested_then(const struct record_payee *payee, const struct record_claim_payee *order)
{
	bool another = memcmp(payee->account, payee->next, sizeof payee->next) != 0;
	return is_as_then(payee, order) && (another || payee->replaces != 0) && order->time < payee->from;
}

/* F4: by another person than named it, and to what had rested, where it is new to whom it goes. */
static enum recourse_error look_at_rest(struct check_context *check, const struct check_row *row,
	const struct record_claim_payee *order, const struct record_payee *payee)
{
	const uint32_t keys[] = {payee->maker, order->payer};
	bool differ;
	TRY(check_differ(check, keys, 2, &differ));
	TRY(check_that(check, row, differ && order->payer != 0,
		"F4: one person registered a payee and ordered a payment to it"));
	TRY(check_that(check, row, payee->closed_entry == 0 || payee->closed_entry > order->entry,
		"F4: a payment was ordered to a payee that was closed"));
	bool back = order->sent == PAYEE_AGAIN || order->sent == PAYEE_UNNAMED;
	bool nowhere = back || payee->replaces != 0;
	bool too_early = (nowhere && rested_then(payee, order)) ||
			 (order->sent == PAYEE_UNNAMED && order->time < payee->rested);
	TRY(check_that(check, row, !too_early, "F4: a payment was ordered to a payee that still rested"));
	/* by itself, not as orders reckon it */
	const uint8_t *account = order->time < payee->from ? payee->account : payee->next;
	return check_that(check, row,
		!is_as_then(payee, order) || memcmp(account, order->account, sizeof order->account) == 0,
		"F4: a payment was ordered to another account than its payee had by then");
}

/* H4: by which the account was another one than was known by the ruling. */
static enum recourse_error look_at_change(struct check_context *check, const struct check_row *row,
	const struct record_claim_payee *order, const struct record_payee *payee)
{
	uint64_t changed = order->time < payee->from ? payee->account_entry : payee->next_entry;
	if (changed < order->ruled_entry)
		changed = 0;
	bool unknown_whose = order->sent == PAYEE_UNNAMED || order->sent == PAYEE_ALIKE;
	if (unknown_whose)
		changed = order->entry;
	bool known = unknown_whose || is_as_then(payee, order);
	return check_that(check, row,
		order->ruled_entry < order->entry && (!known || changed == order->changed_entry),
		"H4: it is not noted that an account was changed after the ruling");
}

/* F4: it was ordered to an account that its holder had named by then. */
static enum recourse_error look_at_whose(struct check_context *check, const struct check_row *row,
	const struct record_claim_payee *order, slice lot_id)
{
	struct record_path of_lot = record_path_of_text(RECORD_ENTITLEMENT, lot_id);
	struct record_entitlement lot;
	struct record_payee payee;
	bool there;
	bool fits = false;
	TRY(read_payee(check, RECORD_TEXT(order->payee), &payee, &there));
	if (there)
		TRY(is_named(check, order->account, RECORD_TEXT(payee.holder), order->entry, &there));
	TRY(check_that(
		check, row, there, "F4: a payment was ordered to an account that its payee had not named"));
	TRY(look_at_rest(check, row, order, &payee));
	TRY(look_at_change(check, row, order, &payee));
	TRY(record_get_optional(check->state, &of_lot, &lot, sizeof lot, &there));
	if (there)
		TRY(lot_holder_fits(check->state, lot.issue_entry, RECORD_TEXT(payee.holder), &fits));
	return check_that(check, row, fits, "F4: a payment was ordered to the payee of another holder");
}

static enum recourse_error look_at_order(struct check_context *check, const struct check_row *row)
{
	const struct record_claim_payee *order = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_claim claim;
	uint32_t holders;
	bool there;
	TRY(record_get_optional(check->state, &path, &claim, sizeof claim, &there));
	TRY(check_that(check, row, there && claim.instalment > 0 && claim.filed_entry < order->entry,
		"F4: a payee is of a claim whose payment nobody ordered"));
	TRY(look_at_whose(check, row, order, RECORD_TEXT(claim.entitlement)));
	TRY(payee_count(check->state, order->account, order->entry, order->most, &holders));
	TRY(check_that(check, row, holders == order->holders,
		"H4: an account was not named for so many holders when it was paid"));
	TRY(look_at_flag(check, row, FLAG_SHARED_PAYEE, order->holders > order->most,
		"H4: nobody was shown an account that many share"));
	return look_at_flag(check, row, FLAG_PAYEE_CHANGED, order->changed_entry != 0,
		"H4: nobody was shown that an account was changed");
}

static const struct check rows[] = {
	{.table = RECORD_PAYEE, .entry = offsetof(struct record_payee, entry), .look = look_at_payee},
	{.table = RECORD_PAYEE_HOLDER, .look = look_at_holder},
	{.table = RECORD_PAYEE_ACCOUNT,
		.entry = offsetof(struct record_payee_account, entry),
		.look = look_at_account},
	{.table = RECORD_CLAIM_PAYEE,
		.entry = offsetof(struct record_claim_payee, entry),
		.look = look_at_order},
};
const struct check_group payee_check_rows = CHECK_GROUP(rows);
