/* SPDX-License-Identifier: Apache-2.0 */
#include "books/day.h"

#include "base/instant.h"

#include <stdio.h>

enum { DAY_MINUTES = 24 * 60 };

enum recourse_error day_parse(slice text, uint64_t *day)
{
	char midnight[INSTANT_TEXT_SIZE];
	uint64_t instant;
	if (text.size != DAY_TEXT_SIZE - 1)
		return RECOURSE_FIELD_FORMAT;
	snprintf(midnight, sizeof midnight, "%.*sT00:00:00Z", SLICE_ARGUMENTS(text));
	TRY(instant_parse(slice_text(midnight), &instant));
	*day = day_of(instant, DAY_UTC);
	return RECOURSE_OK;
}

void day_format(uint64_t day, char text[static DAY_TEXT_SIZE])
{
	char midnight[INSTANT_TEXT_SIZE];
	instant_format(day * INSTANT_DAY, midnight);
	memcpy(text, midnight, DAY_TEXT_SIZE - 1);
	text[DAY_TEXT_SIZE - 1] = '\0';
}

uint64_t day_of(uint64_t instant, int32_t east)
{
	int64_t minutes = (int64_t)(instant / INSTANT_MINUTE) + east;
	return minutes < 0 ? 0 : (uint64_t)minutes / DAY_MINUTES;
}

uint64_t day_begin(uint64_t day, int32_t east)
{
	int64_t minutes = (int64_t)(day * DAY_MINUTES) - east;
	return minutes < 0 ? 0 : (uint64_t)minutes * INSTANT_MINUTE;
}

uint64_t day_end(uint64_t day, int32_t east)
{
	return day_begin(day + 1, east);
}

static struct record_path noted_path(int32_t east)
{
	return record_path_of_short(RECORD_DAY, (uint32_t)east);
}

enum recourse_error day_note(struct state_view *view, int32_t east, uint64_t day, uint64_t entry)
{
	struct record_path path = noted_path(east);
	bool noted;
	record_path_number(&path, day);
	TRY(record_exists(view, &path, &noted));
	return noted ? RECOURSE_OK : record_put(view, &path, &entry, sizeof entry);
}

enum recourse_error day_note_all(struct state_view *view, uint64_t instant, uint64_t entry, uint64_t *until)
{
	struct record_path path = record_path_of(RECORD_LEDGER);
	struct record_ledger ledger;
	uint64_t today = day_of(instant, DAY_UTC);
	TRY(record_get_optional(view, &path, &ledger, sizeof ledger, NULL));
	TRY(day_note(view, DAY_UTC, today, entry));
	*until = day_end(today, DAY_UTC);
	for (size_t place = 0; place < ledger.places; place++) {
		int32_t east = ledger.east[place];
		uint64_t end = day_end(day_of(instant, east), east);
		TRY(day_note(view, east, day_of(instant, east), entry));
		*until = end < *until ? end : *until;
	}
	return RECOURSE_OK;
}

enum recourse_error day_last_entry(
	struct state_view *view, int32_t east, uint64_t day, uint64_t entries, uint64_t *entry)
{
	struct record_path prefix = noted_path(east);
	struct record_path from = prefix;
	uint64_t after;
	record_path_number(&from, day + 1);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_from(view, &prefix, &from, STATE_UP);
	if (!record_walk_next(&walk, &after, sizeof after))
		after = entries;
	TRY(walk.error);
	*entry = after - 1;
	return after > 0 ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}
