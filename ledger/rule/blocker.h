/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_cover.h"
#include "rule/query.h"

/*
 * What is in the way of closing an incident (B6): claims without an answer or their money, money that waits for somebody.
 * An area walks its own (area.h), so that what ends an incident names no area.
 */
struct blocker {
	const char *what;
	slice of; /* which claim, receipt, instrument or party; "@" and the number of an appeal */
	uint64_t entry;
	int64_t steps; /* how much; VIEW_NONE where nobody knows yet */
	const char *next;
	const char *by; /* a role, or the clock */
	uint64_t due;   /* it goes by itself then; 0: somebody has to do it */
};

/*
 * They are taken one by one, at most so many of what there may be many of, claims, receipts, appeals, sections; the rest of
 * a kind comes whole with the page that it falls on, since it is bounded by the liable parties and the instruments of one.
 */
struct blockers {
	struct state_view *view;
	struct arena *arena;
	const struct record_incident *incident;
	uint64_t now;
	enum recourse_error (*take)(
		void *context, const struct blocker *blocker); /* NULL: they are counted */
	void *context;
	bool but_claims;  /* what else than claims there is */
	uint32_t section; /* of that merchant's alone, and nothing that is not in it; 0: the whole incident */
	uint64_t most;

	slice from;  /* where an area's walk begins: an id, as `next` gave it; empty: at its first */
	slice next;  /* the first that was not taken, in the arena */
	size_t area; /* of it */
	bool full;
	uint64_t count;
};

/* An area's walker says one; blocker_page() is for those of which there may be many: it may be the `next` one. */
enum recourse_error blocker_add(struct blockers *list, const struct blocker *blocker);
enum recourse_error blocker_page(struct blockers *list, const struct blocker *blocker);

/* The next page begins with that one: enough was looked at. */
enum recourse_error blocker_end_page(struct blockers *list, slice of);

/*
 * All that there are, area by area, from the place on that `area` and `from` say. Where they end before that, `full` is
 * set, and these are the place of the next page.
 */
enum recourse_error blocker_walk(struct blockers *list);

/* How many there are, at least: no more than BLOCKERS_COUNTED_MAX of an area are looked at one by one. And the first. */
enum { BLOCKERS_COUNTED_MAX = 1000 };
enum recourse_error blocker_count(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint64_t now, uint64_t *count);
enum recourse_error blocker_first(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint64_t now, bool but_claims, struct blocker *first,
	bool *any);

/*
 * Of one section, for its merchant, who learns nothing of the others' (I3): neither what stands on accounts of the whole
 * incident, nor what the issuer's pool, others' deposits or money of another section would pay. How many, at most
 * BLOCKERS_COUNTED_MAX, and the first where there is one.
 */
enum recourse_error blocker_of_section(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint64_t now, uint32_t section, struct blocker *first,
	uint64_t *count);
