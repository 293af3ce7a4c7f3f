/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hearing/contest.h"

#include "rule/blocker.h"
#include "rules/claims/claim.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"

/*
 * D7: what a ruling left out is kept back as long as it can be appealed: an end that gave it to the merchant would leave nothing for
 * who is right. A section knows until when that may be at the latest, so that none of its claims are looked at after that.
 */

static enum recourse_error take_weight(
	struct blockers *list, slice id, const struct record_decided *weight, uint64_t *looks)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	uint64_t until;
	if ((*looks)++ == VIEW_LOOKS_MAX)
		return blocker_end_page(list, id);
	int64_t contestable = weight_contestable(weight, list->now, &until);
	if (contestable == 0)
		return RECOURSE_OK;
	TRY(record_get_named(list->view, &path, &claim, sizeof claim));
	const struct blocker blocker = {.what = "ruling can be appealed",
		.of = id,
		.entry = claim.last_entry,
		.steps = contestable,
		.next = "wait until nobody can appeal it",
		.by = "clock",
		.due = until};
	return blocker_page(list, &blocker);
}

static enum recourse_error take_section(struct blockers *list, const struct record_path *from,
	const struct record_section *section, uint64_t *looks)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided weight;
	if (section->contestable < list->now)
		return RECOURSE_OK;
	SCOPED(record_walk_end)
	struct record_walk walk =
		record_walk_from(list->view, &prefix, from == NULL ? &prefix : from, STATE_UP);
	while (!list->full && record_walk_next(&walk, &weight, sizeof weight))
		TRY(take_weight(list, walk.key.parts[2].text, &weight, looks));
	return walk.error;
}

/* Where the page begins: with that claim, in its section. */
static enum recourse_error find_start(struct blockers *list, uint32_t *section, struct record_path *from)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, list->from);
	struct record_claim claim;
	bool there;
	*section = 0;
	if (list->from.size == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(list->view, &path, &claim, sizeof claim, &there));
	if (!there || claim.incident != list->incident->number)
		return RECOURSE_QUERY_NOT_FOUND;
	*section = claim.section;
	*from = record_path_of_shorts(RECORD_DECIDED, claim.incident, claim.section);
	record_path_text(from, list->from);
	return RECOURSE_OK;
}

enum recourse_error contest_blockers(struct blockers *list)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, list->incident->number);
	struct record_section section;
	struct record_path from;
	uint32_t first;
	uint64_t looks = 0;
	if (list->but_claims)
		return RECOURSE_OK;
	TRY(find_start(list, &first, &from));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(list->view, &prefix);
	while (!list->full && record_walk_next(&walk, &section, sizeof section)) {
		if (section.party >= first && (list->section == 0 || list->section == section.party))
			TRY(take_section(
				list, first != 0 && section.party == first ? &from : NULL, &section, &looks));
	}
	return walk.error;
}
