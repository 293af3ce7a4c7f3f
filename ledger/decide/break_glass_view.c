/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/*
 * Uses of break-glass (H6), oldest first: who carried out what without whose approval, and what the review found. Ages
 * are as of the last entry, and so is what is overdue: right also where no clock runs.
 */
static const char *const which_names[] = {"all", "open", NULL};
enum { WHICH_ALL, WHICH_OPEN };
enum { USES_REVIEW, USES_FROM, USES_LIMIT };
static const struct recourse_field uses_fields[] = {
	[USES_REVIEW] = FIELD_OPTIONAL_CHOICE(
		"review", which_names, "open: those that wait for their review; all if absent"),
	[USES_FROM] = QUERY_OPTIONAL_ENTRY("from", "first use of the page, as `next` gave it"),
	[USES_LIMIT] = FIELD_PRESET("limit", 1, 200, 50, "most uses of a page"),
};

struct use_row {
	uint64_t entry;
	struct record_break_glass record; /* no amount: it moved no money */
	uint32_t review;
	struct record_texts why;
	struct record_texts why_found;
};

enum { REVIEW_OPEN, REVIEW_OVERDUE, REVIEW_FOUND }; /* then what it found: enum break_glass_finding */
static const char *const review_names[] = {"open", "overdue", "justified", "unjustified", NULL};
static const struct recourse_column use_columns[] = {
	{COLUMN(ENTRY, "use", struct use_row, entry, "the entry that did it")},
	{COLUMN(TEXT, "command", struct use_row, record.command, "that was carried out")},
	{COLUMN(ID, "reason", struct use_row, record.reason, "why")},
	VIEW_TEXTS("reason", struct use_row, why),
	{COLUMN_KEY("maker", struct use_row, record.maker, "who proposed it")},
	{COLUMN_KEY("by", struct use_row, record.user, "who carried it out")},
	{COLUMN_CHOICE(
		"review", review_names, struct use_row, review, "what it found, or that it is to come")},
	{COLUMN(ID, "review_reason", struct use_row, record.review_reason, "why it found that"), OPTIONAL},
	VIEW_TEXTS("review_reason", struct use_row, why_found),
	{COLUMN_KEY("reviewer", struct use_row, record.reviewer, "who found it"), OPTIONAL},
	{COLUMN(INTEGER, "approvals_given", struct use_row, record.given, "before")},
	{COLUMN(INTEGER, "approvals_missing", struct use_row, record.missing, "that nobody gave")},
	{COLUMN(UNIT, "unit", struct use_row, record.unit, "of the amount"), OPTIONAL},
	{COLUMN_AMOUNT("amount", struct use_row, record.amount, record.unit, "its largest posting"),
		OPTIONAL},
	{COLUMN(TIME, "time", struct use_row, record.used, "when it was done")},
	{COLUMN_AGE("age_hours", struct use_row, record.used, "since then")},
	{COLUMN(TIME, "review_due", struct use_row, record.due, "when the review is")},
	{COLUMN(ENTRY, "proposal", struct use_row, record.proposal, "that it carried out")},
	{COLUMN(ENTRY, "overdue_entry", struct use_row, record.overdue_entry, "that found it late"),
		OPTIONAL},
	{COLUMN(ENTRY, "review_entry", struct use_row, record.review_entry, "of the review"), OPTIONAL},
};

static uint32_t review_of(const struct record_break_glass *use, uint64_t now)
{
	if (use->finding != BREAK_GLASS_OPEN)
		return REVIEW_FOUND + use->finding - BREAK_GLASS_JUSTIFIED;
	return use->overdue_entry != 0 || now > use->due ? REVIEW_OVERDUE : REVIEW_OPEN;
}

static enum recourse_error visit_use(struct view_rows *rows, const struct record_walk *walk)
{
	struct use_row row = {.entry = view_last_number(walk)};
	struct record_path path = record_path_of_number(RECORD_BREAK_GLASS, row.entry);
	TRY(record_get(rows->query->state, &path, &row.record, sizeof row.record));
	TRY(area_texts(
		rows->query->state, slice_text("break_glass.use"), RECORD_TEXT(row.record.reason), &row.why));
	TRY(area_texts(rows->query->state, slice_text("break_glass.review"),
		RECORD_TEXT(row.record.review_reason), &row.why_found));
	row.review = review_of(&row.record, rows->query->now);
	if (row.record.amount == 0) {
		row.record.amount = VIEW_NONE;
		row.record.unit = (struct unit){0};
	}
	return view_add(rows, &row);
}

static const struct recourse_column uses_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ENTRY, next_entry, "uses", use_columns, struct view_list, range, visit_use,
		"the oldest first"),
};

static enum recourse_error find_uses(struct query *query, void *row)
{
	const struct value *review = &query->values[USES_REVIEW];
	bool open = review->present && review->integer == WHICH_OPEN;
	((struct view_list *)row)->range.prefix =
		record_path_of(open ? RECORD_BREAK_GLASS_OPEN : RECORD_BREAK_GLASS);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.break_glass", QUERY_READ_ALL, uses_fields, uses_columns, struct view_list, find_uses,
		"proposals that were carried out without all approvals, and their reviews"),
};
const struct query_group break_glass_view_group = {rows, sizeof rows / sizeof rows[0]};
