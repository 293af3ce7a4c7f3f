/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

enum recourse_error incident_load(struct state_view *view, uint32_t number, struct record_incident *incident)
{
	struct record_path path = record_path_of_short(RECORD_INCIDENT, number);
	return record_get_named(view, &path, incident, sizeof *incident);
}

enum recourse_error incident_read(struct state_view *view, slice id, struct record_incident *incident)
{
	struct record_path path = record_path_of_text(RECORD_INCIDENT_NAME, id);
	uint32_t number;
	TRY(record_get(view, &path, &number, sizeof number));
	return incident_load(view, number, incident);
}

void incident_name_policy(struct decision *decision, const struct record_incident *incident)
{
	decision_policy(decision, RECORD_TEXT(incident->policy), incident->policy_version);
}

enum recourse_error incident_governing(
	struct decision *decision, const char *field, slice id, struct record_incident *incident)
{
	enum recourse_error error = incident_read(decision->state, id, incident);
	TRY(refuse_absent(decision, error, RECOURSE_NOT_FOUND, field, NULL));
	incident_name_policy(decision, incident);
	return RECOURSE_OK;
}

enum recourse_error incident_concerned(struct decision *decision, slice id, struct record_incident *incident)
{
	TRY(incident_governing(decision, "incident", id, incident));
	return decision_about(decision, RECORD_INCIDENT, id);
}

enum recourse_error incident_custodian(struct decision *decision, const struct record_incident *incident)
{
	return incident->custodian == decision->actor->party_number
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_NOT_FOUND, "incident", NULL);
}

enum recourse_error incident_refuse(struct decision *decision, const char *field, uint32_t number)
{
	struct record_incident incident;
	TRY(incident_load(decision->state, number, &incident));
	return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, incident.entry);
}

enum recourse_error incident_save(struct decision *decision, const struct record_incident *incident)
{
	struct record_path path = record_path_of_short(RECORD_INCIDENT, incident->number);
	return decision_put(decision, &path, incident, sizeof *incident);
}

enum recourse_error incident_referred(
	struct decision *decision, uint32_t number, struct record_incident *incident, slice *reference)
{
	TRY(incident_load(decision->state, number, incident));
	return arena_copy(decision->arena, RECORD_TEXT(incident->id), reference);
}

enum recourse_error incident_policy(
	struct state_view *view, const struct record_incident *incident, struct record_policy *policy)
{
	struct record_path path =
		publish_path(RECORD_POLICY, RECORD_TEXT(incident->policy), incident->policy_version);
	return record_get_named(view, &path, policy, sizeof *policy);
}

enum recourse_error incident_terms(
	struct decision *decision, const struct record_incident *incident, struct record_policy *policy)
{
	incident_name_policy(decision, incident);
	return terms_policy(decision, RECORD_TEXT(incident->policy), incident->policy_version, policy);
}

bool incident_waits_for_bar(const struct record_incident *incident, const struct record_policy *policy)
{
	return incident->state == INCIDENT_CLAIMS_OPEN && policy->scheme == POLICY_DEPOSIT_ONLY &&
	       policy->interim == 0 && !record_incident_stands(incident);
}

enum recourse_error incident_due_anew(
	struct decision *decision, const struct record_incident *incident, struct record_claim *claim)
{
	struct record_policy policy;
	TRY(incident_policy(decision->state, incident, &policy));
	return terms_payout_due(decision, &policy, decision->time, &claim->due);
}

enum recourse_error incident_asked_anew(struct decision *decision, const struct record_incident *incident,
	int64_t before, struct record_claim *claim)
{
	return before == 0 && record_claim_asked(claim) > 0 ? incident_due_anew(decision, incident, claim)
							    : RECOURSE_OK;
}

/* ---- whether it goes on ---- */

bool incident_has_ended(const struct record_incident *incident)
{
	return incident->state == INCIDENT_CLOSED || incident->state == INCIDENT_CANCELLED;
}

enum recourse_error incident_open(
	struct decision *decision, const char *field, const struct record_incident *incident)
{
	return incident_has_ended(incident)
		       ? refuse_state(decision, field, life_state_name(LIFE_INCIDENT, incident->state))
		       : RECOURSE_OK;
}

enum recourse_error incident_money_moved(
	struct decision *decision, const char *field, struct record_incident *incident)
{
	struct record_policy policy;
	if (!incident_has_ended(incident))
		return RECOURSE_OK;
	TRY(decision_step(decision, LIFE_INCIDENT, &incident->state, INCIDENT_REOPENED, field));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident->state, INCIDENT_RECOVERY, field));
	TRY(incident_terms(decision, incident, &policy));
	decision_fact_text(decision, "reopens", slice_text("money"));
	if (incident->sweep == INCIDENT_STANDS)
		incident->close_clock = decision->time + (uint64_t)policy.close_days * INSTANT_DAY;
	return incident_save(decision, incident);
}

/* ---- the bar date ---- */

/* The next one in which money waits for it; one of nobody where there is none. */
static enum recourse_error find_waiting(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_path from = record_path_of_shorts(RECORD_SECTION, incident->number, incident->barred);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, section, sizeof *section)) {
		if (section->party > incident->barred && section->waiting != 0)
			return RECOURSE_OK;
	}
	*section = (struct record_section){.party = 0};
	return walk.error;
}

/*
 * What waits for it waits no longer, also where the incident is further along. An entry has room for what one section's
 * parties have again: the next one is for the next strike, at once.
 */
static enum recourse_error bar_section(
	struct decision *decision, struct record_incident *incident, struct record_section *section)
{
	TRY(area_section_barred(decision, incident, section));
	TRY(section_save(decision, section));
	incident->barred = section->party;
	TRY(find_waiting(decision, incident, section));
	incident->clock = section->party != 0 ? incident->bar_date : 0;
	return RECOURSE_OK;
}

enum recourse_error incident_bar_date_passed(struct decision *decision, slice id)
{
	struct record_incident incident;
	struct record_section section;
	TRY(incident_governing(decision, "subject", id, &incident));
	TRY(find_waiting(decision, &incident, &section));
	if (section.party == 0 || incident.state == INCIDENT_CLAIMS_OPEN)
		TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_BAR_DATE, "subject"));
	if (section.party != 0)
		TRY(bar_section(decision, &incident, &section));
	TRY(incident_save(decision, &incident));
	return decision_about(decision, RECORD_INCIDENT, id);
}
