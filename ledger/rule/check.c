/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/check.h"

#include "rule/decision.h"
#include "rule/person.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum recourse_error check_wrong(struct check_context *check, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(check->what, sizeof check->what, format, arguments);
	va_end(arguments);
	return RECOURSE_AUDIT_FAILED;
}

enum recourse_error check_wrong_entry(struct check_context *check, uint64_t entry, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(check->what, sizeof check->what, format, arguments);
	va_end(arguments);
	check->entry_known = true;
	check->wrong_entry = entry;
	return RECOURSE_AUDIT_FAILED;
}

/* ---- looking at rows ---- */

static uint64_t number_at(const void *record, size_t member)
{
	uint64_t number;
	memcpy(&number, (const uint8_t *)record + member, sizeof number);
	return number;
}

static uint32_t short_at(const void *record, size_t member)
{
	uint32_t number;
	memcpy(&number, (const uint8_t *)record + member, sizeof number);
	return number;
}

/* The largest record there is, with what may follow it. */
struct bytes {
	uint64_t numbers[STATE_VALUE_MAX / sizeof(uint64_t)];
};

static enum recourse_error look_at_each(struct check_context *check, const struct check *of)
{
	struct record_path prefix = record_path_of(of->table);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	bool by_key = walk.table->parts[0].kind == TABLE_NUMBER;
	struct bytes record;
	while (record_walk_next(&walk, record.numbers, walk.table->size)) {
		struct check_row row = {
			.key = &walk.key,
			.bytes = walk.bytes,
			.record = record.numbers,
			.entry_known = by_key || of->entry != 0,
			.of = of->of,
		};
		if (row.entry_known)
			row.entry = by_key ? walk.key.parts[0].number : number_at(row.record, of->entry);
		TRY(of->look(check, &row));
	}
	return walk.error;
}

enum recourse_error check_group(struct check_context *check, const struct check_group *group)
{
	for (size_t index = 0; index < group->count; index++) {
		const struct check *of = &group->rows[index];
		const struct check_row once = {.of = of->of};
		TRY(of->table == 0 ? of->look(check, &once) : look_at_each(check, of));
	}
	return RECOURSE_OK;
}

/* ---- what they have in common ---- */

enum recourse_error check_that(
	struct check_context *check, const struct check_row *row, bool holds, const char *what)
{
	if (holds)
		return RECOURSE_OK;
	return row->entry_known ? check_wrong_entry(check, row->entry, "%s", what)
				: check_wrong(check, "%s", what);
}

enum recourse_error check_that_id(struct check_context *check, const struct check_row *row, bool holds,
	const char *of, const char *what)
{
	char text[sizeof check->what];
	if (holds)
		return RECOURSE_OK;
	snprintf(text, sizeof text, "%s%.*s%s", of, SLICE_ARGUMENTS(row->key->parts[0].text), what);
	return check_that(check, row, false, text);
}

enum recourse_error check_found(
	struct check_context *check, const struct check_row *row, enum recourse_error error, const char *what)
{
	return error == RECOURSE_QUERY_NOT_FOUND ? check_that(check, row, false, what) : error;
}

enum recourse_error check_is_about(
	struct check_context *check, enum record_table table, slice id, uint64_t entry, bool *about)
{
	struct record_path path = decision_about_path(table, id);
	record_path_number(&path, entry);
	return record_exists(check->state, &path, about);
}

enum { KEYS_MAX = 16 };

enum recourse_error check_differ(
	struct check_context *check, const uint32_t *keys, size_t count, bool *differ)
{
	uint32_t persons[KEYS_MAX];
	assert(count <= KEYS_MAX);
	*differ = true;
	for (size_t index = 0; index < count; index++) {
		struct record_key key = {.person = 0};
		if (keys[index] != 0)
			TRY(person_key(check->state, keys[index], &key));
		persons[index] = key.person;
		for (size_t other = 0; other < index && key.person != 0; other++)
			*differ = *differ && persons[other] != key.person;
	}
	return RECOURSE_OK;
}

enum recourse_error check_add(
	struct check_context *check, struct check_units *units, unsigned kind, slice unit, int64_t steps)
{
	char code[UNIT_CODE_SIZE + 1] = "";
	size_t index = 0;
	if (unit.size > UNIT_CODE_SIZE)
		return RECOURSE_STORE_CORRUPT;
	memcpy(code, unit.data, unit.size);
	while (index < units->count &&
		(units->rows[index].kind != kind || strcmp(units->rows[index].unit, code) != 0))
		index++;
	if (index == CHECK_UNITS_MAX)
		return check_wrong(check, "more than %d books and units: the audit can not add them up",
			CHECK_UNITS_MAX);
	if (index == units->count) {
		units->rows[index].kind = kind;
		memcpy(units->rows[index].unit, code, sizeof code);
		units->count++;
	}
	units->rows[index].sum += steps;
	return RECOURSE_OK;
}

const struct check_unit *check_remainder(const struct check_units *units)
{
	for (size_t index = 0; index < units->count; index++) {
		if (units->rows[index].sum != 0)
			return &units->rows[index];
	}
	return NULL;
}

/* ---- of one kind ---- */

/* What is left of the sum when all rows are taken off it is nothing. */
enum recourse_error check_sum(struct check_context *check, const struct check_row *row)
{
	const struct check_sum *sum = row->of;
	struct record_path prefix = record_path_of(sum->rows);
	__int128 left = sum->counted ? (__int128)short_at(row->record, sum->sum)
				     : (int64_t)number_at(row->record, sum->sum);
	struct bytes record;
	memcpy(prefix.bytes + prefix.size, row->bytes.data + prefix.size, row->bytes.size - prefix.size);
	prefix.size = row->bytes.size;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, record.numbers, walk.table->size)) {
		if (sum->unless == 0 || number_at(&record, sum->unless) == 0)
			left -= sum->counted ? 1 : (int64_t)number_at(&record, sum->addend);
	}
	TRY(walk.error);
	return check_that_id(check, row, left == 0, sum->of, sum->what);
}

static enum recourse_error add_rows(
	struct check_context *check, enum record_table table, check_addend *of, __int128 *sum)
{
	struct record_path prefix = record_path_of(table);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	struct bytes record;
	*sum = 0;
	while (record_walk_next(&walk, record.numbers, walk.table->size))
		*sum += of(record.numbers);
	return walk.error;
}

enum recourse_error check_totals(struct check_context *check, const struct check_row *row)
{
	const struct check_totals *totals = row->of;
	__int128 sum;
	__int128 other;
	TRY(add_rows(check, totals->table, totals->of, &sum));
	TRY(add_rows(check, totals->other, totals->of_other, &other));
	return check_that(check, row, sum == other, totals->what);
}

enum recourse_error check_persons(struct check_context *check, const struct check_row *row)
{
	const struct check_persons *persons = row->of;
	uint32_t keys[KEYS_MAX];
	size_t count = 0;
	bool differ;
	for (size_t range = 0; range < CHECK_PERSONS_MAX; range++) {
		for (size_t index = 0; index < persons->keys[range].count && count < KEYS_MAX; index++)
			keys[count++] =
				short_at(row->record, persons->keys[range].first + index * sizeof(uint32_t));
	}
	TRY(check_differ(check, keys, count, &differ));
	return check_that(check, row, differ, persons->what);
}

enum recourse_error check_named(struct check_context *check, const struct check_row *row)
{
	const struct check_named *named = row->of;
	uint64_t entry = number_at(row->record, named->member);
	struct record_path path = record_path_of_number(named->table, entry);
	bool there = entry == 0;
	if (!there)
		TRY(record_exists(check->state, &path, &there));
	return check_that(check, row, there, named->what);
}
