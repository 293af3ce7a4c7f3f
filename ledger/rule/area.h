/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AREA_H
#define AREA_H

#include "rule/clock.h"

/*
 * What an area of the rules brings along: its commands and queries, and what its clocks do. Each says so in one row,
 * in AREA_area.c; decide/registry.c lists the rows. So a command, a query or a clock is known where it belongs and
 * nowhere else.
 */
enum { AREA_GROUPS_MAX = 24, AREA_CLOCKS_MAX = 12 };

/* What is done when a clock is due. A refusal leaves its reason in the entry: see decide/clocks.c. */
typedef enum recourse_error area_strike(struct decision *decision, slice subject);
struct area_clock {
	enum clock_kind kind;
	area_strike *strike;
};

/* Lists end where they are full, or with a row of zeroes. */
struct area {
	const char *name;
	const struct command_group *commands[AREA_GROUPS_MAX];
	const struct query_group *queries[AREA_GROUPS_MAX];
	struct area_clock clocks[AREA_CLOCKS_MAX];
};

#endif
