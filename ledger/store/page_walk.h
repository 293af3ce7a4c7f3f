/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/page.h"

/*
 * A tree of pages, walked from its root with each page looked at (page.h), and with what no page shows alone: that keys
 * are in order and within what the branches above say, that leaves lie where the tree's depth says, that no page is
 * met twice, and that there are as many pages and rows as its record says.
 *
 * A path is what one key's way from the root to its leaf shows of that. Both stop at the first that is wrong.
 */
struct page_walk {
	const struct page_file *file;
	uint8_t *met;     /* a bit a page, of those that were: page_walk_met() */
	uint8_t *buffers; /* PAGE_DEPTH_MAX pages: those above the one that is looked at */
	/* Called with each row of the leaves that are met, in order. May be NULL. */
	enum recourse_error (*row)(void *context, const struct page_node *node);
	void *context;
	bool trees; /* values are trees' records, as in the main tree of a store with named tables; none otherwise */
	const char *beside; /* the one row there that is none; NULL: there is none such */
};

/* MEMORY. To be freed all the same. */
enum recourse_error page_walk_start(struct page_walk *walk, const struct page_file *file);
void page_walk_free(struct page_walk *walk);

/* All of it. IO, STORE_CORRUPT, and what `row` returns. */
enum recourse_error page_walk_tree(struct page_walk *walk, const struct page_tree *tree);

/* Where a path goes, and behind which leaf it came out. */
struct page_key {
	uint8_t bytes[PAGE_KEY_MAX];
	size_t size; /* 0: the first of all */
	bool last;   /* the last of all, whatever the bytes */
};

/* The path to `key`; `next` is the first key that the leaf may not have, or the last of all. As page_walk_tree(). */
enum recourse_error page_walk_path(struct page_walk *walk, const struct page_tree *tree,
	const struct page_key *key, struct page_key *next);

/* Whether it was met; marks it. The number must be below the file's count. */
bool page_walk_meet(struct page_walk *walk, uint64_t number);
