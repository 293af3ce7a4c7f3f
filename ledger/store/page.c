/* SPDX-License-Identifier: Apache-2.0 */
#include "store/page.h"

#include "base/endian.h"
#include "base/try.h"

#include <errno.h>
#include <unistd.h>

enum {
	KIND_BRANCH = 0x01,
	KIND_LEAF = 0x02,
	KIND_APART = 0x04,
	NODE_SIZE = 8, /* without key and value */
	NODE_APART = 0x01,
	NODE_TREE = 0x02,
	STARTS_SIZE = PAGE_SIZE_MAX / 16, /* a bit for each even offset */
};

enum recourse_error page_wrong(struct page_fault *fault, uint64_t page, const char *what)
{
	if (fault->what == NULL)
		*fault = (struct page_fault){.page = page, .what = what};
	return RECOURSE_STORE_CORRUPT;
}

enum recourse_error page_read_bytes(
	const struct page_file *file, uint64_t page, uint64_t offset, void *bytes, size_t size)
{
	if (size > file->size || offset > file->size - size)
		return page_wrong(file->fault, page, "the file ends before it does");
	for (size_t done = 0; done < size;) {
		ssize_t count =
			pread(file->descriptor, (uint8_t *)bytes + done, size - done, (off_t)(offset + done));
		if (count == 0)
			return page_wrong(file->fault, page, "the file ends before it does");
		if (count < 0 && errno != EINTR)
			return RECOURSE_IO;
		done += count > 0 ? (size_t)count : 0;
	}
	return RECOURSE_OK;
}

static uint16_t read_16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static size_t offset_of(const uint8_t *bytes, size_t index)
{
	return read_16(bytes + PAGE_HEADER_SIZE + 2 * index);
}

/* As it is in the page, with the byte that makes it even. The node's first bytes are in the page. */
static uint64_t node_size(const uint8_t *node, bool leaf)
{
	uint64_t value_size = read_16(node) | (uint64_t)read_16(node + 2) << 16;
	bool apart = (read_16(node + 4) & NODE_APART) != 0;
	uint64_t size = NODE_SIZE + (uint64_t)read_16(node + 6);
	if (leaf)
		size += apart ? sizeof(uint64_t) : value_size;
	return (size + 1) & ~UINT64_C(1);
}

/* Each offset begins a node of its own. */
static const char *mark_starts(
	const uint8_t *bytes, size_t page_size, size_t count, uint8_t starts[static STARTS_SIZE])
{
	size_t upper = read_16(bytes + 14);
	for (size_t index = 0; index < count; index++) {
		size_t offset = offset_of(bytes, index);
		if (offset < upper || offset % 2 != 0 || offset > page_size - NODE_SIZE)
			return "an offset leads out of its nodes";
		uint8_t *byte = &starts[offset / 16];
		uint8_t bit = (uint8_t)(1 << offset / 2 % 8);
		if ((*byte & bit) != 0)
			return "two offsets lead to one node";
		*byte |= bit;
	}
	return NULL;
}

static const char *check_node(const uint8_t *node, bool leaf)
{
	size_t key_size = read_16(node + 6);
	if (key_size > PAGE_KEY_MAX || (leaf && key_size == 0))
		return "a key has a size that no key has";
	if (leaf && read_16(node + 4) > NODE_TREE)
		return "a row is of a kind that is never written";
	return NULL;
}

/* The nodes fill the page from `upper` on: one that overlaps another, or that no offset leads to, breaks the row. */
static const char *check_nodes(const uint8_t *bytes, size_t page_size, size_t count, bool leaf)
{
	uint8_t starts[STARTS_SIZE] = {0};
	const char *wrong = mark_starts(bytes, page_size, count, starts);
	size_t offset = read_16(bytes + 14);
	for (; wrong == NULL && offset < page_size; count--) {
		if ((starts[offset / 16] & 1 << offset / 2 % 8) == 0)
			return "its nodes do not lie side by side";
		uint64_t size = node_size(bytes + offset, leaf);
		if (size > page_size - offset)
			return "a node is longer than its page";
		wrong = check_node(bytes + offset, leaf);
		offset += (size_t)size;
	}
	return wrong != NULL || count == 0 ? wrong : "its nodes do not lie side by side";
}

static const char *check_page(const uint8_t *bytes, size_t page_size, uint64_t number)
{
	uint16_t kind = read_16(bytes + 10);
	size_t lower = read_16(bytes + 12);
	size_t upper = read_16(bytes + 14);
	if (little_endian_read(bytes, 8) != number)
		return "it has another page's number";
	if (kind != KIND_BRANCH && kind != KIND_LEAF)
		return "it is neither a branch nor a leaf";
	if (lower <= PAGE_HEADER_SIZE || lower % 2 != 0 || lower > upper || upper % 2 != 0 ||
		upper > page_size)
		return "its bounds are not those of a page";
	return check_nodes(bytes, page_size, (lower - PAGE_HEADER_SIZE) / 2, kind == KIND_LEAF);
}

enum recourse_error page_read(
	const struct page_file *file, uint64_t number, uint8_t *bytes, struct page *page)
{
	if (number < 2 || number >= file->page_count)
		return page_wrong(file->fault, number, "there is no such page");
	TRY(page_read_bytes(file, number, number * file->page_size, bytes, file->page_size));
	const char *wrong = check_page(bytes, file->page_size, number);
	if (wrong != NULL)
		return page_wrong(file->fault, number, wrong);
	*page = (struct page){
		.bytes = bytes,
		.count = (read_16(bytes + 12) - (size_t)PAGE_HEADER_SIZE) / 2,
		.leaf = read_16(bytes + 10) == KIND_LEAF,
	};
	return RECOURSE_OK;
}

struct page_node page_node(const struct page *page, size_t index)
{
	const uint8_t *bytes = page->bytes + offset_of(page->bytes, index);
	struct page_node node = {.key = slice_of(bytes + NODE_SIZE, read_16(bytes + 6))};
	const uint8_t *value = node.key.data + node.key.size;
	if (!page->leaf) {
		node.child = little_endian_read(bytes, 6);
		return node;
	}
	node.value_size = little_endian_read(bytes, 4);
	node.tree = (bytes[4] & NODE_TREE) != 0;
	node.apart = (bytes[4] & NODE_APART) != 0;
	if (node.apart)
		node.apart_page = little_endian_read(value, 8);
	else
		node.value = slice_of(value, (size_t)node.value_size);
	return node;
}

struct page_tree page_tree(const uint8_t bytes[static PAGE_TREE_SIZE])
{
	return (struct page_tree){
		.flags = read_16(bytes + 4),
		.depth = read_16(bytes + 6),
		.branch_pages = little_endian_read(bytes + 8, 8),
		.leaf_pages = little_endian_read(bytes + 16, 8),
		.apart_pages = little_endian_read(bytes + 24, 8),
		.rows = little_endian_read(bytes + 32, 8),
		.root = little_endian_read(bytes + 40, 8),
	};
}

enum recourse_error page_read_apart(
	const struct page_file *file, uint64_t number, uint64_t value_size, uint64_t *count)
{
	uint8_t bytes[PAGE_HEADER_SIZE];
	uint64_t size = PAGE_HEADER_SIZE + value_size;
	if (number < 2 || number >= file->page_count)
		return page_wrong(file->fault, number, "there is no such page");
	uint64_t offset = number * file->page_size;
	if (size > file->size || offset > file->size - size)
		return page_wrong(file->fault, number, "the file ends before it does");
	TRY(page_read_bytes(file, number, offset, bytes, sizeof bytes));
	*count = little_endian_read(bytes + 12, 4);
	if (little_endian_read(bytes, 8) != number)
		return page_wrong(file->fault, number, "it has another page's number");
	if (read_16(bytes + 10) != KIND_APART)
		return page_wrong(file->fault, number, "it is not where a value lies");
	if (*count > file->page_count - number || *count * file->page_size < size)
		return page_wrong(file->fault, number, "the value has more or fewer pages than it needs");
	return RECOURSE_OK;
}
