/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "recourse.h"

#include <ctype.h>
#include <string.h>

enum { ERROR_COUNT = 60 };

static enum recourse_error errors[ERROR_COUNT];

/* All that have a name; that every error of the list has one is the compiler's to see (base/error.c). */
static int find_errors(void **state)
{
	size_t count = 0;
	for (int value = 0; value < 1000; value++) {
		if (strcmp(recourse_error_name((enum recourse_error)value), "UNKNOWN") == 0)
			continue;
		assert_true(count < ERROR_COUNT);
		errors[count++] = (enum recourse_error)value;
	}
	assert_int_equal(count, ERROR_COUNT);
	return 0;
}

static void each_text_is_a_sentence_of_its_own(void **state)
{
	for (size_t index = 0; index < ERROR_COUNT; index++) {
		const char *text = recourse_error_text(errors[index]);
		assert_true(isupper((unsigned char)text[0]));
		assert_int_equal(text[strlen(text) - 1], '.');
		for (size_t other = 0; other < index; other++)
			assert_string_not_equal(text, recourse_error_text(errors[other]));
	}
}

static void each_name_is_upper_case_and_unique(void **state)
{
	for (size_t index = 0; index < ERROR_COUNT; index++) {
		const char *name = recourse_error_name(errors[index]);
		assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), strlen(name));
		for (size_t other = 0; other < index; other++)
			assert_string_not_equal(name, recourse_error_name(errors[other]));
	}
	assert_string_equal(recourse_error_name(RECOURSE_INSUFFICIENT), "INSUFFICIENT");
	assert_string_equal(recourse_error_name(RECOURSE_OK), "OK");
}

static void a_newer_value_is_unknown(void **state)
{
	assert_string_equal(recourse_error_text((enum recourse_error)999), "unknown error");
	assert_string_equal(recourse_error_name((enum recourse_error)109), "UNKNOWN");
	assert_false(recourse_error_retry((enum recourse_error)999));
}

static void only_passing_faults_are_retried(void **state)
{
	static const enum recourse_error passing[] = {
		RECOURSE_BUSY,
		RECOURSE_STOPPING,
		RECOURSE_STORE_FULL,
		RECOURSE_TIMED_OUT,
		RECOURSE_CONNECTION,
		RECOURSE_OUTCOME_UNKNOWN,
		RECOURSE_MEMORY,
	};
	for (size_t index = 0; index < ERROR_COUNT; index++) {
		bool expected = false;
		for (size_t other = 0; other < sizeof passing / sizeof passing[0]; other++)
			expected = expected || passing[other] == errors[index];
		assert_int_equal(recourse_error_retry(errors[index]), expected);
	}
}

/* Values travel and are stored: these may never move. */
static void values_are_fixed(void **state)
{
	assert_int_equal(RECOURSE_MALFORMED, 100);
	assert_int_equal(RECOURSE_QUERY_NOT_FOUND, 118);
	assert_int_equal(RECOURSE_UNIT_UNKNOWN, 200);
	assert_int_equal(RECOURSE_NOT_PERMITTED, 219);
	assert_int_equal(RECOURSE_NOTE_MALFORMED, 800);
	assert_int_equal(RECOURSE_AUDIT_FAILED, 807);
	assert_int_equal(RECOURSE_BUSY, 900);
	assert_int_equal(RECOURSE_INTERNAL, 912);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_is_a_sentence_of_its_own),
		cmocka_unit_test(each_name_is_upper_case_and_unique),
		cmocka_unit_test(a_newer_value_is_unknown),
		cmocka_unit_test(only_passing_faults_are_retried),
		cmocka_unit_test(values_are_fixed),
	};
	return cmocka_run_group_tests(tests, find_errors, NULL);
}
