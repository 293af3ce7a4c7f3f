/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/behind.h"
#include "rules/recourse/set_off.h"
#include "rules/recourse/settle_up.h"

/* A section is settled up, and then set off with others: what is owed there is reckoned by what settles one up alone. */

enum recourse_error settle_up(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct settled *settled)
{
	TRY(settle_up_alone(decision, incident, section, settled));
	return set_off(decision, incident, section);
}

enum recourse_error settle_up_save(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section)
{
	TRY(section_save(decision, section));
	return freeze_follow_claims(decision, incident, section->party);
}

enum recourse_error settle_up_less(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, bool anywhere, int64_t steps)
{
	struct settled settled;
	if (anywhere)
		TRY(settle_up_anywhere(decision, section, payer, -steps));
	TRY(settle_up_received(decision, "recovery", incident, section, payer, -steps, &settled));
	if (incident->sections > 1)
		TRY(set_off_home(decision, incident, section, payer));
	return settle_up_save(decision, incident, section);
}

static enum recourse_error settle_up_hanging(struct decision *decision,
	const struct record_incident *incident, struct record_section *section, int64_t hangs)
{
	struct settled settled;
	return hangs > 0 ? settle_up(decision, incident, section, &settled)
			 : set_off(decision, incident, section);
}

enum recourse_error settle_up_waiting(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	return settle_up_hanging(decision, incident, section, section->waiting + section->returned);
}

enum recourse_error settle_up_ending(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	const int64_t inchoate = section->advanced - section->repaid - section->perfected - section->clawed;
	return settle_up_hanging(
		decision, incident, section, section->waiting + section->returned + inchoate);
}

enum recourse_error settle_up_loss(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	const int64_t served = section->uncovered_served + section->recourse_collected;
	return settle_up_hanging(decision, incident, section, section->waiting + section->returned + served);
}

/* ---- lots that can be claimed ---- */

/* By so much what is left of the merchant's lots is more by this entry: of the incident's issuer, or of any. */
static enum recourse_error posted_lots(
	struct decision *decision, const struct record_incident *incident, uint32_t party, int64_t *steps)
{
	slice issuer = slice_text("");
	slice merchant;
	*steps = 0;
	TRY(party_name(decision->state, decision->arena, party, &merchant));
	if (incident->issuer != 0)
		TRY(party_name(decision->state, decision->arena, incident->issuer, &issuer));
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		if (posting->code == CHART_EXPOSURE && slice_equal(posting->party, merchant) &&
			unit_same(&posting->unit, &incident->unit) &&
			(issuer.size == 0 || slice_equal(posting->reference, issuer)))
			TRY(decision_sum(decision, steps, posting->steps));
	}
	return RECOURSE_OK;
}

/* Where none could be claimed some can now, or none any more. A lot of another batch may look so, and changes nothing. */
static enum recourse_error have_turned(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *turned)
{
	int64_t lots;
	int64_t more;
	*turned = false;
	if (decision->time > incident->bar_date)
		return RECOURSE_OK;
	TRY(posted_lots(decision, incident, section->party, &more));
	if (more == 0)
		return RECOURSE_OK;
	TRY(settle_up_claimable(decision, incident, section, &lots));
	*turned = (lots > 0) != (lots > more);
	return RECOURSE_OK;
}

/*
 * Behind what is settled up here each open incident may freeze more, or less, by a line, and a withdrawal gives way by one:
 * freeze_follow().
 */
static enum recourse_error find_room(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, size_t open, bool *fits)
{
	slice merchant;
	size_t postings;
	bool followed;
	TRY(settle_up_fits(decision, incident, section, fits));
	TRY(freeze_is_followed(decision, section->party, &incident->unit, &followed));
	if (!*fits || !followed)
		return RECOURSE_OK;
	TRY(settle_up_postings(decision, section, &postings));
	TRY(party_name(decision->state, decision->arena, section->party, &merchant));
	size_t longer = RECORD_TEXT(incident->id).size;
	if (merchant.size > longer)
		longer = merchant.size;
	*fits = decision_has_postings(decision, postings + SETTLE_UP_SPARE_LINES + 2 + open,
		TEXT_ID_SIZE + longer + unit_code(&incident->unit).size);
	return RECOURSE_OK;
}

enum recourse_error settle_up_linked(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	bool fits;
	TRY(find_room(decision, incident, section, 1, &fits));
	return fits ? settle_up_loss(decision, incident, section)
		    : behind_note(decision, section, SECTION_UNSETTLED, true);
}

static enum recourse_error follow_lots(
	struct decision *decision, uint32_t number, uint32_t party, size_t open)
{
	struct record_incident incident;
	struct record_section section;
	bool turned;
	bool fits;
	TRY(incident_load(decision->state, number, &incident));
	TRY(section_load(decision->state, number, party, &section));
	if (section.waiting + section.returned == 0 && incident.sections < 2)
		return RECOURSE_OK; /* as settle_up_waiting() would: a sale costs no more for it */
	TRY(have_turned(decision, &incident, &section, &turned));
	if (!turned)
		return RECOURSE_OK;
	TRY(find_room(decision, &incident, &section, open, &fits));
	if (fits)
		TRY(settle_up_waiting(decision, &incident, &section));
	else
		TRY(behind_note(decision, &section, SECTION_UNSETTLED, true));
	return section_save(decision, &section);
}

static enum recourse_error list_incidents(struct decision *decision, uint32_t merchant,
	const struct unit *unit, uint32_t numbers[static INCIDENT_POOLS_MAX], size_t *count)
{
	struct record_path prefix = record_path_of_short_text(RECORD_POOL, merchant, unit_code(unit));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*count = 0;
	while (*count < INCIDENT_POOLS_MAX && record_walk_next(&walk, NULL, 0))
		numbers[(*count)++] = (uint32_t)walk.key.parts[2].number;
	return walk.error;
}

enum recourse_error settle_up_lots(
	struct decision *decision, uint32_t merchant, const struct unit *unit, uint32_t but)
{
	uint32_t numbers[INCIDENT_POOLS_MAX];
	size_t count;
	TRY(list_incidents(decision, merchant, unit, numbers, &count));
	for (size_t index = 0; index < count; index++) {
		if (numbers[index] != but)
			TRY(follow_lots(decision, numbers[index], merchant, count));
	}
	return RECOURSE_OK;
}
