/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Who is liable for the loss of a section and for how much (G2). */
enum { LIABILITY_PARTIES_MAX = 16 };

/* All zeroes where that party is not liable: it has no share. */
enum recourse_error liability_get(struct state_view *view, const struct record_section *section, slice party,
	struct record_liability *liability);
enum recourse_error liability_put(struct decision *decision, const struct record_section *section,
	slice party, const struct record_liability *liability);

/* All liable parties of a section, in the order of their ids; names in the arena. */
struct liability_row {
	slice party;
	struct record_liability record;
};
struct liabilities {
	size_t count;
	struct liability_row rows[LIABILITY_PARTIES_MAX];
};
enum recourse_error liability_list(struct state_view *view, struct arena *arena,
	const struct record_section *section, struct liabilities *list);

/* Serves what is open out of what is left, by the policy's ranks; equal ones share. OVERFLOW. */
enum recourse_error recovery_serve(const struct record_policy *policy,
	const int64_t open[static WATERFALL_CLAIMS], int64_t served[static WATERFALL_CLAIMS], int64_t *left);

/* What of receipts and recourse is in the way of closing an incident. */
area_blockers_walker recourse_blockers;

/*
 * A settled advance came back: what it had perfected becomes inchoate again, out of 1110-U, and out of the
 * liable parties' receivables pro rata where it was apportioned already. What they have paid meanwhile stays
 * perfected, since the bank's news can not be refused: `*unperfected` tells how much became inchoate.
 */
enum recourse_error liability_unperfect(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice reference, int64_t steps, int64_t *unperfected);
