/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/rail.h"

#include "rule/view.h"

struct rail_row {
	slice id;
	struct record_rail record;
};

#define RAIL_COLUMN(kind, title, member, text) COLUMN(kind, title, struct rail_row, record.member, text)
static const struct recourse_column rail_columns[] = {
	{COLUMN(ID, "rail", struct rail_row, id, "as payees name it")},
	{RAIL_COLUMN(INTEGER, "version", version, "in force")},
	{RAIL_COLUMN(ENTRY, "entry", entry, "that published it")},
	{COLUMN_PARTY("custodian", struct rail_row, record.custodian, "who pays by it")},
	{RAIL_COLUMN(UNIT, "unit", unit, "in which")},
	{COLUMN_CHOICE("kind", rail_kinds, struct rail_row, record.kind, "what its files are")},
	{RAIL_COLUMN(INTEGER, "id_length", id_length, "characters of a payment's id,")},
	{COLUMN_CHOICE("id_alphabet", payment_id_alphabets, struct rail_row, record.id_alphabet, "of these")},
	{RAIL_COLUMN(INTEGER, "lines", lines, "most payments of one file")},
	{RAIL_COLUMN(INTEGER, "query_days", query_days, "for which it says what became of a payment")},
	{RAIL_COLUMN(INTEGER, "awaiting_hours", awaiting_hours,
		"for which a payee may take a payment that waits for that")},
	{COLUMN_AMOUNT("least", struct rail_row, record.least, record.unit, "of a payment; zero: any")},
	{COLUMN_AMOUNT("most", struct rail_row, record.most, record.unit, "of a payment; zero: any")},
	{COLUMN_CHOICE("group_status", rail_group_statuses, struct rail_row, record.group_status,
		"whether what it says of a message stands for payments named in it without their own, or not "
		"named")},
};
enum { RAIL_COLUMNS = sizeof rail_columns / sizeof rail_columns[0] };

/* Everybody who reads all, and the custodian whose it is. */
static bool is_seen(const struct query *query, const struct record_rail *rail)
{
	return query_sees_all(query) || rail->custodian == query->actor->party_number;
}

/* ---- rail.show ---- */

enum { SHOW_RAIL };
static const struct recourse_field show_fields[] = {FIELD(ID, "rail", "as payees name it")};

static enum recourse_error find_rail(struct query *query, void *found)
{
	struct rail_row *row = found;
	row->id = query->values[SHOW_RAIL].text;
	struct record_path path = rail_path(row->id);
	TRY(query_record(query, "rail", &path, &row->record, sizeof row->record));
	return is_seen(query, &row->record) ? RECOURSE_OK : query_absent(query, "rail");
}

/* ---- rail.list ---- */

static const struct recourse_field list_fields[] = {QUERY_ROWS("most rails of a page")};

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct rail_row row = {.id = walk->key.parts[0].text};
	TRY(view_record(walk, &row.record, sizeof row.record));
	return is_seen(rows->query, &row.record) ? view_add(rows, &row) : RECOURSE_OK;
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE_OF(TEXT, next, "rails", rail_columns, RAIL_COLUMNS, struct view_list, range, visit,
		"by name; a custodian's own"),
};

static enum recourse_error find_list(struct query *query, void *found)
{
	struct view_list *list = found;
	(void)query;
	list->range.prefix = record_path_of(RECORD_RAIL);
	return RECOURSE_OK;
}

#define RAIL_READERS (QUERY_READ_ALL | RECOURSE_ROLE_CUSTODIAN)
static const struct query_row rows[] = {
	VIEW("rail.show", RAIL_READERS, show_fields, rail_columns, struct rail_row, find_rail,
		"a rail that payments go by, as published last"),
	VIEW("rail.list", RAIL_READERS, list_fields, list_columns, struct view_list, find_list,
		"all rails; a custodian's own"),
};
const struct query_group rail_view_group = {rows, sizeof rows / sizeof rows[0]};
