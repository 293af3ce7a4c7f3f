/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hearing/consent.h"

#include "rules/claims/claim.h"
#include "rules/hearing/heard.h"
#include "rules/claims/ruling.h"
#include "rules/claims/withheld.h"
#include "rules/incident/incident.h"

#include <string.h>

/* claim.propose, claim.agree: a ruling is proposed to the parties, and is one by consent where they agree (README.md). */

/* ---- claim.propose ---- */

static const char *const put_to_names[] = {"both", "consumer", NULL};
enum { PUT_TO_BOTH, PUT_TO_CONSUMER };
enum { PROPOSE_CLAIM, PROPOSE_REASON, PROPOSE_BASIS, PROPOSE_DUE, PROPOSE_AMOUNT, PROPOSE_TO };
static const struct recourse_field propose_fields[] = {
	[PROPOSE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[PROPOSE_REASON] =
		FIELD(ID, "reason", "reason code: why, and why it is another loss than was asked for"),
	[PROPOSE_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the proposal's text, which is the ruling's"),
	[PROPOSE_DUE] = FIELD(TIME, "due", "by when they are to agree"),
	[PROPOSE_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "the loss, where it is not what the lot shows"),
	[PROPOSE_TO] = FIELD_OPTIONAL_CHOICE(
		"to", put_to_names, "whom it is put to: both, or the consumer alone; both if absent"),
};

static enum recourse_error check_propose(
	struct decision *decision, const struct value *values, const struct heard *hearing)
{
	const struct record_claim *claim = &hearing->claim;
	uint64_t due = values[PROPOSE_DUE].instant;
	struct record_incident incident;
	struct record_policy policy;
	TRY(claim_separate(decision, claim->filer, 0));
	TRY(incident_load(decision->state, claim->incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	TRY(incident_terms(decision, &incident, &policy));
	TRY(hearing_check_ruling(decision, hearing->id, claim));
	if (due <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "due", "a time to come");
	return terms_within(decision, "due", due, policy.evidence_days);
}

/* H2: of what one person may not rule on alone no ruling is made by whom one person puts it to. */
static enum recourse_error check_limit(struct decision *decision, const struct heard *hearing)
{
	struct record_control control;
	struct record_entitlement lot;
	if (!decision->limited)
		return RECOURSE_OK;
	TRY(authority_read(decision->state, &control));
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(hearing->claim.entitlement), &lot));
	for (size_t index = 0; index < control.count; index++) {
		const struct record_limit *limit = &control.limits[index];
		bool counts = slice_equal(RECORD_TEXT(limit->command), slice_text("claim.decide")) &&
			      unit_same(&limit->unit, &lot.currency);
		if (counts && hearing->record.proposed > limit->steps)
			return refuse(decision, RECOURSE_NOT_PERMITTED, "claim",
				"within what one person rules on alone; beyond that claim.decide");
	}
	return RECOURSE_OK;
}

static enum recourse_error apply_propose(struct decision *decision, const struct value *values)
{
	struct heard hearing;
	struct record_hearing *record = &hearing.record;
	const struct value *amount = values[PROPOSE_AMOUNT].present ? &values[PROPOSE_AMOUNT] : NULL;
	TRY(heard_find(decision, values[PROPOSE_CLAIM].text, &hearing));
	TRY(check_propose(decision, values, &hearing));
	TRY(decision_step(decision, LIFE_CLAIM, &hearing.claim.state, CLAIM_PROPOSED, "claim"));
	TRY(ruling_figure(decision, hearing.id, &hearing.claim, amount, &record->shown, &record->proposed));
	TRY(check_limit(decision, &hearing));
	TRY(hearing_name(decision, hearing.id, &hearing.claim));
	bool first = record->proposal_entry == 0;
	record->merchant = hearing.claim.section;
	record->consent = CONSENT_SOUGHT;
	record->proposal_entry = decision->entry;
	record->proposal_ended = 0;
	record->proposal_due = record->proposal_clock = values[PROPOSE_DUE].instant;
	record->consumer_agreed = record->merchant_agreed = 0;
	record->own_words &= OWN_ANSWER;
	record->proposer = decision->actor->key;
	record->to_merchant = values[PROPOSE_TO].integer == PUT_TO_BOTH;
	record_text_set(record->reason, sizeof record->reason, values[PROPOSE_REASON].text);
	memcpy(record->basis_hash, values[PROPOSE_BASIS].text.data, sizeof record->basis_hash);
	/* the day of the ruling is not before that of the answers to the first one; no row of them keeps it from being late */
	if (first && hearing.claim.due < record->proposal_due)
		hearing.claim.due = record->proposal_due;
	return heard_save(decision, &hearing);
}

/* ---- claim.agree ---- */

static const char *const party_names[] = {"consumer", "merchant", NULL};
static const char *const agree_names[] = {"agree", "decline", NULL};
enum { BY_CONSUMER, BY_MERCHANT };
enum { SAYS_AGREE, SAYS_DECLINE };
enum { AGREE_CLAIM, AGREE_PARTY, AGREE_ANSWER, AGREE_HASH };
static const struct recourse_field agree_fields[] = {
	[AGREE_CLAIM] = FIELD(ID, "claim", "of which something was proposed"),
	[AGREE_PARTY] = FIELD_CHOICE("by", party_names, "who says so"),
	[AGREE_ANSWER] = FIELD_CHOICE("answer", agree_names, "to the proposal"),
	[AGREE_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash",
		"SHA-256 of what was said or written, where the merchant does not say so by its own key"),
};

/* A merchant says so for itself alone; who proposed it writes down nobody's word. */
static enum recourse_error check_speaker(
	struct decision *decision, const struct value *values, const struct heard *hearing, bool *own)
{
	const struct record_hearing *record = &hearing->record;
	bool by_merchant = values[AGREE_PARTY].integer == BY_MERCHANT;
	bool merchant = !decision->carried && decision->actor->roles == RECOURSE_ROLE_MERCHANT;
	*own = false;
	if (by_merchant || merchant)
		TRY(hearing_check_merchant(decision, &hearing->claim, own));
	if (merchant && !by_merchant)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "by", "by the merchant, of itself alone");
	if (by_merchant && record->consent != CONSENT_NONE && record->to_merchant == 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "by", "one whom it was put to");
	if (*own)
		return RECOURSE_OK;
	TRY(person_differs(decision, &record->proposer, 1, "claim", "another than who proposed it"));
	return values[AGREE_HASH].present ? RECOURSE_OK
					  : refuse(decision, RECOURSE_EVIDENCE_MISSING, "evidence_hash",
						    "of what was said or written");
}

static enum recourse_error check_sought(
	struct decision *decision, const struct value *values, const struct heard *hearing)
{
	const struct record_hearing *record = &hearing->record;
	uint64_t agreed = values[AGREE_PARTY].integer == BY_MERCHANT ? record->merchant_agreed
								     : record->consumer_agreed;
	if (record->consent == CONSENT_NONE || record->consent == CONSENT_TAKEN_BACK)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, hearing->claim.state));
	if (agreed != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "by", agreed);
	TRY(hearing_check_until(decision, "claim", record->proposal_due));
	return record->consent == CONSENT_SOUGHT
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_EXISTS, "claim", record->proposal_ended);
}

static void end(struct decision *decision, struct record_hearing *record, enum consent consent)
{
	record->consent = consent;
	record->proposal_ended = decision->entry;
	record->proposal_clock = 0;
}

/* It was agreed to what the evidence was then: what came since is to be proposed anew. */
static enum recourse_error check_figure(struct decision *decision, const struct heard *hearing)
{
	const struct record_hearing *record = &hearing->record;
	struct record_entitlement lot;
	int64_t shown;
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(hearing->claim.entitlement), &lot));
	TRY(withheld_value(&lot, &hearing->claim, &shown));
	return shown == record->shown && hearing->claim.received <= record->proposed
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_EVIDENCE_CONFLICT, "claim",
				 "proposed anew, or ruled on: the evidence is another by now");
}

static enum recourse_error rule_by_consent(struct decision *decision, struct heard *hearing)
{
	struct record_hearing *record = &hearing->record;
	const struct ruling ruling = {
		.loss = record->proposed,
		.reason = RECORD_TEXT(record->reason),
		.basis = slice_of(record->basis_hash, sizeof record->basis_hash),
		.decider = record->proposer,
		.owner = record->proposer,
	};
	TRY(check_figure(decision, hearing));
	end(decision, record, CONSENT_GIVEN);
	TRY(decision_step(decision, LIFE_CLAIM, &hearing->claim.state, CLAIM_AGREED, "claim"));
	decision_fact_integer(decision, "proposal", record->proposal_entry);
	decision_fact_text(decision, "reason", ruling.reason);
	TRY(heard_save(decision, hearing));
	return ruling_make(decision, hearing->id, &ruling);
}

static enum recourse_error apply_agree(struct decision *decision, const struct value *values)
{
	struct heard hearing;
	struct record_hearing *record = &hearing.record;
	bool by_merchant = values[AGREE_PARTY].integer == BY_MERCHANT;
	bool own;
	struct record_incident incident;
	TRY(heard_find(decision, values[AGREE_CLAIM].text, &hearing));
	TRY(check_speaker(decision, values, &hearing, &own));
	TRY(check_sought(decision, values, &hearing));
	TRY(incident_load(decision->state, hearing.claim.incident, &incident));
	incident_name_policy(decision, &incident);
	bool declines = values[AGREE_ANSWER].integer == SAYS_DECLINE;
	if (own)
		record->own_words |= declines ? OWN_DECLINED : OWN_AGREED;
	if (declines) {
		end(decision, record, CONSENT_DECLINED);
		return heard_save(decision, &hearing);
	}
	*(by_merchant ? &record->merchant_agreed : &record->consumer_agreed) = decision->entry;
	bool all = record->consumer_agreed != 0 && (record->to_merchant == 0 || record->merchant_agreed != 0);
	return all ? rule_by_consent(decision, &hearing) : heard_save(decision, &hearing);
}

/* ---- the clock ---- */

/* The claim waits for its ruling as if nothing had been proposed. */
enum recourse_error consent_missed(struct decision *decision, slice subject)
{
	struct heard hearing;
	TRY(heard_find(decision, subject, &hearing));
	end(decision, &hearing.record, CONSENT_LAPSED);
	decision_fact_text(decision, "claim", hearing.id);
	return heard_save(decision, &hearing);
}

static const struct command rows[] = {
	COMMAND("claim.propose", RECOURSE_ROLE_OPERATOR, propose_fields, apply_propose,
		"put a ruling to a claim's parties: if they agree by the day it is one by consent",
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED,
		RECOURSE_EVIDENCE_MISSING, RECOURSE_EVIDENCE_CONFLICT, RECOURSE_AMOUNT_RANGE),
	COMMAND("claim.agree", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR,
		agree_fields, apply_agree,
		"one of those whom a ruling was proposed to agrees or declines; the last who agrees makes it",
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON, RECOURSE_EXISTS, RECOURSE_NOT_FOUND,
		RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED, RECOURSE_EVIDENCE_MISSING,
		RECOURSE_EVIDENCE_CONFLICT, RECOURSE_AMOUNT_RANGE, RECOURSE_OVERFLOW),
};
const struct command_group consent_commands = COMMAND_GROUP(rows);
