/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/recourse/insolvency.h"

/* Who is insolvent, and what its estate owes and has paid. */
enum { ESTATES_PARTY, ESTATES_FROM, ESTATES_LIMIT };
static const struct recourse_field estates_fields[] = {
	[ESTATES_PARTY] = FIELD_OPTIONAL(ID, "party", "whose; all if absent"),
	[ESTATES_FROM] = FIELD_OPTIONAL(ID, "from", "first party of the page, as `next` gave it"),
	[ESTATES_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most parties of a page"),
};

struct estate_row {
	slice party;
	struct record_estate record;
	struct view_range proofs;
};

struct proof_row {
	slice incident;
	uint32_t section;
	struct unit unit;
	struct record_proof record;
};

static const struct recourse_column proof_columns[] = {
	{COLUMN(ID, "incident", struct proof_row, incident, "that it is liable for")},
	{COLUMN_PARTY("section", struct proof_row, section, "the merchant whose section it is")},
	{COLUMN(UNIT, "unit", struct proof_row, unit, "of the amounts")},
	{COLUMN_AMOUNT("accepted", struct proof_row, record.accepted, unit, "of its debt, by the estate")},
	{COLUMN_AMOUNT("dividends", struct proof_row, record.dividends, unit, "received of that")},
	{COLUMN(ENTRY, "entry", struct proof_row, record.entry, "that said so last")},
};

static enum recourse_error visit_proof(struct view_rows *rows, const struct record_walk *walk)
{
	struct proof_row row = {.section = (uint32_t)walk->key.parts[2].number};
	struct record_incident incident;
	TRY(view_record(walk, &row.record, sizeof row.record));
	TRY(incident_load(rows->query->state, (uint32_t)walk->key.parts[1].number, &incident));
	row.incident = RECORD_TEXT(incident.id);
	row.unit = incident.unit;
	return view_add(rows, &row);
}

static const struct recourse_column estate_columns[] = {
	{COLUMN(ID, "party", struct estate_row, party, "that is insolvent")},
	{COLUMN_PARTY("liquidator", struct estate_row, record.liquidator, "who speaks for its estate")},
	{COLUMN(TIME, "accepted_at", struct estate_row, record.accepted_at,
		"when the court accepted its case")},
	{COLUMN(ENTRY, "entry", struct estate_row, record.entry, "that said so")},
	{COLUMN_WALK("proofs", proof_columns, struct estate_row, proofs, visit_proof,
		"what its estate accepted, section by section")},
};

static enum recourse_error visit_estate(struct view_rows *rows, const struct record_walk *walk)
{
	struct estate_row row = {.party = view_last_text(walk)};
	TRY(view_record(walk, &row.record, sizeof row.record));
	row.proofs.prefix = record_path_of_text(RECORD_PROOF, row.party);
	return view_add(rows, &row);
}

static const struct recourse_column report_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ID, next, "estates", estate_columns, struct view_list, range, visit_estate, "by party"),
};

static enum recourse_error find_estates(struct query *query, void *row)
{
	struct record_path *prefix = &((struct view_list *)row)->range.prefix;
	const struct value *party = &query->values[ESTATES_PARTY];
	record_path_start(prefix, RECORD_ESTATE);
	if (!party->present)
		return RECOURSE_OK;
	record_path_text(prefix, party->text);
	return query_any(query, "party", prefix);
}

static const struct query_row rows[] = {
	VIEW("report.estates", QUERY_READ_ALL, estates_fields, report_columns, struct view_list, find_estates,
		"parties that are insolvent, what their estates accepted and have paid"),
};
const struct query_group insolvency_view_group = {rows, sizeof rows / sizeof rows[0]};
