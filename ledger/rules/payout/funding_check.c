/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* F1: what an incident's funder is said to have paid in, and its bank returned unpaid, is what such entries come to. */

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path prefix = record_path_of(RECORD_CORRECTION);
	amount_sum left = incident->bounced;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_booked booked;
		TRY(booked_read(check->state, walk.key.parts[0].number, &booked, NULL));
		if (booked.kind == BOOKED_FUNDING && booked.was == BOOKED_BOUNCED &&
			booked.corrected_by == 0 &&
			slice_equal(RECORD_TEXT(booked.reference), RECORD_TEXT(incident->id)))
			left -= booked.amount;
	}
	TRY(walk.error);
	return check_that(
		check, row, left == 0, "F1: what was returned unpaid to a funder is not what entries say");
}

static const struct check rows[] = {
	{RECORD_INCIDENT, offsetof(struct record_incident, entry), look_at_incident, NULL},
};
const struct check_group funding_check_rows = CHECK_GROUP(rows);
