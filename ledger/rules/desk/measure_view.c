/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/measure.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* ---- report.desk: how an incident's claims are seen to ---- */

enum { DESK_INCIDENT };
static const struct recourse_field desk_fields[] = {
	[DESK_INCIDENT] = FIELD_OPTIONAL(ID, "incident", "whose claims; those of all, each alone, if absent"),
	QUERY_ROWS("most incidents of a page"),
};

/* `within`: a day's claims are an hour's too. */
struct waited_row {
	uint64_t within[WAITED_STEPS];
	int64_t average; /* seconds; VIEW_NONE: of nobody */
};

struct desk_row {
	struct record_incident incident;
	struct record_section sections; /* added up */
	struct record_measure measure;
	struct waited_row answered;
	struct waited_row settled;
};

#define DESK_COUNT(title, member, text)  COLUMN(INTEGER, title, struct desk_row, member, text)
#define DESK_AMOUNT(title, member, text) COLUMN_AMOUNT(title, struct desk_row, member, incident.unit, text)
static const struct recourse_column desk_columns[] = {
	{COLUMN(ID, "incident", struct desk_row, incident.id, "its id")},
	{DESK_COUNT("claims_filed", sections.claims_filed, "and not withdrawn")},
	{DESK_COUNT("restarts", sections.restarts,
		"claims for lots whose claim before was given up; none is right")},
	{DESK_COUNT(
		"answered", answered.within[4], "claims that were: the first contact out, or the ruling")},
	{DESK_COUNT("answered_1h", answered.within[0], "of which within an hour from the filing,")},
	{DESK_COUNT("answered_1d", answered.within[1], "a day,")},
	{DESK_COUNT("answered_3d", answered.within[2], "three days,")},
	{DESK_COUNT("answered_7d", answered.within[3], "a week")},
	{DESK_COUNT("answer_seconds", answered.average, "that it took, on average"), OPTIONAL},
	{DESK_COUNT("settled", settled.within[4], "claims of which something was paid")},
	{DESK_COUNT("settled_1h", settled.within[0], "of which first within an hour from the filing,")},
	{DESK_COUNT("settled_1d", settled.within[1], "a day,")},
	{DESK_COUNT("settled_3d", settled.within[2], "three days,")},
	{DESK_COUNT("settled_7d", settled.within[3], "a week")},
	{DESK_COUNT("settle_seconds", settled.average, "that it took, on average"), OPTIONAL},
	{COLUMN(UNIT, "unit", struct desk_row, incident.unit, "of the money")},
	{DESK_AMOUNT("promised", sections.promised, "by the scheme, of the approved claims")},
	{DESK_AMOUNT("paid", sections.paid, "settled, returns taken off")},
	{DESK_COUNT("contacts", measure.contacts, "in: a claimant came")},
	{DESK_COUNT("repeat_contacts", measure.repeat_contacts, "of which after the first one of its claim")},
	{DESK_COUNT("repeats", measure.repeats, "claims for a lot that were linked to the first one")},
	{DESK_COUNT("hand_overs", measure.hand_overs, "from one to another")},
	{DESK_COUNT("bounces", measure.bounces, "of which to who had had the claim before")},
	{DESK_COUNT("overdues", measure.overdues, "days of claims that passed")},
	{DESK_COUNT("promises", measure.promises, "made to claimants")},
	{DESK_COUNT("promises_owed", measure.promises_open, "of which still are")},
	{DESK_COUNT("promises_kept", measure.promises_kept, "in time or late")},
	{DESK_COUNT("promises_missed", measure.promises_missed, "whose day passed, kept later or not")},
	{DESK_COUNT("callbacks", measure.callbacks, "of the promises")},
	{DESK_COUNT("callbacks_kept", measure.callbacks_kept, "in time or late")},
	{DESK_COUNT("callbacks_missed", measure.callbacks_missed, "whose day passed, kept later or not")},
	{DESK_COUNT("appeals", measure.appeals, "of rulings")},
	{DESK_COUNT("upheld", measure.upheld, "of which: the ruling stood")},
	{DESK_COUNT("varied", measure.varied, "it became more")},
	{DESK_COUNT("reversed", measure.reversed, "it became all that the lot shows")},
};

static void show_waited(const struct record_waited *waited, struct waited_row *row)
{
	uint64_t sum = 0;
	for (size_t step = 0; step < WAITED_STEPS; step++) {
		sum += waited->claims[step];
		row->within[step] = sum;
	}
	row->average = sum == 0 ? VIEW_NONE : (int64_t)(waited->seconds / sum);
}

static enum recourse_error visit_incident(struct view_rows *rows, const struct record_walk *walk)
{
	struct state_view *view = rows->query->state;
	struct desk_row row;
	TRY(view_record(walk, &row.incident, sizeof row.incident));
	struct record_path path = record_path_of_short(RECORD_MEASURE, row.incident.number);
	TRY(section_sum(view, row.incident.number, &row.sections));
	TRY(record_get_optional(view, &path, &row.measure, sizeof row.measure, NULL));
	show_waited(&row.sections.answered, &row.answered);
	show_waited(&row.sections.settled, &row.settled);
	return view_add(rows, &row);
}

static const struct recourse_column desks_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "incidents", desk_columns, struct view_list, range, visit_incident,
		"in the order in which they were declared"),
};

static enum recourse_error find_desk(struct query *query, void *found)
{
	struct view_list *list = found;
	const struct value *id = &query->values[DESK_INCIDENT];
	struct record_incident incident;
	list->range.prefix = record_path_of(RECORD_INCIDENT);
	if (!id->present)
		return RECOURSE_OK;
	TRY(query_found(query, incident_read(query->state, id->text, &incident), "incident"));
	list->range.prefix = record_path_of_short(RECORD_INCIDENT, incident.number);
	return RECOURSE_OK;
}

/* ---- report.breaches: whose it was ---- */

static const struct recourse_field breach_fields[] = {QUERY_ROWS("most teams and persons of a page")};

struct breach_row {
	slice team;
	uint32_t key;
	struct record_breach record;
};

#define BREACH(kind, title, member, text) COLUMN(kind, title, struct breach_row, member, text)
static const struct recourse_column breach_columns[] = {
	{BREACH(ID, "team", team, "that had the claims, or whose persons had them of it"), OPTIONAL},
	{COLUMN_KEY(
		 "key", struct breach_row, key, "of the person who had them of no team; neither: the admins"),
		OPTIONAL},
	{BREACH(INTEGER, "overdues", record.overdues, "days of claims that passed")},
	{BREACH(INTEGER, "promises_missed", record.missed, "days of promises that passed")},
	{BREACH(INTEGER, "repeat_contacts", record.repeat_contacts, "claimants who came again")},
};

static enum recourse_error visit_breach(struct view_rows *rows, const struct record_walk *walk)
{
	struct breach_row row = {.team = walk->key.parts[0].text};
	uint32_t person = (uint32_t)walk->key.parts[1].number;
	struct record_key key;
	TRY(view_record(walk, &row.record, sizeof row.record));
	if (person != 0) {
		TRY(person_current(rows->query->state, person, &key));
		row.key = key.number;
	}
	return view_add(rows, &row);
}

static const struct recourse_column breaches_columns[] = {
	VIEW_AS_OF,
	VIEW_PAGE(TEXT, next, "holders", breach_columns, struct view_list, range, visit_breach,
		"persons of no team first, then teams by id"),
};

static enum recourse_error find_breaches(struct query *query, void *found)
{
	(void)query;
	((struct view_list *)found)->range.prefix = record_path_of(RECORD_BREACH_HOLDER);
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.desk", QUERY_READ_ALL, desk_fields, desks_columns, struct view_list, find_desk,
		"how claims are seen to: first answers and payments, repeats, bounces, what was missed, "
		"appeals"),
	VIEW("report.breaches", QUERY_READ_ALL, breach_fields, breaches_columns, struct view_list,
		find_breaches,
		"days that passed and claimants who came again, by the team or person that had the claim"),
};
const struct query_group measure_view_group = {rows, sizeof rows / sizeof rows[0]};
