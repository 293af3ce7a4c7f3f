/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/hearing/contest.h"
#include "rules/claims/holder.h"
#include "rules/incident/incident.h"

/* claim.close: nothing of a claim is to be done any more (README.md). */

enum { CLOSE_CLAIM, CLOSE_REASON };
static const struct recourse_field close_fields[] = {
	[CLOSE_CLAIM] = FIELD(ID, "claim", "paid, refused or given up"),
	[CLOSE_REASON] = FIELD(ID, "reason", "reason code"),
};

/* What was refused can be appealed as long as its time runs, which begins when the consumer was given the ruling. */
static enum recourse_error check_final(struct decision *decision, const struct heard *hearing)
{
	const struct record_hearing *record = &hearing->record;
	char until[INSTANT_TEXT_SIZE];
	bool denies;
	if (hearing->claim.decided_entry == 0 || contest_is_final(hearing) ||
		(record->appealed == hearing->claim.decided_entry && record->appeal_ended != 0))
		return RECOURSE_OK;
	TRY(contest_denies(decision, hearing, &denies));
	if (!denies)
		return RECOURSE_OK;
	if (record->final_at == 0)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "claim",
			"when the consumer was given the ruling: ruling.serve");
	if (decision->time > record->final_at)
		return RECOURSE_OK;
	instant_format(record->final_at, until);
	return refuse_limit(decision, RECOURSE_NOT_PERMITTED, "claim", "after it can be appealed, %s", until);
}

static enum recourse_error apply_close(struct decision *decision, const struct value *values)
{
	struct heard hearing;
	struct record_incident incident;
	uint64_t due;
	uint64_t promise;
	bool waits;
	TRY(heard_find(decision, values[CLOSE_CLAIM].text, &hearing));
	TRY(claim_waits(decision->state, hearing.id, &hearing.claim, &waits));
	if (hearing_is_closed(&hearing.claim))
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "claim", hearing.record.closed_entry);
	TRY(hearing_check_appeal(decision, hearing.id, &hearing.claim));
	if (waits || hearing.claim.state == CLAIM_LINKED)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, hearing.claim.state));
	TRY(holder_promise(decision->state, hearing.id, &due, &promise));
	if (promise != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "claim", promise);
	contest_begin(&hearing);
	TRY(check_final(decision, &hearing));
	TRY(incident_load(decision->state, hearing.claim.incident, &incident));
	incident_name_policy(decision, &incident);
	hearing.record.closed_entry = decision->entry;
	return heard_save(decision, &hearing);
}

static const struct command rows[] = {
	COMMAND("claim.close", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, close_fields, apply_close,
		"nothing of a claim is to be done any more", RECOURSE_STATE_WRONG, RECOURSE_NOT_PERMITTED),
};
const struct command_group claim_close_commands = COMMAND_GROUP(rows);
