/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/liability.h"

/*
 * For which sections of an incident its parties' money is, so that no order of events changes it: everything that was moved
 * comes back to the section for which it was paid, but for what was paid on where it is, and is then moved as if all had
 * come at once. Nothing is booked here; see set_off.h.
 *
 *   1  what was paid for no section by name    serves what is open, where most is first
 *   2  what is over-paid in a section          serves what is open in others, the same way
 *   3  what is over-paid still                 waits for what may come to be owed in others: unsettled advances, claims at
 *                                              their reserve, contribution whose time has not come
 *
 * Where its party is not liable, by no judgment yet or by one, a place takes what its own costs and interest there have of so
 * much, and nothing that others would have a part of.
 *
 * Parties come in the order of their ids, sections in that of the incident. Of a party that is insolvent nothing is moved but
 * what came for no section by name, and what of it is moved is counted as that first.
 */
struct set_off_section {
	struct record_section record;
	struct liabilities list;  /* as booked */
	struct reckon reckon;     /* with what each would have paid for it */
	int64_t free[SPREAD_MAX]; /* of each: paid for no section by name, and not placed yet */
};

/* A row of one of the parties in a section. */
struct set_off_place {
	struct set_off_section *section;
	size_t row;
	int64_t open;     /* there, as it is planned */
	int64_t idle;     /* of so much, or less, nothing would serve what it owes there */
	int64_t for_none; /* of what would be there: paid for no section by name; below zero: others' is moved */
	bool tried;
};

struct set_off_party {
	slice name;
	size_t first; /* of its places, in the order of the sections */
	size_t count;
	bool insolvent;
};

struct set_off_plan {
	size_t section_count;
	struct set_off_section *sections; /* in which one of them has a row; in the arena, like all of it */
	size_t party_count;
	struct set_off_party *parties; /* who has money that can be moved, in the order of their ids */
	struct set_off_place *all;     /* party by party */
	size_t count;
	struct set_off_place *places; /* of the party that is looked at */
	bool insolvent;               /* it is */
};

/* What of it can be moved, or was: there is something to be planned. */
bool set_off_plan_concerns(const struct record_liability *liability);

/* It is liable there, or owes costs or interest: money of it for other sections may serve there. */
bool set_off_plan_may_owe(const struct record_liability *liability);

/* Of what it paid there: nobody's else, and not paid out. */
int64_t set_off_plan_own(const struct record_liability *liability);

/* As all of the incident is booked. `party` is planned in any case; an empty one is nobody. */
enum recourse_error set_off_plan_make(struct decision *decision, const struct record_incident *incident,
	slice party, struct set_off_plan *plan);

/* The party's places from here on: what it has more there, and what would be its own by name and is not paid out, then. */
void set_off_plan_look(struct set_off_plan *plan, slice party);
int64_t set_off_plan_more(const struct set_off_place *place);
int64_t set_off_plan_named(const struct set_off_place *place);

/* Of its costs and interest where it is not liable: what is not served, since others would have a part of that money. */
int64_t set_off_plan_unserved(const struct set_off_plan *plan);
