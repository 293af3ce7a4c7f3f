/* SPDX-License-Identifier: Apache-2.0 */
#include "base/item.h"

#include "base/amount.h"
#include "base/endian.h"
#include "base/instant.h"
#include "base/try.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>

enum {
	HEAD_SIZE_MAX = 9,
	ARGUMENT_BEHIND = 24, /* from here on the argument is 1, 2, 4 or 8 bytes behind the head's first */
	KEYS_ON_STACK = 64,
	INSERTION_SORT_MAX = 64,
	MAP_PAIRS_MAX = 1023,
	HEX_SIZE_MAX = 32, /* a hash */
};

/* The highest three bits of a head. */
enum major { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };

/* What stands in the head of a simple value. */
enum simple { FALSE_VALUE = 20, TRUE_VALUE = 21, NULL_VALUE = 22 };

static size_t shortest_head(uint64_t argument)
{
	if (argument < 24)
		return 1;
	if (argument <= UINT8_MAX)
		return 2;
	if (argument <= UINT16_MAX)
		return 3;
	return argument <= UINT32_MAX ? 5 : HEAD_SIZE_MAX;
}

/* The argument of a head in its shortest form, and how long the head is. False for any other. */
static bool read_head(slice bytes, uint64_t *argument, size_t *size)
{
	*argument = bytes.data[0] & 31;
	*size = 1;
	if (*argument < ARGUMENT_BEHIND)
		return true;
	if (*argument > ARGUMENT_BEHIND + 3)
		return false;
	size_t width = (size_t)1 << (*argument - ARGUMENT_BEHIND);
	if (bytes.size - 1 < width)
		return false;
	*argument = big_endian_read(bytes.data + 1, width);
	*size += width;
	return *size == shortest_head(*argument);
}

/* Whether such an item is one of the subset, with what is left behind its head. */
static bool is_allowed(enum major major, uint64_t argument, slice left)
{
	switch (major) {
	case UNSIGNED:
	case NEGATIVE:
		return argument <= INT64_MAX;
	case BYTES:
	case ARRAY:
		return argument <= left.size;
	case TEXT:
		return argument <= left.size && text_is_utf8(slice_of(left.data, argument));
	case MAP:
		/* A pair takes two bytes at least: a count beyond what can follow is not believed. */
		return argument <= left.size / 2;
	case TAG:
		return false;
	case SIMPLE:
		return argument >= FALSE_VALUE && argument <= NULL_VALUE;
	}
	return false;
}

/* Members are written one by one where they are to be: copying them all costs as much as the rest. */
enum recourse_error item_read(slice *reader, struct item *item)
{
	static const enum item_type types[] = {ITEM_INTEGER, ITEM_INTEGER, ITEM_BYTES, ITEM_TEXT, ITEM_ARRAY,
		ITEM_MAP, ITEM_NULL, ITEM_NULL};
	uint64_t argument;
	size_t size;
	if (reader->size == 0 || !read_head(*reader, &argument, &size))
		return RECOURSE_MALFORMED;
	enum major major = (enum major)(reader->data[0] >> 5);
	slice left = slice_from(*reader, size);
	if (!is_allowed(major, argument, left))
		return RECOURSE_MALFORMED;
	*item = (struct item){.type = types[major]};
	if (major == UNSIGNED || major == NEGATIVE)
		item->integer = (int64_t)(major == UNSIGNED ? argument : ~argument);
	else if (major == BYTES || major == TEXT)
		item->string = slice_of(left.data, argument);
	else if (major == ARRAY || major == MAP)
		item->count = argument;
	else if (argument != NULL_VALUE)
		item->type = argument == TRUE_VALUE ? ITEM_TRUE : ITEM_FALSE;
	*reader = slice_from(left, item->string.size);
	return RECOURSE_OK;
}

enum recourse_error item_read_type(slice *reader, enum item_type type, struct item *item)
{
	slice ahead = *reader;
	TRY(item_read(&ahead, item));
	if (item->type != type)
		return RECOURSE_FIELD_TYPE;
	*reader = ahead;
	return RECOURSE_OK;
}

bool item_read_string(slice *reader, enum item_type type, slice *string)
{
	struct item item;
	if (item_read_type(reader, type, &item) != RECOURSE_OK)
		return false;
	*string = item.string;
	return true;
}

bool item_read_number(slice *reader, uint64_t *number)
{
	struct item item;
	if (item_read_type(reader, ITEM_INTEGER, &item) != RECOURSE_OK || item.integer < 0)
		return false;
	*number = (uint64_t)item.integer;
	return true;
}

bool item_read_bytes(slice *reader, uint8_t *bytes, size_t size)
{
	slice string;
	if (!item_read_string(reader, ITEM_BYTES, &string) || string.size != size)
		return false;
	memcpy(bytes, string.data, size);
	return true;
}

/* Passes over whole items without asking more than item_read() does. */
static enum recourse_error skip_items(slice *reader, uint64_t count)
{
	for (uint64_t left = count; left > 0; left--) {
		struct item item;
		TRY(item_read(reader, &item));
		if (item.type == ITEM_ARRAY || item.type == ITEM_MAP)
			left += item.count * (item.type == ITEM_MAP ? 2 : 1);
	}
	return RECOURSE_OK;
}

/* A pair: its encoded key, which begins with these eight bytes, and the size of key and value together. */
struct member {
	slice key;
	uint64_t head; /* the first is the highest; zeroes behind a short key */
	size_t size;
};

/* The size of an item and all in it that were checked or written here (asserted): what texts say is not asked again. */
static size_t known_size(slice bytes)
{
	slice rest = bytes;
	for (uint64_t left = 1; left > 0; left--) {
		uint64_t argument;
		size_t size;
		bool good = rest.size > 0 && read_head(rest, &argument, &size);
		assert(good);
		enum major major = (enum major)(rest.data[0] >> 5);
		if (major == ARRAY || major == MAP)
			left += argument * (major == MAP ? 2 : 1);
		if (major == BYTES || major == TEXT)
			size += argument;
		assert(size <= rest.size);
		rest = slice_from(rest, size);
	}
	return bytes.size - rest.size;
}

slice item_take_known(slice *reader)
{
	slice whole = slice_of(reader->data, known_size(*reader));
	*reader = slice_from(*reader, whole.size);
	return whole;
}

static uint64_t head_of(slice key)
{
	uint64_t head = 0;
	if (key.size >= sizeof head)
		memcpy(&head, key.data, sizeof head);
	else
		memcpy(&head, key.data, key.size);
	return __builtin_bswap64(head);
}

/* At most so many pairs; all were checked or written here. */
static size_t find_members(slice *pairs, struct member *members, size_t most)
{
	size_t count = 0;
	for (; count < most && pairs->size > 0; count++) {
		size_t key_size = known_size(*pairs);
		slice key = slice_of(pairs->data, key_size);
		assert(key.data[0] >> 5 == TEXT);
		size_t size = key_size + known_size(slice_from(*pairs, key_size));
		members[count] = (struct member){.key = key, .head = head_of(key), .size = size};
		*pairs = slice_from(*pairs, size);
	}
	return count;
}

static int order_members(const struct member *a, const struct member *b)
{
	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	return slice_compare(a->key, b->key);
}

static int compare_members(const void *a, const void *b)
{
	return order_members(a, b);
}

static void sort_members(struct member *members, size_t count)
{
	if (count > INSERTION_SORT_MAX) {
		qsort(members, count, sizeof *members, compare_members);
		return;
	}
	for (size_t index = 1; index < count; index++) {
		struct member moved = members[index];
		size_t place = index;
		for (; place > 0 && order_members(&members[place - 1], &moved) > 0; place--)
			members[place] = members[place - 1];
		members[place] = moved;
	}
}

static bool keys_unique(const struct member *sorted, size_t count)
{
	for (size_t index = 1; index < count; index++)
		if (order_members(&sorted[index - 1], &sorted[index]) == 0)
			return false;
	return true;
}

/*
 * Whether the keys of a map that was walked already differ. Memory is taken for many keys only, and
 * only for as many as were really there.
 */
static enum recourse_error check_unique(slice pairs, uint64_t count)
{
	struct member on_stack[KEYS_ON_STACK];
	struct member *members = on_stack;
	if (count > KEYS_ON_STACK)
		members = malloc(count * sizeof *members);
	if (members == NULL)
		return RECOURSE_MEMORY;
	find_members(&pairs, members, count);
	sort_members(members, count);
	bool unique = keys_unique(members, count);
	if (members != on_stack)
		free(members);
	return unique ? RECOURSE_OK : RECOURSE_MALFORMED;
}

static enum recourse_error check_item(slice *reader, bool ordered, unsigned depth);

/* Keys that ascend, as item_map_close() writes them, are unique for free; others are looked at again. */
static enum recourse_error check_map(slice *reader, uint64_t pairs, bool ordered, unsigned depth)
{
	slice members = *reader;
	slice previous = {0};
	bool ascending = true;
	for (uint64_t index = 0; index < pairs; index++) {
		slice pair = *reader;
		slice key;
		if (!item_read_string(reader, ITEM_TEXT, &key))
			return RECOURSE_MALFORMED;
		slice encoded = slice_before(pair, *reader);
		ascending = ascending && slice_compare(previous, encoded) < 0;
		if (ordered && !ascending)
			return RECOURSE_MALFORMED;
		previous = encoded;
		TRY(check_item(reader, ordered, depth));
	}
	return ascending ? RECOURSE_OK : check_unique(members, pairs);
}

/* Recursion ends at ITEM_DEPTH_MAX: `depth` containers are open around this item. */
static enum recourse_error check_item(slice *reader, bool ordered, unsigned depth)
{
	struct item item;
	enum recourse_error error = item_read(reader, &item);
	if (error != RECOURSE_OK || (item.type != ITEM_ARRAY && item.type != ITEM_MAP))
		return error;
	if (depth == ITEM_DEPTH_MAX)
		return RECOURSE_TOO_LARGE;
	if (item.type == ITEM_MAP)
		return check_map(reader, item.count, ordered, depth + 1);
	for (uint64_t index = 0; index < item.count && error == RECOURSE_OK; index++)
		error = check_item(reader, ordered, depth + 1);
	return error;
}

static enum recourse_error read_whole(slice *reader, bool ordered, slice *whole)
{
	slice ahead = *reader;
	TRY(check_item(&ahead, ordered, 0));
	*whole = slice_before(*reader, ahead);
	*reader = ahead;
	return RECOURSE_OK;
}

enum recourse_error item_read_whole(slice *reader, slice *whole)
{
	return read_whole(reader, false, whole);
}

enum recourse_error item_read_unread(slice *reader, slice *whole)
{
	slice ahead = *reader;
	TRY(skip_items(&ahead, 1));
	*whole = slice_before(*reader, ahead);
	*reader = ahead;
	return RECOURSE_OK;
}

enum recourse_error item_read_ordered(slice *reader, slice *whole)
{
	return read_whole(reader, true, whole);
}

enum recourse_error item_find(slice map, const char *name, slice *member)
{
	struct item head;
	TRY(item_read_type(&map, ITEM_MAP, &head));
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		TRY(item_read_type(&map, ITEM_TEXT, &key));
		TRY(item_read_unread(&map, member));
		if (slice_is(key.string, name))
			return RECOURSE_OK;
	}
	return RECOURSE_QUERY_NOT_FOUND;
}

enum recourse_error item_find_text(slice map, const char *name, slice *text)
{
	slice member;
	struct item item;
	TRY(item_find(map, name, &member));
	TRY(item_read_type(&member, ITEM_TEXT, &item));
	*text = item.string;
	return RECOURSE_OK;
}

static size_t put_head(uint8_t *room, enum major major, uint64_t argument)
{
	size_t size = shortest_head(argument);
	uint64_t low = size == 1 ? argument : ARGUMENT_BEHIND + (uint64_t)__builtin_ctzll(size - 1);
	room[0] = (uint8_t)((unsigned)major << 5 | low);
	if (size > 1)
		big_endian_write(room + 1, argument, size - 1);
	return size;
}

static void write_head(struct buffer *out, enum major major, uint64_t argument)
{
	uint8_t *room = buffer_reserve(out, HEAD_SIZE_MAX);
	if (room != NULL)
		out->size += put_head(room, major, argument);
}

void item_write_integer(struct buffer *out, int64_t value)
{
	if (value >= 0)
		write_head(out, UNSIGNED, (uint64_t)value);
	else
		write_head(out, NEGATIVE, ~(uint64_t)value);
}

void item_write_bytes(struct buffer *out, slice bytes)
{
	write_head(out, BYTES, bytes.size);
	buffer_append(out, bytes.data, bytes.size);
}

void item_write_text(struct buffer *out, slice text)
{
	write_head(out, TEXT, text.size);
	buffer_append(out, text.data, text.size);
}

void item_write_array(struct buffer *out, uint64_t count)
{
	write_head(out, ARRAY, count);
}

void item_write_map(struct buffer *out, uint64_t pairs)
{
	write_head(out, MAP, pairs);
}

void item_write_boolean(struct buffer *out, bool value)
{
	write_head(out, SIMPLE, value ? TRUE_VALUE : FALSE_VALUE);
}

void item_write_null(struct buffer *out)
{
	write_head(out, SIMPLE, NULL_VALUE);
}

void item_write_key(struct buffer *out, const char *key)
{
	item_write_text(out, slice_text(key));
}

void item_write_pair_text(struct buffer *out, const char *key, slice text)
{
	item_write_key(out, key);
	item_write_text(out, text);
}

void item_write_pair_integer(struct buffer *out, const char *key, int64_t value)
{
	item_write_key(out, key);
	item_write_integer(out, value);
}

void item_write_pair_amount(struct buffer *out, const char *key, const struct unit *unit, int64_t steps)
{
	char text[AMOUNT_TEXT_SIZE];
	size_t size = amount_format(unit, steps, text);
	item_write_pair_text(out, key, slice_of(text, size));
}

void item_write_pair_instant(struct buffer *out, const char *key, uint64_t instant)
{
	char text[INSTANT_TEXT_SIZE];
	size_t size = instant_format(instant, text);
	item_write_pair_text(out, key, slice_of(text, size));
}

void item_write_pair_hex(struct buffer *out, const char *key, const uint8_t *bytes, size_t size)
{
	char text[2 * HEX_SIZE_MAX + 1];
	assert(size <= HEX_SIZE_MAX);
	text_to_hex(bytes, size, text);
	item_write_pair_text(out, key, slice_of(text, 2 * size));
}

struct item_map item_map_open(const struct buffer *out)
{
	return (struct item_map){.start = out->size};
}

void item_map_close(struct item_map map, struct buffer *out)
{
	if (buffer_failed(out))
		return;
	assert(map.start <= out->size);
	/* Room for a sorted copy first: after it nothing moves, and the keys can be pointed at. */
	size_t pairs_size = out->size - map.start;
	if (buffer_reserve(out, HEAD_SIZE_MAX + pairs_size) == NULL)
		return;

	slice pairs = slice_of(out->data + map.start, pairs_size);
	struct member members[MAP_PAIRS_MAX];
	size_t count = find_members(&pairs, members, MAP_PAIRS_MAX);
	assert(pairs.size == 0);
	sort_members(members, count);
	assert(keys_unique(members, count));
	size_t sorted_start = out->size;
	item_write_map(out, count);
	for (size_t index = 0; index < count; index++)
		buffer_append(out, members[index].key.data, members[index].size);
	size_t sorted_size = out->size - sorted_start;
	memmove(out->data + map.start, out->data + sorted_start, sorted_size);
	out->size = map.start + sorted_size;
}

void item_array_close(size_t start, uint64_t count, struct buffer *out)
{
	if (buffer_failed(out))
		return;
	assert(start <= out->size);
	if (buffer_reserve(out, HEAD_SIZE_MAX) == NULL)
		return;
	uint8_t *items = out->data + start;
	size_t head_size = shortest_head(count);
	memmove(items + head_size, items, out->size - start);
	put_head(items, ARRAY, count);
	out->size += head_size;
}
