/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/merchant/agenda.h"

const struct recourse_column agenda_columns[AGENDA_COLUMNS] = {
	{COLUMN(TEXT, "what", struct coming, what, "will happen, or is awaited")},
	{COLUMN(TEXT, "of", struct coming, of, "which hold, incident, exit, unit, or @entry")},
	{COLUMN(TEXT, "by", struct coming, by, "who does it: a party, or a role")},
	{COLUMN(TIME, "due", struct coming, due, "by when"), OPTIONAL},
	{COLUMN_UNTIL("seconds", struct coming, due, "until then"), OPTIONAL},
};

const char agenda_released[] = "hold is released";
const char agenda_lodged_anew[] = "what was returned unpaid is lodged anew";

static bool said(const struct agenda *agenda, const struct coming *coming)
{
	bool found = false;
	for (size_t index = 0; index < agenda->count; index++)
		found = found || agenda->rows[index].what == coming->what;
	return found && coming->what == agenda_released;
}

/* In the order no day, 0 less one, is the last. */
enum recourse_error agenda_expect(struct agenda *agenda, struct arena *arena, struct coming coming)
{
	size_t place = agenda->count;
	if (coming.what == NULL || said(agenda, &coming))
		return RECOURSE_OK;
	TRY(arena_copy(arena, coming.of, &coming.of));
	while (place > 0 && coming.due - 1 < agenda->rows[place - 1].due - 1)
		place--;
	if (place == AGENDA_MAX)
		return RECOURSE_OK;
	if (agenda->count < AGENDA_MAX)
		agenda->count++;
	for (size_t index = agenda->count - 1; index > place; index--)
		agenda->rows[index] = agenda->rows[index - 1];
	agenda->rows[place] = coming;
	return RECOURSE_OK;
}
