/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_party.h"
#include "books/record_policy.h"
#include "base/try.h"
#include "rule/calendar.h"
#include "books/day.h"
#include "base/instant.h"
#include "proof/key.h"
#include "rule/terms.h"

/* What the register holds: entries themselves, parties, keys, policies, calendars. */

enum { GET_ENTRY };
static const struct recourse_field entry_fields[] = {FIELD_INTEGER("entry", 0, INT64_MAX, "its number")};

/* An entry is the actor's own when its party signed it or has a posting in it. */
static enum recourse_error is_own(struct query *query, const struct entry *entry, bool *own)
{
	struct entry_postings walk;
	struct entry_posting posting;
	struct record_key key;
	struct record_path path = record_path_of_text(RECORD_KEY, entry->key);
	enum recourse_error error = record_get(query->state, &path, &key, sizeof key);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	*own = key.party == query->actor->party_number;
	error = entry_postings_first(entry, &walk, &posting);
	while (error == RECOURSE_OK && !*own) {
		*own = slice_equal(posting.party, query->actor->party);
		error = entry_postings_next(&walk, &posting);
	}
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error run_entry(struct query *query)
{
	uint64_t number = (uint64_t)query->values[GET_ENTRY].integer;
	struct entry entry;
	slice bytes;
	bool visible = (query->actor->roles & QUERY_READ_ALL) != 0;
	if (number >= query->entries)
		return query_absent(query, "entry");
	TRY(log_read_entry(query->log, number, &bytes));
	TRY(entry_decode(bytes, &entry));
	if (!visible)
		TRY(is_own(query, &entry, &visible));
	if (!visible)
		return query_absent(query, "entry");
	item_write_map(query->out, 2);
	item_write_key(query->out, "bytes");
	item_write_bytes(query->out, bytes);
	query_integer(query, "entry", number);
	return RECOURSE_OK;
}

enum { LIST_FROM, LIST_LIMIT };
static const struct recourse_field list_fields[] = {
	FIELD_INTEGER("from", 0, INT64_MAX, "first entry of the page"),
	FIELD_PRESET("limit", 1, 500, 100, "most entries of a page; fewer where they are large"),
};

/* A page is ended early rather than outgrow what a reply may weigh. */
enum { LIST_BYTES_MAX = 512 * 1024 };

static enum recourse_error run_list(struct query *query)
{
	struct query_list list = {0};
	uint64_t number = (uint64_t)query->values[LIST_FROM].integer;
	enum recourse_error error = RECOURSE_OK;
	if (number >= query->entries)
		return query_absent(query, "from");
	while (error == RECOURSE_OK && number < query->entries && list.items.size < LIST_BYTES_MAX &&
		list.count < (uint64_t)query->values[LIST_LIMIT].integer) {
		slice bytes;
		error = log_read_entry(query->log, number, &bytes);
		if (error != RECOURSE_OK)
			break;
		struct item_map row = item_map_open(&list.items);
		item_write_key(&list.items, "bytes");
		item_write_bytes(&list.items, bytes);
		item_write_pair_integer(&list.items, "entry", (int64_t)number++);
		item_map_close(row, &list.items);
		list.count++;
	}
	struct item_map map = item_map_open(query->out);
	query_list_close(query, "entries", &list);
	if (number < query->entries)
		query_integer(query, "next", number);
	item_map_close(map, query->out);
	return error;
}

enum { GET_UNIT };
static const struct recourse_field unit_fields[] = {FIELD(UNIT, "unit", "its code")};

static enum recourse_error run_unit(struct query *query)
{
	slice code = query->values[GET_UNIT].text;
	struct unit unit;
	enum recourse_error error = query_unit(query, "unit", code, &unit);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_text(query, "unit", code);
	query_integer(query, "digits", unit.digits);
	query_integer(query, "step", unit.step);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

enum { GET_PARTY };
static const struct recourse_field party_fields[] = {FIELD(ID, "party", "its id")};

static enum recourse_error run_party(struct query *query)
{
	slice id = query->values[GET_PARTY].text;
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	struct record_party party;
	if (!query_sees(query, id))
		return query_absent(query, "party");
	enum recourse_error error = query_record(query, "party", &path, &party, sizeof party);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_text(query, "party", id);
	query_integer(query, "entry", party.entry);
	error = query_subject(query, RECORD_PARTY, id, &(struct query_page){.last = UINT64_MAX, .limit = 100},
		query_summary);
	if (error == RECOURSE_OK)
		item_map_close(map, query->out);
	return error;
}

enum { GET_KEY };
static const struct recourse_field key_fields[] = {FIELD(HANDLE, "key", "its handle")};

static void write_roles(struct query *query, uint32_t roles)
{
	item_write_key(query->out, "roles");
	item_write_array(query->out, (uint64_t)__builtin_popcount(roles));
	for (size_t bit = 0; recourse_role_names[bit] != NULL; bit++) {
		if ((roles & (UINT32_C(1) << bit)) != 0)
			item_write_text(query->out, slice_text(recourse_role_names[bit]));
	}
}

static enum recourse_error write_vkey(struct query *query, slice handle, const struct record_key *key)
{
	struct key_public public_key;
	char text[KEY_TEXT_SIZE];
	enum recourse_error error =
		key_make(slice_of(handle.data, handle.size - 9), KEY_TYPE_ED25519, key->bytes, &public_key);
	if (error != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	query_text(query, "vkey", slice_of(text, key_format(&public_key, text)));
	return RECOURSE_OK;
}

static enum recourse_error run_key(struct query *query)
{
	slice handle = query->values[GET_KEY].text;
	struct record_path path = record_path_of_text(RECORD_KEY, handle);
	struct record_key key;
	enum recourse_error error = query_record(query, "key", &path, &key, sizeof key);
	if (error != RECOURSE_OK)
		return error;
	if (key.party != query->actor->party_number && (query->actor->roles & QUERY_READ_ALL) == 0)
		return query_absent(query, "key");
	struct item_map map = item_map_open(query->out);
	query_text(query, "key", handle);
	query_integer(query, "entry", key.entry);
	write_roles(query, key.roles);
	if (key.revoked != 0)
		query_integer(query, "revoked_entry", key.revoked_entry);
	error = query_party(query, "party", key.party);
	if (error == RECOURSE_OK)
		error = query_key(query, "person", key.person);
	if (error == RECOURSE_OK && key.rotated_to != 0)
		error = query_key(query, "rotated_to", key.rotated_to);
	if (error == RECOURSE_OK)
		error = write_vkey(query, handle, &key);
	if (error == RECOURSE_OK)
		item_map_close(map, query->out);
	return error;
}

enum { GET_POLICY, GET_VERSION };
static const struct recourse_field policy_fields[] = {
	FIELD(ID, "policy", "its id"),
	FIELD_INTEGER("version", 1, 1000000, "of the policy"),
};

static enum recourse_error run_policy(struct query *query)
{
	slice id = query->values[GET_POLICY].text;
	uint32_t version = (uint32_t)query->values[GET_VERSION].integer;
	struct record_path path = terms_policy_path(id, version);
	struct record_policy policy;
	struct query_list waterfall = {0};
	enum recourse_error error = query_record(query, "policy", &path, &policy, sizeof policy);
	if (error != RECOURSE_OK)
		return error;
	for (size_t claim = 0; claim < WATERFALL_CLAIMS; claim++) {
		if (policy.rank[claim] == 0)
			continue;
		struct item_map row = item_map_open(&waterfall.items);
		item_write_pair_integer(&waterfall.items, "rank", policy.rank[claim]);
		item_write_pair_text(&waterfall.items, "claim", slice_text(terms_waterfall_names[claim]));
		item_map_close(row, &waterfall.items);
		waterfall.count++;
	}
	struct item_map map = item_map_open(query->out);
	query_text(query, "policy", id);
	query_integer(query, "version", version);
	query_integer(query, "entry", policy.entry);
	query_text(query, "unit", unit_code(&policy.unit));
	query_text(query, "scheme", slice_text(terms_scheme_names[policy.scheme]));
	query_integer(query, "rate_hundredths", (uint64_t)policy.rate);
	if (policy.cap > 0)
		query_amount(query, "cap", &policy.unit, policy.cap);
	query_integer(query, "claim_days", (uint64_t)policy.claim_days);
	query_integer(query, "decision_hours", (uint64_t)policy.decision_hours);
	query_integer(query, "payout_days", (uint64_t)policy.payout_days);
	query_integer(query, "notice_days", (uint64_t)policy.notice_days);
	query_integer(query, "tail_days", (uint64_t)policy.tail_days);
	query_integer(query, "refund_days", (uint64_t)policy.refund_days);
	if (policy.calendar[0] != '\0')
		query_text(query, "calendar", RECORD_TEXT(policy.calendar));
	query_integer(query, "appeal_days", (uint64_t)policy.appeal_days);
	query_integer(query, "appeal_decision_days", (uint64_t)policy.appeal_decision_days);
	query_list_close(query, "waterfall", &waterfall);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

enum { GET_CALENDAR, GET_YEAR };
static const struct recourse_field calendar_fields[] = {
	[GET_CALENDAR] = FIELD(ID, "calendar", "its id"),
	[GET_YEAR] = FIELD_INTEGER("year", INSTANT_YEAR_FIRST, INSTANT_YEAR_LAST, "that was published"),
};

static void write_weekend(struct query *query, const struct record_calendar *record)
{
	item_write_key(query->out, "weekend");
	item_write_array(query->out, (uint64_t)__builtin_popcount(record->weekend));
	for (size_t bit = 0; calendar_day_names[bit] != NULL; bit++) {
		if ((record->weekend >> bit & 1) != 0)
			item_write_text(query->out, slice_text(calendar_day_names[bit]));
	}
}

static void write_exceptions(struct query *query, const struct record_calendar *record, uint32_t year)
{
	uint32_t days = calendar_year_days(year);
	struct query_list list = {0};
	for (uint32_t index = 0; index < days; index++) {
		bool works = calendar_works(record, index);
		char text[DAY_TEXT_SIZE];
		if (works == calendar_works_by_weekend(record, year, index))
			continue;
		day_format(calendar_year_first(year) + index, text);
		struct item_map row = item_map_open(&list.items);
		item_write_pair_text(&list.items, "day", slice_text(text));
		item_write_pair_text(&list.items, "works", slice_text(works ? "yes" : "no"));
		item_map_close(row, &list.items);
		list.count++;
	}
	query_list_close(query, "exceptions", &list);
}

static enum recourse_error run_calendar(struct query *query)
{
	slice id = query->values[GET_CALENDAR].text;
	uint32_t year = (uint32_t)query->values[GET_YEAR].integer;
	struct record_path path = calendar_path(id, year);
	struct record_calendar record;
	enum recourse_error error = calendar_any(query->state, id, &record);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return query_absent(query, "calendar");
	if (error == RECOURSE_OK)
		error = query_record(query, "year", &path, &record, sizeof record);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_text(query, "calendar", id);
	query_integer(query, "year", year);
	query_integer(query, "version", record.version);
	query_integer(query, "entry", record.entry);
	item_write_pair_integer(query->out, "offset_minutes", record.offset_minutes);
	query_integer(query, "working_days", calendar_counts(&record, year).working_days);
	write_weekend(query, &record);
	write_exceptions(query, &record, year);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

enum { DUE_CALENDAR, DUE_FROM, DUE_DAYS };
static const struct recourse_field due_fields[] = {
	[DUE_CALENDAR] = FIELD(ID, "calendar", "its id"),
	[DUE_FROM] = FIELD(TIME, "from", "counted from the day after this one's, at the calendar's place"),
	[DUE_DAYS] = FIELD_INTEGER("days", 0, CALENDAR_DAYS_MAX, "working days; 0: the end of that day"),
};

static enum recourse_error run_due(struct query *query)
{
	slice id = query->values[DUE_CALENDAR].text;
	uint64_t from = query->values[DUE_FROM].instant;
	int64_t days = query->values[DUE_DAYS].integer;
	struct calendar_date date;
	enum recourse_error error = calendar_count(query->state, id, from, days, &date);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return query_absent(query, "calendar");
	if (error == RECOURSE_OVERFLOW)
		return refusal_limit(query->refusal, error, "days", "up to the end of %d", INSTANT_YEAR_LAST);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_text(query, "calendar", id);
	query_time(query, "from", from);
	query_integer(query, "days", (uint64_t)days);
	query_time(query, "due", date.due);
	query_text(query, "basis", slice_text(date.published ? "published" : "weekend"));
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	QUERY("entry.get", QUERY_READ_OWN, entry_fields, run_entry, "the exact bytes of an entry"),
	QUERY("entry.list", QUERY_READ_ALL, list_fields, run_list,
		"the exact bytes of entries, page by page"),
	QUERY("unit.get", QUERY_READ_OWN, unit_fields, run_unit, "a unit: its digits and its smallest step"),
	QUERY("party.get", QUERY_READ_OWN, party_fields, run_party, "a party and the entries about it"),
	QUERY("key.get", QUERY_READ_OWN, key_fields, run_key,
		"a key: whose it is, its roles, whether it was revoked or rotated"),
	QUERY("policy.get", QUERY_READ_OWN, policy_fields, run_policy, "a published version of a policy"),
	QUERY("calendar.get", QUERY_READ_OWN, calendar_fields, run_calendar,
		"a published year of a calendar: its weekend and its exceptions"),
	QUERY("calendar.due", QUERY_READ_OWN, due_fields, run_due,
		"when so many working days of a calendar have passed"),
};
const struct query_group register_view_group = {rows, sizeof rows / sizeof rows[0]};
