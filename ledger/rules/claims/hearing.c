/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/hearing.h"

#include "rules/incident/incident.h"

static struct record_path path_of(slice id)
{
	return record_path_of_text(RECORD_HEARING, id);
}

enum recourse_error hearing_load(
	struct state_view *view, slice id, const struct record_claim *claim, struct record_hearing *record)
{
	struct record_path path = path_of(id);
	*record = (struct record_hearing){.answer = ANSWERED_NOT};
	return claim->hearing == HEARING_NONE ? RECOURSE_OK
					      : record_get_named(view, &path, record, sizeof *record);
}

enum claim_hearing hearing_waits_for(const struct record_hearing *record)
{
	if (record->answer == ANSWERED_OPEN)
		return HEARING_ANSWER;
	if (record->consent == CONSENT_SOUGHT)
		return HEARING_CONSENT;
	if (record->appeal_entry != 0 && record->appeal_ended == 0)
		return HEARING_APPEAL;
	if (record->top_up > 0)
		return HEARING_TOP_UP;
	return record->closed_entry != 0 ? HEARING_CLOSED : HEARING_OVER;
}

enum recourse_error hearing_put(
	struct decision *decision, slice id, const struct record_hearing *record, struct record_claim *claim)
{
	struct record_path path = path_of(id);
	claim->hearing = (uint16_t)hearing_waits_for(record);
	return decision_put(decision, &path, record, sizeof *record);
}

/* ---- from the filing to the ruling ---- */

static bool was_heard(const struct record_hearing *record)
{
	return record->answer == ANSWERED_ACCEPT || record->answer == ANSWERED_DISPUTE ||
	       record->answer == ANSWERED_SILENT;
}

enum recourse_error hearing_policy(
	struct state_view *view, const struct record_claim *claim, struct record_policy *policy)
{
	struct record_incident intake;
	TRY(incident_load(view, claim->intake, &intake));
	return incident_policy(view, &intake, policy);
}

enum recourse_error hearing_ask(
	struct decision *decision, slice id, const struct record_policy *policy, struct record_claim *claim)
{
	struct record_hearing record;
	if (policy->answer_hours == 0)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	if (was_heard(&record))
		return RECOURSE_OK;
	record.merchant = claim->section;
	record.answer = ANSWERED_OPEN;
	record.answer_due = decision->time + (uint64_t)policy->answer_hours * INSTANT_HOUR;
	record.answer_clock = record.answer_due;
	record.answer_entry = 0;
	decision_fact_instant(decision, "answer_due", record.answer_due);
	return hearing_put(decision, id, &record, claim);
}

enum recourse_error hearing_begin(
	struct decision *decision, slice id, const struct record_policy *policy, struct record_claim *claim)
{
	TRY(hearing_ask(decision, id, policy, claim));
	return claim->hearing == HEARING_ANSWER
		       ? decision_step(decision, LIFE_CLAIM, &claim->state, CLAIM_MERCHANT_RESPONSE, "claim")
		       : RECOURSE_OK;
}

enum recourse_error hearing_lapse(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_hearing record;
	if (claim->hearing != HEARING_ANSWER && claim->hearing != HEARING_CONSENT)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	if (claim->hearing == HEARING_ANSWER) {
		record.answer = ANSWERED_LAPSED;
		record.answer_entry = decision->entry;
		record.answer_clock = 0;
	} else {
		record.consent = CONSENT_LAPSED;
		record.proposal_ended = decision->entry;
		record.proposal_clock = 0;
	}
	return hearing_put(decision, id, &record, claim);
}

enum recourse_error hearing_undo(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_hearing record;
	if (claim->hearing == HEARING_NONE)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	if (record.consent == CONSENT_GIVEN)
		record.consent = CONSENT_TAKEN_BACK;
	record.closed_entry = 0;
	return hearing_put(decision, id, &record, claim);
}

enum recourse_error hearing_undo_closing(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_hearing record;
	TRY(hearing_load(decision->state, id, claim, &record));
	record.closed_entry = 0;
	return hearing_put(decision, id, &record, claim);
}

enum recourse_error hearing_lower_top_up(struct decision *decision, slice id, struct record_claim *claim,
	struct record_section *section, int64_t steps, int64_t *advanced)
{
	struct record_hearing record;
	*advanced = 0;
	if (claim->hearing != HEARING_TOP_UP || steps <= 0)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	*advanced = amount_least(steps, record.top_up_advance);
	record.top_up_advance -= *advanced;
	record.top_up = amount_beyond(record.top_up, steps);
	section->appeals -= record.top_up == 0;
	return hearing_put(decision, id, &record, claim);
}

enum recourse_error hearing_check_ruling(
	struct decision *decision, slice id, const struct record_claim *claim)
{
	char due[INSTANT_TEXT_SIZE];
	struct record_hearing record;
	if (claim->hearing != HEARING_ANSWER && claim->hearing != HEARING_CONSENT)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	if (claim->hearing == HEARING_CONSENT)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", record.proposal_entry);
	instant_format(record.answer_due, due);
	return refuse_limit(decision, RECOURSE_NOT_PERMITTED, "claim",
		"when the merchant has answered, or after %s", due);
}

static bool is_accepted(const struct record_hearing *record, const struct record_policy *policy)
{
	return record->answer == ANSWERED_ACCEPT ||
	       (record->answer == ANSWERED_SILENT && policy->silence == POLICY_SILENCE_ACCEPTED);
}

enum recourse_error hearing_was_accepted(
	struct decision *decision, slice id, const struct record_claim *claim, bool *accepted)
{
	struct record_hearing record;
	struct record_policy policy;
	*accepted = false;
	if (claim->hearing == HEARING_NONE)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	TRY(hearing_policy(decision->state, claim, &policy));
	*accepted = is_accepted(&record, &policy);
	return RECOURSE_OK;
}

enum recourse_error hearing_check_refusal(
	struct decision *decision, slice id, const struct record_claim *claim, bool by_rule)
{
	bool accepted;
	TRY(hearing_was_accepted(decision, id, claim, &accepted));
	return accepted && !by_rule ? refuse(decision, RECOURSE_EVIDENCE_CONFLICT, "outcome",
					      "approve, or basis_hash, and a rule or records that all was "
					      "used: the merchant accepted the claim")
				    : RECOURSE_OK;
}

enum recourse_error hearing_check_appeal(
	struct decision *decision, slice id, const struct record_claim *claim)
{
	struct record_hearing record;
	if (claim->hearing != HEARING_APPEAL)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", record.appeal_entry);
}

enum recourse_error hearing_follow_payment(struct decision *decision, slice id, struct record_claim *claim)
{
	struct record_hearing record;
	if (claim->hearing != HEARING_APPEAL)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	claim->due = record.appeal_due;
	return RECOURSE_OK;
}

static bool is_hash(const uint8_t hash[static 32])
{
	uint8_t any = 0;
	for (size_t index = 0; index < 32; index++)
		any |= hash[index];
	return any != 0;
}

enum recourse_error hearing_name(struct decision *decision, slice id, const struct record_claim *claim)
{
	struct record_hearing record;
	if (claim->hearing == HEARING_NONE)
		return RECOURSE_OK;
	TRY(hearing_load(decision->state, id, claim, &record));
	if (!was_heard(&record))
		return RECOURSE_OK;
	char hex[2 * sizeof record.answer_hash + 1];
	text_to_hex(record.answer_hash, sizeof record.answer_hash, hex);
	decision_fact_text(decision, "merchant_answer", slice_text(hearing_answered_names[record.answer]));
	decision_fact_integer(decision, "merchant_answer_entry", record.answer_entry);
	if (is_hash(record.answer_hash))
		decision_fact_text(decision, "merchant_answer_hash", slice_text(hex));
	return RECOURSE_OK;
}

bool hearing_is_closed(const struct record_claim *claim)
{
	return claim->hearing == HEARING_CLOSED;
}

/* ---- who speaks, and until when ---- */

enum recourse_error hearing_check_merchant(
	struct decision *decision, const struct record_claim *claim, bool *own)
{
	bool clerk = decision->carried || (decision->actor->roles & RECOURSE_ROLE_OPERATOR) != 0;
	*own = !decision->carried && decision->actor->party_number == claim->section;
	return *own || clerk ? RECOURSE_OK : refuse(decision, RECOURSE_NOT_FOUND, "claim", NULL);
}

enum recourse_error hearing_check_until(struct decision *decision, const char *field, uint64_t until)
{
	char text[INSTANT_TEXT_SIZE];
	if (decision->time <= until)
		return RECOURSE_OK;
	instant_format(until, text);
	return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, field, "until %s", text);
}

const char *const hearing_answered_names[] = {
	"none", "open", "accept", "dispute", "silent", "lapsed", "taken-back", NULL};
const char *const hearing_consent_names[] = {
	"none", "sought", "given", "declined", "lapsed", "taken-back", NULL};
