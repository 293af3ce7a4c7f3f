/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/buffer.h"

static void zeroes_are_an_empty_buffer(void **state)
{
	struct buffer buffer = {0};
	assert_int_equal(buffer_slice(&buffer).size, 0);
	assert_false(buffer_failed(&buffer));
	buffer_append(&buffer, NULL, 0);
	buffer_clear(&buffer);
	buffer_free(&buffer);
	assert_null(buffer.data);
}

static void reserving_nothing_gives_a_place(void **state)
{
	SCOPED(buffer_free) struct buffer buffer = {0};
	assert_non_null(buffer_reserve(&buffer, 0));
	assert_int_equal(buffer.size, 0);
}

static void bytes_stay_in_order_while_it_grows(void **state)
{
	SCOPED(buffer_free) struct buffer buffer = {0};
	for (unsigned value = 0; value < 5000; value++) {
		uint8_t bytes[3] = {(uint8_t)value, (uint8_t)(value >> 8), 0xAA};
		buffer_append(&buffer, bytes, 1 + value % 3);
	}
	size_t offset = 0;
	for (unsigned value = 0; value < 5000; value++) {
		assert_int_equal(buffer.data[offset], (uint8_t)value);
		if (value % 3 > 0)
			assert_int_equal(buffer.data[offset + 1], (uint8_t)(value >> 8));
		offset += 1 + value % 3;
	}
	assert_int_equal(buffer.size, offset);
	assert_true(buffer.capacity >= buffer.size);
}

static void text_and_format_append_without_the_end(void **state)
{
	SCOPED(buffer_free) struct buffer buffer = {0};
	buffer_append_text(&buffer, "index ");
	buffer_append_format(&buffer, "%d/%s", 42, "x");
	buffer_append_format(&buffer, "%300d", 7);
	assert_int_equal(buffer.size, 6 + 4 + 300);
	assert_memory_equal(buffer.data, "index 42/x ", 11);
	assert_int_equal(buffer.data[309], '7');
}

static void a_failure_is_remembered_until_cleared(void **state)
{
	SCOPED(buffer_free) struct buffer buffer = {0};
	buffer_append_text(&buffer, "kept");
	assert_null(buffer_reserve(&buffer, SIZE_MAX));
	assert_true(buffer_failed(&buffer));
	buffer_append_text(&buffer, "ignored");
	buffer_append_format(&buffer, "%d", 1);
	assert_null(buffer_reserve(&buffer, 1));
	assert_int_equal(buffer.size, 4);
	assert_memory_equal(buffer.data, "kept", 4);

	uint8_t *data = buffer.data;
	buffer_clear(&buffer);
	assert_false(buffer_failed(&buffer));
	assert_int_equal(buffer.size, 0);
	buffer_append_text(&buffer, "next");
	assert_ptr_equal(buffer.data, data);
}

static void a_secret_is_overwritten(void **state)
{
	SCOPED(buffer_free) struct buffer buffer = {.secret = true};
	buffer_append_text(&buffer, "said, and more");
	buffer_cut(&buffer, 4);
	assert_memory_equal(buffer.data, "said\0\0\0\0\0\0\0\0\0\0", 14);
	buffer_append_format(&buffer, "%300d", 7);
	assert_memory_equal(buffer.data, "said  ", 6);
	buffer_clear(&buffer);
	for (size_t index = 0; index < 304; index++)
		assert_int_equal(buffer.data[index], 0);
	buffer_free(&buffer);
	assert_true(buffer.secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeroes_are_an_empty_buffer),
		cmocka_unit_test(reserving_nothing_gives_a_place),
		cmocka_unit_test(bytes_stay_in_order_while_it_grows),
		cmocka_unit_test(text_and_format_append_without_the_end),
		cmocka_unit_test(a_failure_is_remembered_until_cleared),
		cmocka_unit_test(a_secret_is_overwritten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
