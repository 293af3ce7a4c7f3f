/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"
#include "rules/desk/hour.h"

struct counts {
	uint64_t looked;
	uint64_t done;
	uint64_t later;
	uint64_t overdue;
};

/* It may have begun to wait anew since, and lies in a later hour then. */
static enum recourse_error look_at(struct decision *decision, uint64_t hour, slice id, struct counts *counts)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
	counts->looked++;
	if (claim.hour != hour || !record_claim_waits(&claim)) {
		counts->done++;
		return RECOURSE_OK;
	}
	if (claim.due > decision->time) {
		counts->later++;
		TRY(hour_watch(decision, id, &claim));
		return decision_put(decision, &path, &claim, sizeof claim);
	}
	counts->overdue++;
	return desk_mark_overdue(decision, id, &claim);
}

/* Nothing may be put while pages are walked. An empty one where the hour has none any more. */
static enum recourse_error take_page(struct decision *decision, uint64_t hour, slice *page)
{
	struct record_path prefix = record_path_of_number(RECORD_DUE, hour);
	struct record_path path = {.size = 0};
	*page = slice_of(NULL, 0);
	{
		SCOPED(record_walk_end)
		struct record_walk walk = record_walk_over(decision->state, &prefix);
		if (!record_walk_next(&walk, NULL, 0))
			return walk.error;
		TRY(arena_copy(decision->arena, walk.value, page));
		path = record_path_of_key(walk.bytes);
	}
	return state_remove(decision->state, record_path_slice(&path));
}

static enum recourse_error look_at_page(
	struct decision *decision, uint64_t hour, slice page, struct counts *counts)
{
	slice id;
	while (slice_take_until(&page, 0, &id))
		TRY(look_at(decision, hour, id, counts));
	return RECOURSE_OK;
}

static enum recourse_error end_or_go_on(struct decision *decision, uint64_t hour, struct record_due_hour *row)
{
	struct record_path path = record_path_of_number(RECORD_DUE_HOUR, hour);
	struct record_path pages = record_path_of_number(RECORD_DUE, hour);
	bool any;
	TRY(record_any(decision->state, &pages, &any));
	if (!any)
		return decision_remove(decision, &path);
	row->clock = decision->time;
	return decision_put(decision, &path, row, sizeof *row);
}

/* CLOCK_DUE: of so many claims, and the rest of a page; what is left strikes again at once. */
enum { STEP = 256 };
area_strike overdue_strike;
enum recourse_error overdue_strike(struct decision *decision, slice subject)
{
	struct counts counts = {0};
	struct record_due_hour row;
	uint64_t hour;
	slice page;
	TRY(clock_subject_read_entry(decision, subject, &hour));
	struct record_path path = record_path_of_number(RECORD_DUE_HOUR, hour);
	TRY(decision_find(decision, "subject", &path, &row, sizeof row));
	do {
		TRY(take_page(decision, hour, &page));
		TRY(look_at_page(decision, hour, page, &counts));
	} while (page.size > 0 && counts.looked < STEP);
	decision_fact_integer(decision, "overdue", counts.overdue);
	decision_fact_integer(decision, "later", counts.later);
	decision_fact_integer(decision, "done", counts.done);
	return end_or_go_on(decision, hour, &row);
}
