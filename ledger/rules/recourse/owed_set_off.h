/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/owed_end.h"

/*
 * What parties are over-paid in sections of an incident when frozen money has paid what it owes there, which then serves what
 * they owe in others (set_off.h): of all parties at once, so that a list of what is open costs no walk for each row of it.
 */
struct owed_set_off_row {
	slice party;
	slice merchant; /* of the section */
	int64_t open;
	int64_t over;        /* where nothing is open */
	int64_t open_before; /* in the sections that come before it */
	int64_t all;         /* over, in whatever section: in the party's first row */
};
struct owed_set_off {
	bool found;
	struct owed_set_off_row *rows; /* by party, then by section, in the order of their ids */
	size_t count;
};

/* What serves what the party owes in the section of that merchant: those that come before it have it first. MEMORY. */
enum recourse_error owed_set_off_for(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct owed_end *end, slice merchant, slice party,
	struct owed_set_off *all, int64_t *steps);
