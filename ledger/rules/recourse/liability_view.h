/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/view.h"
#include "rules/recourse/liability.h"

/* What comes next of it, in this order: what is to come from the party, what it waits for, what comes to it. */
enum liability_next { LIABILITY_PAYS, LIABILITY_WAITS, LIABILITY_DONE };

/* A section that a party is in, as it may see it itself: rows of a walk over RECORD_LIABILITY_PARTY. */
struct liability_view {
	struct record_liability record;
	slice incident; /* good as long as the incident that it was read with */
	uint32_t section;
	struct unit unit;
	const char *liable;
	const char *mode;
	const char *asked;
	enum liability_next next;
	int64_t cap;
	int64_t owed;
	int64_t owed_back;
	int64_t own;
};
enum { LIABILITY_VIEW_COLUMNS = 21 };
extern const struct recourse_column liability_view_columns[LIABILITY_VIEW_COLUMNS];

enum recourse_error liability_view_read(struct query *query, uint32_t party,
	const struct record_incident *incident, uint32_t section, struct liability_view *row);
