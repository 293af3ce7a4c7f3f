/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"

/* Instruments (A6): what is left of each, how long it stands, what was called from it and what came. */

/* ---- what was called from it, incident by incident ---- */

struct call_row {
	slice instrument;
	struct record_incident incident;
	struct record_instrument_call record; /* its receivable is left out where nothing is unpaid */
	int64_t unused;
	int64_t unpaid;
};

static const struct recourse_column call_columns[] = {
	{COLUMN(ID, "instrument", struct call_row, instrument, "its id")},
	{COLUMN(ID, "incident", struct call_row, incident.id, "for which it was called")},
	{COLUMN_AMOUNT("called", struct call_row, record.called, incident.unit, "of its provider")},
	{COLUMN_AMOUNT("paid", struct call_row, record.paid, incident.unit, "of which came")},
	{COLUMN_AMOUNT("refused", struct call_row, record.refused, incident.unit, "of which will not")},
	{COLUMN_AMOUNT("unpaid", struct call_row, unpaid, incident.unit, "of which may still")},
	{COLUMN_AMOUNT("used", struct call_row, record.used, incident.unit, "of what came: shared out")},
	{COLUMN_AMOUNT("returned", struct call_row, record.returned, incident.unit, "owed to it again")},
	{COLUMN_AMOUNT("unused", struct call_row, unused, incident.unit, "neither shared out nor returned")},
	{COLUMN_SINCE("unpaid_seconds", struct call_row, record.since, "since it was called"), OPTIONAL},
	{COLUMN(ENTRY, "unpaid_entry", struct call_row, record.entry, "that called it"), OPTIONAL},
	{COLUMN(ENTRY, "last_entry", struct call_row, record.last_entry, "that changed any of this")},
};

/* One instrument. */
struct instrument_row {
	struct instrument instrument;
	struct view_range calls;
	struct view_range entries;
};

static enum recourse_error visit_call(struct view_rows *rows, const struct record_walk *walk)
{
	const struct instrument_row *above = rows->above;
	struct state_view *state = rows->query->state;
	uint32_t number = (uint32_t)view_last_number(walk);
	struct call_row row = {.instrument = above->instrument.id};
	TRY(incident_load(state, number, &row.incident));
	TRY(instrument_call_read(state, number, &above->instrument, &row.record));
	row.unused = instrument_call_unused(&row.record);
	row.unpaid = instrument_call_unpaid(&row.record);
	if (row.unpaid == 0)
		row.record.since = row.record.entry = 0;
	return view_add(rows, &row);
}

/* ---- instrument.get: after what the report shows the document, the calls and the entries ---- */

#define INSTRUMENT_COLUMN(kind, title, member, text)                                                         \
	{                                                                                                    \
		COLUMN(kind, title, struct instrument_row, instrument.member, text)                          \
	}
#define INSTRUMENT_AMOUNT(title, member, text)                                                               \
	COLUMN_AMOUNT(title, struct instrument_row, instrument.record.member, instrument.record.unit, text)

enum { INSTRUMENT_SHOWN = 18 }; /* of which the report shows that many */
static const struct recourse_column instrument_columns[] = {
	INSTRUMENT_COLUMN(ID, "instrument", id, "its id"),
	{COLUMN_CHOICE("kind", instrument_kind_names, struct instrument_row, instrument.record.kind,
		"bond, insurance …")},
	INSTRUMENT_COLUMN(ID, "merchant", merchant, "whom it secures"),
	INSTRUMENT_COLUMN(ID, "provider", provider, "who pays"),
	INSTRUMENT_COLUMN(UNIT, "unit", record.unit, "of its limit"),
	{COLUMN_CHOICE("state", life_instrument_states, struct instrument_row, instrument.record.state,
		"where it stands")},
	INSTRUMENT_COLUMN(INTEGER, "draw", record.draw, "1 is drawn first; then by id"),
	{INSTRUMENT_AMOUNT("limit", limit, "in aggregate")},
	{INSTRUMENT_AMOUNT("called", called, "of its limit")},
	{INSTRUMENT_AMOUNT("given_back", given_back, "refused, and in the limit again")},
	{INSTRUMENT_AMOUNT("lapsed", lapsed, "left when it ended")},
	{INSTRUMENT_AMOUNT("left", left, "of its limit; zero once it has ended")},
	{INSTRUMENT_AMOUNT("claim_limit", claim_limit, "for each claim"), OPTIONAL},
	{INSTRUMENT_AMOUNT("deductible", deductible, "from each claim")},
	INSTRUMENT_COLUMN(TIME, "expires", record.expires, "when it does"),
	{COLUMN_UNTIL("expires_seconds", struct instrument_row, instrument.record.expires, "until then")},
	INSTRUMENT_COLUMN(ENTRY, "entry", record.entry, "that registered it"),
	{COLUMN(ENTRY, "ended_entry", struct instrument_row, instrument.record.ended_entry, "that ended it"),
		OPTIONAL},
	INSTRUMENT_COLUMN(HASH, "document_hash", record.document_hash, "SHA-256 of its document"),
	VIEW_AS_OF,
	{COLUMN_WALK("calls", call_columns, struct instrument_row, calls, visit_call, "by incident")},
	ENTRY_VIEW_LIST(struct instrument_row, entries),
};

static enum recourse_error read_instrument(struct query *query, slice id, struct instrument_row *row)
{
	struct record_instrument *record = &row->instrument.record;
	TRY(instrument_read(query->state, query->arena, id, &row->instrument));
	if (record->claim_limit == 0)
		record->claim_limit = VIEW_NONE;
	row->calls.prefix = record_path_of_text(RECORD_INSTRUMENT_CALLED, row->instrument.id);
	row->entries = entry_view_range(RECORD_INSTRUMENT, row->instrument.id, 100);
	return RECOURSE_OK;
}

enum { GET_INSTRUMENT };
static const struct recourse_field get_fields[] = {FIELD(ID, "instrument", "its id")};

static enum recourse_error find_instrument(struct query *query, void *row)
{
	slice id = query->values[GET_INSTRUMENT].text;
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, id);
	struct instrument *instrument = &((struct instrument_row *)row)->instrument;
	TRY(query_record(query, "instrument", &path, &instrument->record, sizeof instrument->record));
	TRY(read_instrument(query, id, row));
	return query_sees(query, instrument->merchant) || query_sees(query, instrument->provider)
		       ? RECOURSE_OK
		       : query_absent(query, "instrument");
}

/* ---- report.instruments ---- */

enum { PAGE_MAX = 50 };
enum { REPORT_MERCHANT, REPORT_FROM, REPORT_LIMIT };
static const struct recourse_field report_fields[] = {
	[REPORT_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	[REPORT_FROM] = FIELD_OPTIONAL(ID, "from", "first instrument of the page, as `next` gave it"),
	[REPORT_LIMIT] = FIELD_PRESET("limit", 1, PAGE_MAX, 20, "most instruments of a page"),
};

/* Those on the page, and one that may be taken back: what was called from them is a list of its own. */
struct shown {
	size_t count;
	slice ids[PAGE_MAX + 1];
};

struct report {
	struct view_range range;
	struct shown *shown;
};

/* A party's list has those that it secures itself by, and those that it provides: both may see them. */
static enum recourse_error visit_instrument(struct view_rows *rows, const struct record_walk *walk)
{
	const struct value *merchant = &rows->query->values[REPORT_MERCHANT];
	struct shown *shown = ((const struct report *)rows->above)->shown;
	struct instrument_row row = {0};
	slice id;
	TRY(arena_copy(rows->query->arena, view_last_text(walk), &id));
	TRY(read_instrument(rows->query, id, &row));
	if (merchant->present && !slice_equal(row.instrument.merchant, merchant->text))
		return RECOURSE_OK;
	shown->ids[shown->count++] = id;
	return view_add(rows, &row);
}

static enum recourse_error list_calls(struct view_rows *rows)
{
	const struct shown *shown = ((const struct report *)rows->above)->shown;
	int64_t limit = rows->query->values[REPORT_LIMIT].integer;
	for (size_t index = 0; index < shown->count && index < (size_t)limit; index++) {
		struct instrument_row row = {0};
		struct view_rows calls = *rows;
		calls.above = &row;
		TRY(read_instrument(rows->query, shown->ids[index], &row));
		TRY(view_walk(&calls, &row.calls, visit_call));
		rows->count = calls.count;
	}
	return RECOURSE_OK;
}

static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE_OF(ID, next, "instruments", instrument_columns, INSTRUMENT_SHOWN, struct report, range,
		visit_instrument, "by id"),
	{COLUMN_ROWS("calls", call_columns, list_calls, "what was called from them")},
};

/* The table of all, or the list of one party. */
static enum recourse_error find_report(struct query *query, void *row)
{
	struct report *report = row;
	struct record_path *prefix = &report->range.prefix;
	slice party;
	uint32_t number;
	TRY(query_whose(query, "merchant", &query->values[REPORT_MERCHANT], &party, &number));
	*prefix = number != 0 ? record_path_of_short(RECORD_INSTRUMENT_PARTY, number)
			      : record_path_of(RECORD_INSTRUMENT);
	report->shown = arena_allocate(query->arena, sizeof *report->shown);
	return report->shown == NULL ? RECOURSE_MEMORY : RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("instrument.get", QUERY_READ_OWN, get_fields, instrument_columns, struct instrument_row,
		find_instrument, "an instrument, what was called from it, and the entries about it"),
	VIEW("report.instruments", QUERY_READ_OWN, report_fields, report_columns, struct report, find_report,
		"instruments: what is left, when they expire, what was called, paid and is unpaid"),
};
const struct query_group instrument_view_group = {rows, sizeof rows / sizeof rows[0]};
