/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/calendar.h"

#include "base/instant.h"
#include "rule/check.h"
#include "rule/person.h"

/* H1: a person's keys follow one another: one that was rotated ended where the next began, of the same person. */
static enum recourse_error look_at_key(struct check_context *check, const struct check_row *row)
{
	const struct record_key *key = row->record;
	struct record_key next;
	struct record_key first;
	TRY(person_key(check->state, key->person, &first));
	if (key->rotated_to == 0)
		return check_that(check, row, first.current == key->number,
			"H1: a person has two keys that were not rotated");
	TRY(person_key(check->state, key->rotated_to, &next));
	bool follows = key->revoked != 0 && next.entry == key->revoked_entry && next.person == key->person &&
		       next.party == key->party && next.roles == key->roles;
	return check_that(check, row, follows,
		"H1: a key that was rotated and the one in its place contradict each other");
}

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
	{.table = RECORD_KEY, .entry = offsetof(struct record_key, entry), .look = look_at_key},
};
const struct check_group rule_check_rows = CHECK_GROUP(rows);
