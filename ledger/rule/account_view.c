/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_account.h"
#include "base/try.h"

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
	slice party = values[ACCOUNT_PARTY].present ? values[ACCOUNT_PARTY].text : slice_text("");
	slice reference = values[ACCOUNT_REFERENCE].present ? values[ACCOUNT_REFERENCE].text : slice_text("");
	if (!query_sees(query, party))
		return query_absent(query, "code");
	enum recourse_error error = account_get(query->state, values[ACCOUNT_CODE].integer, party, reference,
		values[ACCOUNT_UNIT].text, account);
	return error == RECOURSE_QUERY_NOT_FOUND ? query_absent(query, "code") : error;
}

static const struct recourse_field balance_fields[] = {
	ACCOUNT_FIELDS,
	QUERY_AS_OF,
};

static enum recourse_error run_balance(struct query *query)
{
	struct record_account account;
	uint64_t entry;
	int64_t balance;
	enum recourse_error error = query_as_of(query, query->values + ACCOUNT_MORE, &entry);
	if (error == RECOURSE_OK)
		error = find_account(query, &account);
	if (error == RECOURSE_OK)
		error = account_balance_at(query->state, account.number, entry, &balance);
	if (error == RECOURSE_QUERY_NOT_FOUND && query->refusal->error == RECOURSE_OK)
		return refusal_field(query->refusal, RECOURSE_QUERY_NOT_FOUND,
			query->values[ACCOUNT_MORE + QUERY_AS_OF_TIME].present ? "time" : "entry",
			"not before the account's first posting");
	if (error != RECOURSE_OK)
		return error;
	int64_t code = query->values[ACCOUNT_CODE].integer;
	struct unit unit = account_unit(&account, query->values[ACCOUNT_UNIT].text);
	struct item_map map = item_map_open(query->out);
	query_integer(query, "code", (uint64_t)code);
	query_text(query, "account", slice_text(chart_find(code)->name));
	query_text(query, "side", slice_text(chart_side_name(code)));
	query_text(query, "unit", query->values[ACCOUNT_UNIT].text);
	query_amount(query, "balance", &unit, account_shown(code, balance));
	query_integer(query, "as_of_entry", entry);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

enum { HISTORY_FROM = ACCOUNT_MORE, HISTORY_LIMIT };
static const struct recourse_field history_fields[] = {ACCOUNT_FIELDS, QUERY_PAGE};

/* What an entry moved is the difference of two balances: the history does not keep it. */
static enum recourse_error write_movement(const struct state_walk *walk, int64_t code,
	const struct unit *unit, int64_t *balance, struct query_list *list)
{
	struct record_history history = {0};
	char text[AMOUNT_TEXT_SIZE];
	if (walk->value.size > sizeof history)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&history, walk->value.data, walk->value.size);
	int64_t moved = history.balance - *balance;
	*balance = history.balance;
	struct item_map map = item_map_open(&list->items);
	item_write_pair_integer(&list->items, "entry", (int64_t)record_path_last_number(walk->key));
	amount_format(unit, moved > 0 ? moved : 0, text);
	item_write_pair_text(&list->items, "debit", slice_text(text));
	amount_format(unit, moved < 0 ? -moved : 0, text);
	item_write_pair_text(&list->items, "credit", slice_text(text));
	amount_format(unit, account_shown(code, history.balance), text);
	item_write_pair_text(&list->items, "balance", slice_text(text));
	item_map_close(map, &list->items);
	list->count++;
	return RECOURSE_OK;
}

/* The balance that the first movement of the page came upon. */
static enum recourse_error balance_before(
	struct query *query, uint32_t number, uint64_t entry, int64_t *balance)
{
	*balance = 0;
	if (entry == 0)
		return RECOURSE_OK;
	enum recourse_error error = account_balance_at(query->state, number, entry - 1, balance);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error run_history(struct query *query)
{
	struct record_account account;
	struct state_walk walk;
	struct query_list list = {0};
	uint64_t next = 0;
	int64_t balance;
	uint64_t first =
		query->values[HISTORY_FROM].present ? (uint64_t)query->values[HISTORY_FROM].integer : 0;
	enum recourse_error error = find_account(query, &account);
	if (error == RECOURSE_OK)
		error = balance_before(query, account.number, first, &balance);
	if (error != RECOURSE_OK)
		return error;
	int64_t code = query->values[ACCOUNT_CODE].integer;
	struct unit unit = account_unit(&account, query->values[ACCOUNT_UNIT].text);
	struct record_path prefix = record_path_of_short(RECORD_HISTORY, account.number);
	struct record_path from = prefix;
	record_path_number(&from, first);
	struct item_map map = item_map_open(query->out);
	error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), record_path_slice(&from), STATE_UP);
	while (error == RECOURSE_OK) {
		if (list.count == (uint64_t)query->values[HISTORY_LIMIT].integer) {
			next = record_path_last_number(walk.key);
			break;
		}
		error = write_movement(&walk, code, &unit, &balance, &list);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	query_text(query, "side", slice_text(chart_side_name(code)));
	query_list_close(query, "movements", &list);
	if (next != 0)
		query_integer(query, "next", next);
	item_map_close(map, query->out);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static const struct query_row rows[] = {
	QUERY("account.balance", QUERY_READ_OWN, balance_fields, run_balance,
		"balance of one account, now or as of an entry or time"),
	QUERY("account.history", QUERY_READ_OWN, history_fields, run_history,
		"movements of one account, page by page"),
};
const struct query_group account_view_group = {rows, sizeof rows / sizeof rows[0]};
