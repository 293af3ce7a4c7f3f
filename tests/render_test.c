/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/render.h"
#include "../tools/table.h"
#include "recourse_client.h"
#include "support.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Answers for people. */

/* ---- tables ---- */

struct sink {
	char *text;
	size_t size;
	FILE *stream;
};

static struct sink *open_sink(struct sink *sink)
{
	*sink = (struct sink){0};
	sink->stream = open_memstream(&sink->text, &sink->size);
	assert_non_null(sink->stream);
	return sink;
}

static void expect_sink(struct sink *sink, const char *expected)
{
	fclose(sink->stream);
	assert_string_equal(sink->text, expected);
	free(sink->text);
}

static void add_row(struct table *table, const char *first, const char *second)
{
	table_cell(table, slice_text(first));
	table_cell(table, slice_text(second));
}

static void numbers_stand_right_and_text_left(void **state)
{
	struct sink sink;
	SCOPED(table_free) struct table table = {0};
	table_column(&table, slice_text("party"));
	table_number(&table, slice_text("balance"));
	add_row(&table, "M", "100,000.00");
	add_row(&table, "guarantor", "-5.00");
	assert_int_equal(table_row_count(&table), 2);
	assert_ok(table_print(&table, open_sink(&sink)->stream, 0));
	expect_sink(&sink, "party         balance\n"
			   "M          100,000.00\n"
			   "guarantor       -5.00\n");
}

static void wide_characters_count_twice(void **state)
{
	struct sink sink;
	SCOPED(table_free) struct table table = {0};
	assert_int_equal(table_width(slice_text("保证金")), 6);
	assert_int_equal(table_width(slice_text("e\xcc\x81")), 1);
	table_column(&table, slice_text("term"));
	table_column(&table, slice_text("English"));
	add_row(&table, "保证金", "deposit");
	add_row(&table, "x", "y");
	assert_ok(table_print(&table, open_sink(&sink)->stream, 0));
	expect_sink(&sink, "term    English\n"
			   "保证金  deposit\n"
			   "x       y\n");
}

static void what_a_terminal_would_act_on_is_shown(void **state)
{
	struct sink sink;
	SCOPED(table_free) struct table table = {.plain = true};
	table_column(&table, slice_text(""));
	table_cell(&table, slice_text("a\033[2Jb\nc\xc2\x9b"
				      "d\xff\xe2\x80\xae\xe5\x85\x83"));
	assert_ok(table_print(&table, open_sink(&sink)->stream, 0));
	expect_sink(&sink, "a?[2Jb?c?d??\xe5\x85\x83\n");
}

static void what_does_not_fit_is_shown_row_by_row(void **state)
{
	struct sink sink;
	SCOPED(table_free) struct table table = {0};
	table_column(&table, slice_text("reason"));
	table_column(&table, slice_text("note"));
	table_number(&table, slice_text("amount"));
	add_row(&table, "because of this and that", "");
	table_cell(&table, slice_text("1,234,567,890.00"));
	add_row(&table, "追偿与代位的理由很长很长", "x");
	table_cell(&table, slice_text("1.00"));
	assert_int_equal(table_total(&table), 24 + 2 + 4 + 2 + 16);
	assert_ok(table_print(&table, open_sink(&sink)->stream, 48));
	expect_sink(&sink, "reason                    note            amount\n"
			   "because of this and that        1,234,567,890.00\n"
			   "追偿与代位的理由很长很长  x                 1.00\n");
	assert_ok(table_print(&table, open_sink(&sink)->stream, 47));
	expect_sink(&sink, "reason  because of this and that\n"
			   "amount  1,234,567,890.00\n"
			   "\n"
			   "reason  追偿与代位的理由很长很长\n"
			   "note    x\n"
			   "amount  1.00\n");
}

/* ---- rendering ---- */

static void render_json(
	const struct recourse_column *columns, size_t count, const char *json, const char *expected)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes item = {0};
	struct recourse_refusal refusal;
	struct sink sink;
	assert_ok(recourse_item_from_json(slice_text(json), &item, &refusal));
	assert_ok(render_result(columns, count, slice_of(item.data, item.size), open_sink(&sink)->stream));
	expect_sink(&sink, expected);
}

static void answers_are_lines_and_tables(void **state)
{
	render_json(NULL, 0,
		"{\"unit\":\"CNY\",\"party\":{\"id\":\"M\",\"open\":true},\"lots\":[],\"roles\":[\"a\","
		"\"b\"]}",
		"lots        none\n"
		"unit        CNY\n"
		"party.id    M\n"
		"party.open  yes\n"
		"roles       a, b\n");
	render_json(NULL, 0,
		"{\"rows\":[{\"balance\":\"1234.50\",\"account\":\"2010\"},{\"account\":\"1010\","
		"\"note\":\"x\"}],\"n\":7}",
		"n  7\n"
		"\n"
		"rows\n"
		"account  balance   note\n"
		"2010     1,234.50\n"
		"1010               x\n");
	render_json(NULL, 0, "[{\"a\":1}]", "a\n1\n");
	render_json(NULL, 0, "\"text\"", "text\n");
	render_json(NULL, 0, "{}", "none\n");
}

/* The order and the sides are those of the columns; what they do not know comes last; keys are cut where they must be. */
static void answers_are_shown_as_described(void **state)
{
	static const struct recourse_column inner[] = {
		{.name = "item", .type = RECOURSE_COLUMN_ID},
		{.name = "amount", .type = RECOURSE_COLUMN_AMOUNT},
	};
	static const struct recourse_column outer[] = {
		{.name = "zebra", .type = RECOURSE_COLUMN_ID},
		{.name = "key", .type = RECOURSE_COLUMN_HANDLE},
		{.name = "sum", .type = RECOURSE_COLUMN_AMOUNT},
		{.name = "left", .type = RECOURSE_COLUMN_TEXT},
		{.name = "items", .type = RECOURSE_COLUMN_ROWS, .members = inner, .member_count = 2},
	};
	static const struct recourse_column columns[] = {
		{.name = "version", .type = RECOURSE_COLUMN_TEXT},
		{.name = "at", .type = RECOURSE_COLUMN_ENTRY},
		{.name = "rows", .type = RECOURSE_COLUMN_ROWS, .members = outer, .member_count = 5},
	};
	render_json(columns, 3,
		"{\"at\":7,\"new\":\"1.5\",\"version\":\"1234.5\",\"rows\":[{\"sum\":\"1000.00\",\"key\":"
		"\"o.example/a+1\",\"extra\":1,\"zebra\":\"z\",\"items\":[{\"amount\":\"-5000.00\",\"item\":"
		"\"i\"},{\"item\":\"j\",\"amount\":\"1.00\"}]},{\"zebra\":\"y\",\"items\":[{\"item\":\"k\"}]}"
		"]}",
		"version  1234.5\n"
		"at       7\n"
		"new      1.5\n"
		"\n"
		"rows\n"
		"zebra  key                 sum  extra\n"
		"z      o.example/a+1  1,000.00  1\n"
		"y\n"
		"\n"
		"rows.items\n"
		"zebra  item     amount\n"
		"z      i     -5,000.00\n"
		"z      j          1.00\n"
		"y      k\n");
	render_json(outer, 4, "[{\"zebra\":\"z\"}]", "zebra\nz\n");
	render_json(columns, 3,
		"{\"rows\":[{\"key\":\"a.very.long/name/of/a/ledger/a+1\",\"left\":"
		"\"a text that takes what room there is, up to about eighty columns in all..\"}]}",
		"rows\n"
		"key  left\n"
		"a+1  a text that takes what room there is, up to about eighty columns in all..\n");
}

/* Where a table has no room its times are to the minute, and what may be is left aside, with a word. */
static void what_may_be_is_left_aside(void **state)
{
	static const struct recourse_column row[] = {
		{.name = "at", .type = RECOURSE_COLUMN_TIME},
		{.name = "text", .type = RECOURSE_COLUMN_TEXT},
		{.name = "rule", .type = RECOURSE_COLUMN_TEXT, .aside = true},
	};
	static const struct recourse_column whole[] = {
		{.name = "rows", .type = RECOURSE_COLUMN_ROWS, .members = row, .member_count = 3},
	};
	(void)state;
	render_json(whole, 1,
		"{\"rows\":[{\"at\":\"2016-05-04T00:00:01Z\",\"text\":\"t\",\"rule\":\"r/1\"}]}",
		"rows\n"
		"at                    text  rule\n"
		"2016-05-04T00:00:01Z  t     r/1\n");
	render_json(whole, 1,
		"{\"rows\":[{\"at\":\"2016-05-04T00:00:01Z\",\"rule\":\"r/1\",\"text\":"
		"\"a text that takes what room there is, up to about eighty columns in all..\"}]}",
		"rows\n"
		"at                text                                                                      "
		" rule\n"
		"2016-05-04T00:00  a text that takes what room there is, up to about eighty columns in all.. "
		" r/1\n");
	render_json(whole, 1,
		"{\"rows\":[{\"at\":\"2016-05-04T00:00:01Z\",\"rule\":\"a-long-rule/1\",\"text\":"
		"\"a text that takes what room there is, up to about eighty columns in all..\"}]}",
		"rows\n"
		"at                text\n"
		"2016-05-04T00:00  a text that takes what room there is, up to about eighty columns in "
		"all..\n"
		"(no room for rule)\n");
}

/* A map has more members than a table has columns: each has its line. */
static void a_long_answer_is_shown_whole(void **state)
{
	enum { MEMBERS = 70 };
	char json[MEMBERS * 16] = "{";
	char lines[MEMBERS * 16] = "";
	(void)state;
	for (int member = 10; member < 10 + MEMBERS; member++) {
		sprintf(json + strlen(json), "%s\"m%d\":%d", member > 10 ? "," : "", member, member);
		sprintf(lines + strlen(lines), "m%d  %d\n", member, member);
	}
	strcat(json, "}");
	render_json(NULL, 0, json, lines);
}

static void what_is_no_item_is_not_rendered(void **state)
{
	struct sink sink;
	static const uint8_t truncated[] = {0xa1, 0x61, 'a'};
	static const uint8_t trailing[] = {0x01, 0x01};
	open_sink(&sink);
	assert_error(render_item(slice_of(truncated, sizeof truncated), sink.stream), RECOURSE_MALFORMED);
	assert_error(render_item(slice_of(trailing, sizeof trailing), sink.stream), RECOURSE_MALFORMED);
	expect_sink(&sink, "");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_stand_right_and_text_left),
		cmocka_unit_test(wide_characters_count_twice),
		cmocka_unit_test(what_a_terminal_would_act_on_is_shown),
		cmocka_unit_test(what_does_not_fit_is_shown_row_by_row),
		cmocka_unit_test(answers_are_lines_and_tables),
		cmocka_unit_test(answers_are_shown_as_described),
		cmocka_unit_test(what_may_be_is_left_aside),
		cmocka_unit_test(a_long_answer_is_shown_whole),
		cmocka_unit_test(what_is_no_item_is_not_rendered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
