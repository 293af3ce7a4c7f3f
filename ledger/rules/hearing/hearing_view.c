/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/hearing.h"

#include "rule/rule.h"
#include "rules/incident/incident.h"

/* ---- claim.hearing ---- */

enum { HEARING_CLAIM };
static const struct recourse_field hearing_fields[] = {FIELD(ID, "claim", "the claim's id")};

struct hearing_row {
	slice id;
	struct record_claim claim;
	struct record_hearing record;
	struct record_incident incident;
	int64_t proposed; /* VIEW_NONE: nothing was */
	slice appeal;     /* empty: there is none */
};

#define HEARING_COLUMN(kind, title, member, text) COLUMN(kind, title, struct hearing_row, member, text)
static const struct recourse_column hearing_columns[] = {
	{HEARING_COLUMN(ID, "claim", id, "its id")},
	{COLUMN_CHOICE("state", life_claim_states, struct hearing_row, claim.state, "as it is recorded")},
	{COLUMN_CHOICE("answer", hearing_answered_names, struct hearing_row, record.answer,
		"what its merchant said to it")},
	{HEARING_COLUMN(TIME, "answer_due", record.answer_due, "by when it is to"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "answer_entry", record.answer_entry, "by which it did, or was silent"),
		OPTIONAL},
	{HEARING_COLUMN(ID, "ground", record.ground, "on which it disputes"), OPTIONAL},
	{COLUMN_CHOICE("consent", hearing_consent_names, struct hearing_row, record.consent,
		"what became of the last proposal")},
	{HEARING_COLUMN(UNIT, "unit", incident.unit, "of the money")},
	{COLUMN_AMOUNT("proposed", struct hearing_row, proposed, incident.unit, "the loss, by that"),
		OPTIONAL},
	{HEARING_COLUMN(ID, "proposal_reason", record.reason, "its reason"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "proposal_entry", record.proposal_entry, "that proposed it"), OPTIONAL},
	{HEARING_COLUMN(TIME, "proposal_due", record.proposal_due, "by when they are to agree"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "proposal_ended", record.proposal_ended, "by which it is over"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "consumer_agreed", record.consumer_agreed, "by which the consumer did"),
		OPTIONAL},
	{HEARING_COLUMN(ENTRY, "merchant_agreed", record.merchant_agreed, "by which the merchant did"),
		OPTIONAL},
	{HEARING_COLUMN(ENTRY, "ruling", claim.decided_entry, "that ruled on it"), OPTIONAL},
	{HEARING_COLUMN(
		 ENTRY, "consumer_served", record.consumer_served, "by which the consumer was given it"),
		OPTIONAL},
	{HEARING_COLUMN(ENTRY, "merchant_served", record.merchant_served, "by which the merchant was"),
		OPTIONAL},
	{HEARING_COLUMN(TIME, "appealable_until", record.final_at, "by the consumer"), OPTIONAL},
	{HEARING_COLUMN(TEXT, "appeal", appeal, "what became of the last one"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "appeal_entry", record.appeal_entry, "that lodged it"), OPTIONAL},
	{HEARING_COLUMN(TIME, "appeal_due", record.appeal_due, "by when it is to be judged"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "appeal_late", record.appeal_late, "by which it was not in time"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "appeal_ended", record.appeal_ended, "that judged it"), OPTIONAL},
	{HEARING_COLUMN(ENTRY, "closed_entry", record.closed_entry, "that closed the claim"), OPTIONAL},
};

/* What was given of a ruling that was made anew since was another one. */
static void hide_former(struct hearing_row *row)
{
	if (row->record.ruling == row->claim.decided_entry)
		return;
	row->record.consumer_served = row->record.merchant_served = row->record.final_at = 0;
}

static enum recourse_error find_hearing(struct query *query, void *found)
{
	struct hearing_row *row = found;
	row->id = query->values[HEARING_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->id);
	TRY(query_record(query, "claim", &path, &row->claim, sizeof row->claim));
	TRY(incident_load(query->state, row->claim.incident, &row->incident));
	TRY(hearing_load(query->state, row->id, &row->claim, &row->record));
	row->proposed = row->record.proposal_entry == 0 ? VIEW_NONE : row->record.proposed;
	if (row->record.appeal_entry != 0)
		row->appeal = slice_text(life_state_name(LIFE_APPEAL, row->record.appeal));
	hide_former(row);
	return RECOURSE_OK;
}

/* ---- report.answers: what a merchant has yet to answer to ---- */

enum { ANSWERS_MERCHANT, ANSWERS_FROM };
static const struct recourse_field answers_fields[] = {
	[ANSWERS_MERCHANT] = FIELD_OPTIONAL(ID, "merchant", "whose; all that the key may see if absent"),
	[ANSWERS_FROM] = QUERY_ROWS("most rows of a page"),
};

enum { ABOUT_CLAIM, ABOUT_PROPOSAL };
static const char *const about_names[] = {"claim", "proposal", NULL};

struct answer_row {
	slice id;
	struct record_claim claim;
	struct record_hearing record;
	struct record_incident incident;
	uint32_t about;
	uint64_t due;
	int64_t amount; /* VIEW_NONE: the consumer said none */
	slice reason;
};

#define ANSWER_COLUMN(kind, title, member, text) COLUMN(kind, title, struct answer_row, member, text)
static const struct recourse_column answer_columns[] = {
	{ANSWER_COLUMN(ID, "claim", id, "its id")},
	{COLUMN_PARTY("merchant", struct answer_row, record.merchant, "who is to answer")},
	{ANSWER_COLUMN(ID, "incident", incident.id, "to which the claim belongs")},
	{ANSWER_COLUMN(ID, "entitlement", claim.entitlement, "card or order")},
	{COLUMN_CHOICE("about", about_names, struct answer_row, about, "what it is to answer to")},
	{ANSWER_COLUMN(UNIT, "unit", incident.unit, "of the money")},
	{COLUMN_AMOUNT("amount", struct answer_row, amount, incident.unit, "that is asked for, or proposed"),
		OPTIONAL},
	{ANSWER_COLUMN(ID, "reason", reason, "of a proposal"), OPTIONAL},
	{ANSWER_COLUMN(TIME, "due", due, "by when")},
	{COLUMN_UNTIL("due_seconds", struct answer_row, due, "until then")},
};

static enum recourse_error visit_answer(struct view_rows *rows, const struct record_walk *walk)
{
	struct answer_row row = {.id = walk->key.parts[2].text, .due = walk->key.parts[1].number};
	struct record_path path = record_path_of_text(RECORD_CLAIM, row.id);
	TRY(record_get_named(rows->query->state, &path, &row.claim, sizeof row.claim));
	TRY(incident_load(rows->query->state, row.claim.incident, &row.incident));
	TRY(hearing_load(rows->query->state, row.id, &row.claim, &row.record));
	bool proposal = row.record.answer != ANSWERED_OPEN;
	row.about = proposal ? ABOUT_PROPOSAL : ABOUT_CLAIM;
	row.amount = proposal ? row.record.proposed : row.claim.asked == 0 ? VIEW_NONE : row.claim.asked;
	if (proposal)
		row.reason = RECORD_TEXT(row.record.reason);
	return view_add(rows, &row);
}

static const struct recourse_column answers_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "answers", answer_columns, struct view_list, range, visit_answer,
		"the most urgent first, of each merchant"),
};

static enum recourse_error find_answers(struct query *query, void *row)
{
	struct view_list *list = row;
	return query_whose_rows(query, "merchant", &query->values[ANSWERS_MERCHANT], RECORD_HEARING_MERCHANT,
		&list->range.prefix);
}

static const struct query_row rows[] = {
	VIEW("claim.hearing", QUERY_READ_ALL, hearing_fields, hearing_columns, struct hearing_row,
		find_hearing, "how a claim's parties were heard, were given its ruling, and appealed it"),
	VIEW("report.answers", QUERY_READ_OWN, answers_fields, answers_columns, struct view_list,
		find_answers, "the claims and proposals that a merchant has yet to answer to"),
};
const struct query_group hearing_view_group = {rows, sizeof rows / sizeof rows[0]};
