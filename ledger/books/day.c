/* SPDX-License-Identifier: Apache-2.0 */
#include "books/day.h"

#include "base/instant.h"

#include <stdio.h>

enum recourse_error day_parse(slice text, uint64_t *day)
{
	char midnight[INSTANT_TEXT_SIZE];
	uint64_t instant;
	if (text.size != DAY_TEXT_SIZE - 1)
		return RECOURSE_FIELD_FORMAT;
	snprintf(midnight, sizeof midnight, "%.*sT00:00:00Z", SLICE_ARGUMENTS(text));
	TRY(instant_parse(slice_text(midnight), &instant));
	*day = day_of(instant);
	return RECOURSE_OK;
}

void day_format(uint64_t day, char text[static DAY_TEXT_SIZE])
{
	char midnight[INSTANT_TEXT_SIZE];
	instant_format(day * INSTANT_DAY, midnight);
	memcpy(text, midnight, DAY_TEXT_SIZE - 1);
	text[DAY_TEXT_SIZE - 1] = '\0';
}

uint64_t day_of(uint64_t instant)
{
	return instant / INSTANT_DAY;
}

uint64_t day_end(uint64_t day)
{
	return (day + 1) * INSTANT_DAY;
}

enum recourse_error day_note(struct state_view *view, uint64_t day, uint64_t entry)
{
	struct record_path path = record_path_of_number(RECORD_DAY, day);
	bool noted;
	TRY(record_exists(view, &path, &noted));
	return noted ? RECOURSE_OK : record_put(view, &path, &entry, sizeof entry);
}

enum recourse_error day_last_entry(struct state_view *view, uint64_t day, uint64_t entries, uint64_t *entry)
{
	struct record_path prefix = record_path_of(RECORD_DAY);
	struct record_path from = record_path_of_number(RECORD_DAY, day + 1);
	uint64_t after;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_from(view, &prefix, &from, STATE_UP);
	if (!record_walk_next(&walk, &after, sizeof after))
		after = entries;
	TRY(walk.error);
	*entry = after - 1;
	return after > 0 ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}
