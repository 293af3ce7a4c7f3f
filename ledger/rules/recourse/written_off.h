/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/liability.h"

/*
 * What is written off of the parties of a section. A write-off is given up, not forgiven: whatever serves the advances from
 * then on brings back as much of it, and nothing else does. In total: what is brought back follows from what has served
 * them (`served`), whatever rose and fell on the way.
 *
 *   brought back
 *     off  |            _____    off         all that was written off
 *          |           /         before      brought back when something was written off last, of all that there was then
 *   before |    ______/          beyond      what served beyond that by then, or before anything was written off
 *          |   /                 from        served, less what it brings back from then on
 *        0 |__/____________ served
 */
struct written_off {
	int64_t memo
		[SPREAD_MAX]; /* what of it the party owes: less for a while, as when a payment is back that is sent again */
	int64_t enforceable[SPREAD_MAX]; /* not brought back */
	int64_t reinstated
		[SPREAD_MAX]; /* brought back: of who owes no more first, then as it was, then by what each is */
};

/* By what reckon() says; and by what was booked last. OVERFLOW. */
enum recourse_error written_off_then(const struct record_section *section, const struct liabilities *list,
	const struct reckon *reckoned, struct written_off *off);
enum recourse_error written_off_now(
	const struct record_section *section, const struct liabilities *list, struct written_off *off);

/*
 * So much more is written off of a party that has a row; less than nothing: was not. At most what is open of it and not in the
 * memo, or what is not brought back. Posts what the memo has by that, and keeps the rows; to save the section is the caller's.
 */
enum recourse_error written_off_add(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, int64_t steps);

/* Out of a receivable and the funder's claim, into the memo. */
enum recourse_error written_off_post(struct decision *decision, const struct record_incident *incident,
	enum chart_code receivable, slice party, slice reference, int64_t steps);
