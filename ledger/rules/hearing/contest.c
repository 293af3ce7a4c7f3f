/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hearing/contest.h"

#include "rules/claims/claim.h"
#include "rules/claims/claim_move.h"
#include "rules/claims/measure.h"
#include "rules/claims/reopen.h"
#include "rules/claims/ruling.h"
#include "rules/claims/top_up.h"
#include "rules/claims/undo.h"
#include "rules/claims/withheld.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/recourse/settle_up.h"

/* ruling.appeal, ruling.judge: the consumer's appeal of a ruling, and what another person makes of it (README.md). */

void contest_begin(struct heard *hearing)
{
	struct record_hearing *record = &hearing->record;
	if (record->ruling == hearing->claim.decided_entry)
		return;
	record->ruling = hearing->claim.decided_entry;
	record->consumer_served = record->merchant_served = 0;
	record->final_at = 0;
	record->merchant = hearing->claim.section;
}

/* The entry that made it final; 0: it is not. */
static uint64_t final_by(const struct heard *hearing)
{
	const struct record_hearing *record = &hearing->record;
	uint64_t ruling = hearing->claim.decided_entry;
	if (hearing->claim.voided != 0)
		return hearing->claim.voided;
	if (record->consent == CONSENT_GIVEN && record->proposal_ended == ruling)
		return ruling;
	return record->appeal_entry != 0 && record->appeal_ended == ruling ? ruling : 0;
}

bool contest_is_final(const struct heard *hearing)
{
	return final_by(hearing) != 0;
}

enum recourse_error contest_denies(struct decision *decision, const struct heard *hearing, bool *denies)
{
	const struct record_claim *claim = &hearing->claim;
	struct record_section section;
	struct record_decided decided = {.reserve = 0};
	*denies = claim->state == CLAIM_REJECTED;
	if (*denies)
		return RECOURSE_OK;
	TRY(section_load(decision->state, claim->incident, claim->section, &section));
	struct record_path path = weight_path(&section, hearing->id);
	TRY(record_get_optional(decision->state, &path, &decided, sizeof decided, NULL));
	*denies = decided.reserve > 0;
	return RECOURSE_OK;
}

/* ---- ruling.appeal ---- */

enum { APPEAL_CLAIM, APPEAL_REASON, APPEAL_HASH };
static const struct recourse_field appeal_fields[] = {
	[APPEAL_CLAIM] = FIELD(ID, "claim", "whose ruling the consumer appeals"),
	[APPEAL_REASON] = FIELD(ID, "reason", "reason code"),
	[APPEAL_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of the appeal"),
};

static enum recourse_error check_appeal(struct decision *decision, const struct heard *hearing)
{
	const struct record_hearing *record = &hearing->record;
	const struct record_claim *claim = &hearing->claim;
	bool denies;
	if (claim->decided_entry == 0 || hearing_is_closed(claim))
		return refuse_state(decision, "claim",
			hearing_is_closed(claim) ? "closed" : life_state_name(LIFE_CLAIM, claim->state));
	if (final_by(hearing) != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", final_by(hearing));
	if (record->appealed == claim->decided_entry)
		return refuse_entry(decision, RECOURSE_EXISTS, "claim", record->appeal_entry);
	TRY(contest_denies(decision, hearing, &denies));
	if (!denies)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "claim",
			"one whose ruling left out something that was asked for or shown");
	return record->final_at == 0 ? RECOURSE_OK : hearing_check_until(decision, "claim", record->final_at);
}

/* But for the appeal nothing of it would be waited for. */
static bool is_done_with(const struct record_claim *claim)
{
	return claim->state == CLAIM_REJECTED || claim->state == CLAIM_PAID;
}

static uint64_t latest(uint64_t one, uint64_t other)
{
	return one > other ? one : other;
}

/*
 * Until when a claim that fell can be appealed at the latest. When one was refused that nobody was given is known by its entry
 * alone: so at most as if that were now.
 */
static enum recourse_error find_window(
	struct decision *decision, const struct record_section *section, slice id, uint64_t *until)
{
	struct heard heard;
	struct record_incident incident;
	struct record_policy policy;
	const struct record_hearing *record = &heard.record;
	TRY(heard_find(decision, id, &heard));
	uint64_t ruling = heard.claim.decided_entry;
	*until = 0;
	if (heard.claim.state != CLAIM_REJECTED || heard.claim.incident != section->incident ||
		heard.claim.section != section->party || final_by(&heard) != 0)
		return RECOURSE_OK;
	if (record->appealed == ruling) {
		*until = record->appeal_ended == 0 ? WEIGHT_UNTIL_JUDGED : 0;
		return RECOURSE_OK;
	}
	if (record->ruling == ruling && record->final_at != 0) {
		*until = record->final_at;
		return RECOURSE_OK;
	}
	TRY(incident_load(decision->state, section->incident, &incident));
	TRY(incident_policy(decision->state, &incident, &policy));
	*until = decision->time + (uint64_t)policy.appeal_days * INSTANT_DAY;
	return RECOURSE_OK;
}

/* One of a lot is kept back for all that fell: it ends with the last of them, and not since another one was judged or given. */
static enum recourse_error find_last(struct decision *decision, const struct record_section *section,
	const struct heard *hearing, uint64_t *until)
{
	struct record_path prefix =
		record_path_of_text(RECORD_FORMER, RECORD_TEXT(hearing->claim.entitlement));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		slice id = walk.key.parts[2].text;
		uint64_t other = 0;
		if (!slice_equal(id, hearing->id))
			TRY(find_window(decision, section, id, &other));
		*until = latest(*until, other);
	}
	return walk.error;
}

/* With whichever claim took the lot over since; one that is given up, or went elsewhere, has nothing of its own here. */
enum recourse_error contest_keep_back(struct decision *decision, struct record_section *section,
	const struct heard *hearing, uint64_t until)
{
	struct record_entitlement lot;
	struct record_claim holder;
	TRY(weight_contest(decision, section, hearing->id, until));
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(hearing->claim.entitlement), &lot));
	slice id = RECORD_TEXT(lot.claim);
	if (slice_equal(id, hearing->id))
		return RECOURSE_OK;
	TRY(claim_find(decision, id, &holder));
	TRY(find_last(decision, section, hearing, &until));
	bool left = holder.incident != section->incident || holder.section != section->party;
	return (left || holder.state == CLAIM_WITHDRAWN ? weight_contest : weight_contest_former)(
		decision, section, id, until);
}

static enum recourse_error count_appeals(
	struct decision *decision, const struct heard *hearing, int64_t change, uint64_t until)
{
	struct record_section section;
	struct record_incident incident;
	TRY(section_load(decision->state, hearing->claim.incident, hearing->claim.section, &section));
	section.appeals += (uint64_t)change;
	TRY(contest_keep_back(decision, &section, hearing, until));
	/* what falls on it of what parties paid waits, or waits no longer */
	TRY(incident_load(decision->state, section.incident, &incident));
	TRY(settle_up_loss(decision, &incident, &section));
	return section_save(decision, &section);
}

static enum recourse_error apply_appeal(struct decision *decision, const struct value *values)
{
	struct heard hearing;
	struct record_hearing *record = &hearing.record;
	struct record_incident incident;
	struct record_policy policy;
	TRY(heard_find(decision, values[APPEAL_CLAIM].text, &hearing));
	contest_begin(&hearing);
	TRY(check_appeal(decision, &hearing));
	TRY(incident_load(decision->state, hearing.claim.incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	TRY(incident_terms(decision, &incident, &policy));
	record->appeal_entry = decision->entry;
	record->appealed = hearing.claim.decided_entry;
	record->appellant = decision->actor->key;
	record->appeals++;
	record->appeal_ended = record->appeal_late = 0;
	record->appeal = LIFE_NONE;
	record->appeal_due = decision->time + (uint64_t)policy.appeal_decision_days * INSTANT_DAY;
	record->appeal_clock = record->appeal_due;
	TRY(decision_step(decision, LIFE_APPEAL, &record->appeal, APPEAL_LODGED, "claim"));
	TRY(decision_step(decision, LIFE_APPEAL, &record->appeal, APPEAL_STAYED, "claim"));
	decision_fact_integer(decision, "ruling", record->appealed);
	decision_fact_instant(decision, "due", record->appeal_due);
	if (is_done_with(&hearing.claim))
		hearing.claim.due = record->appeal_due;
	TRY(measure_change(decision, hearing.claim.incident, NULL, &(struct record_measure){.appeals = 1}));
	/* until it is judged what it is about is kept back; what was approved is not */
	TRY(count_appeals(decision, &hearing, 1, WEIGHT_UNTIL_JUDGED));
	TRY(freeze_follow(decision, hearing.claim.section, &incident.unit));
	return heard_save(decision, &hearing);
}

/* ---- ruling.judge ---- */

static const char *const outcome_names[] = {"upheld", "varied", "reversed", NULL};
enum { OUTCOME_UPHELD, OUTCOME_VARIED, OUTCOME_REVERSED };
enum { JUDGE_CLAIM, JUDGE_OUTCOME, JUDGE_REASON, JUDGE_BASIS, JUDGE_AMOUNT };
static const struct recourse_field judge_fields[] = {
	[JUDGE_CLAIM] = FIELD(ID, "claim", "whose ruling is appealed"),
	[JUDGE_OUTCOME] = FIELD_CHOICE("outcome", outcome_names, "of the ruling"),
	[JUDGE_REASON] = FIELD(ID, "reason", "reason code"),
	[JUDGE_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the judgment and its grounds"),
	[JUDGE_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount",
		"outcome varied: the loss, which is more than was ruled; reversed: what the lot shows"),
};

static enum recourse_error check_judge(
	struct decision *decision, const struct value *values, const struct heard *hearing)
{
	const struct record_claim *claim = &hearing->claim;
	const uint32_t keys[] = {claim->filer, claim->decider, hearing->record.appellant};
	if (claim->hearing != HEARING_APPEAL)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	TRY(person_differs(
		decision, keys, 3, "claim", "another than who took it in, ruled or lodged the appeal"));
	bool varied = values[JUDGE_OUTCOME].integer == OUTCOME_VARIED;
	return values[JUDGE_AMOUNT].present == varied
		       ? RECOURSE_OK
		       : refuse(decision, varied ? RECOURSE_FIELD_MISSING : RECOURSE_AMOUNT_RANGE, "amount",
				 "with outcome varied, and only there");
}

/* A consumer's appeal never makes it less. */
static enum recourse_error find_loss(struct decision *decision, const struct value *values,
	const struct record_claim *claim, int64_t *loss)
{
	const struct value *amount = &values[JUDGE_AMOUNT];
	struct record_entitlement lot;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	lot.extinguished = 0; /* as the ruling found it */
	if (amount->present)
		TRY(decision_amount(decision, "amount", amount->text, &lot.currency, loss));
	else
		TRY(withheld_value(&lot, claim, loss));
	return *loss > claim->loss ? RECOURSE_OK
				   : refuse(decision, RECOURSE_AMOUNT_RANGE,
					     amount->present ? "amount" : "outcome", "above what was ruled");
}

/* Where it was ordered out it has what is beyond that; else it waits for its ruling again, and has it, in one entry. */
static enum recourse_error rule_anew(
	struct decision *decision, const struct value *values, const struct heard *hearing)
{
	struct undo undo = {.id = hearing->id};
	struct record_policy policy;
	struct ruling ruling = {
		.reason = values[JUDGE_REASON].text,
		.basis = values[JUDGE_BASIS].text,
		.decider = decision->actor->key,
		.owner = hearing->claim.owner,
		.stays = hearing->claim.state != CLAIM_REJECTED,
	};
	if (round_ordered(&hearing->claim)) {
		TRY(find_loss(decision, values, &hearing->claim, &ruling.loss));
		return top_up_make(decision, hearing->id, ruling.loss);
	}
	TRY(undo_find(decision, &undo));
	TRY(incident_open(decision, "claim", &undo.incident));
	TRY(incident_terms(decision, &undo.incident, &policy));
	TRY(reopen_for_appeal(decision, &undo, &policy));
	undo.claim.loss = hearing->claim.loss;
	TRY(find_loss(decision, values, &undo.claim, &ruling.loss));
	if (hearing->claim.state == CLAIM_REJECTED)
		TRY(claim_move_failed(decision, undo.id));
	return ruling_make(decision, undo.id, &ruling);
}

enum recourse_error contest_end(struct decision *decision, struct heard *hearing, uint64_t until)
{
	hearing->record.appeal_ended = decision->entry;
	hearing->record.appeal_clock = 0;
	return count_appeals(decision, hearing, -1, until);
}

static enum recourse_error count_outcome(struct decision *decision, uint32_t outcome, struct heard *hearing)
{
	const struct record_measure change = {.upheld = outcome == OUTCOME_UPHELD,
		.varied = outcome == OUTCOME_VARIED,
		.reversed = outcome == OUTCOME_REVERSED};
	hearing->record.upheld += (uint32_t)change.upheld;
	hearing->record.varied += (uint32_t)change.varied;
	hearing->record.reversed += (uint32_t)change.reversed;
	return measure_change(decision, hearing->claim.incident, NULL, &change);
}

static enum recourse_error apply_judge(struct decision *decision, const struct value *values)
{
	struct heard hearing;
	struct record_hearing *record = &hearing.record;
	struct record_incident incident;
	uint32_t outcome = (uint32_t)values[JUDGE_OUTCOME].integer;
	TRY(heard_find(decision, values[JUDGE_CLAIM].text, &hearing));
	TRY(check_judge(decision, values, &hearing));
	TRY(incident_load(decision->state, hearing.claim.incident, &incident));
	incident_name_policy(decision, &incident);
	TRY(decision_step(decision, LIFE_APPEAL, &record->appeal, APPEAL_UPHELD + outcome, "claim"));
	decision_fact_integer(decision, "appeal", record->appeal_entry);
	TRY(count_outcome(decision, outcome, &hearing));
	/* upheld: it is final, and nothing is kept back any more, from this instant on */
	TRY(contest_end(decision, &hearing, decision->time - 1));
	if (is_done_with(&hearing.claim))
		TRY(incident_due_anew(decision, &incident, &hearing.claim));
	TRY(heard_save(decision, &hearing));
	if (outcome != OUTCOME_UPHELD)
		TRY(rule_anew(decision, values, &hearing));
	return freeze_follow_claims(decision, &incident, hearing.claim.section);
}

/* ---- the clock ---- */

enum recourse_error contest_late(struct decision *decision, slice subject)
{
	struct heard hearing;
	TRY(heard_find(decision, subject, &hearing));
	hearing.record.appeal_late = decision->entry;
	decision_fact_text(decision, "claim", hearing.id);
	return heard_save(decision, &hearing);
}

/* Nobody can appeal any more what is set apart for that: it is free, as far as nothing else needs it. */
enum recourse_error contest_lapse(struct decision *decision, slice subject)
{
	struct record_claim claim;
	struct record_incident incident;
	struct record_section section;
	TRY(claim_find(decision, subject, &claim));
	TRY(incident_load(decision->state, claim.incident, &incident));
	TRY(section_load(decision->state, claim.incident, claim.section, &section));
	TRY(weight_lapse(decision, &section, subject));
	TRY(section_save(decision, &section));
	decision_fact_text(decision, "claim", subject);
	TRY(freeze_follow_claims(decision, &incident, claim.section));
	return decision_about(decision, RECORD_CLAIM, subject);
}

static const struct command rows[] = {
	COMMAND("ruling.appeal", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, appeal_fields, apply_appeal,
		"the consumer appeals what a ruling left out; what was approved is paid meanwhile",
		RECOURSE_STATE_WRONG, RECOURSE_EXISTS, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("ruling.judge", RECOURSE_ROLE_APPROVER, judge_fields, apply_judge,
		"judge the appeal of a ruling: upheld, varied or reversed, by another person than who ruled",
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON, RECOURSE_AMOUNT_RANGE, RECOURSE_FIELD_MISSING,
		RECOURSE_NOT_PERMITTED, RECOURSE_EVIDENCE_MISSING, RECOURSE_EVIDENCE_CONFLICT,
		RECOURSE_WINDOW_CLOSED, RECOURSE_OVERFLOW),
};
const struct command_group contest_commands = COMMAND_GROUP(rows);
