/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/unanswered.h"

static struct record_path unanswered_path(slice batch)
{
	return record_path_of_text(RECORD_UNANSWERED, batch);
}

enum recourse_error unanswered_begin(struct decision *decision, slice batch, const struct record_rail *rail)
{
	struct record_path path = unanswered_path(batch);
	uint64_t days =
		rail->query_days > UNANSWERED_SPARE_DAYS ? rail->query_days - UNANSWERED_SPARE_DAYS : 1;
	const struct record_unanswered record = {
		.since = decision->time, .clock = decision->time + days * INSTANT_DAY};
	return decision_put(decision, &path, &record, sizeof record);
}

enum recourse_error unanswered_end(struct decision *decision, slice batch)
{
	struct record_path path = unanswered_path(batch);
	bool there;
	TRY(record_exists(decision->state, &path, &there));
	return there ? decision_remove(decision, &path) : RECOURSE_OK;
}

enum recourse_error unanswered_again(
	struct decision *decision, slice claim, const struct record_claim *record)
{
	struct record_unanswered row;
	struct payment_batch batch;
	struct rail_order order;
	bool any;
	if (!record->on_rail || (record->payout != PAYOUT_INSTRUCTED && record->payout != PAYOUT_REISSUED))
		return RECOURSE_OK;
	TRY(rail_order_last(decision->state, decision->arena, claim, &order));
	TRY(payment_batch_of(decision->state, &order, &batch, &any));
	if (!any || batch.record.files == 0)
		return RECOURSE_OK;
	struct record_path path = unanswered_path(RECORD_TEXT(batch.id));
	TRY(record_get_optional(decision->state, &path, &row, sizeof row, &any));
	if (any && row.from == 0)
		return RECOURSE_OK;
	if (!any)
		row.since = decision->time;
	row.from = 0; /* a look that had gone beyond it begins anew */
	row.clock = decision->time + INSTANT_DAY;
	return decision_put(decision, &path, &row, sizeof row);
}

/* It was neither made nor anything said of it: it is its claim's last order, or another one was made in its place. */
static enum recourse_error is_open(
	struct decision *decision, const struct record_rail_order *order, bool *open)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(order->claim));
	struct record_claim claim;
	*open = order->ended == PAYOUT_INSTRUCTED || order->ended == PAYOUT_REISSUED;
	if (order->ended_entry != 0)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
	*open = claim.payout == PAYOUT_INSTRUCTED || claim.payout == PAYOUT_REISSUED;
	return RECOURSE_OK;
}

/* So many orders are looked at; the rest by the next strike, at once. */
enum { LOOKS_MAX = 65536 };
static enum recourse_error count_open(struct decision *decision, const struct record_payment_batch *batch,
	struct record_unanswered *record, bool *whole)
{
	slice rail = RECORD_TEXT(batch->rail);
	struct record_path prefix = record_path_of_text(RECORD_RAIL_ORDER, rail);
	struct record_path from = rail_order_path(rail, record->from == 0 ? batch->first : record->from);
	struct payment_batch_takers takers;
	struct record_rail_order order;
	uint64_t looks = 0;
	bool open;
	TRY(payment_batch_takers(
		decision->state, decision->arena, rail, batch->first, batch->entry, &takers));
	if (record->from == 0)
		record->open = 0;
	*whole = true;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, &order, sizeof order) && walk.key.parts[1].number <= batch->last) {
		record->from = walk.key.parts[1].number;
		*whole = looks++ < LOOKS_MAX;
		if (!*whole)
			break;
		if (!payment_batch_has(&takers, batch, &order, record->from))
			continue;
		TRY(is_open(decision, &order, &open));
		record->open += open;
	}
	return walk.error;
}

enum recourse_error unanswered_strike(struct decision *decision, slice id)
{
	struct record_path path = unanswered_path(id);
	struct record_path of_batch = payment_batch_path(id);
	struct record_payment_batch batch;
	struct record_unanswered record;
	bool whole;
	TRY(decision_find(decision, "subject", &path, &record, sizeof record));
	TRY(record_get_named(decision->state, &of_batch, &batch, sizeof batch));
	TRY(count_open(decision, &batch, &record, &whole));
	decision_fact_integer(decision, "unanswered", record.open);
	if (whole && record.open == 0)
		return decision_remove(decision, &path);
	if (whole) {
		record.from = 0;
		record.marked = decision->entry;
	}
	record.clock = decision->time + (whole ? INSTANT_DAY : 0);
	return decision_put(decision, &path, &record, sizeof record);
}

/* ---- payment.unanswered ---- */

static const struct recourse_field list_fields[] = {QUERY_ROWS("most batches of a page")};

struct unanswered {
	slice batch;
	struct record_unanswered record;
	struct record_payment_batch of;
};

#define UNANSWERED_COLUMN(kind, title, member, text) COLUMN(kind, title, struct unanswered, member, text)
static const struct recourse_column batch_columns[] = {
	{UNANSWERED_COLUMN(ID, "batch", batch, "that went out")},
	{UNANSWERED_COLUMN(ID, "rail", of.rail, "by which")},
	{UNANSWERED_COLUMN(INTEGER, "count", of.count, "of its payments")},
	{UNANSWERED_COLUMN(TIME, "since", record.since, "when its first file did")},
	{COLUMN_AGE("age_hours", struct unanswered, record.since, "since then")},
	{UNANSWERED_COLUMN(TIME, "query_by", record.clock, "when a clock looks at them, or does again")},
	{UNANSWERED_COLUMN(INTEGER, "unanswered", record.open,
		 "of which nothing had been said by the clock's last look; absent until it looks"),
		OPTIONAL},
	{UNANSWERED_COLUMN(ENTRY, "marked_entry", record.marked, "the clock's, of that"), OPTIONAL},
};

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct unanswered row = {.batch = view_last_text(walk)};
	struct record_path path = payment_batch_path(row.batch);
	TRY(view_record(walk, &row.record, sizeof row.record));
	TRY(record_get_named(rows->query->state, &path, &row.of, sizeof row.of));
	return view_add(rows, &row);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "batches", batch_columns, struct view_list, range, visit, "by id"),
};

static enum recourse_error find_list(struct query *query, void *found)
{
	struct view_list *list = found;
	(void)query;
	list->range.prefix = record_path_of(RECORD_UNANSWERED);
	return RECOURSE_OK;
}

static const struct query_row queries[] = {
	VIEW("payment.unanswered", QUERY_READ_ALL, list_fields, list_columns, struct view_list, find_list,
		"batches that went out, until a clock has found an answer to each payment"),
};
const struct query_group unanswered_view_group = {queries, sizeof queries / sizeof queries[0]};

/* ---- F2: what went out is asked for ---- */

static enum recourse_error look_at_row(struct check_context *check, const struct check_row *row)
{
	const struct record_unanswered *record = row->record;
	struct record_path path = payment_batch_path(row->key->parts[0].text);
	struct record_payment_batch batch;
	bool there;
	TRY(record_get_optional(check->state, &path, &batch, sizeof batch, &there));
	return check_that_id(check, row, there && batch.files > 0 && record->clock > record->since,
		"F2: nobody will ask what became of the payments of batch ", "");
}

static const struct check checks[] = {
	{.table = RECORD_UNANSWERED, .look = look_at_row},
};
const struct check_group unanswered_check_rows = CHECK_GROUP(checks);
