/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "../tools/member.h"
#include "base/crypto.h"
#include "books/account.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * K: the trial balance, the roll-forward and their totals: page by page, of many accounts, summed up and asked again
 * later. What they say is in tests/rules/rule/book.case.
 */
enum { NAME_SIZE = 160, ROWS_MAX = 64, TOKEN_SIZE = 300, PARAMS_SIZE = 500 };

/* A row of a reply. Amounts are steps: the decimal without its point. */
struct shown {
	char name[NAME_SIZE];
	int64_t opening;
	int64_t debits;
	int64_t credits;
	int64_t closing;
	int sign; /* 1: a debit account */
};

static char *ask(struct kit *kit, const char *method, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static char *ask(struct kit *kit, const char *method, const char *format, ...)
{
	char params[PARAMS_SIZE];
	char *reply = NULL;
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(params, sizeof params, format, arguments);
	va_end(arguments);
	enum recourse_error error = kit_query(kit, "auditor", method, params, &reply);
	if (error != RECOURSE_OK)
		print_message(
			"%s %s: %s %s\n", method, params, recourse_error_name(error), kit->refusal.field);
	assert_ok(error);
	return reply;
}

static slice text_of(slice row, const char *name)
{
	slice text = {0};
	assert_true(member_text(row, name, &text));
	return text;
}

static int64_t steps(slice row, const char *name)
{
	slice text = text_of(row, name);
	int64_t steps = 0;
	for (size_t index = 0; index < text.size; index++) {
		if (text.data[index] == '.')
			continue;
		assert_in_range(text.data[index], '0', '9');
		steps = 10 * steps + text.data[index] - '0';
	}
	return steps;
}

static size_t read_rows(slice reply, struct shown *rows)
{
	slice reader;
	struct item head;
	assert_true(member_list(reply, "accounts", &reader, &head));
	assert_true(head.count <= ROWS_MAX);
	for (struct shown *shown = rows; shown < rows + head.count; shown++) {
		int64_t code = 0;
		slice row;
		assert_ok(item_read_whole(&reader, &row));
		assert_true(member_integer(row, "code", &code));
		snprintf(shown->name, sizeof shown->name, "%" PRId64 "/%.*s/%.*s/%.*s", code,
			SLICE_ARGUMENTS(text_of(row, "party")), SLICE_ARGUMENTS(text_of(row, "reference")),
			SLICE_ARGUMENTS(text_of(row, "unit")));
		shown->sign = slice_is(text_of(row, "side"), "debit") ? 1 : -1;
		shown->opening = steps(row, "opening");
		shown->debits = steps(row, "debits");
		shown->credits = steps(row, "credits");
		shown->closing = steps(row, "closing");
	}
	return (size_t)head.count;
}

static struct shown *find(struct shown *rows, size_t count, const char *name)
{
	for (size_t index = 0; index < count; index++) {
		if (strcmp(rows[index].name, name) == 0)
			return &rows[index];
	}
	return NULL;
}

/* ---- pages ---- */

/* The token of the next page; empty at the end. */
static void read_next(const char *reply, char token[static TOKEN_SIZE])
{
	const char *next = strstr(reply, "\"next\":\"");
	token[0] = '\0';
	if (next != NULL)
		snprintf(token, TOKEN_SIZE, "%.*s", (int)strcspn(next + 8, "\""), next + 8);
}

static void append_accounts(const char *reply, char *all, size_t size)
{
	const char *begin = strstr(reply, "\"accounts\":[");
	assert_non_null(begin);
	begin += strlen("\"accounts\":[");
	const char *end = strchr(begin, ']');
	size_t used = strlen(all);
	assert_true(used + (size_t)(end - begin) + 2 < size);
	snprintf(all + used, size - used, "%s%.*s", used > 0 && end > begin ? "," : "", (int)(end - begin),
		begin);
}

/* Every page of it, while others write. */
static void gather(struct kit *kit, const char *method, const char *what, int limit, char *all, size_t size)
{
	static int line;
	char token[TOKEN_SIZE] = "";
	all[0] = '\0';
	do {
		SCOPED(support_free)
		char *reply = token[0] == '\0' ? ask(kit, method, "{%s,\"limit\":%d}", what, limit)
					       : ask(kit, method, "{%s,\"limit\":%d,\"from\":\"%s\"}", what,
							 limit, token);
		append_accounts(reply, all, size);
		read_next(reply, token);
		kit_play(kit, "deposit N 1.00 meanwhile-%d", line++);
	} while (token[0] != '\0');
}

/* Pages of any size, as of one entry, are the one page, whatever is written between them. */
static void test_pages_fit(void **state)
{
	static char whole[20000];
	static char pages[20000];
	struct kit *kit = *state;
	char what[120];
	kit_golden_steps(kit, 1, 14);
	unsigned long long entry = kit_entries(kit) - 1;
	static const struct {
		const char *method;
		const char *more;
	} kinds[] = {
		{"report.trial_balance", ""},
		{"report.trial_balance", ",\"zeroes\":\"yes\""},
		{"report.trial_balance", ",\"code\":1110"},
		{"report.trial_balance", ",\"zeroes\":\"yes\",\"party\":\"M\""},
		{"report.roll_forward", ",\"from_entry\":20"},
		{"report.roll_forward", ",\"from_entry\":20,\"zeroes\":\"yes\""},
	};
	for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
		snprintf(what, sizeof what, "\"entry\":%llu%s", entry, kinds[kind].more);
		gather(kit, kinds[kind].method, what, 1000, whole, sizeof whole);
		assert_non_null(strstr(whole, "\"code\""));
		for (int limit = 1; limit <= 5; limit++) {
			gather(kit, kinds[kind].method, what, limit, pages, sizeof pages);
			assert_string_equal(pages, whole);
		}
	}
}

/* A token that is cut, of an account that is not there, or of one that does not belong to what is asked for. */
static void test_token_refused(void **state)
{
	struct kit *kit = *state;
	char token[TOKEN_SIZE];
	char absent[TOKEN_SIZE];
	kit_play(kit, "deposit M 100.00 b-1");
	SCOPED(support_free) char *reply = ask(kit, "report.trial_balance", "{\"limit\":1}");
	read_next(reply, token);
	struct record_path path =
		account_path(CHART_DEPOSIT, slice_text("X"), slice_text(""), slice_text("CNY"));
	crypto_base64_encode(record_path_slice(&path), absent);
	kit_play(kit,
		"? auditor report.trial_balance from=%.*s ! FIELD_FORMAT from\n"
		"? auditor report.trial_balance from=%s ! QUERY_NOT_FOUND from\n"
		"? auditor report.trial_balance code=1010 from=%s ! QUERY_NOT_FOUND from\n"
		"? auditor report.trial_balance party=N from=%s ! QUERY_NOT_FOUND from",
		(int)strlen(token) - 4, token, absent, token, token);
}

/* ---- many accounts ---- */

enum { MANY = 5000, BATCH = 2500 };

/* A merchant and a deposit each, thousands in a request. */
static void lodge_many(struct kit *kit, int first)
{
	SCOPED(buffer_free) struct buffer parties = {0};
	SCOPED(buffer_free) struct buffer deposits = {0};
	for (int index = first; index < first + BATCH; index++) {
		buffer_append_format(&parties, "%s party.register party=a-%d kinds=merchant\n",
			index == first ? "admin" : "    +", index);
		buffer_append_format(&deposits,
			"%s deposit.receive merchant=a-%d amount=2.00 unit=CNY bank_reference=many-%d\n",
			index == first ? "bank" : "    +", index, index);
	}
	kit_play(kit, "%.*s%.*s", SLICE_ARGUMENTS(buffer_slice(&parties)),
		SLICE_ARGUMENTS(buffer_slice(&deposits)));
}

/*
 * More accounts than one snapshot looks at: totals are of all of them, and a page that has looked at so many without
 * a row to show is an empty one with a next.
 */
static void test_many_accounts(void **state)
{
	struct kit *kit = *state;
	char token[TOKEN_SIZE];
	kit_play(kit, "deposit M 1.00 b-1");
	unsigned long long before = kit->last_entry;
	for (int first = 0; first < MANY; first += BATCH)
		lodge_many(kit, first);
	kit_play(kit,
		"? auditor report.totals : accounts:=5002 totals[].debit=10001.00 totals[].credit=10001.00\n"
		"? auditor report.totals entry=%llu : totals[].debit=1.00 totals[].credit=1.00",
		before);
	char *reply = ask(kit, "report.trial_balance", "{\"code\":2010,\"entry\":%llu}", before);
	read_next(reply, token);
	assert_true(token[0] != '\0');
	assert_null(strstr(reply, "\"party\":\"a-"));
	free(reply);
	reply = ask(
		kit, "report.trial_balance", "{\"code\":2010,\"entry\":%llu,\"from\":\"%s\"}", before, token);
	assert_non_null(strstr(reply, "\"accounts\":[]"));
	assert_null(strstr(reply, "\"next\""));
	free(reply);
}

/* ---- the roll-forward ---- */

/* Every row's sum, and that of all of them. */
static void check_sums(const struct shown *rows, size_t count)
{
	int64_t all = 0;
	for (size_t index = 0; index < count; index++) {
		const struct shown *row = &rows[index];
		assert_true(row->opening >= 0 && row->debits >= 0 && row->credits >= 0 && row->closing >= 0);
		assert_int_equal(
			row->sign * row->opening + row->debits - row->credits, row->sign * row->closing);
		all += row->debits - row->credits;
	}
	assert_int_equal(all, 0);
}

static size_t roll(struct kit *kit, uint64_t first, uint64_t last, struct shown *rows)
{
	char params[PARAMS_SIZE];
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	snprintf(params, sizeof params,
		"{\"from_entry\":%" PRIu64 ",\"entry\":%" PRIu64 ",\"zeroes\":\"yes\"}", first, last);
	assert_ok(kit_ask(kit, "auditor", "report.roll_forward", params, &reply));
	size_t count = read_rows(slice_of(reply.data, reply.size), rows);
	check_sums(rows, count);
	return count;
}

/* The same from the periods of a single entry, in which an account moves to one side only. */
static size_t add_entries(struct kit *kit, uint64_t first, uint64_t last, struct shown *sums)
{
	struct shown rows[ROWS_MAX];
	size_t count = 0;
	for (uint64_t entry = first; entry <= last; entry++) {
		size_t found = roll(kit, entry, entry, rows);
		for (size_t row = 0; row < found; row++) {
			struct shown *sum = find(sums, count, rows[row].name);
			assert_true(rows[row].debits == 0 || rows[row].credits == 0);
			if (sum == NULL) {
				sum = &sums[count++];
				*sum = rows[row];
				continue;
			}
			assert_int_equal(sum->closing, rows[row].opening);
			sum->debits += rows[row].debits;
			sum->credits += rows[row].credits;
			sum->closing = rows[row].closing;
		}
	}
	return count;
}

/* Any period of the golden case against the sum of its entries, and its begin against the trial balance before. */
static void test_roll_forward(void **state)
{
	struct kit *kit = *state;
	struct shown rows[ROWS_MAX];
	struct shown sums[ROWS_MAX];
	kit_golden_steps(kit, 1, 20);
	uint64_t entries = kit_entries(kit);
	for (uint64_t first = 0; first < entries; first += 7) {
		for (uint64_t last = first; last < entries; last += 11) {
			size_t count = roll(kit, first, last, rows);
			assert_int_equal(add_entries(kit, first, last, sums), count);
			for (size_t row = 0; row < count; row++) {
				const struct shown *sum = find(sums, count, rows[row].name);
				assert_non_null(sum);
				assert_int_equal(rows[row].debits, sum->debits);
				assert_int_equal(rows[row].credits, sum->credits);
				assert_int_equal(rows[row].opening, sum->opening);
				assert_int_equal(rows[row].closing, sum->closing);
			}
		}
	}
}

/* I11: a question about an entry gets the same answer whatever was done since. */
static void test_as_of_reproduces(void **state)
{
	struct kit *kit = *state;
	static const char *const methods[] = {"report.trial_balance", "report.totals", "report.roll_forward"};
	enum { METHODS = sizeof methods / sizeof methods[0], STEPS = 20 };
	char *then[STEPS][METHODS];
	uint64_t entries[STEPS];
	for (int step = 0; step < STEPS; step++) {
		kit_golden_steps(kit, step + 1, step + 1);
		entries[step] = kit_entries(kit) - 1;
		for (size_t method = 0; method < METHODS; method++)
			then[step][method] = ask(kit, methods[method], "{}");
	}
	kit_reopen(kit, true);
	for (size_t step = 0; step < STEPS; step++) {
		for (size_t method = 0; method < METHODS; method++) {
			SCOPED(support_free)
			char *now = ask(kit, methods[method], "{\"entry\":%" PRIu64 "}", entries[step]);
			assert_string_equal(then[step][method], now);
			free(then[step][method]);
		}
	}
}

/*
 * A1: the sums over all holds, against the holds themselves, at random: what is frozen is what was held and not
 * released, as of every day. See tests/rules/deposit/statement.case.
 */
static void test_many_holds(void **state)
{
	enum { DAYS = 30 };
	struct kit *kit = *state;
	struct support_random random = support_random_start();
	int64_t frozen[DAYS];
	int64_t open[DAYS] = {0};
	int64_t sum = 0;
	kit_play(kit, "deposit M 10000.00 b-1");
	for (int day = 0; day < DAYS; day++) {
		open[day] = 1 + (int64_t)support_random_below(&random, 300);
		sum += open[day];
		kit_play(kit,
			"wait 1 day without clocks\n"
			"maker deposit.hold hold=h-%d merchant=M amount=%" PRId64 ".00 unit=CNY reason=late",
			day, open[day]);
		int other = (int)support_random_below(&random, (uint64_t)day + 1);
		if (open[other] > 0 && other != day) {
			kit_play(kit, "maker deposit.release hold=h-%d reason=solved", other);
			sum -= open[other];
			open[other] = 0;
		}
		frozen[day] = sum;
	}
	for (int round = 0; round < 2; round++) {
		for (int day = 0; day < DAYS; day++)
			/* holds begin on the 5th of May */
			kit_play(kit,
				"? merchant deposit.statement merchant=M unit=CNY "
				"until=2016-%02d-%02dT00:00:00Z"
				" : closing.frozen=%" PRId64 ".00",
				day < 26 ? 5 : 6, day < 26 ? day + 6 : day - 25, frozen[day]);
		kit_audit(kit);
		kit_reopen(kit, true);
	}
}

/* The bytes of each row of a page of entry.list, against entry.get; returns what comes next, 0 at the end. */
static uint64_t check_page(struct kit *kit, uint64_t from, uint64_t limit)
{
	char params[60];
	SCOPED(support_free) char *page = NULL;
	uint64_t count = 0;
	snprintf(params, sizeof params, "{\"from\":%llu,\"limit\":%llu}", (unsigned long long)from,
		(unsigned long long)limit);
	assert_ok(kit_query(kit, "auditor", "entry.list", params, &page));
	for (const char *row = strstr(page, "\"bytes\":\""); row != NULL;
		row = strstr(row + 1, "\"bytes\":\"")) {
		SCOPED(support_free) char *single = NULL;
		snprintf(params, sizeof params, "{\"entry\":%llu}", (unsigned long long)(from + count++));
		assert_ok(kit_query(kit, "auditor", "entry.get", params, &single));
		const char *bytes = strstr(single, "\"bytes\":\"");
		assert_non_null(bytes);
		assert_memory_equal(row, bytes, strcspn(bytes, "}"));
	}
	const char *next = strstr(page, "\"next\":");
	uint64_t number = next == NULL ? 0 : strtoull(next + strlen("\"next\":"), NULL, 10);
	assert_true(count > 0 && count <= limit);
	assert_true(next == NULL ? from + count == kit->last_entry + 1 : number == from + count);
	return number;
}

/* K: the entries page by page are all entries, by their exact bytes. */
static void test_entry_list(void **state)
{
	struct kit *kit = *state;
	for (uint64_t limit = 1; limit < 5; limit++) {
		uint64_t from = 0;
		do
			from = check_page(kit, from, limit);
		while (from != 0);
	}
	assert_int_equal(check_page(kit, 0, 500), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_pages_fit),
		KIT_TEST(test_token_refused),
		KIT_TEST(test_many_accounts),
		KIT_TEST(test_roll_forward),
		KIT_TEST(test_as_of_reproduces),
		KIT_TEST(test_many_holds),
		KIT_TEST(test_entry_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
