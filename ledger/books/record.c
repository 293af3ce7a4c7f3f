/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record.h"

#include "books/neighbour.h"

#include <assert.h>

enum recourse_error record_read(const struct table *table, slice value, void *record, size_t size)
{
	assert(size == table->size);
	if (table->followed ? value.size < size : value.size > size)
		return RECOURSE_STORE_CORRUPT;
	if (!table->followed && value.size > 0 && value.data[value.size - 1] == 0)
		return RECOURSE_STORE_CORRUPT;
	size_t there = value.size < size ? value.size : size;
	if (there > 0)
		memcpy(record, value.data, there);
	memset((uint8_t *)record + there, 0, size - there);
	return RECOURSE_OK;
}

/* ---- rows by their keys, wherever they lie ---- */

static enum recourse_error get(struct state_view *view, const struct record_path *path, slice *value)
{
	struct record_path room;
	return state_get(view, neighbour_place(record_path_slice(path), &room), value);
}

static enum recourse_error put(struct state_view *view, const struct record_path *path, slice value)
{
	struct record_path room;
	return state_put(view, neighbour_place(record_path_slice(path), &room), value);
}

static enum recourse_error remove_row(struct state_view *view, const struct record_path *path)
{
	struct record_path room;
	return state_remove(view, neighbour_place(record_path_slice(path), &room));
}

enum recourse_error record_get(
	struct state_view *view, const struct record_path *path, void *record, size_t size)
{
	slice value;
	TRY(get(view, path, &value));
	return record_read(tables_of(record_path_slice(path)), value, record, size);
}

enum recourse_error record_get_optional(
	struct state_view *view, const struct record_path *path, void *record, size_t size, bool *there)
{
	enum recourse_error error = record_get(view, path, record, size);
	if (there != NULL)
		*there = error == RECOURSE_OK;
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	memset(record, 0, size);
	return RECOURSE_OK;
}

enum recourse_error record_get_named(
	struct state_view *view, const struct record_path *path, void *record, size_t size)
{
	enum recourse_error error = record_get(view, path, record, size);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

enum recourse_error record_exists(struct state_view *view, const struct record_path *path, bool *exists)
{
	slice value;
	enum recourse_error error = get(view, path, &value);
	*exists = error == RECOURSE_OK;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* Something is kept up with its rows. */
static bool is_followed_up(const struct table *table)
{
	return table->indexes[0].key != NULL || table->clocks[0].subject != NULL;
}

/* Without its trailing zeroes, which are many: texts are filled up with them. */
static slice without_zeroes(const uint8_t *record, size_t size)
{
	uint64_t last = 0;
	while (last == 0 && size >= sizeof last) {
		memcpy(&last, record + size - sizeof last, sizeof last);
		size -= last == 0 ? sizeof last : 0;
	}
	while (size > 0 && record[size - 1] == 0)
		size--;
	return slice_of(record, size);
}

enum recourse_error record_put(
	struct state_view *view, const struct record_path *path, const void *record, size_t size)
{
	const struct table *table = tables_of(record_path_slice(path));
	assert(size == table->size && !is_followed_up(table));
	return put(view, path, without_zeroes(record, size));
}

/* ---- what is kept up with a row ---- */

/* From the row as it was to the row as it is; NULL: there was none, there will be none. */
static enum recourse_error follow_index(struct state_view *view, const struct table_index *index,
	const struct table_key *row, const void *before, const void *after)
{
	struct record_path old = record_path_of(index->table);
	struct record_path now = record_path_of(index->table);
	bool was = before != NULL && index->key(row, before, &old);
	bool is = after != NULL && index->key(row, after, &now);
	if (was && is && slice_equal(record_path_slice(&old), record_path_slice(&now)))
		return RECOURSE_OK;
	if (was)
		TRY(remove_row(view, &old));
	return is ? put(view, &now, slice_of(NULL, 0)) : RECOURSE_OK;
}

struct record_path record_deadline_path(uint64_t due, uint32_t kind, slice subject)
{
	struct record_path path = record_path_of_number(RECORD_DEADLINE, due);
	record_path_short(&path, kind);
	record_path_text(&path, subject);
	return path;
}

/* When the row's clock strikes; 0: it is not set. */
static uint64_t due_of(const struct table_clock *clock, const void *record)
{
	uint64_t due = 0;
	if (record != NULL)
		memcpy(&due, (const uint8_t *)record + clock->due, sizeof due);
	return due;
}

/* One that strikes is not there any more when its row is put. */
static enum recourse_error remove_clock(struct state_view *view, struct record_path path)
{
	bool there;
	TRY(record_exists(view, &path, &there));
	return there ? remove_row(view, &path) : RECOURSE_OK;
}

static enum recourse_error follow_clock(struct state_view *view, const struct table_clock *clock,
	const struct record_path *path, const struct table_key *row, const void *before, const void *after,
	uint64_t entry)
{
	char texts[2][CLOCK_SUBJECT_TEXT_SIZE];
	uint64_t was = due_of(clock, before);
	uint64_t is = due_of(clock, after);
	slice old = was == 0 ? slice_text("") : clock->subject(row, before, texts[0]);
	slice now = is == 0 ? slice_text("") : clock->subject(row, after, texts[1]);
	if (was == is && slice_equal(old, now))
		return RECOURSE_OK;
	if (was != 0)
		TRY(remove_clock(view, record_deadline_path(was, clock->kind, old)));
	if (is == 0)
		return RECOURSE_OK;
	struct record_path at = record_deadline_path(is, clock->kind, now);
	/* of the path only what is in use: the rest is undefined */
	struct record_deadline deadline = {.entry = entry, .row = {.size = path->size}};
	memcpy(deadline.row.bytes, path->bytes, path->size);
	return record_put(view, &at, &deadline, sizeof deadline);
}

/* The largest record of a table that has something to keep up. */
enum { KEPT_SIZE_MAX = 1024 };

/* NULL for a row that was not, or will not be. */
static enum recourse_error follow_up(struct state_view *view, const struct record_path *path,
	const void *before, const void *after, uint64_t entry)
{
	const struct table *table = tables_of(record_path_slice(path));
	struct table_key row;
	TRY(tables_shape_read_key(table, record_path_slice(path), &row));
	for (const struct table_index *index = table->indexes; index->key != NULL; index++)
		TRY(follow_index(view, index, &row, before, after));
	for (const struct table_clock *clock = table->clocks; clock->subject != NULL; clock++)
		TRY(follow_clock(view, clock, path, &row, before, after, entry));
	return RECOURSE_OK;
}

/* The row as it was. */
struct former {
	bool there;
	uint64_t record[KEPT_SIZE_MAX / sizeof(uint64_t)];
};

static enum recourse_error read_former(
	struct state_view *view, const struct record_path *path, struct former *former)
{
	size_t size = tables_of(record_path_slice(path))->size;
	assert(size <= sizeof former->record);
	return record_get_optional(view, path, former->record, size, &former->there);
}

enum recourse_error record_keep(struct state_view *view, const struct record_path *path, const void *record,
	size_t size, uint64_t entry)
{
	const struct table *table = tables_of(record_path_slice(path));
	struct former former;
	assert(size == table->size);
	if (is_followed_up(table)) {
		TRY(read_former(view, path, &former));
		TRY(follow_up(view, path, former.there ? former.record : NULL, record, entry));
	}
	return put(view, path, without_zeroes(record, size));
}

enum recourse_error record_add(struct state_view *view, const struct record_path *path, const void *record,
	size_t size, uint64_t entry)
{
	assert(size == tables_of(record_path_slice(path))->size);
	TRY(follow_up(view, path, NULL, record, entry));
	return put(view, path, without_zeroes(record, size));
}

enum recourse_error record_forget(struct state_view *view, const struct record_path *path)
{
	struct former former;
	TRY(read_former(view, path, &former));
	if (!former.there)
		return RECOURSE_OK;
	TRY(follow_up(view, path, former.record, NULL, 0));
	return remove_row(view, path);
}

/* The instants of that kind that the record says. */
static void set_clocks(const struct table *table, uint64_t kind, uint64_t due, uint8_t *record)
{
	for (const struct table_clock *clock = table->clocks; clock->subject != NULL; clock++) {
		if (clock->kind == kind)
			memcpy(record + clock->due, &due, sizeof due);
	}
}

enum recourse_error record_wind(
	struct state_view *view, const struct record_path *row, uint64_t kind, uint64_t due, uint64_t entry)
{
	const struct table *table = row->size > sizeof row->bytes ? NULL : tables_of(record_path_slice(row));
	struct former former;
	if (table == NULL || table->clocks[0].subject == NULL)
		return RECOURSE_STORE_CORRUPT;
	TRY(read_former(view, row, &former));
	if (!former.there)
		return RECOURSE_OK;
	set_clocks(table, kind, due, (uint8_t *)former.record);
	return record_keep(view, row, former.record, table->size, entry);
}

enum recourse_error record_strike(
	struct state_view *view, const struct record_path *clock, struct record_deadline *struck)
{
	struct table_key key;
	TRY(record_get(view, clock, struck, sizeof *struck));
	TRY(tables_shape_read_key(tables_at(RECORD_DEADLINE), record_path_slice(clock), &key));
	TRY(record_forget(view, clock));
	return record_wind(view, &struck->row, key.parts[1].number, 0, struck->entry);
}

enum recourse_error record_count(struct state_view *view, enum record_table table, uint64_t *number)
{
	struct record_path path = record_path_of_short(RECORD_COUNTER, (uint32_t)table);
	TRY(record_get_optional(view, &path, number, sizeof *number, NULL));
	++*number;
	return record_put(view, &path, number, sizeof *number);
}

/* ---- walks ---- */

struct record_walk record_walk_from(struct state_view *view, const struct record_path *prefix,
	const struct record_path *from, enum state_direction direction)
{
	return (struct record_walk){
		.view = view,
		.table = tables_of(record_path_slice(prefix)),
		.prefix = *prefix,
		.from = *from,
		.direction = direction,
	};
}

struct record_walk record_walk_over(struct state_view *view, const struct record_path *prefix)
{
	const struct record_path start = {.size = 0};
	return record_walk_from(view, prefix, &start, STATE_UP);
}

/* Rows of other tables may come between. */
static bool is_mixed(const struct record_walk *walk)
{
	const struct record_path all = record_path_of(RECORD_ACCOUNT);
	return walk->table == tables_at(RECORD_ACCOUNT) ||
	       (walk->table->beside != BESIDE_NOTHING && walk->prefix.size == all.size);
}

static enum recourse_error seek(struct record_walk *walk, slice from)
{
	struct record_path room;
	slice prefix = neighbour_place(record_path_slice(&walk->prefix), &room);
	return state_walk_first(&walk->walk, walk->view, prefix, from, walk->direction);
}

static enum recourse_error begin(struct record_walk *walk)
{
	struct record_path room;
	slice from = record_path_slice(&walk->from);
	walk->begun = true;
	walk->mixed = is_mixed(walk);
	return seek(walk, from.size == 0 ? from : neighbour_place(from, &room));
}

/* Past a row of another table: there may be many of one. */
static enum recourse_error pass(struct record_walk *walk, const struct table *other)
{
	struct record_path room;
	if (other->beside == BESIDE_NOTHING)
		return state_walk_next(&walk->walk);
	slice next = neighbour_next(walk->walk.key, walk->table->beside, walk->direction == STATE_UP, &room);
	return state_walk_skip(&walk->walk, next);
}

static enum recourse_error step(struct record_walk *walk)
{
	enum recourse_error error = walk->begun ? state_walk_next(&walk->walk) : begin(walk);
	while (walk->mixed && error == RECOURSE_OK) {
		const struct table *table = neighbour_table(walk->walk.key);
		if (table == NULL)
			return RECOURSE_STORE_CORRUPT;
		if (table == walk->table)
			break;
		error = pass(walk, table);
	}
	return error;
}

bool record_walk_next(struct record_walk *walk, void *record, size_t size)
{
	enum recourse_error error = step(walk);
	walk->bytes = walk->walk.key;
	if (error == RECOURSE_OK && walk->table->beside != BESIDE_NOTHING)
		walk->bytes = neighbour_key(walk->walk.key, &walk->from);
	if (error == RECOURSE_OK)
		error = tables_shape_read_key(walk->table, walk->bytes, &walk->key);
	if (error == RECOURSE_OK && record != NULL)
		error = record_read(walk->table, walk->walk.value, record, size);
	walk->value = walk->walk.value;
	walk->error = error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
	return error == RECOURSE_OK;
}

void record_walk_end(struct record_walk *walk)
{
	if (walk->begun)
		state_walk_end(&walk->walk);
}

enum recourse_error record_any(struct state_view *view, const struct record_path *prefix, bool *any)
{
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, prefix);
	*any = record_walk_next(&walk, NULL, 0);
	return walk.error;
}

void record_text_set(char *field, size_t size, slice text)
{
	assert(text.size <= size);
	memset(field, 0, size);
	if (text.size > 0)
		memcpy(field, text.data, text.size);
}

slice record_text(const char *field, size_t size)
{
	return slice_of(field, strnlen(field, size));
}
