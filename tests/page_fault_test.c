/* SPDX-License-Identifier: Apache-2.0 */
#include "page_store.h"

#include "base/endian.h"

#include <stdlib.h>

/* Each thing that can be wrong with a page is done to one, and is what is said of it. */

/* Pages of a store with the named tables, in its bytes. */
struct pages {
	uint8_t *first[2];
	uint8_t *newest; /* of the two */
	uint8_t *main;   /* where the tables' records are */
	uint8_t *tree;   /* the record of the first table */
	uint8_t *branch; /* its root */
	uint8_t *leaf;   /* its first one */
	uint8_t *row;    /* of that leaf, with its value beside the key */
	uint8_t *apart;  /* where the first value lies that lies apart, */
	uint8_t *link;   /* what leads there, */
	uint8_t *other;  /* and what leads to the next */
	uint8_t *list;   /* the newest list of free pages, as long as 2 or more */
	uint8_t *list_key;
	size_t size;
};

static uint64_t get(const uint8_t *at, size_t size)
{
	return little_endian_read(at, size);
}

static void put(uint8_t *at, size_t size, uint64_t value)
{
	little_endian_write(at, value, size);
}

static void add(uint8_t *at, size_t size, uint64_t value)
{
	put(at, size, get(at, size) + value);
}

static uint8_t *node(uint8_t *page, size_t index)
{
	return page + get(page + 16 + 2 * index, 2);
}

static size_t count(const uint8_t *page)
{
	return (size_t)(get(page + 12, 2) - 16) / 2;
}

static uint8_t *value(uint8_t *at)
{
	return at + 8 + get(at + 6, 2);
}

static uint8_t *page(const struct store *store, uint64_t number)
{
	return store->bytes + number * 4096;
}

static void find_apart(struct pages *pages, const struct store *store)
{
	for (size_t child = 0; pages->other == NULL; child++) {
		uint8_t *leaf = page(store, get(node(pages->branch, child), 6));
		for (size_t row = 0; row < count(leaf) && pages->other == NULL; row++) {
			if ((node(leaf, row)[4] & 1) == 0)
				continue;
			uint8_t **link = pages->link == NULL ? &pages->link : &pages->other;
			*link = value(node(leaf, row));
		}
	}
	pages->apart = page(store, get(pages->link, 8));
}

static struct pages find(const struct store *store)
{
	struct pages pages = {.first = {store->bytes, store->bytes + 4096}, .size = store->size};
	pages.newest = pages.first[get(pages.first[0] + 144, 8) < get(pages.first[1] + 144, 8)];
	pages.main = page(store, get(pages.newest + 88 + 40, 8));
	pages.tree = value(node(pages.main, 0));
	assert_int_equal(get(pages.tree + 6, 2), 2);
	pages.branch = page(store, get(pages.tree + 40, 8));
	pages.leaf = page(store, get(node(pages.branch, 0), 6));
	for (size_t index = 0; pages.row == NULL || (pages.row[4] & 1) != 0; index++)
		pages.row = node(pages.leaf, index);
	uint8_t *lists = page(store, get(pages.newest + 40 + 40, 8));
	assert_int_equal(lists[10], 2);
	uint8_t *last = node(lists, count(lists) - 1);
	pages.list_key = last + 8;
	pages.list = value(last);
	assert_true(last[4] == 0 && get(pages.list, 8) >= 2);
	find_apart(&pages, store);
	return pages;
}

static void number(struct pages *pages)
{
	pages->leaf[0] ^= 1;
}
static void kind(struct pages *pages)
{
	pages->leaf[10] = 6;
}
static void kind_dirty(struct pages *pages)
{
	pages->leaf[10] |= 0x10;
}
static void crossed(struct pages *pages)
{
	put(pages->leaf + 12, 2, get(pages->leaf + 14, 2) + 2);
}
static void no_rows(struct pages *pages)
{
	put(pages->leaf + 12, 2, 16);
}
static void odd(struct pages *pages)
{
	add(pages->leaf + 12, 2, 1);
}

static void phantom(struct pages *pages)
{
	add(pages->leaf + 12, 2, 2);
	put(pages->leaf + 14 + 2 * count(pages->leaf), 2, 0);
}

static void phantom_within(struct pages *pages)
{
	put(pages->leaf + 16, 2, get(pages->leaf + 16, 2) + 2);
}

static void twice(struct pages *pages)
{
	memcpy(pages->leaf + 16, pages->leaf + 18, 2);
}
static void hidden(struct pages *pages)
{
	add(pages->leaf + 12, 2, UINT64_MAX - 1);
}
static void gap(struct pages *pages)
{
	add(pages->leaf + 14, 2, UINT64_MAX - 1);
}
static void too_long(struct pages *pages)
{
	put(pages->row + 2, 2, 1);
}
static void no_key(struct pages *pages)
{
	put(node(pages->leaf, 0) + 6, 2, 0);
}
static void duplicates(struct pages *pages)
{
	pages->row[4] |= 4;
}
static void tree_in_tree(struct pages *pages)
{
	pages->row[4] |= 2;
}

static void swapped(struct pages *pages)
{
	uint64_t offsets = get(pages->leaf + 16, 4);
	put(pages->leaf + 16, 4, offsets >> 16 | offsets << 16);
}

static void same_key(struct pages *pages)
{
	memcpy(node(pages->leaf, 1) + 8, node(pages->leaf, 0) + 8, 8);
}

static void low_bound(struct pages *pages)
{
	memset(node(pages->branch, 1) + 8, 0, 8);
}

static void high_bound(struct pages *pages)
{
	uint8_t *leaf = pages->leaf;
	memcpy(node(pages->branch, 1) + 8, node(leaf, count(leaf) - 1) + 8, 8);
}

static void child_beyond(struct pages *pages)
{
	put(node(pages->branch, 1), 6, UINT64_C(1) << 40);
}
static void child_first(struct pages *pages)
{
	put(node(pages->branch, 0), 6, 1);
}
static void shared(struct pages *pages)
{
	memcpy(pages->other, pages->link, 8);
}
static void deeper(struct pages *pages)
{
	add(pages->tree + 6, 2, 1);
}
static void flat(struct pages *pages)
{
	put(pages->tree + 6, 2, 0);
}
static void deep(struct pages *pages)
{
	put(pages->tree + 6, 2, 33);
}
static void rows(struct pages *pages)
{
	add(pages->tree + 32, 8, 1);
}
static void branches(struct pages *pages)
{
	add(pages->tree + 8, 8, 1);
}
static void leaves(struct pages *pages)
{
	add(pages->tree + 16, 8, 1);
}
static void aparts(struct pages *pages)
{
	add(pages->tree + 24, 8, 1);
}
static void renamed(struct pages *pages)
{
	node(pages->main, 0)[8]++;
}
static void another_kind(struct pages *pages)
{
	put(pages->tree + 4, 2, 0);
}
static void plain_row(struct pages *pages)
{
	node(pages->main, 0)[4] = 0;
}
static void apart_kind(struct pages *pages)
{
	pages->apart[10] = 2;
}
static void apart_number(struct pages *pages)
{
	pages->apart[0] ^= 1;
}
static void apart_none(struct pages *pages)
{
	put(pages->apart + 12, 4, 0);
}
static void apart_many(struct pages *pages)
{
	put(pages->apart + 12, 4, 1 << 30);
}
static void apart_beyond(struct pages *pages)
{
	put(pages->link, 8, UINT64_C(1) << 40);
}
static void free_in_use(struct pages *pages)
{
	put(pages->list, 8, 1);
	put(pages->list + 8, 8, get(pages->tree + 40, 8));
}

static void free_twice(struct pages *pages)
{
	memcpy(pages->list + 16, pages->list + 8, 8);
}
static void free_first(struct pages *pages)
{
	put(pages->list + 8 * get(pages->list, 8), 8, 1);
}
static void free_long(struct pages *pages)
{
	add(pages->list, 8, 1);
}
static void free_later(struct pages *pages)
{
	memset(pages->list_key, 0x7f, 8);
}
static void magic(struct pages *pages)
{
	pages->first[0][16] ^= 1;
}
static void not_first(struct pages *pages)
{
	pages->first[1][10] = 0;
}
static void page_size(struct pages *pages)
{
	put(pages->first[1] + 40, 4, 8192);
}
static void no_page_size(struct pages *pages)
{
	put(pages->first[0] + 40, 4, 0);
}
static void other_trees(struct pages *pages)
{
	pages->newest[88 + 4] = 4;
}
static void last_page(struct pages *pages)
{
	add(pages->newest + 136, 8, 1000);
}
static void version(struct pages *pages)
{
	pages->first[0][20]++;
	pages->first[1][20]++;
}

static void one_version(struct pages *pages)
{
	pages->first[1][20]++;
}
static void cut_off(struct pages *pages)
{
	pages->size = (size_t)(get(pages->tree + 40, 8) * 4096 + 100);
}

static void transactions_swapped(struct pages *pages)
{
	uint64_t first = get(pages->first[0] + 144, 8);
	put(pages->first[0] + 144, 8, get(pages->first[1] + 144, 8));
	put(pages->first[1] + 144, 8, first);
}

static void transactions_apart(struct pages *pages)
{
	add(pages->newest + 144, 8, 2);
}

static const struct fault {
	const char *words; /* or the error's name */
	void (*change)(struct pages *pages);
} faults[] = {
	{"it has another page's number", number},
	{"it is neither a branch nor a leaf", kind},
	{"it is neither a branch nor a leaf", kind_dirty},
	{"its bounds are not those of a page", crossed},
	{"its bounds are not those of a page", no_rows},
	{"its bounds are not those of a page", odd},
	{"an offset leads out of its nodes", phantom},
	{"its nodes do not lie side by side", phantom_within},
	{"two offsets lead to one node", twice},
	{"its nodes do not lie side by side", hidden},
	{"its nodes do not lie side by side", gap},
	{"a node is longer than its page", too_long},
	{"a key has a size that no key has", no_key},
	{"a row is of a kind that is never written", duplicates},
	{"a row is of a kind that is never written", tree_in_tree},
	{"its keys are not in order", swapped},
	{"its keys are not in order", same_key},
	{"its keys are not those of its place", low_bound},
	{"its keys are not those of its place", high_bound},
	{"there is no such page", child_beyond},
	{"there is no such page", child_first},
	{"it is in two places", shared},
	{"its depth is not that of its tree", deeper},
	{"its tree has a depth that no tree has", flat},
	{"its tree has a depth that no tree has", deep},
	{"its tree has another number of rows than its record says", rows},
	{"its tree has another number of pages than its record says", branches},
	{"its tree has another number of pages than its record says", leaves},
	{"its tree has another number of pages than its record says", aparts},
	{"the tables are not those of this store", renamed},
	{"a table is of a kind that is never written", another_kind},
	{"a row is of a kind that is never written", plain_row},
	{"it is not where a value lies", apart_kind},
	{"it has another page's number", apart_number},
	{"the value has more or fewer pages than it needs", apart_none},
	{"the value has more or fewer pages than it needs", apart_many},
	{"there is no such page", apart_beyond},
	{"it is listed as free and is not", free_in_use},
	{"it is listed as free out of order", free_twice},
	{"it is listed as free out of order", free_first},
	{"a list of free pages is longer than its row", free_long},
	{"a list of free pages has a form that none has", free_later},
	{"it is not the first page of a store", magic},
	{"it is not the first page of a store", not_first},
	{"its pages have another size", page_size},
	{"its pages have another size", no_page_size},
	{"its trees are of a kind that is never written", other_trees},
	{"the file ends before its last page", last_page},
	{"the file ends before its last page", cut_off},
	{"it was not that transaction's to write", transactions_swapped},
	{"BUSY", transactions_apart},
	{"the two first pages are of different versions", one_version},
	{"VERSION_UNKNOWN", version},
};

static void test_each_is_said(void **state)
{
	struct support_random random = {.state = 8};
	struct store store;
	page_store_start(&store, true);
	for (size_t round = 0; round < 6; round++)
		page_store_change(&store, &random, 100);
	page_store_close(&store);
	uint8_t *sound = malloc(store.size);
	assert_non_null(sound);
	memcpy(sound, store.bytes, store.size);
	for (size_t index = 0; index < sizeof faults / sizeof faults[0]; index++) {
		const struct fault *fault = &faults[index];
		struct page_fault found;
		memcpy(store.bytes, sound, store.size);
		struct pages pages = find(&store);
		fault->change(&pages);
		page_store_write(&store, store.bytes, pages.size);
		enum recourse_error error = page_store_check(&store, true, &found);
		assert_true((error == RECOURSE_STORE_CORRUPT) == (found.what != NULL));
		const char *said = found.what != NULL ? found.what : recourse_error_name(error);
		if (strcmp(said, fault->words) != 0)
			print_message("%zu, page %llu\n", index, (unsigned long long)found.page);
		assert_string_equal(said, fault->words);
	}
	free(sound);
	page_store_finish(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_is_said)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
