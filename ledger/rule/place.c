/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/place.h"

#include "books/day.h"

enum recourse_error place_read(struct state_view *view, slice custodian, struct record_place *place)
{
	struct record_path path = record_path_of_text(RECORD_PLACE, custodian);
	return record_get_optional(view, &path, place, sizeof *place, NULL);
}

int32_t place_east(const struct record_place *place, uint64_t day)
{
	return day < place->since ? place->east_before : place->east;
}

enum recourse_error place_today(struct decision *decision, uint64_t *day)
{
	struct record_place place;
	TRY(place_read(decision->state, decision->actor->party, &place));
	*day = day_of(decision->time, place.east);
	return RECOURSE_OK;
}
