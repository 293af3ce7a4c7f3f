/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/item.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

/* The same for a constant table, where no function may be called. */
#define WRONG(literal)                                                                                       \
	{                                                                                                    \
		.data = (const uint8_t *)(literal), .size = sizeof(literal) - 1                              \
	}
#define BYTES(literal) slice_of(literal, sizeof(literal) - 1)

static enum recourse_error read_one(slice bytes, struct item *item)
{
	slice reader = bytes;
	enum recourse_error error = item_read(&reader, item);
	assert_int_equal(reader.size, error == RECOURSE_OK ? 0 : bytes.size);
	return error;
}

static enum recourse_error read_whole(slice bytes)
{
	slice reader = bytes;
	slice whole;
	enum recourse_error error = item_read_whole(&reader, &whole);
	assert_int_equal(reader.size, bytes.size - (error == RECOURSE_OK ? whole.size : 0));
	return error;
}

/* RFC 8949, appendix A, what is in the subset, and the edges of each head's size. */
static void integers(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		int64_t value;
	} known[] = {
		{.bytes = "\x00", .size = 1, .value = 0},
		{.bytes = "\x17", .size = 1, .value = 23},
		{.bytes = "\x18\x18", .size = 2, .value = 24},
		{.bytes = "\x18\xFF", .size = 2, .value = 255},
		{.bytes = "\x19\x01\x00", .size = 3, .value = 256},
		{.bytes = "\x19\xFF\xFF", .size = 3, .value = 65535},
		{.bytes = "\x1A\x00\x01\x00\x00", .size = 5, .value = 65536},
		{.bytes = "\x1A\xFF\xFF\xFF\xFF", .size = 5, .value = UINT32_MAX},
		{.bytes = "\x1B\x00\x00\x00\x01\x00\x00\x00\x00", .size = 9, .value = INT64_C(1) << 32},
		{.bytes = "\x1B\x00\x00\x00\xE8\xD4\xA5\x10\x00", .size = 9, .value = 1000000000000},
		{.bytes = "\x1B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", .size = 9, .value = INT64_MAX},
		{.bytes = "\x20", .size = 1, .value = -1},
		{.bytes = "\x37", .size = 1, .value = -24},
		{.bytes = "\x38\x18", .size = 2, .value = -25},
		{.bytes = "\x39\x03\xE7", .size = 3, .value = -1000},
		{.bytes = "\x3A\x00\x01\x00\x00", .size = 5, .value = -65537},
		{.bytes = "\x3B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", .size = 9, .value = INT64_MIN},
	};
	for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
		struct item item;
		SCOPED(buffer_free) struct buffer out = {0};
		assert_ok(read_one(slice_of(known[index].bytes, known[index].size), &item));
		assert_int_equal(item.type, ITEM_INTEGER);
		assert_true(item.integer == known[index].value);
		item_write_integer(&out, known[index].value);
		assert_int_equal(out.size, known[index].size);
		assert_memory_equal(out.data, known[index].bytes, out.size);
	}
}

static void strings_and_simple_values(void **state)
{
	struct item item;
	assert_ok(read_one(BYTES("\x40"), &item));
	assert_int_equal(item.type, ITEM_BYTES);
	assert_int_equal(item.string.size, 0);
	assert_ok(read_one(BYTES("\x44\x01\x02\xFF\x04"), &item));
	assert_true(slice_equal(item.string, BYTES("\x01\x02\xFF\x04")));
	assert_ok(read_one(BYTES("\x60"), &item));
	assert_int_equal(item.type, ITEM_TEXT);
	assert_ok(read_one(BYTES("\x65"
				 "a\n\xE5\x85\x83"),
		&item));
	assert_true(slice_equal(item.string, BYTES("a\n\xE5\x85\x83")));
	assert_ok(read_one(BYTES("\xF4"), &item));
	assert_int_equal(item.type, ITEM_FALSE);
	assert_ok(read_one(BYTES("\xF5"), &item));
	assert_int_equal(item.type, ITEM_TRUE);
	assert_ok(read_one(BYTES("\xF6"), &item));
	assert_int_equal(item.type, ITEM_NULL);
}

static void containers_announce_their_count(void **state)
{
	slice reader = {.data = (const uint8_t *)"\x82\x01\xA1\x61"
						 "a\xF6",
		.size = 6};
	struct item item;
	assert_ok(item_read(&reader, &item));
	assert_int_equal(item.type, ITEM_ARRAY);
	assert_int_equal(item.count, 2);
	assert_ok(item_read(&reader, &item));
	assert_ok(item_read(&reader, &item));
	assert_int_equal(item.type, ITEM_MAP);
	assert_int_equal(item.count, 1);
	assert_ok(item_read(&reader, &item));
	assert_ok(item_read(&reader, &item));
	assert_true(reader.size == 0);
	assert_error(item_read(&reader, &item), RECOURSE_MALFORMED);
}

static void what_is_outside_the_subset_is_malformed(void **state)
{
	static const slice wrong[] = {
		/* longer heads than needed */
		WRONG("\x18\x17"),
		WRONG("\x19\x00\xFF"),
		WRONG("\x1A\x00\x00\xFF\xFF"),
		WRONG("\x1B\x00\x00\x00\x00\xFF\xFF\xFF\xFF"),
		WRONG("\x38\x17"),
		WRONG("\x3B\x00\x00\x00\x00\x00\x00\x00\x01"),
		WRONG("\x58\x01z"),
		WRONG("\x59\x00\x01z"),
		WRONG("\x78\x01z"),
		WRONG("\x7A\x00\x00\x00\x01z"),
		WRONG("\x98\x01\x00"),
		WRONG("\xB8\x01\x61z\x00"),
		WRONG("\x9B\x00\x00\x00\x00\x00\x00\x00\x00"),
		/* integers beyond 64 bits signed */
		WRONG("\x1B\x80\x00\x00\x00\x00\x00\x00\x00"),
		WRONG("\x1B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
		WRONG("\x3B\x80\x00\x00\x00\x00\x00\x00\x00"),
		WRONG("\x3B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
		/* indefinite lengths, break, tags, floats, undefined, other simple values, reserved */
		WRONG("\x5F\x41z\xFF"),
		WRONG("\x7F\x61z\xFF"),
		WRONG("\x9F\xFF"),
		WRONG("\xBF\xFF"),
		WRONG("\xFF"),
		WRONG("\xC0\x60"),
		WRONG("\xD8\x20\x60"),
		WRONG("\xC2\x41\x01"),
		WRONG("\xF9\x00\x00"),
		WRONG("\xFA\x00\x00\x00\x00"),
		WRONG("\xFB\x3F\xF0\x00\x00\x00\x00\x00\x00"),
		WRONG("\xF7"),
		WRONG("\xE0"),
		WRONG("\xF8\x14"),
		WRONG("\xF8\xFF"),
		WRONG("\x1C"),
		WRONG("\x1F"),
		WRONG("\x5C"),
		WRONG("\xFC"),
		/* text that is no UTF-8 */
		WRONG("\x61\xFF"),
		WRONG("\x62\xC0\xAF"),
		WRONG("\x63\xED\xA0\x80"),
		/* counts and lengths beyond what follows */
		WRONG("\x9B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
		WRONG("\xBB\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
		WRONG("\x5B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
		WRONG("\x7B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xF7"),
		WRONG("\x9A\xFF\xFF\xFF\xFF"),
		WRONG("\x82\x00"),
		WRONG("\xA1\x60"),
	};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		struct item item = {.integer = 77};
		assert_error(read_one(wrong[index], &item), RECOURSE_MALFORMED);
		assert_int_equal(item.integer, 77);
		assert_error(read_whole(wrong[index]), RECOURSE_MALFORMED);
	}
}

static void another_type_leaves_the_reader_where_it_was(void **state)
{
	slice reader = {.data = (const uint8_t *)"\x01\x61z", .size = 3};
	struct item item;
	assert_error(item_read_type(&reader, ITEM_TEXT, &item), RECOURSE_FIELD_TYPE);
	assert_int_equal(reader.size, 3);
	assert_ok(item_read_type(&reader, ITEM_INTEGER, &item));
	assert_ok(item_read_type(&reader, ITEM_TEXT, &item));
	assert_error(item_read_type(&reader, ITEM_TEXT, &item), RECOURSE_MALFORMED);
	assert_int_equal(reader.size, 0);
}

static void every_truncation_is_malformed(void **state)
{
	static const char whole[] = "\xA4\x61"
				    "a\x19\x03\xE8\x61"
				    "b\x44\x01\x02\x03\x04"
				    "\x61"
				    "c\x83\xF4\xF6\x3B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
				    "\x62\xC3\xA9\xA1\x60\x63\xE5\x85\x83";
	size_t size = sizeof whole - 1;
	assert_ok(read_whole(slice_of(whole, size)));
	for (size_t part = 0; part < size; part++)
		assert_error(read_whole(slice_of(whole, part)), RECOURSE_MALFORMED);
}

static void a_whole_item_ends_where_the_next_begins(void **state)
{
	slice reader = {.data = (const uint8_t *)"\x82\x01\x81\x02\x03", .size = 5};
	slice whole;
	assert_ok(item_read_whole(&reader, &whole));
	assert_true(slice_equal(whole, BYTES("\x82\x01\x81\x02")));
	assert_ok(item_read_whole(&reader, &whole));
	assert_true(slice_equal(whole, BYTES("\x03")));
	assert_true(reader.size == 0);
}

static void depth_is_limited(void **state)
{
	uint8_t nested[ITEM_DEPTH_MAX + 2];
	memset(nested, 0x81, sizeof nested);
	nested[ITEM_DEPTH_MAX] = 0x00;
	assert_ok(read_whole(slice_of(nested, ITEM_DEPTH_MAX + 1)));
	nested[ITEM_DEPTH_MAX] = 0x80;
	assert_error(read_whole(slice_of(nested, ITEM_DEPTH_MAX + 1)), RECOURSE_TOO_LARGE);

	uint8_t maps[2 * (ITEM_DEPTH_MAX + 1) + 1];
	for (size_t index = 0; index <= ITEM_DEPTH_MAX; index++)
		memcpy(maps + 2 * index, "\xA1\x60", 2);
	maps[2 * ITEM_DEPTH_MAX] = 0x00;
	assert_ok(read_whole(slice_of(maps, 2 * ITEM_DEPTH_MAX + 1)));
	maps[2 * ITEM_DEPTH_MAX] = 0xA0;
	assert_error(read_whole(slice_of(maps, 2 * ITEM_DEPTH_MAX + 1)), RECOURSE_TOO_LARGE);
}

static void hostile_nesting_is_cheap(void **state)
{
	size_t size = 1u << 20;
	SCOPED(support_free) uint8_t *nested = malloc(size);
	assert_non_null(nested);
	memset(nested, 0x81, size);
	assert_error(read_whole(slice_of(nested, size)), RECOURSE_TOO_LARGE);
}

static void keys_are_text_and_unique(void **state)
{
	static const struct {
		const char *hex;
		enum recourse_error error;
	} maps[] = {
		{"a10102", RECOURSE_MALFORMED},
		{"a1417a02", RECOURSE_MALFORMED},
		{"a2616101616102", RECOURSE_MALFORMED},
		{"a3616201616102616202", RECOURSE_MALFORMED},
		{"81a361620161618102616202", RECOURSE_MALFORMED},
		{"a361630161628102616102", RECOURSE_OK},
		{"a262616101616102", RECOURSE_OK},
	};
	for (size_t index = 0; index < sizeof maps / sizeof maps[0]; index++) {
		uint8_t bytes[16];
		size_t size = strlen(maps[index].hex) / 2;
		assert_ok(text_from_hex(slice_text(maps[index].hex), bytes, size));
		assert_error(read_whole(slice_of(bytes, size)), maps[index].error);
	}
}

/* Descending keys, more than are looked at without memory; then the first one once more at the end. */
static void many_keys_in_any_order_are_unique(void **state)
{
	enum { PAIRS = 5000 };
	for (int repeated = 0; repeated < 2; repeated++) {
		SCOPED(buffer_free) struct buffer out = {0};
		char key[16];
		item_write_map(&out, PAIRS);
		for (int index = PAIRS; index > 0; index--) {
			int name = repeated && index == 1 ? PAIRS : index;
			snprintf(key, sizeof key, "%05d", name);
			item_write_key(&out, key);
			item_write_array(&out, 1);
			item_write_null(&out);
		}
		assert_error(read_whole(buffer_slice(&out)), repeated ? RECOURSE_MALFORMED : RECOURSE_OK);
	}
}

static void maps_are_put_in_order(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	buffer_append_text(&out, "before");
	struct item_map map = item_map_open(&out);
	item_write_pair_integer(&out, "method", -1);
	item_write_pair_text(&out, "b", slice_text("x"));
	item_write_key(&out, "aa");
	struct item_map inner = item_map_open(&out);
	item_write_pair_integer(&out, "z", 1);
	item_write_pair_integer(&out, "y", 2);
	item_map_close(inner, &out);
	item_write_pair_integer(&out, "", 7);
	item_write_key(&out, "a");
	item_write_boolean(&out, true);
	item_map_close(map, &out);
	static const char expected[] = "before\xA5\x60\x07\x61"
				       "a\xF5\x61"
				       "b\x61x\x62"
				       "aa\xA2\x61y\x02\x61z\x01\x66method\x20";
	assert_true(slice_equal(buffer_slice(&out), slice_of(expected, sizeof expected - 1)));
}

static void an_empty_map_is_a_head(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	item_map_close(item_map_open(&out), &out);
	assert_true(slice_equal(buffer_slice(&out), BYTES("\xA0")));
}

static void closing_after_a_failure_is_harmless(void **state)
{
	SCOPED(buffer_free) struct buffer out = {0};
	struct item_map map = item_map_open(&out);
	item_write_key(&out, "half");
	assert_null(buffer_reserve(&out, SIZE_MAX));
	item_write_null(&out);
	item_map_close(map, &out);
	assert_true(buffer_failed(&out));
}

/* Every size up to the most, keys shuffled: the same bytes as when they are written in order. */
static void shuffled_keys_give_the_same_bytes(void **state)
{
	static const size_t sizes[] = {1, 2, 23, 24, 40, 64, 65, 255, 256, 1023};
	struct support_random random = support_random_start();
	for (size_t round = 0; round < sizeof sizes / sizeof sizes[0]; round++) {
		size_t count = sizes[round], order[1023];
		SCOPED(buffer_free) struct buffer sorted = {0}, shuffled = {0};
		for (size_t index = 0; index < count; index++) {
			size_t other = (size_t)support_random_below(&random, index + 1);
			order[index] = order[other];
			order[other] = index;
		}
		char key[32];
		item_write_map(&sorted, count);
		struct item_map map = item_map_open(&shuffled);
		for (size_t index = 0; index < count; index++) {
			snprintf(key, sizeof key, "k%04zu", index);
			item_write_pair_integer(&sorted, key, (int64_t)index * 1000);
			snprintf(key, sizeof key, "k%04zu", order[index]);
			item_write_pair_integer(&shuffled, key, (int64_t)order[index] * 1000);
		}
		item_map_close(map, &shuffled);
		assert_true(slice_equal(buffer_slice(&sorted), buffer_slice(&shuffled)));
		assert_ok(read_whole(buffer_slice(&shuffled)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),
		cmocka_unit_test(strings_and_simple_values),
		cmocka_unit_test(containers_announce_their_count),
		cmocka_unit_test(what_is_outside_the_subset_is_malformed),
		cmocka_unit_test(another_type_leaves_the_reader_where_it_was),
		cmocka_unit_test(every_truncation_is_malformed),
		cmocka_unit_test(a_whole_item_ends_where_the_next_begins),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(hostile_nesting_is_cheap),
		cmocka_unit_test(keys_are_text_and_unique),
		cmocka_unit_test(many_keys_in_any_order_are_unique),
		cmocka_unit_test(maps_are_put_in_order),
		cmocka_unit_test(an_empty_map_is_a_head),
		cmocka_unit_test(closing_after_a_failure_is_harmless),
		cmocka_unit_test(shuffled_keys_give_the_same_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
