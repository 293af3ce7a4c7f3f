/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/collateral/collateral.h"
#include "rules/incident/incident.h"

/* Offers of an issuer to the holders of its units, and who accepted one: a promise, not money (see README.md). */

enum {
	OFFER_ID,
	OFFER_INCIDENT,
	OFFER_ISSUER,
	OFFER_RATE,
	OFFER_AMOUNT,
	OFFER_UNIT,
	OFFER_UNTIL,
	OFFER_TERMS,
};
static const struct recourse_field offer_fields[] = {
	[OFFER_ID] = FIELD(ID, "offer", "the offer's id, never used again"),
	[OFFER_INCIDENT] = FIELD(ID, "incident", "to whose claimants it is made"),
	[OFFER_ISSUER] = FIELD(ID, "issuer", "who offers"),
	[OFFER_RATE] = FIELD_OPTIONAL(PERCENT, "rate", "of the loss"),
	[OFFER_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "or for each claim, in its place"),
	[OFFER_UNIT] = FIELD(UNIT, "unit", "of the money: the incident's"),
	[OFFER_UNTIL] = FIELD(TIME, "until", "last moment to accept it"),
	[OFFER_TERMS] = FIELD(HASH, "terms_hash", "SHA-256 of its terms"),
};

static enum recourse_error read_offered(struct decision *decision, const struct value *values,
	const struct record_incident *incident, struct record_offer *offer)
{
	TRY(decision_unit(decision, "unit", values[OFFER_UNIT].text, &offer->unit));
	if (!unit_same(&offer->unit, &incident->unit))
		return refuse_limit(decision, RECOURSE_UNIT_MISMATCH, "unit", "the incident is in %s",
			incident->unit.code);
	if (values[OFFER_RATE].present == values[OFFER_AMOUNT].present)
		return refuse(decision,
			values[OFFER_RATE].present ? RECOURSE_FIELD_DUPLICATE : RECOURSE_FIELD_MISSING,
			"rate", "rate or amount, one of them");
	if (values[OFFER_AMOUNT].present)
		TRY(decision_amount(
			decision, "amount", values[OFFER_AMOUNT].text, &offer->unit, &offer->amount));
	offer->rate = values[OFFER_RATE].present ? values[OFFER_RATE].integer : 0;
	if (values[OFFER_RATE].present && offer->rate == 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "rate", "above zero");
	if (offer->until <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "until", "in the future");
	return RECOURSE_OK;
}

static enum recourse_error apply_offer(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_OFFER, values[OFFER_ID].text);
	struct record_offer offer = {.entry = decision->entry, .until = values[OFFER_UNTIL].instant};
	struct record_incident incident;
	TRY(decision_absent(decision, "offer", &path));
	TRY(incident_concerned(decision, values[OFFER_INCIDENT].text, &incident));
	TRY(party_concerned(decision, "issuer", values[OFFER_ISSUER].text, PARTY_ISSUER, &offer.issuer));
	TRY(read_offered(decision, values, &incident, &offer));
	offer.incident = incident.number;
	return decision_put(decision, &path, &offer, sizeof offer);
}

enum { ACCEPT_OFFER, ACCEPT_CLAIM, ACCEPT_EVIDENCE };
static const struct recourse_field accept_fields[] = {
	[ACCEPT_OFFER] = FIELD(ID, "offer", "what the claimant accepted"),
	[ACCEPT_CLAIM] = FIELD(ID, "claim", "whose"),
	[ACCEPT_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of the acceptance"),
};

/* It is made to those who claim lots of that issuer in that incident, for as long as their claim lives. */
static enum recourse_error check_offered(struct decision *decision, const struct record_offer *offer,
	const struct record_claim *claim, const struct record_entitlement *lot)
{
	if (claim->incident != offer->incident || lot->issuer != offer->issuer)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "offer", offer->entry);
	if (decision->time > offer->until)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "offer", "until its last moment");
	if (claim->state == CLAIM_LINKED || claim->state == CLAIM_REJECTED || claim->state == CLAIM_WITHDRAWN)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	if (claim->offer != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "claim", claim->offer);
	return RECOURSE_OK;
}

/* What it comes to, of what is left of the lot now or of what was ruled. */
static enum recourse_error show_offered(struct decision *decision, const struct record_offer *offer,
	const struct record_claim *claim, const struct record_entitlement *lot)
{
	int64_t steps = offer->amount;
	int64_t loss = claim->loss;
	if (loss == 0)
		TRY(exposure_value(lot, &loss));
	if (offer->rate > 0)
		TRY(amount_scale(loss, offer->rate, 10000, AMOUNT_ROUND_DOWN, &steps));
	decision_fact_amount(decision, "offered", &offer->unit, steps);
	return RECOURSE_OK;
}

static enum recourse_error apply_accept(struct decision *decision, const struct value *values)
{
	slice id = values[ACCEPT_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_OFFER, values[ACCEPT_OFFER].text);
	struct record_offer offer;
	struct record_claim claim;
	struct record_entitlement lot;
	TRY(decision_find(decision, "offer", &path, &offer, sizeof offer));
	TRY(claim_find(decision, id, &claim));
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim.entitlement), &lot));
	TRY(check_offered(decision, &offer, &claim, &lot));
	TRY(show_offered(decision, &offer, &claim, &lot));
	claim.offer = decision->entry;
	return claim_put_about(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND("offer.record", RECOURSE_ROLE_OPERATOR, offer_fields, apply_offer,
		"record what an issuer offers the claimants of an incident", RECOURSE_EXISTS,
		RECOURSE_UNIT_MISMATCH, RECOURSE_WINDOW_CLOSED, RECOURSE_AMOUNT_RANGE, RECOURSE_NOT_PERMITTED,
		RECOURSE_FIELD_MISSING, RECOURSE_FIELD_DUPLICATE),
	COMMAND("offer.accept", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, accept_fields, apply_accept,
		"record that a claimant accepted an offer: nothing is received by it", RECOURSE_EXISTS,
		RECOURSE_WINDOW_CLOSED, RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED),
};
const struct command_group offer_commands = COMMAND_GROUP(rows);
