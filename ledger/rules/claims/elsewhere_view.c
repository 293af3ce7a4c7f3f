/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/claims/elsewhere.h"
#include "rules/incident/incident.h"

/* ---- report.elsewhere ---- */

enum { ELSEWHERE_CLAIM, ELSEWHERE_FROM };
static const struct recourse_field elsewhere_fields[] = {
	[ELSEWHERE_CLAIM] = FIELD_OPTIONAL(ID, "claim", "whose; all if absent"),
	[ELSEWHERE_FROM] = QUERY_ROWS("most rows of a page"),
};

struct elsewhere_row {
	slice source;
	slice reference;
	struct record_elsewhere record;
	struct record_claim claim;
	struct record_incident incident;
};

static const struct recourse_column row_columns[] = {
	{COLUMN(ID, "source", struct elsewhere_row, source, "who paid")},
	{COLUMN(ID, "reference", struct elsewhere_row, reference, "the payment's number there")},
	{COLUMN(ID, "claim", struct elsewhere_row, record.claim, "whose claimant had it")},
	{COLUMN(ID, "incident", struct elsewhere_row, incident.id, "of the claim")},
	{COLUMN_CHOICE("kind", elsewhere_kind_names, struct elsewhere_row, record.kind, "how it came")},
	{COLUMN(UNIT, "unit", struct elsewhere_row, incident.unit, "of the money")},
	{COLUMN_AMOUNT("amount", struct elsewhere_row, record.amount, incident.unit, "received")},
	{COLUMN(ENTRY, "entry", struct elsewhere_row, record.entry, "that recorded it")},
};

/* By source, or in the index of a claim, where its id comes first. */
static enum recourse_error visit_elsewhere(struct view_rows *rows, const struct record_walk *walk)
{
	size_t first = rows->query->values[ELSEWHERE_CLAIM].present ? 1 : 0;
	struct elsewhere_row row = {
		.source = walk->key.parts[first].text, .reference = walk->key.parts[first + 1].text};
	struct record_path path = record_path_of_texts(RECORD_ELSEWHERE, row.source, row.reference);
	TRY(record_get_named(rows->query->state, &path, &row.record, sizeof row.record));
	path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(row.record.claim));
	TRY(record_get_named(rows->query->state, &path, &row.claim, sizeof row.claim));
	TRY(incident_load(rows->query->state, row.claim.incident, &row.incident));
	return view_add(rows, &row);
}

static const struct recourse_column elsewhere_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "elsewhere", row_columns, struct view_list, range, visit_elsewhere,
		"by source and reference"),
};

static enum recourse_error find_elsewhere(struct query *query, void *row)
{
	struct view_list *list = row;
	const struct value *claim = &query->values[ELSEWHERE_CLAIM];
	struct record_path path = record_path_of_text(RECORD_CLAIM, claim->text);
	struct record_claim record;
	list->range.prefix = record_path_of(RECORD_ELSEWHERE);
	if (!claim->present)
		return RECOURSE_OK;
	list->range.prefix = record_path_of_text(RECORD_ELSEWHERE_CLAIM, claim->text);
	return query_record(query, "claim", &path, &record, sizeof record);
}

static const struct query_row rows[] = {
	VIEW("report.elsewhere", QUERY_READ_ALL, elsewhere_fields, elsewhere_columns, struct view_list,
		find_elsewhere, "what claimants had from somebody else, by whom and for which claim"),
};
const struct query_group elsewhere_view_group = {rows, sizeof rows / sizeof rows[0]};
