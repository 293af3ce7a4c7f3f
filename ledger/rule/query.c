/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "base/try.h"
#include "base/instant.h"
#include "rule/party.h"

bool query_sees_all(const struct query *query)
{
	return (query->actor->roles & QUERY_READ_ALL) != 0;
}

bool query_sees(const struct query *query, slice party)
{
	return query_sees_all(query) || slice_equal(query->actor->party, party);
}

enum recourse_error query_whose(
	struct query *query, const char *field, const struct value *asked, slice *party)
{
	*party = asked->present ? asked->text : slice_text("");
	if (!asked->present && query_sees_all(query))
		return RECOURSE_OK;
	if (!asked->present)
		*party = query->actor->party;
	struct record_path path = record_path_of_text(RECORD_PARTY, *party);
	struct record_party record;
	return query_sees(query, *party) ? query_record(query, field, &path, &record, sizeof record)
					 : query_absent(query, field);
}

const struct value *query_value(const struct query *query, const char *name, enum recourse_field_type *type)
{
	const struct recourse_method *method = &query->row->method;
	for (size_t index = 0; index < method->field_count; index++) {
		if (strcmp(method->fields[index].name, name) == 0) {
			*type = method->fields[index].type;
			return &query->values[index];
		}
	}
	return NULL;
}

enum recourse_error query_absent(struct query *query, const char *field)
{
	return refusal_field(query->refusal, RECOURSE_QUERY_NOT_FOUND, field, NULL);
}

enum recourse_error query_record(
	struct query *query, const char *field, const struct record_path *path, void *record, size_t size)
{
	enum recourse_error error = record_get(query->state, path, record, size);
	return error == RECOURSE_QUERY_NOT_FOUND ? query_absent(query, field) : error;
}

enum recourse_error query_any(struct query *query, const char *field, const struct record_path *prefix)
{
	struct state_walk walk;
	enum recourse_error error =
		state_walk_first(&walk, query->state, record_path_slice(prefix), slice_of(NULL, 0), STATE_UP);
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? query_absent(query, field) : error;
}

enum recourse_error query_decode(const struct state_walk *walk, void *record, size_t size)
{
	return record_read(tables_of(walk->key), walk->value, record, size);
}

slice query_key_text(slice key, size_t index)
{
	slice rest = slice_of(key.data + 2, key.size - 2);
	slice text = slice_text("");
	for (size_t passed = 0; passed <= index; passed++) {
		if (!record_path_take_text(&rest, &text))
			return slice_text("");
	}
	return text;
}

enum recourse_error query_keep(struct query *query, slice from, slice *to)
{
	uint8_t *copy = arena_allocate(query->arena, from.size + 1);
	if (copy == NULL)
		return RECOURSE_MEMORY;
	memcpy(copy, from.data, from.size);
	*to = slice_of(copy, from.size);
	return RECOURSE_OK;
}

enum recourse_error query_unit(struct query *query, const char *field, slice code, struct unit *unit)
{
	struct record_path path = record_path_of_text(RECORD_UNIT, code);
	if (unit_currency(code, unit) == RECOURSE_OK)
		return RECOURSE_OK;
	return query_record(query, field, &path, unit, sizeof *unit);
}

enum recourse_error query_entry_time(struct query *query, uint64_t number, uint64_t *time)
{
	struct entry entry;
	TRY(query_entry(query, number, &entry));
	*time = entry.time;
	return RECOURSE_OK;
}

/* Entries are in the order of their instants: found by halving. */
enum recourse_error query_entries_before(struct query *query, uint64_t time, uint64_t *count)
{
	uint64_t low = 0;
	uint64_t high = query->entries;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		uint64_t found;
		TRY(query_entry_time(query, middle, &found));
		if (found < time)
			low = middle + 1;
		else
			high = middle;
	}
	*count = low;
	return RECOURSE_OK;
}

static enum recourse_error too_early(struct query *query, const char *field)
{
	return refusal_field(
		query->refusal, RECOURSE_QUERY_NOT_FOUND, field, "not before the ledger's first entry");
}

/* No two entries have the same instant: the next nanosecond is where those begin that are later. */
static enum recourse_error find_time(struct query *query, uint64_t time, uint64_t *entry)
{
	uint64_t count;
	TRY(query_entries_before(query, time == UINT64_MAX ? time : time + 1, &count));
	if (count == 0)
		return too_early(query, "time");
	*entry = count - 1;
	return RECOURSE_OK;
}

enum recourse_error query_period_begin(struct query *query, const char *field, uint64_t time, uint64_t *entry)
{
	uint64_t first = 0;
	enum recourse_error error = query_entries_before(query, time, entry);
	if (error == RECOURSE_OK && *entry == query->entries)
		return refusal_field(
			query->refusal, RECOURSE_QUERY_NOT_FOUND, field, "not after the ledger's last entry");
	if (error == RECOURSE_OK && *entry == 0)
		error = query_entry_time(query, 0, &first);
	return error == RECOURSE_OK && first > time ? too_early(query, field) : error;
}

enum recourse_error query_renew(struct query *query)
{
	log_snapshot_close(query->log);
	query->log = NULL;
	state_snapshot_close(query->state);
	query->state = NULL;
	enum recourse_error error = state_snapshot_open(query->state_store, &query->state);
	return error == RECOURSE_OK ? log_snapshot_open(query->log_store, &query->log) : error;
}

enum recourse_error query_as_of(struct query *query, const struct value *values, uint64_t *entry)
{
	const struct value *number = &values[QUERY_AS_OF_ENTRY];
	const struct value *time = &values[QUERY_AS_OF_TIME];
	if (query->entries == 0)
		return query_absent(query, "entry");
	*entry = query->entries - 1;
	if (number->present && time->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "time", "entry or time, not both");
	if (time->present)
		return find_time(query, time->instant, entry);
	if (!number->present)
		return RECOURSE_OK;
	if ((uint64_t)number->integer > *entry)
		return refusal_limit(query->refusal, RECOURSE_QUERY_NOT_FOUND, "entry", "an entry up to %llu",
			(unsigned long long)*entry);
	*entry = (uint64_t)number->integer;
	return RECOURSE_OK;
}

enum recourse_error query_now(struct query *query, uint64_t *now)
{
	if (query->entries == 0)
		return query_absent(query, NULL);
	return query_entry_time(query, query->entries - 1, now);
}

void query_pair_amount(struct buffer *out, const char *name, const struct unit *unit, int64_t steps)
{
	char text[AMOUNT_TEXT_SIZE];
	size_t size = amount_format(unit, steps, text);
	item_write_pair_text(out, name, slice_of(text, size));
}

void query_pair_time(struct buffer *out, const char *name, uint64_t instant)
{
	char text[INSTANT_TEXT_SIZE];
	size_t size = instant_format(instant, text);
	item_write_pair_text(out, name, slice_of(text, size));
}

void query_pair_countdown(struct buffer *out, const char *name, uint64_t instant, uint64_t now)
{
	item_write_pair_integer(out, name, instant > now ? (int64_t)((instant - now) / INSTANT_SECOND) : 0);
}

void query_amount(struct query *query, const char *name, const struct unit *unit, int64_t steps)
{
	query_pair_amount(query->out, name, unit, steps);
}

void query_text(struct query *query, const char *name, slice text)
{
	item_write_pair_text(query->out, name, text);
}

void query_integer(struct query *query, const char *name, uint64_t value)
{
	item_write_pair_integer(query->out, name, (int64_t)value);
}

void query_time(struct query *query, const char *name, uint64_t instant)
{
	query_pair_time(query->out, name, instant);
}

enum recourse_error query_party(struct query *query, const char *name, uint32_t number)
{
	slice id;
	TRY(party_name(query->state, query->arena, number, &id));
	query_text(query, name, id);
	return RECOURSE_OK;
}

enum recourse_error query_key(struct query *query, const char *name, uint32_t number)
{
	slice handle;
	TRY(party_key_name(query->state, query->arena, number, &handle));
	query_text(query, name, handle);
	return RECOURSE_OK;
}

/* ---- pages: where one begins is the rest of a key behind the prefix, in hexadecimal ---- */

static enum recourse_error read_start(
	struct query *query, const struct value *from, struct record_path *start)
{
	if (!from->present)
		return RECOURSE_OK;
	size_t size = from->text.size / 2;
	if (from->text.size % 2 != 0 || start->size + size > sizeof start->bytes ||
		text_from_hex(from->text, start->bytes + start->size, size) != RECOURSE_OK)
		return refusal_field(
			query->refusal, RECOURSE_FIELD_FORMAT, "from", "what `next` of a page gave");
	start->size += size;
	return RECOURSE_OK;
}

enum recourse_error query_cursor_first(struct query *query, struct query_cursor *page,
	const struct record_path *prefix, const struct value *from, const struct value *limit)
{
	struct record_path start = *prefix;
	*page = (struct query_cursor){.prefix = prefix->size, .left = (uint64_t)limit->integer};
	TRY(read_start(query, from, &start));
	page->begun = true;
	return state_walk_first(
		&page->walk, query->state, record_path_slice(prefix), record_path_slice(&start), STATE_UP);
}

enum recourse_error query_cursor_next(struct query *query, struct query_cursor *page)
{
	(void)query;
	enum recourse_error error = state_walk_next(&page->walk);
	if (error != RECOURSE_OK || --page->left > 0)
		return error;
	page->more = true;
	return RECOURSE_QUERY_NOT_FOUND;
}

enum recourse_error query_cursor_end(
	struct query *query, struct query_cursor *page, enum recourse_error error)
{
	char next[2 * STATE_KEY_MAX + 1];
	if (page->more) {
		text_to_hex(page->walk.key.data + page->prefix, page->walk.key.size - page->prefix, next);
		query_text(query, "next", slice_text(next));
	}
	if (page->begun)
		state_walk_end(&page->walk);
	return error == RECOURSE_QUERY_NOT_FOUND && page->begun ? RECOURSE_OK : error;
}

void query_list_close(struct query *query, const char *name, struct query_list *list)
{
	item_write_key(query->out, name);
	item_write_array(query->out, list->count);
	buffer_append(query->out, list->items.data, list->items.size);
	if (buffer_failed(&list->items))
		query->out->failed = true;
	buffer_free(&list->items);
	list->count = 0;
}

enum recourse_error query_entry(struct query *query, uint64_t number, struct entry *entry)
{
	slice bytes;
	TRY(log_read_entry(query->log, number, &bytes));
	return entry_decode(bytes, entry);
}

slice query_reason(const struct entry *entry)
{
	slice reason;
	if (entry_body_text(entry, "reason", &reason) == RECOURSE_OK ||
		entry_carried_text(entry, "reason", &reason) == RECOURSE_OK)
		return reason;
	return slice_text("");
}

void query_entry_pairs(uint64_t number, const struct entry *entry, struct buffer *out)
{
	char time[INSTANT_TEXT_SIZE];
	instant_format(entry->time, time);
	item_write_pair_integer(out, "entry", (int64_t)number);
	item_write_pair_text(out, "time", slice_text(time));
	item_write_pair_text(out, "kind", entry->kind);
	item_write_pair_text(out, "key", entry->key);
	item_write_pair_text(out, "rule", entry->rule);
	item_write_pair_text(out, "policy", entry->policy);
	item_write_pair_text(out, "reason", query_reason(entry));
}

enum recourse_error query_summary(struct query *query, uint64_t number, struct query_list *list)
{
	struct entry entry;
	enum recourse_error error = query_entry(query, number, &entry);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(&list->items);
	query_entry_pairs(number, &entry, &list->items);
	item_map_close(map, &list->items);
	list->count++;
	return RECOURSE_OK;
}

enum recourse_error query_accounts(
	struct query *query, enum chart_code code, slice party, query_account_visitor *visit, void *context)
{
	struct record_path prefix;
	struct state_walk walk;
	record_path_start(&prefix, RECORD_ACCOUNT);
	record_path_short(&prefix, (uint32_t)code);
	record_path_text(&prefix, party);
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct account_name name;
		struct record_account account = {0};
		error = account_name_decode(walk.key, &name);
		if (error == RECOURSE_OK && walk.value.size > sizeof account)
			error = RECOURSE_STORE_CORRUPT;
		if (error != RECOURSE_OK)
			break;
		memcpy(&account, walk.value.data, walk.value.size);
		error = visit(query, &name, &account, context);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

enum recourse_error query_deposit_part(
	struct query *query, enum chart_code code, slice merchant, slice unit, struct record_account *account)
{
	return account_is_summed(code)
		       ? account_sum_get(query->state, code, merchant, unit, account)
		       : account_get(query->state, code, merchant, slice_text(""), unit, account);
}

struct record_path query_subject_path(enum record_table table, slice id)
{
	struct record_path path = record_path_of_short(RECORD_SUBJECT, (uint32_t)table);
	record_path_text(&path, id);
	return path;
}

enum recourse_error query_subject(struct query *query, enum record_table table, slice id,
	const struct query_page *page, query_writer *write)
{
	struct record_path prefix = query_subject_path(table, id);
	struct query_list list = {0};
	struct state_walk walk;
	uint64_t next = 0;
	struct record_path start = prefix;
	record_path_number(&start, page->from);
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), record_path_slice(&start), STATE_UP);
	for (uint64_t seen = 0; error == RECOURSE_OK; seen++) {
		uint64_t number = record_path_last_number(walk.key);
		if (number > page->last)
			break;
		if (seen == page->limit) {
			next = number;
			break;
		}
		error = write(query, number, &list);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	query_list_close(query, "entries", &list);
	if (next != 0)
		query_integer(query, "next", next);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}
