/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ending/ending.h"

#include "rules/incident/incident.h"

/* report.blockers (B6): what is in the way of closing an incident, entry by entry. */
enum { BLOCKERS_INCIDENT, BLOCKERS_FROM, BLOCKERS_LIMIT };
static const struct recourse_field blockers_fields[] = {
	[BLOCKERS_INCIDENT] = FIELD(ID, "incident", "that is to be closed"),
	[BLOCKERS_FROM] = FIELD_OPTIONAL_TEXT("from", 100, "where the page begins, as `next` gave it"),
	[BLOCKERS_LIMIT] = FIELD_PRESET("limit", 1, 500, 100, "most of a page; of one merchant all come"),
};

struct listing {
	struct record_incident incident;
	uint64_t count;
};

struct blocker_row {
	struct blocker blocker;
	struct unit unit;
};

static const struct recourse_column row_columns[] = {
	{COLUMN(TEXT, "what", struct blocker_row, blocker.what, "is in the way")},
	{COLUMN(TEXT, "of", struct blocker_row, blocker.of,
		"which claim, receipt, instrument, party or @entry")},
	{COLUMN(ENTRY, "entry", struct blocker_row, blocker.entry, "that put it there, or changed it last")},
	{COLUMN_AMOUNT("amount", struct blocker_row, blocker.steps, unit, "that waits, where it is known"),
		OPTIONAL},
	{COLUMN(TEXT, "next", struct blocker_row, blocker.next, "what is to be done")},
	{COLUMN(TEXT, "by", struct blocker_row, blocker.by, "who does it: a role, or the clock")},
	{COLUMN(TIME, "due", struct blocker_row, blocker.due, "when the clock does it"), OPTIONAL},
};

static enum recourse_error take_row(void *context, const struct blocker *blocker)
{
	struct view_rows *rows = context;
	const struct listing *listing = rows->above;
	struct blocker_row row = {.blocker = *blocker, .unit = listing->incident.unit};
	return view_add(rows, &row);
}

/* Nobody can close it while claims can be filed: the last of all rows. */
static bool window_open(const struct query *query, const struct record_incident *incident)
{
	return !incident_has_ended(incident) && record_incident_window(incident, query->now);
}

static enum recourse_error add_window(struct view_rows *rows)
{
	const struct record_incident *incident = &((const struct listing *)rows->above)->incident;
	struct blocker_row row = {
		.blocker = {.what = "claim window is open",
			.of = RECORD_TEXT(incident->id),
			.entry = incident->entry,
			.steps = VIEW_NONE,
			.next = "wait for the bar date",
			.by = "clock",
			.due = incident->bar_date},
		.unit = incident->unit,
	};
	return view_add(rows, &row);
}

/* "AREA/ID": the walk goes on in that area with what is of that id. */
static enum recourse_error read_from(struct query *query, struct blockers *list)
{
	slice from = query->values[BLOCKERS_FROM].text;
	slice area;
	if (!query->values[BLOCKERS_FROM].present)
		return RECOURSE_OK;
	if (!slice_take_until(&from, '/', &area) || from.size == 0)
		return query_absent(query, "from");
	while (registry_areas[list->area] != NULL && !slice_is(area, registry_areas[list->area]->name))
		list->area++;
	list->from = from;
	return registry_areas[list->area] == NULL || registry_areas[list->area]->blockers == NULL
		       ? query_absent(query, "from")
		       : RECOURSE_OK;
}

static enum recourse_error name_next(struct query *query, const struct blockers *list)
{
	struct buffer text = {0};
	if (!list->full)
		return RECOURSE_OK;
	slice area = slice_text(registry_areas[list->area]->name);
	buffer_append(&text, area.data, area.size);
	buffer_append(&text, "/", 1);
	buffer_append(&text, list->next.data, list->next.size);
	enum recourse_error error = buffer_failed(&text)
					    ? RECOURSE_MEMORY
					    : arena_copy(query->arena, buffer_slice(&text), &query->next);
	buffer_free(&text);
	return error;
}

static enum recourse_error list_blockers(struct view_rows *rows)
{
	struct query *query = rows->query;
	const struct listing *listing = rows->above;
	struct blockers list = {.view = query->state,
		.arena = query->arena,
		.incident = &listing->incident,
		.now = query->now,
		.take = take_row,
		.context = rows,
		.most = (uint64_t)query->values[BLOCKERS_LIMIT].integer};
	TRY(read_from(query, &list));
	TRY(query_found(query, blocker_walk(&list), "from"));
	if (!list.full && window_open(query, &listing->incident))
		TRY(add_window(rows));
	return name_next(query, &list);
}

static const struct recourse_column blockers_columns[] = {
	VIEW_AS_OF,
	{COLUMN(ID, "incident", struct listing, incident.id, "its id")},
	{COLUMN_CHOICE("state", life_incident_states, struct listing, incident.state, "where it stands")},
	{COLUMN(INTEGER, "count", struct listing, count,
		"how many there are, of each kind at most 1000 counted")},
	{COLUMN_ROWS("blockers", row_columns, list_blockers, "each with its entry")},
	VIEW_NEXT(TEXT, next),
};

static enum recourse_error find_blockers(struct query *query, void *row)
{
	struct listing *listing = row;
	slice id = query->values[BLOCKERS_INCIDENT].text;
	TRY(query_found(query, incident_read(query->state, id, &listing->incident), "incident"));
	TRY(blocker_count(query->state, query->arena, &listing->incident, query->now, &listing->count));
	listing->count += window_open(query, &listing->incident);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.blockers", QUERY_READ_ALL, blockers_fields, blockers_columns, struct listing,
		find_blockers, "what is in the way of closing an incident, by entry"),
};
const struct query_group ending_view_group = {rows, sizeof rows / sizeof rows[0]};
