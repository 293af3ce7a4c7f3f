/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"
#include "rules/deposit/deposit.h"

/*
 * The deposit statement (A1). What a page costs depends on the page: the movements come from the index of the merchant's
 * entries, the balances from histories, the period's ends by halving.
 */
enum {
	STATEMENT_MERCHANT,
	STATEMENT_UNIT,
	STATEMENT_SINCE,
	STATEMENT_UNTIL,
	STATEMENT_FIRST,
	STATEMENT_LAST,
	STATEMENT_FROM
};
static const struct recourse_field statement_fields[] = {
	FIELD(ID, "merchant", "whose deposit it is"),
	FIELD(UNIT, "unit", "currency of the deposit"),
	FIELD_OPTIONAL(TIME, "since", "the period begins with the first entry not before this"),
	FIELD_OPTIONAL(TIME, "until", "and ends with the last entry before this"),
	FIELD_OPTIONAL_DAY("first_day", "instead: the period begins with this day of the custodian's place"),
	FIELD_OPTIONAL_DAY("last_day", "and ends with this one"),
	QUERY_PAGE,
};

struct statement {
	slice merchant;
	struct record_deposit deposit;
	uint64_t first; /* entry of the period */
	uint64_t last;  /* one before `first` where nothing happened in it */
	struct statement_balances now;
	struct statement_balances opening;
	struct statement_balances closing;
	struct view_range movements;
};

/* ---- the period ---- */

struct period {
	bool begins;
	bool ends;
	uint64_t since;
	uint64_t until;
};

/* A day of the place where the bank is that keeps the money: its statements have the same. */
static enum recourse_error read_day(struct query *query, const char *field, const struct value *value,
	const struct record_deposit *deposit, uint64_t *begin, uint64_t *end)
{
	struct record_place place;
	slice custodian;
	uint64_t day;
	enum recourse_error error = day_parse(value->text, &day);
	if (error != RECOURSE_OK)
		return refusal_field(query->refusal, error, field, "a day such as 2016-05-04");
	TRY(party_name(query->state, query->arena, deposit->custodian, &custodian));
	TRY(place_read(query->state, custodian, &place));
	*begin = day_begin(day, place_east(&place, day));
	*end = day_end(day, place_east(&place, day));
	return RECOURSE_OK;
}

/* The ledger's first day is one, though it had begun before. */
static enum recourse_error read_first_day(
	struct query *query, const struct record_deposit *deposit, uint64_t *since)
{
	uint64_t opened;
	uint64_t end;
	TRY(read_day(query, "first_day", &query->values[STATEMENT_FIRST], deposit, since, &end));
	TRY(query_entry_time(query, 0, &opened));
	if (*since < opened && opened < end)
		*since = opened;
	return RECOURSE_OK;
}

/* By instants or by days. */
static enum recourse_error read_period(
	struct query *query, const struct record_deposit *deposit, struct period *period)
{
	const struct value *since = &query->values[STATEMENT_SINCE];
	const struct value *until = &query->values[STATEMENT_UNTIL];
	const struct value *first = &query->values[STATEMENT_FIRST];
	const struct value *last = &query->values[STATEMENT_LAST];
	uint64_t begin;
	*period = (struct period){.begins = since->present || first->present,
		.ends = until->present || last->present,
		.since = since->instant,
		.until = until->instant};
	if (since->present && first->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "first_day", "without since");
	if (until->present && last->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "last_day", "without until");
	if (first->present)
		TRY(read_first_day(query, deposit, &period->since));
	if (last->present)
		TRY(read_day(query, "last_day", last, deposit, &begin, &period->until));
	if (period->begins && period->ends && period->since >= period->until)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT,
			last->present ? "last_day" : "until", "after the period's begin");
	return RECOURSE_OK;
}

static enum recourse_error find_period(struct query *query, struct statement *statement)
{
	struct period period;
	uint64_t count;
	TRY(read_period(query, &statement->deposit, &period));
	const char *end = query->values[STATEMENT_LAST].present ? "last_day" : "until";
	statement->last = query->as_of;
	if (period.begins)
		TRY(query_period_begin(query, query->values[STATEMENT_FIRST].present ? "first_day" : "since",
			period.since, &statement->first));
	if (!period.ends)
		return RECOURSE_OK;
	TRY(query_entries_before(query, period.until, &count));
	if (count == 0)
		return refusal_field(
			query->refusal, RECOURSE_QUERY_NOT_FOUND, end, "after the ledger's first entry");
	if (count <= statement->deposit.first_entry)
		return refusal_field(
			query->refusal, RECOURSE_QUERY_NOT_FOUND, end, "after the deposit's first entry");
	statement->last = count - 1;
	return RECOURSE_OK;
}

/* ---- movements ---- */

struct movement {
	struct entry_view about;
	const char *account;
	slice reference;
	struct unit unit;
	int64_t in;
	int64_t out;
	int64_t balance;
};

static const struct recourse_column movement_columns[] = {
	ENTRY_VIEW(struct movement, about),
	{COLUMN(TEXT, "account", struct movement, account, "the part of the deposit that moved")},
	{COLUMN(TEXT, "reference", struct movement, reference, "incident, hold or exit; empty: none")},
	{COLUMN_AMOUNT("in", struct movement, in, unit, "to that part")},
	{COLUMN_AMOUNT("out", struct movement, out, unit, "from it")},
	{COLUMN_AMOUNT("balance", struct movement, balance, unit, "of it, under that reference")},
};

static enum recourse_error add_movement(
	struct view_rows *rows, struct movement *movement, const struct entry_posting *posting)
{
	struct state_view *state = rows->query->state;
	struct record_account account;
	struct record_path path =
		account_path(posting->code, posting->party, posting->reference, posting->unit);
	TRY(record_get(state, &path, &account, sizeof account));
	TRY(account_balance_at(state, account.number, movement->about.entry.number, &movement->balance));
	movement->account = chart_find(posting->code)->name;
	movement->reference = posting->reference;
	movement->unit = account_unit(&account, posting->unit);
	movement->in = posting->steps < 0 ? -posting->steps : 0;
	movement->out = amount_beyond(posting->steps, 0);
	movement->balance = -movement->balance;
	return view_add(rows, movement);
}

/* The entry's postings to the merchant's deposit accounts; entries about it that move nothing are left out. */
static enum recourse_error visit_movements(struct view_rows *rows, const struct record_walk *walk)
{
	const struct value *values = rows->query->values;
	struct movement movement;
	struct entry_posting posting;
	TRY(entry_view_read(rows->query, view_last_number(walk), &movement.about));
	struct entry_postings postings = entry_postings(&movement.about.entry);
	while (entry_postings_next(&postings, &posting)) {
		bool deposit = posting.code == CHART_DEPOSIT || account_is_summed(posting.code);
		if (deposit && slice_equal(posting.party, values[STATEMENT_MERCHANT].text) &&
			slice_equal(posting.unit, values[STATEMENT_UNIT].text))
			TRY(add_movement(rows, &movement, &posting));
	}
	return RECOURSE_OK;
}

/* ---- the statement ---- */

static const struct recourse_column balance_columns[] = {STATEMENT_BALANCES(struct statement_balances, )};

static const struct recourse_column statement_columns[] = {
	{COLUMN(ID, "merchant", struct statement, merchant, "whose deposit it is")},
	{COLUMN(UNIT, "unit", struct statement, now.unit, "of the deposit")},
	{COLUMN_CHOICE("state", life_deposit_states, struct statement, deposit.state, "where it stands")},
	{COLUMN_PARTY("custodian", struct statement, deposit.custodian, "who keeps it")},
	STATEMENT_BALANCES(struct statement, now.),
	VIEW_AS_OF_ENTRY,
	{COLUMN_MAP("opening", balance_columns, struct statement, opening, "when the period began")},
	{COLUMN_MAP("closing", balance_columns, struct statement, closing, "when it ended")},
	VIEW_PAGE(ENTRY, next_entry, "entries", movement_columns, struct statement, movements,
		visit_movements, "the oldest first"),
};

static enum recourse_error read_part(struct query *query, enum chart_code code, slice merchant, slice unit,
	uint64_t entries, int64_t *steps)
{
	struct record_account account;
	struct record_path path = account_is_summed(code)
					  ? account_sum_path(code, merchant, unit)
					  : account_path(code, merchant, slice_text(""), unit);
	enum recourse_error error = record_get(query->state, &path, &account, sizeof account);
	*steps = 0;
	if (error == RECOURSE_OK && entries > 0)
		error = account_balance_at(query->state, account.number, entries - 1, steps);
	*steps = -*steps;
	return query_perhaps(error);
}

enum recourse_error statement_view_balances(
	struct query *query, slice merchant, uint64_t entries, struct statement_balances *balances)
{
	slice unit = unit_code(&balances->unit);
	TRY(read_part(query, CHART_DEPOSIT, merchant, unit, entries, &balances->available));
	TRY(read_part(query, CHART_DEPOSIT_FROZEN, merchant, unit, entries, &balances->frozen));
	return read_part(query, CHART_DEPOSIT_EXIT, merchant, unit, entries, &balances->exit_hold);
}

static enum recourse_error find_statement(struct query *query, void *row)
{
	struct statement *statement = row;
	const struct value *from = &query->values[STATEMENT_FROM];
	slice merchant = query->values[STATEMENT_MERCHANT].text;
	slice unit = query->values[STATEMENT_UNIT].text;
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit);
	statement->merchant = merchant;
	if (!query_sees(query, merchant))
		return query_absent(query, "merchant");
	TRY(query_record(query, "merchant", &path, &statement->deposit, sizeof statement->deposit));
	TRY(query_unit(query, "unit", unit, &statement->now.unit));
	TRY(find_period(query, statement));
	statement->opening.unit = statement->closing.unit = statement->now.unit;
	TRY(statement_view_balances(query, merchant, query->entries, &statement->now));
	TRY(statement_view_balances(query, merchant, statement->first, &statement->opening));
	TRY(statement_view_balances(query, merchant, statement->last + 1, &statement->closing));
	uint64_t first = from->present ? (uint64_t)from->integer : 0;
	statement->movements = entry_view_range(RECORD_PARTY, merchant, 0);
	statement->movements.start = statement->movements.prefix;
	record_path_number(&statement->movements.start, first > statement->first ? first : statement->first);
	statement->movements.last = statement->last;
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("deposit.statement", QUERY_READ_OWN, statement_fields, statement_columns, struct statement,
		find_statement, "a merchant's deposit in a period: balances, movements, reasons"),
};
const struct query_group statement_view_group = {rows, sizeof rows / sizeof rows[0]};
