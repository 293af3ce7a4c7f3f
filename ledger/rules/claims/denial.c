/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/denial.h"

#include "rule/area.h"
#include "rule/denials.h"
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/listed.h"
#include "rules/claims/withheld.h"
#include "rules/incident/incident.h"

/* What says something else than that nothing was lost, where no reasons are published: of a list it says so itself. */
static const struct {
	const char *command;
	const char *reason;
} other_grounds[] = {
	{"claim.decide", "not-in-scope"},
	{"claim.decide", "not-the-holder"},
	{"claim.decide", "too-late"},
	{"claim.void", "fraud"},
	{"claim.void", "not-the-holder"},
};

static bool is_other_ground(const char *command, slice reason)
{
	bool known = false;
	for (size_t index = 0; index < sizeof other_grounds / sizeof other_grounds[0]; index++)
		known = known || (strcmp(other_grounds[index].command, command) == 0 &&
					 slice_equal(reason, slice_text(other_grounds[index].reason)));
	return known;
}

/*
 * By the version of the policy that the incident was declared with in which the claim was taken: a rule that is published later, or
 * of another incident that it was moved to, denies nothing of it.
 */
static enum recourse_error find_rule(
	struct decision *decision, const struct record_claim *claim, const struct denial *denial, bool *yes)
{
	struct record_incident intake;
	struct record_denials denials;
	TRY(incident_load(decision->state, claim->intake, &intake));
	TRY(denials_load(decision->state, RECORD_TEXT(intake.policy), intake.policy_version, &denials));
	bool there = denials_have(&denials, denial->rule, denial->reason);
	if (denial->rule.size > 0 && !there)
		return refuse(decision, RECOURSE_NOT_FOUND, "rule", "one that the policy has for the reason");
	*yes = denial->based && there;
	return RECOURSE_OK;
}

/* Whether a reason of that command says that nothing was lost, or less; and whether a rule of the policy is behind it. */
static enum recourse_error look_at_reason(struct decision *decision, const char *command,
	const struct record_claim *claim, const struct denial *denial, bool *denies, bool *ruled)
{
	struct record_texts reason;
	TRY(area_texts(decision->state, slice_text(command), denial->reason, &reason));
	bool published = reason.version != 0;
	*denies = published ? reason.denies_loss != 0 : !is_other_ground(command, denial->reason);
	*ruled = false;
	return published ? find_rule(decision, claim, denial, ruled) : RECOURSE_OK;
}

/* Where nobody knows what was used of the lot, nobody knows that nothing is lost. */
static enum recourse_error check_evidence(
	struct decision *decision, const struct record_claim *claim, const struct denial *denial)
{
	struct record_entitlement lot;
	int64_t value;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	if (!withheld_is_known(&lot))
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "claim",
			"evidence of consumption: confirmed, absent or unavailable");
	if (lot.disputes > 0)
		return refuse_entry(decision, RECOURSE_EVIDENCE_CONFLICT, "claim", lot.disputed_entry);
	TRY(withheld_value(&lot, claim, &value));
	if (value <= amount_most(denial->ruled, claim->received))
		return RECOURSE_OK;
	return refuse(decision, RECOURSE_EVIDENCE_CONFLICT, "outcome",
		"approve, or basis_hash and a rule that the policy has for the reason");
}

/* What was accepted by mistake: the records decide, and the ruling, which has a text, names the answer as well. */
static enum recourse_error is_by_records(
	struct decision *decision, const struct record_claim *claim, const struct denial *denial, bool *yes)
{
	struct record_entitlement lot;
	int64_t value;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	TRY(withheld_value(&lot, claim, &value));
	*yes = denial->based && denial->ruled == 0 && lot.consumed > 0 && lot.disputes == 0 && value == 0;
	return RECOURSE_OK;
}

enum recourse_error denial_check(
	struct decision *decision, slice id, const struct record_claim *claim, const struct denial *denial)
{
	bool denies;
	bool ruled;
	bool used = false;
	TRY(look_at_reason(decision, "claim.decide", claim, denial, &denies, &ruled));
	if (denies && !ruled)
		TRY(is_by_records(decision, claim, denial, &used));
	if (claim->asked == 0 || denial->ruled < claim->asked) /* what was accepted is what was asked for */
		TRY(hearing_check_refusal(decision, id, claim, ruled || used));
	if (!denies)
		return RECOURSE_OK;
	TRY(listed_check_open(decision, id, claim));
	TRY(listed_check(decision, id, claim, true));
	return ruled ? RECOURSE_OK : check_evidence(decision, claim, denial);
}

/* What was ended with its ruling is there again: what is left is what records of use leave by now. */
static enum recourse_error check_left(struct decision *decision, const struct record_claim *claim)
{
	struct record_entitlement lot;
	int64_t value;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	if (lot.disputes > 0)
		return refuse_entry(decision, RECOURSE_EVIDENCE_CONFLICT, "claim", lot.disputed_entry);
	lot.extinguished = 0;
	TRY(withheld_value(&lot, claim, &value));
	return value == 0 ? RECOURSE_OK
			  : refuse(decision, RECOURSE_EVIDENCE_CONFLICT, "reason",
				    "one that denies no loss, or with a rule that the policy has for it");
}

enum recourse_error denial_check_void(
	struct decision *decision, slice id, const struct record_claim *claim, const struct denial *denial)
{
	bool denies;
	bool ruled;
	bool accepted;
	TRY(look_at_reason(decision, "claim.void", claim, denial, &denies, &ruled));
	if (ruled)
		return RECOURSE_OK;
	TRY(hearing_was_accepted(decision, id, claim, &accepted));
	if (accepted)
		return refuse(decision, RECOURSE_EVIDENCE_CONFLICT, "rule",
			"one that the policy has for the reason: the merchant accepted the claim");
	return denies ? check_left(decision, claim) : RECOURSE_OK;
}
