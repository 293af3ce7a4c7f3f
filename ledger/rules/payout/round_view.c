/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* ---- report.rounds ---- */

static const char *const kind_names[] = {"deposit", "uncovered", "interest", "lift", NULL};

enum { ROUNDS_INCIDENT, ROUNDS_MERCHANT, ROUNDS_KIND };
static const struct recourse_field rounds_fields[] = {
	[ROUNDS_INCIDENT] = FIELD(ID, "incident", "whose rounds"),
	[ROUNDS_MERCHANT] = FIELD_OPTIONAL(
		ID, "merchant", "whose section; that on which the incident was declared if absent"),
	[ROUNDS_KIND] = FIELD_CHOICE("kind", kind_names,
		"deposit: of the pool, by the first round of a claim; lift: of the pool, those that lift "
		"earlier "
		"claims too; uncovered, interest: of recoveries"),
};

struct round_list {
	struct unit unit;
	struct view_range range;
};

struct round_row {
	uint64_t number;
	struct record_round record;
	struct unit unit;
};

#define ROUND_AMOUNT(title, member, text) COLUMN_AMOUNT(title, struct round_row, record.member, unit, text)
static const struct recourse_column round_columns[] = {
	{COLUMN(INTEGER, "round", struct round_row, number, "of its kind")},
	{COLUMN(ENTRY, "entry", struct round_row, record.entry, "that made it")},
	{COLUMN(INTEGER, "claims", struct round_row, record.claims, "decided ones that have a share")},
	{ROUND_AMOUNT("amount", amount, "shared out among them")},
	{ROUND_AMOUNT("from_instruments", from_instruments, "of which instruments paid")},
	{ROUND_AMOUNT("level", split.level, "what those that were lifted have then, reserves with them")},
	{ROUND_AMOUNT("weights", split.weights, "of what they have lost: level and weights are their ratio")},
};

static enum recourse_error visit_round(struct view_rows *rows, const struct record_walk *walk)
{
	struct round_row row = {
		.number = walk->key.parts[3].number, .unit = ((const struct round_list *)rows->above)->unit};
	TRY(view_record(walk, &row.record, sizeof row.record));
	return view_add(rows, &row);
}

enum { ROUNDS_SHOWN = 100 };
static const struct recourse_column rounds_columns[] = {
	VIEW_AS_OF,
	{COLUMN(UNIT, "unit", struct round_list, unit, "of the money")},
	{COLUMN_WALK("rounds", round_columns, struct round_list, range, visit_round,
		"the latest first, at most a hundred")},
};

static enum recourse_error find_rounds(struct query *query, void *row)
{
	struct round_list *list = row;
	struct record_incident incident;
	struct record_section section;
	struct record_party party = {.number = 0};
	slice merchant = query->values[ROUNDS_MERCHANT].text;
	struct record_path path = record_path_of_text(RECORD_PARTY, merchant);
	TRY(query_found(query, incident_read(query->state, query->values[ROUNDS_INCIDENT].text, &incident),
		"incident"));
	if (query->values[ROUNDS_MERCHANT].present)
		TRY(query_record(query, "merchant", &path, &party, sizeof party));
	else
		party.number = incident.merchant;
	path = record_path_of_shorts(RECORD_SECTION, incident.number, party.number);
	TRY(query_record(query, "merchant", &path, &section, sizeof section));
	list->unit = incident.unit;
	list->range.prefix = record_path_of_shorts(RECORD_ROUND, incident.number, party.number);
	record_path_short(&list->range.prefix, (uint32_t)query->values[ROUNDS_KIND].integer + ROUND_DEPOSIT);
	list->range.latest = true;
	list->range.limit = ROUNDS_SHOWN;
	return RECOURSE_OK;
}

static const struct query_row rows[] = {
	VIEW("report.rounds", QUERY_READ_ALL, rounds_fields, rounds_columns, struct round_list, find_rounds,
		"what was shared out among the claims of a section, and how far each round came"),
};
const struct query_group round_view_group = {rows, sizeof rows / sizeof rows[0]};
