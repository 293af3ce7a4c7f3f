/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/entry_view.h"
#include "rule/view.h"

/* What was taken back, and what was booked again, the latest first. */
static const struct recourse_field corrections_fields[] = {QUERY_PAGE};

struct correction {
	struct entry_view about;
	struct record_booked record;
	int64_t left; /* of what it names, and that stands still */
};

static const char *const again_names[] = {"booked again", "taken back", "replaced", NULL};

static const struct recourse_column correction_columns[] = {
	ENTRY_VIEW(struct correction, about),
	{COLUMN(ENTRY, "corrects", struct correction, record.corrects, "the entry that it names")},
	{COLUMN_CHOICE("of", booked_kind_names, struct correction, record.kind, "what was booked first")},
	{COLUMN_CHOICE("how", again_names, struct correction, record.takes_back, "what became of that")},
	{COLUMN(TEXT, "id", struct correction, record.id, "of whom or what it was")},
	{COLUMN(UNIT, "unit", struct correction, record.unit, "of the amount")},
	{COLUMN_AMOUNT("amount", struct correction, record.amount, record.unit, "of it")},
	{COLUMN_AMOUNT(
		 "left", struct correction, left, record.unit, "still to be taken back of what it names"),
		OPTIONAL},
	{COLUMN_PARTY("custodian", struct correction, record.custodian, "whose word it was, if one's"),
		OPTIONAL},
	{COLUMN(TEXT, "line", struct correction, record.line, "of the bank, if one was named"), OPTIONAL},
	{COLUMN(ENTRY, "corrected_by", struct correction, record.corrected_by, "if it was corrected itself"),
		OPTIONAL},
};

static enum recourse_error visit_correction(struct view_rows *rows, const struct record_walk *walk)
{
	struct correction correction;
	struct record_booked named;
	uint64_t entry = view_last_number(walk);
	TRY(booked_read(rows->query->state, entry, &correction.record, NULL));
	TRY(booked_read(rows->query->state, correction.record.corrects, &named, NULL));
	correction.left = named.corrected_by == 0 ? named.amount - named.back : VIEW_NONE;
	TRY(entry_view_read(rows->query, entry, &correction.about));
	return view_add(rows, &correction);
}

static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ENTRY, next_entry, "corrections", correction_columns, struct view_list, range,
		visit_correction, "the latest first"),
};

static enum recourse_error find_corrections(struct query *query, void *row)
{
	struct view_range *range = &((struct view_list *)row)->range;
	(void)query;
	record_path_start(&range->prefix, RECORD_CORRECTION);
	range->latest = true;
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.corrections", QUERY_READ_ALL, corrections_fields, report_columns, struct view_list,
		find_corrections, "entries that take back what was booked by a slip"),
};
const struct query_group correction_view_group = {rows, sizeof rows / sizeof rows[0]};
