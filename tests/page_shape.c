/* SPDX-License-Identifier: Apache-2.0 */
#include "page_shape.h"

#include "base/endian.h"

struct shaping {
	struct support_random *random;
	uint8_t *file;
	size_t *size;
	uint8_t *page;
	size_t nodes; /* 0 where it is neither a branch nor a leaf */
};

static uint64_t below(const struct shaping *shaping, uint64_t limit)
{
	return support_random_below(shaping->random, limit);
}

/* One of some that are on an edge, or any. */
static uint64_t edge(const struct shaping *shaping, uint64_t limit)
{
	static const uint64_t edges[] = {0, 1, 2, 4, 8, 16, 17, 4080, 4095, 4096, 0x7fff, 0xffff, 1 << 20,
		0x7fffffff, 0xffffffff, UINT64_C(1) << 40, UINT64_MAX - 1, UINT64_MAX};
	uint64_t value = below(shaping, 2) == 0 ? edges[below(shaping, sizeof edges / sizeof edges[0])]
						: support_random(shaping->random);
	return value % limit;
}

static void put(uint8_t *bytes, uint64_t value, size_t size)
{
	little_endian_write(bytes, value, size);
}

static uint8_t *node(const struct shaping *shaping)
{
	const uint8_t *offset = shaping->page + 16 + 2 * below(shaping, shaping->nodes);
	return shaping->page + little_endian_read(offset, 2);
}

static void shape_number(struct shaping *shaping)
{
	put(shaping->page, edge(shaping, *shaping->size / PAGE_SHAPE_SIZE), 8);
}

static void shape_kind(struct shaping *shaping)
{
	put(shaping->page + 10,
		below(shaping, 2) == 0 ? UINT64_C(1) << below(shaping, 16) : edge(shaping, 65536), 2);
}

static void shape_bounds(struct shaping *shaping)
{
	put(shaping->page + 12 + 2 * below(shaping, 2), edge(shaping, 65536), 2);
}

/* As little as a bit, or a step of one offset: what shows a phantom row, or hides one. */
static void shape_bounds_little(struct shaping *shaping)
{
	uint8_t *bound = shaping->page + 12 + 2 * below(shaping, 2);
	uint64_t value = little_endian_read(bound, 2);
	put(bound,
		below(shaping, 2) == 0 ? value ^ UINT64_C(1) << below(shaping, 12)
				       : value + 2 - 4 * below(shaping, 2),
		2);
}

static void shape_offset(struct shaping *shaping)
{
	uint8_t *offset = shaping->page + 16 + 2 * below(shaping, shaping->nodes);
	const uint8_t *other = shaping->page + 16 + 2 * below(shaping, shaping->nodes);
	put(offset, below(shaping, 2) == 0 ? edge(shaping, 65536) : little_endian_read(other, 2), 2);
}

static void shape_node_size(struct shaping *shaping)
{
	static const uint8_t where[] = {0, 2, 6};
	put(node(shaping) + where[below(shaping, 3)], edge(shaping, 65536), 2);
}

static void shape_node_flags(struct shaping *shaping)
{
	put(node(shaping) + 4, edge(shaping, 65536) & (below(shaping, 2) == 0 ? 7 : 0xffff), 2);
}

static void shape_key(struct shaping *shaping)
{
	node(shaping)[8 + below(shaping, 8)] ^= (uint8_t)(1 << below(shaping, 8));
}

/* A child, the number of a value's pages, or the first bytes of a value. */
static void shape_link(struct shaping *shaping)
{
	uint8_t *at = node(shaping);
	bool leaf = shaping->page[10] == 2;
	put(leaf ? at + 8 + little_endian_read(at + 6, 2) : at,
		edge(shaping, *shaping->size / PAGE_SHAPE_SIZE), leaf ? 8 : 4);
}

static void shape_count(struct shaping *shaping)
{
	put(shaping->page + 12, edge(shaping, UINT64_C(1) << 32), 4);
}

/* A record of a tree in both of the first pages, or their other numbers. */
static void shape_first_pages(struct shaping *shaping)
{
	static const uint8_t where[] = {
		10, 16, 20, 32, 40, 44, 46, 48, 56, 64, 72, 80, 88, 92, 94, 96, 104, 112, 120, 128, 136, 144};
	size_t at = where[below(shaping, sizeof where)];
	size_t size = at < 32 || at == 40 || at == 88 ? 2 + 2 * below(shaping, 2)
		      : at % 8 == 4 || at % 8 == 6    ? 2
						      : 8;
	uint64_t value =
		edge(shaping, below(shaping, 2) == 0 ? *shaping->size / PAGE_SHAPE_SIZE : UINT64_MAX);
	uint64_t which = below(shaping, 3);
	for (size_t page = 0; page < 2; page++) {
		if (which != page)
			put(shaping->file + page * PAGE_SHAPE_SIZE + at, value, size);
	}
}

static void shape_end(struct shaping *shaping)
{
	*shaping->size = below(shaping, 2) == 0 ? below(shaping, *shaping->size)
						: *shaping->size - below(shaping, 2 * PAGE_SHAPE_SIZE);
}

static const struct shape {
	const char *name;
	void (*change)(struct shaping *shaping);
	bool of_nodes;
} shapes[] = {
	{.name = "number", .change = shape_number},
	{.name = "kind", .change = shape_kind},
	{.name = "bounds", .change = shape_bounds},
	{.name = "bounds by little", .change = shape_bounds_little},
	{.name = "offset", .change = shape_offset, .of_nodes = true},
	{.name = "size of a node", .change = shape_node_size, .of_nodes = true},
	{.name = "flags of a node", .change = shape_node_flags, .of_nodes = true},
	{.name = "key", .change = shape_key, .of_nodes = true},
	{.name = "link", .change = shape_link, .of_nodes = true},
	{.name = "count of pages", .change = shape_count},
	{.name = "first pages", .change = shape_first_pages},
	{.name = "end", .change = shape_end},
};

/* One that is written, and is none of the first two. */
static void choose_page(struct shaping *shaping)
{
	static const uint8_t empty[16];
	uint64_t pages = *shaping->size / PAGE_SHAPE_SIZE;
	do
		shaping->page = shaping->file + (2 + below(shaping, pages - 2)) * PAGE_SHAPE_SIZE;
	while (memcmp(shaping->page, empty, sizeof empty) == 0);
	uint64_t kind = little_endian_read(shaping->page + 10, 2);
	uint64_t lower = little_endian_read(shaping->page + 12, 2);
	shaping->nodes =
		(kind == 1 || kind == 2) && lower > 16 && lower < PAGE_SHAPE_SIZE ? (lower - 16) / 2 : 0;
}

const char *page_shape(struct support_random *random, uint8_t *bytes, size_t *size)
{
	struct shaping shaping = {.random = random, .file = bytes, .size = size};
	const struct shape *shape = &shapes[below(&shaping, sizeof shapes / sizeof shapes[0])];
	do
		choose_page(&shaping);
	while (shape->of_nodes && shaping.nodes == 0);
	shape->change(&shaping);
	return shape->name;
}
