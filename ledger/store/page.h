/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * One page of an LMDB 0.9 file of 64 bits, read into memory of ours, and believed in nothing: whatever its bytes are,
 * nothing beyond it is looked at.
 *
 *     0 u64 number   8 u16 unused   10 u16 kind   12 u16 lower   14 u16 upper   16 u16 offset of each node, by key
 *                                                 12 u32 count of pages, of a value that has pages of its own
 *     lower: where the offsets end     upper: where the nodes begin, which fill the page from there to its end
 *
 * A node: u16 low and u16 high half of the size of its value, u16 flags, u16 size of its key, key, value; of a branch
 * the first three are the child's number, 48 bits; a value on pages of its own is their number. Nodes begin at even
 * offsets. A branch's first key is not looked at.
 */
enum {
	PAGE_HEADER_SIZE = 16,
	PAGE_SIZE_MIN = 4096,
	PAGE_SIZE_MAX = 32768,
	PAGE_KEY_MAX = 511,
	PAGE_TREE_SIZE = 48,
	PAGE_DEPTH_MAX = 32,
};
#define PAGE_NONE UINT64_MAX /* the root of a tree that is empty */

/* What is wrong, and with which page. Kept of the first that is found. */
struct page_fault {
	uint64_t page;
	const char *what; /* NULL: nothing. To be read behind "page N: " */
};

/* Notes it, if it is the first: STORE_CORRUPT. */
enum recourse_error page_wrong(struct page_fault *fault, uint64_t page, const char *what);

/* The file, as far as a snapshot's pages go. It is read with pread() alone: a disk that fails is IO, and not a signal. */
struct page_file {
	int descriptor;
	size_t page_size;
	uint64_t page_count; /* page numbers are below it */
	uint64_t size;       /* bytes that there are */
	struct page_fault *fault;
};

/* Where what is asked for begins, and does not end, "page" is at fault. IO, STORE_CORRUPT. */
enum recourse_error page_read_bytes(
	const struct page_file *file, uint64_t page, uint64_t offset, void *bytes, size_t size);

struct page {
	const uint8_t *bytes;
	size_t count; /* of nodes, one at least */
	bool leaf;
};

/* A branch or a leaf, read to `bytes`, of a page's size, and looked at whole. IO, STORE_CORRUPT. */
enum recourse_error page_read(
	const struct page_file *file, uint64_t number, uint8_t *bytes, struct page *page);

/* Of a page that was read. Everything is borrowed from its bytes. */
struct page_node {
	slice key;
	uint64_t child; /* of a branch */
	bool tree;      /* the value is a tree's record: below */
	bool apart;     /* it lies on pages of its own, of which the first is: */
	uint64_t apart_page;
	slice value; /* empty when it lies apart */
	uint64_t value_size;
};
struct page_node page_node(const struct page *page, size_t index);

/*
 * A tree's record, in the meta page or as a value:
 *   0 u32 unused   4 u16 flags   6 u16 depth   8 u64 branches   16 u64 leaves   24 u64 pages of values apart
 *   32 u64 rows   40 u64 root
 */
enum { PAGE_INTEGER_KEYS = 0x08 }; /* keys are native numbers of 64 bits */
struct page_tree {
	uint16_t flags;
	uint16_t depth;
	uint64_t branch_pages;
	uint64_t leaf_pages;
	uint64_t apart_pages;
	uint64_t rows;
	uint64_t root;
};
struct page_tree page_tree(const uint8_t bytes[static PAGE_TREE_SIZE]);

/* How many pages the first one, of a value of that size, says that there are of it. IO, STORE_CORRUPT. */
enum recourse_error page_read_apart(
	const struct page_file *file, uint64_t number, uint64_t value_size, uint64_t *count);
