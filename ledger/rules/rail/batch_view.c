/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/payment_view.h"

#include "proof/message_id.h"
#include "rules/incident/incident.h"

struct batch_row {
	slice id;
	slice incident; /* empty: all */
	struct record_payment_batch record;
	struct record_rail rail;
	struct view_range files;
	uint64_t file; /* which of its files is asked for; 0: none is */
	char incident_id[TEXT_ID_SIZE];
};

/* ---- files ---- */

struct file_row {
	uint64_t file;
	struct unit unit;
	struct record_batch_file record;
	char hash[2 * RECORD_MARK_SIZE];
};
#define FILE_COLUMN(kind, title, member, text) COLUMN(kind, title, struct file_row, member, text)
static const struct recourse_column file_columns[] = {
	{FILE_COLUMN(INTEGER, "file", file, "which one, from 1 on")},
	{FILE_COLUMN(TEXT, "file_hash", hash, "its SHA-256")},
	{FILE_COLUMN(INTEGER, "count", record.count, "of its payments")},
	{COLUMN_AMOUNT("total", struct file_row, record.total, unit, "of them")},
	{FILE_COLUMN(ENTRY, "entry", record.entry, "that said so")},
	{COLUMN_KEY("sent_by", struct file_row, record.sender, "who did")},
};

static enum recourse_error visit_file(struct view_rows *rows, const struct record_walk *walk)
{
	struct file_row row = {
		.file = view_last_number(walk), .unit = ((const struct batch_row *)rows->above)->rail.unit};
	char hash[2 * RECORD_MARK_SIZE + 1];
	TRY(view_record(walk, &row.record, sizeof row.record));
	text_to_hex(row.record.hash, sizeof row.record.hash, hash);
	memcpy(row.hash, hash, sizeof row.hash);
	return view_add(rows, &row);
}

/* ---- batch.show ---- */

#define BATCH_COLUMN(kind, title, member, text) COLUMN(kind, title, struct batch_row, member, text)
static const struct recourse_column batch_columns[] = {
	{BATCH_COLUMN(ID, "batch", id, "its id")},
	{BATCH_COLUMN(ID, "rail", record.rail, "by which its payments go")},
	{BATCH_COLUMN(ID, "incident", incident, "of which; absent: all of the rail"), OPTIONAL},
	{COLUMN_PARTY("custodian", struct batch_row, rail.custodian, "who pays them")},
	{COLUMN_CHOICE("state", life_payment_batch_states, struct batch_row, record.state, "how far it is")},
	{BATCH_COLUMN(INTEGER, "count", record.count, "of its payments")},
	{COLUMN_AMOUNT("total", struct batch_row, record.total, rail.unit, "of them")},
	{BATCH_COLUMN(UNIT, "unit", rail.unit, "in which")},
	{BATCH_COLUMN(INTEGER, "lines", record.lines, "most of a file, as its rail had it when it was made")},
	{BATCH_COLUMN(ENTRY, "first", record.first, "the first one's order,")},
	{BATCH_COLUMN(ENTRY, "last", record.last, "and the last one's")},
	{BATCH_COLUMN(TIME, "made", record.time, "when it was")},
	{BATCH_COLUMN(ENTRY, "made_entry", record.entry, "by which")},
	{COLUMN_KEY("made_by", struct batch_row, record.maker, "by whom")},
	{BATCH_COLUMN(ENTRY, "checked_entry", record.checked_entry, "by which another person agreed"),
		OPTIONAL},
	{COLUMN_KEY("checked_by", struct batch_row, record.checker, "who did"), OPTIONAL},
	{BATCH_COLUMN(INTEGER, "files", record.files, "that went out"), OPTIONAL},
	{BATCH_COLUMN(INTEGER, "of", record.of, "of so many"), OPTIONAL},
	{BATCH_COLUMN(INTEGER, "sent_count", record.sent_count, "payments that those have"), OPTIONAL},
	{COLUMN_AMOUNT("sent_total", struct batch_row, record.sent_total, rail.unit, "what they come to")},
	{BATCH_COLUMN(ENTRY, "sent_entry", record.sent_entry, "by which the last file went out"), OPTIONAL},
	{BATCH_COLUMN(ENTRY, "withdrawn_entry", record.withdrawn_entry, "by which it was withdrawn"),
		OPTIONAL},
	{BATCH_COLUMN(INTEGER, "file", file, "which of its files calls itself as was asked"), OPTIONAL},
};
enum { BATCH_COLUMNS = sizeof batch_columns / sizeof batch_columns[0] };

static enum recourse_error fill(struct query *query, struct batch_row *row)
{
	struct record_path path = rail_path(RECORD_TEXT(row->record.rail));
	struct record_incident incident;
	TRY(record_get_named(query->state, &path, &row->rail, sizeof row->rail));
	if (row->record.incident == 0)
		return RECOURSE_OK;
	TRY(incident_load(query->state, row->record.incident, &incident));
	memcpy(row->incident_id, incident.id, sizeof row->incident_id);
	row->incident = RECORD_TEXT(row->incident_id);
	return RECOURSE_OK;
}

static enum recourse_error find_seen(struct query *query, slice id, struct batch_row *row)
{
	struct record_path path = payment_batch_path(id);
	row->id = id;
	TRY(query_record(query, "batch", &path, &row->record, sizeof row->record));
	TRY(fill(query, row));
	return payment_view_sees(query, &row->rail, row->record.checked_entry != 0)
		       ? RECOURSE_OK
		       : query_absent(query, "batch");
}

enum { SHOW_BATCH, SHOW_MESSAGE };
static const struct recourse_field show_fields[] = {
	[SHOW_BATCH] = FIELD_OPTIONAL(ID, "batch", "its id"),
	[SHOW_MESSAGE] = FIELD_OPTIONAL_TEXT(
		"message_id", MESSAGE_ID_SIZE, "instead: what one of its files calls itself, sent or not"),
};

/* The one that was made by that entry; there is none where no name is found. */
static enum recourse_error find_made(struct query *query, slice rail, uint64_t entry, slice *id)
{
	struct record_path prefix = record_path_of_text(RECORD_PAYMENT_BATCH_RAIL, rail);
	record_path_number(&prefix, entry);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(query->state, &prefix);
	if (record_walk_next(&walk, NULL, 0))
		TRY(arena_copy(query->arena, walk.key.parts[2].text, id));
	return walk.error;
}

/* There are few rails, and a name does not say of which it is: its check does. */
static enum recourse_error find_by_message(struct query *query, struct batch_row *row)
{
	slice message = query->values[SHOW_MESSAGE].text;
	struct record_path path = record_path_of(RECORD_LEDGER);
	struct record_path prefix = record_path_of(RECORD_RAIL);
	struct record_ledger ledger;
	slice id = slice_text("");
	uint64_t entry;
	TRY(record_get_named(query->state, &path, &ledger, sizeof ledger));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(query->state, &prefix);
	while (id.size == 0 && record_walk_next(&walk, NULL, 0)) {
		slice rail = walk.key.parts[0].text;
		if (message_id_read(RECORD_TEXT(ledger.origin), rail, message, &entry, &row->file) ==
			RECOURSE_OK)
			TRY(find_made(query, rail, entry, &id));
	}
	TRY(walk.error);
	if (id.size == 0)
		return query_absent(query, "message_id");
	TRY(query_found(query, find_seen(query, id, row), "message_id"));
	uint64_t files = (row->record.count + row->record.lines - 1) / row->record.lines;
	return row->file > 0 && row->file <= files ? RECOURSE_OK : query_absent(query, "message_id");
}

static enum recourse_error find_batch(struct query *query, void *found)
{
	bool named = query->values[SHOW_BATCH].present;
	if (named == query->values[SHOW_MESSAGE].present)
		return refusal_field(query->refusal, named ? RECOURSE_FIELD_LIMIT : RECOURSE_FIELD_MISSING,
			"batch", "a batch or a message_id");
	return named ? find_seen(query, query->values[SHOW_BATCH].text, found)
		     : find_by_message(query, found);
}

/* ---- batch.files ---- */

static const struct recourse_field files_fields[] = {
	FIELD(ID, "batch", "its id"),
	QUERY_PAGE,
};
static const struct recourse_column files_columns[] = {
	VIEW_PAGE(ENTRY, next_entry, "files", file_columns, struct batch_row, files, visit_file, "by number"),
};

/* ---- batch.list ---- */

enum { LIST_RAIL };
static const struct recourse_field list_fields[] = {
	[LIST_RAIL] = FIELD_OPTIONAL(ID, "rail", "by which their payments go"),
	QUERY_ROWS("most batches of a page"),
};

static enum recourse_error visit_batch(struct view_rows *rows, const struct record_walk *walk)
{
	struct batch_row row = {.id = walk->key.parts[2].text};
	struct record_path path = payment_batch_path(row.id);
	TRY(record_get_named(rows->query->state, &path, &row.record, sizeof row.record));
	TRY(fill(rows->query, &row));
	return payment_view_sees(rows->query, &row.rail, row.record.checked_entry != 0) ? view_add(rows, &row)
											: RECOURSE_OK;
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE_OF(TEXT, next, "batches", batch_columns, BATCH_COLUMNS, struct view_list, range,
		visit_batch, "by rail, as they were made; a custodian's own that were checked"),
};

static enum recourse_error find_list(struct query *query, void *found)
{
	struct view_range *range = &((struct view_list *)found)->range;
	struct record_path *prefix = &range->prefix;
	/* no page ends at what whoever asks does not see */
	range->looks = query_sees_all(query) ? 0 : UINT64_MAX;
	record_path_start(prefix, RECORD_PAYMENT_BATCH_RAIL);
	if (query->values[LIST_RAIL].present)
		record_path_text(prefix, query->values[LIST_RAIL].text);
	return RECOURSE_OK;
}

/* ---- batch.payments ---- */

enum { PAYMENTS_BATCH, PAYMENTS_FROM };
static const struct recourse_field payments_fields[] = {
	[PAYMENTS_BATCH] = FIELD(ID, "batch", "its id"),
	[PAYMENTS_FROM] = QUERY_PAGE,
};

struct payments {
	struct batch_row batch;
	struct payment_batch_takers takers;
	struct view_range range;
};

static enum recourse_error visit_payment(struct view_rows *rows, const struct record_walk *walk)
{
	const struct payments *list = rows->above;
	struct payment_batch_takers takers = list->takers;
	struct payment_row row = {
		.rail = RECORD_TEXT(list->batch.record.rail), .entry = view_last_number(walk)};
	TRY(view_record(walk, &row.record, sizeof row.record));
	if (!payment_batch_has(&takers, &list->batch.record, &row.record, row.entry))
		return RECOURSE_OK;
	TRY(payment_view_fill(rows->query, &list->batch.rail, &row));
	return view_add(rows, &row);
}

static const struct recourse_column payments_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE_OF(ENTRY, next_entry, "payments", payment_view_columns, PAYMENT_VIEW_COLUMNS,
		struct payments, range, visit_payment, "as they were ordered"),
};

static enum recourse_error find_payments(struct query *query, void *found)
{
	struct payments *list = found;
	const struct record_payment_batch *batch = &list->batch.record;
	TRY(find_seen(query, query->values[PAYMENTS_BATCH].text, &list->batch));
	slice rail = RECORD_TEXT(batch->rail);
	list->range.prefix = record_path_of_text(RECORD_RAIL_ORDER, rail);
	list->range.last = batch->last;
	if (!query->values[PAYMENTS_FROM].present)
		list->range.start = rail_order_path(rail, batch->first);
	return payment_batch_takers(
		query->state, query->arena, rail, batch->first, batch->entry, &list->takers);
}

static enum recourse_error find_files(struct query *query, void *found)
{
	struct batch_row *row = found;
	TRY(find_seen(query, query->values[SHOW_BATCH].text, row));
	row->files.prefix = record_path_of_text(RECORD_BATCH_FILE, row->id);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW_REFUSED("batch.show", PAYMENT_READERS, show_fields, batch_columns, struct batch_row, find_batch,
		"a batch of payments: count, total, who made and checked it, how much of it went out",
		RECOURSE_FIELD_LIMIT),
	VIEW("batch.files", PAYMENT_READERS, files_fields, files_columns, struct batch_row, find_files,
		"the files of a batch that went out, each with its SHA-256"),
	VIEW("batch.list", PAYMENT_READERS, list_fields, list_columns, struct view_list, find_list,
		"batches of payments: all, or a rail's; a custodian's own that were checked"),
	VIEW("batch.payments", PAYMENT_READERS, payments_fields, payments_columns, struct payments,
		find_payments, "the payments of a batch, as they are written to files"),
};
const struct query_group batch_view_group = {rows, sizeof rows / sizeof rows[0]};
