/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_account.h"
#include "base/try.h"
#include "books/account_walk.h"
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

static const char *const no_yes[] = {"no", "yes", NULL};
#define BOOK_WHAT                                                                                            \
	QUERY_AS_OF,                                                                                         \
		{.name = "code",                                                                             \
			.type = RECOURSE_FIELD_INTEGER,                                                      \
			.optional = true,                                                                    \
			.minimum = 1000,                                                                     \
			.maximum = 9999,                                                                     \
			.preset = -1,                                                                        \
			.help = "accounts of this code only"},                                               \
		FIELD_OPTIONAL(ID, "party", "accounts of this party only")
#define BOOK_BEGIN                                                                                           \
	QUERY_OPTIONAL_ENTRY("from_entry", "first entry of the period; the ledger's first if absent"),       \
		FIELD_OPTIONAL(TIME, "from_time", "instead: the first entry not before this")
#define BOOK_PAGE                                                                                            \
	FIELD_OPTIONAL_CHOICE("zeroes", no_yes, "also accounts with nothing to show; no if absent"),         \
		FIELD_OPTIONAL_TEXT("from", BOOK_TOKEN_SIZE,                                                 \
			"first account of the page, as `next` gave it; with the same entry"),                \
		FIELD_PRESET(                                                                                \
			"limit", 1, BOOK_ROWS_MAX, 500, "most rows of a page; fewer where few have any")
enum { BOOK_AS_OF, BOOK_CODE = BOOK_AS_OF + QUERY_AS_OF_FIELDS, BOOK_PARTY, BOOK_MORE };
enum { BEGIN_ENTRY, BEGIN_TIME, BEGIN_FIELDS };
enum { PAGE_ZEROES, PAGE_FROM, PAGE_LIMIT };

/* ---- the period ---- */

struct period {
	uint64_t first;
	uint64_t last;
};

static enum recourse_error begin_beyond(struct query *query, const char *field)
{
	return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, field, "not after the period's end");
}

/* Both ends are entries of the ledger, and the one is not before the other: a report of nothing is no report. */
static enum recourse_error find_period(struct query *query, const struct value *begin, struct period *period)
{
	const struct value *entry = begin == NULL ? NULL : &begin[BEGIN_ENTRY];
	const struct value *time = begin == NULL ? NULL : &begin[BEGIN_TIME];
	enum recourse_error error = query_as_of(query, query->values + BOOK_AS_OF, &period->last);
	period->first = 0;
	if (error != RECOURSE_OK || begin == NULL)
		return error;
	if (entry->present && time->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "from_time",
			"from_entry or from_time, not both");
	if (entry->present && (uint64_t)entry->integer >= query->entries)
		return refusal_limit(query->refusal, RECOURSE_QUERY_NOT_FOUND, "from_entry",
			"an entry up to %llu", (unsigned long long)query->entries - 1);
	if (entry->present)
		period->first = (uint64_t)entry->integer;
	if (time->present)
		error = query_period_begin(query, "from_time", time->instant, &period->first);
	if (error == RECOURSE_OK && period->first > period->last)
		return begin_beyond(query, time->present ? "from_time" : "from_entry");
	return error;
}

/* ---- one account in it ---- */

struct row {
	const struct account_name *name;
	struct unit unit;
	struct record_history opening;
	struct record_history closing;
	int64_t debits;
	int64_t credits;
};

/* QUERY_NOT_FOUND where the account came later. One that came within the period began with nothing. */
static enum recourse_error read_row(
	struct query *query, const struct account_walk *walk, const struct period *period, struct row *row)
{
	uint32_t number = walk->account.number;
	enum recourse_error error = account_at(query->state, number, period->last, &row->closing);
	if (error != RECOURSE_OK)
		return error;
	row->opening = (struct record_history){0};
	if (period->first > 0)
		error = account_at(query->state, number, period->first - 1, &row->opening);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	row->name = &walk->name;
	row->unit = account_unit(&walk->account, walk->name.unit);
	row->debits = row->closing.debits - row->opening.debits;
	row->credits = row->debits - (row->closing.balance - row->opening.balance);
	return RECOURSE_OK;
}

static void write_name(const struct account_name *name, struct buffer *out)
{
	const struct chart_row *chart = chart_find(name->code);
	item_write_pair_integer(out, "code", name->code);
	item_write_pair_text(out, "account", slice_text(chart == NULL ? "" : chart->name));
	item_write_pair_text(out, "party", name->party);
	item_write_pair_text(out, "reference", name->reference);
	item_write_pair_text(out, "unit", name->unit);
}

static bool write_trial(const struct row *row, bool zeroes, struct buffer *out)
{
	int64_t balance = row->closing.balance;
	if (balance == 0 && !zeroes)
		return false;
	write_name(row->name, out);
	query_pair_amount(out, "debit", &row->unit, balance > 0 ? balance : 0);
	query_pair_amount(out, "credit", &row->unit, balance < 0 ? -balance : 0);
	return true;
}

static bool write_roll(const struct row *row, bool zeroes, struct buffer *out)
{
	uint16_t code = row->name->code;
	if (row->opening.balance == 0 && row->debits == 0 && row->credits == 0 && !zeroes)
		return false;
	write_name(row->name, out);
	item_write_pair_text(out, "side", slice_text(chart_side_name(code)));
	query_pair_amount(out, "opening", &row->unit, account_shown(code, row->opening.balance));
	query_pair_amount(out, "debits", &row->unit, row->debits);
	query_pair_amount(out, "credits", &row->unit, row->credits);
	query_pair_amount(out, "closing", &row->unit, account_shown(code, row->closing.balance));
	return true;
}

/* ---- pages ---- */

typedef bool row_writer(const struct row *row, bool zeroes, struct buffer *out);

struct page {
	struct period period;
	struct account_walk walk;
	struct record_path from;
	struct query_list list;
	char next[BOOK_TOKEN_SIZE];
	uint64_t there; /* accounts that were there, shown or not */
};

static struct account_walk walk_of(const struct query *query)
{
	const struct value *code = &query->values[BOOK_CODE];
	const struct value *party = &query->values[BOOK_PARTY];
	return (struct account_walk){
		.view = query->state,
		.code = code->present ? code->integer : 0,
		.one_party = party->present,
		.party = party->present ? party->text : slice_text(""),
	};
}

/* The token is the account's key; one that nobody was given is refused. */
static enum recourse_error read_token(struct query *query, const struct value *token, struct page *page)
{
	struct account_name name;
	struct record_account account;
	if (!token->present)
		return RECOURSE_OK;
	enum recourse_error error = crypto_base64_decode(
		token->text, page->from.bytes, sizeof page->from.bytes, &page->from.size);
	if (error == RECOURSE_OK)
		error = account_name_decode(record_path_slice(&page->from), &name);
	if (error != RECOURSE_OK)
		return refusal_field(query->refusal, RECOURSE_FIELD_FORMAT, "from",
			"as `next` of the page before gave it");
	if (!account_walk_has(&page->walk, &name))
		return query_absent(query, "from");
	return query_record(query, "from", &page->from, &account, sizeof account);
}

static void write_token(slice key, char token[static BOOK_TOKEN_SIZE])
{
	if (crypto_base64_size(key.size) <= BOOK_TOKEN_SIZE)
		crypto_base64_encode(key, token);
}

static enum recourse_error add_row(struct query *query, struct page *page, bool zeroes, row_writer *write)
{
	struct row row;
	enum recourse_error error = read_row(query, &page->walk, &page->period, &row);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	page->there++;
	struct item_map map = item_map_open(&page->list.items);
	if (write(&row, zeroes, &page->list.items)) {
		item_map_close(map, &page->list.items);
		page->list.count++;
	}
	return RECOURSE_OK;
}

static enum recourse_error add_rows(
	struct query *query, struct page *page, const struct value *values, row_writer *write)
{
	const struct value *choice = &values[PAGE_ZEROES];
	bool zeroes = choice->present && choice->integer == 1;
	uint64_t limit = (uint64_t)values[PAGE_LIMIT].integer;
	enum recourse_error error = account_walk_first(&page->walk, record_path_slice(&page->from));
	for (uint64_t looks = 0; error == RECOURSE_OK; looks++) {
		if (page->list.count == limit || looks == BOOK_LOOKS_MAX) {
			write_token(page->walk.key, page->next);
			break;
		}
		error = add_row(query, page, zeroes, write);
		if (error == RECOURSE_OK)
			error = account_walk_next(&page->walk);
	}
	account_walk_end(&page->walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* Nothing of that code or party, or not yet: an error and not an empty report. */
static enum recourse_error check_there(struct query *query, uint64_t there)
{
	const struct value *values = query->values;
	if (there > 0 || (!values[BOOK_CODE].present && !values[BOOK_PARTY].present))
		return RECOURSE_OK;
	return query_absent(query, values[BOOK_PARTY].present ? "party" : "code");
}

static enum recourse_error run_page(
	struct query *query, const struct value *begin, const struct value *values, row_writer *write)
{
	struct page page = {.walk = walk_of(query)};
	enum recourse_error error = find_period(query, begin, &page.period);
	if (error == RECOURSE_OK)
		error = read_token(query, &values[PAGE_FROM], &page);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = add_rows(query, &page, values, write);
	if (error == RECOURSE_OK && !values[PAGE_FROM].present && page.next[0] == '\0')
		error = check_there(query, page.there);
	if (begin != NULL)
		query_integer(query, "from_entry", page.period.first);
	query_integer(query, "as_of_entry", page.period.last);
	query_list_close(query, "accounts", &page.list);
	if (page.next[0] != '\0')
		query_text(query, "next", slice_text(page.next));
	item_map_close(map, query->out);
	return error;
}

static const struct recourse_field trial_fields[] = {BOOK_WHAT, BOOK_PAGE};

static enum recourse_error run_trial(struct query *query)
{
	return run_page(query, NULL, query->values + BOOK_MORE, write_trial);
}

static const struct recourse_field roll_fields[] = {BOOK_WHAT, BOOK_BEGIN, BOOK_PAGE};

static enum recourse_error run_roll(struct query *query)
{
	const struct value *begin = query->values + BOOK_MORE;
	return run_page(query, begin, begin + BEGIN_FIELDS, write_roll);
}

/* ---- totals ---- */

/* Sums by book and unit, since each of them balances by itself; units are few. */
struct sums {
	struct period period;
	uint64_t accounts;
	size_t count;
	struct {
		enum chart_book book;
		struct unit unit;
		__int128 opening[2]; /* debit, credit */
		__int128 moved[2];
		__int128 closing[2];
	} rows[BOOK_SUMS_MAX];
};

static void add_balance(__int128 sides[static 2], int64_t balance)
{
	if (balance > 0)
		sides[0] += balance;
	else
		sides[1] -= balance;
}

static enum recourse_error add_to_sums(
	struct query *query, const struct account_walk *walk, struct sums *sums)
{
	struct row row;
	size_t index = 0;
	enum recourse_error error = read_row(query, walk, &sums->period, &row);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	enum chart_book book = chart_find(walk->name.code)->book;
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
	add_balance(sums->rows[index].opening, row.opening.balance);
	add_balance(sums->rows[index].closing, row.closing.balance);
	sums->rows[index].moved[0] += row.debits;
	sums->rows[index].moved[1] += row.credits;
	sums->accounts++;
	return RECOURSE_OK;
}

/* The account that the walk stands at is found again in a new snapshot: accounts do not go. */
static enum recourse_error renew(struct query *query, struct account_walk *walk)
{
	struct record_path place = {.size = walk->key.size};
	memcpy(place.bytes, walk->key.data, walk->key.size);
	account_walk_end(walk);
	enum recourse_error error = query_renew(query);
	if (error != RECOURSE_OK)
		return error;
	walk->view = query->state;
	error = account_walk_first(walk, record_path_slice(&place));
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

static enum recourse_error add_up(struct query *query, struct sums *sums)
{
	struct account_walk walk = walk_of(query);
	enum recourse_error error = account_walk_first(&walk, slice_of(NULL, 0));
	for (uint64_t looks = 1; error == RECOURSE_OK; looks++) {
		error = add_to_sums(query, &walk, sums);
		if (error == RECOURSE_OK)
			error = account_walk_next(&walk);
		if (error == RECOURSE_OK && looks % BOOK_LOOKS_MAX == 0)
			error = renew(query, &walk);
	}
	account_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? check_there(query, sums->accounts) : error;
}

static bool write_sides(struct buffer *out, const char *debit, const char *credit, const struct unit *unit,
	const __int128 sides[static 2])
{
	if (sides[0] > INT64_MAX || sides[1] > INT64_MAX)
		return false;
	query_pair_amount(out, debit, unit, (int64_t)sides[0]);
	query_pair_amount(out, credit, unit, (int64_t)sides[1]);
	return true;
}

static enum recourse_error write_sums(struct query *query, const struct sums *sums, bool moved)
{
	struct query_list list = {0};
	bool fit = true;
	for (size_t index = 0; fit && index < sums->count; index++) {
		const struct unit *unit = &sums->rows[index].unit;
		struct item_map map = item_map_open(&list.items);
		item_write_pair_text(
			&list.items, "book", slice_text(chart_book_name(sums->rows[index].book)));
		item_write_pair_text(&list.items, "unit", unit_code(unit));
		if (moved)
			fit = write_sides(&list.items, "opening_debit", "opening_credit", unit,
				      sums->rows[index].opening) &&
			      write_sides(&list.items, "debits", "credits", unit, sums->rows[index].moved);
		fit = fit && write_sides(&list.items, "debit", "credit", unit, sums->rows[index].closing);
		item_map_close(map, &list.items);
		list.count++;
	}
	query_list_close(query, "totals", &list);
	return fit ? RECOURSE_OK
		   : refusal_field(query->refusal, RECOURSE_OVERFLOW, "totals", "64 bits in each unit");
}

static const struct recourse_field totals_fields[] = {BOOK_WHAT, BOOK_BEGIN};

static enum recourse_error run_totals(struct query *query)
{
	struct sums sums = {0};
	const struct value *begin = query->values + BOOK_MORE;
	bool moved = begin[BEGIN_ENTRY].present || begin[BEGIN_TIME].present;
	enum recourse_error error = find_period(query, begin, &sums.period);
	if (error == RECOURSE_OK)
		error = add_up(query, &sums);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	if (moved)
		query_integer(query, "from_entry", sums.period.first);
	query_integer(query, "as_of_entry", sums.period.last);
	query_integer(query, "accounts", sums.accounts);
	error = write_sums(query, &sums, moved);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("report.trial_balance", QUERY_READ_ALL, trial_fields, run_trial,
		"all accounts, now or as of an entry or time, page by page"),
	QUERY("report.roll_forward", QUERY_READ_ALL, roll_fields, run_roll,
		"all accounts in a period: opening, debits, credits, closing, page by page"),
	QUERY("report.totals", QUERY_READ_ALL, totals_fields, run_totals,
		"sums of all accounts by book, of the trial balance or of a period"),
};
const struct query_group book_view_group = {rows, sizeof rows / sizeof rows[0]};
