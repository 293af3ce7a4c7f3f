/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "base/transcode.h"
#include "rule/view.h"
#include "support.h"

/* What columns make of a row, one kind after the other; walks and pages are tried by the queries that have them. */

static const char *const colours[] = {"red", "green", "blue", NULL};

struct inner {
	uint32_t small;
};

struct row {
	slice text;
	const char *word;
	char chars[4];
	struct unit unit;
	int64_t steps;
	uint8_t tiny;
	int32_t below;
	int64_t maybe;
	uint64_t instant;
	uint64_t day;
	uint64_t ratio;
	bool yes;
	uint32_t colour;
	uint32_t set;
	uint8_t hash[32];
	struct inner inner;
	uint32_t rows;
	struct view_range range;
};

static const struct recourse_column inner_columns[] = {
	{COLUMN(INTEGER, "small", struct inner, small, "")},
};

static enum recourse_error list_rows(struct view_rows *rows)
{
	const struct row *row = rows->above;
	for (struct inner inner = {0}; inner.small < row->rows; inner.small++)
		assert_ok(view_add(rows, &inner));
	return RECOURSE_OK;
}

/* No row here has a range to walk over: the member is absent. */
static enum recourse_error visit_nothing(struct view_rows *rows, const struct record_walk *walk)
{
	(void)rows;
	(void)walk;
	fail();
	return RECOURSE_OK;
}

static const struct recourse_column columns[] = {
	{COLUMN(TEXT, "text", struct row, text, ""), .optional = true},
	{COLUMN(TEXT, "word", struct row, word, ""), .optional = true},
	{COLUMN(ID, "chars", struct row, chars, ""), .optional = true},
	{COLUMN(UNIT, "unit", struct row, unit, ""), .optional = true},
	{COLUMN_AMOUNT("amount", struct row, steps, unit, ""), .optional = true},
	{COLUMN(INTEGER, "tiny", struct row, tiny, ""), .optional = true},
	{COLUMN(INTEGER, "below", struct row, below, "")},
	{COLUMN(INTEGER, "maybe", struct row, maybe, ""), .optional = true},
	{COLUMN(TIME, "time", struct row, instant, ""), .optional = true},
	{COLUMN_UNTIL("until", struct row, instant, ""), .optional = true},
	{COLUMN_SINCE("since", struct row, instant, ""), .optional = true},
	{COLUMN_AGE("age", struct row, instant, ""), .optional = true},
	{COLUMN(DAY, "day", struct row, day, ""), .optional = true},
	{COLUMN(PERCENT, "ratio", struct row, ratio, ""), .optional = true},
	{COLUMN_CHOICE("yes", colours, struct row, yes, "")},
	{COLUMN_CHOICE("colour", colours, struct row, colour, "")},
	{COLUMN_CHOICE("name", colours, struct row, word, ""), .optional = true},
	{COLUMN_SET("set", colours, struct row, set, "")},
	{COLUMN(HASH, "hash", struct row, hash, "")},
	{COLUMN(BYTES, "bytes", struct row, text, ""), .optional = true},
	{COLUMN_MAP("inner", inner_columns, struct row, inner, "")},
	{COLUMN_ROWS("rows", inner_columns, list_rows, "")},
	{COLUMN_WALK("walk", inner_columns, struct row, range, visit_nothing, ""), .optional = true},
	VIEW_AS_OF,
};

static void assert_shows(const struct row *row, uint64_t now, const char *expected)
{
	SCOPED(buffer_free) struct buffer out = {0};
	SCOPED(buffer_free) struct buffer json = {0};
	struct query query = {.out = &out, .now = now, .as_of = 7};
	struct item_map map = item_map_open(&out);
	assert_ok(view_write(&query, columns, sizeof columns / sizeof columns[0], row));
	item_map_close(map, &out);
	assert_ok(transcode_to_json(buffer_slice(&out), TRANSCODE_COMPACT, &json));
	buffer_append(&json, "", 1);
	assert_string_equal((const char *)json.data, expected);
}

#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"

static void test_empty(void **state)
{
	struct row row = {.maybe = VIEW_NONE, .steps = VIEW_NONE};
	assert_shows(&row, 3600 * INSTANT_SECOND,
		"{\"set\":[],\"yes\":\"red\",\"hash\":\"" ZEROES
		"\",\"rows\":[],\"as_of\":\"1970-01-01T01:00:00Z\","
		"\"below\":0,\"inner\":{\"small\":0},\"colour\":\"red\",\"as_of_entry\":7}");
}

static void test_full(void **state)
{
	struct row row = {
		.text = slice_text("x"),
		.word = "green",
		.chars = {'f', 'u', 'l', 'l'},
		.unit = {.code = "CNY", .digits = 2, .step = 1},
		.steps = -1205,
		.tiny = 255,
		.below = -480,
		.maybe = 0,
		.instant = 3 * INSTANT_HOUR,
		.day = 16925,
		.ratio = 100005,
		.yes = true,
		.colour = 2,
		.set = 5,
		.hash = {0xab},
		.inner = {9},
		.rows = 2,
	};
	assert_shows(&row, 10 * INSTANT_HOUR + 5,
		"{\"age\":7,\"day\":\"2016-05-04\",\"set\":[\"red\",\"blue\"],\"yes\":\"green\",\"hash\":"
		"\"ab00000000000000000000000000000000000000000000000000000000000000\",\"name\":\"green\","
		"\"rows\":[{\"small\":0},{\"small\":1}],\"text\":\"x\",\"time\":\"1970-01-01T03:00:00Z\","
		"\"tiny\":255,\"unit\":\"CNY\",\"word\":\"green\",\"as_of\":\"1970-01-01T10:00:00."
		"000000005Z\","
		"\"below\":-480,\"bytes\":\"eA==\",\"chars\":\"full\",\"inner\":{\"small\":9},\"maybe\":0,"
		"\"ratio\":\"1000.05\",\"since\":25200,\"until\":0,\"amount\":\"-12.05\",\"colour\":\"blue\","
		"\"as_of_entry\":7}");
}

/* Until and since, on either side of the instant. */
static void test_before(void **state)
{
	struct row row = {.maybe = VIEW_NONE, .steps = VIEW_NONE, .instant = 90 * INSTANT_SECOND};
	assert_shows(&row, 30 * INSTANT_SECOND + 1,
		"{\"age\":0,\"set\":[],\"yes\":\"red\",\"hash\":\"" ZEROES
		"\",\"rows\":[],\"time\":\"1970-01-01T00:01:30Z\",\"as_of\":\"1970-01-01T00:00:30."
		"000000001Z\","
		"\"below\":0,\"inner\":{\"small\":0},\"since\":0,\"until\":59,\"colour\":\"red\","
		"\"as_of_entry\":7}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
