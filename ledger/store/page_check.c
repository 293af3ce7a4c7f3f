/* SPDX-License-Identifier: Apache-2.0 */
#include "store/page_check.h"

#include "base/endian.h"
#include "base/try.h"

#include <assert.h>
#include <sys/stat.h>

enum { TABLES_MAX = 8 };

struct checker {
	const struct page_check *check;
	struct page_file file;
	struct page_meta meta;
	struct page_walk walk;
	bool row_found;
	size_t table_count; /* found so far */
	struct page_tree tables[TABLES_MAX];
};

static enum recourse_error start(struct checker *checker, const struct page_check *check)
{
	struct stat status;
	assert(check->table_count <= TABLES_MAX);
	*checker = (struct checker){.check = check};
	TRY(page_meta_read(check->descriptor, check->transaction, check->fault, &checker->meta));
	if (fstat(check->descriptor, &status) != 0)
		return RECOURSE_IO;
	checker->file = (struct page_file){
		.descriptor = check->descriptor,
		.page_size = checker->meta.page_size,
		.page_count = checker->meta.page_count,
		.size = (uint64_t)status.st_size,
		.fault = check->fault,
	};
	return page_walk_start(&checker->walk, &checker->file);
}

static void end(struct checker *checker)
{
	page_walk_free(&checker->walk);
}

static enum recourse_error wrong(const struct checker *checker, uint64_t page, const char *what)
{
	return page_wrong(checker->check->fault, page, what);
}

/* ---- the main tree, where it has the tables' records ---- */

static enum recourse_error take_table(void *context, const struct page_node *node)
{
	struct checker *checker = context;
	const struct page_check *check = checker->check;
	size_t index = checker->table_count;
	if (!node->tree) { /* the row that may be there: page_walk.h */
		checker->row_found = true;
		return RECOURSE_OK;
	}
	if (index == check->table_count || !slice_is(node->key, check->tables[index]))
		return wrong(checker, checker->meta.main.root, "the tables are not those of this store");
	struct page_tree tree = page_tree(node->value.data);
	bool bytes = check->with_bytes != NULL && slice_is(node->key, check->with_bytes);
	if (tree.flags != (bytes ? 0 : PAGE_INTEGER_KEYS))
		return wrong(checker, checker->meta.main.root, "a table is of a kind that is never written");
	checker->tables[index] = tree;
	checker->table_count++;
	return RECOURSE_OK;
}

static enum recourse_error list_tables(struct checker *checker)
{
	struct page_walk *walk = &checker->walk;
	walk->trees = true;
	walk->beside = checker->check->row;
	walk->row = take_table;
	walk->context = checker;
	TRY(page_walk_tree(walk, &checker->meta.main));
	walk->trees = false;
	walk->row = NULL;
	bool all = checker->table_count == checker->check->table_count &&
		   checker->row_found == (checker->check->row != NULL);
	return all ? RECOURSE_OK
		   : wrong(checker, checker->meta.main.root, "the tables are not those of this store");
}

/* Its tables are all there, whole, and no others. */
static bool is_former(const struct page_check *check)
{
	struct page_fault unsaid = {.what = NULL};
	const struct page_check former = {
		.descriptor = check->descriptor,
		.transaction = check->transaction,
		.tables = check->former,
		.table_count = check->former_count,
		.fault = &unsaid,
	};
	if (check->former_count == 0)
		return false;
	SCOPED(end) struct checker checker;
	return start(&checker, &former) == RECOURSE_OK && list_tables(&checker) == RECOURSE_OK;
}

static enum recourse_error find_tables(struct checker *checker)
{
	const struct page_check *check = checker->check;
	if (check->table_count == 0) {
		checker->tables[checker->table_count++] = checker->meta.main;
		return RECOURSE_OK;
	}
	enum recourse_error error = list_tables(checker);
	if (error != RECOURSE_STORE_CORRUPT || !is_former(check))
		return error;
	*check->fault = (struct page_fault){.what = NULL};
	return RECOURSE_VERSION_UNKNOWN;
}

/* ---- the lists of free pages ---- */

static enum recourse_error take_free(struct checker *checker, uint64_t page, uint64_t before)
{
	if (page < 2 || page >= before)
		return wrong(checker, page, "it is listed as free out of order");
	if (page < checker->file.page_count && page_walk_meet(&checker->walk, page))
		return wrong(checker, page, "it is listed as free and is not");
	return RECOURSE_OK;
}

/* A list's count and numbers, from the highest down, in its row or apart. What is behind them is room. */
static enum recourse_error read_list(
	const struct checker *checker, const struct page_node *node, uint64_t index, uint64_t *number)
{
	const struct page_file *file = &checker->file;
	uint8_t bytes[8];
	if (!node->apart) {
		*number = little_endian_read(node->value.data + 8 * index, 8);
		return RECOURSE_OK;
	}
	uint64_t offset = node->apart_page * file->page_size + PAGE_HEADER_SIZE + 8 * index;
	TRY(page_read_bytes(file, node->apart_page, offset, bytes, sizeof bytes));
	*number = little_endian_read(bytes, sizeof bytes);
	return RECOURSE_OK;
}

static enum recourse_error take_list(void *context, const struct page_node *node)
{
	struct checker *checker = context;
	uint64_t before = checker->file.page_count;
	uint64_t count;
	uint64_t page;
	uint64_t root = checker->meta.free.root;
	uint64_t transaction = little_endian_read(node->key.data, 8);
	if (node->value_size < 8 || node->value_size % 8 != 0 || transaction > checker->meta.transaction)
		return wrong(checker, root, "a list of free pages has a form that none has");
	TRY(read_list(checker, node, 0, &count));
	if (count > node->value_size / 8 - 1)
		return wrong(checker, root, "a list of free pages is longer than its row");
	for (uint64_t index = 1; index <= count; index++, before = page) {
		TRY(read_list(checker, node, index, &page));
		TRY(take_free(checker, page, before));
	}
	return RECOURSE_OK;
}

static enum recourse_error check_free(struct checker *checker)
{
	checker->walk.row = take_list;
	checker->walk.context = checker;
	return page_walk_tree(&checker->walk, &checker->meta.free);
}

/* ---- all of it ---- */

enum recourse_error page_check_all(const struct page_check *check)
{
	SCOPED(end) struct checker checker;
	TRY(start(&checker, check));
	TRY(find_tables(&checker));
	for (size_t index = 0; index < checker.table_count; index++)
		TRY(page_walk_tree(&checker.walk, &checker.tables[index]));
	return check_free(&checker);
}

enum recourse_error page_check_paths(const struct page_check *check)
{
	static const struct page_key ends[] = {{.last = false}, {.last = true}};
	struct page_key next;
	SCOPED(end) struct checker checker;
	TRY(start(&checker, check));
	TRY(find_tables(&checker));
	for (size_t index = 0; index < checker.table_count; index++) {
		TRY(page_walk_path(&checker.walk, &checker.tables[index], &ends[0], &next));
		TRY(page_walk_path(&checker.walk, &checker.tables[index], &ends[1], &next));
	}
	return check_free(&checker);
}

enum recourse_error page_check_piece(
	const struct page_check *check, struct page_place *place, size_t leaves, bool *done)
{
	struct page_key next;
	SCOPED(end) struct checker checker;
	bool first = place->tree == 0 && place->key.size == 0;
	*done = false;
	TRY(start(&checker, check));
	TRY(find_tables(&checker));
	for (; leaves > 0 && place->tree < checker.table_count; leaves--) {
		TRY(page_walk_path(&checker.walk, &checker.tables[place->tree], &place->key, &next));
		place->key = next;
		if (!next.last)
			continue;
		place->key = (struct page_key){.size = 0};
		place->tree++;
	}
	*done = place->tree == checker.table_count;
	if (*done)
		*place = (struct page_place){.tree = 0};
	return first ? check_free(&checker) : RECOURSE_OK;
}
