/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

static bool is_alphanumeric(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static bool is_id_byte(uint8_t byte)
{
	return is_alphanumeric(byte) || (byte != 0 && strchr("._:/@-", byte) != NULL);
}

bool text_is_id(slice text)
{
	if (text.size == 0 || text.size > TEXT_ID_SIZE || !is_alphanumeric(text.data[0]))
		return false;
	for (size_t index = 1; index < text.size; index++)
		if (!is_id_byte(text.data[index]))
			return false;
	return true;
}

static uint64_t bytes_at(slice text, size_t offset, size_t count)
{
	uint64_t bytes = 0;
	memcpy(&bytes, text.data + offset, count);
	return bytes;
}

/* Eight bytes at a time, and then four, two and one: most texts are short, and nothing else. */
static bool is_ascii(slice text)
{
	uint64_t all = 0;
	size_t offset = 0;
	for (; text.size - offset >= 8; offset += 8)
		all |= bytes_at(text, offset, 8);
	if ((text.size & 4) != 0)
		all |= bytes_at(text, offset, 4);
	offset += text.size & 4;
	if ((text.size & 2) != 0)
		all |= bytes_at(text, offset, 2);
	if ((text.size & 1) != 0)
		all |= text.data[text.size - 1];
	return (all & UINT64_C(0x8080808080808080)) == 0;
}

static bool are_continuations(const uint8_t *bytes, size_t count)
{
	for (size_t index = 0; index < count; index++)
		if ((bytes[index] & 0xC0) != 0x80)
			return false;
	return true;
}

/*
 * Size of the sequence of two to four bytes at the start, 0 when it is none. The table of RFC 3629,
 * section 4: the second byte's range is what keeps out long forms, surrogates and what lies
 * beyond U+10FFFF.
 */
static size_t sequence_size(slice text)
{
	static const struct {
		uint8_t first_low, first_high, second_low, second_high, size;
	} forms[] = {
		{.first_low = 0xC2, .first_high = 0xDF, .second_low = 0x80, .second_high = 0xBF, .size = 2},
		{.first_low = 0xE0, .first_high = 0xE0, .second_low = 0xA0, .second_high = 0xBF, .size = 3},
		{.first_low = 0xE1, .first_high = 0xEC, .second_low = 0x80, .second_high = 0xBF, .size = 3},
		{.first_low = 0xED, .first_high = 0xED, .second_low = 0x80, .second_high = 0x9F, .size = 3},
		{.first_low = 0xEE, .first_high = 0xEF, .second_low = 0x80, .second_high = 0xBF, .size = 3},
		{.first_low = 0xF0, .first_high = 0xF0, .second_low = 0x90, .second_high = 0xBF, .size = 4},
		{.first_low = 0xF1, .first_high = 0xF3, .second_low = 0x80, .second_high = 0xBF, .size = 4},
		{.first_low = 0xF4, .first_high = 0xF4, .second_low = 0x80, .second_high = 0x8F, .size = 4},
	};
	for (size_t index = 0; index < sizeof forms / sizeof forms[0]; index++) {
		if (text.data[0] < forms[index].first_low || text.data[0] > forms[index].first_high)
			continue;
		bool whole = text.size >= forms[index].size && text.data[1] >= forms[index].second_low &&
			     text.data[1] <= forms[index].second_high &&
			     are_continuations(text.data + 2, forms[index].size - 2u);
		return whole ? forms[index].size : 0;
	}
	return 0;
}

bool text_is_utf8(slice text)
{
	size_t offset = is_ascii(text) ? text.size : 0;
	while (offset < text.size) {
		slice rest = slice_of(text.data + offset, text.size - offset);
		size_t size = rest.data[0] < 0x80 ? 1 : sequence_size(rest);
		if (size == 0)
			return false;
		offset += size;
	}
	return true;
}

static bool begins(slice text, const char *lead, uint8_t first, uint8_t last)
{
	size_t size = strlen(lead);
	return text.size > size && memcmp(text.data, lead, size) == 0 && text.data[size] >= first &&
	       text.data[size] <= last;
}

size_t text_control(slice text)
{
	if (text.data[0] >= 0x20 && text.data[0] < 0x7f)
		return 0;
	if (begins(text, "", 0x00, 0x1f) || begins(text, "", 0x7f, 0x7f))
		return 1;
	if (begins(text, "\xc2", 0x80, 0x9f) || begins(text, "\xd8", 0x9c, 0x9c))
		return 2;
	if (begins(text, "\xe2\x80", 0x8e, 0x8f) || begins(text, "\xe2\x80", 0xa8, 0xae) ||
		begins(text, "\xe2\x81", 0xa6, 0xa9))
		return 3;
	return 0;
}

bool text_is_clean(slice text)
{
	for (size_t index = 0; index < text.size; index++)
		if (text_control(slice_of(text.data + index, text.size - index)) > 0)
			return false;
	return text_is_utf8(text);
}

slice text_cut(slice text, size_t size)
{
	if (text.size <= size)
		return text;
	while (size > 0 && (text.data[size] & 0xC0) == 0x80)
		size--;
	return slice_of(text.data, size);
}

void text_to_hex(const uint8_t *bytes, size_t size, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t index = 0; index < size; index++) {
		hex[2 * index] = digits[bytes[index] >> 4];
		hex[2 * index + 1] = digits[bytes[index] & 15];
	}
	hex[2 * size] = '\0';
}

/* 16 when it is none. */
static unsigned hex_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - (unsigned)'0';
	if (byte >= 'a' && byte <= 'f')
		return byte - (unsigned)'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - (unsigned)'A' + 10;
	return 16;
}

enum recourse_error text_from_hex(slice hex, uint8_t *bytes, size_t size)
{
	if (hex.size / 2 != size || hex.size % 2 != 0)
		return RECOURSE_FIELD_FORMAT;
	for (size_t index = 0; index < size; index++) {
		unsigned high = hex_digit(hex.data[2 * index]);
		unsigned low = hex_digit(hex.data[2 * index + 1]);
		if (high > 15 || low > 15)
			return RECOURSE_FIELD_FORMAT;
		bytes[index] = (uint8_t)(high << 4 | low);
	}
	return RECOURSE_OK;
}

void text_version(char *text, slice name, uint32_t version)
{
	char digits[10];
	size_t count = 0;
	do {
		digits[count++] = (char)('0' + version % 10);
		version /= 10;
	} while (version > 0);
	if (name.size > 0)
		memcpy(text, name.data, name.size);
	text += name.size;
	*text++ = '/';
	while (count > 0)
		*text++ = digits[--count];
	*text = '\0';
}
