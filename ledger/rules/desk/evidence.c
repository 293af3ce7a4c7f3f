/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/evidence.h"

#include "rule/checklist.h"
#include "rule/sealed.h"
#include "rules/claims/claim.h"
#include "rules/desk/promise.h"
#include "rules/incident/incident.h"

enum recourse_error evidence_waiting(
	struct decision *decision, slice id, struct record_claim *claim, struct record_policy *policy)
{
	struct record_incident incident;
	TRY(claim_find(decision, id, claim));
	TRY(incident_load(decision->state, claim->incident, &incident));
	TRY(incident_open(decision, "claim", &incident));
	if (!claim_undecided(claim))
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, claim->state));
	incident_name_policy(decision, &incident);
	return policy == NULL ? RECOURSE_OK : incident_policy(decision->state, &incident, policy);
}

/* ---- evidence.receive: whatever state the claim is in, so that what surfaces late is on record ---- */

enum {
	RECEIVE_CLAIM,
	RECEIVE_KIND,
	RECEIVE_HASH,
	RECEIVE_HOLDER,
	RECEIVE_CHANNEL,
	RECEIVE_NOTE,
	RECEIVE_PROMISE,
};
static const struct recourse_field receive_fields[] = {
	[RECEIVE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[RECEIVE_KIND] = FIELD(ID, "kind", "of evidence, one on the claim's list"),
	[RECEIVE_HASH] = FIELD(HASH, "evidence_hash", "SHA-256 of the paper"),
	[RECEIVE_HOLDER] = FIELD_OPAQUE("held_by", "who keeps the paper"),
	[RECEIVE_CHANNEL] = FIELD_OPTIONAL_CHOICE("channel", claim_channel_names, "how it came"),
	[RECEIVE_NOTE] = EVIDENCE_NOTE,
	[RECEIVE_PROMISE] = PROMISE_FIELD,
};

static enum recourse_error apply_receive(struct decision *decision, const struct value *values)
{
	slice id = values[RECEIVE_CLAIM].text;
	struct record_claim claim;
	struct listed listed;
	TRY(claim_find(decision, id, &claim));
	TRY(listed_find(decision, id, values[RECEIVE_KIND].text, &listed));
	if (listed.record.from == EVIDENCE_FROM_CONSUMER) /* a party answers by its own word */
		TRY(listed_end(decision, &listed, ASKED_ANSWERED));
	TRY(listed_hold(
		decision, id, &listed, values[RECEIVE_HASH].text, values[RECEIVE_HOLDER].text, &claim));
	TRY(sealed_note(decision, id, &values[RECEIVE_NOTE]));
	TRY(claim_put_about(decision, id, &claim));
	return promise_keep(decision, id, &values[RECEIVE_PROMISE]);
}

/* ---- evidence.add ---- */

enum { ADD_CLAIM, ADD_REASON, ADD_KIND };
static const struct recourse_field add_fields[] = {
	[ADD_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[ADD_REASON] = FIELD(ID, "reason", "reason code: why the policy's list is not enough"),
	[ADD_KIND + CHECKLIST_KIND] = FIELD(ID, "kind", "of evidence, such as purchase-receipt"),
	[ADD_KIND + CHECKLIST_FROM] = FIELD_CHOICE("from", checklist_from_names, "who has it"),
	[ADD_KIND + CHECKLIST_NEEDED] =
		FIELD_CHOICE("needed", query_no_yes, "yes: the claim is not approved without it"),
};

static enum recourse_error check_new(
	struct decision *decision, slice id, slice kind, const struct record_claim *claim)
{
	struct record_path path = record_path_of_texts(RECORD_LISTED, id, kind);
	struct record_listed known;
	bool there;
	TRY(record_get_optional(decision->state, &path, &known, sizeof known, &there));
	uint64_t since = known.added_entry != 0 ? known.added_entry : claim->filed_entry;
	return there ? refuse_entry(decision, RECOURSE_EXISTS, "kind", since) : RECOURSE_OK;
}

static enum recourse_error apply_add(struct decision *decision, const struct value *values)
{
	slice id = values[ADD_CLAIM].text;
	struct listed listed = {.kind = values[ADD_KIND + CHECKLIST_KIND].text,
		.record = {.added_entry = decision->entry,
			.from = (uint32_t)values[ADD_KIND + CHECKLIST_FROM].integer,
			.needed = (uint32_t)values[ADD_KIND + CHECKLIST_NEEDED].integer}};
	struct record_claim claim;
	TRY(evidence_waiting(decision, id, &claim, NULL));
	TRY(check_new(decision, id, listed.kind, &claim));
	TRY(listed_save(decision, id, &listed, &claim));
	return claim_put_about(decision, id, &claim);
}

/* ---- evidence.waive ---- */

enum { WAIVE_CLAIM, WAIVE_KIND, WAIVE_REASON };
static const struct recourse_field waive_fields[] = {
	[WAIVE_CLAIM] = FIELD(ID, "claim", "the claim's id"),
	[WAIVE_KIND] = FIELD(ID, "kind", "that is needed, and not held"),
	[WAIVE_REASON] = FIELD(ID, "reason", "reason code: why it is decided without"),
};

/* Nothing of it is waited for any more. */
static enum recourse_error apply_waive(struct decision *decision, const struct value *values)
{
	slice id = values[WAIVE_CLAIM].text;
	struct record_claim claim;
	struct listed listed;
	TRY(evidence_waiting(decision, id, &claim, NULL));
	TRY(listed_find(decision, id, values[WAIVE_KIND].text, &listed));
	if (!listed_lacks(&listed.record))
		return refuse(decision, RECOURSE_NOT_PERMITTED, "kind", "one that is needed and lacks");
	TRY(listed_end(decision, &listed, ASKED_LAPSED));
	listed.record.waived_entry = decision->entry;
	TRY(listed_save(decision, id, &listed, &claim));
	return claim_put_about(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND("evidence.receive", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, receive_fields,
		apply_receive, "a paper of a claim is held", RECOURSE_EXISTS, RECOURSE_NOT_FOUND,
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED),
	COMMAND_CHECKED("evidence.add", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, 1, add_fields,
		apply_add, "put a further kind of evidence on a claim's list; another person approves",
		RECOURSE_EXISTS, RECOURSE_STATE_WRONG),
	COMMAND_CHECKED("evidence.waive", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, 1, waive_fields,
		apply_waive, "decide a claim without a kind of evidence; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED),
};
const struct command_group evidence_commands = COMMAND_GROUP(rows);
