/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "base/item.h"
#include "base/transcode.h"
#include "support.h"

#include <stdio.h>

/* What is written for the fuzzer of sequences is read as that (sequence.h). */

static void test_numbers(void **state)
{
	static const uint64_t numbers[] = {0, 1, 63, 64, 4095, 4096, UINT32_MAX, INT64_MAX, UINT64_MAX};
	SCOPED(buffer_free) struct buffer bytes = {0};
	for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++)
		sequence_write_number(numbers[index], &bytes);
	assert_null(memchr(bytes.data, SEQUENCE_END, bytes.size));
	slice reader = buffer_slice(&bytes);
	for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++)
		assert_int_equal(sequence_number(&reader), numbers[index]);
	assert_int_equal(reader.size, 0);
	assert_int_equal(sequence_number(&reader), 0);
}

/* None has the sum of another. */
static void test_methods(void **state)
{
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		const struct recourse_method *method = recourse_method_at(index);
		SCOPED(buffer_free) struct buffer bytes = {0};
		sequence_write_method(method, &bytes);
		slice reader = buffer_slice(&bytes);
		assert_ptr_equal(sequence_method(&reader, method->kind), method);
	}
}

static const struct sequence_place place = {
	.origin = "example.com/ledger", .now = UINT64_C(1462320000000000000), .entries = 40};

static void there_and_back(const char *method_name, const char *members)
{
	const struct recourse_method *method = recourse_method_find(method_name, strlen(method_name));
	struct sequence_names names = {0};
	struct transcode_problem problem;
	SCOPED(buffer_free) struct buffer item = {0};
	SCOPED(buffer_free) struct buffer bytes = {0};
	SCOPED(buffer_free) struct buffer read = {0};
	SCOPED(support_free) char *json = NULL;
	assert_true(asprintf(&json, "{%s}", members) > 0);
	assert_ok(transcode_from_json(slice_text(json), &item, &problem));
	sequence_write_fields(
		&names, &place, method->fields, method->field_count, buffer_slice(&item), &bytes);
	sequence_names_free(&names);
	assert_null(memchr(bytes.data, SEQUENCE_END, bytes.size));
	slice reader = buffer_slice(&bytes);
	sequence_fields(&reader, &place, method->fields, method->field_count, "", &read);
	buffer_append(&read, "", 1);
	assert_int_equal(reader.size, 0);
	assert_string_equal((const char *)read.data, members);
}

static void test_fields(void **state)
{
	there_and_back("deposit.receive",
		"\"merchant\":\"M\",\"amount\":\"1000.05\",\"unit\":\"CNY\",\"bank_reference\":\"x-0\"");
	there_and_back("deposit.hold", "\"hold\":\"x-0\",\"merchant\":\"x-1\",\"amount\":\"0.01\",\"unit\":"
				       "\"JPY\",\"reason\":\"M/0\"");
	there_and_back("proposal.approve", "\"proposal\":39");
	there_and_back("proposal.approve", "\"proposal\":3");
	there_and_back("control.publish",
		"\"version\":1,\"limits\":[{\"command\":\"deposit.hold\",\"span\":\"day\",\"unit\":\"CNY\","
		"\"amount\":\"1.00\",\"approvals\":2}]");
	SCOPED(support_free) char *contact = NULL;
	assert_true(asprintf(&contact,
			    "\"claim\":\"x-0\",\"channel\":\"phone\",\"direction\":\"in\",\"note\":\"%s\"",
			    sequence_note(7)) > 0);
	there_and_back("contact.record", contact);
	there_and_back("unit.define", "\"unit\":\"L\",\"digits\":3,\"name\":\"升 \\u0022of\\u0022 fuel\"");
}

/* Whatever bytes there are: an object of JSON, and all steps come to an end. */
static void test_anything(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 2000; round++) {
		struct transcode_problem problem;
		uint8_t bytes[200];
		SCOPED(buffer_free) struct buffer json = {0};
		SCOPED(buffer_free) struct buffer item = {0};
		support_random_fill(&random, bytes, sizeof bytes);
		slice rest = slice_of(bytes, sizeof bytes);
		slice step = sequence_step(&rest);
		const struct recourse_method *method = sequence_method(&step, RECOURSE_METHOD_COMMAND);
		buffer_append_text(&json, "{");
		sequence_fields(&step, &place, method->fields, method->field_count, "", &json);
		buffer_append_text(&json, "}");
		enum recourse_error error = transcode_from_json(buffer_slice(&json), &item, &problem);
		/* a text may be no UTF-8, and an integer none that JSON is taken for */
		assert_true(
			error == RECOURSE_OK || error == RECOURSE_MALFORMED || error == RECOURSE_TOO_LARGE);
	}
}

static size_t change(uint8_t *data, size_t size, size_t most)
{
	memset(data, SEQUENCE_END, most < 3 ? most : 3);
	return size > 3 || most < 3 ? size : 3;
}

/* A changed step is still one, the others are as they were, and nothing outgrows its room. */
static void test_mutation(void **state)
{
	static const uint8_t steps[] = {
		1, 'a', 'a', SEQUENCE_END, 'b', SEQUENCE_END, 'c', 'c', 'c', SEQUENCE_END};
	struct support_random random = support_random_start();
	for (int round = 0; round < 2000; round++) {
		uint8_t data[24];
		uint8_t crossed[12];
		memcpy(data, steps, sizeof steps);
		size_t size = sequence_mutate(&random, data, sizeof steps, sizeof data, change);
		size_t ends = 0;
		assert_in_range(size, 1, sizeof data);
		assert_int_equal(data[0], 1);
		for (size_t index = 0; index < size; index++)
			ends += data[index] == SEQUENCE_END;
		assert_in_range(ends, 2, 4);
		size = sequence_cross(&random, slice_of(data, size), slice_of(steps, sizeof steps), crossed,
			sizeof crossed);
		assert_in_range(size, 1, sizeof crossed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_anything),
		cmocka_unit_test(test_mutation),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
