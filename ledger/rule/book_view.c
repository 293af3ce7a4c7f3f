/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/view.h"

#include "base/crypto.h"

/*
 * All accounts together: the trial balance, the roll-forward of a period, and their totals. The first two come in
 * pages, since there are as many accounts as there are merchants; a page is bounded by the accounts it looks at as
 * well as by the rows it has. Totals are of all accounts and not of a page: they are a query of their own, which
 * takes its time and reads on in a new snapshot every few milliseconds. As of an entry all of them fit together,
 * whatever is written meanwhile: no entry changes what an earlier one left.
 */
enum {
	BOOK_LOOKS_MAX = 4096, /* accounts looked at in one snapshot: some 5 ms */
	BOOK_ROWS_MAX = 1000,
	BOOK_SUMS_MAX = 256,
	BOOK_TOKEN_SIZE = 256,
};

#define BOOK_WHAT                                                                                            \
	QUERY_AS_OF, FIELD_PRESET("code", 1000, 9999, -1, "accounts of this code only"),                     \
		FIELD_OPTIONAL(ID, "party", "accounts of this party only")
#define BOOK_BEGIN                                                                                           \
	QUERY_OPTIONAL_ENTRY("from_entry", "first entry of the period; the ledger's first if absent"),       \
		FIELD_OPTIONAL(TIME, "from_time", "instead: the first entry not before this")
#define BOOK_PAGE                                                                                            \
	FIELD_OPTIONAL_CHOICE("zeroes", query_no_yes, "also accounts with nothing to show; no if absent"),   \
		FIELD_OPTIONAL_TEXT("from", BOOK_TOKEN_SIZE,                                                 \
			"first account of the page, as `next` gave it; with the same entry"),                \
		FIELD_PRESET(                                                                                \
			"limit", 1, BOOK_ROWS_MAX, 500, "most rows of a page; fewer where few have any")
enum { BOOK_AS_OF, BOOK_CODE = BOOK_AS_OF + QUERY_AS_OF_FIELDS, BOOK_PARTY, BOOK_MORE };
enum { BEGIN_ENTRY, BEGIN_TIME, BEGIN_FIELDS };
enum { PAGE_ZEROES, PAGE_FROM, PAGE_LIMIT };

struct book {
	uint64_t first; /* entry of the period */
	bool moved;     /* accounts that only moved in it are shown too */
	const struct value *page;
	struct record_path from;
};

/* ---- the period ---- */

/* Both ends are entries of the ledger, and the one is not before the other: a report of nothing is no report. */
static enum recourse_error find_begin(struct query *query, const struct value *begin, uint64_t *first)
{
	const struct value *entry = &begin[BEGIN_ENTRY];
	const struct value *time = &begin[BEGIN_TIME];
	if (entry->present && time->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "from_time",
			"from_entry or from_time, not both");
	if (entry->present && (uint64_t)entry->integer >= query->entries)
		return refusal_limit(query->refusal, RECOURSE_QUERY_NOT_FOUND, "from_entry",
			"an entry up to %llu", (unsigned long long)query->entries - 1);
	if (entry->present)
		*first = (uint64_t)entry->integer;
	if (time->present)
		TRY(query_period_begin(query, "from_time", time->instant, first));
	return *first <= query->as_of
		       ? RECOURSE_OK
		       : refusal_field(query->refusal, RECOURSE_FIELD_LIMIT,
				 time->present ? "from_time" : "from_entry", "not after the period's end");
}

/* ---- one account in it ---- */

struct account_row {
	uint16_t code;
	const char *name;
	slice party;
	slice reference;
	struct unit unit;
	const char *side;
	int64_t opening; /* negative where it stands on the credit side, as all of them are read */
	amount_sum debits;
	amount_sum credits;
	int64_t closing;
	int64_t debit; /* the closing balance, by its side */
	int64_t credit;
};

#define ACCOUNT_COLUMNS                                                                                      \
	{COLUMN(INTEGER, "code", struct account_row, code, "of the chart of accounts")},                     \
		{COLUMN(TEXT, "account", struct account_row, name, "its name there")},                       \
		{COLUMN(TEXT, "party", struct account_row, party, "whose account; empty: none")},            \
		{COLUMN(TEXT, "reference", struct account_row, reference, "incident, hold …; empty: none")}, \
	{                                                                                                    \
		COLUMN(UNIT, "unit", struct account_row, unit, "of the account")                             \
	}
static const struct recourse_column trial_rows[] = {
	ACCOUNT_COLUMNS,
	{COLUMN_AMOUNT("debit", struct account_row, debit, unit, "its balance, where it stands there")},
	{COLUMN_AMOUNT("credit", struct account_row, credit, unit, "its balance, where it stands there")},
};
static const struct recourse_column roll_rows[] = {
	ACCOUNT_COLUMNS,
	{COLUMN(TEXT, "side", struct account_row, side, "debit or credit: where its balances stand")},
	{COLUMN_AMOUNT("opening", struct account_row, opening, unit, "when the period began")},
	{COLUMN_AMOUNT("debits", struct account_row, debits, unit, "in the period")},
	{COLUMN_AMOUNT("credits", struct account_row, credits, unit, "in the period")},
	{COLUMN_AMOUNT("closing", struct account_row, closing, unit, "when it ended")},
};

/* QUERY_NOT_FOUND where the account came later. One that came within the period began with nothing. */
static enum recourse_error read_row(
	struct query *query, const struct account_walk *walk, uint64_t first, struct account_row *row)
{
	const struct account_name *name = &walk->name;
	struct history_point opening = {0};
	struct history_point closing;
	TRY(history_of(query->state, &walk->account, query->as_of, &closing));
	if (first > 0)
		TRY(query_perhaps(history_of(query->state, &walk->account, first - 1, &opening)));
	amount_sum debits = closing.debits - opening.debits;
	*row = (struct account_row){
		.code = name->code,
		.name = chart_find(name->code)->name,
		.party = name->party,
		.reference = name->reference,
		.side = chart_side_name(name->code),
		.unit = account_unit(&walk->account, name->unit),
		.opening = opening.balance,
		.debits = debits,
		.credits = debits - (closing.balance - opening.balance),
		.closing = closing.balance,
		.debit = amount_beyond(closing.balance, 0),
		.credit = closing.balance < 0 ? -closing.balance : 0,
	};
	return RECOURSE_OK;
}

/* ---- pages ---- */

static struct account_walk walk_of(const struct query *query)
{
	const struct value *code = &query->values[BOOK_CODE];
	const struct value *party = &query->values[BOOK_PARTY];
	return (struct account_walk){
		.view = query->state,
		.code = code->present ? code->integer : 0,
		.one_party = party->present,
		.party = party->text,
	};
}

/* The token is the account's key; one that nobody was given is refused. */
static enum recourse_error read_token(
	struct query *query, const struct value *token, struct record_path *from)
{
	const struct account_walk walk = walk_of(query);
	struct account_name name;
	struct record_account account;
	if (!token->present)
		return RECOURSE_OK;
	enum recourse_error error =
		crypto_base64_decode(token->text, from->bytes, sizeof from->bytes, &from->size);
	if (error == RECOURSE_OK)
		error = account_name_decode(record_path_slice(from), &name);
	if (error != RECOURSE_OK)
		return refusal_field(query->refusal, RECOURSE_FIELD_FORMAT, "from",
			"as `next` of the page before gave it");
	if (!account_walk_has(&walk, &name))
		return query_absent(query, "from");
	return query_record(query, "from", from, &account, sizeof account);
}

static enum recourse_error write_token(struct query *query, slice key)
{
	char token[BOOK_TOKEN_SIZE] = "";
	if (crypto_base64_size(key.size) <= BOOK_TOKEN_SIZE)
		crypto_base64_encode(key, token);
	return arena_copy(query->arena, slice_text(token), &query->next);
}

/* Nothing of that code or party, or not yet: an error and not an empty report. */
static enum recourse_error check_there(struct query *query, uint64_t there)
{
	const struct value *values = query->values;
	if (there > 0 || (!values[BOOK_CODE].present && !values[BOOK_PARTY].present))
		return RECOURSE_OK;
	return query_absent(query, values[BOOK_PARTY].present ? "party" : "code");
}

static bool is_shown(const struct book *book, const struct account_row *row)
{
	const struct value *zeroes = &book->page[PAGE_ZEROES];
	return (zeroes->present && zeroes->integer == 1) || row->closing != 0 ||
	       (book->moved && (row->opening != 0 || row->debits != 0 || row->credits != 0));
}

static enum recourse_error list_accounts(struct view_rows *rows)
{
	const struct book *book = rows->above;
	struct query *query = rows->query;
	struct account_walk walk SCOPED(account_walk_end) = walk_of(query);
	uint64_t there = 0; /* shown or not */
	walk.from = book->from;
	for (uint64_t looks = 0; account_walk_next(&walk); looks++) {
		struct account_row row;
		if (rows->count == (uint64_t)book->page[PAGE_LIMIT].integer || looks == BOOK_LOOKS_MAX)
			return write_token(query, walk.key);
		enum recourse_error read = read_row(query, &walk, book->first, &row);
		if (read == RECOURSE_QUERY_NOT_FOUND)
			continue;
		TRY(read);
		there++;
		if (!is_shown(book, &row))
			continue;
		/* balances of a period are shown on the account's own side */
		row.opening = account_shown(row.code, row.opening);
		row.closing = account_shown(row.code, row.closing);
		TRY(view_add(rows, &row));
	}
	TRY(walk.error);
	return book->page[PAGE_FROM].present ? RECOURSE_OK : check_there(query, there);
}

static const struct recourse_field trial_fields[] = {BOOK_WHAT, BOOK_PAGE};
static const struct recourse_column trial_columns[] = {
	VIEW_AS_OF_ENTRY,
	{COLUMN_ROWS("accounts", trial_rows, list_accounts, "by code, party, reference and unit")},
	VIEW_NEXT(TEXT, next),
};

static enum recourse_error find_trial(struct query *query, void *row)
{
	struct book *book = row;
	book->page = query->values + BOOK_MORE;
	TRY(query_as_of(query, query->values + BOOK_AS_OF));
	return read_token(query, &book->page[PAGE_FROM], &book->from);
}

static const struct recourse_field roll_fields[] = {BOOK_WHAT, BOOK_BEGIN, BOOK_PAGE};
static const struct recourse_column roll_columns[] = {
	{COLUMN(ENTRY, "from_entry", struct book, first, "the first entry of the period")},
	VIEW_AS_OF_ENTRY,
	{COLUMN_ROWS("accounts", roll_rows, list_accounts, "by code, party, reference and unit")},
	VIEW_NEXT(TEXT, next),
};

static enum recourse_error find_roll(struct query *query, void *row)
{
	struct book *book = row;
	const struct value *begin = query->values + BOOK_MORE;
	book->page = begin + BEGIN_FIELDS;
	book->moved = true;
	TRY(query_as_of(query, query->values + BOOK_AS_OF));
	TRY(find_begin(query, begin, &book->first));
	return read_token(query, &book->page[PAGE_FROM], &book->from);
}

/* ---- totals ---- */

/* What is added up: the first four in a period only. */
enum { OPENING_DEBIT, OPENING_CREDIT, DEBITS, CREDITS, DEBIT, CREDIT, SIDES };

/* Sums by book and unit, since each of them balances by itself; units are few. */
struct sums {
	uint64_t first;
	int64_t from_entry; /* the same, where they are of a period; else VIEW_NONE */
	uint64_t accounts;
	size_t count;
	struct {
		enum chart_book book;
		struct unit unit;
		amount_sum sides[SIDES];
	} rows[BOOK_SUMS_MAX];
};

/* To the debit side, or to the credit side that comes after it. */
static void add_balance(amount_sum *debit, int64_t balance)
{
	if (balance > 0)
		debit[0] += balance;
	else
		debit[1] -= balance;
}

static enum recourse_error add_to_sums(
	struct query *query, const struct account_walk *walk, struct sums *sums)
{
	struct account_row row;
	size_t index = 0;
	enum recourse_error error = read_row(query, walk, sums->first, &row);
	if (error != RECOURSE_OK)
		return query_perhaps(error);
	enum chart_book book = chart_find(row.code)->book;
	while (index < sums->count &&
		(sums->rows[index].book != book || !unit_same(&sums->rows[index].unit, &row.unit)))
		index++;
	if (index == BOOK_SUMS_MAX)
		return refusal_limit(query->refusal, RECOURSE_TOO_LARGE, NULL,
			"%d books and units in one report", BOOK_SUMS_MAX);
	if (index == sums->count) {
		sums->rows[index].book = book;
		sums->rows[sums->count++].unit = row.unit;
	}
	amount_sum *sides = sums->rows[index].sides;
	add_balance(&sides[OPENING_DEBIT], row.opening);
	add_balance(&sides[DEBIT], row.closing);
	sides[DEBITS] += row.debits;
	sides[CREDITS] += row.credits;
	sums->accounts++;
	return RECOURSE_OK;
}

/* The account that the walk stands at is found again in a new snapshot: accounts do not go. */
static enum recourse_error renew(struct query *query, struct account_walk *walk)
{
	struct record_path place = record_path_of_key(walk->key);
	account_walk_end(walk);
	TRY(query_renew(query));
	*walk = walk_of(query);
	walk->from = place;
	return account_walk_next(walk) || walk->error != RECOURSE_OK ? walk->error : RECOURSE_STORE_CORRUPT;
}

static enum recourse_error add_up(struct query *query, struct sums *sums)
{
	struct account_walk walk SCOPED(account_walk_end) = walk_of(query);
	for (uint64_t looks = 1; account_walk_next(&walk); looks++) {
		if (looks % BOOK_LOOKS_MAX == 0)
			TRY(renew(query, &walk));
		TRY(add_to_sums(query, &walk, sums));
	}
	TRY(walk.error);
	return check_there(query, sums->accounts);
}

struct total {
	const char *book;
	struct unit unit;
	amount_sum sides[SIDES]; /* VIEW_NONE: no period was asked for */
};

static const struct recourse_column total_rows[] = {
	{COLUMN(TEXT, "book", struct total, book, "a part of the chart that balances by itself")},
	{COLUMN(UNIT, "unit", struct total, unit, "of the accounts")},
	{COLUMN_AMOUNT("opening_debit", struct total, sides[OPENING_DEBIT], unit, "when it began"), OPTIONAL},
	{COLUMN_AMOUNT("opening_credit", struct total, sides[OPENING_CREDIT], unit, "when it began"),
		OPTIONAL},
	{COLUMN_AMOUNT("debits", struct total, sides[DEBITS], unit, "in the period"), OPTIONAL},
	{COLUMN_AMOUNT("credits", struct total, sides[CREDITS], unit, "in the period"), OPTIONAL},
	{COLUMN_AMOUNT("debit", struct total, sides[DEBIT], unit, "of the balances that stand there")},
	{COLUMN_AMOUNT("credit", struct total, sides[CREDIT], unit, "of the balances that stand there")},
};

static enum recourse_error list_totals(struct view_rows *rows)
{
	const struct sums *sums = rows->above;
	for (size_t index = 0; index < sums->count; index++) {
		struct total total = {chart_book_name(sums->rows[index].book), sums->rows[index].unit, {0}};
		for (size_t side = 0; side < SIDES; side++) {
			bool shown = side >= DEBIT || sums->from_entry != VIEW_NONE;
			total.sides[side] = shown ? sums->rows[index].sides[side] : VIEW_NONE;
		}
		TRY(view_add(rows, &total));
	}
	return RECOURSE_OK;
}

static const struct recourse_field totals_fields[] = {BOOK_WHAT, BOOK_BEGIN};
static const struct recourse_column totals_columns[] = {
	{COLUMN(ENTRY, "from_entry", struct sums, from_entry, "the first entry of the period"), OPTIONAL},
	VIEW_AS_OF_ENTRY,
	{COLUMN(INTEGER, "accounts", struct sums, accounts, "that were there, with nothing in them too")},
	{COLUMN_ROWS("totals", total_rows, list_totals, "by book and unit")},
};

static enum recourse_error find_totals(struct query *query, void *row)
{
	struct sums *sums = row;
	const struct value *begin = query->values + BOOK_MORE;
	bool moved = begin[BEGIN_ENTRY].present || begin[BEGIN_TIME].present;
	TRY(query_as_of(query, query->values + BOOK_AS_OF));
	TRY(find_begin(query, begin, &sums->first));
	sums->from_entry = moved ? (int64_t)sums->first : VIEW_NONE;
	return add_up(query, sums);
}

static const struct query_row rows[] = {
	VIEW("report.trial_balance", QUERY_READ_ALL, trial_fields, trial_columns, struct book, find_trial,
		"all accounts, now or as of an entry or time, page by page"),
	VIEW("report.roll_forward", QUERY_READ_ALL, roll_fields, roll_columns, struct book, find_roll,
		"all accounts in a period: opening, debits, credits, closing, page by page"),
	VIEW_REFUSED("report.totals", QUERY_READ_ALL, totals_fields, totals_columns, struct sums, find_totals,
		"sums of all accounts by book, of the trial balance or of a period", RECOURSE_TOO_LARGE,
		RECOURSE_OVERFLOW),
};
const struct query_group book_view_group = {rows, sizeof rows / sizeof rows[0]};
