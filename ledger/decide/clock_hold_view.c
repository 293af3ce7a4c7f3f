/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/*
 * For how long clocks were held (E3), the last time first: what the host's clock said, what was counted, how it ended,
 * and what waited. What waits now is what is due as of the last entry.
 */
enum { WAITING_MAX = 1000 };
static const struct recourse_field holds_fields[] = {
	QUERY_OPTIONAL_ENTRY("from", "first hold of the page, as `next` gave it"),
	FIELD_PRESET("limit", 1, 200, 50, "most holds of a page"),
};

struct hold_row {
	uint64_t entry;
	struct record_clock_hold record;
	uint64_t ended; /* of the ledger's time; 0: open */
	int64_t ahead_seconds;
};

static const char *const ending_names[] = {"held", "agreed", "confirmed", "superseded", NULL};
static const struct recourse_column hold_columns[] = {
	{COLUMN(ENTRY, "hold", struct hold_row, entry, "the entry since which clocks were held")},
	{COLUMN_CHOICE(
		"standing", ending_names, struct hold_row, record.ending, "whether they are, or why not")},
	{COLUMN(TIME, "since", struct hold_row, record.since, "when that was")},
	{COLUMN(TIME, "host", struct hold_row, record.host, "what the host's clock said")},
	{COLUMN(TIME, "counted", struct hold_row, record.counted, "what the time was without it")},
	{COLUMN(INTEGER, "ahead_seconds", struct hold_row, ahead_seconds, "the first less the second")},
	{COLUMN(INTEGER, "struck", struct hold_row, record.struck, "clocks that waited, and struck then")},
	{COLUMN(ENTRY, "ended", struct hold_row, record.ended_entry, "the entry that ended it"), OPTIONAL},
	{COLUMN(TIME, "ended_time", struct hold_row, ended, "when that was"), OPTIONAL},
	{COLUMN_KEY("confirmed_by", struct hold_row, record.confirmed_by, "the second of two people"),
		OPTIONAL},
};

struct holds {
	struct view_range range;
	uint64_t held;
	uint64_t waiting;
};

static enum recourse_error visit_hold(struct view_rows *rows, const struct record_walk *walk)
{
	struct hold_row row = {.entry = view_last_number(walk)};
	TRY(view_record(walk, &row.record, sizeof row.record));
	row.ahead_seconds = (int64_t)(row.record.host - row.record.counted) / (int64_t)INSTANT_SECOND;
	if (row.record.ended_entry != 0)
		TRY(query_entry_time(rows->query, row.record.ended_entry, &row.ended));
	return view_add(rows, &row);
}

static const struct recourse_column holds_columns[] = {
	VIEW_AS_OF,
	{COLUMN(ENTRY, "held", struct holds, held, "by which clocks are held now"), OPTIONAL},
	{COLUMN(INTEGER, "waiting", struct holds, waiting, "clocks that are due now; counted up to 1000")},
	VIEW_PAGE(
		ENTRY, next_entry, "holds", hold_columns, struct holds, range, visit_hold, "the last first"),
};

static enum recourse_error find_holds(struct query *query, void *row)
{
	struct holds *holds = row;
	struct record_ledger ledger;
	TRY(party_ledger(query->state, &ledger));
	holds->held = ledger.held;
	holds->range = (struct view_range){.prefix = record_path_of(RECORD_CLOCK_HOLD), .latest = true};
	return clock_count(query->state, query->now, WAITING_MAX, &holds->waiting);
}

static const struct query_row rows[] = {
	VIEW("report.clock_holds", QUERY_READ_ALL, holds_fields, holds_columns, struct holds, find_holds,
		"when all clocks were held because the host's clock jumped, and what waits"),
};
const struct query_group clock_hold_view_group = {rows, sizeof rows / sizeof rows[0]};
