/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/view.h"

#include "base/instant.h"
#include "books/day.h"
#include "proof/tree.h"
#include "rule/party.h"

#include <assert.h>
#include <stdio.h>

/* ---- what lies at a place ---- */

static uint64_t number_at(const struct recourse_place *place, const void *at)
{
	if (place->form == VIEW_SIGNED && place->size == sizeof(int32_t))
		return (uint64_t)(int64_t) * (const int32_t *)at;
	switch (place->size) {
	case sizeof(uint8_t):
		return *(const uint8_t *)at;
	case sizeof(uint16_t):
		return *(const uint16_t *)at;
	case sizeof(uint32_t):
		return *(const uint32_t *)at;
	default:
		assert(place->size == sizeof(uint64_t));
		return *(const uint64_t *)at;
	}
}

static amount_sum amount_at(const struct recourse_place *place, const void *at)
{
	return place->form == VIEW_SUM ? *(const amount_sum *)at : (int64_t)number_at(place, at);
}

static slice plain_text(const struct recourse_place *place, const void *at)
{
	const char *const *word = at;
	if (place->form == VIEW_SLICE)
		return *(const slice *)at;
	if (place->form == VIEW_WORD)
		return slice_text(*word == NULL ? "" : *word);
	assert(place->form == VIEW_CHARS || place->form == VIEW_UNIT);
	return place->form == VIEW_UNIT ? unit_code(at) : slice_of(at, strnlen(at, place->size));
}

static enum recourse_error text_at(
	struct query *query, const struct recourse_place *place, const void *at, slice *text)
{
	if (place->form == VIEW_PARTY)
		return party_name(query->state, query->arena, *(const uint32_t *)at, text);
	if (place->form == VIEW_KEY)
		return party_key_name(query->state, query->arena, *(const uint32_t *)at, text);
	*text = plain_text(place, at);
	return RECOURSE_OK;
}

static bool is_absent(const struct recourse_place *place, const void *at)
{
	if (place->form <= VIEW_UNIT)
		return plain_text(place, at).size == 0;
	if (place->form == VIEW_SIGNED || place->form == VIEW_SUM)
		return amount_at(place, at) == VIEW_NONE;
	if (place->visit != NULL)
		return ((const struct view_range *)at)->prefix.size == 0;
	return place->form <= VIEW_SINCE && number_at(place, at) == 0;
}

/* ---- values ---- */

enum { VALUE_SIZE = 2 * CRYPTO_HASH_SIZE + 1 }; /* the longest: a hash in hexadecimal */

static slice format_hash(const uint8_t *bytes, char text[static VALUE_SIZE])
{
	text_to_hex(bytes, CRYPTO_HASH_SIZE, text);
	return slice_of(text, VALUE_SIZE - 1);
}

static enum recourse_error write_text(
	struct query *query, const struct recourse_column *column, const void *at)
{
	slice text;
	TRY(text_at(query, column->place, at, &text));
	item_write_text(query->out, text);
	return RECOURSE_OK;
}

static enum recourse_error write_choice(
	struct query *query, const struct recourse_column *column, const void *at)
{
	if (column->place->form == VIEW_WORD)
		return write_text(query, column, at);
	uint64_t number = number_at(column->place, at);
	for (uint64_t index = 0; index <= number; index++)
		assert(column->choices[index] != NULL);
	item_write_text(query->out, slice_text(column->choices[number]));
	return RECOURSE_OK;
}

static void write_set(struct buffer *out, const struct recourse_column *column, uint64_t bits)
{
	item_write_array(out, (uint64_t)__builtin_popcountll(bits));
	for (size_t bit = 0; column->choices[bit] != NULL; bit++) {
		if ((bits >> bit & 1) != 0)
			item_write_text(out, slice_text(column->choices[bit]));
	}
}

static void write_hashes(struct buffer *out, const struct tree_proof *proof)
{
	char text[VALUE_SIZE];
	item_write_array(out, proof->count);
	for (uint32_t index = 0; index < proof->count; index++)
		item_write_text(out, format_hash(proof->hashes[index].bytes, text));
}

static int64_t span_at(const struct query *query, const struct recourse_column *column, const void *at)
{
	uint64_t instant = number_at(column->place, at);
	bool since = column->place->form == VIEW_SINCE;
	uint64_t from = since ? instant : query->now;
	uint64_t to = since ? query->now : instant;
	uint64_t unit = column->type == RECOURSE_COLUMN_HOURS ? INSTANT_HOUR : INSTANT_SECOND;
	return to > from ? (int64_t)((to - from) / unit) : 0;
}

/* ---- walks ---- */

enum recourse_error view_record(const struct record_walk *walk, void *record, size_t size)
{
	return record_read(walk->table, walk->value, record, size);
}

static size_t last_part(const struct table *table)
{
	size_t count = 0;
	while (table->parts[count].name != NULL)
		count++;
	return count - 1;
}

uint64_t view_last_number(const struct record_walk *walk)
{
	return walk->key.parts[last_part(walk->table)].number;
}

slice view_last_text(const struct record_walk *walk)
{
	return walk->key.parts[last_part(walk->table)].text;
}

/* What a walk has shown of its range, and what its `next` is. */
struct progress {
	const struct view_range *range;
	enum recourse_field_type token;
	uint64_t shown;
	uint64_t looked;
};

/* The walk's key is gone when the reply is written. */
static enum recourse_error keep_next(
	struct query *query, const struct record_walk *walk, enum recourse_field_type token)
{
	char hex[2 * STATE_KEY_MAX + 1];
	slice key = walk->bytes;
	size_t begun = walk->prefix.size;
	if (token == RECOURSE_FIELD_INTEGER) {
		query->next_entry = view_last_number(walk);
		return RECOURSE_OK;
	}
	text_to_hex(key.data + begun, key.size - begun, hex);
	return arena_copy(query->arena, token == RECOURSE_FIELD_ID ? view_last_text(walk) : slice_text(hex),
		&query->next);
}

/* What is shown of one key too many is taken back: only so is it known that the next page begins there. */
static enum recourse_error show_key(struct view_rows *rows, const struct record_walk *walk,
	view_visitor *visit, struct progress *progress, bool *over)
{
	const struct view_range *range = progress->range;
	struct buffer *out = rows->query->out;
	uint64_t count = rows->count;
	size_t size = out->size;
	bool enough = range->looks != 0 && progress->looked == range->looks;
	*over = enough && !range->skips;
	if (*over)
		return keep_next(rows->query, walk, progress->token);
	enum recourse_error error = visit(rows, walk);
	if (error == RECOURSE_QUERY_NOT_FOUND && rows->query->refusal->error == RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT; /* named by a key, and not there */
	TRY(error);
	if (rows->beyond.size > 0)
		return RECOURSE_OK;
	progress->looked++;
	progress->shown += rows->count > count;
	*over = enough || (range->limit != 0 && progress->shown > range->limit);
	if (!*over)
		return RECOURSE_OK;
	rows->count = count;
	out->size = size;
	return keep_next(rows->query, walk, progress->token);
}

static enum recourse_error walk_on(struct view_rows *rows, const struct record_path *start,
	view_visitor *visit, struct progress *progress)
{
	const struct view_range *range = progress->range;
	bool over = false;
	rows->beyond.size = 0;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(
		rows->query->state, &range->prefix, start, range->latest ? STATE_DOWN : STATE_UP);
	while (!over && rows->beyond.size == 0 && record_walk_next(&walk, NULL, 0)) {
		if (range->last != 0 && view_last_number(&walk) > range->last)
			return RECOURSE_OK;
		TRY(show_key(rows, &walk, visit, progress, &over));
	}
	return walk.error;
}

static enum recourse_error walk_keys(struct view_rows *rows, const struct view_range *range,
	view_visitor *visit, enum recourse_field_type token)
{
	struct progress progress = {.range = range, .token = token};
	struct record_path start = range->start;
	do {
		TRY(walk_on(rows, &start, visit, &progress));
		start = rows->beyond;
	} while (start.size > 0);
	return RECOURSE_OK;
}

enum recourse_error view_walk(struct view_rows *rows, const struct view_range *range, view_visitor *visit)
{
	return walk_keys(rows, range, visit, RECOURSE_FIELD_INTEGER);
}

static enum recourse_error read_token(struct query *query, const struct value *from,
	enum recourse_field_type type, struct record_path *start)
{
	size_t size = from->text.size / 2;
	if (type == RECOURSE_FIELD_INTEGER)
		record_path_number(start, (uint64_t)from->integer);
	else if (type == RECOURSE_FIELD_ID)
		record_path_text(start, from->text);
	else if (from->text.size % 2 != 0 || start->size + size > sizeof start->bytes ||
		 text_from_hex(from->text, start->bytes + start->size, size) != RECOURSE_OK)
		return refusal_field(
			query->refusal, RECOURSE_FIELD_FORMAT, "from", "what `next` of a page gave");
	else
		start->size += size;
	return RECOURSE_OK;
}

enum recourse_error view_page(struct view_rows *rows, const struct view_range *range, view_visitor *visit)
{
	struct query *query = rows->query;
	const struct recourse_method *method = &query->row->method;
	size_t field = field_index(method, "from");
	enum recourse_field_type type = method->fields[field].type;
	const struct value *from = &query->values[field];
	struct view_range page = *range;
	page.limit = (uint64_t)query->values[field_index(method, "limit")].integer;
	if (page.looks == 0)
		page.looks = VIEW_LOOKS_MAX;
	if (from->present && page.start.size == 0) {
		page.start = page.prefix;
		TRY(read_token(query, from, type, &page.start));
		if (type == RECOURSE_FIELD_ID)
			TRY(query_any(query, "from", &page.start));
	}
	return walk_keys(rows, &page, visit, type);
}

/* ---- rows ---- */

static enum recourse_error write_map(
	struct query *query, const struct recourse_column *columns, size_t count, const void *row)
{
	struct item_map map = item_map_open(query->out);
	TRY(view_write(query, columns, count, row));
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

enum recourse_error view_add(struct view_rows *rows, const void *row)
{
	rows->count++;
	return write_map(rows->query, rows->columns, rows->column_count, row);
}

/* A list beside the page has no `next`, however much of it is shown. */
static enum recourse_error walk_beside(
	struct view_rows *rows, const struct view_range *range, view_visitor *visit)
{
	struct query *query = rows->query;
	const slice next = query->next;
	const uint64_t next_entry = query->next_entry;
	enum recourse_error error = view_walk(rows, range, visit);
	query->next = next;
	query->next_entry = next_entry;
	return error;
}

static enum recourse_error write_rows(
	struct query *query, const struct recourse_column *column, const void *above)
{
	const struct recourse_place *place = column->place;
	struct view_rows rows = {.query = query,
		.columns = column->members,
		.column_count = column->member_count,
		.above = above};
	size_t array = query->out->size;
	const struct view_range *range = (const void *)((const uint8_t *)above + place->offset);
	if (place->list != NULL)
		TRY(place->list(&rows));
	else if (place->paged)
		TRY(view_page(&rows, range, place->visit));
	else
		TRY(walk_beside(&rows, range, place->visit));
	item_array_close(array, rows.count, query->out);
	return RECOURSE_OK;
}

/* Texts that are made of numbers; an amount's unit is in the same row. */
static slice format_value(const struct recourse_column *column, const uint8_t *row, const void *at,
	char text[static VALUE_SIZE])
{
	const struct recourse_place *place = column->place;
	if (column->type == RECOURSE_COLUMN_HASH)
		return format_hash(at, text);
	if (column->type == RECOURSE_COLUMN_AMOUNT)
		return slice_of(text,
			amount_format_sum((const void *)(row + place->unit), amount_at(place, at), text));
	uint64_t number = number_at(place, at);
	if (column->type == RECOURSE_COLUMN_TIME)
		return slice_of(text, instant_format(number, text));
	if (column->type == RECOURSE_COLUMN_DAY)
		day_format(number, text);
	else
		snprintf(text, VALUE_SIZE, "%llu.%02llu", (unsigned long long)number / 100,
			(unsigned long long)number % 100);
	return slice_text(text);
}

static enum recourse_error write_value(
	struct query *query, const struct recourse_column *column, const uint8_t *row, const void *at)
{
	const struct recourse_place *place = column->place;
	char text[VALUE_SIZE];
	switch (column->type) {
	case RECOURSE_COLUMN_TEXT:
	case RECOURSE_COLUMN_ID:
	case RECOURSE_COLUMN_UNIT:
	case RECOURSE_COLUMN_KEY:
	case RECOURSE_COLUMN_HANDLE:
		return write_text(query, column, at);
	case RECOURSE_COLUMN_CHOICE:
		return write_choice(query, column, at);
	case RECOURSE_COLUMN_MAP:
		return write_map(query, column->members, column->member_count, at);
	case RECOURSE_COLUMN_ROWS:
		return write_rows(query, column, row);
	case RECOURSE_COLUMN_SET:
		write_set(query->out, column, number_at(place, at));
		break;
	case RECOURSE_COLUMN_INTEGER:
	case RECOURSE_COLUMN_ENTRY:
		item_write_integer(query->out, (int64_t)number_at(place, at));
		break;
	case RECOURSE_COLUMN_SECONDS:
	case RECOURSE_COLUMN_HOURS:
		item_write_integer(query->out, span_at(query, column, at));
		break;
	case RECOURSE_COLUMN_AMOUNT:
	case RECOURSE_COLUMN_PERCENT:
	case RECOURSE_COLUMN_TIME:
	case RECOURSE_COLUMN_DAY:
	case RECOURSE_COLUMN_HASH:
		item_write_text(query->out, format_value(column, row, at, text));
		break;
	case RECOURSE_COLUMN_HASHES:
		write_hashes(query->out, at);
		break;
	case RECOURSE_COLUMN_BYTES:
		item_write_bytes(query->out, *(const slice *)at);
		break;
	}
	return RECOURSE_OK;
}

enum recourse_error view_write(
	struct query *query, const struct recourse_column *columns, size_t count, const void *row)
{
	for (size_t index = 0; index < count; index++) {
		const struct recourse_column *column = &columns[index];
		const uint8_t *from = column->place->of_query ? (const void *)query : row;
		const uint8_t *at = from + column->place->offset;
		if (column->optional && is_absent(column->place, at))
			continue;
		item_write_key(query->out, column->name);
		TRY(write_value(query, column, row, at));
	}
	return RECOURSE_OK;
}

enum recourse_error view_run(struct query *query, const struct query_row *row)
{
	query->row = row;
	query->as_of = query->entries - 1;
	if (query->actor != NULL)
		TRY(query_entry_time(query, query->as_of, &query->now));
	void *found = arena_allocate(query->arena, row->size);
	if (found == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error = row->find == NULL ? RECOURSE_OK : row->find(query, found);
	if (error == RECOURSE_OK)
		error = write_map(query, row->method.columns, row->method.column_count, found);
	bool refused = query->refusal->error != RECOURSE_OK;
	return error == RECOURSE_QUERY_NOT_FOUND && !refused ? RECOURSE_STORE_CORRUPT : error;
}
