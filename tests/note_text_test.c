/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include "base/text.h"
#include "base/note_text.h"

static void test_commitment(void **state)
{
	uint8_t random[NOTE_TEXT_RANDOM_SIZE];
	uint8_t expected[CRYPTO_HASH_SIZE];
	struct crypto_hash commitment;
	for (size_t at = 0; at < sizeof random; at++)
		random[at] = (uint8_t)at;
	/* by Python's hashlib */
	assert_ok(
		text_from_hex(slice_text("d23d6e8ea0c8b5b80f0050936bb94baa86fc5a327bbe80999b63f759671f326c"),
			expected, sizeof expected));
	note_text_commit(random, slice_text("她说：卡没用过"), &commitment);
	assert_memory_equal(commitment.bytes, expected, sizeof expected);
	random[0] ^= 1;
	note_text_commit(random, slice_text("她说：卡没用过"), &commitment);
	assert_memory_not_equal(commitment.bytes, expected, sizeof expected);
}

static void test_valid(void **state)
{
	static uint8_t text[NOTE_TEXT_SIZE_MAX + 1];
	memset(text, 'x', sizeof text);
	assert_true(note_text_valid(slice_of(text, NOTE_TEXT_SIZE_MAX)));
	assert_false(note_text_valid(slice_of(text, NOTE_TEXT_SIZE_MAX + 1)));
	assert_false(note_text_valid(slice_of(text, 0)));
	assert_true(note_text_valid(slice_text("two\r\nlines\tand a tab")));
	assert_false(note_text_valid(slice_text("\xe5\xae")));
	assert_false(note_text_valid(slice_of((const uint8_t *)"a\0b", 3)));
	assert_false(note_text_valid(slice_text("a\x1b[2J")));
	assert_false(note_text_valid(slice_text("a\x7f")));
	assert_false(note_text_valid(slice_text("a\xc2\x85")));
	assert_false(note_text_valid(slice_text("paid \xe2\x80\xae"
						"00.001")));
	assert_true(note_text_valid(slice_text("她说：卡没用过")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commitment),
		cmocka_unit_test(test_valid),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
