/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_text.h"

#include "base/text.h"

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_capital(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z';
}

size_t pay_text_characters(slice text)
{
	size_t count = 0;
	for (size_t index = 0; index < text.size; index++)
		count += (text.data[index] & 0xc0) != 0x80;
	return count;
}

bool pay_text_is_sepa(slice text)
{
	for (size_t index = 0; index < text.size; index++) {
		uint8_t byte = text.data[index];
		bool letter = is_capital(byte) || (byte >= 'a' && byte <= 'z');
		if (!letter && !is_digit(byte) && (byte == '\0' || strchr("/-?:().,'+ ", byte) == NULL))
			return false;
	}
	return true;
}

bool pay_text_is_xml(slice text)
{
	for (size_t index = 0; index + 2 < text.size; index++) {
		if (memcmp(text.data + index, "\xef\xbf\xbe", 3) == 0 ||
			memcmp(text.data + index, "\xef\xbf\xbf", 3) == 0)
			return false;
	}
	return text_is_clean(text);
}

bool pay_text_is_formula(slice text)
{
	static const char *const signs[] = {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
	for (size_t index = 0; index < sizeof signs / sizeof signs[0]; index++) {
		if (slice_take(&text, signs[index]))
			return true;
	}
	return false;
}

bool pay_text_is_bic(slice bank)
{
	if (bank.size != 8 && bank.size != 11)
		return false;
	for (size_t index = 0; index < bank.size; index++) {
		bool letter = is_capital(bank.data[index]);
		if (!letter && (index < 6 || !is_digit(bank.data[index])))
			return false;
	}
	return bank.data[6] != '0' && bank.data[6] != '1' && bank.data[7] != 'O';
}

bool pay_text_is_member(slice bank)
{
	size_t index = 0;
	while (index < bank.size && is_digit(bank.data[index]))
		index++;
	return bank.size == 12 && index == bank.size;
}

bool pay_text_like_iban(slice account)
{
	return account.size > 4 && is_capital(account.data[0]) && is_capital(account.data[1]) &&
	       is_digit(account.data[2]) && is_digit(account.data[3]);
}

bool pay_text_is_iban(slice account)
{
	unsigned rest = 0;
	if (!pay_text_like_iban(account) || account.size > 34)
		return false;
	for (size_t place = 0; place < account.size; place++) {
		uint8_t byte = account.data[(place + 4) % account.size];
		if (!is_digit(byte) && !is_capital(byte))
			return false;
		rest = is_digit(byte) ? (rest * 10 + (unsigned)(byte - '0')) % 97
				      : (rest * 100 + (unsigned)(byte - 'A') + 10) % 97;
	}
	return rest == 1;
}
