/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/view.h"

/* Balances and histories of single accounts: as they are, or as they were after an entry. */

#define ACCOUNT_FIELDS                                                                                       \
	FIELD_INTEGER("code", 1000, 9999, "of the chart of accounts"),                                       \
		FIELD_OPTIONAL_TEXT("party", TEXT_ID_SIZE, "whose account; none if absent"),                 \
		FIELD_OPTIONAL_TEXT("reference", TEXT_ID_SIZE, "incident or hold; none if absent"),          \
		FIELD(UNIT, "unit", "of the account")
enum { ACCOUNT_CODE, ACCOUNT_PARTY, ACCOUNT_REFERENCE, ACCOUNT_UNIT, ACCOUNT_MORE };

static enum recourse_error find_account(struct query *query, struct record_account *account)
{
	const struct value *values = query->values;
	struct record_path path = account_path(values[ACCOUNT_CODE].integer, values[ACCOUNT_PARTY].text,
		values[ACCOUNT_REFERENCE].text, values[ACCOUNT_UNIT].text);
	/* of a claim, not of a party that may have the same name */
	bool claims = values[ACCOUNT_CODE].integer == CHART_CLAWBACK;
	return (claims ? query_sees_all(query) : query_sees(query, values[ACCOUNT_PARTY].text))
		       ? query_record(query, "code", &path, account, sizeof *account)
		       : query_absent(query, "code");
}

/* ---- account.balance ---- */

static const struct recourse_field balance_fields[] = {
	ACCOUNT_FIELDS,
	QUERY_AS_OF,
};

struct balance {
	int64_t code;
	const char *name;
	const char *side;
	struct unit unit;
	int64_t balance;
};

static const struct recourse_column balance_columns[] = {
	{COLUMN(INTEGER, "code", struct balance, code, "of the chart of accounts")},
	{COLUMN(TEXT, "account", struct balance, name, "its name there")},
	{COLUMN(TEXT, "side", struct balance, side, "debit or credit: where its balance stands")},
	{COLUMN(UNIT, "unit", struct balance, unit, "of the account")},
	{COLUMN_AMOUNT("balance", struct balance, balance, unit, "on that side")},
	VIEW_AS_OF_ENTRY,
};

static enum recourse_error find_balance(struct query *query, void *found)
{
	struct balance *row = found;
	struct record_account account;
	int64_t balance;
	TRY(query_as_of(query, query->values + ACCOUNT_MORE));
	TRY(find_account(query, &account));
	TRY(refusal_absent(query->refusal,
		account_balance_at(query->state, account.number, query->as_of, &balance),
		RECOURSE_QUERY_NOT_FOUND,
		query->values[ACCOUNT_MORE + QUERY_AS_OF_TIME].present ? "time" : "entry",
		"not before the account's first posting"));
	row->code = query->values[ACCOUNT_CODE].integer;
	row->name = chart_find(row->code)->name;
	row->side = chart_side_name(row->code);
	row->unit = account_unit(&account, query->values[ACCOUNT_UNIT].text);
	row->balance = account_shown(row->code, balance);
	return RECOURSE_OK;
}

/* ---- account.history ---- */

enum { HISTORY_FROM = ACCOUNT_MORE, HISTORY_LIMIT };
static const struct recourse_field history_fields[] = {ACCOUNT_FIELDS, QUERY_PAGE};

struct history {
	const char *side;
	struct unit unit;
	uint32_t account;
};

struct movement {
	uint64_t entry;
	struct unit unit;
	int64_t debit;
	int64_t credit;
	int64_t balance;
};

static const struct recourse_column movement_columns[] = {
	{COLUMN(ENTRY, "entry", struct movement, entry, "that moved it")},
	{COLUMN_AMOUNT("debit", struct movement, debit, unit, "in the account")},
	{COLUMN_AMOUNT("credit", struct movement, credit, unit, "in the account")},
	{COLUMN_AMOUNT("balance", struct movement, balance, unit, "on the account's side, after it")},
};

static enum recourse_error add_movement(struct view_rows *rows, const struct history_walk *walk)
{
	const struct movement movement = {
		.entry = walk->at.entry,
		.unit = ((const struct history *)rows->above)->unit,
		.debit = amount_beyond(walk->moved, 0),
		.credit = amount_beyond(0, walk->moved),
		.balance = account_shown(rows->query->values[ACCOUNT_CODE].integer, walk->at.balance),
	};
	return view_add(rows, &movement);
}

static enum recourse_error list_movements(struct view_rows *rows)
{
	const struct history *history = rows->above;
	struct query *query = rows->query;
	const struct value *from = &query->values[HISTORY_FROM];
	uint64_t limit = (uint64_t)query->values[HISTORY_LIMIT].integer;
	SCOPED(history_walk_end)
	struct history_walk walk = history_walk_from(
		query->state, history->account, from->present ? (uint64_t)from->integer : 0, STATE_UP);
	while (query->next_entry == 0 && history_walk_next(&walk)) {
		if (rows->count == limit)
			query->next_entry = walk.at.entry;
		else
			TRY(add_movement(rows, &walk));
	}
	return walk.error;
}

static const struct recourse_column history_columns[] = {
	{COLUMN(TEXT, "side", struct history, side, "debit or credit: where the balance stands")},
	{COLUMN_ROWS("movements", movement_columns, list_movements, "the oldest first")},
	VIEW_NEXT(ENTRY, next_entry),
};

static enum recourse_error find_history(struct query *query, void *row)
{
	struct history *history = row;
	struct record_account account;
	TRY(find_account(query, &account));
	history->side = chart_side_name(query->values[ACCOUNT_CODE].integer);
	history->unit = account_unit(&account, query->values[ACCOUNT_UNIT].text);
	history->account = account.number;
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("account.balance", QUERY_READ_OWN, balance_fields, balance_columns, struct balance, find_balance,
		"balance of one account, now or as of an entry or time"),
	VIEW("account.history", QUERY_READ_OWN, history_fields, history_columns, struct history, find_history,
		"movements of one account, page by page"),
};
const struct query_group account_view_group = {rows, sizeof rows / sizeof rows[0]};
