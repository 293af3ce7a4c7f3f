/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include "../tools/pay/payee_mark.h"
#include "base/text.h"

static void expect_plain(const char *account, const char *plain)
{
	struct buffer out = {.secret = true};
	const char *why = payee_mark_plain(slice_text(account), &out);
	if (plain == NULL)
		assert_non_null(why);
	else {
		assert_null(why);
		assert_int_equal(out.size, strlen(plain));
		assert_memory_equal(out.data, plain, out.size);
	}
	buffer_free(&out);
}

/* What does not tell one account from another is gone. */
static void test_one_form(void **state)
{
	(void)state;
	expect_plain("6222021234567890123", "6222021234567890123");
	expect_plain(" 6222 0212-3456\u00a07890\u2013123\t", "6222021234567890123");
	expect_plain("６２２２\u3000０２１２－３４５６７８９０１２３", "6222021234567890123");
	expect_plain("de89 3704 0044 0532 0130 00", "DE89370400440532013000");
	expect_plain("ｏＡbc＿9~", "OABC_9~");
	expect_plain("a@b.example", "A@B.EXAMPLE");
	expect_plain("12E34", "12E34");
	expect_plain("1234567890.5", "1234567890.5");
}

static void test_refused(void **state)
{
	char longest[PAYEE_MARK_ACCOUNT_MAX + 2];
	memset(longest, '7', sizeof longest);
	(void)state;
	longest[sizeof longest - 1] = '\0';
	expect_plain(longest, NULL);
	longest[sizeof longest - 2] = '\0';
	expect_plain(longest, longest);
	expect_plain("", NULL);
	expect_plain(" - \u3000", NULL);
	expect_plain("张三", NULL);
	expect_plain("62220\x01", NULL);
	expect_plain("62220\x7f", NULL);
	expect_plain("62\xff\xfe", NULL);
	expect_plain("62\xef\xbc", NULL);
	expect_plain("6.22202E+18", NULL);
	expect_plain("6.22202e18", NULL);
	expect_plain("6E+18", NULL);
	expect_plain("6222021234567890.0", NULL);
}

/* Made by another implementation (Python's hmac): key 00 01 … 1f. */
static void test_vector(void **state)
{
	uint8_t key[CRYPTO_MARK_KEY_SIZE];
	uint8_t mark[CRYPTO_HASH_SIZE];
	char hex[2 * sizeof mark + 1];
	(void)state;
	for (size_t index = 0; index < sizeof key; index++)
		key[index] = (uint8_t)index;
	payee_mark(key, slice_text("6222021234567890123"), mark);
	text_to_hex(mark, sizeof mark, hex);
	assert_string_equal(hex, "5bec22ffb180fe39ee1d13d83ecae38799739ab087c119bfda42f05fde79ff87");
	key[0] = 1;
	payee_mark(key, slice_text("6222021234567890123"), mark);
	text_to_hex(mark, sizeof mark, hex);
	assert_string_not_equal(hex, "5bec22ffb180fe39ee1d13d83ecae38799739ab087c119bfda42f05fde79ff87");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_form),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_vector),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
