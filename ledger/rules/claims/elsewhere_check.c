/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* I5: what a claim had elsewhere is what was recorded, payment by payment, and counts for its section by source. */

static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path prefix = record_path_of_text(RECORD_ELSEWHERE_CLAIM, row->key->parts[0].text);
	__int128 left = claim->received;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_texts(
			RECORD_ELSEWHERE, walk.key.parts[1].text, walk.key.parts[2].text);
		struct record_elsewhere had;
		TRY(record_get_named(check->state, &path, &had, sizeof had));
		left -= had.amount;
	}
	TRY(walk.error);
	return check_that_id(check, row, left == 0, "I5: claim ", " had elsewhere what nobody recorded");
}

static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	struct record_path prefix = record_path_of_shorts(RECORD_DIRECT, section->incident, section->party);
	__int128 left = section->elsewhere;
	int64_t steps;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &steps, sizeof steps))
		left -= steps;
	TRY(walk.error);
	return check_that(check, row, left == 0,
		"I5: what claimants of a section had elsewhere does not sum up by source");
}

static const struct check rows[] = {
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.table = RECORD_SECTION, .look = look_at_section},
};
const struct check_group elsewhere_check_rows = CHECK_GROUP(rows);
