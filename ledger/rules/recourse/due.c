/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/due.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/liability.h"

int64_t due_to_funder(const struct record_section *section)
{
	return section->recourse_collected + section->costs_served + section->handed_back -
	       section->shortfall - section->remitted;
}

/* What is owed back has an account under the number of the entry that found so. */
enum recourse_error due_owed_back(
	struct decision *decision, const struct unit *unit, slice party, uint64_t entry, int64_t more)
{
	slice account;
	if (more == 0)
		return RECOURSE_OK;
	TRY(account_reference_make(decision->arena, entry, &account));
	return decision_post(decision, CHART_COMMITMENT, party, account, unit, more);
}

/* All that ever fell to the funder is within 64 bits, so that what is due of it can be told. */
enum recourse_error due_check(struct decision *decision, const struct record_section *section)
{
	int64_t sum = section->recourse_collected;
	TRY(decision_sum(decision, &sum, section->costs_served));
	return decision_sum(decision, &sum, section->handed_back);
}

/*
 * What falls to the funder is due to it; what falls back and was remitted to it, it owes under the number of the entry
 * that found so, until as much falls to it again. So it stands for what consumers were paid out of a receipt that was
 * taken back, until its payer has paid that.
 */
enum recourse_error due_fall(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, int64_t falls)
{
	const struct unit *unit = &incident->unit;
	int64_t due = due_to_funder(section);
	slice funder;
	TRY(decision_sum(decision, &due, falls));
	TRY(decision_sum(decision, &due, -section->owed_back));
	int64_t owes = -amount_least(due, 0);
	int64_t more = owes - section->owed_back;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	if (owes > 0 && section->owed_back == 0)
		section->owed_entry = decision->entry;
	TRY(due_owed_back(decision, unit, funder, section->owed_entry, more));
	TRY(decision_sum(decision, &section->remitted, -more));
	section->owed_back = owes;
	return decision_post(decision, CHART_DUE_TO_FUNDER, funder, reference, unit, -falls - more);
}

/* What is due to the funder out of one section, it pays what it owes back in another with. */
static enum recourse_error set_off_with(struct decision *decision, const struct record_incident *incident,
	struct record_section *due, struct record_section *owing, int64_t *steps)
{
	slice funder;
	slice reference;
	*steps = amount_least(due_to_funder(due), owing->owed_back);
	if (*steps == 0)
		return RECOURSE_OK;
	due->remitted += *steps;
	owing->owed_back -= *steps;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(due_owed_back(decision, &incident->unit, funder, owing->owed_entry, -*steps));
	return decision_post(decision, CHART_DUE_TO_FUNDER, funder, reference, &incident->unit, *steps);
}

/* Whether any other has what one of the two sums of the section can be set off with: one that lacks the other is none. */
static enum recourse_error has_counterpart(
	struct decision *decision, const struct record_section *section, bool *found)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, section->incident);
	const bool due = due_to_funder(section) > 0;
	struct record_section other;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*found = false;
	while (!*found && record_walk_next(&walk, &other, sizeof other))
		*found = other.party != section->party &&
			 ((due && other.owed_back > 0) ||
				 (section->owed_back > 0 && due_to_funder(&other) > 0));
	return walk.error;
}

/* The account of what is due is the incident's, so is what comes first out of it: of so many sections in one entry. */
enum recourse_error due_set_off(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct section_list list;
	size_t count = 0;
	bool any;
	if (incident->sections < 2 || due_to_funder(section) + section->owed_back == 0)
		return RECOURSE_OK;
	TRY(has_counterpart(decision, section, &any));
	if (!any)
		return RECOURSE_OK;
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count && count < DUE_SET_OFF; index++) {
		struct record_section other;
		int64_t given;
		int64_t taken;
		if (list.parties[index] == section->party)
			continue;
		TRY(section_load(decision->state, incident->number, list.parties[index], &other));
		TRY(set_off_with(decision, incident, section, &other, &given));
		TRY(set_off_with(decision, incident, &other, section, &taken));
		if (given + taken == 0)
			continue;
		TRY(section_save(decision, &other));
		count++;
	}
	return RECOURSE_OK;
}

enum recourse_error due_hand_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps)
{
	slice reference;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(due_fall(decision, incident, section, reference, steps));
	TRY(decision_sum(decision, &section->handed_back, steps));
	TRY(due_check(decision, section));
	return due_set_off(decision, incident, section);
}

/* Costs come first out of what is remitted: so much more of them is final, or less. */
static enum recourse_error pay_costs(
	struct decision *decision, const struct record_section *section, int64_t steps)
{
	struct liabilities list;
	int64_t weights[SPREAD_MAX];
	int64_t parts[SPREAD_MAX];
	int64_t sum;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++) {
		const struct record_liability *record = &list.rows[row].record;
		int64_t final = liability_costs_final(record);
		weights[row] = steps > 0 ? record->costs_served - final : final;
	}
	TRY(spread_sum(list.count, weights, &sum));
	TRY(spread_split(amount_least(steps > 0 ? steps : -steps, sum), list.count, weights, parts));
	for (size_t row = 0; row < list.count; row++) {
		struct record_liability *record = &list.rows[row].record;
		if (parts[row] == 0)
			continue;
		record->costs_paid = liability_costs_final(record) + (steps > 0 ? parts[row] : -parts[row]);
		TRY(liability_put(decision, section, list.rows[row].party, record));
	}
	return RECOURSE_OK;
}

enum recourse_error due_unremit(struct decision *decision, struct record_section *section, int64_t steps)
{
	section->remitted -= steps;
	return pay_costs(decision, section, -steps);
}

enum recourse_error due_remit(
	struct decision *decision, const struct record_incident *incident, int64_t steps)
{
	struct section_list list;
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count && steps > 0; index++) {
		struct record_section section;
		TRY(section_load(decision->state, incident->number, list.parties[index], &section));
		int64_t part = amount_least(due_to_funder(&section), steps);
		if (part == 0)
			continue;
		section.remitted += part;
		steps -= part;
		TRY(pay_costs(decision, &section, part));
		TRY(section_save(decision, &section));
	}
	return RECOURSE_OK;
}

enum recourse_error due_from(
	struct decision *decision, const struct record_incident *incident, slice party, int64_t *steps)
{
	struct section_list sections;
	slice funder;
	*steps = 0;
	TRY(party_name(decision->state, decision->arena, incident->funder, &funder));
	TRY(section_list(decision, incident, &sections));
	for (size_t index = 0; index < sections.count; index++) {
		struct record_section section;
		struct liabilities list;
		TRY(section_load(decision->state, incident->number, sections.parties[index], &section));
		TRY(liability_list(decision->state, decision->arena, &section, &list));
		const struct liability_row *row = liability_among(&list, party);
		*steps += row != NULL ? row->record.shortfall : 0;
		*steps += slice_equal(party, funder) ? section.owed_back : 0;
	}
	return RECOURSE_OK;
}
