/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"
#include "support.h"

enum { MOST = 64 };

/* PROTOCOL.md §1: the length counts the id and the body. */
static void the_bytes_of_a_message(void **state)
{
	static const uint8_t bytes[] = {0, 0, 0, 0, 0, 0, 0, 6, 0x80, 0, 0, 7, '{', '}'};
	SCOPED(buffer_free) struct buffer out = {0};
	struct frame frame;
	assert_int_equal(frame_read(slice_of(bytes, sizeof bytes), MOST, &frame), FRAME_WHOLE);
	assert_int_equal(frame.size, sizeof bytes);
	assert_true(slice_is(frame.body, "{}"));
	frame_write(frame.route, frame.body, &out);
	assert_int_equal(out.size, sizeof bytes);
	assert_memory_equal(out.data, bytes, sizeof bytes);
}

/* What was written is read; of each beginning of it more is wanted; what follows is not looked at. */
static void round_trips_and_truncations(void **state)
{
	struct support_random random = support_random_start();
	for (int round = 0; round < 300; round++) {
		uint8_t bytes[FRAME_ROUTE_SIZE + MOST];
		SCOPED(buffer_free) struct buffer out = {0};
		struct frame frame;
		size_t words = 1 + (size_t)support_random_below(&random, FRAME_ROUTE_WORDS);
		size_t size = (size_t)support_random_below(&random, MOST);
		support_random_fill(&random, bytes, sizeof bytes);
		for (size_t word = 0; word < words; word++)
			bytes[4 * word] =
				(uint8_t)((bytes[4 * word] & 0x7f) | (word + 1 == words ? 0x80 : 0));
		frame_write(slice_of(bytes, 4 * words), slice_of(bytes + 4 * words, size), &out);
		buffer_append(&out, "next", 4);
		size_t whole = out.size - 4;
		for (size_t cut = 0; cut < whole; cut++)
			assert_int_equal(frame_read(slice_of(out.data, cut), 2 * MOST, &frame), FRAME_MORE);
		assert_int_equal(frame_read(buffer_slice(&out), 2 * MOST, &frame), FRAME_WHOLE);
		assert_int_equal(frame.size, whole);
		assert_int_equal(frame.route.size, 4 * words);
		assert_int_equal(frame.body.size, size);
		assert_memory_equal(frame.route.data, bytes, 4 * words + size);
	}
}

static void what_can_not_become_one(void **state)
{
	static const struct {
		uint8_t bytes[16];
		size_t size;
	} wrong[] = {
		{{0, 0, 0, 0, 0, 0, 0, MOST + 1}, 8},
		{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 8},
		{{0x80}, 8},
		{{0}, 8},
		{{0, 0, 0, 0, 0, 0, 0, 3, 0x80, 0, 0}, 11},
		{{0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 1, '{', '}'}, 14},
	};
	struct frame frame;
	for (size_t row = 0; row < sizeof wrong / sizeof wrong[0]; row++)
		assert_int_equal(
			frame_read(slice_of(wrong[row].bytes, wrong[row].size), MOST, &frame), FRAME_WRONG);
}

/* As many words as a route may have, and one more. */
static void a_route_has_an_end(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct frame frame;
	uint8_t words[FRAME_ROUTE_SIZE + 4] = {0};
	words[FRAME_ROUTE_SIZE] = 0x80;
	frame_write(slice_of(words, sizeof words), slice_text("x"), &out);
	assert_int_equal(frame_read(buffer_slice(&out), MOST, &frame), FRAME_WRONG);
	buffer_clear(&out);
	frame_write(slice_of(words + 4, FRAME_ROUTE_SIZE), slice_text("x"), &out);
	assert_int_equal(frame_read(buffer_slice(&out), MOST, &frame), FRAME_WHOLE);
	assert_int_equal(frame.route.size, FRAME_ROUTE_SIZE);
	assert_true(slice_is(frame.body, "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_of_a_message),
		cmocka_unit_test(round_trips_and_truncations),
		cmocka_unit_test(what_can_not_become_one),
		cmocka_unit_test(a_route_has_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
