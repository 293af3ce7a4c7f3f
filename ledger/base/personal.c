/* SPDX-License-Identifier: Apache-2.0 */
#include "base/personal.h"

#include <string.h>

enum { IDENTITY_DIGITS = 18, MOBILE_DIGITS = 11, CARD_DIGITS_MIN = 15, CARD_DIGITS_MAX = 19 };
enum { PLAIN_SIZE_MAX = 96 };

struct digits {
	size_t count;
	int values[CARD_DIGITS_MAX]; /* 10: X, the last of an identity number */
};

static bool is_separator(uint8_t byte)
{
	return byte == '-' || byte == '.' || byte == '_';
}

static bool read_digits(slice id, struct digits *digits)
{
	for (size_t index = 0; index < id.size; index++) {
		uint8_t byte = id.data[index];
		bool last = digits->count == IDENTITY_DIGITS - 1;
		if (is_separator(byte))
			continue;
		if (digits->count == CARD_DIGITS_MAX)
			return false;
		if (byte >= '0' && byte <= '9')
			digits->values[digits->count++] = byte - '0';
		else if (last && (byte == 'X' || byte == 'x'))
			digits->values[digits->count++] = 10;
		else
			return false;
	}
	return true;
}

static int number(const struct digits *digits, size_t from, size_t count)
{
	int value = 0;
	for (size_t index = from; index < from + count; index++)
		value = value * 10 + digits->values[index];
	return value;
}

static bool is_mobile(const struct digits *digits)
{
	if (digits->count < MOBILE_DIGITS)
		return false;
	size_t from = digits->count - MOBILE_DIGITS;
	bool abroad = (from == 2 || from == 4) && number(digits, 0, from) == 86;
	int prefix = number(digits, from, 2);
	return (from == 0 || abroad) && prefix >= 13 && prefix <= 19;
}

/* First digit: the region; second: the province in it. Long order numbers that begin with a year are none. */
static bool is_province(int code)
{
	static const int provinces[] = {0, 5, 3, 7, 6, 4, 5, 1, 3};
	int region = code / 10;
	if (code == 50)
		return true;
	return region >= 1 && region <= 8 && code % 10 >= 1 && code % 10 <= provinces[region];
}

static bool is_date(int year, int month, int day)
{
	return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* ISO 7064, MOD 11-2. */
static bool is_checked(const struct digits *digits)
{
	static const int weights[IDENTITY_DIGITS] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1};
	int sum = 0;
	for (size_t index = 0; index < IDENTITY_DIGITS; index++)
		sum += weights[index] * digits->values[index];
	return sum % 11 == 1;
}

static bool is_identity(const struct digits *digits)
{
	return digits->count == IDENTITY_DIGITS && is_province(number(digits, 0, 2)) &&
	       is_date(number(digits, 6, 4), number(digits, 10, 2), number(digits, 12, 2)) &&
	       is_checked(digits);
}

/* ISO/IEC 7812: who gives them out, by the first digits, and the last one fits. An order's number begins otherwise. */
static bool is_card(const struct digits *digits)
{
	if (digits->count < CARD_DIGITS_MIN)
		return false;
	int sum = 0;
	int first = number(digits, 0, 2);
	bool express = digits->count == CARD_DIGITS_MIN && (first == 34 || first == 37);
	bool union_pay = digits->count > CARD_DIGITS_MIN && first == 62;
	bool other = digits->count == CARD_DIGITS_MIN + 1 &&
		     (first == 35 || first / 10 == 4 || (first >= 51 && first <= 55));
	if (!express && !union_pay && !other)
		return false;
	for (size_t index = 0; index < digits->count; index++) {
		int value = digits->values[digits->count - 1 - index];
		if (value == 10)
			return false;
		value *= index % 2 == 0 ? 1 : 2;
		sum += value > 9 ? value - 9 : value;
	}
	return sum % 10 == 0;
}

/* ---- as it is written ---- */

struct plain {
	size_t size;
	uint8_t bytes[PLAIN_SIZE_MAX];
};

/* The size of what stands there for nothing: blanks, also as wide as a character, and what numbers are written with. */
static size_t filler(slice rest)
{
	static const char *const fillers[] = {" ", "+", "(", ")", "\xc2\xa0", "\xe3\x80\x80"};
	for (size_t index = 0; index < sizeof fillers / sizeof fillers[0]; index++) {
		size_t size = strlen(fillers[index]);
		if (rest.size >= size && memcmp(rest.data, fillers[index], size) == 0)
			return size;
	}
	return 0;
}

/* U+FF01 to U+FF5E are the characters from ! to ~, as wide as Chinese ones. */
static bool wide(slice rest, uint8_t *byte)
{
	if (rest.size < 3 || rest.data[0] != 0xEF || (rest.data[1] != 0xBC && rest.data[1] != 0xBD))
		return false;
	int code = (rest.data[1] & 3) * 64 + (rest.data[2] & 63) + '!' - 1;
	*byte = (uint8_t)code;
	return code >= '!' && code <= '~';
}

static bool make_plain(slice text, struct plain *plain)
{
	for (size_t offset = 0; offset < text.size;) {
		slice rest = slice_of(text.data + offset, text.size - offset);
		size_t skipped = filler(rest);
		uint8_t byte = rest.data[0];
		offset += skipped;
		if (skipped > 0)
			continue;
		if (plain->size == sizeof plain->bytes)
			return false;
		offset += wide(rest, &byte) ? 3 : 1;
		plain->bytes[plain->size++] = byte;
	}
	return true;
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(uint8_t byte)
{
	return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

static bool begins(slice text, const char *scheme)
{
	size_t size = strlen(scheme);
	bool same = text.size > size;
	for (size_t index = 0; same && index < size; index++)
		same = (text.data[index] | 32) == (scheme[index] | 32);
	return same;
}

static bool is_address(slice text)
{
	static const char *const schemes[] = {"tel:", "sms:", "callto:", "mailto:"};
	for (size_t index = 0; index < sizeof schemes / sizeof schemes[0]; index++)
		if (begins(text, schemes[index]))
			return true;
	return false;
}

/* NAME@HOST.LETTERS */
static bool is_mail(slice text)
{
	size_t at = 0;
	size_t letters = 0;
	while (at < text.size && text.data[at] != '@')
		at++;
	while (letters < text.size && is_letter(text.data[text.size - 1 - letters]))
		letters++;
	size_t point = text.size - letters - 1;
	return at > 0 && letters >= 2 && letters < text.size && point > at + 1 && text.data[point] == '.';
}

/* What a spreadsheet makes of a long number: 1.38E10. */
static bool is_rounded(slice text)
{
	size_t index = 2;
	if (text.size < 6 || !is_digit(text.data[0]) || text.data[1] != '.')
		return false;
	while (index < text.size && is_digit(text.data[index]))
		index++;
	return index > 2 && index + 3 == text.size && (text.data[index] | 32) == 'e' &&
	       text.data[index + 1] == '1' && is_digit(text.data[index + 2]);
}

/* And what it puts behind one: 13800138000.0. */
static slice without_zeros(slice text)
{
	size_t size = text.size;
	while (size > 0 && text.data[size - 1] == '0')
		size--;
	return size > 0 && size < text.size && text.data[size - 1] == '.' ? slice_of(text.data, size - 1)
									  : text;
}

/* Most ids begin with a letter, and are looked at no further. */
static bool is_other(slice text)
{
	return text.size == 0 || (is_letter(text.data[0]) && memchr(text.data, '@', text.size) == NULL &&
					 memchr(text.data, ':', text.size) == NULL &&
					 memchr(text.data, 0xEF, text.size) == NULL);
}

bool personal_form(slice text)
{
	struct plain plain = {.size = 0};
	struct digits digits = {0};
	if (is_other(text) || !make_plain(text, &plain))
		return false;
	slice read = slice_of(plain.bytes, plain.size);
	if (is_address(read) || is_mail(read) || is_rounded(read))
		return true;
	return read_digits(without_zeros(read), &digits) &&
	       (is_mobile(&digits) || is_identity(&digits) || is_card(&digits));
}
