/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/try.h"
#include "books/tables.h"

/*
 * Reading and writing the state's records, all of them in one way: by the declarations of their tables. A record is
 * the bytes of its structure, trailing zeroes cut off. `size` is that of the structure, which must be the one that is
 * declared (asserted). Stored bytes are read by record_read() alone, for rules, queries and the audit.
 */

/*
 * Stored bytes as the structure. STORE_CORRUPT for more bytes than it has, and for zeroes that should have been cut
 * off: two states are the same when their bytes are.
 */
enum recourse_error record_read(const struct table *table, slice value, void *record, size_t size);

/* QUERY_NOT_FOUND, STORE_CORRUPT. */
enum recourse_error record_get(
	struct state_view *view, const struct record_path *path, void *record, size_t size);

/* The same where there may be none: it is all zeroes then, and `*there`, which may be NULL, says which. */
enum recourse_error record_get_optional(
	struct state_view *view, const struct record_path *path, void *record, size_t size, bool *there);

/* The same where another record says that there is one: STORE_CORRUPT, never QUERY_NOT_FOUND. */
enum recourse_error record_get_named(
	struct state_view *view, const struct record_path *path, void *record, size_t size);

/* Whether there is one; whether there is any whose path begins so. */
enum recourse_error record_exists(struct state_view *view, const struct record_path *path, bool *exists);
enum recourse_error record_any(struct state_view *view, const struct record_path *prefix, bool *any);

/* A table that has neither indexes nor clocks (asserted): rules put by decision_put(), which keeps them up. */
enum recourse_error record_put(
	struct state_view *view, const struct record_path *path, const void *record, size_t size);

/*
 * Puts a row with all that its table declares: rows of indexes that are other than before, and clocks whose instant is
 * another, which are then set by `entry`.
 */
enum recourse_error record_keep(struct state_view *view, const struct record_path *path, const void *record,
	size_t size, uint64_t entry);

/* The same of a row that the caller knows not to be there: what it was before is not looked for. */
enum recourse_error record_add(struct state_view *view, const struct record_path *path, const void *record,
	size_t size, uint64_t entry);

/* Removes it with all of that; fine where there is none. */
enum recourse_error record_forget(struct state_view *view, const struct record_path *path);

/* Where a clock that is set has its row. */
struct record_path record_deadline_path(uint64_t due, uint32_t kind, slice subject);

/*
 * Takes the clock at that path out: its row, and the instant in the record that it is of, where that is still there.
 * `struck` says which entry set it, and whose it is. QUERY_NOT_FOUND.
 */
enum recourse_error record_strike(
	struct state_view *view, const struct record_path *clock, struct record_deadline *struck);

/* Sets the clock of that kind of such a row, by `entry`; nothing where the row is not there any more. */
enum recourse_error record_wind(
	struct state_view *view, const struct record_path *row, uint64_t kind, uint64_t due, uint64_t entry);

/* The next number of a counter, beginning with 1. */
enum recourse_error record_count(struct state_view *view, enum record_table table, uint64_t *number);

/*
 * The rows whose keys begin with `prefix`, one after the other. The walk ends with its scope:
 *
 *     SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
 *     while (record_walk_next(&walk, &record, sizeof record))
 *             use(walk.key.parts[1].text, &record);
 *     return walk.error;
 *
 * `key`, `bytes` and `value` are borrowed until the next step. The state is not written meanwhile (asserted).
 */
struct record_walk {
	struct table_key key;
	slice bytes; /* of the key */
	slice value;
	enum recourse_error error; /* OK at the end; STORE_CORRUPT, STORE_FAILED */

	struct state_view *view;
	const struct table *table;
	struct record_path prefix;
	struct record_path from; /* empty: the prefix's end on that side; then room for `bytes` */
	enum state_direction direction;
	bool begun;
	bool mixed; /* rows of other tables may come between */
	struct state_walk walk;
};
struct record_walk record_walk_over(struct state_view *view, const struct record_path *prefix);

/* Beginning with a key at or behind `from`, up or down. */
struct record_walk record_walk_from(struct state_view *view, const struct record_path *prefix,
	const struct record_path *from, enum state_direction direction);

/* False at the end, and where something is wrong. `record` may be NULL, and `size` 0, where the key says all. */
bool record_walk_next(struct record_walk *walk, void *record, size_t size);
void record_walk_end(struct record_walk *walk);

/* Texts in records: zero-filled, not ended when full. */
void record_text_set(char *field, size_t size, slice text);
slice record_text(const char *field, size_t size);
#define RECORD_TEXT(field) record_text(field, sizeof(field))
