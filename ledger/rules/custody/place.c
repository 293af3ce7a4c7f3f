/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/custody/custody.h"

/*
 * ---- custody.place: whose days a custodian's are ----
 *
 * A bank's day ends where the bank is. The days of a custodian are those of a calendar's place from the one on that it is
 * placed on; those before stay of the place before, so that what was attested of them stays what it was.
 */
/* Each entry looks whether it is the first of its day at each of these places: they are few. */
static enum recourse_error note_place(struct decision *decision, int32_t east)
{
	struct record_path path = record_path_of(RECORD_LEDGER);
	struct record_ledger ledger;
	TRY(party_ledger(decision->state, &ledger));
	bool known = east == DAY_UTC;
	for (size_t place = 0; place < ledger.places; place++)
		known = known || ledger.east[place] == east;
	if (known)
		return RECOURSE_OK;
	if (ledger.places == RECORD_PLACES_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "calendar",
			"at most %d places beside UTC", RECORD_PLACES_MAX);
	ledger.east[ledger.places++] = east;
	decision->placed = true;
	return decision_put(decision, &path, &ledger, sizeof ledger);
}

enum { PLACE_CUSTODIAN, PLACE_CALENDAR };
static const struct recourse_field place_fields[] = {
	[PLACE_CUSTODIAN] = FIELD(ID, "custodian", "who keeps money"),
	[PLACE_CALENDAR] =
		FIELD(ID, "calendar", "of its place: the days of its statements begin and end there"),
};

static enum recourse_error apply_place(struct decision *decision, const struct value *values)
{
	slice custodian = values[PLACE_CUSTODIAN].text;
	struct record_path path = record_path_of_text(RECORD_PLACE, custodian);
	struct record_place place;
	TRY(party_custodian(decision, "custodian", custodian));
	TRY(place_read(decision->state, custodian, &place));
	int32_t before = place.east;
	TRY(calendar_place(decision, &values[PLACE_CALENDAR], place.calendar, &place.east));
	TRY(note_place(decision, place.east));
	if (place.east != before) {
		place.east_before = before;
		place.since = day_of(decision->time, place.east);
	}
	place.entry = decision->entry;
	decision_fact_integer(decision, "east_minutes", (uint64_t)(int64_t)place.east);
	TRY(decision_put(decision, &path, &place, sizeof place));
	return decision_about(decision, RECORD_PARTY, custodian);
}

static const struct command rows[] = {
	COMMAND("custody.place", RECOURSE_ROLE_ADMIN, place_fields, apply_place,
		"say whose days a custodian's are: of which place", RECOURSE_NOT_PERMITTED),
};
const struct command_group place_commands = COMMAND_GROUP(rows);
