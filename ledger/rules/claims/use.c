/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/use.h"

/* Said a second time with another quantity. A third one adds nothing to what is in dispute already. */
static enum recourse_error dispute(struct decision *decision, const struct record_path *path,
	const struct use *use, struct record_use *known)
{
	if (!slice_equal(use->lot, RECORD_TEXT(known->entitlement)) || use->steps == known->steps)
		return refuse_entry(decision, RECOURSE_EXISTS, "reference", known->entry);
	if (known->disputed_entry != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "reference", known->disputed_entry);
	known->disputed_entry = decision->entry;
	decision_fact_integer(decision, "disputes", known->entry);
	return decision_put(decision, path, known, sizeof *known);
}

enum recourse_error use_count(struct decision *decision, const struct use *use, uint64_t *disputed)
{
	struct record_path path = record_path_of_texts(RECORD_USE, use->source, use->reference);
	struct record_use record;
	TRY(record_get_optional(decision->state, &path, &record, sizeof record, NULL));
	*disputed = record.taken_back == 0 ? record.entry : 0;
	if (*disputed != 0)
		return dispute(decision, &path, use, &record);
	record = (struct record_use){.steps = use->steps, .entry = decision->entry};
	record_text_set(record.entitlement, sizeof record.entitlement, use->lot);
	return decision_put(decision, &path, &record, sizeof record);
}

/* ---- one that was a slip ---- */

static enum recourse_error name_use(
	struct decision *decision, const struct record_walk *walk, struct record_path *path)
{
	slice source;
	slice reference;
	TRY(arena_copy(decision->arena, walk->key.parts[1].text, &source));
	TRY(arena_copy(decision->arena, walk->key.parts[2].text, &reference));
	*path = record_path_of_texts(RECORD_USE, source, reference);
	return RECOURSE_OK;
}

enum recourse_error use_said_by(
	struct decision *decision, slice lot, uint64_t entry, struct use_said *said, bool *there)
{
	struct record_path prefix = record_path_of_text(RECORD_USE_LOT, lot);
	const struct record_use *record = &said->record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*there = false;
	while (!*there && record_walk_next(&walk, NULL, 0)) {
		TRY(name_use(decision, &walk, &said->path));
		TRY(record_get_named(decision->state, &said->path, &said->record, sizeof said->record));
		said->dispute = record->disputed_entry == entry;
		*there = said->dispute || record->entry == entry || record->taken_back == entry;
	}
	return walk.error;
}

static enum recourse_error find_first(
	struct decision *decision, slice lot, struct record_path *path, bool *there)
{
	struct record_path prefix = record_path_of_text(RECORD_USE_LOT, lot);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*there = record_walk_next(&walk, NULL, 0);
	return *there ? name_use(decision, &walk, path) : walk.error;
}

enum recourse_error use_forget(struct decision *decision, slice lot)
{
	struct record_path path;
	bool there;
	TRY(find_first(decision, lot, &path, &there));
	while (there) {
		TRY(decision_remove(decision, &path));
		TRY(find_first(decision, lot, &path, &there));
	}
	return RECOURSE_OK;
}

enum recourse_error use_take_back(struct decision *decision, struct use_said *said)
{
	said->record.disputed_entry = 0;
	if (!said->dispute)
		said->record.taken_back = decision->entry;
	return decision_put(decision, &said->path, &said->record, sizeof said->record);
}

enum recourse_error use_count_again(struct decision *decision, struct use_said *said)
{
	said->record.taken_back = 0;
	said->record.entry = decision->entry;
	return decision_put(decision, &said->path, &said->record, sizeof said->record);
}
