/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"

/*
 * B6: what was advanced for payments that nobody has had, when an incident ended. Added up here from what parties paid and have, and
 * not reckoned as the rules do: as long as some of it is open nobody who owes of it has money of its own, and nobody is asked for it.
 */

struct look {
	struct check_context *check;
	const struct record_incident *incident;
	const struct record_section *section;
};

static enum recourse_error wrong(const struct look *this, const char *text)
{
	slice merchant;
	TRY(party_name(this->check->state, this->check->arena, this->section->party, &merchant));
	return check_wrong(this->check, "B6: in the section of %.*s, incident %.*s, %s",
		SLICE_ARGUMENTS(merchant), SLICE_ARGUMENTS(RECORD_TEXT(this->incident->id)), text);
}

/* A joint one for all of it; else for its part of the loss. Whom it is not asked of any more, or up to a cap, owes less. */
static bool has_own(const struct record_incident *incident, const struct record_liability *party)
{
	const amount_sum paid = (amount_sum)party->received - party->costs_served - party->interest_served;
	const bool asked = party->liable && party->party != incident->funder && !party->given_up &&
			   !party->released && party->cap == RECKON_NO_CAP;
	if (!asked || party->returned == 0)
		return false;
	return party->joint != 0 || paid - party->returned + party->credited < party->liability;
}

/* Of others' money nobody has anything before the funder has all of it: contribution is the last rank. */
static bool has_others(const struct record_liability *party)
{
	return party->returned > party->over_paid;
}

/* What was paid out of it before is final, and no sign of anything; what has no rank is asked of nobody. */
static enum recourse_error look_at_parties(const struct look *this)
{
	struct check_context *check = this->check;
	struct liabilities list;
	struct record_policy policy;
	bool released = false;
	bool others = false;
	bool own = false;
	TRY(liability_list(check->state, check->arena, this->section, &list));
	TRY(incident_policy(check->state, this->incident, &policy));
	if (policy.rank[WATERFALL_ADVANCES] == 0)
		return RECOURSE_OK;
	for (size_t row = 0; row < list.count; row++) {
		const struct record_liability *party = &list.rows[row].record;
		if (party->paid_out > 0 || party->restored > 0)
			return RECOURSE_OK;
		released = released || party->released;
		others = others || has_others(party);
		own = own || has_own(this->incident, party);
	}
	if (others && !released) /* whose money serves no advance */
		return wrong(this,
			"somebody has others' money, and what was advanced for who is not found is open");
	return own ? wrong(this, "somebody has its own money back, and owes of what was advanced for who is "
				 "not found")
		   : RECOURSE_OK;
}

static enum recourse_error look_at_section(const struct look *this)
{
	const struct record_section *section = this->section;
	const int64_t made = section_recourse(section) + section_restored_recourse(section);
	const int64_t kept = section->advanced - section->repaid - section->clawed - section->perfected;
	if (settle_up_open(section) > made)
		return wrong(this, "more is asked for than was paid for claims");
	return kept > 0 && section->apportioned_entry != 0 ? look_at_parties(this) : RECOURSE_OK;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	const struct look this = {check, incident, &section};
	if (incident->state != INCIDENT_CLOSED || incident->sweep != INCIDENT_STANDS)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		TRY(look_at_section(&this));
	return walk.error;
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group kept_check_rows = CHECK_GROUP(rows);
