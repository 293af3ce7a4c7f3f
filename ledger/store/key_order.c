/* SPDX-License-Identifier: Apache-2.0 */
#include "store/key_order.h"

#include <assert.h>
#include <stdlib.h>

enum { INSERTION_MAX = 16 };

static bool grow(struct key_order_item **items, size_t capacity)
{
	struct key_order_item *grown = reallocarray(*items, capacity, sizeof *grown);

	if (grown == NULL)
		return false;
	*items = grown;
	return true;
}

bool key_order_reserve(struct runs *runs, size_t capacity)
{
	return grow(&runs->items, capacity) && grow(&runs->scratch, capacity);
}

void key_order_free(struct runs *runs)
{
	free(runs->items);
	free(runs->scratch);
	*runs = (struct runs){0};
}

static int order_of(const struct key_order_item *a, const struct key_order_item *b)
{
	for (size_t head = 0; head < KEY_ORDER_HEADS; head++) {
		if (a->heads[head] != b->heads[head])
			return a->heads[head] < b->heads[head] ? -1 : 1;
	}
	return slice_compare(slice_of(a->key, a->key_size), slice_of(b->key, b->key_size));
}

static struct key_order_item item_of(slice key)
{
	struct key_order_item item = {.key = key.data, .key_size = (uint32_t)key.size};

	if (key.size > 0)
		memcpy(item.heads, key.data, key.size < sizeof item.heads ? key.size : sizeof item.heads);
	for (size_t head = 0; head < KEY_ORDER_HEADS; head++)
		item.heads[head] = __builtin_bswap64(item.heads[head]);
	return item;
}

void key_order_add(struct runs *runs, slice key)
{
	struct key_order_item *item = &runs->items[runs->item_count];

	*item = item_of(key);
	item->number = (uint32_t)runs->item_count++;
}

void key_order_cut(struct runs *runs, size_t count)
{
	assert(count <= runs->item_count);
	runs->item_count = count;
	while (runs->run_count > 0 && runs->runs[runs->run_count - 1].first >= count)
		runs->run_count--;
	if (runs->run_count == 0)
		return;
	struct run *last = &runs->runs[runs->run_count - 1];
	if (last->first + last->count <= count)
		return;
	struct key_order_item *items = runs->items + last->first;
	size_t kept = 0;
	for (size_t index = 0; index < last->count; index++) {
		if (items[index].number < count)
			items[kept++] = items[index];
	}
	last->count = kept;
}

static void sort_by_insertion(struct key_order_item *items, size_t count)
{
	for (size_t index = 1; index < count; index++) {
		struct key_order_item item = items[index];
		size_t place = index;
		for (; place > 0 && order_of(&items[place - 1], &item) > 0; place--)
			items[place] = items[place - 1];
		items[place] = item;
	}
}

/* From their ends, so that only the shorter, last one needs a copy. */
static void merge_last_two(struct runs *runs)
{
	struct run *left = &runs->runs[runs->run_count - 2];
	const struct run *right = &runs->runs[runs->run_count - 1];
	struct key_order_item *items = runs->items + left->first;
	size_t left_count = left->count;
	size_t right_count = right->count;

	memcpy(runs->scratch, runs->items + right->first, right_count * sizeof *items);
	while (left_count > 0 && right_count > 0) {
		const struct key_order_item *last_left = &items[left_count - 1];
		const struct key_order_item *last_right = &runs->scratch[right_count - 1];
		if (order_of(last_left, last_right) > 0) {
			items[left_count + right_count - 1] = *last_left;
			left_count--;
		} else {
			items[left_count + right_count - 1] = *last_right;
			right_count--;
		}
	}
	memcpy(items, runs->scratch, right_count * sizeof *items);
	left->count += right->count;
	runs->run_count--;
}

static bool last_two_uneven(const struct runs *runs)
{
	if (runs->run_count < 2)
		return true;
	const struct run *last = &runs->runs[runs->run_count - 1];
	return runs->runs[runs->run_count - 2].count >= 2 * last->count;
}

/* Brings the items that were added since the last time into runs. */
static void order_added(struct runs *runs)
{
	const struct run *last = runs->run_count > 0 ? &runs->runs[runs->run_count - 1] : NULL;
	size_t first = last == NULL ? 0 : last->first + last->count;

	while (first < runs->item_count) {
		size_t left = runs->item_count - first;
		size_t count = left < INSERTION_MAX ? left : INSERTION_MAX;
		sort_by_insertion(runs->items + first, count);
		assert(runs->run_count < KEY_ORDER_MAX);
		runs->runs[runs->run_count++] = (struct run){.first = first, .count = count};
		first += count;
		while (!last_two_uneven(runs))
			merge_last_two(runs);
	}
}

void key_order_sort(struct runs *runs)
{
	order_added(runs);
	while (runs->run_count > 1)
		merge_last_two(runs);
}

/* How many items of the run lie below the key; it counts too where it is `within`. */
static size_t count_below(const struct runs *runs, const struct run *run, slice key, bool within)
{
	const struct key_order_item *items = runs->items + run->first;
	struct key_order_item sought = item_of(key);
	size_t low = 0;
	size_t high = run->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = order_of(&items[middle], &sought);
		if (order < 0 || (order == 0 && within))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void key_order_seek(struct runs *runs, struct key_order_cursor *cursor, slice key, bool down)
{
	order_added(runs);
	cursor->down = down;
	for (size_t run = 0; run < runs->run_count; run++)
		cursor->next[run] = count_below(runs, &runs->runs[run], key, down);
}

static const struct key_order_item *peek_run(
	const struct runs *runs, const struct key_order_cursor *cursor, size_t index)
{
	const struct run *run = &runs->runs[index];
	size_t next = cursor->next[index];

	if (!cursor->down)
		return next < run->count ? &runs->items[run->first + next] : NULL;
	return next > 0 ? &runs->items[run->first + next - 1] : NULL;
}

static bool comes_first(
	const struct key_order_cursor *cursor, const struct key_order_item *a, const struct key_order_item *b)
{
	int order = order_of(a, b);

	return cursor->down ? order > 0 : order < 0;
}

const struct key_order_item *key_order_peek(const struct runs *runs, struct key_order_cursor *cursor)
{
	const struct key_order_item *best = NULL;

	for (size_t index = 0; index < runs->run_count; index++) {
		const struct key_order_item *item = peek_run(runs, cursor, index);
		if (item == NULL || (best != NULL && !comes_first(cursor, item, best)))
			continue;
		best = item;
		cursor->run = index;
	}
	return best;
}

void key_order_step(struct key_order_cursor *cursor)
{
	size_t *next = &cursor->next[cursor->run];

	*next = cursor->down ? *next - 1 : *next + 1;
}
