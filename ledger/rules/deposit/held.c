/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/held.h"

/* Goes through what is held, hold by hold, in the order of their ids. */
struct holds {
	struct account_walk walk;
	const struct unit *unit;
	struct record_hold record; /* the one that it stands at */
};

static struct holds holds_of(struct state_view *view, slice merchant, const struct unit *unit)
{
	return (struct holds){
		.walk = {.view = view, .code = CHART_DEPOSIT_FROZEN, .one_party = true, .party = merchant},
		.unit = unit,
	};
}

/* An incident has an account there, too. */
static bool next_hold(struct holds *holds)
{
	struct account_walk *walk = &holds->walk;
	while (account_walk_next(walk)) {
		struct record_path path = record_path_of_text(RECORD_HOLD, walk->name.reference);
		bool there = false;
		if (walk->account.balance == 0 || !slice_equal(walk->name.unit, unit_code(holds->unit)))
			continue;
		walk->error =
			record_get_optional(walk->view, &path, &holds->record, sizeof holds->record, &there);
		if (there || walk->error != RECOURSE_OK)
			return walk->error == RECOURSE_OK;
	}
	return false;
}

static void end_holds(struct holds *holds)
{
	account_walk_end(&holds->walk);
}

enum recourse_error held_before(
	struct state_view *view, slice merchant, const struct unit *unit, uint64_t before, bool *held)
{
	SCOPED(end_holds) struct holds holds = holds_of(view, merchant, unit);
	*held = false;
	while (!*held && next_hold(&holds))
		*held = holds.record.entry < before && holds.record.held > 0;
	return holds.walk.error;
}

enum recourse_error held_sum(struct state_view *view, slice merchant, const struct unit *unit, int64_t *steps)
{
	SCOPED(end_holds) struct holds holds = holds_of(view, merchant, unit);
	*steps = 0;
	while (next_hold(&holds))
		TRY(amount_add_steps(*steps, holds.record.held, steps));
	return holds.walk.error;
}

enum recourse_error held_blockers(struct blockers *list, slice merchant, int64_t lacking)
{
	SCOPED(end_holds) struct holds holds = holds_of(list->view, merchant, &list->incident->unit);
	while (lacking > 0 && next_hold(&holds)) {
		struct blocker blocker = {.what = "a hold has what its incident lacks",
			.entry = holds.record.entry,
			.steps = amount_least(lacking, holds.record.held),
			.next = "release it",
			.by = "operator",
			.due = holds.record.expires};
		TRY(arena_copy(list->arena, holds.walk.name.reference, &blocker.of));
		TRY(blocker_add(list, &blocker));
		lacking -= blocker.steps;
	}
	return holds.walk.error;
}
