/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_desk.h"
#include "rule/rule.h"

/*
 * By when claims are seen to (D2). A claim that waits for somebody lies in the hour in which it is due, and nothing that is
 * decided of it meanwhile looks at that. When the hour's clock strikes at its end, whatever lies there leaves:
 *
 *     waits for nobody any more    it is done with
 *     is due later by now          to its later hour
 *     is due                       to the list of those that are late, by an entry: see desk.h
 */

/*
 * An hour's claims are pages of ids, so that a claim that is filed in bulk costs no row. A claim says in which hour it lies, and
 * where a page says so and the claim does not, the claim does not any more.
 */
enum { HOUR_PAGE = 512 }; /* bytes */
struct record_path hour_page_path(uint64_t hour, uint32_t page);

/* Hours are counted from 1970 on, the first one is 1; the instant with which one ends. */
static inline uint64_t hour_end(uint64_t hour)
{
	return hour * INSTANT_HOUR;
}

/*
 * Puts a claim that waits into the hour in which it is due, unless it lies in one that has not ended, and sets its member. The
 * record is the caller's to put.
 */
enum recourse_error hour_watch(struct decision *decision, slice id, struct record_claim *claim);
