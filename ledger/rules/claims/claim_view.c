/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/claims/claim.h"
#include "rules/collateral/collateral.h"
#include "rules/incident/incident.h"

/* ---- claim.brief ---- */

enum { BRIEF_CLAIM };
static const struct recourse_field brief_fields[] = {FIELD(ID, "claim", "the claim's id")};

struct claim_row {
	slice id;
	struct record_claim record;
	struct record_incident incident;
	int64_t shares[ROUND_KINDS]; /* VIEW_NONE where no round covers it */
	const char *next_action;
	struct record_key owner; /* a key that answers, not one that was rotated since */
	struct view_range entries;
};

#define CLAIM_COLUMN(kind, title, member, text) COLUMN(kind, title, struct claim_row, member, text)
#define CLAIM_AMOUNT(title, member, text)       COLUMN_AMOUNT(title, struct claim_row, member, incident.unit, text)

static const struct recourse_column claim_columns[] = {
	{CLAIM_COLUMN(ID, "claim", id, "its id")},
	{CLAIM_COLUMN(ID, "incident", incident.id, "to which it belongs")},
	{CLAIM_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about")},
	{COLUMN_KEY("owner", struct claim_row, owner.number, "who sees to it")},
	{COLUMN_CHOICE("state", life_claim_states, struct claim_row, record.state, "where it stands")},
	{COLUMN_CHOICE("payout", life_payout_states, struct claim_row, record.payout, "where payment does")},
	{CLAIM_COLUMN(TEXT, "next_action", next_action, "what is to be done")},
	{CLAIM_COLUMN(UNIT, "unit", incident.unit, "of the money")},
	{CLAIM_AMOUNT("loss", record.loss, "that was provable")},
	{CLAIM_AMOUNT("approved", record.approved, "of which the scheme promises")},
	{CLAIM_AMOUNT("deposit_share", shares[ROUND_DEPOSIT], "of what the deposit gave"), OPTIONAL},
	{CLAIM_AMOUNT("paid", record.paid, "settled")},
	{CLAIM_AMOUNT("recovered_for_uncovered_loss", shares[ROUND_UNCOVERED], "of what was recovered"),
		OPTIONAL},
	{CLAIM_AMOUNT("interest", shares[ROUND_INTEREST], "of what was recovered"), OPTIONAL},
	{CLAIM_COLUMN(TIME, "due", record.due, "by when that is to be done")},
	{CLAIM_COLUMN(ENTRY, "receipt", record.filed_entry, "that filed it")},
	{COLUMN(ENTRY, "linked_to", struct claim_row, record.linked_to, "that filed what it repeats"),
		OPTIONAL},
	ENTRY_VIEW_LIST(struct claim_row, entries),
};

/* A claim that was ruled on is approved once a distribution covers it: nobody writes a million records for that. */
static enum recourse_error read_shares(struct query *query, struct claim_row *row)
{
	struct record_section section;
	TRY(section_load(query->state, row->record.incident, row->record.section, &section));
	for (enum round_kind kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		bool any;
		TRY(round_part(query->state, &section, row->id, kind, &row->shares[kind], &any));
		if (!any)
			row->shares[kind] = VIEW_NONE;
	}
	if (row->record.state == CLAIM_RULED && row->shares[ROUND_DEPOSIT] != VIEW_NONE)
		row->record.state = CLAIM_APPROVED;
	return RECOURSE_OK;
}

static enum recourse_error find_claim(struct query *query, void *found)
{
	struct claim_row *row = found;
	row->id = query->values[BRIEF_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->id);
	TRY(query_record(query, "claim", &path, &row->record, sizeof row->record));
	TRY(incident_load(query->state, row->record.incident, &row->incident));
	TRY(read_shares(query, row));
	TRY(person_current(query->state, row->record.owner, &row->owner));
	row->next_action = claim_next_action(&row->record);
	row->entries = entry_view_range(RECORD_CLAIM, row->id, 100);
	return RECOURSE_OK;
}

/* ---- claim.list ---- */

/* The desk (D2). A page looks at so many claims at most, so it may be short and have a `next`. */
enum { LIST_STATE, LIST_OWNER, LIST_INCIDENT, LIST_DUE, LIST_FROM, LIST_LIMIT };
static const struct recourse_field list_fields[] = {
	[LIST_STATE] = FIELD_OPTIONAL_CHOICE("state", life_claim_states, "as it is recorded; any if absent"),
	[LIST_OWNER] =
		FIELD_OPTIONAL(HANDLE, "owner", "the key whose person sees to it; anybody's if absent"),
	[LIST_INCIDENT] = FIELD_OPTIONAL(ID, "incident", "to which it belongs; any if absent"),
	[LIST_DUE] = FIELD_OPTIONAL(TIME, "due", "something is to be done by then; any time if absent"),
	[LIST_FROM] = FIELD_OPTIONAL(ID, "from", "first claim of the page, as `next` gave it"),
	[LIST_LIMIT] = FIELD_PRESET("limit", 1, 500, 100, "most claims of a page"),
};

struct list {
	struct view_range range;
	uint32_t incident; /* 0: any */
	uint32_t person;   /* the owner's; 0: anybody */
};

static const struct recourse_column row_columns[] = {
	{CLAIM_COLUMN(ID, "claim", id, "its id")},
	{CLAIM_COLUMN(ID, "incident", incident.id, "to which it belongs")},
	{CLAIM_COLUMN(ID, "entitlement", record.entitlement, "card or order that it is about")},
	{COLUMN_KEY("owner", struct claim_row, owner.number, "who sees to it")},
	{COLUMN_CHOICE("state", life_claim_states, struct claim_row, record.state, "as it is recorded")},
	{CLAIM_COLUMN(TEXT, "next_action", next_action, "what is to be done")},
	{CLAIM_COLUMN(TIME, "due", record.due, "by when that is to be done"), OPTIONAL},
};

static enum recourse_error visit_claim(struct view_rows *rows, const struct record_walk *walk)
{
	const struct list *list = rows->above;
	const struct value *values = rows->query->values;
	struct claim_row row = {.id = walk->key.parts[0].text};
	TRY(view_record(walk, &row.record, sizeof row.record));
	if ((values[LIST_STATE].present && row.record.state != values[LIST_STATE].integer) ||
		(list->incident != 0 && row.record.incident != list->incident) ||
		(values[LIST_DUE].present &&
			(row.record.due == 0 || row.record.due > values[LIST_DUE].instant)))
		return RECOURSE_OK;
	TRY(person_current(rows->query->state, row.record.owner, &row.owner));
	if (list->person != 0 && row.owner.person != list->person)
		return RECOURSE_OK;
	row.next_action = claim_next_action(&row.record);
	TRY(incident_load(rows->query->state, row.record.incident, &row.incident));
	return view_add(rows, &row);
}

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(ID, next, "claims", row_columns, struct list, range, visit_claim, "by id"),
};

static enum recourse_error find_list(struct query *query, void *row)
{
	struct list *list = row;
	const struct value *values = query->values;
	struct record_incident incident = {.number = 0};
	struct record_key owner = {.person = 0};
	slice id = values[LIST_INCIDENT].text;
	if (values[LIST_INCIDENT].present)
		TRY(query_found(query, incident_read(query->state, id, &incident), "incident"));
	struct record_path path = record_path_of_text(RECORD_KEY, values[LIST_OWNER].text);
	if (values[LIST_OWNER].present)
		TRY(query_record(query, "owner", &path, &owner, sizeof owner));
	list->incident = incident.number;
	list->person = owner.person;
	list->range.prefix = record_path_of(RECORD_CLAIM);
	return RECOURSE_OK;
}

/* ---- incident.summary ---- */

enum { SUMMARY_INCIDENT };
static const struct recourse_field summary_fields[] = {FIELD(ID, "incident", "the incident's id")};

struct summary {
	struct record_incident incident;
	struct record_section sections; /* added up */
	uint32_t custodian;
	int64_t from_deposit;
	struct view_range by_section;
	struct view_range liable;
	struct view_range entries;
};

struct section_row {
	struct record_section record;
	struct unit unit;
	int64_t from_deposit;
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
	{SECTION_AMOUNT("approved", record.promised, "of which the scheme promises")},
	{SECTION_AMOUNT("from_deposit", from_deposit, "shared out so far")},
	{SECTION_AMOUNT("from_instruments", record.from_instruments, "shared out so far")},
	{SECTION_AMOUNT("restored", record.restored, "to the deposit, by appeals")},
	{SECTION_AMOUNT("advanced", record.advanced, "approved as advance")},
	{SECTION_AMOUNT("paid", record.paid, "settled, returns taken off")},
};

static enum recourse_error visit_section(struct view_rows *rows, const struct record_walk *walk)
{
	struct section_row row = {.unit = ((const struct summary *)rows->above)->incident.unit};
	TRY(view_record(walk, &row.record, sizeof row.record));
	row.from_deposit = row.record.pool_taken - row.record.from_instruments;
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
	liable.received = record->received_recourse + record->received_uncovered + record->received_interest +
			  record->received_costs;
	liable.open = record->recourse - record->received_recourse - record->written_off;
	return view_add(rows, &liable);
}

#define SUMMARY_COLUMN(kind, title, member, text) COLUMN(kind, title, struct summary, incident.member, text)
#define SUMMARY_PARTY(title, member, text)        COLUMN_PARTY(title, struct summary, incident.member, text)
#define SUMMARY_COUNT(title, member, text)        COLUMN(INTEGER, title, struct summary, sections.member, text)
#define SUMMARY_AMOUNT(title, member, text)       COLUMN_AMOUNT(title, struct summary, member, incident.unit, text)
static const struct recourse_column summary_columns[] = {
	{SUMMARY_COLUMN(ID, "incident", id, "its id")},
	{SUMMARY_PARTY("merchant", merchant, "whose deposit answers")},
	{SUMMARY_PARTY("issuer", issuer, "of the cards")},
	{SUMMARY_PARTY("funder", funder, "who advances")},
	{COLUMN_PARTY("custodian", struct summary, custodian, "who keeps and pays")},
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
	{SUMMARY_AMOUNT("approved", sections.promised, "of which the scheme promises")},
	{SUMMARY_AMOUNT("from_deposit", from_deposit, "shared out so far")},
	{SUMMARY_AMOUNT("from_instruments", sections.from_instruments, "shared out so far")},
	{SUMMARY_AMOUNT("restored", sections.restored, "to the deposit, by appeals")},
	{SUMMARY_AMOUNT("advanced", sections.advanced, "approved as advance")},
	{SUMMARY_AMOUNT("paid", sections.paid, "settled, returns taken off")},
	{SUMMARY_AMOUNT("interest_adjudged", sections.interest, "to the consumers")},
	{SUMMARY_COLUMN(TIME, "bar_date", bar_date, "when the claim window closes")},
	{COLUMN_WALK("sections", section_columns, struct summary, by_section, visit_section,
		"the same of each merchant's claims and pool")},
	{COLUMN_WALK(
		"liable_parties", liable_columns, struct summary, liable, visit_liable, "as apportioned")},
	ENTRY_VIEW_LIST(struct summary, entries),
};

static enum recourse_error find_summary(struct query *query, void *row)
{
	struct summary *summary = row;
	slice id = query->values[SUMMARY_INCIDENT].text;
	struct record_section section;
	TRY(query_found(query, incident_read(query->state, id, &summary->incident), "incident"));
	TRY(section_of(query->state, &summary->incident, &section));
	TRY(section_sum(query->state, summary->incident.number, &summary->sections));
	summary->custodian = section.custodian;
	summary->from_deposit = summary->sections.pool_taken - summary->sections.from_instruments;
	summary->by_section.prefix = record_path_of_short(RECORD_SECTION, summary->incident.number);
	summary->liable.prefix = record_path_of_short(RECORD_LIABILITY, summary->incident.number);
	summary->entries = entry_view_range(RECORD_INCIDENT, id, 500);
	return RECOURSE_OK;
}

/* ---- entitlement.get ---- */

enum { GET_ENTITLEMENT };
static const struct recourse_field entitlement_fields[] = {FIELD(ID, "entitlement", "card hash or order")};

struct lot {
	slice id;
	struct record_entitlement record;
	int64_t remaining;
	const char *evidence;
};

#define ENTITLEMENT_QUANTITY(title, member, text) COLUMN_AMOUNT(title, struct lot, member, record.unit, text)
static const struct recourse_column entitlement_columns[] = {
	{COLUMN(ID, "entitlement", struct lot, id, "card hash or order")},
	{COLUMN_PARTY("issuer", struct lot, record.issuer, "who owes the units")},
	{COLUMN_PARTY("merchant", struct lot, record.merchant, "who is to perform")},
	{COLUMN(UNIT, "unit", struct lot, record.unit, "of what was bought")},
	{COLUMN(UNIT, "currency", struct lot, record.currency, "of what was paid")},
	{COLUMN(TEXT, "evidence", struct lot, evidence, "of consumption, as it was recorded last")},
	{ENTITLEMENT_QUANTITY("quantity", record.quantity, "the lot: issued")},
	{ENTITLEMENT_QUANTITY("consumed", record.consumed, "of which was used")},
	{ENTITLEMENT_QUANTITY("extinguished", record.extinguished, "of which a payment ended")},
	{ENTITLEMENT_QUANTITY("remaining", remaining, "of the lot")},
	{COLUMN_AMOUNT("cost", struct lot, record.cost, record.currency, "paid for it"), .unit = "currency"},
	{COLUMN(ENTRY, "issue_entry", struct lot, record.issue_entry, "that issued it")},
	{COLUMN(ENTRY, "claim_entry", struct lot, record.claim_entry, "that claimed it"), OPTIONAL},
};

static enum recourse_error find_entitlement(struct query *query, void *found)
{
	struct lot *row = found;
	row->id = query->values[GET_ENTITLEMENT].text;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, row->id);
	TRY(query_record(query, "entitlement", &path, &row->record, sizeof row->record));
	row->remaining = exposure_units(&row->record);
	row->evidence = entitlement_evidence_names[row->record.evidence];
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("claim.brief", QUERY_READ_ALL, brief_fields, claim_columns, struct claim_row, find_claim,
		"one claim on one screen: state, money, next action, history"),
	VIEW("incident.summary", QUERY_READ_ALL, summary_fields, summary_columns, struct summary,
		find_summary, "an incident: parties, claims, money, liable parties"),
	VIEW("entitlement.get", QUERY_READ_ALL, entitlement_fields, entitlement_columns, struct lot,
		find_entitlement, "one lot: issued, consumed, what remains"),
	VIEW("claim.list", QUERY_READ_ALL, list_fields, list_columns, struct list, find_list,
		"claims by state, owner, incident and due time"),
};
const struct query_group claim_view_group = {rows, sizeof rows / sizeof rows[0]};
