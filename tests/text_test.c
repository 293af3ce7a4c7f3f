/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/text.h"

static void ids_are_accepted(void **state)
{
	static const char *const ids[] = {
		"a",
		"7",
		"claim-0001",
		"A.b_c:d/e@f-g",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	};
	for (size_t index = 0; index < sizeof ids / sizeof ids[0]; index++)
		assert_true(text_is_id(slice_text(ids[index])));
}

static void other_bytes_are_no_ids(void **state)
{
	static const char *const wrong[] = {
		"",
		"-a",
		".a",
		"_a",
		":",
		"/",
		"@",
		"a b",
		"a\n",
		"a#",
		"a\xC3\xA9",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
	};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		assert_false(text_is_id(slice_text(wrong[index])));
	assert_false(text_is_id(slice_of("a\0b", 3)));
	assert_false(text_is_id(slice_of(NULL, 0)));
}

static size_t encode(uint32_t point, uint8_t bytes[static 4])
{
	if (point < 0x80) {
		bytes[0] = (uint8_t)point;
		return 1;
	}
	size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (size_t index = size - 1; index > 0; index--) {
		bytes[index] = (uint8_t)(0x80 | (point & 0x3F));
		point >>= 6;
	}
	bytes[0] = (uint8_t)((0xF00 >> size & 0xFF) | point);
	return size;
}

/* Separators of lines, and what turns the direction of writing. */
static bool misleads(uint32_t point)
{
	return point == 0x61C || point == 0x200E || point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
	       (point >= 0x2066 && point <= 0x2069);
}

/* Every code point, against the definition: surrogates are none, C0, DEL and C1 are controls. */
static void every_code_point_is_judged(void **state)
{
	for (uint32_t point = 0; point < 0x120000; point++) {
		uint8_t bytes[4];
		slice text = slice_of(bytes, encode(point, bytes));
		bool scalar = point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
		bool control = point < 0x20 || (point >= 0x7F && point < 0xA0) || misleads(point);
		assert_int_equal(text_is_utf8(text), scalar);
		assert_int_equal(text_control(text), control ? text.size : 0);
		assert_int_equal(text_is_clean(text), scalar && !control);
	}
}

static void every_truncation_is_refused(void **state)
{
	static const char *const whole[] = {"\xC3\xA9", "\xE5\x85\x83", "\xF0\x9F\x92\xA7"};
	for (size_t index = 0; index < sizeof whole / sizeof whole[0]; index++) {
		slice text = slice_text(whole[index]);
		assert_true(text_is_utf8(text));
		for (size_t size = 1; size < text.size; size++)
			assert_false(text_is_utf8(slice_of(text.data, size)));
	}
}

static void long_forms_and_strays_are_refused(void **state)
{
	static const char *const wrong[] = {
		"\x80",
		"\xBF",
		"\xC0\xAF",
		"\xC1\xBF",
		"\xE0\x80\x80",
		"\xE0\x9F\xBF",
		"\xED\xA0\x80",
		"\xF0\x80\x80\x80",
		"\xF0\x8F\xBF\xBF",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xFF",
		"\xFE",
		"\xC3(",
		"\xE5\x85(",
		"\xF0\x9F\x92(",
		"eight or more ASCII bytes and \xC3",
		"\xC3\xA9\xA9",
	};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		assert_false(text_is_utf8(slice_text(wrong[index])));
		assert_false(text_is_clean(slice_text(wrong[index])));
	}
}

/* One bad byte at each place of a text of each size is found, whichever way the place is reached. */
static void a_bad_byte_is_found_anywhere(void **state)
{
	char text[40];
	for (size_t place = 0; place < sizeof text * sizeof text; place++) {
		size_t size = 1 + place / sizeof text;
		size_t index = place % size;
		memset(text, 'a', sizeof text);
		text[index] = (char)0xFF;
		assert_false(text_is_utf8(slice_of(text, size)));
		text[index] = '\n';
		assert_true(text_is_utf8(slice_of(text, size)));
		assert_false(text_is_clean(slice_of(text, size)));
	}
}

static void empty_text_is_clean(void **state)
{
	assert_true(text_is_utf8(slice_of(NULL, 0)));
	assert_true(text_is_clean(slice_of(NULL, 0)));
}

static void hex_goes_there_and_back(void **state)
{
	uint8_t bytes[256], back[256];
	char hex[513];
	for (size_t index = 0; index < sizeof bytes; index++)
		bytes[index] = (uint8_t)index;
	text_to_hex(bytes, sizeof bytes, hex);
	assert_int_equal(strlen(hex), 512);
	assert_memory_equal(hex + 2 * 0xAF, "af", 2);
	assert_ok(text_from_hex(slice_text(hex), back, sizeof back));
	assert_memory_equal(bytes, back, sizeof bytes);
	assert_ok(text_from_hex(slice_text("AbcD"), back, 2));
	assert_memory_equal(back, "\xAB\xCD", 2);
	assert_ok(text_from_hex(slice_of(NULL, 0), back, 0));
}

static void other_hex_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"a",
		"abc",
		"abcde",
		"abcdef",
		"abcg",
		"ab d",
		"0xab",
		"ab/:",
		"@Gab",
		"`gab",
	};
	uint8_t bytes[4];
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		assert_error(text_from_hex(slice_text(wrong[index]), bytes, 2), RECOURSE_FIELD_FORMAT);
}

/* Whatever the size, the beginning is well formed, and one character more would not have fitted. */
static void cutting_keeps_characters_whole(void **state)
{
	slice text = slice_text("a\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80z");
	for (size_t size = 0; size <= text.size + 1; size++) {
		slice cut = text_cut(text, size);
		assert_ptr_equal(cut.data, text.data);
		assert_true(cut.size <= size && text_is_utf8(cut));
		assert_true(cut.size + 4 > size || cut.size == text.size);
		for (size_t more = cut.size + 1; more <= size && more <= text.size; more++)
			assert_false(text_is_utf8(slice_of(text.data, more)));
	}
}

static void versions_are_told(void **state)
{
	char text[TEXT_ID_SIZE + TEXT_VERSION_SIZE];
	char longest[TEXT_ID_SIZE];
	memset(longest, 'n', sizeof longest);
	text_version(text, slice_text("card"), 1);
	assert_string_equal(text, "card/1");
	text_version(text, slice_text(""), 0);
	assert_string_equal(text, "/0");
	text_version(text, slice_of(longest, sizeof longest), UINT32_MAX);
	assert_string_equal(text + TEXT_ID_SIZE, "/4294967295");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_accepted),
		cmocka_unit_test(other_bytes_are_no_ids),
		cmocka_unit_test(every_code_point_is_judged),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(long_forms_and_strays_are_refused),
		cmocka_unit_test(a_bad_byte_is_found_anywhere),
		cmocka_unit_test(empty_text_is_clean),
		cmocka_unit_test(hex_goes_there_and_back),
		cmocka_unit_test(other_hex_is_refused),
		cmocka_unit_test(cutting_keeps_characters_whole),
		cmocka_unit_test(versions_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
