/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/hearing/answer.h"

#include "rules/claims/claim.h"
#include "rules/hearing/heard.h"
#include "rules/incident/incident.h"

#include <string.h>

/* claim.answer: a merchant answers to a claim within its policy's hours, and what follows when it does not (README.md). */

static const char *const answer_names[] = {"accept", "dispute", NULL};
enum { SAYS_ACCEPT, SAYS_DISPUTE };
enum { SAY_CLAIM, SAY_ANSWER, SAY_GROUND, SAY_HASH };
static const struct recourse_field answer_fields[] = {
	[SAY_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[SAY_ANSWER] = FIELD_CHOICE("answer", answer_names, "what its merchant says to it"),
	[SAY_GROUND] = FIELD_OPTIONAL(ID, "ground", "answer dispute: reason code, such as card-was-used"),
	[SAY_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash",
		"SHA-256 of what a dispute rests on; of what the merchant wrote, where it does not say so by "
		"its "
		"own key"),
};

static enum recourse_error check_open(struct decision *decision, const struct heard *hearing)
{
	const struct record_hearing *record = &hearing->record;
	switch ((enum answered)record->answer) {
	case ANSWERED_OPEN:
	case ANSWERED_SILENT:
		return hearing_check_until(decision, "claim", record->answer_due);
	case ANSWERED_ACCEPT:
	case ANSWERED_DISPUTE:
		return refuse_entry(decision, RECOURSE_EXISTS, "claim", record->answer_entry);
	case ANSWERED_NOT:
	case ANSWERED_LAPSED:
	case ANSWERED_TAKEN_BACK:
		break;
	}
	return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, hearing->claim.state));
}

static enum recourse_error check_said(struct decision *decision, const struct value *values, bool own)
{
	bool dispute = values[SAY_ANSWER].integer == SAYS_DISPUTE;
	if (dispute && !values[SAY_GROUND].present)
		return refuse(decision, RECOURSE_FIELD_MISSING, "ground", "with answer dispute");
	return (dispute || !own) && !values[SAY_HASH].present
		       ? refuse(decision, RECOURSE_EVIDENCE_MISSING, "evidence_hash",
				 "of what a dispute rests on, or of what the merchant wrote")
		       : RECOURSE_OK;
}

static void end(struct decision *decision, struct record_hearing *record, enum answered answer)
{
	record->answer = answer;
	record->answer_entry = decision->entry;
	record->answer_clock = 0;
	record->own_words &= ~(uint32_t)OWN_ANSWER;
}

static enum recourse_error apply_answer(struct decision *decision, const struct value *values)
{
	struct heard hearing;
	struct record_hearing *record = &hearing.record;
	bool own;
	TRY(heard_find(decision, values[SAY_CLAIM].text, &hearing));
	TRY(hearing_check_merchant(decision, &hearing.claim, &own));
	TRY(check_open(decision, &hearing));
	TRY(check_said(decision, values, own));
	end(decision, record, values[SAY_ANSWER].integer == SAYS_ACCEPT ? ANSWERED_ACCEPT : ANSWERED_DISPUTE);
	record->own_words |= own ? OWN_ANSWER : 0;
	record_text_set(record->ground, sizeof record->ground, values[SAY_GROUND].text);
	if (values[SAY_HASH].present)
		memcpy(record->answer_hash, values[SAY_HASH].text.data, sizeof record->answer_hash);
	return heard_save(decision, &hearing);
}

/* It is not refused for that: the evidence decides as it stands, and the policy says whether it is taken as accepted. */
enum recourse_error answer_missed(struct decision *decision, slice subject)
{
	struct heard hearing;
	struct record_incident incident;
	struct record_policy policy;
	TRY(heard_find(decision, subject, &hearing));
	TRY(incident_load(decision->state, hearing.claim.intake, &incident));
	TRY(incident_terms(decision, &incident, &policy));
	end(decision, &hearing.record, ANSWERED_SILENT);
	decision_fact_text(decision, "claim", hearing.id);
	decision_fact_text(decision, "silence", slice_text(terms_silence_names[policy.silence]));
	return heard_save(decision, &hearing);
}

static const struct command rows[] = {
	COMMAND("claim.answer", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, answer_fields, apply_answer,
		"a claim's merchant accepts or disputes it, or an operator writes down what it said",
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED, RECOURSE_EVIDENCE_MISSING,
		RECOURSE_FIELD_MISSING, RECOURSE_NOT_FOUND),
};
const struct command_group answer_commands = COMMAND_GROUP(rows);
