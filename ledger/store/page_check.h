/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/page_meta.h"
#include "store/page_walk.h"

/*
 * Whether an LMDB file is what LMDB would have written, by code of our own that no content of the file can make fault:
 * LMDB believes what it maps, and a page that lies shows rows that were never written, hides some, or kills who reads.
 * What is not looked at is what values mean, and bytes that nobody reads.
 *
 * The file is read as of one transaction. Where a writer is at work, a read transaction of LMDB must hold it meanwhile.
 */
struct page_check {
	int descriptor;
	uint64_t transaction;      /* or PAGE_META_NEWEST */
	const char *const *tables; /* that there must be, and no others, in order, with integer keys */
	size_t table_count;        /* 0: rows are in the main tree */
	const char *with_bytes;    /* the one of them whose keys are bytes; NULL: none */
	const char *row;           /* that there must be beside their records; NULL: none */
	const char *const
		*former;     /* the tables that earlier versions had instead, in order: VERSION_UNKNOWN */
	size_t former_count; /* 0: there were none */
	struct page_fault *fault; /* what is found; to be empty before */
};

/*
 * Every page: the two first ones, all trees (page_walk.h), and the lists of free pages, of which none may be in use or
 * be listed twice. IO, MEMORY, STORE_CORRUPT, VERSION_UNKNOWN, and as page_meta_read().
 */
enum recourse_error page_check_all(const struct page_check *check);

/*
 * The same of the two first pages, the list of free ones, and of each tree the paths to its first and to its
 * last row: all that is needed to begin, and to add at the end. Takes as long as the trees are deep, and the
 * list is long.
 */
enum recourse_error page_check_paths(const struct page_check *check);

/* Where a walk in pieces stands: in which tree, before which key. Begins with all zeroes. */
struct page_place {
	size_t tree;
	struct page_key key;
};

/*
 * The paths to so many leaves from there on, over one tree after the other: for a walk that goes on while
 * others write, a transaction each piece; the first looks at the lists of free pages, too. `*done` when all
 * trees were walked; the place is then the beginning again.
 */
enum recourse_error page_check_piece(
	const struct page_check *check, struct page_place *place, size_t leaves, bool *done);
