/* SPDX-License-Identifier: Apache-2.0 */
#include "store/page_walk.h"

#include "base/try.h"

#include <stdlib.h>

/* One walk over one tree. The bounds of a page's keys are borrowed from the pages above it; none has no data. */
struct run {
	struct page_walk *walk;
	const struct page_tree *tree;
	const struct page_key *key; /* of a path; NULL: all */
	struct page_key *next;
	struct page_tree counted;
};

struct bounds {
	slice low;  /* keys are not below it */
	slice high; /* and below this */
};

enum recourse_error page_walk_start(struct page_walk *walk, const struct page_file *file)
{
	*walk = (struct page_walk){
		.file = file,
		.met = calloc(1, (size_t)(file->page_count / 8 + 1)),
		.buffers = malloc(PAGE_DEPTH_MAX * file->page_size),
	};
	return walk->met == NULL || walk->buffers == NULL ? RECOURSE_MEMORY : RECOURSE_OK;
}

void page_walk_free(struct page_walk *walk)
{
	free(walk->met);
	free(walk->buffers);
}

bool page_walk_meet(struct page_walk *walk, uint64_t number)
{
	uint8_t *byte = &walk->met[number / 8];
	uint8_t bit = (uint8_t)(1 << number % 8);
	bool met = (*byte & bit) != 0;
	*byte |= bit;
	return met;
}

static enum recourse_error wrong(const struct run *run, uint64_t number, const char *what)
{
	return page_wrong(run->walk->file->fault, number, what);
}

/* Paths share their pages. */
static enum recourse_error meet(const struct run *run, uint64_t number)
{
	bool met = page_walk_meet(run->walk, number);
	return met && run->key == NULL ? wrong(run, number, "it is in two places") : RECOURSE_OK;
}

static int compare(const struct run *run, slice a, slice b)
{
	uint64_t numbers[2];
	if ((run->tree->flags & PAGE_INTEGER_KEYS) == 0 || a.size != sizeof *numbers ||
		b.size != sizeof *numbers)
		return slice_compare(a, b);
	memcpy(&numbers[0], a.data, sizeof *numbers);
	memcpy(&numbers[1], b.data, sizeof *numbers);
	return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1]);
}

/* Of a leaf from its first key, of a branch from its second on: the first is as low as its own bound. */
static enum recourse_error check_keys(
	const struct run *run, uint64_t number, const struct page *page, const struct bounds *bounds)
{
	bool integers = (run->tree->flags & PAGE_INTEGER_KEYS) != 0;
	slice before = bounds->low;
	for (size_t index = page->leaf ? 0 : 1; index < page->count; index++) {
		slice key = page_node(page, index).key;
		int order = before.data == NULL ? 1 : compare(run, key, before);
		bool first = page->leaf && index == 0;
		if (key.size == 0 || (integers && key.size != sizeof(uint64_t)))
			return wrong(run, number, "a key has a size that no key has");
		if (order < 0 || (order == 0 && !first))
			return wrong(run, number, "its keys are not in order");
		before = key;
	}
	if (before.data != NULL && bounds->high.data != NULL && compare(run, before, bounds->high) >= 0)
		return wrong(run, number, "its keys are not those of its place");
	return RECOURSE_OK;
}

static enum recourse_error walk_apart(struct run *run, const struct page_node *node)
{
	const struct page_walk *walk = run->walk;
	uint64_t count;
	TRY(page_read_apart(walk->file, node->apart_page, node->value_size, &count));
	for (uint64_t index = 0; index < count; index++)
		TRY(meet(run, node->apart_page + index));
	run->counted.apart_pages += count;
	return RECOURSE_OK;
}

static enum recourse_error walk_leaf(
	struct run *run, uint64_t number, const struct page *page, const struct bounds *bounds)
{
	const struct page_walk *walk = run->walk;
	run->counted.leaf_pages++;
	run->counted.rows += page->count;
	for (size_t index = 0; index < page->count; index++) {
		struct page_node node = page_node(page, index);
		bool beside = walk->trees && walk->beside != NULL && slice_is(node.key, walk->beside);
		if (node.tree != (walk->trees && !beside) ||
			(node.tree && (node.apart || node.value_size != PAGE_TREE_SIZE)))
			return wrong(run, number, "a row is of a kind that is never written");
		if (node.apart)
			TRY(walk_apart(run, &node));
		if (walk->row != NULL)
			TRY(walk->row(walk->context, &node));
	}
	if (run->next == NULL)
		return RECOURSE_OK;
	*run->next = (struct page_key){.size = bounds->high.size, .last = bounds->high.data == NULL};
	if (bounds->high.data != NULL)
		memcpy(run->next->bytes, bounds->high.data, bounds->high.size);
	return RECOURSE_OK;
}

/* Which child leads to the path's key. */
static size_t find_child(const struct run *run, const struct page *page)
{
	const struct page_key *key = run->key;
	size_t index = 0;
	if (key->last)
		return page->count - 1;
	while (key->size > 0 && index + 1 < page->count &&
		compare(run, slice_of(key->bytes, key->size), page_node(page, index + 1).key) >= 0)
		index++;
	return index;
}

static enum recourse_error walk_page(
	struct run *run, uint64_t number, size_t level, const struct bounds *bounds);

static enum recourse_error walk_branch(
	struct run *run, size_t level, const struct page *page, const struct bounds *bounds)
{
	size_t index = run->key == NULL ? 0 : find_child(run, page);
	size_t end = run->key == NULL ? page->count : index + 1;
	run->counted.branch_pages++;
	for (; index < end; index++) {
		struct bounds of_child = *bounds;
		if (index > 0)
			of_child.low = page_node(page, index).key;
		if (index + 1 < page->count)
			of_child.high = page_node(page, index + 1).key;
		TRY(walk_page(run, page_node(page, index).child, level + 1, &of_child));
	}
	return RECOURSE_OK;
}

static enum recourse_error walk_page(
	struct run *run, uint64_t number, size_t level, const struct bounds *bounds)
{
	const struct page_file *file = run->walk->file;
	struct page page;
	TRY(page_read(file, number, run->walk->buffers + level * file->page_size, &page));
	TRY(meet(run, number));
	if (page.leaf != (level + 1 == run->tree->depth))
		return wrong(run, number, "its depth is not that of its tree");
	TRY(check_keys(run, number, &page, bounds));
	return page.leaf ? walk_leaf(run, number, &page, bounds) : walk_branch(run, level, &page, bounds);
}

static enum recourse_error walk_root(struct run *run)
{
	const struct page_tree *tree = run->tree;
	const struct bounds none = {.low = slice_of(NULL, 0)};
	if (tree->root == PAGE_NONE && tree->depth == 0)
		return RECOURSE_OK;
	if (tree->depth == 0 || tree->depth > PAGE_DEPTH_MAX)
		return wrong(run, tree->root, "its tree has a depth that no tree has");
	return walk_page(run, tree->root, 0, &none);
}

enum recourse_error page_walk_tree(struct page_walk *walk, const struct page_tree *tree)
{
	struct run run = {.walk = walk, .tree = tree};
	TRY(walk_root(&run));
	if (run.counted.rows != tree->rows)
		return wrong(&run, tree->root, "its tree has another number of rows than its record says");
	if (run.counted.branch_pages != tree->branch_pages || run.counted.leaf_pages != tree->leaf_pages ||
		run.counted.apart_pages != tree->apart_pages)
		return wrong(&run, tree->root, "its tree has another number of pages than its record says");
	return RECOURSE_OK;
}

enum recourse_error page_walk_path(struct page_walk *walk, const struct page_tree *tree,
	const struct page_key *key, struct page_key *next)
{
	struct run run = {.walk = walk, .tree = tree, .key = key, .next = next};
	*next = (struct page_key){.last = true};
	return walk_root(&run);
}
