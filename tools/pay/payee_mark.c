/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/payee_mark.h"

#include "base/text.h"

/* Whatever separates groups of digits, in UTF-8. */
static const char *const separators[] = {" ", "\t", "-", "\u00a0", "\u2000", "\u2001", "\u2002", "\u2003",
	"\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u200b", "\u2010", "\u2011",
	"\u2012", "\u2013", "\u2014", "\u2015", "\u202f", "\u2060", "\u2212", "\u3000", "\ufeff", "\uff0d"};

static bool take_separator(slice *rest)
{
	for (size_t row = 0; row < sizeof separators / sizeof separators[0]; row++) {
		if (slice_take(rest, separators[row]))
			return true;
	}
	return false;
}

/* U+FF01 to U+FF5E are ! to ~, three bytes each. 0: none of them. */
static unsigned char take_wide(slice *rest)
{
	const uint8_t *bytes = rest->data;
	if (rest->size < 3 || bytes[0] != 0xef || (bytes[1] != 0xbc && bytes[1] != 0xbd))
		return 0;
	unsigned place = ((bytes[1] & 3U) << 6 | (bytes[2] & 0x3fU)) + 0x20U;
	if (place < '!' || place > '~' || (bytes[2] & 0xc0) != 0x80)
		return 0;
	*rest = slice_of(bytes + 3, rest->size - 3);
	return (unsigned char)place;
}

static unsigned char take_character(slice *rest)
{
	unsigned char wide = take_wide(rest);
	if (wide != 0)
		return wide;
	unsigned char plain = rest->data[0];
	*rest = slice_of(rest->data + 1, rest->size - 1);
	return plain;
}

/* Digits, a point, digits, and an exponent or nothing but zeroes: 6.22E+18, 6222021234567890.0. */
static bool is_rounded(slice text)
{
	static const char digits[] = "0123456789";
	char copy[PAYEE_MARK_ACCOUNT_MAX + 1] = {0};
	memcpy(copy, text.data, text.size);
	size_t whole = strspn(copy, digits);
	const char *rest = copy + whole;
	size_t part = *rest == '.' ? 1 + strspn(rest + 1, digits) : 0;
	const char *end = rest + part;
	bool exponent = *end == 'E' && strspn(end + 1, "+0123456789") == strlen(end + 1) &&
			(part > 0 || end[1] == '+');
	bool zeroes = part > 1 && *end == '\0' && strspn(rest + 1, "0") == part - 1;
	crypto_wipe(copy, sizeof copy);
	return whole > 0 && (exponent || zeroes);
}

const char *payee_mark_plain(slice account, struct buffer *out)
{
	size_t start = out->size;
	while (account.size > 0) {
		if (take_separator(&account))
			continue;
		unsigned char character = take_character(&account);
		if (character >= 'a' && character <= 'z')
			character = (unsigned char)(character - 'a' + 'A');
		if (character < '!' || character > '~')
			return "an account has digits, letters and signs of ASCII, also full-width";
		buffer_append(out, &character, 1);
	}
	size_t size = out->size - start;
	if (buffer_failed(out))
		return "there is no memory for it";
	if (size == 0 || size > PAYEE_MARK_ACCOUNT_MAX)
		return "an account has 1 to 64 characters beside blanks and dashes";
	return is_rounded(slice_of(out->data + start, size))
		       ? "a spreadsheet has rounded the number: read it as text"
		       : NULL;
}

void payee_mark(
	const uint8_t key[static CRYPTO_MARK_KEY_SIZE], slice plain, uint8_t mark[static CRYPTO_HASH_SIZE])
{
	crypto_mark(key, slice_text("recourse-account-v1\n"), plain, mark);
}
