/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/checklist.h"
#include "rules/desk/evidence.h"

/* ---- claim.evidence ---- */

enum { EVIDENCE_CLAIM, EVIDENCE_FROM, EVIDENCE_LIMIT };
static const struct recourse_field evidence_fields[] = {
	[EVIDENCE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[EVIDENCE_FROM] = QUERY_OPTIONAL_ENTRY("from", "first entry of the page, as `next` gave it"),
	[EVIDENCE_LIMIT] = FIELD_PRESET("limit", 1, 100, 50, "most papers of a page"),
};

struct papers {
	struct view_range listed;
	struct view_range range;
};

struct paper_row {
	uint64_t entry;
	struct record_paper record;
};

static const struct recourse_column paper_columns[] = {
	{COLUMN(ENTRY, "entry", struct paper_row, entry, "that recorded it")},
	{COLUMN(ID, "kind", struct paper_row, record.kind, "of evidence")},
	{COLUMN(ID, "held_by", struct paper_row, record.holder, "who keeps it")},
	{COLUMN_AT(HASH, "evidence_hash", struct paper_row, record.hash, VIEW_BYTES, "its SHA-256")},
};

static enum recourse_error visit_paper(struct view_rows *rows, const struct record_walk *walk)
{
	struct paper_row row = {.entry = view_last_number(walk)};
	TRY(view_record(walk, &row.record, sizeof row.record));
	return view_add(rows, &row);
}

static const struct recourse_column evidence_columns[] = {
	VIEW_AS_OF,
	{COLUMN_WALK("checklist", listed_view_columns, struct papers, listed, listed_view_visit, "by kind")},
	VIEW_PAGE(ENTRY, next_entry, "papers", paper_columns, struct papers, range, visit_paper,
		"that are held, the oldest first"),
};

static enum recourse_error find_evidence(struct query *query, void *row)
{
	struct papers *papers = row;
	slice id = query->values[EVIDENCE_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(query_record(query, "claim", &path, &claim, sizeof claim));
	papers->listed.prefix = record_path_of_text(RECORD_LISTED, id);
	papers->range.prefix = record_path_of_text(RECORD_PAPER, id);
	return RECOURSE_OK;
}

/* ---- report.requests: what a party has yet to answer ---- */

enum { REQUESTS_PARTY, REQUESTS_FROM };
static const struct recourse_field requests_fields[] = {
	[REQUESTS_PARTY] = FIELD_OPTIONAL(ID, "party", "who was asked; all that the key may see if absent"),
	[REQUESTS_FROM] = QUERY_ROWS("most rows of a page"),
};

struct request_row {
	uint64_t entry;
	struct record_asked record;
};

static const struct recourse_column request_columns[] = {
	{COLUMN(ENTRY, "request", struct request_row, entry, "that asked")},
	{COLUMN_PARTY("party", struct request_row, record.party, "who was asked")},
	{COLUMN(ID, "entitlement", struct request_row, record.entitlement, "card or order")},
	{COLUMN(ID, "kind", struct request_row, record.kind, "of evidence")},
	{COLUMN(TIME, "due", struct request_row, record.due, "by when it is to come")},
	{COLUMN_UNTIL("due_seconds", struct request_row, record.due, "until then")},
};

static enum recourse_error visit_request(struct view_rows *rows, const struct record_walk *walk)
{
	struct request_row row = {.entry = view_last_number(walk)};
	struct record_path path = record_path_of_number(RECORD_ASKED, row.entry);
	TRY(record_get_named(rows->query->state, &path, &row.record, sizeof row.record));
	return view_add(rows, &row);
}

static const struct recourse_column requests_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "requests", request_columns, struct view_list, range, visit_request,
		"the most urgent first, of each party"),
};

static enum recourse_error find_requests(struct query *query, void *row)
{
	struct view_list *list = row;
	return query_whose_rows(
		query, "party", &query->values[REQUESTS_PARTY], RECORD_ASKED_PARTY, &list->range.prefix);
}

static const struct query_row rows[] = {
	VIEW("claim.evidence", QUERY_READ_ALL, evidence_fields, evidence_columns, struct papers,
		find_evidence, "a claim's checklist, and the papers that are held for it"),
	VIEW("report.requests", QUERY_READ_OWN, requests_fields, requests_columns, struct view_list,
		find_requests, "what a merchant or an issuer was asked for and has yet to answer"),
};
const struct query_group evidence_view_group = {rows, sizeof rows / sizeof rows[0]};
