/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/denial.h"

#include "rule/area.h"
#include "rule/denials.h"
#include "rules/claims/claim.h"
#include "rules/claims/hearing.h"
#include "rules/claims/listed.h"
#include "rules/claims/withheld.h"

/* Codes that say something else than that nothing was lost, where no reasons are published: of a list it says so itself. */
static const char *const other_grounds[] = {"not-in-scope", "not-the-holder", "too-late"};

static bool is_other_ground(slice reason)
{
	bool known = false;
	for (size_t index = 0; index < sizeof other_grounds / sizeof other_grounds[0]; index++)
		known = known || slice_equal(reason, slice_text(other_grounds[index]));
	return known;
}

/* By the version of the policy that the incident was declared with: a rule that is published later denies nothing of it. */
static enum recourse_error has_rule(struct decision *decision, const struct record_incident *incident,
	const struct denial *denial, bool *yes)
{
	struct record_denials denials;
	TRY(denials_load(decision->state, RECORD_TEXT(incident->policy), incident->policy_version, &denials));
	bool there = denials_have(&denials, denial->rule, denial->reason);
	if (denial->rule.size > 0 && !there)
		return refuse(decision, RECOURSE_NOT_FOUND, "rule", "one that the policy has for the reason");
	*yes = denial->based && there;
	return RECOURSE_OK;
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

enum recourse_error denial_check(struct decision *decision, slice id, const struct record_claim *claim,
	const struct record_incident *incident, const struct denial *denial)
{
	struct record_texts reason;
	bool ruled = false;
	TRY(area_texts(decision->state, slice_text("claim.decide"), denial->reason, &reason));
	bool published = reason.version != 0;
	if (published)
		TRY(has_rule(decision, incident, denial, &ruled));
	if (claim->asked == 0 || denial->ruled < claim->asked) /* what was accepted is what was asked for */
		TRY(hearing_check_refusal(decision, id, claim, ruled));
	if (published ? reason.denies_loss == 0 : is_other_ground(denial->reason))
		return RECOURSE_OK;
	TRY(listed_check_open(decision, id, claim));
	TRY(listed_check(decision, id, claim, true));
	return ruled ? RECOURSE_OK : check_evidence(decision, claim, denial);
}
