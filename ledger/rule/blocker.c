/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/blocker.h"

#include "rule/area.h"

enum recourse_error blocker_add(struct blockers *list, const struct blocker *blocker)
{
	list->count++;
	return list->take == NULL ? RECOURSE_OK : list->take(list->context, blocker);
}

enum recourse_error blocker_page(struct blockers *list, const struct blocker *blocker)
{
	if (list->count < list->most)
		return blocker_add(list, blocker);
	return blocker_end_page(list, blocker->of);
}

enum recourse_error blocker_end_page(struct blockers *list, slice of)
{
	list->full = true;
	return arena_copy(list->arena, of, &list->next);
}

enum recourse_error blocker_walk(struct blockers *list)
{
	for (; registry_areas[list->area] != NULL; list->area++) {
		area_blockers_walker *walk = registry_areas[list->area]->blockers;
		if (walk != NULL)
			TRY(walk(list));
		if (list->full && list->take != NULL)
			return RECOURSE_OK;
		/* where they are counted, what is too many of one area hides no other */
		list->full = false;
		if (list->take == NULL)
			list->most = list->count + BLOCKERS_COUNTED_MAX;
		list->from = slice_text("");
	}
	return RECOURSE_OK;
}

enum recourse_error blocker_count(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint64_t now, uint64_t *count)
{
	struct blockers list = {
		.view = view, .arena = arena, .incident = incident, .now = now, .most = BLOCKERS_COUNTED_MAX};
	TRY(blocker_walk(&list));
	*count = list.count;
	return RECOURSE_OK;
}

/* ---- the first one ---- */

struct found {
	struct arena *arena;
	struct blocker *first;
	bool any;
};

static enum recourse_error take_first(void *context, const struct blocker *blocker)
{
	struct found *found = context;
	if (found->any)
		return RECOURSE_OK;
	found->any = true;
	*found->first = *blocker;
	return arena_copy(found->arena, blocker->of, &found->first->of);
}

/* So many claims of nothing come before it that it was not looked for any further. */
static void find_none(const struct blockers *list, struct blocker *first)
{
	*first = (struct blocker){.what = "claims are not paid",
		.of = list->next,
		.entry = list->incident->entry,
		.next = "see the list",
		.by = "operator"};
}

static enum recourse_error walk_first(struct blockers *list, struct blocker *first, bool *any)
{
	struct found found = {.arena = list->arena, .first = first};
	list->take = take_first;
	list->context = &found;
	TRY(blocker_walk(list));
	if (!found.any && list->full)
		find_none(list, first);
	*any = found.any || list->full;
	return RECOURSE_OK;
}

enum recourse_error blocker_first(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint64_t now, bool but_claims, struct blocker *first,
	bool *any)
{
	struct blockers list = {.view = view,
		.arena = arena,
		.incident = incident,
		.now = now,
		.but_claims = but_claims,
		.most = 1};
	return walk_first(&list, first, any);
}

enum recourse_error blocker_of_section(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint64_t now, uint32_t section, struct blocker *first,
	uint64_t *count)
{
	struct blockers list = {.view = view,
		.arena = arena,
		.incident = incident,
		.now = now,
		.section = section,
		.most = BLOCKERS_COUNTED_MAX};
	bool any;
	TRY(walk_first(&list, first, &any));
	*count = any && list.count == 0 ? 1 : list.count;
	return RECOURSE_OK;
}
