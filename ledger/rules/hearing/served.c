/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/claim.h"
#include "rules/deposit/deposit.h"
#include "rules/hearing/contest.h"
#include "rules/hearing/heard.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"

/* ruling.serve: a ruling is given to a party of its claim: from then on runs what that one has to appeal it (README.md). */

static const char *const served_names[] = {"consumer", "merchant", NULL};
enum { TO_CONSUMER, TO_MERCHANT };
enum { SERVE_CLAIM, SERVE_TO, SERVE_CHANNEL, SERVE_HASH };
static const struct recourse_field serve_fields[] = {
	[SERVE_CLAIM] = FIELD(ID, "claim", "that was ruled on"),
	[SERVE_TO] = FIELD_CHOICE("to", served_names, "who was given the ruling"),
	[SERVE_CHANNEL] = FIELD_CHOICE("channel", claim_channel_names, "how"),
	[SERVE_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what shows that it was"),
};

/*
 * What is kept back for what was left out is kept as long as that can be appealed. Who ruled lets nobody's time run by saying so
 * alone.
 */
static enum recourse_error give_to_consumer(struct decision *decision, struct heard *hearing, bool shown)
{
	const struct record_claim *claim = &hearing->claim;
	struct record_section section;
	struct record_incident incident;
	struct record_policy policy;
	if (!shown)
		TRY(person_differs(decision, &claim->decider, 1, "claim",
			"another than who ruled; or with evidence_hash"));
	TRY(incident_load(decision->state, claim->incident, &incident));
	TRY(incident_terms(decision, &incident, &policy));
	TRY(section_load(decision->state, claim->incident, claim->section, &section));
	hearing->record.consumer_served = decision->entry;
	hearing->record.final_at = decision->time + (uint64_t)policy.appeal_days * INSTANT_DAY;
	decision_fact_instant(decision, "appealable_until", hearing->record.final_at);
	if (contest_is_final(hearing))
		return RECOURSE_OK;
	TRY(contest_keep_back(decision, &section, hearing, hearing->record.final_at));
	TRY(section_save(decision, &section));
	return freeze_follow_claims(decision, &incident, section.party);
}

static enum recourse_error apply_serve(struct decision *decision, const struct value *values)
{
	struct heard hearing;
	struct record_hearing *record = &hearing.record;
	bool merchant = values[SERVE_TO].integer == TO_MERCHANT;
	TRY(heard_find(decision, values[SERVE_CLAIM].text, &hearing));
	if (hearing.claim.decided_entry == 0)
		return refuse_state(decision, "claim", life_state_name(LIFE_CLAIM, hearing.claim.state));
	TRY(hearing_check_appeal(decision, hearing.id, &hearing.claim));
	contest_begin(&hearing);
	uint64_t served = merchant ? record->merchant_served : record->consumer_served;
	if (served != 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "to", served);
	decision_fact_integer(decision, "ruling", record->ruling);
	if (merchant)
		record->merchant_served = decision->entry;
	else
		TRY(give_to_consumer(decision, &hearing, values[SERVE_HASH].present));
	return heard_save(decision, &hearing);
}

static const struct command rows[] = {
	COMMAND("ruling.serve", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, serve_fields, apply_serve,
		"the consumer or the merchant was given the ruling: that one's time for an appeal begins",
		RECOURSE_STATE_WRONG, RECOURSE_SAME_PERSON, RECOURSE_EXISTS, RECOURSE_NOT_PERMITTED),
};
const struct command_group served_commands = COMMAND_GROUP(rows);
