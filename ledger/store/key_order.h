/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * Keys that are numbered as they come and put in order of their bytes only when somebody asks. What is not
 * yet in order is cut into short runs, and runs are merged as they become alike in length:
 *
 *     added    0 1 2 3 4 5 6 7 8 9 …
 *     items   [3 0 2 1 5 4][7 6][8] 9 …
 *
 * so asking after every few keys costs no more than sorting once. A run covers the same stretch of both rows,
 * so that keys can be taken back from the end by cutting runs there.
 *
 * Start with all zeroes. Keys are borrowed until they are cut; no two are equal.
 */
enum {
	KEY_ORDER_MAX = 40,  /* each is at least twice as long as the next, and counts fit 32 bits */
	KEY_ORDER_HEADS = 2, /* keys of one kind share half a dozen bytes and more */
};

struct key_order_item {
	uint64_t heads[KEY_ORDER_HEADS]; /* the key's first bytes, big-endian: mostly they tell */
	const uint8_t *key;
	uint32_t key_size;
	uint32_t number;
};

struct run {
	size_t first;
	size_t count;
};

struct runs {
	struct key_order_item *items;
	struct key_order_item *scratch;
	size_t item_count;
	struct run runs[KEY_ORDER_MAX];
	size_t run_count;
};

/* Room for that many keys. False when memory runs out: all is then as it was. */
bool key_order_reserve(struct runs *runs, size_t capacity) RECOURSE_CHECK;
void key_order_free(struct runs *runs);

/* Adds a key within the room reserved; its number is how many there were before. */
void key_order_add(struct runs *runs, slice key);

/* Takes back all but the first `count`. */
void key_order_cut(struct runs *runs, size_t count);

/* Puts all in one run: items[0 … item_count − 1] are then in order. */
void key_order_sort(struct runs *runs);

/* Goes through the keys in order, from `key` on if it is there. Adding or cutting ends it. */
struct key_order_cursor {
	bool down;
	size_t run;                 /* of the item that key_order_peek() showed last */
	size_t next[KEY_ORDER_MAX]; /* the next item's place in its run; downwards one more than that */
};

void key_order_seek(struct runs *runs, struct key_order_cursor *cursor, slice key, bool down);

/* The next item; NULL at the end. */
const struct key_order_item *key_order_peek(const struct runs *runs, struct key_order_cursor *cursor);

/* Passes the item that key_order_peek() showed. */
void key_order_step(struct key_order_cursor *cursor);
