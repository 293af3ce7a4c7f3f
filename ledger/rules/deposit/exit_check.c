/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

/* A5: what an exit says of its items, its blocks and what is overdue is what these add up to. */
static const struct check_sum items = {
	.sum = offsetof(struct record_exit, retained),
	.rows = RECORD_EXIT_ITEM,
	.addend = offsetof(struct record_exit_item, amount),
	.unless = offsetof(struct record_exit_item, released_entry),
	.of = "A5: exit ",
	.what = " does not sum up: its items",
};
static const struct check_sum blocks = {
	.sum = offsetof(struct record_exit, blocks),
	.rows = RECORD_EXIT_BLOCK,
	.counted = true,
	.of = "A5: exit ",
	.what = " does not sum up: the incidents that block it",
};

static enum recourse_error look_at_overdue(struct check_context *check, const struct check_row *row)
{
	const struct record_exit *record = row->record;
	slice id = row->key->parts[0].text;
	slice merchant;
	int64_t held;
	TRY(party_name(check->state, check->arena, record->merchant, &merchant));
	TRY(account_balance(check->state, CHART_DEPOSIT_EXIT, merchant, id, &record->unit, &held));
	int64_t overdue = record->overdue_entry == 0 ? 0 : exit_refundable(record, held);
	return check_that_id(check, row, record->overdue == overdue, "A5: exit ",
		" is overdue with another amount than can be paid");
}

/* Its notice and its tail last as long as its policy says, and it is paid within as many days. */
static enum recourse_error look_at_days(struct check_context *check, const struct check_row *row)
{
	const struct record_exit *record = row->record;
	struct record_path path =
		publish_path(RECORD_POLICY, RECORD_TEXT(record->policy), record->policy_version);
	struct record_policy policy;
	TRY(record_get_optional(check->state, &path, &policy, sizeof policy, NULL));
	uint64_t notice = record->requested + (uint64_t)policy.notice_days * INSTANT_DAY;
	uint64_t tail = notice + (uint64_t)policy.tail_days * INSTANT_DAY;
	bool clocked = (record->notice_clock == 0 || record->notice_clock == notice) &&
		       (record->tail_clock == 0 || record->tail_clock == tail);
	return check_that_id(check, row,
		record->notice_ends == notice && record->tail_ends == tail && clocked &&
			record->refund_days == policy.refund_days,
		"A5: exit ", " lasts for another time than its policy says");
}

/* All units together: sums that make each other good are as unlikely as they are wrong. */
static enum recourse_error look_at_overdue_sums(struct check_context *check, const struct check_row *row)
{
	struct record_path exits = record_path_of(RECORD_EXIT);
	struct record_path sums = record_path_of(RECORD_EXIT_OVERDUE_SUM);
	struct record_exit exit;
	struct record_exit_overdue all;
	int64_t count = 0;
	__int128 steps = 0;
	SCOPED(record_walk_end) struct record_walk each = record_walk_over(check->state, &exits);
	SCOPED(record_walk_end) struct record_walk sum = record_walk_over(check->state, &sums);
	(void)row;
	while (record_walk_next(&each, &exit, sizeof exit)) {
		count += exit.overdue != 0;
		steps += exit.overdue;
	}
	TRY(each.error);
	while (record_walk_next(&sum, &all, sizeof all)) {
		count -= (int64_t)all.exits;
		steps -= all.steps;
	}
	TRY(sum.error);
	if (count != 0 || steps != 0)
		return check_wrong(check, "A5: the overdue exits are not as many, or as much, as is said");
	return RECOURSE_OK;
}

static const struct check rows[] = {
	{RECORD_EXIT, offsetof(struct record_exit, entry), check_sum, &items},
	{RECORD_EXIT, offsetof(struct record_exit, entry), check_sum, &blocks},
	{RECORD_EXIT, offsetof(struct record_exit, entry), look_at_overdue, NULL},
	{RECORD_EXIT, offsetof(struct record_exit, entry), look_at_days, NULL},
	{.look = look_at_overdue_sums},
};
const struct check_group exit_check_rows = CHECK_GROUP(rows);
