/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/had.h"

enum recourse_error had_from(
	struct decision *decision, struct record_section *section, slice source, int64_t steps)
{
	struct record_path path = record_path_of_shorts(RECORD_DIRECT, section->incident, section->party);
	int64_t sum;
	record_path_text(&path, source);
	TRY(record_get_optional(decision->state, &path, &sum, sizeof sum, NULL));
	if (amount_add_steps(sum, steps, &sum) != RECOURSE_OK ||
		amount_add_steps(section->elsewhere, steps, &section->elsewhere) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "claim", "the incident's losses within 64 bits");
	return decision_put(decision, &path, &sum, sizeof sum);
}

struct had {
	slice source;
	slice reference;
	struct record_elsewhere row;
};

/* The rows of a claim: the state is not written while it is walked. */
static enum recourse_error list_had(struct decision *decision, slice claim, struct buffer *list)
{
	struct record_path prefix = record_path_of_text(RECORD_ELSEWHERE_CLAIM, claim);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_texts(
			RECORD_ELSEWHERE, walk.key.parts[1].text, walk.key.parts[2].text);
		struct had had;
		TRY(record_get_named(decision->state, &path, &had.row, sizeof had.row));
		TRY(arena_copy(decision->arena, walk.key.parts[1].text, &had.source));
		TRY(arena_copy(decision->arena, walk.key.parts[2].text, &had.reference));
		buffer_append(list, &had, sizeof had);
	}
	return buffer_failed(list) ? RECOURSE_MEMORY : walk.error;
}

enum recourse_error had_count(
	struct decision *decision, struct record_section *section, slice claim, int count)
{
	SCOPED(buffer_free) struct buffer list = {0};
	TRY(list_had(decision, claim, &list));
	const struct had *had = (const void *)list.data;
	for (size_t row = 0; row < list.size / sizeof *had; row++)
		TRY(had_from(decision, section, had[row].source, count * had[row].row.amount));
	return RECOURSE_OK;
}

static enum recourse_error move_rows(struct decision *decision, slice from, slice id)
{
	SCOPED(buffer_free) struct buffer list = {0};
	TRY(list_had(decision, from, &list));
	struct had *had = (void *)list.data;
	for (size_t row = 0; row < list.size / sizeof *had; row++) {
		struct record_path path =
			record_path_of_texts(RECORD_ELSEWHERE, had[row].source, had[row].reference);
		record_text_set(had[row].row.claim, sizeof had[row].row.claim, id);
		TRY(decision_put(decision, &path, &had[row].row, sizeof had[row].row));
	}
	return RECOURSE_OK;
}

enum recourse_error had_follow(struct decision *decision, slice fallen, slice id, struct record_claim *claim)
{
	struct record_claim former;
	struct record_path path = record_path_of_text(RECORD_CLAIM, fallen);
	if (fallen.size == 0 || slice_equal(fallen, id))
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &former, sizeof former));
	if (former.received == 0 || former.voided != 0)
		return RECOURSE_OK;
	TRY(move_rows(decision, fallen, id));
	claim->received = former.received;
	former.received = 0;
	former.last_entry = decision->entry;
	TRY(decision_put(decision, &path, &former, sizeof former));
	return decision_about(decision, RECORD_CLAIM, fallen);
}
