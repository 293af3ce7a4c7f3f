/* SPDX-License-Identifier: Apache-2.0 */
#include "base/personal.h"

enum { IDENTITY_DIGITS = 18, MOBILE_DIGITS = 11 };

struct digits {
	size_t count;
	int values[IDENTITY_DIGITS]; /* 10: X */
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
		if (digits->count == IDENTITY_DIGITS)
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

bool personal_number(slice id)
{
	struct digits digits = {0};
	return read_digits(id, &digits) && (is_mobile(&digits) || is_identity(&digits));
}
