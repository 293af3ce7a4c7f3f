/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_item.h"

#include "base/instant.h"
#include "base/text.h"

#include <string.h>

static const char *const kinds[] = {
	[BANK_KIND_NONE] = "",
	[BANK_KIND_CAMT053] = "camt053",
	[BANK_KIND_CAMT054] = "camt054",
	[BANK_KIND_PAIN002] = "pain002",
	[BANK_KIND_CSV] = "csv",
	[BANK_KIND_WECHAT] = "wechat",
	[BANK_KIND_ALIPAY] = "alipay",
};

const char *bank_item_kind_of_file(enum bank_kind kind)
{
	return kinds[kind];
}

enum bank_kind bank_item_find_kind(const char *name)
{
	for (size_t kind = BANK_KIND_NONE + 1; kind < sizeof kinds / sizeof kinds[0]; kind++) {
		if (strcmp(kinds[kind], name) == 0)
			return (enum bank_kind)kind;
	}
	return BANK_KIND_NONE;
}

bool bank_item_is_word(enum bank_kind kind)
{
	return kind == BANK_KIND_PAIN002 || kind == BANK_KIND_WECHAT || kind == BANK_KIND_ALIPAY;
}

const char *bank_item_kind_name(enum bank_item_kind kind)
{
	static const char *const names[BANK_ITEM_KINDS] = {
		[BANK_ITEM_BOOKED] = "booked",
		[BANK_ITEM_PENDING] = "pending",
		[BANK_ITEM_WAITING] = "waiting",
		[BANK_ITEM_CHARGE] = "charge",
		[BANK_ITEM_STATUS] = "status",
		[BANK_ITEM_GROUP] = "group",
	};
	return names[kind];
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static slice trimmed(slice text)
{
	while (text.size > 0 && is_blank(text.data[0]))
		text = slice_from(text, 1);
	while (text.size > 0 && is_blank(text.data[text.size - 1]))
		text.size--;
	return text;
}

enum recourse_error bank_item_text(slice text, size_t characters, char out[static BANK_ITEM_TEXT_SIZE])
{
	size_t count = 0;
	out[0] = '\0';
	text = trimmed(text);
	if (!text_is_clean(text))
		return RECOURSE_FIELD_FORMAT;
	for (size_t index = 0; index < text.size; index++)
		count += (text.data[index] & 0xc0) != 0x80;
	if (count > characters || text.size >= BANK_ITEM_TEXT_SIZE)
		return RECOURSE_FIELD_LIMIT;
	if (text.size > 0)
		memcpy(out, text.data, text.size);
	out[text.size] = '\0';
	return RECOURSE_OK;
}

enum recourse_error bank_item_day(slice text, char out[static BANK_ITEM_DAY_SIZE])
{
	char whole[] = "YYYY-MM-DDT00:00:00Z";
	uint64_t instant;
	out[0] = '\0';
	text = trimmed(text);
	if (text.size < BANK_ITEM_DAY_SIZE - 1)
		return RECOURSE_FIELD_FORMAT;
	memcpy(whole, text.data, BANK_ITEM_DAY_SIZE - 1);
	if (instant_parse(slice_text(whole), &instant) != RECOURSE_OK)
		return RECOURSE_FIELD_FORMAT;
	memcpy(out, whole, BANK_ITEM_DAY_SIZE - 1);
	out[BANK_ITEM_DAY_SIZE - 1] = '\0';
	return RECOURSE_OK;
}
