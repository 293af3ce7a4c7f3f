/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/view.h"

/* What is to come for a merchant, the earliest first. */
enum { AGENDA_MAX = 16 };

/* Something that will happen by itself or is awaited from somebody. Its texts last as long as the query. */
struct coming {
	const char *what; /* NULL: nothing */
	slice of;         /* which hold, incident or exit; a unit; "@" and the number of an entry */
	slice by;         /* who does it: a party, or a role */
	uint64_t due;     /* 0: whenever that one does it */
};

/* Of a struct coming. */
enum { AGENDA_COLUMNS = 5 };
extern const struct recourse_column agenda_columns[AGENDA_COLUMNS];

/* The earliest, in order; then those without a day. */
struct agenda {
	struct coming rows[AGENDA_MAX];
	size_t count;
};

/* Many holds may have no day: they are said once, of the first, or they would crowd out the rest. */
extern const char agenda_released[];
extern const char agenda_lodged_anew[];

/* Puts it in its place; the latest one falls off the end. Its name is copied to the arena. MEMORY. */
enum recourse_error agenda_expect(struct agenda *agenda, struct arena *arena, struct coming coming);
