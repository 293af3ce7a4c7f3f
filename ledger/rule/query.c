/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "base/instant.h"
#include "rule/party.h"

const char *const query_no_yes[] = {"no", "yes", NULL};
const char *const query_details[] = {"full", "brief", NULL};

bool query_sees_all(const struct query *query)
{
	return (query->actor->roles & QUERY_READ_ALL) != 0;
}

bool query_sees(const struct query *query, slice party)
{
	return query_sees_all(query) || slice_equal(query->actor->party, party);
}

enum recourse_error query_whose(
	struct query *query, const char *field, const struct value *asked, slice *party, uint32_t *number)
{
	struct record_party record = {.number = 0};
	bool all = !asked->present && query_sees_all(query);
	*party = all ? slice_text("") : asked->present ? asked->text : query->actor->party;
	struct record_path path = record_path_of_text(RECORD_PARTY, *party);
	if (!all && !query_sees(query, *party))
		return query_absent(query, field);
	if (!all)
		TRY(query_record(query, field, &path, &record, sizeof record));
	if (number != NULL)
		*number = record.number;
	return RECOURSE_OK;
}

enum recourse_error query_whose_rows(struct query *query, const char *field, const struct value *asked,
	enum record_table table, struct record_path *prefix)
{
	uint32_t number;
	slice party;
	TRY(query_whose(query, field, asked, &party, &number));
	record_path_start(prefix, table);
	if (party.size > 0)
		record_path_short(prefix, number);
	return RECOURSE_OK;
}

enum recourse_error query_absent(struct query *query, const char *field)
{
	return refusal_field(query->refusal, RECOURSE_QUERY_NOT_FOUND, field, NULL);
}

enum recourse_error query_found(struct query *query, enum recourse_error error, const char *field)
{
	return refusal_absent(query->refusal, error, RECOURSE_QUERY_NOT_FOUND, field, NULL);
}

enum recourse_error query_record(
	struct query *query, const char *field, const struct record_path *path, void *record, size_t size)
{
	return query_found(query, record_get(query->state, path, record, size), field);
}

enum recourse_error query_any(struct query *query, const char *field, const struct record_path *prefix)
{
	bool any;
	TRY(record_any(query->state, prefix, &any));
	return any ? RECOURSE_OK : query_absent(query, field);
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
	log_read_close(query->log);
	query->log = NULL;
	state_snapshot_close(query->state);
	query->state = NULL;
	enum recourse_error error = state_snapshot_open(query->state_store, &query->state);
	return error == RECOURSE_OK ? log_snapshot_open(query->log_store, &query->log) : error;
}

enum recourse_error query_as_of(struct query *query, const struct value *values)
{
	const struct value *number = &values[QUERY_AS_OF_ENTRY];
	const struct value *time = &values[QUERY_AS_OF_TIME];
	if (number->present && time->present)
		return refusal_field(query->refusal, RECOURSE_FIELD_LIMIT, "time", "entry or time, not both");
	if (time->present)
		return find_time(query, time->instant, &query->as_of);
	if (!number->present)
		return RECOURSE_OK;
	if ((uint64_t)number->integer > query->as_of)
		return refusal_limit(query->refusal, RECOURSE_QUERY_NOT_FOUND, "entry", "an entry up to %llu",
			(unsigned long long)query->as_of);
	query->as_of = (uint64_t)number->integer;
	return RECOURSE_OK;
}

enum recourse_error query_entry(struct query *query, uint64_t number, struct entry *entry)
{
	slice bytes;
	TRY(log_read_entry(query->log, number, &bytes));
	return entry_decode(bytes, entry);
}
