/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/proposal_view.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* ---- incident.summary ---- */

enum { SUMMARY_INCIDENT };
static const struct recourse_field summary_fields[] = {FIELD(ID, "incident", "the incident's id")};

struct summary {
	struct record_incident incident;
	struct record_section sections; /* added up */
	int64_t from_deposit;
	int64_t from_instruments;
	int64_t bounced;
	struct view_range by_section;
	struct view_range liable;
	struct view_range proposals;
	struct view_range entries;
};

struct section_row {
	struct record_section record;
	struct unit unit;
	int64_t from_deposit;
	int64_t bounced;
};

#define SECTION_COLUMN(title, member, text) COLUMN(INTEGER, title, struct section_row, record.member, text)
#define SECTION_AMOUNT(title, member, text) COLUMN_AMOUNT(title, struct section_row, member, unit, text)
static const struct recourse_column section_columns[] = {
	{COLUMN_PARTY("merchant", struct section_row, record.party, "whose pool it is")},
	{COLUMN_PARTY("custodian", struct section_row, record.custodian, "who keeps its pool, and pays")},
	{SECTION_COLUMN("claims_filed", claims_filed, "and not withdrawn")},
	{SECTION_COLUMN("claims_approved", claims_decided, "of which have a ruling for them")},
	{SECTION_COLUMN("claims_rejected", claims_rejected, "and one against them")},
	{SECTION_COLUMN("claims_paid", claims_paid, "of the approved")},
	{SECTION_AMOUNT("loss", record.loss, "provable, of the approved claims")},
	{SECTION_AMOUNT("approved", record.promised, "of which the scheme promises, or pools gave beyond")},
	{SECTION_AMOUNT("from_deposit", from_deposit, "of its merchant: shared out so far")},
	{SECTION_AMOUNT("from_instruments", record.from_instruments, "shared out so far")},
	{SECTION_AMOUNT("from_issuer", record.from_issuer, "its claims had of the issuer's pool")},
	{SECTION_AMOUNT("given", record.given, "by this pool, the issuer's, to claims of others")},
	{SECTION_AMOUNT("restored", record.restored, "to the deposit, by appeals")},
	{SECTION_AMOUNT("advanced", record.advanced, "approved as advance")},
	{SECTION_AMOUNT("repaid", record.repaid, "of which a pool gave back to the funder")},
	{SECTION_AMOUNT("paid", record.paid, "settled, returns taken off")},
	{SECTION_AMOUNT("bounced", bounced,
		"of what its merchant lodged: its bank returned it unpaid, and nothing has made up for it")},
};

static enum recourse_error read_bounced(struct query *query, struct section_row *row)
{
	struct record_deposit deposit;
	slice merchant;
	TRY(party_name(query->state, query->arena, row->record.party, &merchant));
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(&row->unit));
	TRY(record_get_optional(query->state, &path, &deposit, sizeof deposit, NULL));
	row->bounced = deposit.bounced;
	return RECOURSE_OK;
}

static enum recourse_error visit_section(struct view_rows *rows, const struct record_walk *walk)
{
	struct section_row row = {.unit = ((const struct summary *)rows->above)->incident.unit};
	TRY(view_record(walk, &row.record, sizeof row.record));
	row.from_deposit = section_from_deposit(&row.record);
	TRY(read_bounced(rows->query, &row));
	return view_add(rows, &row);
}

struct liable {
	slice party;
	struct record_liability record;
	struct unit unit;
	int64_t received;
	int64_t open;
};

#define LIABLE_AMOUNT(title, member, text) COLUMN_AMOUNT(title, struct liable, member, unit, text)
static const struct recourse_column liable_columns[] = {
	{COLUMN(ID, "party", struct liable, party, "who is liable")},
	{COLUMN_CHOICE("state", life_recourse_states, struct liable, record.state, "where it stands")},
	{LIABLE_AMOUNT("liability", record.liability, "its part of the loss")},
	{LIABLE_AMOUNT("met_by_deposit", record.credited, "and the instruments, before")},
	{LIABLE_AMOUNT("recourse", record.recourse, "for what was advanced")},
	{LIABLE_AMOUNT("interest", record.interest, "adjudged on top")},
	{LIABLE_AMOUNT("received", received, "for whatever claim")},
	{LIABLE_AMOUNT("written_off", record.written_off, "of the recourse")},
	{LIABLE_AMOUNT("over_paid", record.over_paid, "beyond what it owed")},
	{LIABLE_AMOUNT("open", open, "of the recourse")},
};

static enum recourse_error visit_liable(struct view_rows *rows, const struct record_walk *walk)
{
	struct liable liable = {
		.party = view_last_text(walk), .unit = ((const struct summary *)rows->above)->incident.unit};
	const struct record_liability *record = &liable.record;
	TRY(view_record(walk, &liable.record, sizeof liable.record));
	liable.received = record->received - record->waits - record->over_paid;
	liable.open = record->open - record->written_off;
	return record->liable ? view_add(rows, &liable) : RECOURSE_OK;
}

#define SUMMARY_COLUMN(kind, title, member, text) COLUMN(kind, title, struct summary, incident.member, text)
#define SUMMARY_PARTY(title, member, text)        COLUMN_PARTY(title, struct summary, incident.member, text)
#define SUMMARY_COUNT(title, member, text)        COLUMN(INTEGER, title, struct summary, sections.member, text)
#define SUMMARY_AMOUNT(title, member, text)       COLUMN_AMOUNT(title, struct summary, member, incident.unit, text)
static const struct recourse_column summary_columns[] = {
	{SUMMARY_COLUMN(ID, "incident", id, "its id")},
	{SUMMARY_PARTY("merchant", merchant, "who failed; absent: all who sold the issuer's cards"),
		OPTIONAL},
	{SUMMARY_PARTY("issuer", issuer, "of the cards; absent: whoever issued them"), OPTIONAL},
	{SUMMARY_COLUMN(ID, "batch", batch, "of the issuer; absent: any"), OPTIONAL},
	{SUMMARY_PARTY("funder", funder, "who advances")},
	{SUMMARY_PARTY("custodian", custodian, "who keeps and pays")},
	{SUMMARY_COLUMN(ID, "policy", policy, "whose terms are in force")},
	{SUMMARY_COLUMN(INTEGER, "policy_version", policy_version, "of the policy")},
	{COLUMN_CHOICE("state", life_incident_states, struct summary, incident.state, "where it stands")},
	{SUMMARY_COLUMN(UNIT, "unit", unit, "of the money")},
	{SUMMARY_COUNT("claims_filed", claims_filed, "and not withdrawn")},
	{SUMMARY_COUNT("claims_linked", claims_linked, "of which repeat another")},
	{SUMMARY_COUNT("claims_approved", claims_decided, "of which have a ruling for them")},
	{SUMMARY_COUNT("claims_rejected", claims_rejected, "and one against them")},
	{SUMMARY_COUNT("claims_paid", claims_paid, "of the approved")},
	{SUMMARY_COLUMN(INTEGER, "payment_stays", stays, "appeals that stay payment")},
	{SUMMARY_AMOUNT("loss", sections.loss, "provable, of the approved claims")},
	{SUMMARY_AMOUNT("approved", sections.promised, "of which the scheme promises, or pools gave beyond")},
	{SUMMARY_AMOUNT("from_deposit", from_deposit, "shared out so far")},
	{SUMMARY_AMOUNT("from_instruments", from_instruments, "shared out so far")},
	{SUMMARY_AMOUNT("restored", sections.restored, "to the deposit, by appeals")},
	{SUMMARY_AMOUNT("advanced", sections.advanced, "approved as advance")},
	{SUMMARY_AMOUNT("repaid", sections.repaid, "of which pools gave back to the funder")},
	{SUMMARY_AMOUNT("paid", sections.paid, "settled, returns taken off")},
	{SUMMARY_AMOUNT("elsewhere", sections.elsewhere, "of the loss: had from others")},
	{SUMMARY_AMOUNT("clawback", sections.clawed, "of the advances: asked back from claimants")},
	{SUMMARY_AMOUNT("funder_owes_back", sections.owed_back,
		"of what was remitted, to be set off against what falls to it next")},
	{SUMMARY_AMOUNT("funder_bounced", bounced,
		"paid out of what the funder paid in: its bank returned that, and nothing came for it")},
	{SUMMARY_AMOUNT("interest_adjudged", sections.interest, "to the consumers")},
	{SUMMARY_COLUMN(TIME, "bar_date", bar_date, "when the claim window closes")},
	{SUMMARY_COLUMN(TIME, "close_proposed", close_proposed, "when closing it was, last"), OPTIONAL},
	{COLUMN_WALK("sections", section_columns, struct summary, by_section, visit_section,
		"the same of each merchant's claims and pool")},
	{COLUMN_WALK(
		"liable_parties", liable_columns, struct summary, liable, visit_liable, "as apportioned")},
	{COLUMN_WALK("proposals", proposal_view_columns, struct summary, proposals, proposal_view_visit,
		 "commands about it, and no claim of it, that wait for other people: the first 50"),
		OPTIONAL},
	ENTRY_VIEW_LIST(struct summary, entries),
};

static enum recourse_error find_summary(struct query *query, void *row)
{
	struct summary *summary = row;
	slice id = query->values[SUMMARY_INCIDENT].text;
	TRY(query_found(query, incident_read(query->state, id, &summary->incident), "incident"));
	TRY(section_sum(query->state, summary->incident.number, &summary->sections));
	summary->from_deposit = section_from_deposit(&summary->sections);
	summary->bounced = amount_beyond(summary->incident.instructed, summary->incident.funded);
	summary->from_instruments = summary->sections.from_instruments + summary->sections.given_instruments;
	summary->by_section.prefix = record_path_of_short(RECORD_SECTION, summary->incident.number);
	summary->liable.prefix = record_path_of_short(RECORD_LIABILITY, summary->incident.number);
	summary->proposals = (struct view_range){
		.prefix = record_path_of_short(RECORD_PROPOSAL_INCIDENT, summary->incident.number),
		.limit = PROPOSAL_VIEW_MAX};
	summary->entries = entry_view_range(RECORD_INCIDENT, id, 500);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("incident.summary", QUERY_READ_ALL, summary_fields, summary_columns, struct summary,
		find_summary, "an incident: parties, claims, money, liable parties"),
};
const struct query_group incident_view_group = {rows, sizeof rows / sizeof rows[0]};
