/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/exit_view.h"

#include "base/try.h"
#include "rules/deposit/exit.h"
#include "rules/incident/incident.h"
#include "base/instant.h"
#include "rule/party.h"

/*
 * Merchants' exits (A5): where each stands, what is held and kept back and why, what comes next and when. Ages and
 * countdowns are as of the last entry: no clock of a reader's host comes into it.
 */
enum { EXITS_MERCHANT, EXITS_OVERDUE, EXITS_FROM, EXITS_LIMIT };
static const char *const no_yes[] = {"no", "yes", NULL};
static const struct recourse_field exits_fields[] = {
	[EXITS_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	[EXITS_OVERDUE] = FIELD_OPTIONAL_CHOICE("overdue", no_yes, "yes: only those that are; no if absent"),
	[EXITS_FROM] = FIELD_OPTIONAL(ID, "from", "first exit of the page, as `next` gave it"),
	[EXITS_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most exits of a page"),
};

struct exits {
	struct query_list list;
	uint64_t now; /* of the last entry */
};

/* ---- what is kept back ---- */

static enum recourse_error write_item(
	const struct state_walk *walk, size_t prefix, const struct exit_view *exit, struct query_list *items)
{
	struct record_exit_item item = {0};
	if (walk->value.size > sizeof item || walk->key.size < prefix + 1)
		return RECOURSE_STORE_CORRUPT;
	memcpy(&item, walk->value.data, walk->value.size);
	struct item_map map = item_map_open(&items->items);
	item_write_pair_text(&items->items, "exit", exit->id);
	item_write_pair_text(
		&items->items, "item", slice_of(walk->key.data + prefix, walk->key.size - prefix - 1));
	query_pair_amount(&items->items, "amount", &exit->record.unit, item.amount);
	item_write_pair_text(&items->items, "reason", RECORD_TEXT(item.reason));
	item_write_pair_integer(&items->items, "entry", (int64_t)item.entry);
	item_write_pair_text(
		&items->items, "state", slice_text(item.released_entry == 0 ? "retained" : "released"));
	item_map_close(map, &items->items);
	items->count++;
	return RECOURSE_OK;
}

enum recourse_error exit_view_items(
	struct query *query, const struct exit_view *exit, struct query_list *items)
{
	struct record_path prefix = record_path_of_text(RECORD_EXIT_ITEM, exit->id);
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = write_item(&walk, prefix.size, exit, items);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* The first incident that blocks it; the count of all is beside it. */
static enum recourse_error write_block(struct query *query, slice id, struct buffer *out)
{
	struct record_path prefix = record_path_of_text(RECORD_EXIT_BLOCK, id);
	struct record_incident incident;
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	uint32_t number = error == RECOURSE_OK ? (uint32_t)record_path_last_number(walk.key) : 0;
	state_walk_end(&walk);
	if (error == RECOURSE_OK)
		error = incident_load(query->state, number, &incident);
	if (error == RECOURSE_OK)
		item_write_pair_text(out, "blocked_by", RECORD_TEXT(incident.id));
	return error;
}

/* ---- what comes next ---- */

uint64_t exit_view_next(const struct exit_view *exit, const char **name)
{
	const struct record_exit *record = &exit->record;
	switch ((enum exit_state)record->state) {
	case EXIT_NOTICE:
		*name = "tail";
		return record->notice_ends;
	case EXIT_TAIL:
		*name = "offset";
		return record->tail_ends;
	case EXIT_OFFSET:
	case EXIT_REFUNDED:
		*name = record->due == 0 ? "none" : "refund";
		return record->due;
	case EXIT_REQUESTED:
		break;
	}
	*name = "notice";
	return record->requested;
}

static void write_next(const struct exit_view *exit, uint64_t now, struct buffer *out)
{
	const struct record_exit *record = &exit->record;
	const char *name;
	uint64_t due = exit_view_next(exit, &name);
	item_write_pair_text(out, "next_step", slice_text(name));
	if (due != 0) {
		query_pair_time(out, "next_due", due);
		query_pair_countdown(out, "next_seconds", due, now);
	}
	item_write_pair_text(out, "overdue", slice_text(record->overdue_entry == 0 ? "no" : "yes"));
	if (record->overdue_entry == 0)
		return;
	item_write_pair_integer(out, "overdue_entry", (int64_t)record->overdue_entry);
	item_write_pair_integer(out, "overdue_seconds",
		now > record->due ? (int64_t)((now - record->due) / INSTANT_SECOND) : 0);
}

/* ---- one exit ---- */

enum recourse_error exit_view_read(struct query *query, slice merchant, slice id, struct exit_view *exit)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, id);
	struct record_account account;
	*exit = (struct exit_view){.id = id, .merchant = merchant};
	enum recourse_error error = record_get(query->state, &path, &exit->record, sizeof exit->record);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	error = account_get(
		query->state, CHART_DEPOSIT_EXIT, merchant, id, unit_code(&exit->record.unit), &account);
	exit->held = error == RECOURSE_OK ? -account.balance : 0;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

enum recourse_error exit_view_pairs(
	struct query *query, const struct exit_view *exit, uint64_t now, struct buffer *out)
{
	const struct record_exit *record = &exit->record;
	item_write_pair_text(out, "exit", exit->id);
	item_write_pair_text(out, "unit", unit_code(&record->unit));
	item_write_pair_text(out, "state", slice_text(life_state_name(LIFE_EXIT, record->state)));
	item_write_pair_integer(out, "entry", (int64_t)record->entry);
	query_pair_amount(out, "held", &record->unit, exit->held);
	query_pair_amount(out, "retained", &record->unit, record->retained);
	query_pair_amount(out, "refundable", &record->unit, exit_refundable(record, exit->held));
	query_pair_amount(out, "refunded", &record->unit, record->refunded);
	write_next(exit, now, out);
	item_write_pair_integer(out, "blocks", record->blocks);
	return record->blocks > 0 ? write_block(query, exit->id, out) : RECOURSE_OK;
}

/* What report.exits says beyond that: the terms, the days, and the items inside. */
static enum recourse_error write_exit(struct query *query, slice merchant, slice id, struct exits *exits)
{
	struct buffer *out = &exits->list.items;
	struct query_list items = {0};
	struct exit_view exit;
	enum recourse_error error = exit_view_read(query, merchant, id, &exit);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "merchant", merchant);
	item_write_pair_text(out, "policy", RECORD_TEXT(exit.record.policy));
	item_write_pair_integer(out, "version", exit.record.policy_version);
	query_pair_time(out, "requested", exit.record.requested);
	query_pair_time(out, "notice_ends", exit.record.notice_ends);
	query_pair_time(out, "tail_ends", exit.record.tail_ends);
	error = exit_view_pairs(query, &exit, exits->now, out);
	if (error == RECOURSE_OK)
		error = exit_view_items(query, &exit, &items);
	item_write_key(out, "items");
	item_write_array(out, items.count);
	buffer_append(out, items.items.data, items.items.size);
	out->failed |= buffer_failed(&items.items);
	buffer_free(&items.items);
	item_map_close(map, out);
	exits->list.count++;
	return error;
}

/* ---- report.exits ---- */

/* The key of the walk: table, merchant, exit, each text ended by a zero byte. */
static enum recourse_error write_listed(
	struct query *query, slice key, uint64_t limit, struct exits *exits, slice *next)
{
	const uint8_t *end = memchr(key.data + 1, 0, key.size - 1);
	if (end == NULL || end + 2 > key.data + key.size)
		return RECOURSE_STORE_CORRUPT;
	slice merchant = slice_of(key.data + 1, (size_t)(end - key.data - 1));
	slice id = slice_of(end + 1, (size_t)(key.data + key.size - end - 2));
	if (exits->list.count < limit)
		return write_exit(query, merchant, id, exits);
	uint8_t *copy = arena_allocate(query->arena, id.size);
	if (copy == NULL)
		return RECOURSE_MEMORY;
	memcpy(copy, id.data, id.size);
	*next = slice_of(copy, id.size);
	return RECOURSE_OK;
}

static enum recourse_error walk_exits(struct query *query, const struct record_path *prefix,
	const struct record_path *start, struct exits *exits, slice *next)
{
	struct state_walk walk;
	uint64_t limit = (uint64_t)query->values[EXITS_LIMIT].integer;
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(prefix), record_path_slice(start), STATE_UP);
	while (error == RECOURSE_OK && next->size == 0) {
		error = write_listed(query, walk.key, limit, exits, next);
		if (error == RECOURSE_OK && next->size == 0)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* Whose exits: the one that is asked for, and the key's own where it may not see all. */
static enum recourse_error find_prefix(
	struct query *query, enum record_table table, struct record_path *prefix)
{
	const struct value *merchant = &query->values[EXITS_MERCHANT];
	struct record_party party;
	record_path_start(prefix, table);
	if (!merchant->present) {
		if ((query->actor->roles & QUERY_READ_ALL) == 0)
			record_path_text(prefix, query->actor->party);
		return RECOURSE_OK;
	}
	if (!query_sees(query, merchant->text))
		return query_absent(query, "merchant");
	struct record_path path = record_path_of_text(RECORD_PARTY, merchant->text);
	record_path_text(prefix, merchant->text);
	return query_record(query, "merchant", &path, &party, sizeof party);
}

static enum recourse_error find_start(struct query *query, enum record_table table,
	const struct record_path *prefix, struct record_path *start)
{
	slice id = query->values[EXITS_FROM].text;
	struct record_path path = record_path_of_text(RECORD_EXIT, id);
	struct record_exit record;
	slice merchant;
	TRY(query_record(query, "from", &path, &record, sizeof record));
	TRY(party_name(query->state, query->arena, record.merchant, &merchant));
	*start = record_path_of_text(table, merchant);
	record_path_text(start, id);
	if (start->size < prefix->size || memcmp(start->bytes, prefix->bytes, prefix->size) != 0)
		return query_absent(query, "from");
	return RECOURSE_OK;
}

/* How many of all exits are overdue, and what should have been paid: a row for each unit, however many exits. */
static enum recourse_error write_overdue(struct query *query)
{
	struct record_path prefix = record_path_of_text(RECORD_EXIT_OVERDUE, slice_text(""));
	struct query_list list = {0};
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_exit_overdue all = {0};
		struct unit unit;
		slice code = slice_of(walk.key.data + prefix.size, walk.key.size - prefix.size - 1);
		memcpy(&all, walk.value.data, walk.value.size < sizeof all ? walk.value.size : sizeof all);
		error = query_unit(query, "overdue", code, &unit);
		if (error != RECOURSE_OK)
			break;
		struct item_map map = item_map_open(&list.items);
		item_write_pair_text(&list.items, "unit", code);
		item_write_pair_integer(&list.items, "exits", (int64_t)all.exits);
		query_pair_amount(&list.items, "amount", &unit, all.steps);
		item_map_close(map, &list.items);
		list.count++;
		error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	query_list_close(query, "overdue", &list);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* Where a page begins: at an exit, or behind the sums, which have no merchant, and so stand in front. */
static enum recourse_error find_range(
	struct query *query, enum record_table table, struct record_path *prefix, struct record_path *start)
{
	TRY(find_prefix(query, table, prefix));
	if (query->values[EXITS_FROM].present)
		return find_start(query, table, prefix, start);
	*start = *prefix;
	if (prefix->size == 1)
		start->bytes[start->size++] = 1;
	return RECOURSE_OK;
}

static enum recourse_error run_exits(struct query *query)
{
	const struct value *overdue = &query->values[EXITS_OVERDUE];
	bool only = overdue->present && overdue->integer == 1;
	enum record_table table = only ? RECORD_EXIT_OVERDUE : RECORD_EXIT_LIST;
	struct exits exits = {0};
	struct record_path prefix;
	struct record_path start;
	slice next = slice_text("");
	enum recourse_error error = find_range(query, table, &prefix, &start);
	if (error == RECOURSE_OK)
		error = query_entry_time(query, query->entries - 1, &exits.now);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = walk_exits(query, &prefix, &start, &exits, &next);
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", exits.now);
	query_list_close(query, "exits", &exits.list);
	if (next.size > 0)
		query_text(query, "next", next);
	if (error == RECOURSE_OK && (query->actor->roles & QUERY_READ_ALL) != 0)
		error = write_overdue(query);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("report.exits", QUERY_READ_OWN, exits_fields, run_exits,
		"merchants' exits: what is held, retained, refundable, next and overdue"),
};
const struct query_group exit_view_group = {rows, sizeof rows / sizeof rows[0]};
