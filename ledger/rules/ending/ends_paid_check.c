/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

#include <stdlib.h>

/*
 * B1: what ends paid in a section of the issuer's pool (rules/recourse/owed_parts.h), and of what other merchants had frozen
 * (owed_end.h), by which the next one is split, is what they deducted for it.
 */
struct paid {
	uint32_t section;
	uint32_t party; /* whose money */
	int64_t steps;
};

static int compare_paid(const void *left, const void *right)
{
	const struct paid *one = left;
	const struct paid *other = right;
	if (one->section != other->section)
		return one->section < other->section ? -1 : 1;
	return (one->party > other->party) - (one->party < other->party);
}

static void add_paid(struct buffer *all, uint32_t section, uint32_t party, int64_t steps)
{
	struct paid paid = {section, party, steps};
	if (steps != 0)
		buffer_append(all, &paid, sizeof paid);
}

static enum recourse_error take_deductions(struct check_context *check,
	const struct record_incident *incident, uint32_t party, struct buffer *all)
{
	slice name;
	TRY(party_name(check->state, check->arena, party, &name));
	struct record_path prefix = decision_about_path(RECORD_DEDUCTION, name);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_number(RECORD_DEDUCTION, walk.key.parts[2].number);
		struct record_deduction deduction;
		record_path_short(&path, party);
		TRY(record_get_named(check->state, &path, &deduction, sizeof deduction));
		if (deduction.incident == incident->number && deduction.closing != 0 &&
			deduction.closing != party)
			add_paid(all, deduction.closing, party, deduction.amount);
	}
	return walk.error;
}

static enum recourse_error take_sections(
	struct check_context *check, const struct record_incident *incident, struct buffer *all)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		add_paid(all, section.party, incident->issuer, -section.issuer_ended);
		if (incident->merchant == 0)
			TRY(take_deductions(check, incident, section.party, all));
	}
	return walk.error;
}

static enum recourse_error take_liable(
	struct check_context *check, const struct record_incident *incident, struct buffer *all)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident->number);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability))
		add_paid(all, (uint32_t)walk.key.parts[1].number, liability.party, -liability.ended);
	return walk.error;
}

static enum recourse_error compare_all(
	struct check_context *check, const struct check_row *row, struct buffer *all)
{
	struct paid *rows = (void *)all->data;
	size_t count = all->size / sizeof *rows;
	amount_sum sum = 0;
	if (count > 0)
		qsort(rows, count, sizeof *rows, compare_paid);
	for (size_t index = 0; index < count; index++) {
		sum += rows[index].steps;
		bool last = index + 1 == count || compare_paid(&rows[index], &rows[index + 1]) != 0;
		TRY(check_that(check, row, !last || sum == 0,
			"B1: what ends paid of others' pools in a section is not what they deducted for it"));
	}
	return RECOURSE_OK;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	SCOPED(buffer_free) struct buffer all = {.size = 0};
	TRY(take_sections(check, incident, &all));
	TRY(take_liable(check, incident, &all));
	return buffer_failed(&all) ? RECOURSE_MEMORY : compare_all(check, row, &all);
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group ends_paid_check_rows = CHECK_GROUP(rows);
