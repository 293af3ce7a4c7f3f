/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "books/chart.h"

/* The plan's chart, typed from the plan: I2 and I3 are what these books add up to. */
static const struct {
	int code;
	enum chart_side side;
	enum chart_book book;
} plan[] = {
	{1010, CHART_DEBIT, CHART_CUSTODY},
	{1100, CHART_DEBIT, CHART_CUSTODY},
	{1110, CHART_DEBIT, CHART_RECOURSE_BOOK},
	{1115, CHART_DEBIT, CHART_RECOURSE_BOOK},
	{1120, CHART_DEBIT, CHART_RECOURSE_BOOK},
	{1130, CHART_DEBIT, CHART_COST_BOOK},
	{1160, CHART_DEBIT, CHART_CUSTODY},
	{2010, CHART_CREDIT, CHART_CUSTODY},
	{2020, CHART_CREDIT, CHART_CUSTODY},
	{2030, CHART_CREDIT, CHART_CUSTODY},
	{2040, CHART_CREDIT, CHART_CUSTODY},
	{2110, CHART_CREDIT, CHART_CUSTODY},
	{2120, CHART_CREDIT, CHART_CUSTODY},
	{2130, CHART_CREDIT, CHART_CUSTODY},
	{2135, CHART_CREDIT, CHART_CUSTODY},
	{2140, CHART_CREDIT, CHART_CUSTODY},
	{2150, CHART_CREDIT, CHART_CUSTODY},
	{2160, CHART_CREDIT, CHART_CUSTODY},
	{2170, CHART_CREDIT, CHART_CUSTODY},
	{2180, CHART_CREDIT, CHART_CUSTODY},
	{3110, CHART_CREDIT, CHART_RECOURSE_BOOK},
	{3120, CHART_CREDIT, CHART_COST_BOOK},
	{8010, CHART_CREDIT, CHART_UNIT_BOOK},
	{8020, CHART_DEBIT, CHART_UNIT_BOOK},
	{8030, CHART_DEBIT, CHART_UNIT_BOOK},
	{8040, CHART_DEBIT, CHART_UNIT_BOOK},
	{9010, CHART_DEBIT, CHART_MEMO},
	{9020, CHART_DEBIT, CHART_MEMO},
	{9030, CHART_DEBIT, CHART_MEMO},
	{9040, CHART_DEBIT, CHART_MEMO},
	{9090, CHART_CREDIT, CHART_MEMO},
};
enum { PLANNED = sizeof plan / sizeof plan[0] };

static void test_plan(void **state)
{
	for (size_t index = 0; index < PLANNED; index++) {
		const struct chart_row *row = chart_find(plan[index].code);
		assert_non_null(row);
		assert_int_equal(row->code, plan[index].code);
		assert_int_equal(row->side, plan[index].side);
		assert_int_equal(row->book, plan[index].book);
		assert_true(row->name[0] != '\0');
		assert_ptr_equal(chart_at(index), row);
	}
	assert_null(chart_at(PLANNED));
	assert_null(chart_at(SIZE_MAX));
}

/* No code beside them, whatever its width. */
static void test_nothing_else(void **state)
{
	size_t found = 0;
	for (int64_t code = -10000; code <= 70000; code++)
		found += chart_find(code) != NULL;
	assert_int_equal(found, PLANNED);
	assert_null(chart_find(INT64_MIN));
	assert_null(chart_find(INT64_MAX));
	assert_null(chart_find(1010 + 65536));
	assert_null(chart_find(1010 + (INT64_C(1) << 32)));
}

static void test_book_names(void **state)
{
	static const char *const names[] = {"custody", "recourse", "costs", "units", "memo"};
	assert_int_equal(CHART_BOOKS, 5);
	for (int book = 0; book < CHART_BOOKS; book++)
		assert_string_equal(chart_book_name((enum chart_book)book), names[book]);
	assert_string_equal(chart_book_name(CHART_BOOKS), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_nothing_else),
		cmocka_unit_test(test_book_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
