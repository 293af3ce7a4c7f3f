/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "decision.h"

/*
 * Accounts in the state: the balance, and the history by entry from which every as-of question is
 * answered. An account comes into being with its first posting.
 *
 *   A code party reference unit  ->  balance, turnover, number
 *   H number entry               ->  amount, balance after it
 */

/* QUERY_NOT_FOUND where nothing was ever posted. */
enum recourse_error account_get(struct state_view *view, int64_t code, slice party, slice reference,
	slice unit, struct record_account *account) RECOURSE_CHECK;

/* Adds a posting of entry `entry`. INSUFFICIENT (I4), OVERFLOW; the refusal names the account. */
enum recourse_error account_apply(struct state_view *view, uint64_t entry,
	const struct decision_posting *posting, struct recourse_refusal *refusal) RECOURSE_CHECK;

/*
 * The balance as it was after entry `entry` (the last posting at or before it). QUERY_NOT_FOUND when
 * the account was not there yet.
 */
enum recourse_error account_balance_at(
	struct state_view *view, uint32_t number, uint64_t entry, int64_t *balance) RECOURSE_CHECK;

/* What an account's key says. Slices borrow from the key. STORE_CORRUPT. */
struct account_name {
	uint16_t code;
	slice party;
	slice reference;
	slice unit;
};
enum recourse_error account_name_decode(slice key, struct account_name *name) RECOURSE_CHECK;
struct record_path account_path(int64_t code, slice party, slice reference, slice unit);

/* "2010/party/reference/unit", the way accounts are written for people; NUL-terminated, cut to `size`. */
void account_name_format(const struct account_name *name, char *text, size_t size);

/* The unit as an account remembers it. */
struct unit account_unit(const struct record_account *account, slice code);

#endif
