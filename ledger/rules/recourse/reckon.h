/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/reckoned.h"

/*
 * Who of a section owes what, and whose money goes where: all of README.md in one function of what has happened so far.
 * It knows neither books nor the order of things; what its results are less what was booked is what is posted.
 *
 * Fills in what follows. OVERFLOW, and never where all sums that it is told (loss, what waits for a ruling, receipts, costs,
 * interest) are within 64 bits together. How long it takes depends on no sum. At every time
 *
 *   settled  = advances_served + own + freed + unborne + Σ open
 *   received = advances_served + uncovered_served + Σ (costs_served + interest_served + waits + returned)
 */
enum recourse_error reckon(struct reckon *reckon);

/*
 * By how much the others are freed where the funder releases this one: its own part that is open, at most what the funder lacks.
 * What falls on it for who is given up is not in it: that is the funder's for as long as it does, but what it `stood_for` by
 * then, since it had paid that, or the funder lacks it no more.
 */
int64_t reckon_release(const struct reckon *reckon, size_t index, int64_t *stood_for);
