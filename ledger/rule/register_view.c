/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/entry_view.h"

#include "base/instant.h"
#include "books/day.h"
#include "proof/key.h"
#include "rule/calendar.h"
#include "rule/checklist.h"
#include "rule/denials.h"
#include "rule/publish.h"
#include "rule/terms.h"

/* What the register holds: entries themselves, parties, keys, policies, calendars. */

/* ---- entries, by their exact bytes ---- */

struct entry_bytes {
	uint64_t entry;
	slice bytes;
};

static const struct recourse_column bytes_columns[] = {
	{COLUMN(ENTRY, "entry", struct entry_bytes, entry, "its number")},
	{COLUMN(BYTES, "bytes", struct entry_bytes, bytes, "what was hashed into the tree")},
};

enum { GET_ENTRY };
static const struct recourse_field entry_fields[] = {FIELD_INTEGER("entry", 0, INT64_MAX, "its number")};

/* An entry is the actor's own when its party signed it or has a posting in it. */
static enum recourse_error is_own(struct query *query, const struct entry *entry, bool *own)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	struct record_key key;
	struct record_path path = record_path_of_text(RECORD_KEY, entry->key);
	TRY(record_get(query->state, &path, &key, sizeof key));
	*own = key.party == query->actor->party_number;
	while (!*own && entry_postings_next(&walk, &posting))
		*own = slice_equal(posting.party, query->actor->party);
	return RECOURSE_OK;
}

static enum recourse_error find_entry(struct query *query, void *found)
{
	struct entry_bytes *row = found;
	struct entry entry;
	bool visible = query_sees_all(query);
	row->entry = (uint64_t)query->values[GET_ENTRY].integer;
	if (row->entry >= query->entries)
		return query_absent(query, "entry");
	TRY(log_read_entry(query->log, row->entry, &row->bytes));
	TRY(entry_decode(row->bytes, &entry));
	if (!visible)
		TRY(is_own(query, &entry, &visible));
	return visible ? RECOURSE_OK : query_absent(query, "entry");
}

enum { LIST_FROM, LIST_LIMIT };
static const struct recourse_field list_fields[] = {
	FIELD_INTEGER("from", 0, INT64_MAX, "first entry of the page"),
	FIELD_PRESET("limit", 1, 500, 100, "most entries of a page; fewer where they are large"),
};

/* A page is ended early rather than outgrow what a reply may weigh. */
enum { LIST_BYTES_MAX = 512 * 1024 };

static enum recourse_error list_entries(struct view_rows *rows)
{
	struct query *query = rows->query;
	size_t start = query->out->size;
	struct entry_bytes row = {.entry = (uint64_t)query->values[LIST_FROM].integer};
	while (row.entry < query->entries && query->out->size - start < LIST_BYTES_MAX &&
		rows->count < (uint64_t)query->values[LIST_LIMIT].integer) {
		TRY(log_read_entry(query->log, row.entry, &row.bytes));
		TRY(view_add(rows, &row));
		row.entry++;
	}
	query->next_entry = row.entry < query->entries ? row.entry : 0;
	return RECOURSE_OK;
}

static const struct recourse_column list_columns[] = {
	{COLUMN_ROWS("entries", bytes_columns, list_entries, "in their order")},
	VIEW_NEXT(ENTRY, next_entry),
};

static enum recourse_error find_list(struct query *query, void *row)
{
	(void)row;
	return (uint64_t)query->values[LIST_FROM].integer < query->entries ? RECOURSE_OK
									   : query_absent(query, "from");
}

/* ---- units ---- */

enum { GET_UNIT };
static const struct recourse_field unit_fields[] = {FIELD(UNIT, "unit", "its code")};
static const struct recourse_column unit_columns[] = {
	{COLUMN(UNIT, "unit", struct unit, code, "its code")},
	{COLUMN(INTEGER, "digits", struct unit, digits, "behind the decimal point")},
	{COLUMN(INTEGER, "step", struct unit, step, "the smallest, in units of the last digit")},
};

static enum recourse_error find_unit(struct query *query, void *row)
{
	return query_unit(query, "unit", query->values[GET_UNIT].text, row);
}

/* ---- parties and keys ---- */

enum { GET_PARTY };
static const struct recourse_field party_fields[] = {FIELD(ID, "party", "its id")};

struct party_row {
	slice id;
	struct record_party record;
	struct view_range entries;
};

static const struct recourse_column party_columns[] = {
	{COLUMN(ID, "party", struct party_row, id, "its id")},
	{COLUMN(ENTRY, "entry", struct party_row, record.entry, "that registered it")},
	ENTRY_VIEW_LIST(struct party_row, entries),
};

static enum recourse_error find_party(struct query *query, void *found)
{
	struct party_row *row = found;
	row->id = query->values[GET_PARTY].text;
	row->entries = entry_view_range(RECORD_PARTY, row->id, 100);
	struct record_path path = record_path_of_text(RECORD_PARTY, row->id);
	return query_sees(query, row->id)
		       ? query_record(query, "party", &path, &row->record, sizeof row->record)
		       : query_absent(query, "party");
}

enum { GET_KEY };
static const struct recourse_field key_fields[] = {FIELD(HANDLE, "key", "its handle")};

struct key_row {
	slice handle;
	struct record_key record;
	char vkey[KEY_TEXT_SIZE];
};

static const struct recourse_column key_columns[] = {
	{COLUMN(HANDLE, "key", struct key_row, handle, "its handle")},
	{COLUMN(KEY, "vkey", struct key_row, vkey, "the public key")},
	{COLUMN_PARTY("party", struct key_row, record.party, "whose it is")},
	{COLUMN_KEY("person", struct key_row, record.person, "the first key that this person had here")},
	{COLUMN_SET("roles", recourse_role_names, struct key_row, record.roles, "what it may do")},
	{COLUMN(ENTRY, "entry", struct key_row, record.entry, "that registered it")},
	{COLUMN(ENTRY, "revoked_entry", struct key_row, record.revoked_entry, "that ended it"), OPTIONAL},
	{COLUMN_KEY("rotated_to", struct key_row, record.rotated_to, "the key in its place"), OPTIONAL},
};

static enum recourse_error find_key(struct query *query, void *found)
{
	struct key_row *row = found;
	struct record_key *record = &row->record;
	struct key_public public_key;
	row->handle = query->values[GET_KEY].text;
	struct record_path path = record_path_of_text(RECORD_KEY, row->handle);
	TRY(query_record(query, "key", &path, record, sizeof *record));
	if (record->party != query->actor->party_number && !query_sees_all(query))
		return query_absent(query, "key");
	if (record->revoked == 0)
		record->revoked_entry = 0;
	slice name = slice_of(row->handle.data, row->handle.size - 9); /* less "+" and the hash */
	if (key_make(name, KEY_TYPE_ED25519, record->bytes, &public_key) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	key_format(&public_key, row->vkey);
	return RECOURSE_OK;
}

/* ---- policies ---- */

enum { GET_POLICY, GET_VERSION };
static const struct recourse_field policy_fields[] = {
	FIELD(ID, "policy", "its id"),
	FIELD_INTEGER("version", 1, 1000000, "of the policy"),
};

struct policy_row {
	slice id;
	int64_t version;
	struct record_policy record;
	uint64_t evidence_hours;
	uint64_t answer_hours;
	const char *silence; /* NULL: no merchant is asked */
};

struct rank_row {
	uint8_t rank;
	const char *claim;
};

static const struct recourse_column rank_columns[] = {
	{COLUMN(INTEGER, "rank", struct rank_row, rank, "1 is served first; equal ranks share")},
	{COLUMN_CHOICE("claim", terms_waterfall_names, struct rank_row, claim, "what is served")},
};

static enum recourse_error list_waterfall(struct view_rows *rows)
{
	const struct policy_row *policy = rows->above;
	for (size_t claim = 0; claim < WATERFALL_CLAIMS; claim++) {
		struct rank_row row = {policy->record.rank[claim], terms_waterfall_names[claim]};
		if (row.rank != 0)
			TRY(view_add(rows, &row));
	}
	return RECOURSE_OK;
}

struct kind_row {
	slice kind;
	uint32_t from;
	uint32_t needed;
};

static const struct recourse_column kind_columns[] = {
	{COLUMN(ID, "kind", struct kind_row, kind, "of evidence")},
	{COLUMN_CHOICE("from", checklist_from_names, struct kind_row, from, "who has it")},
	{COLUMN_CHOICE("needed", query_no_yes, struct kind_row, needed, "to approve a claim")},
};

static enum recourse_error list_evidence(struct view_rows *rows)
{
	const struct policy_row *policy = rows->above;
	struct record_checklist checklist = {.count = 0};
	if (policy->record.listed > 0)
		TRY(checklist_load(rows->query->state, policy->id, (uint32_t)policy->version, &checklist));
	for (size_t row = 0; row < checklist.count; row++) {
		struct kind_row kind = {RECORD_TEXT(checklist.kinds[row].kind), checklist.kinds[row].from,
			checklist.kinds[row].needed};
		TRY(view_add(rows, &kind));
	}
	return RECOURSE_OK;
}

struct denial_row {
	slice rule;
	slice reason;
};

static const struct recourse_column denial_columns[] = {
	{COLUMN(ID, "rule", struct denial_row, rule, "as a ruling names it")},
	{COLUMN(ID, "reason", struct denial_row, reason, "that denies a loss by it")},
};

static enum recourse_error list_denials(struct view_rows *rows)
{
	const struct policy_row *policy = rows->above;
	struct record_denials denials = {.count = 0};
	if (policy->record.denials > 0)
		TRY(denials_load(rows->query->state, policy->id, (uint32_t)policy->version, &denials));
	for (size_t row = 0; row < denials.count; row++) {
		const struct denial_row denial = {
			RECORD_TEXT(denials.rows[row].rule), RECORD_TEXT(denials.rows[row].reason)};
		TRY(view_add(rows, &denial));
	}
	return RECOURSE_OK;
}

#define POLICY_COLUMN(kind, title, member, text)                                                             \
	{                                                                                                    \
		COLUMN(kind, title, struct policy_row, member, text)                                         \
	}
static const struct recourse_column policy_columns[] = {
	POLICY_COLUMN(ID, "policy", id, "its id"),
	POLICY_COLUMN(INTEGER, "version", version, "of the policy"),
	POLICY_COLUMN(UNIT, "unit", record.unit, "of the money"),
	{COLUMN_CHOICE(
		"scheme", terms_scheme_names, struct policy_row, record.scheme, "what is paid of a loss")},
	POLICY_COLUMN(INTEGER, "rate_hundredths", record.rate, "of a percent: of the loss"),
	{COLUMN_AMOUNT("cap", struct policy_row, record.cap, record.unit, "most for one claim"), OPTIONAL},
	POLICY_COLUMN(INTEGER, "claim_days", record.claim_days, "in which claims are filed"),
	{COLUMN(INTEGER, "decision_hours", struct policy_row, record.decision_hours,
		 "in which one is decided"),
		OPTIONAL},
	{COLUMN(INTEGER, "decision_days", struct policy_row, record.decision_days, "instead of these"),
		OPTIONAL},
	POLICY_COLUMN(INTEGER, "payout_days", record.payout_days, "in which one is paid"),
	POLICY_COLUMN(INTEGER, "notice_days", record.notice_days, "of a merchant's exit"),
	POLICY_COLUMN(INTEGER, "tail_days", record.tail_days, "after the notice"),
	POLICY_COLUMN(INTEGER, "refund_days", record.refund_days, "after the tail"),
	POLICY_COLUMN(
		INTEGER, "appeal_days", record.appeal_days, "in which a deduction or a ruling is appealed"),
	POLICY_COLUMN(INTEGER, "appeal_decision_days", record.appeal_decision_days, "in which that is"),
	{COLUMN_CHOICE("freeze", terms_freeze_names, struct policy_row, record.freeze,
		"of a deposit, by an incident")},
	POLICY_COLUMN(INTEGER, "close_days", record.close_days, "between proposals to close an incident"),
	{COLUMN(ID, "calendar", struct policy_row, record.calendar, "whose working days are counted"),
		OPTIONAL},
	{COLUMN(INTEGER, "evidence_hours", struct policy_row, evidence_hours,
		 "that whoever is asked for evidence has at least"),
		OPTIONAL},
	POLICY_COLUMN(INTEGER, "evidence_days", record.evidence_days, "and at most"),
	POLICY_COLUMN(INTEGER, "promise_days", record.promise_days, "within which a promise is due"),
	{COLUMN(INTEGER, "answer_hours", struct policy_row, answer_hours,
		 "in which a merchant answers to a claim"),
		OPTIONAL},
	{COLUMN(TEXT, "silence", struct policy_row, silence, "what follows when it does not"), OPTIONAL},
	POLICY_COLUMN(INTEGER, "unclaimed_notices", record.unclaimed_notices,
		"after which a payment that can not be made is unclaimed; 0: never"),
	POLICY_COLUMN(INTEGER, "unclaimed_days", record.unclaimed_days, "after the first of them at least"),
	POLICY_COLUMN(ENTRY, "entry", record.entry, "that published it"),
	{COLUMN_ROWS("waterfall", rank_columns, list_waterfall, "what a recovery serves, in order")},
	{COLUMN_ROWS("checklist", kind_columns, list_evidence, "the evidence of a claim")},
	{COLUMN_ROWS("denials", denial_columns, list_denials, "rules by which a loss is denied")},
};

static enum recourse_error find_policy(struct query *query, void *found)
{
	struct policy_row *row = found;
	row->id = query->values[GET_POLICY].text;
	row->version = query->values[GET_VERSION].integer;
	struct record_path path = publish_path(RECORD_POLICY, row->id, (uint32_t)row->version);
	TRY(query_record(query, "policy", &path, &row->record, sizeof row->record));
	if (row->record.cap == 0)
		row->record.cap = VIEW_NONE;
	row->evidence_hours = (uint64_t)row->record.evidence_hours;
	row->answer_hours = (uint64_t)row->record.answer_hours;
	if (row->answer_hours > 0)
		row->silence = terms_silence_names[row->record.silence];
	if (row->record.decision_days == 0)
		row->record.decision_days = VIEW_NONE;
	else
		row->record.decision_hours = VIEW_NONE;
	return RECOURSE_OK;
}

/* ---- calendars ---- */

enum { GET_CALENDAR, GET_YEAR };
static const struct recourse_field calendar_fields[] = {
	[GET_CALENDAR] = FIELD(ID, "calendar", "its id"),
	[GET_YEAR] = FIELD_INTEGER("year", INSTANT_YEAR_FIRST, INSTANT_YEAR_LAST, "that was published"),
};

struct calendar_row {
	slice id;
	uint32_t year;
	struct record_calendar record;
	uint32_t working_days;
};

struct exception_row {
	uint64_t day;
	bool works;
};

static const struct recourse_column exception_columns[] = {
	{COLUMN(DAY, "day", struct exception_row, day, "that differs from the weekend")},
	{COLUMN_CHOICE("works", query_no_yes, struct exception_row, works, "whether it is worked")},
};

static enum recourse_error list_exceptions(struct view_rows *rows)
{
	const struct calendar_row *calendar = rows->above;
	uint32_t days = calendar_year_days(calendar->year);
	for (uint32_t index = 0; index < days; index++) {
		const struct exception_row row = {
			.day = calendar_year_first(calendar->year) + index,
			.works = calendar_works(&calendar->record, index),
		};
		if (row.works != calendar_works_by_weekend(&calendar->record, calendar->year, index))
			TRY(view_add(rows, &row));
	}
	return RECOURSE_OK;
}

static const struct recourse_column calendar_columns[] = {
	{COLUMN(ID, "calendar", struct calendar_row, id, "its id")},
	{COLUMN(INTEGER, "year", struct calendar_row, year, "that was published")},
	{COLUMN(INTEGER, "version", struct calendar_row, record.version, "of the year")},
	{COLUMN(INTEGER, "offset_minutes", struct calendar_row, record.offset_minutes, "east of UTC")},
	{COLUMN_SET(
		"weekend", calendar_day_names, struct calendar_row, record.weekend, "days that are free")},
	{COLUMN(INTEGER, "working_days", struct calendar_row, working_days, "of the year")},
	{COLUMN(ENTRY, "entry", struct calendar_row, record.entry, "that published it")},
	{COLUMN_ROWS("exceptions", exception_columns, list_exceptions, "holidays, worked weekend days")},
};

static enum recourse_error find_calendar(struct query *query, void *found)
{
	struct calendar_row *row = found;
	row->id = query->values[GET_CALENDAR].text;
	row->year = (uint32_t)query->values[GET_YEAR].integer;
	struct record_path path = calendar_path(row->id, row->year);
	TRY(query_found(query, calendar_any(query->state, row->id, &row->record), "calendar"));
	TRY(query_record(query, "year", &path, &row->record, sizeof row->record));
	row->working_days = calendar_counts(&row->record, row->year).working_days;
	return RECOURSE_OK;
}

enum { DUE_CALENDAR, DUE_FROM, DUE_DAYS };
static const struct recourse_field due_fields[] = {
	[DUE_CALENDAR] = FIELD(ID, "calendar", "its id"),
	[DUE_FROM] = FIELD(TIME, "from", "counted from the day after this one's, at the calendar's place"),
	[DUE_DAYS] = FIELD_INTEGER("days", 0, CALENDAR_DAYS_MAX, "working days; 0: the end of that day"),
};

struct due_row {
	slice calendar;
	uint64_t from;
	int64_t days;
	struct calendar_date date;
};

static const char *const bases[] = {"weekend", "published", NULL};
static const struct recourse_column due_columns[] = {
	{COLUMN(ID, "calendar", struct due_row, calendar, "its id")},
	{COLUMN(INTEGER, "days", struct due_row, days, "working days")},
	{COLUMN_CHOICE("basis", bases, struct due_row, date.published, "weekend: not all is published")},
	{COLUMN(TIME, "from", struct due_row, from, "counted from the day after this one's")},
	{COLUMN(TIME, "due", struct due_row, date.due, "when they have passed")},
};

static enum recourse_error find_due(struct query *query, void *found)
{
	struct due_row *row = found;
	row->calendar = query->values[DUE_CALENDAR].text;
	row->from = query->values[DUE_FROM].instant;
	row->days = query->values[DUE_DAYS].integer;
	enum recourse_error error =
		calendar_count(query->state, row->calendar, row->from, row->days, &row->date);
	if (error == RECOURSE_OVERFLOW)
		return refusal_limit(query->refusal, error, "days", "up to the end of %d", INSTANT_YEAR_LAST);
	return query_found(query, error, "calendar");
}

static const struct query_row rows[] = {
	VIEW("entry.get", QUERY_READ_OWN, entry_fields, bytes_columns, struct entry_bytes, find_entry,
		"the exact bytes of an entry"),
	VIEW("entry.list", QUERY_READ_ALL, list_fields, list_columns, struct entry_bytes, find_list,
		"the exact bytes of entries, page by page"),
	VIEW("unit.get", QUERY_READ_OWN, unit_fields, unit_columns, struct unit, find_unit,
		"a unit: its digits and its smallest step"),
	VIEW("party.get", QUERY_READ_OWN, party_fields, party_columns, struct party_row, find_party,
		"a party and the entries about it"),
	VIEW("key.get", QUERY_READ_OWN, key_fields, key_columns, struct key_row, find_key,
		"a key: whose it is, its roles, whether it was revoked or rotated"),
	VIEW("policy.get", QUERY_READ_OWN, policy_fields, policy_columns, struct policy_row, find_policy,
		"a published version of a policy"),
	VIEW("calendar.get", QUERY_READ_OWN, calendar_fields, calendar_columns, struct calendar_row,
		find_calendar, "a published year of a calendar: its weekend and its exceptions"),
	VIEW_REFUSED("calendar.due", QUERY_READ_OWN, due_fields, due_columns, struct due_row, find_due,
		"when so many working days of a calendar have passed", RECOURSE_OVERFLOW),
};
const struct query_group register_view_group = {rows, sizeof rows / sizeof rows[0]};
