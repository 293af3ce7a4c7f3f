/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/waiting_kept.h"

#include "rules/incident/section.h"

static struct record_path split_path(uint64_t entry, uint32_t party)
{
	struct record_path path = record_path_of_number(RECORD_ISSUERS_SPLIT, entry);
	record_path_short(&path, party);
	return path;
}

static bool has_share(const struct record_issuers_split *split)
{
	return split->weight != 0 || split->had != 0 || split->yields != 0 || split->later != 0 ||
	       split->later_most != 0;
}

static enum recourse_error keep(struct decision *decision, const struct waiting *waiting, uint32_t party,
	struct record_issuers_split *split, const struct waiting_given *given, size_t count)
{
	struct record_path path = split_path(decision->entry, party);
	split->incident = waiting->incident.number;
	for (size_t index = 0; index < count; index++) {
		if (given[index].party != party)
			continue;
		split->given = given[index].given;
		split->back = given[index].back;
	}
	return decision_put(decision, &path, split, sizeof *split);
}

/* Its own section's row says what there was to split, whether that has claims or not. */
static enum recourse_error keep_issuers(struct decision *decision, const struct waiting *waiting,
	const struct waiting_given *given, size_t count)
{
	struct record_issuers_split split = {.weight = 0};
	for (size_t row = 0; row < waiting->count; row++) {
		if (waiting->rows[row].own)
			split = waiting->rows[row].told;
	}
	split.issuers = waiting->issuers;
	split.own_later = waiting->own_later;
	split.own_barred = waiting->own_barred;
	split.restored = waiting->bar.restored;
	return keep(decision, waiting, waiting->incident.issuer, &split, given, count);
}

enum recourse_error waiting_kept_put(struct decision *decision, const struct waiting *waiting,
	const struct waiting_given *given, size_t count)
{
	bool any = false;
	for (size_t index = 0; index < count; index++)
		any = any || given[index].given + given[index].back > 0;
	if (!any)
		return RECOURSE_OK;
	for (size_t row = 0; row < waiting->count; row++) {
		struct record_issuers_split split = waiting->rows[row].told;
		if (!waiting->rows[row].own && has_share(&split))
			TRY(keep(decision, waiting, waiting->rows[row].party, &split, given, count));
	}
	return keep_issuers(decision, waiting, given, count);
}

static enum recourse_error list_kept(struct state_view *view, uint64_t entry, struct buffer *parties)
{
	const struct record_path prefix = record_path_of_number(RECORD_ISSUERS_SPLIT, entry);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		const uint32_t party = (uint32_t)walk.key.parts[1].number;
		buffer_append(parties, &party, sizeof party);
	}
	return buffer_failed(parties) ? RECOURSE_MEMORY : walk.error;
}

enum recourse_error waiting_kept_forget(struct decision *decision, uint64_t entry)
{
	SCOPED(buffer_free) struct buffer parties = {.size = 0};
	TRY(list_kept(decision->state, entry, &parties));
	const uint32_t *party = (const void *)parties.data;
	for (size_t index = 0; index < parties.size / sizeof *party; index++) {
		struct record_path path = split_path(entry, party[index]);
		TRY(decision_remove(decision, &path));
	}
	return RECOURSE_OK;
}

/* ---- and read ---- */

static void take_row(struct waiting *waiting, const struct record_issuers_split *split, uint32_t party)
{
	struct waiting_row *row = &waiting->rows[waiting->count++];
	*row = (struct waiting_row){
		.share = {.weight = split->weight, .had = split->had, .room = split->room},
		.decided = split->decided,
		.yields = split->yields,
		.later_lost = split->later_lost,
		.later = split->later,
		.later_decided = split->later_decided,
		.later_had = split->later_had,
		.later_most = split->later_most,
		.shut = split->shut != 0,
		.own = party == waiting->incident.issuer,
		.party = party,
	};
	if (!row->own)
		return;
	waiting->issuers = split->issuers;
	waiting->own_later = split->own_later;
	waiting->own_barred = split->own_barred;
	waiting->bar.restored = split->restored;
}

enum recourse_error waiting_kept_read(
	struct state_view *view, struct arena *arena, uint64_t entry, struct waiting *waiting)
{
	const struct record_path prefix = record_path_of_number(RECORD_ISSUERS_SPLIT, entry);
	const size_t most = waiting->incident.sections + 1;
	struct record_issuers_split split;
	waiting->count = 0;
	waiting->rows = arena_allocate(arena, most * sizeof *waiting->rows);
	if (waiting->rows == NULL)
		return RECOURSE_MEMORY;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (waiting->count < most && record_walk_next(&walk, &split, sizeof split))
		take_row(waiting, &split, (uint32_t)walk.key.parts[1].number);
	TRY(walk.error);
	for (size_t row = 0; row < waiting->count; row++)
		TRY(party_name(view, arena, waiting->rows[row].party, &waiting->rows[row].merchant));
	waiting_order(waiting);
	return RECOURSE_OK;
}
