/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/account.h"

/*
 * The accounts in their order: code, party, reference, unit; all of them, or those of one code, of one party, or of
 * both. A party's accounts are looked up code by code: its cost does not grow with the accounts of others.
 *
 *     SCOPED(account_walk_end) struct account_walk walk = {.view = view, .code = CHART_CASH};
 *     while (account_walk_next(&walk))
 *             use(&walk.name, &walk.account);
 *     return walk.error;
 */
struct account_walk {
	struct state_view *view;
	int64_t code; /* 0: any */
	bool one_party;
	slice party;
	struct record_path from; /* the account to begin with; empty: the first */

	struct account_name name; /* borrowed from the key */
	struct record_account account;
	slice key;                 /* of the account; like the name it is good until the next step */
	enum recourse_error error; /* OK at the end; STORE_CORRUPT, STORE_FAILED */

	size_t chart; /* row of the chart */
	bool within;  /* it: the walk is over its accounts */
	struct record_walk walk;
};

/* False at the end, at once where `from` is no account that it comes by, and where something is wrong. */
bool account_walk_next(struct account_walk *walk);
void account_walk_end(struct account_walk *walk);

/* Whether such a walk comes by that account. */
bool account_walk_has(const struct account_walk *walk, const struct account_name *name);
