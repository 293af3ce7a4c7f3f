/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

#include <stdlib.h>

/*
 * B1: what ends paid of the issuer's pool in each section, by which the next one is split (rules/recourse/owed_parts.h), is
 * what they deducted for it.
 */
struct paid {
	uint32_t section;
	int64_t steps;
};

static int compare_sections(const void *left, const void *right)
{
	uint32_t one = ((const struct paid *)left)->section;
	uint32_t other = ((const struct paid *)right)->section;
	return (one > other) - (one < other);
}

static enum recourse_error take_sections(
	struct check_context *check, const struct record_incident *incident, struct buffer *all)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct paid paid = {section.party, -section.issuer_ended};
		if (paid.steps != 0)
			buffer_append(all, &paid, sizeof paid);
	}
	return walk.error;
}

static enum recourse_error take_deductions(
	struct check_context *check, const struct record_incident *incident, struct buffer *all)
{
	slice issuer;
	TRY(party_name(check->state, check->arena, incident->issuer, &issuer));
	struct record_path prefix = decision_about_path(RECORD_DEDUCTION, issuer);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_number(RECORD_DEDUCTION, walk.key.parts[2].number);
		struct record_deduction deduction;
		record_path_short(&path, incident->issuer);
		TRY(record_get_named(check->state, &path, &deduction, sizeof deduction));
		struct paid paid = {deduction.closing, deduction.amount};
		if (deduction.incident == incident->number && paid.section != 0 &&
			paid.section != incident->issuer)
			buffer_append(all, &paid, sizeof paid);
	}
	return walk.error;
}

static enum recourse_error compare_all(
	struct check_context *check, const struct check_row *row, struct buffer *all)
{
	struct paid *rows = (void *)all->data;
	size_t count = all->size / sizeof *rows;
	amount_sum sum = 0;
	if (count > 0)
		qsort(rows, count, sizeof *rows, compare_sections);
	for (size_t index = 0; index < count; index++) {
		sum += rows[index].steps;
		bool last = index + 1 == count || rows[index + 1].section != rows[index].section;
		TRY(check_that(check, row, !last || sum == 0,
			"B1: what ends paid of the issuer's pool in a section is not what they deducted for "
			"it"));
	}
	return RECOURSE_OK;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	SCOPED(buffer_free) struct buffer all = {.size = 0};
	TRY(take_sections(check, incident, &all));
	if (incident->merchant == 0)
		TRY(take_deductions(check, incident, &all));
	return buffer_failed(&all) ? RECOURSE_MEMORY : compare_all(check, row, &all);
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group issuers_end_check_rows = CHECK_GROUP(rows);
