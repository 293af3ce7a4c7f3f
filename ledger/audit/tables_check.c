/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/check.h"
#include "rule/clock.h"

#include <assert.h>

/*
 * What the tables declare, held against what is stored (I11): each row has its rows in the indexes, each instant of a
 * clock its deadline, and no index and no kind of clock has more than that. One check for all tables: a new
 * index or clock is looked at because it is declared.
 */

/* Rows that there must be: of each index, and of each kind of clock. */
struct expected {
	uint64_t indexes[RECORD_TABLES];
	uint64_t clocks[CLOCK_KINDS];
};

static enum recourse_error must_exist(
	struct check_context *check, const struct record_path *path, const char *table, const char *what)
{
	bool there;
	TRY(record_exists(check->state, path, &there));
	return there ? RECOURSE_OK
		     : check_wrong(check, "I11: a row of the table %s is not in its %s", table, what);
}

static enum recourse_error check_indexes(struct check_context *check, const struct table *table,
	const struct table_key *row, const void *record, struct expected *expected)
{
	for (const struct table_index *index = table->indexes; index->key != NULL; index++) {
		struct record_path path = record_path_of(index->table);
		if (!index->key(row, record, &path))
			continue;
		expected->indexes[index->table - RECORD_FIRST]++;
		TRY(must_exist(check, &path, table->name, tables_at(index->table)->name));
	}
	return RECOURSE_OK;
}

static enum recourse_error check_clocks(struct check_context *check, const struct table *table,
	const struct record_walk *walk, const uint8_t *record, struct expected *expected)
{
	for (const struct table_clock *clock = table->clocks; clock->subject != NULL; clock++) {
		struct record_deadline deadline;
		char text[CLOCK_SUBJECT_TEXT_SIZE];
		uint64_t due;
		memcpy(&due, record + clock->due, sizeof due);
		if (due == 0)
			continue;
		struct record_path path =
			record_deadline_path(due, clock->kind, clock->subject(&walk->key, record, text));
		expected->clocks[clock->kind]++;
		TRY(must_exist(check, &path, table->name, "clocks"));
		/* striking it, its record is found by what its row says */
		TRY(record_get(check->state, &path, &deadline, sizeof deadline));
		if (!slice_equal(record_path_slice(&deadline.row), walk->bytes))
			return check_wrong(
				check, "I11: a clock of the table %s names another row", table->name);
	}
	return RECOURSE_OK;
}

static enum recourse_error check_index_count(
	struct check_context *check, enum record_table index, uint64_t left)
{
	struct record_path prefix = record_path_of(index);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0))
		left--;
	if (walk.error == RECOURSE_OK && left != 0)
		return check_wrong(
			check, "I11: the index %s has rows that no record says", tables_at(index)->name);
	return walk.error;
}

static enum recourse_error check_rows(
	struct check_context *check, enum record_table number, struct expected *expected)
{
	const struct table *table = tables_at(number);
	uint64_t record[STATE_VALUE_MAX / sizeof(uint64_t)];
	struct record_path prefix = record_path_of(number);
	if (table->indexes[0].key == NULL && table->clocks[0].subject == NULL)
		return RECOURSE_OK;
	assert(table->size <= sizeof record);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, record, table->size)) {
		TRY(check_indexes(check, table, &walk.key, record, expected));
		TRY(check_clocks(check, table, &walk, (const uint8_t *)record, expected));
	}
	TRY(walk.error);
	for (const struct table_index *index = table->indexes; index->key != NULL; index++)
		TRY(check_index_count(check, index->table, expected->indexes[index->table - RECORD_FIRST]));
	return RECOURSE_OK;
}

static enum recourse_error check_tables(struct check_context *check, const struct check_row *row)
{
	struct record_path prefix = record_path_of(RECORD_DEADLINE);
	struct expected expected = {.clocks = {0}};
	(void)row;
	for (int number = RECORD_FIRST; number < RECORD_END; number++)
		TRY(check_rows(check, (enum record_table)number, &expected));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		if (walk.key.parts[1].number >= CLOCK_KINDS)
			return check_wrong(check, "I11: a clock is set of a kind that there is not");
		expected.clocks[walk.key.parts[1].number]--;
	}
	for (size_t kind = 0; walk.error == RECOURSE_OK && kind < CLOCK_KINDS; kind++) {
		if (expected.clocks[kind] != 0)
			return check_wrong(
				check, "I11: a clock %s is set for no record", clock_name_kinds[kind]);
	}
	return walk.error;
}

static const struct check rows[] = {{.look = check_tables}};
const struct check_group tables_check_rows = CHECK_GROUP(rows);
