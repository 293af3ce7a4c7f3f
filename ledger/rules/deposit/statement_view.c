/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_account.h"
#include "books/record_deposit.h"
#include "base/try.h"

/*
 * The deposit statement (A1): each movement with its reason, rule and actor, and what was available, frozen and held
 * for an exit when the period began and when it ended. What a page costs depends on the page: the movements come from
 * the index of the merchant's entries, the balances from histories, the period's ends by halving.
 */
enum {
	STATEMENT_MERCHANT,
	STATEMENT_UNIT,
	STATEMENT_SINCE,
	STATEMENT_UNTIL,
	STATEMENT_FROM,
	STATEMENT_LIMIT,
};
static const struct recourse_field statement_fields[] = {
	FIELD(ID, "merchant", "whose deposit it is"),
	FIELD(UNIT, "unit", "currency of the deposit"),
	FIELD_OPTIONAL(TIME, "since", "the period begins with the first entry not before this"),
	FIELD_OPTIONAL(TIME, "until", "and ends with the last entry before this"),
	QUERY_PAGE,
};

struct statement {
	struct record_deposit deposit;
	uint64_t first; /* entry of the period */
	uint64_t last;  /* one before `first` where nothing happened in it */
};

/* ---- the period ---- */

static enum recourse_error find_end(struct query *query, struct statement *statement)
{
	uint64_t count;
	TRY(query_entries_before(query, query->values[STATEMENT_UNTIL].instant, &count));
	if (count == 0)
		return refusal_field(
			query->refusal, RECOURSE_QUERY_NOT_FOUND, "until", "after the ledger's first entry");
	if (count <= statement->deposit.first_entry)
		return refusal_field(
			query->refusal, RECOURSE_QUERY_NOT_FOUND, "until", "after the deposit's first entry");
	statement->last = count - 1;
	return RECOURSE_OK;
}

static enum recourse_error find_period(struct query *query, struct statement *statement)
{
	const struct value *since = &query->values[STATEMENT_SINCE];
	const struct value *until = &query->values[STATEMENT_UNTIL];
	enum recourse_error error = RECOURSE_OK;
	statement->first = 0;
	statement->last = query->entries - 1;
	if (since->present && until->present && since->instant >= until->instant)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "until", "after since");
	if (since->present)
		error = query_period_begin(query, "since", since->instant, &statement->first);
	if (error == RECOURSE_OK && until->present)
		error = find_end(query, statement);
	return error;
}

/* ---- balances ---- */

static const struct {
	const char *name;
	enum chart_code code;
} parts[] = {
	{"available", CHART_DEPOSIT},
	{"frozen", CHART_DEPOSIT_FROZEN},
	{"exit_hold", CHART_DEPOSIT_EXIT},
};

/* As they stood before that many entries; what was not there yet stood at nothing. */
static enum recourse_error write_balances(struct query *query, const struct unit *unit, uint64_t entries)
{
	enum recourse_error error = RECOURSE_OK;
	for (size_t index = 0; error == RECOURSE_OK && index < sizeof parts / sizeof parts[0]; index++) {
		struct record_account account;
		int64_t balance = 0;
		error = query_deposit_part(query, parts[index].code, query->values[STATEMENT_MERCHANT].text,
			query->values[STATEMENT_UNIT].text, &account);
		if (error == RECOURSE_OK && entries > 0)
			error = account_balance_at(query->state, account.number, entries - 1, &balance);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			error = RECOURSE_OK;
		query_amount(query, parts[index].name, unit, -balance);
	}
	return error;
}

static enum recourse_error write_balances_at(
	struct query *query, const char *name, const struct unit *unit, uint64_t entries)
{
	item_write_key(query->out, name);
	struct item_map map = item_map_open(query->out);
	enum recourse_error error = write_balances(query, unit, entries);
	item_map_close(map, query->out);
	return error;
}

/* ---- movements ---- */

static bool is_deposit(uint16_t code)
{
	return code == CHART_DEPOSIT || code == CHART_DEPOSIT_FROZEN || code == CHART_DEPOSIT_EXIT;
}

static enum recourse_error write_deposit_movement(struct query *query, uint64_t number,
	const struct entry *entry, const struct entry_posting *posting, struct query_list *list)
{
	struct record_account account;
	char text[AMOUNT_TEXT_SIZE];
	int64_t balance;
	enum recourse_error error = account_get(
		query->state, posting->code, posting->party, posting->reference, posting->unit, &account);
	if (error == RECOURSE_OK)
		error = account_balance_at(query->state, account.number, number, &balance);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	struct unit unit = account_unit(&account, posting->unit);
	struct item_map map = item_map_open(&list->items);
	query_entry_pairs(number, entry, &list->items);
	item_write_pair_text(&list->items, "account", slice_text(chart_find(posting->code)->name));
	item_write_pair_text(&list->items, "reference", posting->reference);
	amount_format(&unit, posting->steps < 0 ? -posting->steps : 0, text);
	item_write_pair_text(&list->items, "in", slice_text(text));
	amount_format(&unit, posting->steps > 0 ? posting->steps : 0, text);
	item_write_pair_text(&list->items, "out", slice_text(text));
	amount_format(&unit, -balance, text);
	item_write_pair_text(&list->items, "balance", slice_text(text));
	item_map_close(map, &list->items);
	list->count++;
	return RECOURSE_OK;
}

/* The entry's postings to the merchant's deposit accounts; entries about it that move nothing are left out. */
static enum recourse_error write_deposit_movements(
	struct query *query, uint64_t number, struct query_list *list)
{
	struct entry entry;
	struct entry_postings walk;
	struct entry_posting posting;
	enum recourse_error error = query_entry(query, number, &entry);
	if (error == RECOURSE_OK)
		error = entry_postings_first(&entry, &walk, &posting);
	while (error == RECOURSE_OK) {
		if (is_deposit(posting.code) &&
			slice_equal(posting.party, query->values[STATEMENT_MERCHANT].text) &&
			slice_equal(posting.unit, query->values[STATEMENT_UNIT].text))
			error = write_deposit_movement(query, number, &entry, &posting, list);
		if (error == RECOURSE_OK)
			error = entry_postings_next(&walk, &posting);
	}
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error write_movements(struct query *query, const struct statement *statement)
{
	const struct value *from = &query->values[STATEMENT_FROM];
	struct query_page page = {
		.from = statement->first,
		.last = statement->last,
		.limit = (uint64_t)query->values[STATEMENT_LIMIT].integer,
	};
	if (from->present && (uint64_t)from->integer > page.from)
		page.from = (uint64_t)from->integer;
	return query_subject(
		query, RECORD_PARTY, query->values[STATEMENT_MERCHANT].text, &page, write_deposit_movements);
}

static enum recourse_error write_statement(
	struct query *query, const struct statement *statement, const struct unit *unit)
{
	const struct record_deposit *deposit = &statement->deposit;
	query_text(query, "merchant", query->values[STATEMENT_MERCHANT].text);
	query_text(query, "unit", query->values[STATEMENT_UNIT].text);
	query_text(query, "state", slice_text(life_state_name(LIFE_DEPOSIT, deposit->state)));
	query_integer(query, "as_of_entry", query->entries - 1);
	TRY(query_party(query, "custodian", deposit->custodian));
	TRY(write_balances(query, unit, query->entries));
	TRY(write_balances_at(query, "opening", unit, statement->first));
	TRY(write_balances_at(query, "closing", unit, statement->last + 1));
	return write_movements(query, statement);
}

static enum recourse_error run_statement(struct query *query)
{
	slice merchant = query->values[STATEMENT_MERCHANT].text;
	struct record_path path = record_path_of_text(RECORD_DEPOSIT, merchant);
	struct statement statement;
	struct unit unit;
	record_path_text(&path, query->values[STATEMENT_UNIT].text);
	if (!query_sees(query, merchant))
		return query_absent(query, "merchant");
	enum recourse_error error =
		query_record(query, "merchant", &path, &statement.deposit, sizeof statement.deposit);
	if (error == RECOURSE_OK)
		error = query_unit(query, "unit", query->values[STATEMENT_UNIT].text, &unit);
	if (error == RECOURSE_OK)
		error = find_period(query, &statement);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = write_statement(query, &statement, &unit);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("deposit.statement", QUERY_READ_OWN, statement_fields, run_statement,
		"a merchant's deposit in a period: balances, movements, reasons"),
};
const struct query_group statement_view_group = {rows, sizeof rows / sizeof rows[0]};
