/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Whose a lot was when it was issued: the reference of a consumer, by which its lots are found (D12). What a lot is issued with
 * is in its entry; pages of the numbers of such entries, each with a mark of the holder, say which of them are worth reading:
 *
 *     page @first   mark entry | mark entry | …     84 of them, in the order of the entries
 *
 * So an issue in bulk writes no row of its own, and who looks for a holder reads a page of 1 KiB for 84 lots and no entry but
 * those that are its own, and a few by chance: a mark is 32 bits.
 */
enum { LOT_HOLDER_MARK = 12, LOT_HOLDER_PAGE = 84 * LOT_HOLDER_MARK }; /* bytes */

/* What stands for a holder in such pages: who wants to finds another reference with the same one. */
uint32_t lot_holder_mark(slice holder);

/* The entry issues a lot to that holder. */
enum recourse_error lot_holder_issue(struct decision *decision, slice holder);

/*
 * Whether the lot that this entry issued may be that holder's: false is certain, true but for one in 2^32 by chance. For
 * rules, which read no entries.
 */
enum recourse_error lot_holder_fits(struct state_view *view, uint64_t entry, slice holder, bool *fits);

/*
 * The next lot of that holder whose entry is `*from` or later: its id, which is good as long as the query, and its entry. An
 * empty id, and 0, at the end; an empty id, and the entry to go on with, where `*looks` pages were read and there are more. A
 * lot that was taken back is none.
 */
enum recourse_error lot_holder_search(
	struct query *query, slice holder, uint64_t *from, uint64_t *looks, slice *id);

/* The holder of a lot, by the entry that issued it; empty where it does not say so. */
enum recourse_error lot_holder_of(struct query *query, uint64_t entry, slice *holder);
