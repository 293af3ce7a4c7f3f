/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ending/ending.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

enum { REOPEN_INCIDENT, REOPEN_REASON, REOPEN_HASH, REOPEN_UNTIL };
static const struct recourse_field reopen_fields[] = {
	[REOPEN_INCIDENT] = FIELD(ID, "incident", "that was closed, also where money has reopened it since"),
	[REOPEN_REASON] = FIELD(ID, "reason", "reason code, such as court"),
	[REOPEN_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what it rests on"),
	[REOPEN_UNTIL] = FIELD_OPTIONAL(
		TIME, "until", "a new bar date: claims can be filed again; they can not if absent"),
};

static enum recourse_error open_window(
	struct decision *decision, const struct value *until, struct record_incident *incident)
{
	if (until->instant <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "until", "in the future");
	incident->bar_date = until->instant;
	incident->clock = until->instant;
	incident->barred = 0;
	decision_fact_instant(decision, "closes", until->instant);
	return decision_step(decision, LIFE_INCIDENT, &incident->state, INCIDENT_CLAIMS_OPEN, "incident");
}

/* Each of its merchants may be in many others by now. */
static enum recourse_error check_room(struct decision *decision, const struct record_incident *incident)
{
	struct section_list list;
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count; index++)
		TRY(section_check_room(decision, incident, list.parties[index]));
	return RECOURSE_OK;
}

/* It is closed; or money reopened it, and not its claims: what its merchants have is where the end left it. */
static enum recourse_error check_ended(struct decision *decision, const struct record_incident *incident)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	bool ended = incident_has_ended(incident);
	/* it is still being closed */
	if (incident->sweep != INCIDENT_STANDS)
		return refuse_state(decision, "incident", "closing");
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (!ended && record_walk_next(&walk, &section, sizeof section))
		ended = section.closed_entry != 0;
	TRY(walk.error);
	return ended ? RECOURSE_OK
		     : refuse_state(decision, "incident", life_state_name(LIFE_INCIDENT, incident->state));
}

static enum recourse_error apply_reopen(struct decision *decision, const struct value *values)
{
	struct record_incident incident;
	TRY(incident_concerned(decision, values[REOPEN_INCIDENT].text, &incident));
	TRY(check_ended(decision, &incident));
	TRY(decision_step(decision, LIFE_INCIDENT, &incident.state, INCIDENT_REOPENED, "incident"));
	TRY(check_room(decision, &incident));
	if (values[REOPEN_UNTIL].present)
		TRY(open_window(decision, &values[REOPEN_UNTIL], &incident));

	incident.sweep = INCIDENT_BEGINS_AGAIN;
	return ending_go_on(decision, &incident);
}

static const struct command rows[] = {
	COMMAND_CHECKED("incident.reopen", RECOURSE_ROLE_OPERATOR, 1, reopen_fields, apply_reopen,
		"a closed incident begins again: freezes what its merchant has; another person approves",
		RECOURSE_STATE_WRONG, RECOURSE_FIELD_LIMIT, RECOURSE_WINDOW_CLOSED),
};
const struct command_group begin_again_commands = COMMAND_GROUP(rows);
