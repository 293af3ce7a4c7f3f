/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/claims/measure.h"
#include "rules/deposit/deposit.h"
#include "rules/hearing/contest.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"

/* hearing.reverse: what a party is said to have answered, agreed to, been given or appealed by mistake (README.md). */

struct slip {
	uint64_t entry;
	struct heard hearing;
	struct record_policy policy; /* of its incident */
};

static enum recourse_error check_since(struct decision *decision, uint64_t entry, uint64_t since)
{
	return since > entry ? refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", since) : RECOURSE_OK;
}

/* What the merchant said by its own key is its own to take back; what was written down, those who did. */
static bool is_own_word(const struct slip *slip)
{
	const struct record_hearing *record = &slip->hearing.record;
	return ((record->own_words & OWN_ANSWER) != 0 && record->answer_entry == slip->entry) ||
	       ((record->own_words & OWN_AGREED) != 0 && record->merchant_agreed == slip->entry) ||
	       ((record->own_words & OWN_DECLINED) != 0 && record->proposal_ended == slip->entry);
}

/* A merchant asks once: whoever looks at the claim sees the first of what waits for other people, and has to see the desk's too. */
static enum recourse_error check_asks_once(struct decision *decision, const struct slip *slip)
{
	struct record_path prefix = record_path_of_text(RECORD_PROPOSAL_CLAIM, slip->hearing.id);
	struct record_proposal proposal;
	struct record_key maker;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		uint64_t number = walk.key.parts[1].number;
		struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
		TRY(record_get_named(decision->state, &path, &proposal, sizeof proposal));
		TRY(person_key(decision->state, proposal.maker, &maker));
		if (maker.party == decision->actor->party_number)
			return refuse_entry(decision, RECOURSE_EXISTS, "claim", number);
	}
	return walk.error;
}

static enum recourse_error check_speaker(struct decision *decision, const struct slip *slip)
{
	bool merchant = !decision->carried && decision->actor->roles == RECOURSE_ROLE_MERCHANT;
	bool own = false;
	if (decision->carried)
		return RECOURSE_OK;
	if (merchant)
		TRY(hearing_check_merchant(decision, &slip->hearing.claim, &own));
	own = decision->actor->party_number == slip->hearing.claim.section;
	if (is_own_word(slip) && !own)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "entry",
			"by a key of the merchant, which said so itself");
	if (is_own_word(slip))
		return merchant ? check_asks_once(decision, slip) : RECOURSE_OK;
	return merchant ? refuse(decision, RECOURSE_NOT_PERMITTED, "entry",
				  "one by which the merchant said something by its own key")
			: RECOURSE_OK;
}

/* The merchant is asked anew, with all its hours, as long as the claim waits for its ruling. */
static enum recourse_error take_back_answer(struct decision *decision, struct slip *slip)
{
	struct heard *hearing = &slip->hearing;
	struct record_policy asked_by;
	TRY(check_since(decision, slip->entry, hearing->claim.decided_entry));
	if (hearing->record.consent == CONSENT_SOUGHT)
		TRY(check_since(decision, slip->entry, hearing->record.proposal_entry));
	hearing->record.answer = ANSWERED_TAKEN_BACK;
	hearing->record.own_words &= ~(uint32_t)OWN_ANSWER;
	hearing->record.answer_entry = decision->entry;
	TRY(hearing_put(decision, hearing->id, &hearing->record, &hearing->claim));
	TRY(hearing_policy(decision->state, &hearing->claim, &asked_by));
	if (claim_undecided(&hearing->claim))
		TRY(hearing_ask(decision, hearing->id, &asked_by, &hearing->claim));
	return hearing_load(decision->state, hearing->id, &hearing->claim, &hearing->record);
}

static enum recourse_error take_back_proposal(struct decision *decision, struct slip *slip)
{
	struct record_hearing *record = &slip->hearing.record;
	if (record->consent == CONSENT_GIVEN)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", record->proposal_ended);
	record->consent = CONSENT_TAKEN_BACK;
	record->proposal_ended = decision->entry;
	record->proposal_clock = 0;
	return RECOURSE_OK;
}

/* Who was said to have declined may agree, if its day has not passed. */
static enum recourse_error take_back_decline(struct decision *decision, struct slip *slip)
{
	struct record_hearing *record = &slip->hearing.record;
	TRY(check_since(decision, slip->entry, slip->hearing.claim.decided_entry));
	if (!claim_undecided(&slip->hearing.claim) || slip->hearing.claim.hearing == HEARING_ANSWER)
		return refuse_state(
			decision, "entry", life_state_name(LIFE_CLAIM, slip->hearing.claim.state));
	bool open = decision->time < record->proposal_due;
	record->own_words &= ~(uint32_t)OWN_DECLINED;
	record->consent = open ? CONSENT_SOUGHT : CONSENT_LAPSED;
	record->proposal_ended = open ? 0 : decision->entry;
	record->proposal_clock = open ? record->proposal_due : 0;
	return RECOURSE_OK;
}

static enum recourse_error take_back_agreed(struct decision *decision, struct slip *slip)
{
	struct record_hearing *record = &slip->hearing.record;
	if (record->consent == CONSENT_GIVEN)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", record->proposal_ended);
	if (record->consumer_agreed == slip->entry) {
		record->consumer_agreed = 0;
		return RECOURSE_OK;
	}
	record->merchant_agreed = 0;
	record->own_words &= ~(uint32_t)OWN_AGREED;
	return RECOURSE_OK;
}

static enum recourse_error take_back_served(struct decision *decision, struct slip *slip)
{
	struct record_hearing *record = &slip->hearing.record;
	if (record->merchant_served == slip->entry) {
		record->merchant_served = 0;
		return RECOURSE_OK;
	}
	bool denies;
	TRY(check_since(decision, slip->entry, record->appeal_entry));
	TRY(contest_denies(decision, &slip->hearing, &denies));
	if (denies) /* nothing is over that nobody was given */
		record->closed_entry = 0;
	record->consumer_served = 0;
	record->final_at = 0;
	return RECOURSE_OK;
}

/* As if it had not been lodged; what its time was runs on, or begins when the ruling is given. */
static enum recourse_error take_back_appeal(struct decision *decision, struct slip *slip)
{
	struct heard *hearing = &slip->hearing;
	struct record_hearing *record = &hearing->record;
	struct record_incident incident;
	if (record->appeal_ended != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", record->appeal_ended);
	TRY(contest_end(decision, hearing,
		record->final_at != 0 ? record->final_at
				      : decision->time + (uint64_t)slip->policy.appeal_days * INSTANT_DAY));
	record->appeal_entry = record->appealed = record->appeal_ended = 0;
	record->appeal = LIFE_NONE;
	record->appeals--;
	TRY(measure_change(decision, hearing->claim.incident, &(struct record_measure){.appeals = 1}, NULL));
	TRY(incident_load(decision->state, hearing->claim.incident, &incident));
	TRY(freeze_follow_claims(decision, &incident, hearing->claim.section));
	return hearing->claim.state == CLAIM_PAYING ? RECOURSE_OK
						    : incident_due_anew(decision, &incident, &hearing->claim);
}

static enum recourse_error take_back(struct decision *decision, struct slip *slip)
{
	const struct record_hearing *record = &slip->hearing.record;
	uint64_t entry = slip->entry;
	bool answered = record->answer >= ANSWERED_ACCEPT && record->answer <= ANSWERED_SILENT;
	if (answered && record->answer_entry == entry)
		return take_back_answer(decision, slip);
	if (record->proposal_entry == entry && record->consent != CONSENT_TAKEN_BACK)
		return take_back_proposal(decision, slip);
	if (record->proposal_ended == entry && record->consent == CONSENT_DECLINED)
		return take_back_decline(decision, slip);
	if (record->consumer_agreed == entry || record->merchant_agreed == entry)
		return take_back_agreed(decision, slip);
	if (record->consumer_served == entry || record->merchant_served == entry)
		return take_back_served(decision, slip);
	if (record->appeal_entry == entry)
		return take_back_appeal(decision, slip);
	return refuse(decision, RECOURSE_NOT_FOUND, "entry", "one by which the claim's parties were heard");
}

enum { REVERSE_CLAIM, REVERSE_ENTRY, REVERSE_REASON };
static const struct recourse_field reverse_fields[] = {
	[REVERSE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[REVERSE_ENTRY] = FIELD_INTEGER("entry", 1, INT64_MAX,
		"by which somebody answered, was silent, agreed or declined, was given a ruling, or appealed "
		"it; that "
		"proposed one"),
	[REVERSE_REASON] = FIELD(ID, "reason", "reason code, such as wrong-claim"),
};

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct slip slip = {.entry = (uint64_t)values[REVERSE_ENTRY].integer};
	struct record_incident incident;
	TRY(heard_find(decision, values[REVERSE_CLAIM].text, &slip.hearing));
	TRY(check_speaker(decision, &slip));
	TRY(incident_load(decision->state, slip.hearing.claim.incident, &incident));
	TRY(incident_terms(decision, &incident, &slip.policy));
	TRY(take_back(decision, &slip));
	return heard_save(decision, &slip.hearing);
}

static const struct command rows[] = {
	COMMAND_CHECKED("hearing.reverse",
		RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, 1, reverse_fields,
		apply_reverse,
		"take back what a claim's party is said to have answered or been given by mistake; another "
		"person "
		"approves",
		RECOURSE_NOT_PERMITTED, RECOURSE_STATE_WRONG, RECOURSE_NOT_FOUND, RECOURSE_EXISTS),
};
const struct command_group hearing_reverse_commands = COMMAND_GROUP(rows);
