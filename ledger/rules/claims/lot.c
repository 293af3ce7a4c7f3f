/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/lot.h"

#include "rules/claims/had.h"
#include "rules/claims/hearing.h"
#include "rules/claims/take_over.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/scope.h"
#include "rules/incident/section.h"
#include "rules/incident/standing.h"
#include "rules/incident/weight.h"
#include "rules/collateral/collateral.h"
#include "rules/recourse/settle_up.h"

enum recourse_error lot_reserve(struct decision *decision, struct record_section *section,
	const struct record_policy *policy, slice id, const struct record_claim *claim,
	const struct record_entitlement *lot)
{
	struct weight_asked asked = {.asked = claim->asked};
	TRY(exposure_value(lot, &asked.lot)); /* it was posted */
	TRY(weight_take_over(decision, section, RECORD_TEXT(lot->claim), id, &asked.former));
	if (claim->late == CLAIM_LATE || (asked.lot == 0 && claim->asked == 0))
		return weight_late(decision, section, policy, id, &asked);
	return weight_reserve(decision, section, policy, id, &asked);
}

/* One that was refused; else what is kept back without waiting was taken over. */
static bool is_own(const struct record_claim *claim)
{
	return claim->state == CLAIM_REJECTED && claim->late != CLAIM_LATE;
}

enum recourse_error lot_follow(
	struct decision *decision, const struct record_entitlement *lot, int64_t was, uint32_t *incident)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(lot->claim));
	struct record_claim claim;
	struct record_incident its;
	struct record_section section;
	struct record_policy policy;
	struct weight_worth worth = {.was = was};
	*incident = 0;
	TRY(exposure_value(lot, &worth.is));
	if (lot->claim[0] == '\0' || worth.is == was)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
	TRY(incident_load(decision->state, claim.incident, &its));
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	worth.asked = is_own(&claim) ? claim.asked : WEIGHT_NOT_OWN;
	TRY(weight_follow(decision, &section, RECORD_TEXT(lot->claim), &worth));
	TRY(incident_policy(decision->state, &its, &policy));
	if (claim.decided_entry == 0 && claim.state != CLAIM_WITHDRAWN)
		TRY(lot_reserve(decision, &section, &policy, RECORD_TEXT(lot->claim), &claim, lot));
	if (!incident_has_ended(&its)) {
		TRY(settle_up_linked(decision, &its, &section));
		*incident = its.number;
	}
	return section_save(decision, &section);
}

/* D12: one that fell before is found by its lot as well. */
static enum recourse_error replace(struct decision *decision, slice fallen, slice id)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, fallen);
	struct record_claim former;
	if (fallen.size == 0 || slice_equal(fallen, id))
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &former, sizeof former));
	former.replaced = 1;
	return decision_put(decision, &path, &former, sizeof former);
}

enum recourse_error lot_take(struct decision *decision, struct record_entitlement *lot, slice id,
	struct record_claim *claim, slice *fallen)
{
	TRY(arena_copy(decision->arena, RECORD_TEXT(lot->claim), fallen));
	lot->claim_entry = claim->filed_entry;
	claim->replaced = 0;
	record_text_set(lot->claim, sizeof lot->claim, id);
	TRY(replace(decision, *fallen, id));
	TRY(had_follow(decision, *fallen, id, claim));
	if (slice_equal(*fallen, id)) /* which is heard again */
		*fallen = slice_text("");
	return take_over_evidence(decision, *fallen, id, claim);
}

enum recourse_error lot_taken(struct decision *decision, slice fallen, slice id)
{
	return fallen.size > 0 ? area_claim_stepped_in(decision, fallen, id) : RECOURSE_OK;
}

/* What an incident that has ended was to decide is decided no more; of one that was cancelled, by the one that stands. */
static enum recourse_error find_place(struct decision *decision, const struct record_claim *claim,
	const struct record_entitlement *lot, struct record_incident *incident, bool *there)
{
	struct record_incident own;
	TRY(incident_load(decision->state, claim->incident, &own));
	*incident = own;
	*there = !incident_has_ended(&own);
	return own.state == INCIDENT_CANCELLED
		       ? standing_other(decision, lot, claim->filed_entry, &own, incident, there)
		       : RECOURSE_OK;
}

static enum recourse_error can_step_in(
	struct decision *decision, slice id, const struct record_entitlement *lot, bool *yes)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	struct record_incident incident;
	TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
	return find_place(decision, &claim, lot, &incident, yes);
}

/* Its id in the arena; an empty one where none is linked. */
static enum recourse_error find_first(
	struct decision *decision, slice lot, const struct record_entitlement *entitlement, slice *id)
{
	struct record_path prefix = record_path_of_text(RECORD_LINKED, lot);
	bool found = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*id = slice_text("");
	while (!found && record_walk_next(&walk, NULL, 0)) {
		slice next = walk.key.parts[2].text;
		TRY(can_step_in(decision, next, entitlement, &found));
		if (found)
			TRY(arena_copy(decision->arena, next, id));
	}
	return walk.error;
}

/* It repeats none any more; where it goes on is in `incident` and `section`. */
static enum recourse_error take_place(struct decision *decision, struct record_claim *claim,
	const struct record_entitlement *lot, struct record_incident *incident,
	struct record_section *section)
{
	struct record_section former;
	bool there;
	TRY(section_load(decision->state, claim->incident, claim->section, &former));
	former.claims_linked--;
	TRY(section_save(decision, &former));
	TRY(find_place(decision, claim, lot, incident, &there));
	TRY(scope_section(decision, "claim", incident, lot->merchant, section));
	if (claim->incident != section->incident && claim->late == CLAIM_LATE)
		claim->late = CLAIM_IN_TIME; /* late for what was declared by mistake alone */
	claim->incident = section->incident;
	claim->section = section->party;
	return RECOURSE_OK;
}

/* It was filed in time, and waited through no fault of its own: its time for a ruling begins now. */
static enum recourse_error promote(
	struct decision *decision, slice id, struct record_entitlement *entitlement)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
	struct record_policy policy;
	slice fallen;
	TRY(decision_find(decision, "claim", &path, &claim, sizeof claim));
	TRY(take_place(decision, &claim, entitlement, &incident, &section));
	TRY(terms_policy(decision, RECORD_TEXT(incident.policy), incident.policy_version, &policy));
	TRY(decision_step(decision, LIFE_CLAIM, &claim.state, CLAIM_RECEIVED, "claim"));
	section.claims_filed++;
	TRY(terms_decision_due(decision, &policy, &claim.due));
	TRY(lot_reserve(decision, &section, &policy, id, &claim, entitlement));
	TRY(lot_take(decision, entitlement, id, &claim, &fallen));
	TRY(hearing_policy(decision->state, &claim, &policy));
	TRY(hearing_begin(decision, id, &policy, &claim));
	decision_fact_integer(decision, "promoted", claim.filed_entry);
	TRY(settle_up_linked(decision, &incident, &section));
	TRY(section_save(decision, &section));
	TRY(freeze_follow_claims(decision, &incident, section.party));
	claim.last_entry = decision->entry;
	TRY(area_claim_put(decision, id, &claim));
	TRY(decision_put(decision, &path, &claim, sizeof claim));
	TRY(decision_about(decision, RECORD_CLAIM, id));
	return lot_taken(decision, fallen, id);
}

enum recourse_error lot_release(struct decision *decision, slice lot)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, lot);
	struct record_entitlement entitlement;
	slice next;
	TRY(decision_find(decision, "claim", &path, &entitlement, sizeof entitlement));
	entitlement.claim_entry = 0;
	TRY(find_first(decision, lot, &entitlement, &next));
	if (next.size > 0)
		TRY(promote(decision, next, &entitlement));
	return decision_put(decision, &path, &entitlement, sizeof entitlement);
}
