/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCOUNT_WALK_H
#define ACCOUNT_WALK_H

#include "books/record_account.h"
#include "books/account.h"

/*
 * The accounts in their order: code, party, reference, unit; all of them, or those of one code, of one party, or of
 * both. A party's accounts are looked up code by code: its cost does not grow with the accounts of others.
 */
struct account_walk {
	struct account_name name; /* borrowed from the key */
	struct record_account account;
	slice key; /* of the account; like the name it is good until the next step */

	struct state_view *view;
	int64_t code; /* 0: any */
	bool one_party;
	slice party;
	size_t chart; /* row of the chart */
	struct state_walk walk;
};

/*
 * Set `view`, `code`, `one_party` and `party`, all else zero; `from` is the key of the account to begin with, or
 * empty. QUERY_NOT_FOUND ends it, at once where there is none. End it in any case.
 */
enum recourse_error account_walk_first(struct account_walk *walk, slice from) RECOURSE_CHECK;
enum recourse_error account_walk_next(struct account_walk *walk) RECOURSE_CHECK;
void account_walk_end(struct account_walk *walk);

/* Whether such a walk comes by that account. */
bool account_walk_has(const struct account_walk *walk, const struct account_name *name);

#endif
