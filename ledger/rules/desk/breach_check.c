/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/breach.h"

#include "rules/claims/measure.h"

#include <stdlib.h>

/* D4: whatever passed while a team or a person had a claim is counted of the claim, and of them. */

static enum recourse_error add_breaches(
	struct check_context *check, const struct record_path *prefix, struct record_breach *sum)
{
	struct record_breach breach;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, prefix);
	*sum = (struct record_breach){.overdues = 0};
	while (record_walk_next(&walk, &breach, sizeof breach))
		breach_add(sum, &breach);
	return walk.error;
}

/* What passed while somebody had it is what passed of it. */
static enum recourse_error look_at_desk_breaches(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct record_path prefix = record_path_of_text(RECORD_BREACH, row->key->parts[0].text);
	struct record_breach sum;
	TRY(add_breaches(check, &prefix, &sum));
	return check_that(check, row, sum.overdues == desk->overdues,
		"D4: days of a claim passed while nobody had it, or somebody who did not");
}

static enum recourse_error look_at_breach(struct check_context *check, const struct check_row *row)
{
	slice id = row->key->parts[0].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_path prefix = record_path_of_text(RECORD_BREACH, id);
	struct record_claim claim;
	struct record_measure measure;
	struct record_breach sum;
	TRY(check_found(check, row, record_get(check->state, &path, &claim, sizeof claim),
		"D4: a day passed of a claim that is not there"));
	TRY(measure_of(check->state, id, &claim, &measure));
	TRY(add_breaches(check, &prefix, &sum));
	return check_that(check, row,
		sum.overdues == (uint64_t)measure.overdues &&
			sum.repeat_contacts == (uint64_t)measure.repeat_contacts,
		"D4: days of a claim passed, or its claimant came again, while nobody had it");
}

/* By team and person, over all claims: one row of the latter after the other, in the order of its key. */
struct holder_sum {
	slice team;
	uint64_t person;
	struct record_breach sum;
};

static int compare_holders(const void *left, const void *right)
{
	const struct holder_sum *one = left;
	const struct holder_sum *other = right;
	int order = slice_compare(one->team, other->team);
	return order != 0 ? order : one->person < other->person ? -1 : one->person > other->person;
}

static enum recourse_error list_holders(struct check_context *check, struct buffer *list)
{
	struct record_path all = record_path_of(RECORD_BREACH_HOLDER);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &all);
	while (record_walk_next(&walk, NULL, 0)) {
		struct holder_sum holder = {.person = walk.key.parts[1].number};
		TRY(arena_copy(check->arena, walk.key.parts[0].text, &holder.team));
		buffer_append(list, &holder, sizeof holder);
	}
	if (list->size > 0)
		qsort(list->data, list->size / sizeof(struct holder_sum), sizeof(struct holder_sum),
			compare_holders);
	return buffer_failed(list) ? RECOURSE_MEMORY : walk.error;
}

static enum recourse_error add_holders(
	struct check_context *check, struct holder_sum *holders, size_t count, struct record_breach *total)
{
	struct record_path all = record_path_of(RECORD_BREACH);
	struct record_breach breach;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &all);
	while (record_walk_next(&walk, &breach, sizeof breach)) {
		const struct holder_sum named = {
			.team = walk.key.parts[1].text, .person = walk.key.parts[2].number};
		struct holder_sum *holder =
			count == 0 ? NULL : bsearch(&named, holders, count, sizeof named, compare_holders);
		if (holder == NULL)
			return check_wrong(
				check, "D4: what passed while somebody had a claim is not that one's");
		breach_add(&holder->sum, &breach);
		breach_add(total, &breach);
	}
	return walk.error;
}

static enum recourse_error look_at_holders(struct check_context *check, const struct check_row *row)
{
	struct record_path promises = record_path_of(RECORD_PROMISE);
	struct record_breach total = {.overdues = 0};
	struct record_promise promise;
	uint64_t missed = 0;
	SCOPED(buffer_free) struct buffer list = {0};
	(void)row;
	TRY(list_holders(check, &list));
	struct holder_sum *holders = (void *)list.data;
	size_t count = list.size / sizeof *holders;
	TRY(add_holders(check, holders, count, &total));
	for (size_t index = 0; index < count; index++) {
		struct record_path path = record_path_of_text(RECORD_BREACH_HOLDER, holders[index].team);
		struct record_breach breach;
		record_path_short(&path, (uint32_t)holders[index].person);
		TRY(record_get_named(check->state, &path, &breach, sizeof breach));
		if (memcmp(&breach, &holders[index].sum, sizeof breach) != 0)
			return check_wrong(
				check, "D4: a team or a person has other breaches than its claims");
	}
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &promises);
	while (record_walk_next(&walk, &promise, sizeof promise))
		missed += promise.missed_entry != 0;
	TRY(walk.error);
	return missed == total.missed
		       ? RECOURSE_OK
		       : check_wrong(check, "D5: promises were missed by nobody, or not missed");
}

static const struct check rows[] = {
	{.table = RECORD_DESK, .look = look_at_desk_breaches},
	{.table = RECORD_BREACH, .look = look_at_breach},
	{.look = look_at_holders},
};
const struct check_group breach_check_rows = CHECK_GROUP(rows);
