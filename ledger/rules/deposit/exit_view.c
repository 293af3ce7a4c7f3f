/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/incident/incident.h"

/* Merchants' exits (A5): where each stands, what is held and kept back and why, what comes next and when. */
enum { EXITS_MERCHANT, EXITS_OVERDUE, EXITS_FROM, EXITS_LIMIT };
static const struct recourse_field exits_fields[] = {
	[EXITS_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	[EXITS_OVERDUE] =
		FIELD_OPTIONAL_CHOICE("overdue", query_no_yes, "yes: only those that are; no if absent"),
	[EXITS_FROM] = FIELD_OPTIONAL(ID, "from", "first exit of the page, as `next` gave it"),
	[EXITS_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most exits of a page"),
};

/* ---- what is kept back ---- */

struct item_row {
	slice exit;
	slice item;
	struct unit unit;
	struct record_exit_item record;
	bool released;
	struct record_texts why;
};

static const char *const item_states[] = {"retained", "released", NULL};
const struct recourse_column exit_view_item_columns[EXIT_VIEW_ITEM_COLUMNS] = {
	{COLUMN(ID, "exit", struct item_row, exit, "from whose hold it is kept")},
	{COLUMN(ID, "item", struct item_row, item, "its id within the exit")},
	{COLUMN_CHOICE("state", item_states, struct item_row, released, "whether it still is")},
	{COLUMN_AMOUNT("amount", struct item_row, record.amount, unit, "how much")},
	{COLUMN(ID, "reason", struct item_row, record.reason, "why")},
	VIEW_TEXTS("reason", struct item_row, why),
	{COLUMN(ENTRY, "entry", struct item_row, record.entry, "that kept it back")},
};

enum recourse_error exit_view_item(struct view_rows *rows, const struct record_walk *walk)
{
	const struct exit_view *exit = rows->above;
	struct item_row row = {.exit = exit->id, .item = walk->key.parts[1].text, .unit = exit->record.unit};
	TRY(view_record(walk, &row.record, sizeof row.record));
	row.released = row.record.released_entry != 0;
	TRY(area_texts(
		rows->query->state, slice_text("exit.retain"), RECORD_TEXT(row.record.reason), &row.why));
	return view_add(rows, &row);
}

/* ---- one exit ---- */

static const char *const step_names[] = {"notice", "tail", "offset", "refund", "none", NULL};
const struct recourse_column exit_view_columns[EXIT_VIEW_COLUMNS] = {
	{COLUMN(ID, "merchant", struct exit_view, merchant, "who leaves")},

	{COLUMN(ID, "exit", struct exit_view, id, "its id")},
	{COLUMN(UNIT, "unit", struct exit_view, record.unit, "of the deposit")},
	{COLUMN_CHOICE("state", life_exit_states, struct exit_view, record.state, "where it stands")},
	{COLUMN_CHOICE("next_step", step_names, struct exit_view, next_step, "what comes next")},
	{COLUMN_CHOICE("overdue", query_no_yes, struct exit_view, overdue, "whether the refund is")},
	{COLUMN(INTEGER, "blocks", struct exit_view, record.blocks, "incidents that stop it")},
	{COLUMN(ID, "blocked_by", struct exit_view, blocker.id, "the first of them"), OPTIONAL},
	{COLUMN_AMOUNT("held", struct exit_view, held, record.unit, "of the deposit, for the exit")},
	{COLUMN_AMOUNT("retained", struct exit_view, record.retained, record.unit, "of which is kept back")},
	{COLUMN_AMOUNT("refundable", struct exit_view, refundable, record.unit, "of which is to be paid")},
	{COLUMN_AMOUNT("refunded", struct exit_view, record.refunded, record.unit, "paid so far")},
	{COLUMN(TIME, "next_due", struct exit_view, next_due, "by when that comes"), OPTIONAL},
	{COLUMN_UNTIL("next_seconds", struct exit_view, next_due, "until then"), OPTIONAL},
	{COLUMN_SINCE("overdue_seconds", struct exit_view, overdue_since, "since it was due"), OPTIONAL},
	{COLUMN(ENTRY, "overdue_entry", struct exit_view, record.overdue_entry, "that said so"), OPTIONAL},
	{COLUMN(ENTRY, "entry", struct exit_view, record.entry, "that requested it")},

	{COLUMN(ID, "policy", struct exit_view, record.policy, "whose terms are in force")},
	{COLUMN(INTEGER, "version", struct exit_view, record.policy_version, "of the policy")},
	{COLUMN(TIME, "requested", struct exit_view, record.requested, "when it was")},
	{COLUMN(TIME, "notice_ends", struct exit_view, record.notice_ends, "when the notice does")},
	{COLUMN(TIME, "tail_ends", struct exit_view, record.tail_ends, "when the tail does")},
	{COLUMN_WALK("items", exit_view_item_columns, struct exit_view, items, exit_view_item,
		"what is kept back")},
};

enum recourse_error exit_view_read(struct query *query, slice id, struct exit_view *exit)
{
	struct record_exit *record = &exit->record;
	struct record_path path = record_path_of_text(RECORD_EXIT, id);
	uint32_t block;
	*exit = (struct exit_view){.id = id};
	TRY(record_get(query->state, &path, record, sizeof *record));
	TRY(party_name(query->state, query->arena, record->merchant, &exit->merchant));
	TRY(account_balance(
		query->state, CHART_DEPOSIT_EXIT, exit->merchant, id, &record->unit, &exit->held));
	if (record->blocks > 0) {
		TRY(exit_block_first(query->state, id, &block));
		TRY(incident_load(query->state, block, &exit->blocker));
	}
	exit->refundable = exit_refundable(record, exit->held);
	bool notice = record->state == EXIT_NOTICE;
	bool tail = record->state == EXIT_TAIL;
	exit->next_step = notice ? "tail" : tail ? "offset" : record->due != 0 ? "refund" : "none";
	exit->next_due = notice ? record->notice_ends : tail ? record->tail_ends : record->due;
	exit->overdue = record->overdue_entry != 0;
	exit->overdue_since = exit->overdue ? record->due : 0;
	exit->items.prefix = record_path_of_text(RECORD_EXIT_ITEM, id);
	return RECOURSE_OK;
}

/* ---- report.exits ---- */

static enum recourse_error visit_exit(struct view_rows *rows, const struct record_walk *walk)
{
	struct exit_view exit;
	TRY(exit_view_read(rows->query, walk->key.parts[1].text, &exit));
	return view_add(rows, &exit);
}

/* How many of all exits are overdue, and what should have been paid: a row for each unit, however many exits. */
struct overdue_row {
	struct unit unit;
	struct record_exit_overdue record;
};

static const struct recourse_column overdue_columns[] = {
	{COLUMN(UNIT, "unit", struct overdue_row, unit, "of the deposits")},
	{COLUMN(INTEGER, "exits", struct overdue_row, record.exits, "that are overdue")},
	{COLUMN_AMOUNT(
		"amount", struct overdue_row, record.steps, unit, "that should have been paid by now")},
};

static enum recourse_error visit_overdue(struct view_rows *rows, const struct record_walk *walk)
{
	struct overdue_row row;
	TRY(view_record(walk, &row.record, sizeof row.record));
	TRY(query_unit(rows->query, "overdue", walk->key.parts[0].text, &row.unit));
	return view_add(rows, &row);
}

struct exits {
	struct view_range page;
	struct view_range overdue; /* none where not all is seen */
};

static const struct recourse_column exits_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ID, next, "exits", exit_view_columns, struct exits, page, visit_exit, "by merchant"),
	{COLUMN_WALK("overdue", overdue_columns, struct exits, overdue, visit_overdue,
		 "all that are, for who sees all"),
		OPTIONAL},
};

/* A page begins at an exit of the list, or the reader has made that up. */
static enum recourse_error find_start(struct query *query, enum record_table table, struct view_range *range)
{
	slice id = query->values[EXITS_FROM].text;
	struct record_path path = record_path_of_text(RECORD_EXIT, id);
	struct record_exit record;
	TRY(query_record(query, "from", &path, &record, sizeof record));
	range->start = record_path_of_short_text(table, record.merchant, id);
	bool listed = range->start.size >= range->prefix.size &&
		      memcmp(range->start.bytes, range->prefix.bytes, range->prefix.size) == 0;
	return listed ? RECOURSE_OK : query_absent(query, "from");
}

static enum recourse_error find_exits(struct query *query, void *row)
{
	struct exits *exits = row;
	struct view_range *range = &exits->page;
	bool overdue = query->values[EXITS_OVERDUE].present && query->values[EXITS_OVERDUE].integer == 1;
	enum record_table table = overdue ? RECORD_EXIT_OVERDUE : RECORD_EXIT_LIST;
	TRY(query_whose_rows(query, "merchant", &query->values[EXITS_MERCHANT], table, &range->prefix));
	if (query_sees_all(query))
		record_path_start(&exits->overdue.prefix, RECORD_EXIT_OVERDUE_SUM);
	if (query->values[EXITS_FROM].present)
		return find_start(query, table, range);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.exits", QUERY_READ_OWN, exits_fields, exits_columns, struct exits, find_exits,
		"merchants' exits: what is held, retained, refundable, next and overdue"),
};
const struct query_group exit_view_group = {rows, sizeof rows / sizeof rows[0]};
