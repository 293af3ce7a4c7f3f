/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payee/payee.h"

#include "rule/view.h"

struct payee_row {
	slice id;
	struct record_payee record;
	char account[2 * RECORD_MARK_SIZE];
	slice next; /* empty: none rests */
	char next_hex[2 * RECORD_MARK_SIZE + 1];
	uint64_t from; /* 0: none rests */
	uint64_t changed;
};

#define PAYEE_COLUMN(kind, title, member, text) COLUMN(kind, title, struct payee_row, member, text)
static const struct recourse_column payee_columns[] = {
	{PAYEE_COLUMN(ID, "payee", id, "its reference")},
	{PAYEE_COLUMN(ID, "holder", record.holder, "whose claims are paid to it")},
	{PAYEE_COLUMN(ID, "rail", record.rail, "by which")},
	{PAYEE_COLUMN(TEXT, "account_hash", account, "HMAC of the account that is paid now")},
	{PAYEE_COLUMN(TEXT, "next_account_hash", next, "of the one that rests"), OPTIONAL},
	{PAYEE_COLUMN(TIME, "from", from, "when that is paid"), OPTIONAL},
	{PAYEE_COLUMN(ENTRY, "registered_entry", record.entry, "that registered it")},
	{COLUMN_KEY("registered_by", struct payee_row, record.maker, "who did")},
	{PAYEE_COLUMN(ENTRY, "changed_entry", changed, "since which the account is another one"), OPTIONAL},
	{PAYEE_COLUMN(ENTRY, "closed_entry", record.closed_entry, "since which nothing is paid to it"),
		OPTIONAL},
};
enum { PAYEE_COLUMNS = sizeof payee_columns / sizeof payee_columns[0] };

static void fill(struct payee_row *row, uint64_t now)
{
	char account[2 * RECORD_MARK_SIZE + 1];
	text_to_hex(payee_account(&row->record, now), RECORD_MARK_SIZE, account);
	memcpy(row->account, account, sizeof row->account);
	row->changed = row->record.next_entry;
	if (!payee_rests(&row->record, now))
		return;
	row->from = row->record.from;
	text_to_hex(row->record.next, RECORD_MARK_SIZE, row->next_hex);
	row->next = slice_text(row->next_hex);
}

/* ---- payee.show ---- */

enum { SHOW_PAYEE };
static const struct recourse_field show_fields[] = {FIELD(ID, "payee", "its reference")};

static enum recourse_error find_payee(struct query *query, void *found)
{
	struct payee_row *row = found;
	row->id = query->values[SHOW_PAYEE].text;
	struct record_path path = record_path_of_text(RECORD_PAYEE, row->id);
	TRY(query_record(query, "payee", &path, &row->record, sizeof row->record));
	fill(row, query->now);
	return RECOURSE_OK;
}

/* ---- payee.list ---- */

enum { LIST_HOLDER, LIST_ACCOUNT };
static const struct recourse_field list_fields[] = {
	[LIST_HOLDER] = FIELD_OPTIONAL(ID, "holder", "whose; the last one"),
	[LIST_ACCOUNT] = FIELD_OPTIONAL(HASH, "account_hash", "instead: all that ever named this account"),
	QUERY_ROWS("most payees of a page"),
};

struct payee_list {
	struct view_range range;
	enum record_table table; /* that is walked */
};

/* An id that is good until the walk's next step, by the table: its key, all of its record, or a member of it. */
static enum recourse_error name_of(
	const struct payee_list *list, const struct record_walk *walk, char name[static TEXT_ID_SIZE])
{
	struct record_payee_account account;
	switch ((unsigned)list->table) {
	case RECORD_PAYEE_HOLDER:
		return view_record(walk, name, TEXT_ID_SIZE);
	case RECORD_PAYEE_ACCOUNT:
		TRY(view_record(walk, &account, sizeof account));
		memcpy(name, account.payee, sizeof account.payee);
		return RECOURSE_OK;
	default:
		record_text_set(name, TEXT_ID_SIZE, walk->key.parts[0].text);
		return RECOURSE_OK;
	}
}

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	char name[TEXT_ID_SIZE];
	struct payee_row row = {.from = 0};
	TRY(name_of(rows->above, walk, name));
	row.id = RECORD_TEXT(name);
	struct record_path path = record_path_of_text(RECORD_PAYEE, row.id);
	TRY(record_get_named(rows->query->state, &path, &row.record, sizeof row.record));
	fill(&row, rows->query->now);
	return view_add(rows, &row);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE_OF(TEXT, next, "payees", payee_columns, PAYEE_COLUMNS, struct payee_list, range, visit,
		"by reference, of an account by its holders"),
};

static enum recourse_error find_list(struct query *query, void *found)
{
	struct payee_list *list = found;
	const struct value *holder = &query->values[LIST_HOLDER];
	const struct value *account = &query->values[LIST_ACCOUNT];
	char hex[2 * RECORD_MARK_SIZE + 1];
	if (holder->present && account->present)
		return refusal_field(
			query->refusal, RECOURSE_FIELD_LIMIT, "account_hash", "a holder or an account");
	list->table = holder->present ? RECORD_PAYEE_HOLDER : RECORD_PAYEE;
	list->range.prefix = holder->present ? payee_holder_path(holder->text) : record_path_of(list->table);
	if (!account->present)
		return RECOURSE_OK;
	text_to_hex(account->text.data, account->text.size, hex);
	list->table = RECORD_PAYEE_ACCOUNT;
	list->range.prefix = record_path_of_text(list->table, slice_text(hex));
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("payee.show", QUERY_READ_ALL, show_fields, payee_columns, struct payee_row, find_payee,
		"a payee: whose, which account is paid, and which one rests"),
	VIEW_REFUSED("payee.list", QUERY_READ_ALL, list_fields, list_columns, struct payee_list, find_list,
		"payees: all, a holder's, or all that named one account", RECOURSE_FIELD_LIMIT),
};
const struct query_group payee_view_group = {rows, sizeof rows / sizeof rows[0]};
