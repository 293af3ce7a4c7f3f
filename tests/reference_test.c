/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "books/account.h"

static void it_is_read_as_it_was_written(void **state)
{
	static const uint64_t entries[] = {0, 1, 42, INT64_MAX};
	SCOPED(arena_free) struct arena arena = {0};
	for (size_t index = 0; index < sizeof entries / sizeof entries[0]; index++) {
		uint64_t entry = 7;
		slice made;
		assert_int_equal(account_reference_make(&arena, entries[index], &made), RECOURSE_OK);
		assert_true(index != 2 || slice_is(made, "@42"));
		assert_true(account_reference_waits(made));
		assert_true(account_reference_read(made, &entry));
		assert_true(entry == entries[index]);
	}
}

static void nothing_else_is_one(void **state)
{
	static const char *const others[] = {"", "@", "42", "@042", "@-1", "@4x", "@9223372036854775808",
		"@18446744073709551616", "@184467440737095516150", "a42"};
	for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
		uint64_t entry;
		assert_false(account_reference_read(slice_text(others[index]), &entry));
	}
	assert_false(account_reference_waits(slice_text("")));
	assert_false(account_reference_waits(slice_text("merchant")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_read_as_it_was_written),
		cmocka_unit_test(nothing_else_is_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
