/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/check.h"

static const char torn[] = "a correction and what it corrects contradict each other";

/* What was taken back in parts is what these come to. */
static enum recourse_error compare_parts(struct check_context *check, const struct check_row *row)
{
	const struct record_booked *record = row->record;
	struct record_path prefix = record_path_of(RECORD_CORRECTION);
	struct record_path from = record_path_of_number(RECORD_CORRECTION, row->entry);
	amount_sum left = record->back;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(check->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_booked part;
		TRY(booked_read(check->state, walk.key.parts[0].number, &part, NULL));
		left -= part.corrects == row->entry ? part.amount : 0;
	}
	return walk.error != RECOURSE_OK ? walk.error : check_that(check, row, left == 0, torn);
}

/* One entry took back all of it, as most do. */
static enum recourse_error look_at_back(struct check_context *check, const struct check_row *row)
{
	const struct record_booked *record = row->record;
	struct record_booked last = {.amount = 0};
	int64_t left = record->amount - record->back;
	bool whole = record->corrected_by != 0 ? left == 0 : record->back == 0 || left > 0;
	TRY(check_that(check, row, record->back >= 0 && whole, torn));
	if (record->corrected_by != 0) {
		TRY(booked_read(check->state, record->corrected_by, &last, NULL));
		TRY(check_that(check, row, last.corrects == row->entry, torn));
	} else if (record->back == 0) {
		return RECOURSE_OK;
	}
	return booked_is_replaced(record) || last.amount == record->amount ? RECOURSE_OK
									   : compare_parts(check, row);
}

/* What was booked and what takes it back name each other, once, and are of the same. */
static enum recourse_error look_at_booked(struct check_context *check, const struct check_row *row)
{
	const struct record_booked *record = row->record;
	struct record_booked other;
	TRY(look_at_back(check, row));
	if (record->corrects == 0)
		return check_that(check, row, record->takes_back == 0, torn);
	TRY(booked_read(check->state, record->corrects, &other, NULL));
	bool part = record->amount < other.amount;
	bool same = record->kind == other.kind &&
		    (part || record->amount == other.amount || record->kind == BOOKED_DECIDED) &&
		    unit_same(&record->unit, &other.unit) && record->custodian == other.custodian &&
		    memcmp(record->id, other.id, sizeof other.id) == 0;
	bool turned = booked_is_replaced(record) ? record->takes_back == BOOKED_REPLACES
						 : record->takes_back != other.takes_back;
	bool opposite = (part || other.corrected_by == row->entry) && turned && record->corrects < row->entry;
	return check_that(check, row, same && opposite, torn);
}

static const struct check rows[] = {
	{.table = RECORD_BOOKED, .look = look_at_booked},
};
const struct check_group booked_check_rows = CHECK_GROUP(rows);
