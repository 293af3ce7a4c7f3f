/* SPDX-License-Identifier: Apache-2.0 */
#include "report_book.h"

#include "arguments.h"
#include "ask.h"
#include "member.h"
#include "output.h"

#include <inttypes.h>

static const char totals_name[] = "report.totals";

enum { PAIRS_MAX = 32, PAIR_SIZE = 320, COLUMNS_MAX = 12 };

/* What is asked: a method, and what was typed, with the period made into numbers of entries after the first page. */
struct question {
	const struct recourse_method *method;
	char *pairs[PAIRS_MAX];
	size_t count;
	char made[3][PAIR_SIZE];
	size_t made_count;
};

struct book {
	struct service *service;
	const struct recourse_method *method;
	char *const *pairs;
	size_t pair_count;
	bool period; /* it has a begin */
	int64_t first;
	int64_t last;
	struct buffer rows; /* of all pages */
	uint64_t row_count;
	char next[PAIR_SIZE];
};

static bool names(const char *pair, const char *field)
{
	size_t size = strlen(field);
	return strncmp(pair, field, size) == 0 && pair[size] == '=';
}

static bool any_names(char *const *pairs, size_t count, const char *field)
{
	for (size_t index = 0; index < count; index++) {
		if (names(pairs[index], field))
			return true;
	}
	return false;
}

static enum exit_code ask(struct book *book, struct question *question, struct recourse_bytes *reply)
{
	struct buffer params = {0};
	struct recourse_refusal refusal = {.command = -1};
	const char *name = question->method->name;
	enum exit_code code;
	enum recourse_error error =
		arguments_encode(question->method, question->pairs, question->count, &params, &refusal);
	if (error != RECOURSE_OK && error != RECOURSE_MEMORY) {
		output_error(error, &refusal, name);
		output_next("recourse query %s --help", name);
		code = EXIT_CODE_USAGE;
	} else {
		if (error == RECOURSE_OK)
			error = recourse_client_query(
				book->service->client, name, buffer_slice(&params), reply, &refusal);
		code = error == RECOURSE_OK ? EXIT_CODE_OK : output_error(error, &refusal, name);
	}
	buffer_free(&params);
	return code;
}

static void add_made(struct question *question, const char *field, const char *value)
{
	char *pair = question->made[question->made_count++];
	snprintf(pair, PAIR_SIZE, "%s=%s", field, value);
	question->pairs[question->count++] = pair;
}

static void add_number(struct question *question, const char *field, int64_t number)
{
	char text[24];
	snprintf(text, sizeof text, "%" PRId64, number);
	add_made(question, field, text);
}

/* As it was typed, but as of the entries of the first page: what is written meanwhile belongs to neither. */
static void pin(const struct book *book, struct question *question)
{
	static const char *const replaced[] = {"entry", "time", "from_entry", "from_time"};
	bool pages = question->method == book->method;
	for (size_t index = 0; index < book->pair_count; index++) {
		bool kept = pages || !names(book->pairs[index], "zeroes");
		for (size_t field = 0; field < sizeof replaced / sizeof replaced[0]; field++)
			kept = kept && !names(book->pairs[index], replaced[field]);
		if (kept)
			question->pairs[question->count++] = book->pairs[index];
	}
	add_number(question, "entry", book->last);
	if (book->period)
		add_number(question, "from_entry", book->first);
}

static bool take_page(struct book *book, slice page)
{
	slice rows;
	struct item head;
	slice next = slice_text("");
	bool good = member_list(page, "accounts", &rows, &head) &&
		    member_integer(page, "as_of_entry", &book->last);
	book->period = member_integer(page, "from_entry", &book->first);
	for (uint64_t index = 0; good && index < head.count; index++) {
		slice row;
		good = item_read_whole(&rows, &row) == RECOURSE_OK;
		if (good)
			buffer_append(&book->rows, row.data, row.size);
	}
	/* a service that sends in circles is not followed */
	bool more = member_text(page, "next", &next);
	if (!good || next.size >= sizeof book->next || (more && slice_is(next, book->next)))
		return false;
	book->row_count += head.count;
	snprintf(book->next, sizeof book->next, "%.*s", SLICE_ARGUMENTS(next));
	return true;
}

static enum exit_code not_understood(const char *method)
{
	return output_error(RECOURSE_MALFORMED, NULL, method);
}

static enum exit_code gather(struct book *book)
{
	struct question first = {.method = book->method, .count = book->pair_count};
	memcpy(first.pairs, book->pairs, book->pair_count * sizeof first.pairs[0]);
	struct question *question = &first;
	struct question other;
	enum exit_code code = EXIT_CODE_OK;
	do {
		struct recourse_bytes reply = {0};
		code = ask(book, question, &reply);
		if (code == EXIT_CODE_OK && !take_page(book, slice_of(reply.data, reply.size)))
			code = not_understood(book->method->name);
		recourse_bytes_free(&reply);
		other = (struct question){.method = book->method};
		pin(book, &other);
		add_made(&other, "from", book->next);
		question = &other;
	} while (code == EXIT_CODE_OK && book->next[0] != '\0');
	return code;
}

/* The method's own columns, and behind them the list of totals. */
static enum exit_code output(
	const struct book *book, const struct recourse_method *totals, slice item, bool json)
{
	struct recourse_column columns[COLUMNS_MAX];
	size_t count = 0;
	for (; count < book->method->column_count && count + 1 < COLUMNS_MAX; count++)
		columns[count] = book->method->columns[count];
	for (size_t index = 0; index < totals->column_count; index++) {
		if (strcmp(totals->columns[index].name, "totals") == 0)
			columns[count++] = totals->columns[index];
	}
	return output_result(columns, count, item, json);
}

static enum exit_code show(struct book *book, const struct recourse_method *method, slice totals, bool json)
{
	slice sums;
	struct item head;
	struct buffer out = {0};
	if (!member_list(totals, "totals", &sums, &head))
		return not_understood(totals_name);
	struct item_map map = item_map_open(&out);
	if (book->period)
		item_write_pair_integer(&out, "from_entry", book->first);
	item_write_pair_integer(&out, "as_of_entry", book->last);
	item_write_key(&out, "accounts");
	item_write_array(&out, book->row_count);
	buffer_append(&out, book->rows.data, book->rows.size);
	item_write_key(&out, "totals");
	item_write_array(&out, head.count);
	enum recourse_error error = RECOURSE_OK;
	for (uint64_t index = 0; error == RECOURSE_OK && index < head.count; index++) {
		slice row;
		error = item_read_whole(&sums, &row);
		if (error == RECOURSE_OK)
			buffer_append(&out, row.data, row.size);
	}
	item_map_close(map, &out);
	if (error == RECOURSE_OK && (buffer_failed(&out) || buffer_failed(&book->rows)))
		error = RECOURSE_MEMORY;
	enum exit_code code = error == RECOURSE_OK ? output(book, method, buffer_slice(&out), json)
						   : output_error(error, NULL, book->method->name);
	buffer_free(&out);
	return code;
}

static enum exit_code run(struct book *book, bool json)
{
	struct question totals = {.method = recourse_method_find(totals_name, strlen(totals_name))};
	struct recourse_bytes reply = {0};
	enum exit_code code = service_open(book->service, SERVICE_SIGNED);
	if (code == EXIT_CODE_OK)
		code = gather(book);
	if (code != EXIT_CODE_OK)
		return code;
	pin(book, &totals);
	code = ask(book, &totals, &reply);
	if (code == EXIT_CODE_OK)
		code = show(book, totals.method, slice_of(reply.data, reply.size), json);
	recourse_bytes_free(&reply);
	return code;
}

enum exit_code report_book(struct service *service, const struct recourse_method *method, char *const *pairs,
	size_t count, bool json)
{
	struct book book = {.service = service, .method = method, .pairs = pairs, .pair_count = count};
	if (any_names(pairs, count, "from") || any_names(pairs, count, "limit"))
		return ask_method(service, method, pairs, count, json);
	if (count + 3 > PAIRS_MAX)
		return output_usage("report: %zu fields are too many", count);
	enum exit_code code = run(&book, json);
	buffer_free(&book.rows);
	return code;
}
