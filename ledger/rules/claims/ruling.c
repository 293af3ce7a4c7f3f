/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/ruling.h"

#include "rules/claims/claim.h"
#include "rules/claims/denial.h"
#include "rules/claims/had.h"
#include "rules/claims/hearing.h"
#include "rules/claims/listed.h"
#include "rules/claims/lot.h"
#include "rules/claims/measure.h"
#include "rules/claims/said_left.h"
#include "rules/claims/withheld.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/incident/standing.h"
#include "rules/incident/weight.h"
#include "rules/collateral/collateral.h"
#include "rules/recourse/settle_up.h"

/* claim.decide: a claim is ruled on, with the arithmetic shown (README.md). */

static const char *const outcome_names[] = {"approve", "reject", NULL};
enum { OUTCOME_APPROVE, OUTCOME_REJECT };
enum { DECIDE_CLAIM, DECIDE_OUTCOME, DECIDE_REASON, DECIDE_BASIS, DECIDE_RULE, DECIDE_AMOUNT, DECIDE_FIELDS };
static const struct recourse_field decide_fields[] = {
	[DECIDE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[DECIDE_OUTCOME] = FIELD_CHOICE("outcome", outcome_names, "of the ruling"),
	[DECIDE_REASON] = FIELD_OPTIONAL(ID, "reason", "reason code; every refusal has one"),
	[DECIDE_BASIS] = FIELD_OPTIONAL(HASH, "basis_hash", "SHA-256 of the ruling's text"),
	[DECIDE_RULE] = FIELD_OPTIONAL(
		ID, "rule", "of the policy's denials, by which a loss is denied that evidence shows"),
	[DECIDE_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount",
		"outcome approve: the loss, where it is not what the lot shows; with a reason, and above "
		"that "
		"with basis_hash"),
};

/* How it is come to, where that is not by claim.decide alone. */
struct making {
	const struct value *values; /* as claim.decide has them */
	int64_t loss;               /* instead of its amount; 0: that counts */
	uint32_t decider;
	uint32_t owner;
	bool stays; /* what was ruled on before stays where it is */
	bool final; /* nothing of it can be contested, and who is asked for less was heard */
};

/* Each factor of the loss with its source. */
static void show_loss(struct decision *decision, const struct record_entitlement *entitlement,
	const struct record_claim *claim)
{
	if (withheld_is(entitlement)) {
		decision_fact_integer(decision, "claim_entry",
			claim->said_entry != 0 ? claim->said_entry : claim->filed_entry);
		if (claim->said_left > 0) {
			decision_fact_amount(decision, "said_left", &entitlement->unit, claim->said_left);
			decision_fact_text(decision, "said_basis", slice_text(said_left_basis(claim)));
		}
	}
	decision_fact_amount(decision, "remaining", &entitlement->unit, withheld_units(entitlement, claim));
	decision_fact_text(decision, "unit", unit_code(&entitlement->unit));
	decision_fact_amount(decision, "lot_quantity", &entitlement->unit, entitlement->quantity);
	decision_fact_amount(decision, "lot_cost", &entitlement->currency, entitlement->cost);
	decision_fact_amount(decision, "received", &entitlement->currency, claim->received);
	decision_fact_amount(decision, "loss", &entitlement->currency, claim->loss);
	decision_fact_text(decision, "evidence", slice_text(withheld_evidence(entitlement)));
	decision_fact_integer(decision, "lot_entry", entitlement->issue_entry);
	decision_fact_integer(decision, "evidence_entry", withheld_source(entitlement));
}

static struct denial denial_of(const struct value *values, int64_t ruled)
{
	return (struct denial){.reason = values[DECIDE_REASON].text,
		.rule = values[DECIDE_RULE].text,
		.based = values[DECIDE_BASIS].present,
		.ruled = ruled};
}

/* A ruling may say another loss: more with its text; less is a refusal of the rest. */
static enum recourse_error rule_amount(struct decision *decision, slice id,
	const struct record_entitlement *entitlement, const struct making *making, struct record_claim *claim)
{
	const struct value *values = making->values;
	int64_t steps = making->loss;
	if (!values[DECIDE_AMOUNT].present && steps == 0)
		return RECOURSE_OK;
	if (steps == 0)
		TRY(decision_amount(
			decision, "amount", values[DECIDE_AMOUNT].text, &entitlement->currency, &steps));
	if (!values[DECIDE_REASON].present)
		return refuse(decision, RECOURSE_FIELD_MISSING, "reason", "with an amount");
	if (steps > claim->loss && !values[DECIDE_BASIS].present)
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "basis_hash",
			"with an amount above what the lot shows");
	const struct denial denial = denial_of(values, steps);
	if (steps < claim->loss && !making->final)
		TRY(denial_check(decision, id, claim, &denial));
	claim->loss = steps;
	return RECOURSE_OK;
}

/*
 * C3: units × lot price = loss. What was had elsewhere stays in it, and is shown: it bounds what is paid. `contested` is
 * what was asked for, or shown, beyond what is ruled.
 */
static enum recourse_error compute_loss(struct decision *decision, slice id,
	const struct record_entitlement *entitlement, const struct making *making, struct record_claim *claim,
	int64_t *contested)
{
	int64_t value;
	if (!withheld_is_known(entitlement))
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "claim",
			"evidence of consumption: confirmed, absent or unavailable");
	if (entitlement->disputes > 0)
		return refuse_entry(
			decision, RECOURSE_EVIDENCE_CONFLICT, "claim", entitlement->disputed_entry);
	enum recourse_error error = withheld_value(entitlement, claim, &value);
	if (error != RECOURSE_OK)
		return refuse(decision, error, "claim", "amounts within 64 bits");
	claim->loss = value;
	*contested = amount_most(claim->asked, claim->loss);
	TRY(rule_amount(decision, id, entitlement, making, claim));
	*contested = making->final ? 0 : amount_beyond(*contested, claim->loss);
	/* what a liable party paid of it is that one's, also where that was all: it stays in the loss */
	if (claim->loss == 0 || claim->loss < claim->received)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "outcome", "reject: nothing is lost");
	show_loss(decision, entitlement, claim);
	return RECOURSE_OK;
}

/* Money had elsewhere fills the part first that no scheme covers. */
static enum recourse_error apply_scheme(const struct record_policy *policy, struct record_claim *claim)
{
	int64_t left = claim->loss - claim->received;
	TRY(terms_promise(policy, claim->loss, &claim->approved));
	claim->approved = amount_least(claim->approved, left);
	return RECOURSE_OK;
}

/* Until then a refusal can be contested. */
static uint64_t final_at(const struct decision *decision, const struct record_policy *policy)
{
	return decision->time + (uint64_t)policy->appeal_days * INSTANT_DAY;
}

/* Where it was decided in part, the rest may still be contested for a while. */
static enum recourse_error count_decided(struct decision *decision, slice id, struct record_section *section,
	const struct record_policy *policy, const struct record_claim *claim, int64_t contested)
{
	struct record_decided decided = {.entry = decision->entry,
		.loss = claim->loss,
		.approved = claim->approved,
		.elsewhere = claim->received,
		.uncovered = claim->loss - claim->received - claim->approved,
		.reserve = contested,
		.beyond = contested,
		.until = contested == 0 ? 0 : final_at(decision, policy)};
	section->claims_decided++;
	if (amount_add_steps(section->loss, claim->loss, &section->loss) != RECOURSE_OK ||
		amount_add_steps(section->promised, claim->approved, &section->promised) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "claim", "the incident's losses within 64 bits");
	if (claim->received > 0)
		TRY(had_count(decision, section, id, 1));
	return weight_decide(decision, section, id, &decided);
}

static enum recourse_error approve(struct decision *decision, slice id, const struct making *making,
	struct record_section *section, const struct record_policy *policy, struct record_claim *claim)
{
	struct record_entitlement entitlement;
	slice entitlement_id = RECORD_TEXT(claim->entitlement);
	int64_t contested = 0;
	TRY(entitlement_find(decision, "claim", entitlement_id, &entitlement));
	if (claim->late == CLAIM_LATE)
		return refuse(
			decision, RECOURSE_WINDOW_CLOSED, "claim", "admitted: it came after the bar date");
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_RULED, "claim"));
	TRY(listed_check(decision, id, claim, false));
	TRY(compute_loss(decision, id, &entitlement, making, claim, &contested));
	TRY(apply_scheme(policy, claim));
	TRY(entitlement_extinguish(decision, entitlement_id, &entitlement));
	TRY(count_decided(decision, id, section, policy, claim, contested));
	decision_fact_amount(decision, "approved", &entitlement.currency, claim->approved);
	return RECOURSE_OK;
}

static enum recourse_error reject(struct decision *decision, slice id, const struct value *values,
	struct record_section *section, const struct record_policy *policy, struct record_claim *claim)
{
	if (!values[DECIDE_REASON].present)
		return refuse(
			decision, RECOURSE_FIELD_MISSING, "reason", "every refusal needs a reason code");
	const struct denial denial = denial_of(values, 0);
	TRY(denial_check(decision, id, claim, &denial));
	if (values[DECIDE_AMOUNT].present)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "amount", "with outcome approve alone");
	section->claims_rejected++;
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_REJECTED, "claim"));
	return weight_refuse(decision, section, id, final_at(decision, policy));
}

/* A date of payment counted in working days is in the entry: the calendar may be published anew. */
static enum recourse_error set_payout_due(struct decision *decision, const struct record_incident *incident,
	const struct record_policy *policy, struct record_claim *claim)
{
	bool waits = incident_waits_for_bar(incident, policy) && incident->bar_date > decision->time;
	TRY(terms_payout_due(decision, policy, waits ? incident->bar_date : decision->time, &claim->due));
	if (RECORD_TEXT(policy->calendar).size > 0 && claim->state == CLAIM_RULED)
		decision_fact_instant(decision, "payout_due", claim->due);
	return RECOURSE_OK;
}

/* Of an incident that stands: a failure that was declared meanwhile decides about it. */
static enum recourse_error check_place(
	struct decision *decision, const struct record_incident *incident, const struct record_claim *claim)
{
	struct record_entitlement lot;
	if (!record_incident_stands(incident))
		return RECOURSE_OK;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	return standing_gives_way(decision, "claim", incident, &lot, claim->filed_entry);
}

static enum recourse_error decide(
	struct decision *decision, slice id, const struct making *making, struct record_claim *claim)
{
	const struct value *values = making->values;
	struct record_incident incident;
	struct record_section section;
	struct record_policy policy;
	TRY(incident_load(decision->state, claim->incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	if (!making->stays)
		TRY(check_place(decision, &incident, claim));
	TRY(incident_terms(decision, &incident, &policy));
	TRY(section_load(decision->state, claim->incident, claim->section, &section));
	if (values[DECIDE_OUTCOME].integer == OUTCOME_APPROVE)
		TRY(approve(decision, id, making, &section, &policy, claim));
	else
		TRY(reject(decision, id, values, &section, &policy, claim));
	TRY(set_payout_due(decision, &incident, &policy, claim));
	TRY(listed_name(decision, id, claim));
	TRY(hearing_name(decision, id, claim));
	TRY(listed_lapse(decision, id, claim));

	if (section.first_ruling == 0)
		section.first_ruling = decision->entry;
	claim->decided_entry = decision->entry;
	measure_answered(decision, &section, claim);
	claim->decider = making->decider;
	claim->owner = making->owner;
	TRY(settle_up_loss(decision, &incident, &section));
	TRY(section_save(decision, &section));
	TRY(freeze_follow_claims(decision, &incident, section.party));
	TRY(claim_put_about(decision, id, claim));
	/* what is refused leaves its lot as it was, for who is linked to it */
	return claim->state == CLAIM_REJECTED
		       ? lot_release(decision, RECORD_TEXT(claim->entitlement))
		       : settle_up_lots(decision, section.party, &incident.unit, incident.number);
}

static enum recourse_error apply_decide(struct decision *decision, const struct value *values)
{
	const struct making making = {
		.values = values, .decider = decision->actor->key, .owner = decision->actor->key};
	slice id = values[DECIDE_CLAIM].text;
	struct record_claim claim;
	TRY(claim_find(decision, id, &claim));
	TRY(claim_separate(decision, claim.filer, 0));
	TRY(hearing_check_ruling(decision, id, &claim));
	return decide(decision, id, &making, &claim);
}

/* ---- by other commands ---- */

enum recourse_error ruling_make(struct decision *decision, slice id, const struct ruling *ruling)
{
	const struct value values[DECIDE_FIELDS] = {
		[DECIDE_OUTCOME] = {.present = true, .integer = OUTCOME_APPROVE},
		[DECIDE_REASON] = {.present = ruling->reason.size > 0, .text = ruling->reason},
		[DECIDE_BASIS] = {.present = true, .text = ruling->basis},
	};
	const struct making making = {.values = values,
		.loss = ruling->loss,
		.decider = ruling->decider,
		.owner = ruling->owner,
		.stays = ruling->stays,
		.final = true};
	struct record_claim claim;
	TRY(claim_find(decision, id, &claim));
	return decide(decision, id, &making, &claim);
}

enum recourse_error ruling_figure(struct decision *decision, slice id, const struct record_claim *claim,
	const struct value *amount, int64_t *shown, int64_t *loss)
{
	struct value values[DECIDE_FIELDS] = {
		[DECIDE_REASON] = {.present = true}, [DECIDE_BASIS] = {.present = true}};
	const struct making making = {.values = values, .final = true};
	struct record_incident incident;
	struct record_entitlement lot;
	struct record_claim would = *claim;
	int64_t contested;
	if (amount != NULL)
		values[DECIDE_AMOUNT] = *amount;
	if (claim->late == CLAIM_LATE)
		return refuse(
			decision, RECOURSE_WINDOW_CLOSED, "claim", "admitted: it came after the bar date");
	TRY(listed_check(decision, id, claim, false));
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	TRY(withheld_value(&lot, claim, shown));
	TRY(incident_load(decision->state, claim->incident, &incident));
	TRY(compute_loss(decision, id, &lot, &making, &would, &contested));
	*loss = would.loss;
	return RECOURSE_OK;
}

static const struct command rows[] = {
	COMMAND("claim.decide", RECOURSE_ROLE_OPERATOR, decide_fields, apply_decide,
		"rule on a claim, with the arithmetic shown", RECOURSE_AMOUNT_RANGE, RECOURSE_OVERFLOW,
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON, RECOURSE_EVIDENCE_MISSING,
		RECOURSE_EVIDENCE_CONFLICT, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
};
const struct command_group ruling_commands = COMMAND_GROUP(rows);
