/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/section.h"

/* B1: what an incident's sections say of it, added up, is what its accounts hold. */
struct shown {
	const char *text; /* of what is wrong, the incident's id, and the rest */
	const char *rest;
	enum chart_code codes[3];
	const char *party;
	int64_t steps;
};

static enum recourse_error compare(
	struct check_context *check, const struct record_incident *incident, const struct shown *shown)
{
	slice id = RECORD_TEXT(incident->id);
	int64_t left = shown->steps;
	for (size_t index = 0; index < sizeof shown->codes / sizeof shown->codes[0]; index++) {
		int64_t balance = 0;
		if (shown->codes[index] != 0)
			TRY(account_balance(check->state, shown->codes[index], slice_text(shown->party), id,
				&incident->unit, &balance));
		left -= balance;
	}
	return left == 0 ? RECOURSE_OK
			 : check_wrong(check, "%s %.*s %s", shown->text, SLICE_ARGUMENTS(id), shown->rest);
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, incident->merchant);
	struct record_section sum;
	bool there;
	TRY(record_exists(check->state, &path, &there));
	TRY(check_that(check, row, there, "B1: an incident's merchant has no section"));
	TRY(section_sum(check->state, incident->number, &sum));
	const struct shown accounts[] = {
		/* once shared out and advanced, less what the claims received */
		{"I8: what was paid for incident", "is not what its claims received",
			{CHART_CLAIMS, CHART_TRANSIT, CHART_RETURNED}, "",
			sum.pool_taken + sum.advanced - sum.paid},
		{"I7: incident", "has another advance that is no recourse yet than its sections say",
			{CHART_INCHOATE}, "", sum.advanced - sum.perfected},
		{"G5: incident", "owes consumers another part of recoveries than its sections say",
			{CHART_OVER_RECOVERY}, CHART_CONSUMERS,
			sum.uncovered_collected + sum.interest_collected},
	};
	for (size_t index = 0; index < sizeof accounts / sizeof accounts[0]; index++)
		TRY(compare(check, incident, &accounts[index]));
	return RECOURSE_OK;
}

/* A section says itself which it is: rules find its rounds and claims by that. */
static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	const struct table_key *key = row->key;
	return check_that(check, row,
		key->parts[0].number == section->incident && key->parts[1].number == section->party,
		"B1: a section is kept as another");
}

static const struct check rows[] = {
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group section_check_rows = CHECK_GROUP(rows);
