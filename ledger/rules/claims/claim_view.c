/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_claim.h"
#include "books/record_incident.h"
#include "books/record_party.h"
#include "books/record_recourse.h"
#include "base/try.h"
#include "rules/claims/claim.h"
#include "rules/incident/round.h"
#include "rules/claims/entitlement.h"
#include "rules/incident/incident.h"
#include "rules/collateral/exposure.h"
#include "rules/recourse/liability.h"
#include "rule/person.h"

/* Claims, incidents and entitlements as people ask for them. */

enum { BRIEF_CLAIM };
static const struct recourse_field brief_fields[] = {FIELD(ID, "claim", "the claim's id")};

/* A claim that was ruled on is approved once a distribution covers it: nobody writes a million records for that. */
static uint32_t claim_state_now(const struct record_claim *claim, bool covered)
{
	return claim->state == CLAIM_RULED && covered ? CLAIM_APPROVED : claim->state;
}

static enum recourse_error write_shares(struct query *query, const struct record_incident *incident, slice id,
	const struct record_claim *claim, bool *covered)
{
	static const struct {
		enum round_kind kind;
		const char *name;
	} kinds[] = {
		{ROUND_DEPOSIT, "deposit_share"},
		{ROUND_UNCOVERED, "recovered_for_uncovered_loss"},
		{ROUND_INTEREST, "interest"},
	};
	for (size_t index = 0; index < sizeof kinds / sizeof kinds[0]; index++) {
		int64_t part;
		bool any;
		TRY(round_part(query->state, incident, id, claim, kinds[index].kind, &part, &any));
		if (any)
			query_amount(query, kinds[index].name, &incident->unit, part);
		if (kinds[index].kind == ROUND_DEPOSIT)
			*covered = any;
	}
	return RECOURSE_OK;
}

static enum recourse_error write_claim(struct query *query, slice id, const struct record_claim *claim,
	const struct record_incident *incident)
{
	bool covered = false;
	query_text(query, "claim", id);
	query_text(query, "incident", RECORD_TEXT(incident->id));
	query_text(query, "entitlement", RECORD_TEXT(claim->entitlement));
	query_integer(query, "receipt", claim->filed_entry);
	if (claim->linked_to != 0)
		query_integer(query, "linked_to", claim->linked_to);
	query_text(query, "unit", unit_code(&incident->unit));
	query_amount(query, "loss", &incident->unit, claim->loss);
	query_amount(query, "approved", &incident->unit, claim->approved);
	query_amount(query, "paid", &incident->unit, claim->paid);
	TRY(write_shares(query, incident, id, claim, &covered));
	struct record_claim now = *claim;
	now.state = claim_state_now(claim, covered);
	query_text(query, "state", slice_text(life_state_name(LIFE_CLAIM, now.state)));
	query_text(query, "payout", slice_text(life_state_name(LIFE_PAYOUT, claim->payout)));
	query_text(query, "next_action", slice_text(claim_next_action(&now)));
	query_time(query, "due", claim->due);
	/* who asks for the owner wants a key that answers, not one that was rotated since */
	struct record_key owner;
	TRY(person_current(query->state, claim->owner, &owner));
	return query_key(query, "owner", owner.number);
}

static enum recourse_error run_brief(struct query *query)
{
	slice id = query->values[BRIEF_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	struct record_incident incident;
	enum recourse_error error = query_record(query, "claim", &path, &claim, sizeof claim);
	if (error == RECOURSE_OK)
		error = incident_load(query->state, claim.incident, &incident);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = write_claim(query, id, &claim, &incident);
	if (error == RECOURSE_OK)
		error = query_subject(query, RECORD_CLAIM, id,
			&(struct query_page){.last = UINT64_MAX, .limit = 100}, query_summary);
	item_map_close(map, query->out);
	return error;
}

enum { SUMMARY_INCIDENT };
static const struct recourse_field summary_fields[] = {FIELD(ID, "incident", "the incident's id")};

static enum recourse_error write_parties(struct query *query, const struct record_incident *incident)
{
	query_text(query, "incident", RECORD_TEXT(incident->id));
	query_text(query, "state", slice_text(life_state_name(LIFE_INCIDENT, incident->state)));
	query_text(query, "policy", RECORD_TEXT(incident->policy));
	query_integer(query, "policy_version", incident->policy_version);
	query_time(query, "bar_date", incident->bar_date);
	query_text(query, "unit", unit_code(&incident->unit));
	TRY(query_party(query, "merchant", incident->merchant));
	TRY(query_party(query, "issuer", incident->issuer));
	TRY(query_party(query, "funder", incident->funder));
	return query_party(query, "custodian", incident->custodian);
}

static void write_figures(struct query *query, const struct record_incident *incident)
{
	const struct unit *unit = &incident->unit;
	query_integer(query, "claims_filed", incident->claims_filed);
	query_integer(query, "claims_linked", incident->claims_linked);
	query_integer(query, "claims_approved", incident->claims_decided);
	query_integer(query, "claims_rejected", incident->claims_rejected);
	query_integer(query, "claims_paid", incident->claims_paid);
	query_amount(query, "loss", unit, incident->loss);
	query_amount(query, "approved", unit, incident->approved);
	query_amount(query, "from_deposit", unit, incident->pooled - incident->secured);
	query_amount(query, "from_instruments", unit, incident->secured);
	query_amount(query, "restored", unit, incident->restored);
	query_integer(query, "payment_stays", incident->stays);
	query_amount(query, "advanced", unit, incident->advanced);
	query_amount(query, "paid", unit, incident->paid);
	query_amount(query, "interest_adjudged", unit, incident->interest);
}

static void write_liability(const struct unit *unit, const struct liability_row *row, struct query_list *list)
{
	const struct record_liability *record = &row->record;
	const struct {
		const char *name;
		int64_t steps;
	} amounts[] = {
		{"liability", record->liability},
		{"met_by_deposit", record->credited},
		{"recourse", record->recourse},
		{"received", record->received_recourse + record->received_uncovered +
				     record->received_interest + record->received_costs},
		{"interest", record->interest},
		{"written_off", record->written_off},
		{"over_paid", record->over_paid},
		{"open", record->recourse - record->received_recourse - record->written_off},
	};
	struct item_map map = item_map_open(&list->items);
	item_write_pair_text(&list->items, "party", row->party);
	item_write_pair_text(
		&list->items, "state", slice_text(life_state_name(LIFE_RECOURSE, record->state)));
	for (size_t index = 0; index < sizeof amounts / sizeof amounts[0]; index++) {
		char text[AMOUNT_TEXT_SIZE];
		amount_format(unit, amounts[index].steps, text);
		item_write_pair_text(&list->items, amounts[index].name, slice_text(text));
	}
	item_map_close(map, &list->items);
	list->count++;
}

static enum recourse_error write_liabilities(struct query *query, const struct record_incident *incident)
{
	struct liability_row liable[LIABILITY_PARTIES_MAX];
	struct query_list list = {0};
	size_t count;
	enum recourse_error error =
		liability_list(query->state, query->arena, incident->number, liable, &count);
	for (size_t row = 0; error == RECOURSE_OK && row < count; row++)
		write_liability(&incident->unit, &liable[row], &list);
	query_list_close(query, "liable_parties", &list);
	return error;
}

static enum recourse_error run_summary(struct query *query)
{
	struct record_incident incident;
	slice id = query->values[SUMMARY_INCIDENT].text;
	enum recourse_error error = incident_read(query->state, id, &incident);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return query_absent(query, "incident");
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	error = write_parties(query, &incident);
	write_figures(query, &incident);
	if (error == RECOURSE_OK)
		error = write_liabilities(query, &incident);
	if (error == RECOURSE_OK)
		error = query_subject(query, RECORD_INCIDENT, id,
			&(struct query_page){.last = UINT64_MAX, .limit = 500}, query_summary);
	item_map_close(map, query->out);
	return error;
}

enum { GET_ENTITLEMENT };
static const struct recourse_field entitlement_fields[] = {FIELD(ID, "entitlement", "card hash or order")};

static enum recourse_error run_entitlement(struct query *query)
{
	slice id = query->values[GET_ENTITLEMENT].text;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, id);
	struct record_entitlement entitlement;
	enum recourse_error error =
		query_record(query, "entitlement", &path, &entitlement, sizeof entitlement);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_text(query, "entitlement", id);
	query_text(query, "unit", unit_code(&entitlement.unit));
	query_amount(query, "quantity", &entitlement.unit, entitlement.quantity);
	query_amount(query, "consumed", &entitlement.unit, entitlement.consumed);
	query_amount(query, "extinguished", &entitlement.unit, entitlement.extinguished);
	query_amount(query, "remaining", &entitlement.unit, exposure_units(&entitlement));
	query_text(query, "currency", unit_code(&entitlement.currency));
	query_amount(query, "cost", &entitlement.currency, entitlement.cost);
	query_text(query, "evidence",
		slice_text(entitlement.evidence == EVIDENCE_NONE
				   ? "none"
				   : entitlement_evidence_names[entitlement.evidence - 1]));
	query_integer(query, "issue_entry", entitlement.issue_entry);
	if (entitlement.claim_entry != 0)
		query_integer(query, "claim_entry", entitlement.claim_entry);
	error = query_party(query, "issuer", entitlement.issuer);
	if (error == RECOURSE_OK)
		error = query_party(query, "merchant", entitlement.merchant);
	item_map_close(map, query->out);
	return error;
}

static const struct query_row rows[] = {
	QUERY("claim.brief", QUERY_READ_ALL, brief_fields, run_brief,
		"one claim on one screen: state, money, next action, history"),
	QUERY("incident.summary", QUERY_READ_ALL, summary_fields, run_summary,
		"an incident: parties, claims, money, liable parties"),
	QUERY("entitlement.get", QUERY_READ_ALL, entitlement_fields, run_entitlement,
		"one lot: issued, consumed, what remains"),
};
const struct query_group claim_view_group = {rows, sizeof rows / sizeof rows[0]};
