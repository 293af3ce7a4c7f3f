/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/refusal.h"
#include "books/chart.h"
#include "books/history.h"

/*
 * Accounts in the state: the balance, and the history by entry from which every as-of question is answered. An account
 * comes into being with its first posting. A merchant may have any number of holds, each an account: what it has frozen,
 * as of any entry, is asked of the sum over the references, which is kept of its frozen deposits and exit holds.
 */

/* What an entry does to an account: debit positive. Texts are borrowed. */
struct account_posting {
	uint16_t code;
	slice party;
	slice reference;
	struct unit unit;
	int64_t steps;
};

/* The balance on the account's own side: never negative, zero where there is no account. */
enum recourse_error account_balance(struct state_view *view, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t *steps);

/* Where an account is, and where the sum over all references, which is kept of CHART_DEPOSIT_FROZEN and _EXIT. */
struct record_path account_path(int64_t code, slice party, slice reference, slice unit);
struct record_path account_sum_path(int64_t code, slice party, slice unit);
bool account_is_summed(int64_t code);

/* Adds a posting of entry `entry`. INSUFFICIENT (I4), OVERFLOW; the refusal names the account. */
enum recourse_error account_apply(struct state_view *view, uint64_t entry,
	const struct account_posting *posting, struct recourse_refusal *refusal);

/* The balance as it was after entry `entry`: see history_at(). */
enum recourse_error account_balance_at(
	struct state_view *view, uint32_t number, uint64_t entry, int64_t *balance);

/* What an account's key says. Slices borrow from the key. STORE_CORRUPT. */
struct account_name {
	uint16_t code;
	slice party;
	slice reference;
	slice unit;
};
struct account_name account_name(const struct table_key *key); /* read already, of RECORD_ACCOUNT */
enum recourse_error account_name_decode(slice key, struct account_name *name);

/* "2010/party/reference/unit", the way accounts are written for people; NUL-terminated, cut to `size`. */
void account_name_format(const struct account_name *name, char *text, size_t size);

/* A balance on the account's own side: never negative. */
int64_t account_shown(int64_t code, int64_t balance);

/* The unit as an account remembers it. */
struct unit account_unit(const struct record_account *account, slice code);

/*
 * The reference of accounts in which money waits for what an entry began: a withdrawal, an appeal, a call. It is "@"
 * and the entry's number; no id begins so. In the arena: postings need theirs until their entry is encoded. MEMORY.
 */
enum recourse_error account_reference_make(struct arena *arena, uint64_t entry, slice *reference);

/* The other way round: false for any other reference. Whether there is such an entry is not looked at. */
bool account_reference_read(slice reference, uint64_t *entry);

/* Whether what stands under it waits, and secures nobody meanwhile. */
bool account_reference_waits(slice reference);

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
