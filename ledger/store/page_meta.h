/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/page.h"

/*
 * The first two pages of an LMDB file, of which transaction N wrote number N % 2:
 *
 *     16 u32 magic   20 u32 version   24 u64 unused   32 u64 size of the map   40 tree of free pages   88 main tree
 *     136 u64 last page   144 u64 transaction
 *
 * The first tree's record says the page's size in its first four bytes.
 */
struct page_meta {
	size_t page_size;
	uint64_t page_count;
	uint64_t transaction;
	struct page_tree
		free; /* whose rows are lists of free pages: by transaction, their count, their numbers */
	struct page_tree main;
};

/*
 * Both pages must be sound; gives the one of that transaction. IO, STORE_CORRUPT; VERSION_UNKNOWN for another LMDB's
 * file; BUSY when a writer has gone on by more than one transaction, or was just writing there: to be tried again, and
 * where that does not help, the two are not of neighbouring transactions.
 */
#define PAGE_META_NEWEST UINT64_MAX
enum recourse_error page_meta_read(
	int descriptor, uint64_t transaction, struct page_fault *fault, struct page_meta *meta);
