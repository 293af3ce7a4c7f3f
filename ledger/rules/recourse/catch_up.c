/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/catch_up.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/behind.h"
#include "rules/recourse/lowered.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/* What an end gave stays as it gave it. */
static enum recourse_error let_be(struct decision *decision, struct record_section *section)
{
	TRY(behind_note(decision, section, SECTION_UNSETTLED, false));
	TRY(behind_note(decision, section, SECTION_UNMOVED, false));
	return section_save(decision, section);
}

/* But what is somebody's own by name serves what it owes elsewhere, which opens the incident's money again. */
static enum recourse_error move_ended(
	struct decision *decision, struct record_incident *incident, struct record_section *section)
{
	const size_t before = decision->consequence_count;
	TRY(let_be(decision, section));
	TRY(set_off_party(decision, incident, slice_text("")));
	return decision->consequence_count > before ? incident_money_moved(decision, "subject", incident)
						    : RECOURSE_OK;
}

static enum recourse_error catch_up(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	const size_t before = decision->consequence_count;
	struct settled settled;
	TRY(behind_note(decision, section, SECTION_UNMOVED, false));
	TRY(settle_up(decision, incident, section, &settled));
	TRY(section_save(decision, section));
	return section->behind == 0 || decision->consequence_count > before
		       ? RECOURSE_OK
		       : behind_set(decision, section, decision->time + INSTANT_DAY);
}

/* That moves nobody's money: neither an end nor what goes on stops it, and all else is for the next strike. */
static enum recourse_error go_on_lowering(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	TRY(lowered_go_on(decision, incident, section));
	return section_save(decision, section);
}

enum recourse_error catch_up_struck(struct decision *decision, slice subject)
{
	struct record_incident incident;
	struct record_section section;
	uint32_t number;
	uint32_t party;
	slice id;
	TRY(clock_subject_read_section(decision, subject, &number, &party));
	TRY(incident_load(decision->state, number, &incident));
	TRY(section_load(decision->state, number, party, &section));
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident.id), &id));
	TRY(incident_governing(decision, "subject", id, &incident));
	const bool ended = incident_has_ended(&incident);
	if ((section.behind & SECTION_UNLOWERED) != 0)
		TRY(go_on_lowering(decision, &incident, &section));
	else if (ended && (section.behind & SECTION_UNMOVED) == 0)
		TRY(let_be(decision, &section));
	else if (incident.sweep != INCIDENT_STANDS)
		TRY(behind_set(decision, &section, decision->time + INSTANT_DAY));
	else if (ended)
		TRY(move_ended(decision, &incident, &section));
	else
		TRY(catch_up(decision, &incident, &section));
	return decision_about(decision, RECORD_INCIDENT, id);
}
