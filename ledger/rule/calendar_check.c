/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/calendar.h"

#include "base/instant.h"
#include "rule/check.h"

/* E3: each year of a calendar is one that can have been published, and its days are those of the same place. */
static enum recourse_error look_at_year(struct check_context *check, const struct check_row *row)
{
	const struct record_calendar *record = row->record;
	slice id = row->key->parts[0].text;
	uint64_t year = row->key->parts[1].number;
	struct record_calendar other;
	TRY(calendar_any(check->state, id, &other));
	if (year < INSTANT_YEAR_FIRST || year > INSTANT_YEAR_LAST ||
		!calendar_sound(record, (uint32_t)year) || record->offset_minutes != other.offset_minutes)
		return check_wrong_entry(check, row->entry,
			"E3: year %llu of calendar %.*s can not have been published so",
			(unsigned long long)year, SLICE_ARGUMENTS(id));
	return RECOURSE_OK;
}

static const struct check rows[] = {
	{.table = RECORD_CALENDAR, .entry = offsetof(struct record_calendar, entry), .look = look_at_year},
};
const struct check_group calendar_check_rows = CHECK_GROUP(rows);
