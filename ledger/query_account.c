/* SPDX-License-Identifier: Apache-2.0 */
#include "query.h"

/* Balances, histories, statements, the trial balance: as they are, or as they were after an entry. */

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

/* Shown on the account's own side: never negative. */
static int64_t shown(int64_t code, int64_t balance)
{
	const struct chart_row *row = chart_find(code);
	return row != NULL && row->side == CHART_CREDIT ? -balance : balance;
}

static const char *side_name(int64_t code)
{
	const struct chart_row *row = chart_find(code);
	return row != NULL && row->side == CHART_CREDIT ? "credit" : "debit";
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
	query_text(query, "side", slice_text(side_name(code)));
	query_text(query, "unit", query->values[ACCOUNT_UNIT].text);
	query_amount(query, "balance", &unit, shown(code, balance));
	query_integer(query, "as_of_entry", entry);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

enum { HISTORY_FROM = ACCOUNT_MORE, HISTORY_LIMIT };
#define PAGE_FIELDS                                                                                          \
	QUERY_OPTIONAL_ENTRY("from", "first entry of the page"),                                             \
		FIELD_PRESET("limit", 1, 500, 100, "most rows of a page")
static const struct recourse_field history_fields[] = {ACCOUNT_FIELDS, PAGE_FIELDS};

static void write_movement(
	const struct state_walk *walk, int64_t code, const struct unit *unit, struct query_list *list)
{
	struct record_history history = {0};
	char text[AMOUNT_TEXT_SIZE];
	memcpy(&history, walk->value.data,
		walk->value.size < sizeof history ? walk->value.size : sizeof history);
	struct item_map map = item_map_open(&list->items);
	item_write_pair_integer(&list->items, "entry", (int64_t)record_path_last_number(walk->key));
	amount_format(unit, history.amount > 0 ? history.amount : 0, text);
	item_write_pair_text(&list->items, "debit", slice_text(text));
	amount_format(unit, history.amount < 0 ? -history.amount : 0, text);
	item_write_pair_text(&list->items, "credit", slice_text(text));
	amount_format(unit, shown(code, history.balance), text);
	item_write_pair_text(&list->items, "balance", slice_text(text));
	item_map_close(map, &list->items);
	list->count++;
}

static enum recourse_error run_history(struct query *query)
{
	struct record_account account;
	struct state_walk walk;
	struct query_list list = {0};
	uint64_t next = 0;
	enum recourse_error error = find_account(query, &account);
	if (error != RECOURSE_OK)
		return error;
	int64_t code = query->values[ACCOUNT_CODE].integer;
	struct unit unit = account_unit(&account, query->values[ACCOUNT_UNIT].text);
	struct record_path prefix = record_path_of_short(RECORD_HISTORY, account.number);
	struct record_path from = prefix;
	record_path_number(&from,
		query->values[HISTORY_FROM].present ? (uint64_t)query->values[HISTORY_FROM].integer : 0);
	struct item_map map = item_map_open(query->out);
	error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), record_path_slice(&from), STATE_UP);
	while (error == RECOURSE_OK) {
		if (list.count == (uint64_t)query->values[HISTORY_LIMIT].integer) {
			next = record_path_last_number(walk.key);
			break;
		}
		write_movement(&walk, code, &unit, &list);
		error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	query_text(query, "side", slice_text(side_name(code)));
	query_list_close(query, "movements", &list);
	if (next != 0)
		query_integer(query, "next", next);
	item_map_close(map, query->out);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* ---- the deposit statement (A1): each movement with its reason, rule and actor ---- */

enum { STATEMENT_MERCHANT, STATEMENT_UNIT, STATEMENT_FROM, STATEMENT_LIMIT };
static const struct recourse_field statement_fields[] = {
	FIELD(ID, "merchant", "whose deposit it is"),
	FIELD(UNIT, "unit", "currency of the deposit"),
	PAGE_FIELDS,
};

static const enum chart_code deposit_codes[] = {CHART_DEPOSIT, CHART_DEPOSIT_FROZEN, CHART_DEPOSIT_EXIT};
static const char *const deposit_names[] = {"available", "frozen", "exit_hold"};

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

static enum recourse_error run_statement(struct query *query)
{
	slice merchant = query->values[STATEMENT_MERCHANT].text;
	struct record_path path = record_path_of_text(RECORD_DEPOSIT, merchant);
	struct record_deposit deposit;
	record_path_text(&path, query->values[STATEMENT_UNIT].text);
	if (!query_sees(query, merchant))
		return query_absent(query, "merchant");
	enum recourse_error error = query_record(query, "merchant", &path, &deposit, sizeof deposit);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_text(query, "merchant", merchant);
	query_text(query, "unit", query->values[STATEMENT_UNIT].text);
	query_text(query, "state", slice_text(life_state_name(LIFE_DEPOSIT, deposit.state)));
	error = query_party(query, "custodian", deposit.custodian);
	for (size_t index = 0; error == RECOURSE_OK && index < 3; index++) {
		struct query_deposit_sum sum = {.code = query->values[STATEMENT_UNIT].text};
		error = query_deposit_sum(query, deposit_codes[index], merchant, &sum);
		if (error == RECOURSE_OK && sum.unit.step != 0)
			query_amount(query, deposit_names[index], &sum.unit, sum.steps);
	}
	uint64_t from =
		query->values[STATEMENT_FROM].present ? (uint64_t)query->values[STATEMENT_FROM].integer : 0;
	if (error == RECOURSE_OK)
		error = query_subject(query, RECORD_PARTY, merchant, from,
			(uint64_t)query->values[STATEMENT_LIMIT].integer, write_deposit_movements);
	item_map_close(map, query->out);
	return error;
}

/* ---- the trial balance ---- */

enum { TRIAL_AS_OF, TRIAL_ZEROES = TRIAL_AS_OF + QUERY_AS_OF_FIELDS };
static const char *const yes_no[] = {"no", "yes", NULL};
static const struct recourse_field trial_fields[] = {
	QUERY_AS_OF,
	FIELD_OPTIONAL_CHOICE("zeroes", yes_no, "also accounts that stand at zero; no if absent"),
};

/* Sums by unit for the check line; units are few. */
enum { TRIAL_UNITS_MAX = 64 };
struct trial_sums {
	size_t count;
	struct unit units[TRIAL_UNITS_MAX];
	__int128 debits[TRIAL_UNITS_MAX];
	__int128 credits[TRIAL_UNITS_MAX];
};

/* False where there are more units than are added up. */
static bool add_to_sums(struct trial_sums *sums, const struct unit *unit, int64_t balance)
{
	size_t index = 0;
	while (index < sums->count && !unit_same(&sums->units[index], unit))
		index++;
	if (index == TRIAL_UNITS_MAX)
		return false;
	if (index == sums->count)
		sums->units[sums->count++] = *unit;
	if (balance > 0)
		sums->debits[index] += balance;
	else
		sums->credits[index] -= balance;
	return true;
}

static void write_trial_row(
	const struct account_name *name, const struct unit *unit, int64_t balance, struct query_list *list)
{
	const struct chart_row *row = chart_find(name->code);
	char text[AMOUNT_TEXT_SIZE];
	struct item_map map = item_map_open(&list->items);
	item_write_pair_integer(&list->items, "code", name->code);
	item_write_pair_text(&list->items, "account", slice_text(row == NULL ? "" : row->name));
	item_write_pair_text(&list->items, "party", name->party);
	item_write_pair_text(&list->items, "reference", name->reference);
	item_write_pair_text(&list->items, "unit", name->unit);
	amount_format(unit, balance > 0 ? balance : 0, text);
	item_write_pair_text(&list->items, "debit", slice_text(text));
	amount_format(unit, balance < 0 ? -balance : 0, text);
	item_write_pair_text(&list->items, "credit", slice_text(text));
	item_map_close(map, &list->items);
	list->count++;
}

static enum recourse_error trial_account(struct query *query, const struct state_walk *walk, uint64_t entry,
	struct trial_sums *sums, struct query_list *list)
{
	struct record_account account = {0};
	struct account_name name;
	int64_t balance = 0;
	enum recourse_error error = account_name_decode(walk->key, &name);
	if (error != RECOURSE_OK || walk->value.size > sizeof account)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&account, walk->value.data, walk->value.size);
	error = account_balance_at(query->state, account.number, entry, &balance);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	if (error != RECOURSE_OK)
		return error;
	struct unit unit = account_unit(&account, name.unit);
	if (!add_to_sums(sums, &unit, balance))
		return refusal_limit(
			query->refusal, RECOURSE_TOO_LARGE, NULL, "%d units in one report", TRIAL_UNITS_MAX);
	if (balance != 0 || query->values[TRIAL_ZEROES].integer == 1)
		write_trial_row(&name, &unit, balance, list);
	return RECOURSE_OK;
}

static enum recourse_error write_sums(struct query *query, const struct trial_sums *sums)
{
	struct query_list list = {0};
	bool fit = true;
	for (size_t index = 0; fit && index < sums->count; index++) {
		char text[AMOUNT_TEXT_SIZE];
		fit = sums->debits[index] <= INT64_MAX && sums->credits[index] <= INT64_MAX;
		struct item_map map = item_map_open(&list.items);
		item_write_pair_text(&list.items, "unit", unit_code(&sums->units[index]));
		amount_format(&sums->units[index], (int64_t)sums->debits[index], text);
		item_write_pair_text(&list.items, "debit", slice_text(text));
		amount_format(&sums->units[index], (int64_t)sums->credits[index], text);
		item_write_pair_text(&list.items, "credit", slice_text(text));
		item_map_close(map, &list.items);
		list.count++;
	}
	query_list_close(query, "totals", &list);
	return fit ? RECOURSE_OK
		   : refusal_field(query->refusal, RECOURSE_OVERFLOW, "totals", "64 bits in each unit");
}

static enum recourse_error run_trial(struct query *query)
{
	struct record_path prefix;
	struct state_walk walk;
	struct query_list list = {0};
	struct trial_sums sums = {0};
	uint64_t entry;
	enum recourse_error error = query_as_of(query, query->values + TRIAL_AS_OF, &entry);
	if (error != RECOURSE_OK)
		return error;
	record_path_start(&prefix, RECORD_ACCOUNT);
	struct item_map map = item_map_open(query->out);
	error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = trial_account(query, &walk, entry, &sums, &list);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	query_integer(query, "as_of_entry", entry);
	query_list_close(query, "accounts", &list);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		error = write_sums(query, &sums);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("account.balance", QUERY_READ_OWN, balance_fields, run_balance,
		"balance of one account, now or as of an entry or time"),
	QUERY("account.history", QUERY_READ_OWN, history_fields, run_history,
		"movements of one account, page by page"),
	QUERY("deposit.statement", QUERY_READ_OWN, statement_fields, run_statement,
		"a merchant's deposit: balances, movements, reasons"),
	QUERY("report.trial_balance", QUERY_READ_ALL, trial_fields, run_trial,
		"all accounts, now or as of an entry or time"),
};
const struct query_group query_account_group = {rows, sizeof rows / sizeof rows[0]};
