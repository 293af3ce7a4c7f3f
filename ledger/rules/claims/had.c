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
	int64_t steps;
};

/* The rows of a claim: the state is not written while it is walked. */
static enum recourse_error list_had(struct decision *decision, slice claim, struct buffer *list)
{
	struct record_path prefix = record_path_of_text(RECORD_ELSEWHERE_CLAIM, claim);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_texts(
			RECORD_ELSEWHERE, walk.key.parts[1].text, walk.key.parts[2].text);
		struct record_elsewhere row;
		struct had had;
		TRY(record_get_named(decision->state, &path, &row, sizeof row));
		TRY(arena_copy(decision->arena, walk.key.parts[1].text, &had.source));
		had.steps = row.amount;
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
		TRY(had_from(decision, section, had[row].source, count * had[row].steps));
	return RECOURSE_OK;
}
