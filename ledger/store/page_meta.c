/* SPDX-License-Identifier: Apache-2.0 */
#include "store/page_meta.h"

#include "base/endian.h"
#include "base/try.h"

#include <sys/stat.h>

enum {
	META_SIZE = 152,
	KIND_META = 0x08,
	VERSION = 1,
	/* that a commit took at the file's end, gave back and never wrote */
	TAIL_PAGES_MAX = 64,
};
#define MAGIC 0xBEEFC0DE

static const char *check_header(const uint8_t bytes[static META_SIZE])
{
	if (little_endian_read(bytes + 10, 2) != KIND_META || little_endian_read(bytes + 16, 4) != MAGIC)
		return "it is not the first page of a store";
	return NULL;
}

static const char *check_content(
	const struct page_meta *meta, size_t page_size, uint64_t which, uint64_t size)
{
	if (page_size == 0 || meta->page_size != page_size)
		return "its pages have another size";
	if (meta->free.flags != PAGE_INTEGER_KEYS || meta->main.flags != 0)
		return "its trees are of a kind that is never written";
	/* at first both are of transaction 0 */
	if (meta->transaction != 0 && meta->transaction % 2 != which)
		return "it was not that transaction's to write";
	if (meta->page_count < 2 || meta->page_count > size / page_size + TAIL_PAGES_MAX)
		return "the file ends before its last page";
	return NULL;
}

static struct page_meta decode(const uint8_t bytes[static META_SIZE])
{
	return (struct page_meta){
		.page_size = (size_t)little_endian_read(bytes + 40, 4),
		.page_count = little_endian_read(bytes + 136, 8) + 1,
		.transaction = little_endian_read(bytes + 144, 8),
		.free = page_tree(bytes + 40),
		.main = page_tree(bytes + 88),
	};
}

/* The first one says how long pages are, and so where the second one is. */
static enum recourse_error read_one(struct page_file *file, uint64_t which, struct page_meta *meta)
{
	uint8_t bytes[META_SIZE];
	uint8_t again[META_SIZE];
	TRY(page_read_bytes(file, which, which * file->page_size, bytes, sizeof bytes));
	TRY(page_read_bytes(file, which, which * file->page_size, again, sizeof again));
	if (memcmp(bytes, again, sizeof bytes) != 0)
		return RECOURSE_BUSY;
	const char *wrong = check_header(bytes);
	if (wrong != NULL)
		return page_wrong(file->fault, which, wrong);
	*meta = decode(bytes);
	size_t size = meta->page_size;
	if (which == 0 && size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX && (size & (size - 1)) == 0)
		file->page_size = size;
	if (little_endian_read(bytes + 20, 4) != VERSION)
		return RECOURSE_VERSION_UNKNOWN;
	wrong = check_content(meta, file->page_size, which, file->size);
	return wrong == NULL ? RECOURSE_OK : page_wrong(file->fault, which, wrong);
}

/* Another LMDB's file says so on both. */
static enum recourse_error read_both(struct page_file *file, struct page_meta both[static 2])
{
	enum recourse_error first = read_one(file, 0, &both[0]);
	if (first != RECOURSE_OK && first != RECOURSE_VERSION_UNKNOWN)
		return first;
	enum recourse_error second = read_one(file, 1, &both[1]);
	if (first != second && (first == RECOURSE_VERSION_UNKNOWN || second == RECOURSE_VERSION_UNKNOWN))
		return page_wrong(file->fault, 0, "the two first pages are of different versions");
	return second;
}

enum recourse_error page_meta_read(
	int descriptor, uint64_t transaction, struct page_fault *fault, struct page_meta *meta)
{
	struct page_file file = {.descriptor = descriptor, .fault = fault};
	struct page_meta both[2];
	struct stat status;
	if (fstat(descriptor, &status) != 0)
		return RECOURSE_IO;
	file.size = (uint64_t)status.st_size;
	TRY(read_both(&file, both));
	uint64_t newest = both[both[0].transaction < both[1].transaction].transaction;
	uint64_t oldest = both[both[0].transaction >= both[1].transaction].transaction;
	if (newest - oldest > 1)
		return RECOURSE_BUSY;
	if (transaction == PAGE_META_NEWEST)
		transaction = newest;
	*meta = both[transaction % 2];
	return meta->transaction == transaction ? RECOURSE_OK : RECOURSE_BUSY;
}
