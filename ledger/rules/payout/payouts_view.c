/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record_payee.h"
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/rail/payment_view.h"

/* report.payouts: what a custodian is to pay that goes by no rail; those of a rail are in its batches. */

struct ordered {
	slice claim;
	struct record_claim record;
	struct record_incident incident;
	struct record_claim_payee payee; /* all zeroes where none was named */
	char account[2 * RECORD_MARK_SIZE + 1];
	uint32_t custodian;
	int64_t amount;
};

#define ORDERED_COLUMN(kind, title, member, text) COLUMN(kind, title, struct ordered, member, text)
static const struct recourse_column ordered_columns[] = {
	{ORDERED_COLUMN(ID, "claim", claim, "that is to be paid")},
	{ORDERED_COLUMN(ID, "incident", incident.id, "of it")},
	{COLUMN_PARTY("custodian", struct ordered, custodian, "who is to pay")},
	{COLUMN_AMOUNT("amount", struct ordered, amount, incident.unit, "how much")},
	{ORDERED_COLUMN(UNIT, "unit", incident.unit, "in which")},
	{ORDERED_COLUMN(INTEGER, "instalment", record.instalment, "of the claim")},
	{COLUMN_CHOICE("payout", life_payout_states, struct ordered, record.payout, "where it stands")},
	{ORDERED_COLUMN(ID, "payee", payee.payee, "to which it goes"), OPTIONAL},
	{ORDERED_COLUMN(TEXT, "account_hash", account, "HMAC of the account that it goes to"), OPTIONAL},
};

/* To whom its last order goes, where it says so. */
static enum recourse_error find_payee(struct query *query, struct ordered *row)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM_PAYEE, row->claim);
	bool named;
	TRY(record_get_optional(query->state, &path, &row->payee, sizeof row->payee, &named));
	if (named)
		text_to_hex(row->payee.account, RECORD_MARK_SIZE, row->account);
	return RECOURSE_OK;
}

static bool is_ordered(const struct record_claim *claim)
{
	return claim->state == CLAIM_PAYING && claim->on_rail == 0 &&
	       record_claim_money(claim) == CLAIM_MONEY_TRANSIT;
}

/* A section's money is at one custodian: another one passes over all of its claims. */
static enum recourse_error find_custodian(
	struct view_rows *rows, const struct record_walk *walk, uint32_t *custodian)
{
	struct query *query = rows->query;
	uint32_t incident = (uint32_t)walk->key.parts[0].number;
	uint32_t party = (uint32_t)walk->key.parts[1].number;
	struct record_section section;
	TRY(section_load(query->state, incident, party, &section));
	*custodian = section.custodian;
	if (query_sees_all(query) || section.custodian == query->actor->party_number)
		return RECOURSE_OK;
	rows->beyond = record_path_of_short(RECORD_CLAIM_OPEN, incident);
	record_path_short(&rows->beyond, party + 1);
	return RECOURSE_OK;
}

static enum recourse_error visit(struct view_rows *rows, const struct record_walk *walk)
{
	struct query *query = rows->query;
	struct ordered row = {.claim = walk->key.parts[2].text};
	struct record_path path = record_path_of_text(RECORD_CLAIM, row.claim);
	TRY(find_custodian(rows, walk, &row.custodian));
	if (rows->beyond.size > 0)
		return RECOURSE_OK;
	TRY(record_get_named(query->state, &path, &row.record, sizeof row.record));
	if (!is_ordered(&row.record))
		return RECOURSE_OK;
	row.amount = row.record.deposit_part + row.record.advance_part;
	TRY(incident_load(query->state, row.record.incident, &row.incident));
	TRY(find_payee(query, &row));
	return view_add(rows, &row);
}

static const struct recourse_field list_fields[] = {QUERY_ROWS("most payments of a page")};

static const struct recourse_column list_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "payouts", ordered_columns, struct view_list, range, visit,
		"by incident; a custodian's own"),
};

static enum recourse_error find_list(struct query *query, void *found)
{
	struct view_list *list = found;
	(void)query;
	list->range.prefix = record_path_of(RECORD_CLAIM_OPEN);
	list->range.skips = true;
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.payouts", PAYMENT_READERS, list_fields, list_columns, struct view_list, find_list,
		"payments that are ordered by no rail, and neither made nor back"),
};
const struct query_group payouts_view_group = {rows, sizeof rows / sizeof rows[0]};
