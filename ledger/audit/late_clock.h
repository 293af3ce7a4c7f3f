/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "entry/entry.h"
#include "recourse_ledger.h"

/*
 * Clocks that struck late (E3). Whoever runs the service can keep one from striking, so that nobody is restricted, no
 * alert raised, no stay overdue, and let it strike when it suits. The log is then in order; but it shows what else was
 * decided meanwhile. A clock counts as late when, at least a minute after it was due and a minute before it struck,
 * something else was decided: the service was running all that time, and did not let it.
 *
 * It is said, and not held against the log: a hundred thousand clocks that are due at once take their time, too.
 */
enum { LATE_CLOCK_MARKS = 2 };
struct late_clock {
	uint64_t marks
		[LATE_CLOCK_MARKS]; /* instants of what was decided, the newer first, a minute or more apart */
};

/*
 * Looks at the next entry, from the first on; counts in the report and keeps the first one. STORE_CORRUPT for a clock
 * that does not say when it was due. Start with zeroes.
 */
enum recourse_error late_clock_entry(
	struct late_clock *late, const struct entry *entry, struct recourse_audit *report) RECOURSE_CHECK;
