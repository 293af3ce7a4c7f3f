/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/elsewhere.h"

#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/had.h"
#include "rules/claims/hearing.h"
#include "rules/claims/take_back.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/round.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* Money that a claimant had from somebody else: see README.md. */

const char *const elsewhere_kind_names[] = {"offer", "chargeback", "refund", "direct", "estate", NULL};

enum {
	RECORD_CLAIMED,
	RECORD_SOURCE,
	RECORD_KIND,
	RECORD_REFERENCE,
	RECORD_AMOUNT,
	RECORD_EVIDENCE,
};
static const struct recourse_field record_fields[] = {
	[RECORD_CLAIMED] = FIELD(ID, "claim", "whose claimant had it"),
	[RECORD_SOURCE] = FIELD(ID, "source", "who paid: a liable party, or anybody else"),
	[RECORD_KIND] = FIELD_CHOICE("kind", elsewhere_kind_names, "how it came"),
	[RECORD_REFERENCE] =
		FIELD_FOREIGN("reference", "the payment's own number at its source; counts once"),
	[RECORD_AMOUNT] = FIELD(AMOUNT, "amount", "received, of the loss and not beyond it"),
	[RECORD_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of what shows it"),
};

struct having {
	slice id;
	slice source;
	slice reference; /* the incident's id, in the arena */
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
	int64_t steps;
};

static enum recourse_error find_claimed(struct decision *decision, struct having *having)
{
	struct record_claim *claim = &having->claim;
	TRY(claim_find(decision, having->id, claim));
	TRY(incident_referred(decision, claim->incident, &having->incident, &having->reference));
	incident_name_policy(decision, &having->incident);
	if (claim->state == CLAIM_LINKED || claim->state == CLAIM_REJECTED || claim->state == CLAIM_WITHDRAWN)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	if (claim->voided != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", claim->voided);
	return section_load(decision->state, claim->incident, claim->section, &having->section);
}

/* Rounds to come weigh it by what is left; those that have been made stay as they are. */
static enum recourse_error weigh_anew(
	struct decision *decision, struct having *having, int64_t left, int64_t back)
{
	const struct record_claim *claim = &having->claim;
	struct record_path path = weight_path(&having->section, having->id);
	struct record_decided decided;
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	const struct weight_change change = {
		.loss = decided.loss,
		.approved = amount_least(decided.approved, left),
		.elsewhere = claim->received,
		.back = back,
	};
	TRY(weight_change(decision, &having->section, having->id, &change));
	return had_from(decision, &having->section, having->source, having->steps);
}

/* A ruling that is not paid yet: what is left of the loss bounds what is still paid, the later rank's part first. */
static enum recourse_error lower_ruling(struct decision *decision, struct having *having)
{
	struct record_claim *claim = &having->claim;
	struct record_section *section = &having->section;
	int64_t before = claim->approved;
	struct weight_standing standing;
	TRY(weight_standing(decision, section, having->id, &standing));
	int64_t left = claim->loss - claim->received - standing.recovered;
	int64_t kept = amount_least(standing.part, left);
	claim->approved = amount_least(before, left);
	int64_t advance = amount_beyond(before, standing.part) - amount_beyond(claim->approved, kept);
	section->shared_loss -= standing.covered ? having->steps : 0;
	if (standing.covered)
		TRY(take_back_advance(decision, &having->incident, section, having->reference, advance));
	TRY(take_back_pool(
		decision, &having->incident, section, having->reference, having->id, standing.part - kept));
	return weigh_anew(decision, having, left, standing.part - kept);
}

/* What an appeal gave and is not ordered out yet is promised no more. */
static enum recourse_error lower_top_up(
	struct decision *decision, struct having *having, const struct weight_standing *before)
{
	struct weight_standing after;
	int64_t advanced;
	if (having->claim.hearing != HEARING_TOP_UP)
		return RECOURSE_OK;
	TRY(weight_standing(decision, &having->section, having->id, &after));
	TRY(hearing_lower_top_up(decision, having->id, &having->claim, &having->section,
		before->promised - after.promised, &advanced));
	return take_back_advance(decision, &having->incident, &having->section, having->reference, advanced);
}

/*
 * Ordered out, or paid: what a pool has given since and is not ordered goes back, the rest that is too much by now is asked
 * back, as soon as it was paid.
 */
static enum recourse_error lower_paid(struct decision *decision, struct having *having)
{
	struct record_claim *claim = &having->claim;
	struct record_section *section = &having->section;
	const struct clawback clawback = {having->id, having->reference, claim, &having->incident, section};
	struct weight_standing standing;
	TRY(weight_standing(decision, section, having->id, &standing));
	int64_t left = amount_beyond(claim->loss - claim->received, standing.recovered);
	int64_t back;
	claim->approved = amount_least(claim->approved, left);
	section->shared_loss -= having->steps;
	TRY(take_back_unordered(decision, &having->incident, section, having->reference, having->id, claim,
		standing.part, left, &back));
	TRY(weigh_anew(decision, having, left, back));
	TRY(lower_top_up(decision, having, &standing));
	TRY(clawback_open_recovered(decision, &clawback));
	return clawback_open(decision, &clawback);
}

/* I5: what is paid for a claim, out of recoveries too, and what was had elsewhere are within its loss. */
static enum recourse_error add_received(struct decision *decision, struct having *having)
{
	struct record_claim *claim = &having->claim;
	bool ordered = claim->state == CLAIM_PAYING || claim->state == CLAIM_PAID;
	int64_t left = claim->loss - claim->received;
	int64_t recovered;
	bool covered;
	TRY(round_part(decision->state, &having->section, having->id, ROUND_UNCOVERED, &recovered, &covered));
	left -= ordered ? 0 : recovered;
	if (claim->decided_entry != 0 && having->steps > left)
		return refuse_amount(decision, RECOURSE_EXCEEDS_LOSS, "amount", &having->incident.unit,
			having->steps, left);
	if (amount_add_steps(claim->received, having->steps, &claim->received) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "amount", "64 bits");
	if (ordered)
		return lower_paid(decision, having);
	return claim->loss > 0 ? lower_ruling(decision, having) : RECOURSE_OK;
}

/*
 * A payment that was recorded already is said again, of a claim of the same lot: fine where the ruling for the one that it
 * was recorded for fell for good, and it counts for that no more.
 */
static enum recourse_error leave_fallen(
	struct decision *decision, const struct record_elsewhere *known, const struct record_claim *claim)
{
	slice id;
	struct record_claim former;
	TRY(arena_copy(decision->arena, RECORD_TEXT(known->claim), &id));
	TRY(claim_find(decision, id, &former));
	if (former.voided == 0 ||
		!slice_equal(RECORD_TEXT(former.entitlement), RECORD_TEXT(claim->entitlement)))
		return refuse_entry(decision, RECOURSE_EXISTS, "reference", known->entry);
	former.received -= known->amount;
	return claim_put_about(decision, id, &former);
}

static enum recourse_error apply_record(struct decision *decision, const struct value *values)
{
	struct having having = {.id = values[RECORD_CLAIMED].text, .source = values[RECORD_SOURCE].text};
	struct record_path path =
		record_path_of_texts(RECORD_ELSEWHERE, having.source, values[RECORD_REFERENCE].text);
	struct record_elsewhere known;
	TRY(record_get_optional(decision->state, &path, &known, sizeof known, NULL));
	TRY(find_claimed(decision, &having));
	if (known.entry != 0)
		TRY(leave_fallen(decision, &known, &having.claim));
	TRY(decision_amount(
		decision, "amount", values[RECORD_AMOUNT].text, &having.incident.unit, &having.steps));
	TRY(add_received(decision, &having));
	if (having.claim.loss > 0)
		TRY(incident_money_moved(decision, "claim", &having.incident));

	struct record_elsewhere row = {.amount = having.steps,
		.entry = decision->entry,
		.kind = (uint64_t)values[RECORD_KIND].integer};
	record_text_set(row.claim, sizeof row.claim, having.id);
	decision_fact_amount(decision, "received", &having.incident.unit, having.claim.received);
	TRY(decision_put(decision, &path, &row, sizeof row));
	TRY(elsewhere_reverse_keep(decision, &having.incident, having.id, having.steps));
	TRY(settle_up_anew(decision, &having.incident, &having.section));
	TRY(incident_save(decision, &having.incident));
	TRY(section_save(decision, &having.section));
	TRY(freeze_follow_claims(decision, &having.incident, having.section.party));
	return claim_put_about(decision, having.id, &having.claim);
}

static const struct command rows[] = {
	COMMAND("elsewhere.record", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, record_fields, apply_record,
		"record money that a claimant had from somebody else", RECOURSE_EXISTS, RECOURSE_OVERFLOW,
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_EXCEEDS_LOSS),
};
const struct command_group elsewhere_commands = COMMAND_GROUP(rows);
