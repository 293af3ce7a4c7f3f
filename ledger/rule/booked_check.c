/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/check.h"

/* What was booked and what takes it back name each other, once, and are of the same. */
static enum recourse_error look_at_booked(struct check_context *check, const struct check_row *row)
{
	static const char torn[] = "a correction and what it corrects contradict each other";
	const struct record_booked *record = row->record;
	struct record_booked other;
	if (record->corrected_by != 0) {
		TRY(booked_read(check->state, record->corrected_by, &other, NULL));
		TRY(check_that(check, row, other.corrects == row->entry, torn));
	}
	if (record->corrects == 0)
		return check_that(check, row, record->takes_back == 0, torn);
	TRY(booked_read(check->state, record->corrects, &other, NULL));
	bool same = record->kind == other.kind &&
		    (record->amount == other.amount || record->kind == BOOKED_DECIDED) &&
		    unit_same(&record->unit, &other.unit) && record->custodian == other.custodian &&
		    memcmp(record->id, other.id, sizeof other.id) == 0;
	bool turned = booked_is_replaced(record) ? record->takes_back == BOOKED_REPLACES
						 : record->takes_back != other.takes_back;
	bool opposite = other.corrected_by == row->entry && turned && record->corrects < row->entry;
	return check_that(check, row, same && opposite, torn);
}

static const struct check rows[] = {
	{.table = RECORD_BOOKED, .look = look_at_booked},
};
const struct check_group booked_check_rows = CHECK_GROUP(rows);
