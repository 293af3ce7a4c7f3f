/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/unclaimed.h"

#include "books/record_sealed.h"
#include "rules/claims/claim.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/payout/appeal.h"
#include "rules/payout/former_order.h"
#include "rules/payout/report.h"

/*
 * ---- payout.unclaimed: a payment that can not be made, as nobody says where to ----
 *
 * After as many notices as the incident's policy has, from when its money was back: it is the claimant's by the claim's name (2135)
 * for good, and in nobody's way. payout.reissue pays it, payout.cancel takes it back.
 */

enum { UNCLAIMED_CLAIM, UNCLAIMED_REASON };
static const struct recourse_field unclaimed_fields[] = {
	[UNCLAIMED_CLAIM] = FIELD(ID, "claim", "whose payment can not be made, after the notices"),
	[UNCLAIMED_REASON] = FIELD(ID, "reason", "reason code"),
};

/* Contacts of the claim that went out since, as far as they count. */
static enum recourse_error count_notices(
	struct decision *decision, slice claim, uint64_t since, int64_t most, int64_t *count, uint64_t *first)
{
	struct record_path prefix = record_path_of_text(RECORD_CONTACT, claim);
	struct record_path from = prefix;
	struct record_contact contact;
	record_path_number(&from, since + 1);
	*count = 0;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	while (*count < most && record_walk_next(&walk, &contact, sizeof contact)) {
		if (contact.direction != CONTACT_OUT)
			continue;
		if (*count == 0)
			*first = contact.time;
		++*count;
	}
	return walk.error;
}

static enum recourse_error check_notices(struct decision *decision, const struct undo *undo)
{
	struct record_policy policy;
	struct record_report report;
	char text[INSTANT_TEXT_SIZE];
	int64_t count;
	uint64_t first = 0;
	TRY(incident_terms(decision, &undo->incident, &policy));
	if (policy.unclaimed_notices == 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "claim",
			"where its policy says after how many notices");
	TRY(report_read(decision->state, undo->id, &undo->claim, &report));
	TRY(count_notices(decision, undo->id, report.entry, policy.unclaimed_notices, &count, &first));
	decision_fact_integer(decision, "notices", (uint64_t)count);
	if (count < policy.unclaimed_notices)
		return refuse_limit(decision, RECOURSE_NOT_PERMITTED, "claim",
			"after %d notices since its money is back: contact.record direction=out",
			(int)policy.unclaimed_notices);
	uint64_t end = first + (uint64_t)policy.unclaimed_days * INSTANT_DAY;
	if (decision->time >= end)
		return RECOURSE_OK;
	instant_format(end, text);
	return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, "claim", "not before %s", text);
}

/* What later rounds gave beyond what was ordered is the same claimant's, and would be ordered out of nobody's hands. */
static enum recourse_error find_more(struct decision *decision, const struct undo *undo, int64_t *more)
{
	const struct record_claim *claim = &undo->claim;
	int64_t pool;
	bool covered;
	TRY(round_part(decision->state, &undo->section, undo->id, ROUND_DEPOSIT, &pool, &covered));
	*more = amount_beyond(pool, claim->paid + claim->deposit_part + claim->advance_part);
	return RECOURSE_OK;
}

static enum recourse_error take_step(struct decision *decision, struct undo *undo, int64_t more)
{
	struct record_claim *claim = &undo->claim;
	if (claim->payout == PAYOUT_UNCLAIMED)
		return more > 0
			       ? RECOURSE_OK
			       : refuse_state(decision, "claim", life_state_name(LIFE_PAYOUT, claim->payout));
	TRY(decision_step(decision, LIFE_PAYOUT, &claim->payout, PAYOUT_UNCLAIMED, "claim"));
	int64_t steps = claim->deposit_part + claim->advance_part;
	TRY(check_notices(decision, undo));
	undo->section.unclaimed += steps;
	undo->section.unclaimed_advance += claim->advance_part;
	undo->section.claims_unclaimed++;
	return decision_move(decision, &undo->incident.unit, steps, CHART_RETURNED, slice_text(""),
		CHART_UNCLAIMED, undo->id, undo->reference);
}

static enum recourse_error apply_unclaimed(struct decision *decision, const struct value *values)
{
	struct undo undo = {.id = values[UNCLAIMED_CLAIM].text};
	struct record_claim *claim = &undo.claim;
	int64_t more;
	TRY(undo_find(decision, &undo));
	TRY(appeal_check_stays(decision, "claim", &undo.incident));
	TRY(find_more(decision, &undo, &more));
	TRY(take_step(decision, &undo, more));
	if (more > 0)
		TRY(former_order_add(decision, undo.id, claim));
	claim->deposit_part += more;
	claim->approved =
		amount_most(claim->approved, claim->paid + claim->deposit_part + claim->advance_part);
	undo.section.unclaimed += more;
	TRY(decision_move(decision, &undo.incident.unit, more, CHART_CLAIMS, slice_text(""), CHART_UNCLAIMED,
		undo.id, undo.reference));
	decision_fact_amount(
		decision, "amount", &undo.incident.unit, claim->deposit_part + claim->advance_part);
	if (!record_claim_waits(claim))
		claim->due = 0;
	TRY(section_save(decision, &undo.section));
	return claim_put_about(decision, undo.id, claim);
}

/* ---- who was not found is ---- */

enum recourse_error unclaimed_take(struct decision *decision, struct undo *undo)
{
	struct record_claim *claim = &undo->claim;
	int64_t steps = claim->deposit_part + claim->advance_part;
	slice none = slice_text("");
	if (claim->payout != PAYOUT_UNCLAIMED)
		return RECOURSE_OK;
	TRY(incident_money_moved(decision, "claim", &undo->incident));
	TRY(incident_due_anew(decision, &undo->incident, claim));
	undo->section.unclaimed -= steps;
	undo->section.unclaimed_advance -= claim->advance_part;
	undo->section.claims_unclaimed--;
	return decision_move(decision, &undo->incident.unit, steps, CHART_UNCLAIMED, undo->id, CHART_RETURNED,
		none, undo->reference);
}

static const struct command rows[] = {
	COMMAND_CHECKED("payout.unclaimed", RECOURSE_ROLE_OPERATOR, 1, unclaimed_fields, apply_unclaimed,
		"nobody says where a payment is to go: it is owed by name; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED, RECOURSE_WINDOW_CLOSED),
};
const struct command_group unclaimed_commands = COMMAND_GROUP(rows);
