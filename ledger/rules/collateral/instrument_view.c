/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_collateral.h"
#include "books/record_incident.h"
#include "books/record_party.h"
#include "base/try.h"
#include "rules/incident/incident.h"
#include "base/instant.h"
#include "rules/collateral/instrument_call.h"
#include "base/text.h"

/*
 * Instruments (A6): what is left of each, how long it stands, what was called from it and what came. Times to run and
 * ages are as of the last entry: no clock of a reader's host comes into it.
 */
static void write_seconds(struct buffer *out, const char *name, uint64_t from, uint64_t to)
{
	item_write_pair_integer(out, name, to > from ? (int64_t)((to - from) / INSTANT_SECOND) : 0);
}

/* ---- what was called from it, incident by incident ---- */

static void write_call(slice id, const struct record_incident *incident,
	const struct record_instrument_call *record, uint64_t now, struct query_list *calls)
{
	struct buffer *out = &calls->items;
	const struct unit *unit = &incident->unit;
	int64_t unpaid = instrument_call_unpaid(record);
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "instrument", id);
	item_write_pair_text(out, "incident", RECORD_TEXT(incident->id));
	query_pair_amount(out, "called", unit, record->called);
	query_pair_amount(out, "paid", unit, record->paid);
	query_pair_amount(out, "refused", unit, record->refused);
	query_pair_amount(out, "used", unit, record->used);
	query_pair_amount(out, "returned", unit, record->returned);
	query_pair_amount(out, "unused", unit, instrument_call_unused(record));
	query_pair_amount(out, "unpaid", unit, unpaid);
	item_write_pair_integer(out, "last_entry", (int64_t)record->last_entry);
	if (unpaid > 0) {
		item_write_pair_integer(out, "unpaid_entry", (int64_t)record->entry);
		write_seconds(out, "unpaid_seconds", record->since, now);
	}
	item_map_close(map, out);
	calls->count++;
}

static enum recourse_error write_calls(
	struct query *query, const struct instrument *instrument, uint64_t now, struct query_list *calls)
{
	struct record_path prefix = instrument_list_path(INSTRUMENT_LIST_CALLS, instrument->id);
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, query->state, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		uint32_t number = (uint32_t)record_path_last_number(walk.key);
		struct record_instrument_call record;
		struct record_incident incident;
		error = incident_load(query->state, number, &incident);
		if (error == RECOURSE_OK)
			error = instrument_call_read(query->state, number, instrument, &record);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			error = RECOURSE_STORE_CORRUPT;
		if (error == RECOURSE_OK)
			write_call(instrument->id, &incident, &record, now, calls);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* The pairs of one instrument, in an open map. */
static void write_pairs(const struct instrument *instrument, uint64_t now, struct buffer *out)
{
	const struct record_instrument *record = &instrument->record;
	const struct unit *unit = &record->unit;
	item_write_pair_text(out, "instrument", instrument->id);
	item_write_pair_text(out, "kind", slice_text(instrument_kind_names[record->kind]));
	item_write_pair_text(out, "merchant", instrument->merchant);
	item_write_pair_text(out, "provider", instrument->provider);
	item_write_pair_text(out, "unit", unit_code(unit));
	item_write_pair_text(out, "state", slice_text(life_state_name(LIFE_INSTRUMENT, record->state)));
	item_write_pair_integer(out, "draw", record->draw);
	query_pair_amount(out, "limit", unit, record->limit);
	query_pair_amount(out, "left", unit, record->left);
	query_pair_amount(out, "called", unit, record->called);
	query_pair_amount(out, "given_back", unit, record->given_back);
	query_pair_amount(out, "lapsed", unit, record->lapsed);
	if (record->claim_limit > 0)
		query_pair_amount(out, "claim_limit", unit, record->claim_limit);
	query_pair_amount(out, "deductible", unit, record->deductible);
	query_pair_time(out, "expires", record->expires);
	write_seconds(out, "expires_seconds", now, record->expires);
	item_write_pair_integer(out, "entry", (int64_t)record->entry);
	if (record->ended_entry != 0)
		item_write_pair_integer(out, "ended_entry", (int64_t)record->ended_entry);
}

/* ---- instrument.get ---- */

enum { GET_INSTRUMENT };
static const struct recourse_field get_fields[] = {FIELD(ID, "instrument", "its id")};

static enum recourse_error run_get(struct query *query)
{
	slice id = query->values[GET_INSTRUMENT].text;
	struct instrument instrument;
	struct query_list calls = {0};
	char hash[2 * sizeof instrument.record.document_hash + 1];
	uint64_t now = 0;
	enum recourse_error error = instrument_read(query->state, query->arena, id, &instrument);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return query_absent(query, "instrument");
	if (error == RECOURSE_OK && !query_sees(query, instrument.merchant) &&
		!query_sees(query, instrument.provider))
		return query_absent(query, "instrument");
	if (error == RECOURSE_OK)
		error = query_entry_time(query, query->entries - 1, &now);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", now);
	write_pairs(&instrument, now, query->out);
	text_to_hex(instrument.record.document_hash, sizeof instrument.record.document_hash, hash);
	query_text(query, "document_hash", slice_text(hash));
	error = write_calls(query, &instrument, now, &calls);
	query_list_close(query, "calls", &calls);
	if (error == RECOURSE_OK)
		error = query_subject(query, RECORD_INSTRUMENT, id,
			&(struct query_page){.last = UINT64_MAX, .limit = 100}, query_summary);
	item_map_close(map, query->out);
	return error;
}

/* ---- report.instruments ---- */

enum { REPORT_MERCHANT, REPORT_FROM, REPORT_LIMIT };
static const struct recourse_field report_fields[] = {
	[REPORT_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	[REPORT_FROM] = FIELD_OPTIONAL(ID, "from", "first instrument of the page, as `next` gave it"),
	[REPORT_LIMIT] = FIELD_PRESET("limit", 1, 50, 20, "most instruments of a page"),
};

struct report {
	struct query_list list;
	struct query_list calls;
	struct record_path prefix;
	uint64_t now; /* of the last entry */
	slice next;
};

/* A party's list has those that it secures itself by, and those that it provides: both may see them. */
static bool is_asked_for(const struct query *query, const struct instrument *instrument)
{
	const struct value *merchant = &query->values[REPORT_MERCHANT];
	return !merchant->present || slice_equal(instrument->merchant, merchant->text);
}

static enum recourse_error write_listed(struct query *query, slice key, struct report *report)
{
	struct instrument instrument;
	size_t size = key.size - report->prefix.size - 1;
	uint8_t *id = arena_allocate(query->arena, size);
	if (id == NULL)
		return RECOURSE_MEMORY;
	memcpy(id, key.data + report->prefix.size, size);
	enum recourse_error error =
		instrument_read(query->state, query->arena, slice_of(id, size), &instrument);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	if (!is_asked_for(query, &instrument))
		return RECOURSE_OK;
	if (report->list.count == (uint64_t)query->values[REPORT_LIMIT].integer) {
		report->next = instrument.id;
		return RECOURSE_OK;
	}
	struct item_map map = item_map_open(&report->list.items);
	write_pairs(&instrument, report->now, &report->list.items);
	item_map_close(map, &report->list.items);
	report->list.count++;
	return write_calls(query, &instrument, report->now, &report->calls);
}

static enum recourse_error walk_instruments(struct query *query, struct report *report)
{
	const struct value *from = &query->values[REPORT_FROM];
	struct record_path start = report->prefix;
	struct state_walk walk;
	if (from->present)
		record_path_text(&start, from->text);
	enum recourse_error error = state_walk_first(&walk, query->state, record_path_slice(&report->prefix),
		from->present ? record_path_slice(&start) : slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK && report->next.size == 0) {
		error = write_listed(query, walk.key, report);
		if (error == RECOURSE_OK && report->next.size == 0)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* The table of all, or the list of one party: the one that is asked for, or the key's own where it may not see all. */
static enum recourse_error find_prefix(struct query *query, struct record_path *prefix)
{
	const struct value *merchant = &query->values[REPORT_MERCHANT];
	struct record_party party;
	if (!merchant->present && (query->actor->roles & QUERY_READ_ALL) != 0) {
		record_path_start(prefix, RECORD_INSTRUMENT);
		return RECOURSE_OK;
	}
	slice whose = merchant->present ? merchant->text : query->actor->party;
	struct record_path path = record_path_of_text(RECORD_PARTY, whose);
	*prefix = instrument_list_path(INSTRUMENT_LIST_PARTY, whose);
	if (!query_sees(query, whose))
		return query_absent(query, "merchant");
	return query_record(query, "merchant", &path, &party, sizeof party);
}

/* A page begins with an instrument of the list, or the reader has made it up. */
static enum recourse_error check_start(struct query *query, const struct record_path *prefix)
{
	const struct value *from = &query->values[REPORT_FROM];
	struct record_path start = *prefix;
	slice value;
	if (!from->present)
		return RECOURSE_OK;
	record_path_text(&start, from->text);
	enum recourse_error error = state_get(query->state, record_path_slice(&start), &value);
	return error == RECOURSE_QUERY_NOT_FOUND ? query_absent(query, "from") : error;
}

static enum recourse_error run_report(struct query *query)
{
	struct report report = {.next = slice_text("")};
	enum recourse_error error = find_prefix(query, &report.prefix);
	if (error == RECOURSE_OK)
		error = check_start(query, &report.prefix);
	if (error == RECOURSE_OK)
		error = query_entry_time(query, query->entries - 1, &report.now);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = walk_instruments(query, &report);
	query_integer(query, "as_of_entry", query->entries - 1);
	query_time(query, "as_of", report.now);
	query_list_close(query, "instruments", &report.list);
	query_list_close(query, "calls", &report.calls);
	if (report.next.size > 0)
		query_text(query, "next", report.next);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("instrument.get", QUERY_READ_OWN, get_fields, run_get,
		"an instrument, what was called from it, and the entries about it"),
	QUERY("report.instruments", QUERY_READ_OWN, report_fields, run_report,
		"instruments: what is left, when they expire, what was called, paid and is unpaid"),
};
const struct query_group instrument_view_group = {rows, sizeof rows / sizeof rows[0]};
