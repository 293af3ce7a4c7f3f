/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/had.h"
#include "rules/claims/lot.h"

#include "rules/incident/incident.h"
#include "rules/incident/scope.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/collateral/collateral.h"
#include "rules/recourse/settle_up.h"

#include <assert.h>

enum recourse_error claim_find(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	return decision_find(decision, "claim", &path, claim, sizeof *claim);
}

enum recourse_error claim_put_about(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	int64_t left = amount_beyond(claim->loss, claim->received);
	assert(claim->paid <= left + claim->clawed + claim->clawed_pool); /* I5 */
	claim->last_entry = decision->entry;
	TRY(decision_put(decision, &path, claim, sizeof *claim));
	return decision_about(decision, RECORD_CLAIM, id);
}

enum recourse_error claim_separate(struct decision *decision, uint32_t first_key, uint32_t second_key)
{
	const uint32_t keys[] = {first_key, second_key};
	return person_differs(decision, keys, 2, "claim", "nobody intakes, decides and pays the same claim");
}

const char *claim_next_action(const struct record_claim *claim)
{
	switch ((enum claim_state)claim->state) {
	case CLAIM_RECEIVED:
	case CLAIM_EVIDENCE:
	case CLAIM_MERCHANT_RESPONSE:
	case CLAIM_PROPOSED:
	case CLAIM_REOPENED:
	case CLAIM_APPEALED:
		return claim->late == CLAIM_LATE ? "admit or refuse the late claim" : "decide the claim";
	case CLAIM_AGREED:
	case CLAIM_RULED:
		return "approve the distribution";
	case CLAIM_APPROVED:
		return "instruct the payout";
	case CLAIM_PAYING:
		return claim->payout == PAYOUT_RETURNED ? "reissue the returned payout" : "settle the payout";
	case CLAIM_PAID:
		return claim->clawed + claim->clawed_pool + claim->clawed_recovered > 0
			       ? "ask back what was paid too much"
			       : "none: the claim is paid";
	case CLAIM_REJECTED:
		return "none: the claim was rejected";
	case CLAIM_LINKED:
		return "none: see the claim it is linked to";
	case CLAIM_CLOSED:
	case CLAIM_WITHDRAWN:
		return "none: the claim is closed";
	}
	return "none";
}

static const char *const channel_names[] = {"app", "phone", "mail", "counter", "mediator", "import", NULL};

enum { FILE_CLAIM, FILE_INCIDENT, FILE_ENTITLEMENT, FILE_CHANNEL, FILE_EVIDENCE, FILE_AMOUNT, FILE_EXCUSE };
static const struct recourse_field file_fields[] = {
	[FILE_CLAIM] = FIELD_OPAQUE("claim", "the claim's id, never used again"),
	[FILE_INCIDENT] = FIELD(ID, "incident", "that caused the loss"),
	[FILE_ENTITLEMENT] = FIELD(ID, "entitlement", "what can no longer be used"),
	[FILE_CHANNEL] = FIELD_CHOICE("channel", channel_names, "how the consumer came"),
	[FILE_EVIDENCE] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what the consumer handed in"),
	[FILE_AMOUNT] = FIELD_OPTIONAL(
		AMOUNT, "amount", "that the consumer asks for; what is left of the lot is worth if absent"),
	[FILE_EXCUSE] = FIELD_OPTIONAL(ID, "excuse",
		"after the bar date: reason code, with its evidence; the claim waits to be admitted"),
};

static bool takes_claims(const struct record_incident *incident, bool late)
{
	return incident->state == INCIDENT_CLAIMS_OPEN || incident->state == INCIDENT_ADJUDICATED ||
	       incident->state == INCIDENT_RECOVERY || (late && incident->state == INCIDENT_BAR_DATE);
}

/* Too late is barred, unless there was an excuse (claim.admit). */
static enum recourse_error check_time(struct decision *decision, const struct record_incident *incident,
	const struct value *values, struct record_claim *claim)
{
	claim->late = decision->time > incident->bar_date ? CLAIM_LATE : CLAIM_IN_TIME;
	if (claim->late == CLAIM_LATE && !values[FILE_EXCUSE].present)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "incident", "before the bar date");
	if (claim->late == CLAIM_IN_TIME && values[FILE_EXCUSE].present)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "excuse", "after the bar date");
	if (claim->late == CLAIM_LATE && !values[FILE_EVIDENCE].present)
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "evidence_hash", "of what excuses it");
	return RECOURSE_OK;
}

static enum recourse_error check_filing(struct decision *decision, const struct record_incident *incident,
	const struct record_entitlement *entitlement, const struct value *values, struct record_claim *claim)
{
	if (!takes_claims(incident, values[FILE_EXCUSE].present))
		return refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident->state));
	TRY(check_time(decision, incident, values, claim));
	if (!scope_has(incident, entitlement))
		return refuse_entry(
			decision, RECOURSE_NOT_PERMITTED, "entitlement", entitlement->issue_entry);
	if (!unit_same(&entitlement->currency, &incident->unit))
		return refuse_limit(
			decision, RECOURSE_UNIT_MISMATCH, "entitlement", "bought in %s", incident->unit.code);
	return RECOURSE_OK;
}

/* D8: a second claim while one lives or was paid is linked, never silently dropped. */
static enum recourse_error link_or_receive(struct decision *decision, slice id,
	struct record_section *section, const struct record_policy *policy,
	struct record_entitlement *entitlement, struct record_claim *claim)
{
	if (entitlement->claim_entry == 0) {
		section->claims_filed++;
		TRY(lot_reserve(decision, section, policy, id, claim, entitlement));
		TRY(lot_take(decision, entitlement, id, claim));
		TRY(entitlement_save(decision, RECORD_TEXT(claim->entitlement), entitlement));
		return decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_RECEIVED, "claim");
	}
	section->claims_linked++;
	decision_fact_integer(decision, "linked_to", entitlement->claim_entry);
	return decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_LINKED, "claim");
}

static enum recourse_error apply_file(struct decision *decision, const struct value *values)
{
	slice id = values[FILE_CLAIM].text;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim = {.filed_entry = decision->entry};
	struct record_incident incident;
	struct record_section section;
	struct record_entitlement entitlement;
	struct record_policy policy;
	TRY(decision_absent(decision, "claim", &path));
	TRY(incident_governing(decision, "incident", values[FILE_INCIDENT].text, &incident));
	TRY(entitlement_find(decision, "entitlement", values[FILE_ENTITLEMENT].text, &entitlement));
	TRY(check_filing(decision, &incident, &entitlement, values, &claim));
	if (values[FILE_AMOUNT].present)
		TRY(decision_amount(
			decision, "amount", values[FILE_AMOUNT].text, &incident.unit, &claim.asked));
	TRY(incident_terms(decision, &incident, &policy));
	record_text_set(claim.entitlement, sizeof claim.entitlement, values[FILE_ENTITLEMENT].text);
	TRY(scope_section(decision, "entitlement", &incident, entitlement.merchant, &section));
	TRY(link_or_receive(decision, id, &section, &policy, &entitlement, &claim));

	claim.incident = section.incident;
	claim.section = section.party;
	claim.filer = decision->actor->key;
	claim.owner = decision->actor->key;
	claim.due = decision->time + (uint64_t)policy.decision_hours * INSTANT_HOUR;
	decision_fact_integer(decision, "receipt", decision->entry);
	TRY(section_save(decision, &section));
	return claim_put_about(decision, id, &claim);
}

static const char *const outcome_names[] = {"approve", "reject", NULL};
enum { OUTCOME_APPROVE, OUTCOME_REJECT };
enum { DECIDE_CLAIM, DECIDE_OUTCOME, DECIDE_REASON, DECIDE_BASIS, DECIDE_RULE, DECIDE_AMOUNT };
static const struct recourse_field decide_fields[] = {
	[DECIDE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[DECIDE_OUTCOME] = FIELD_CHOICE("outcome", outcome_names, "of the ruling"),
	[DECIDE_REASON] = FIELD_OPTIONAL(ID, "reason", "reason code; every refusal has one"),
	[DECIDE_BASIS] = FIELD_OPTIONAL(HASH, "basis_hash", "SHA-256 of the ruling's text"),
	[DECIDE_RULE] =
		FIELD_OPTIONAL(ID, "rule", "by which a claim is refused whose loss the evidence proves"),
	[DECIDE_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount",
		"outcome approve: the loss, where it is not what the lot shows; with a reason, and above "
		"that "
		"with basis_hash"),
};

/* Each factor of the loss with its source. */
static void show_loss(struct decision *decision, const struct record_entitlement *entitlement,
	const struct record_claim *claim)
{
	decision_fact_amount(decision, "remaining", &entitlement->unit, exposure_units(entitlement));
	decision_fact_text(decision, "unit", unit_code(&entitlement->unit));
	decision_fact_amount(decision, "lot_quantity", &entitlement->unit, entitlement->quantity);
	decision_fact_amount(decision, "lot_cost", &entitlement->currency, entitlement->cost);
	decision_fact_amount(decision, "received", &entitlement->currency, claim->received);
	decision_fact_amount(decision, "loss", &entitlement->currency, claim->loss);
	decision_fact_text(
		decision, "evidence", slice_text(entitlement_evidence_names[entitlement->evidence]));
	decision_fact_integer(decision, "lot_entry", entitlement->issue_entry);
	decision_fact_integer(decision, "evidence_entry", entitlement->evidence_entry);
}

/* A ruling may say another loss: less for a reason that it names, more with its text. */
static enum recourse_error rule_amount(struct decision *decision,
	const struct record_entitlement *entitlement, const struct value *values, struct record_claim *claim)
{
	int64_t steps;
	if (!values[DECIDE_AMOUNT].present)
		return RECOURSE_OK;
	TRY(decision_amount(decision, "amount", values[DECIDE_AMOUNT].text, &entitlement->currency, &steps));
	if (!values[DECIDE_REASON].present)
		return refuse(decision, RECOURSE_FIELD_MISSING, "reason", "with an amount");
	if (steps > claim->loss && !values[DECIDE_BASIS].present)
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "basis_hash",
			"with an amount above what the lot shows");
	claim->loss = steps;
	return RECOURSE_OK;
}

/*
 * C3: units × lot price = loss. What was had elsewhere stays in it, and is shown: it bounds what is paid. `contested` is
 * what was asked for, or shown, beyond what is ruled.
 */
static enum recourse_error compute_loss(struct decision *decision,
	const struct record_entitlement *entitlement, const struct value *values, struct record_claim *claim,
	int64_t *contested)
{
	int64_t value;
	if (entitlement->evidence == EVIDENCE_NONE)
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "claim",
			"evidence of consumption: confirmed, absent or unavailable");
	if (entitlement->disputes > 0)
		return refuse_entry(
			decision, RECOURSE_EVIDENCE_CONFLICT, "claim", entitlement->disputed_entry);
	enum recourse_error error = exposure_value(entitlement, &value);
	if (error != RECOURSE_OK)
		return refuse(decision, error, "claim", "amounts within 64 bits");
	claim->loss = value;
	*contested = amount_most(claim->asked, claim->loss);
	TRY(rule_amount(decision, entitlement, values, claim));
	*contested = amount_beyond(*contested, claim->loss);
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

static enum recourse_error approve(struct decision *decision, slice id, const struct value *values,
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
	TRY(compute_loss(decision, &entitlement, values, claim, &contested));
	TRY(apply_scheme(policy, claim));
	TRY(entitlement_extinguish(decision, entitlement_id, &entitlement));
	TRY(count_decided(decision, id, section, policy, claim, contested));
	decision_fact_amount(decision, "approved", &entitlement.currency, claim->approved);
	return RECOURSE_OK;
}

/*
 * C2: what evidence proves is not denied without a rule that allows it, in a ruling's text. Which codes deny a loss is
 * published with them; others say something else, such as that the claimant is not the holder.
 */
static enum recourse_error check_denial(
	struct decision *decision, const struct value *values, const struct record_claim *claim)
{
	struct record_texts reason;
	struct record_entitlement entitlement;
	int64_t value;
	TRY(area_texts(decision->state, slice_text("claim.decide"), values[DECIDE_REASON].text, &reason));
	if (reason.denies_loss == 0 || (values[DECIDE_RULE].present && values[DECIDE_BASIS].present))
		return RECOURSE_OK;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &entitlement));
	TRY(exposure_value(&entitlement, &value));
	if (entitlement.evidence == EVIDENCE_NONE || entitlement.disputes > 0 || value <= claim->received)
		return RECOURSE_OK;
	return refuse(decision, RECOURSE_EVIDENCE_CONFLICT, "outcome",
		"approve, or rule and basis_hash: the evidence leaves a loss");
}

static enum recourse_error reject(struct decision *decision, slice id, const struct value *values,
	struct record_section *section, const struct record_policy *policy, struct record_claim *claim)
{
	if (!values[DECIDE_REASON].present)
		return refuse(
			decision, RECOURSE_FIELD_MISSING, "reason", "every refusal needs a reason code");
	TRY(check_denial(decision, values, claim));
	if (values[DECIDE_AMOUNT].present)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "amount", "with outcome approve alone");
	section->claims_rejected++;
	TRY(decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_REJECTED, "claim"));
	return weight_refuse(decision, section, id, final_at(decision, policy));
}

/* A date of payment counted in working days is in the entry: the calendar may be published anew. */
static enum recourse_error set_payout_due(
	struct decision *decision, const struct record_policy *policy, struct record_claim *claim)
{
	slice calendar = RECORD_TEXT(policy->calendar);
	TRY(calendar_due(decision, calendar, decision->time, policy->payout_days, &claim->due));
	if (calendar.size > 0 && claim->state == CLAIM_RULED)
		decision_fact_instant(decision, "payout_due", claim->due);
	return RECOURSE_OK;
}

static enum recourse_error apply_decide(struct decision *decision, const struct value *values)
{
	slice id = values[DECIDE_CLAIM].text;
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
	struct record_policy policy;
	TRY(claim_find(decision, id, &claim));
	TRY(claim_separate(decision, claim.filer, 0));
	TRY(incident_load(decision->state, claim.incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	TRY(incident_terms(decision, &incident, &policy));
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	if (values[DECIDE_OUTCOME].integer == OUTCOME_APPROVE)
		TRY(approve(decision, id, values, &section, &policy, &claim));
	else
		TRY(reject(decision, id, values, &section, &policy, &claim));
	TRY(set_payout_due(decision, &policy, &claim));

	if (section.first_ruling == 0)
		section.first_ruling = decision->entry;
	claim.decided_entry = decision->entry;
	claim.decider = decision->actor->key;
	claim.owner = decision->actor->key;
	TRY(settle_up_waiting(decision, &incident, &section));
	TRY(section_save(decision, &section));
	TRY(claim_put_about(decision, id, &claim));
	return claim.state == CLAIM_REJECTED ? lot_release(decision, RECORD_TEXT(claim.entitlement))
					     : RECOURSE_OK;
}

enum { WITHDRAW_CLAIM, WITHDRAW_REASON, WITHDRAW_HASH };
static const struct recourse_field withdraw_fields[] = {
	[WITHDRAW_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[WITHDRAW_REASON] = FIELD(ID, "reason", "reason code: why the consumer does not pursue it"),
	[WITHDRAW_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what the consumer said"),
};

/* D10: before it is ruled on. The lot can be claimed anew; one that is linked claims nothing and can not be given up. */
static enum recourse_error apply_withdraw(struct decision *decision, const struct value *values)
{
	struct record_claim claim;
	struct record_incident incident;
	TRY(claim_find(decision, values[WITHDRAW_CLAIM].text, &claim));
	TRY(incident_load(decision->state, claim.incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	return claim_withdraw(decision, values[WITHDRAW_CLAIM].text);
}

enum recourse_error claim_withdraw(struct decision *decision, slice id)
{
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
	TRY(claim_find(decision, id, &claim));
	TRY(decision_step(decision, LIFE_CLAIM, &claim.state, CLAIM_WITHDRAWN, "claim"));
	TRY(incident_load(decision->state, claim.incident, &incident));
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	section.claims_filed--;
	TRY(weight_forget(decision, &section, id));
	claim.due = 0;
	TRY(settle_up_waiting(decision, &incident, &section));
	TRY(section_save(decision, &section));
	TRY(claim_put_about(decision, id, &claim));
	return lot_release(decision, RECORD_TEXT(claim.entitlement));
}

/* ---- claim.admit ---- */

enum { ADMIT_CLAIM, ADMIT_REASON };
static const struct recourse_field admit_fields[] = {
	[ADMIT_CLAIM] = FIELD(ID, "claim", "that was filed after the bar date, with an excuse"),
	[ADMIT_REASON] = FIELD(ID, "reason", "reason code: why the excuse is accepted"),
};

/* From here on it is one of those filed in time, and has its share of what was not paid yet. */
static enum recourse_error apply_admit(struct decision *decision, const struct value *values)
{
	slice id = values[ADMIT_CLAIM].text;
	struct record_claim claim;
	struct record_section section;
	struct record_entitlement entitlement;
	struct record_incident incident;
	struct record_policy policy;
	TRY(claim_find(decision, id, &claim));
	TRY(incident_load(decision->state, claim.incident, &incident));
	incident_name_policy(decision, &incident);
	TRY(incident_open(decision, "claim", &incident));
	if (claim.late != CLAIM_LATE || claim.state != CLAIM_RECEIVED)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim.state));
	TRY(claim_separate(decision, claim.filer, 0));
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim.entitlement), &entitlement));
	claim.late = CLAIM_ADMITTED;
	TRY(incident_terms(decision, &incident, &policy));
	TRY(lot_reserve(decision, &section, &policy, id, &claim, &entitlement));
	TRY(settle_up_waiting(decision, &incident, &section));
	TRY(section_save(decision, &section));
	return claim_put_about(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND("claim.file", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, file_fields, apply_file,
		"take a consumer's claim; its receipt number is the entry", RECOURSE_UNIT_MISMATCH,
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED,
		RECOURSE_CUSTODIAN_WRONG, RECOURSE_EVIDENCE_MISSING),
	COMMAND("claim.decide", RECOURSE_ROLE_OPERATOR, decide_fields, apply_decide,
		"rule on a claim, with the arithmetic shown", RECOURSE_AMOUNT_RANGE, RECOURSE_OVERFLOW,
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON, RECOURSE_EVIDENCE_MISSING,
		RECOURSE_EVIDENCE_CONFLICT, RECOURSE_WINDOW_CLOSED),
	COMMAND("claim.withdraw", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, withdraw_fields,
		apply_withdraw, "the consumer gives a claim up before it is ruled on", RECOURSE_STATE_WRONG),
	COMMAND_CHECKED("claim.admit", RECOURSE_ROLE_OPERATOR, 1, admit_fields, apply_admit,
		"accept the excuse of a claim that came too late; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON),
};
const struct command_group claim_commands = COMMAND_GROUP(rows);
