/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record.h"
#include "books/record_ledger.h"

/*
 * The history of an account: how it stood after each entry that moved it. It is kept in pages of movements, so that a
 * movement is a few bytes and no row of its own:
 *
 *     account ‖ first entry  ->  struct record_history: how it stood before ‖ movement ‖ movement …
 *     movement               =   entries since the movement before ‖ steps
 *
 * Both are numbers of seven bits a byte, the least significant first, the top bit set in all but the last, and no longer
 * than need be; of steps the lowest bit says that they are below zero, the others how many, less one then. The first
 * movement is of the entry in the key, so it says 0; so does another one of the same entry. Debits follow from steps.
 * A page of HISTORY_PAGE bytes takes no more entries: where pages end depends on what moved the account, never on what
 * was committed together. Another size or form of them is another LAYOUT (tables.c).
 *
 * What is read of a page is looked at byte by byte: STORE_CORRUPT for what history_append() does not write.
 */
enum {
	HISTORY_PAGE = 256,      /* of 512, writing in bulk is no cheaper, and reading twice as dear */
	HISTORY_ENTRY_MAX = 200, /* movements of an account by one entry, at most */
};

/* Adds to the history of an account that stands as its record says, and notes there where its last page is. */
enum recourse_error history_append(
	struct state_view *view, struct record_account *account, uint64_t entry, int64_t steps);

/* How an account stood after an entry. */
struct history_point {
	uint64_t entry;
	int64_t balance;
	amount_sum debits; /* all that came in by then; what went out is these less the balance */
};

/* As it was after `entry`: the point of that entry, or the last one before it. QUERY_NOT_FOUND: it was not there yet. */
enum recourse_error history_at(
	struct state_view *view, uint32_t account, uint64_t entry, struct history_point *point);

/* The same, where the account's row is at hand: of one that has not moved since, that says it, and no history is read. */
enum recourse_error history_of(struct state_view *view, const struct record_account *account, uint64_t entry,
	struct history_point *point);

/*
 * One entry after the other, beginning with `entry`, or the next one there is in that direction:
 *
 *     SCOPED(history_walk_end) struct history_walk walk = history_walk_from(view, account, entry, STATE_UP);
 *     while (history_walk_next(&walk))
 *             use(&walk.at, walk.moved);
 *     return walk.error;
 */
struct history_walk {
	struct history_point at;
	int64_t moved;             /* by that entry */
	enum recourse_error error; /* OK at the end; STORE_CORRUPT, STORE_FAILED */

	struct state_view *view;
	uint32_t account;
	uint64_t from;
	bool up;
	bool begun;
	bool within; /* a page */
	struct record_walk pages;
	struct history_page {
		slice movements;
		size_t place;               /* in them */
		struct history_point point; /* how it stood there */
	} page;
};
struct history_walk history_walk_from(
	struct state_view *view, uint32_t account, uint64_t entry, enum state_direction direction);
bool history_walk_next(struct history_walk *walk);
void history_walk_end(struct history_walk *walk);
