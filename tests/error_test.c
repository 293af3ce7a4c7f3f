/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "recourse.h"

#include <ctype.h>
#include <string.h>

static const enum recourse_error errors[] = {
	RECOURSE_OK,
	RECOURSE_MALFORMED,
	RECOURSE_METHOD_UNKNOWN,
	RECOURSE_FIELD_UNKNOWN,
	RECOURSE_FIELD_MISSING,
	RECOURSE_FIELD_DUPLICATE,
	RECOURSE_FIELD_TYPE,
	RECOURSE_FIELD_LIMIT,
	RECOURSE_FIELD_FORMAT,
	RECOURSE_TOO_LARGE,
	RECOURSE_SIGNATURE_REQUIRED,
	RECOURSE_SIGNATURE_INVALID,
	RECOURSE_KEY_UNKNOWN,
	RECOURSE_KEY_REVOKED,
	RECOURSE_ROLE_MISSING,
	RECOURSE_ORIGIN_WRONG,
	RECOURSE_REQUEST_EXPIRED,
	RECOURSE_REQUEST_CONFLICT,
	RECOURSE_QUERY_NOT_FOUND,
	RECOURSE_UNIT_UNKNOWN,
	RECOURSE_UNIT_MISMATCH,
	RECOURSE_AMOUNT_DIGITS,
	RECOURSE_AMOUNT_RANGE,
	RECOURSE_OVERFLOW,
	RECOURSE_EXISTS,
	RECOURSE_NOT_FOUND,
	RECOURSE_STATE_WRONG,
	RECOURSE_INSUFFICIENT,
	RECOURSE_SAME_PERSON,
	RECOURSE_CUSTODIAN_WRONG,
	RECOURSE_EVIDENCE_MISSING,
	RECOURSE_EVIDENCE_CONFLICT,
	RECOURSE_POLICY_WRONG,
	RECOURSE_WINDOW_CLOSED,
	RECOURSE_SHARES_WRONG,
	RECOURSE_EXCEEDS_LOSS,
	RECOURSE_ENTRY_TOO_LARGE,
	RECOURSE_ABORTED,
	RECOURSE_NOT_PERMITTED,
	RECOURSE_NOTE_MALFORMED,
	RECOURSE_NOTE_UNSIGNED,
	RECOURSE_NOTE_FORGED,
	RECOURSE_PROOF_WRONG,
	RECOURSE_ROLLBACK,
	RECOURSE_FORK,
	RECOURSE_KEY_MALFORMED,
	RECOURSE_AUDIT_FAILED,
	RECOURSE_BUSY,
	RECOURSE_STOPPING,
	RECOURSE_STORE_FULL,
	RECOURSE_STORE_FAILED,
	RECOURSE_STORE_CORRUPT,
	RECOURSE_STORE_LOCKED,
	RECOURSE_VERSION_UNKNOWN,
	RECOURSE_OUTCOME_UNKNOWN,
	RECOURSE_MEMORY,
	RECOURSE_IO,
	RECOURSE_CONNECTION,
	RECOURSE_TIMED_OUT,
	RECOURSE_INTERNAL,
};

enum { ERROR_COUNT = sizeof errors / sizeof errors[0] };

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
		assert_string_not_equal(name, "UNKNOWN");
		for (size_t other = 0; other < index; other++)
			assert_string_not_equal(name, recourse_error_name(errors[other]));
	}
	assert_string_equal(recourse_error_name(RECOURSE_INSUFFICIENT), "INSUFFICIENT");
	assert_string_equal(recourse_error_name(RECOURSE_OK), "OK");
}

/* The list above must be whole: every number up to 999 that has a name is in it. */
static void the_list_is_whole(void **state)
{
	size_t named = 0;
	for (int value = 0; value < 1000; value++)
		named += strcmp(recourse_error_name((enum recourse_error)value), "UNKNOWN") != 0;
	assert_int_equal(named, ERROR_COUNT);
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
		cmocka_unit_test(the_list_is_whole),
		cmocka_unit_test(a_newer_value_is_unknown),
		cmocka_unit_test(only_passing_faults_are_retried),
		cmocka_unit_test(values_are_fixed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
