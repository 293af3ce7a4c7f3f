/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "../tools/export/export_name.h"
#include "base/instant.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * K: what people wrote stays a text in every format, and names stay apart. `export_test FORMAT` prints a book of
 * hostile texts instead, for the tools that read it.
 */

static struct export_line line_of(uint16_t code, const char *party, const char *reference, const char *unit)
{
	struct export_line line = {
		.code = code, .party = slice_text(party), .reference = slice_text(reference)};
	int64_t digits = strcmp(unit, "J") == 0 ? 0 : 2;
	if (unit_define(slice_text(unit), digits, 1, &line.unit) != RECOURSE_OK)
		abort();
	return line;
}

static const char *const hostile[] = {
	"",
	" ",
	"; date:1999-01-01, type:X",
	"a;b|c%d",
	"two  blanks   and three ",
	"2026-01-01 * \"x\"",
	"1999/01/01 x",
	"\"",
	"\\",
	"\\\" 2026-01-01 open Assets:Theft",
	"\\n2026-01-01 * \"x\" \"y\"",
	"#tag ^link {1.00 CNY} @ 2",
	"=HYPERLINK(\"http://example.com\",\"x\")",
	"+1",
	"-1",
	"@SUM(A1)",
	"a,b\"c",
	"(1) ! * = ~ comment",
	"end comment",
	"先行垫付",
};
enum { HOSTILE = sizeof hostile / sizeof hostile[0] };

/* A cent for each text, then the sum. */
static void write_book(const struct export_format *format, struct buffer *out)
{
	struct export_line closing[] = {line_of(1010, "a:b", "c/d", "CNY"), line_of(2010, "a", "b", "CNY")};
	struct export_period period = {
		.last = HOSTILE - 1,
		.units = &closing[0].unit,
		.unit_count = 1,
		.closing = closing,
		.closing_count = 2,
		.begins = INSTANT_DAY,
		.ends = INSTANT_DAY * HOSTILE,
	};
	closing[0].steps = HOSTILE;
	closing[1].steps = -HOSTILE;
	format->begin(&period, out);
	for (size_t index = 0; index < HOSTILE; index++) {
		struct export_line lines[] = {closing[0], closing[1]};
		struct export_entry entry = {.number = index,
			.time = INSTANT_DAY * (index + 1),
			.leaf = "00",
			.kind = slice_text("deposit.hold"),
			.reason = slice_text(hostile[index]),
			.lines = lines,
			.count = 2};
		lines[0].steps = 1;
		lines[1].steps = -1;
		format->entry(&entry, out);
	}
	format->end(&period, out);
}

static void write_entry(const struct export_format *format, const char *reason, struct buffer *out)
{
	struct export_line lines[] = {line_of(1010, "a:b", "", "CNY"), line_of(1115, "", "r", "CNY")};
	struct export_entry entry = {.number = 7,
		.time = INSTANT_DAY,
		.leaf = "ab",
		.kind = slice_text("deposit.hold"),
		.reason = slice_text(reason),
		.lines = lines,
		.count = 2};
	lines[0].steps = 12345;
	lines[1].steps = -12345;
	format->entry(&entry, out);
}

static void writes(const struct export_format *format, const char *reason, const char *expected)
{
	SCOPED(buffer_free) struct buffer out = {0};
	write_entry(format, reason, &out);
	buffer_append(&out, "", 1);
	assert_false(buffer_failed(&out));
	assert_string_equal((const char *)out.data, expected);
}

static void test_hledger(void **state)
{
	writes(&export_hledger, " a;  b|%c ",
		"\n1970-01-02 * (7) deposit.hold | %20a%3B %20b%7C%25c%20\n"
		"    ; entry:7, time:1970-01-02T00:00:00Z, leaf:ab\n"
		"    assets:1010 custodian cash:a%3Ab  123.45 CNY\n"
		"    assets:1115 inchoate recourse:-:r  -123.45 CNY\n");
	writes(&export_hledger, "",
		"\n1970-01-02 * (7) deposit.hold\n"
		"    ; entry:7, time:1970-01-02T00:00:00Z, leaf:ab\n"
		"    assets:1010 custodian cash:a%3Ab  123.45 CNY\n"
		"    assets:1115 inchoate recourse:-:r  -123.45 CNY\n");
}

static void test_beancount(void **state)
{
	writes(&export_beancount, "a\"b\\",
		"\n1970-01-02 * \"deposit.hold\" \"a\\\"b\\\\\"\n"
		"  entry: 7\n"
		"  time: \"1970-01-02T00:00:00Z\"\n"
		"  leaf: \"ab\"\n"
		"  Assets:1010-custodian-cash:A-vb-j:0-j  123.45 CNY\n"
		"  Assets:1115-inchoate-recourse:0-j:R-j  -123.45 CNY\n");
}

static void test_csv(void **state)
{
	writes(&export_csv, "=1,\"2\"",
		"7,1970-01-02T00:00:00Z,deposit.hold,\"'=1,\"\"2\"\"\",1010,custodian "
		"cash,a:b,,CNY,123.45,0.00,ab\r\n"
		"7,1970-01-02T00:00:00Z,deposit.hold,\"'=1,\"\"2\"\"\",1115,inchoate "
		"recourse,,r,CNY,0.00,123.45,ab\r\n");
	const char *const formulas[] = {"=", "+", "-", "@"};
	for (size_t index = 0; index < 4; index++) {
		SCOPED(buffer_free) struct buffer out = {0};
		char expected[40];
		write_entry(&export_csv, formulas[index], &out);
		buffer_append(&out, "", 1);
		snprintf(expected, sizeof expected, ",deposit.hold,'%s,", formulas[index]);
		assert_non_null(strstr((const char *)out.data, expected));
	}
}

/* A book is its transactions: none is added by a text, and no line is. */
static void test_lines_are_counted(void **state)
{
	static const struct {
		const struct export_format *format;
		size_t fixed;
		size_t each;
	} rows[] = {{&export_hledger, 8 + 4, 5}, {&export_beancount, 5 + 8 + 3, 7}, {&export_csv, 1, 2}};
	for (size_t row = 0; row < 3; row++) {
		SCOPED(buffer_free) struct buffer out = {0};
		size_t lines = 0;
		write_book(rows[row].format, &out);
		for (size_t index = 0; index < out.size; index++)
			lines += out.data[index] == '\n';
		assert_int_equal(lines, rows[row].fixed + HOSTILE * rows[row].each);
	}
}

/* ---- names ---- */

static const char alphabet[] = "aAjkxz0-._:/@";
enum { LETTERS = sizeof alphabet - 1, IDS = LETTERS * LETTERS * LETTERS, NAME_SIZE = 80 };

struct name {
	char text[NAME_SIZE];
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

/* Each component begins with a capital letter or digit and goes on with letters, digits and hyphens. */
static bool beancount_takes(const char *name)
{
	for (const char *at = name; *at != '\0'; at++) {
		bool first = at == name || at[-1] == ':';
		bool capital = (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
		if (first ? !capital : !(capital || (*at >= 'a' && *at <= 'z') || *at == '-' || *at == ':'))
			return false;
	}
	return true;
}

typedef void namer(const struct export_line *line, struct buffer *out);

/*
 * Every id of three characters as party, the same as reference, and both absent: all have names of their own. The
 * ledger's own references begin with @.
 */
static void names_differ(namer *write, bool beancount)
{
	SCOPED(support_free) struct name *names = calloc(2 * IDS + 1, sizeof *names);
	size_t count = 0;
	assert_non_null(names);
	for (size_t index = 0; index < 2 * IDS + 1; index++) {
		char id[] = {alphabet[index % LETTERS], alphabet[index / LETTERS % LETTERS],
			alphabet[index / LETTERS / LETTERS % LETTERS], '\0'};
		bool none = index == (size_t)2 * IDS;
		struct export_line line =
			line_of(2110, none || index >= IDS ? "" : id, none || index < IDS ? "" : id, "CNY");
		SCOPED(buffer_free) struct buffer out = {0};
		write(&line, &out);
		assert_true(out.size < NAME_SIZE);
		memcpy(names[count].text, out.data, out.size);
		assert_true(
			!beancount || strchr("-._:/", id[0]) != NULL || beancount_takes(names[count].text));
		count += none || strchr("-._:/", id[0]) == NULL;
	}
	memset(names[count].text, 0, NAME_SIZE);
	qsort(names, count, sizeof *names, compare_names);
	for (size_t index = 1; index < count; index++)
		assert_string_not_equal(names[index - 1].text, names[index].text);
}

static void test_names_stay_apart(void **state)
{
	names_differ(export_name_hledger, false);
	names_differ(export_name_beancount, true);
}

/* What an entry began has a reference that no id can be. */
static void test_names_of_entries(void **state)
{
	static const struct {
		const char *reference;
		const char *beancount;
		const char *hledger;
	} rows[] = {
		{"@57", "Liabilities:2020-deposit-frozen:M-j:0-j57", "liabilities:2020 deposit frozen:m:@57"},
		{"0-j57", "Liabilities:2020-deposit-frozen:M-j:0-kj57",
			"liabilities:2020 deposit frozen:m:0-j57"},
		{"0@57", "Liabilities:2020-deposit-frozen:M-j:0-q57",
			"liabilities:2020 deposit frozen:m:0@57"},
		{"", "Liabilities:2020-deposit-frozen:M-j:0-j", "liabilities:2020 deposit frozen:m"},
	};
	for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
		struct export_line line = line_of(2020, "m", rows[row].reference, "CNY");
		SCOPED(buffer_free) struct buffer out = {0};
		export_name_beancount(&line, &out);
		buffer_append(&out, "", 1);
		assert_string_equal((const char *)out.data, rows[row].beancount);
		assert_true(beancount_takes((const char *)out.data));
		buffer_clear(&out);
		export_name_hledger(&line, &out);
		buffer_append(&out, "", 1);
		assert_string_equal((const char *)out.data, rows[row].hledger);
	}
}

static void names_unit(const char *code, const char *hledger, const char *beancount)
{
	struct export_line line = line_of(8010, "Y", "", code);
	SCOPED(buffer_free) struct buffer out = {0};
	export_name_hledger_unit(&line.unit, &out);
	buffer_append_text(&out, " ");
	export_name_beancount_unit(&line.unit, &out);
	buffer_append(&out, "", 1);
	char expected[60];
	snprintf(expected, sizeof expected, "%s %s", hledger, beancount);
	assert_string_equal((const char *)out.data, expected);
}

static void test_units(void **state)
{
	names_unit("CNY", "CNY", "CNY");
	names_unit("L", "L", "L.U");
	names_unit("A-", "\"A-\"", "A-.U");
	names_unit("K9", "\"K9\"", "K9");
}

static void test_formats_by_name(void **state)
{
	assert_ptr_equal(export_format_find("hledger"), &export_hledger);
	assert_ptr_equal(export_format_find("beancount"), &export_beancount);
	assert_ptr_equal(export_format_find("csv"), &export_csv);
	assert_null(export_format_find("xlsx"));
	assert_null(export_format_find(""));
}

static int print_book(const char *name)
{
	const struct export_format *format = export_format_find(name);
	SCOPED(buffer_free) struct buffer out = {0};
	if (format == NULL)
		return 64;
	write_book(format, &out);
	bool good = fwrite(out.data, 1, out.size, stdout) == out.size && fflush(stdout) == 0;
	return good ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hledger),
		cmocka_unit_test(test_beancount),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_lines_are_counted),
		cmocka_unit_test(test_names_stay_apart),
		cmocka_unit_test(test_names_of_entries),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_formats_by_name),
	};
	return argc == 2 ? print_book(argv[1]) : cmocka_run_group_tests(tests, NULL, NULL);
}
