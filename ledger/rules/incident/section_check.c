/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
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

static enum recourse_error count_rows(
	struct check_context *check, const struct record_path *prefix, uint64_t *count)
{
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, prefix);
	*count = 0;
	while (record_walk_next(&walk, NULL, 0))
		++*count;
	return walk.error;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path path = record_path_of_shorts(RECORD_SECTION, incident->number, incident->merchant);
	struct record_section sum;
	uint64_t count;
	bool there = true;
	if (incident->merchant != 0)
		TRY(record_exists(check->state, &path, &there));
	TRY(check_that(check, row, there, "B1: an incident's merchant has no section"));
	path = record_path_of_short(RECORD_SECTION, incident->number);
	TRY(count_rows(check, &path, &count));
	TRY(check_that(
		check, row, count == incident->sections, "B1: an incident's sections are not counted"));
	TRY(section_sum(check->state, incident->number, &sum));
	TRY(check_that(check, row,
		sum.from_issuer == sum.given && sum.issuer_secured == sum.given_instruments,
		"B1: what an issuer's pool gave is not what the sections of its incident had"));
	const struct shown accounts[] = {
		/* once shared out and advanced, less what the claims received */
		{"I8: what was paid for incident", "is not what its claims received",
			{CHART_CLAIMS, CHART_TRANSIT, CHART_RETURNED}, "",
			sum.pool_taken + sum.advanced - sum.repaid - sum.paid - sum.unclaimed},
		{"I7: incident", "has another advance that is no recourse yet than its sections say",
			{CHART_INCHOATE}, "", sum.advanced - sum.repaid - sum.perfected - sum.clawed},
		{"G5: incident", "owes consumers another part of recoveries than its sections say",
			{CHART_OVER_RECOVERY}, CHART_CONSUMERS,
			sum.uncovered_collected + sum.interest_collected},
	};
	for (size_t index = 0; index < sizeof accounts / sizeof accounts[0]; index++)
		TRY(compare(check, incident, &accounts[index]));
	return RECOURSE_OK;
}

/* B1: which section it is, at whose custodian, and that its deposit is frozen as long as it is open. */
static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	const struct table_key *key = row->key;
	struct record_incident incident;
	bool there;
	TRY(check_that(check, row,
		key->parts[0].number == section->incident && key->parts[1].number == section->party,
		"B1: a section is kept as another"));
	TRY(incident_load(check->state, section->incident, &incident));
	struct record_path pool =
		record_path_of_short_text(RECORD_POOL, section->party, unit_code(&incident.unit));
	record_path_short(&pool, section->incident);
	TRY(record_exists(check->state, &pool, &there));
	TRY(check_that(check, row, there == (section->closed_entry == 0),
		"B1: a section is open and its deposit is not frozen, or the other way round"));
	bool issuers = incident.merchant == 0 && section->party == incident.issuer;
	TRY(check_that(
		check, row, section->given == 0 || issuers, "B1: a pool gave for the claims of others"));
	return check_that(check, row, section->custodian == incident.custodian,
		"B1: a section is kept by another custodian than its incident");
}

/* Each is of an open section, which looks for it above: so there are no others. */
static enum recourse_error look_at_pool(struct check_context *check, const struct check_row *row)
{
	struct record_path section = record_path_of_shorts(
		RECORD_SECTION, (uint32_t)row->key->parts[2].number, (uint32_t)row->key->parts[0].number);
	struct record_incident incident;
	bool there;
	TRY(record_exists(check->state, &section, &there));
	TRY(check_that(check, row, there, "B1: a deposit is frozen for an incident that it is not in"));
	TRY(incident_load(check->state, (uint32_t)row->key->parts[2].number, &incident));
	TRY(check_that(check, row, slice_equal(row->key->parts[1].text, unit_code(&incident.unit)),
		"B1: a deposit is frozen for an incident in another currency"));
	const struct record_pool *pool = row->record;
	return check_that(check, row,
		pool->freeze == section_freeze(&incident, (uint32_t)row->key->parts[0].number),
		"B1: more or less of a deposit is frozen than its incident says");
}

static enum recourse_error look_at_deposit(struct check_context *check, const struct check_row *row)
{
	const struct record_deposit *deposit = row->record;
	struct record_path pools =
		record_path_of_short_text(RECORD_POOL, deposit->merchant, row->key->parts[1].text);
	struct record_pool pool;
	uint64_t count = 0;
	uint64_t standing = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &pools);
	while (record_walk_next(&walk, &pool, sizeof pool)) {
		count++;
		standing += pool.freeze == POLICY_FREEZE_CLAIMED;
	}
	TRY(walk.error);
	return check_that(check, row, count == deposit->incidents && standing == deposit->standing,
		"B1: the incidents that have a deposit frozen are not counted");
}

static const struct check rows[] = {
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
	{.table = RECORD_POOL, .look = look_at_pool},
	{.table = RECORD_DEPOSIT, .look = look_at_deposit},
};
const struct check_group section_check_rows = CHECK_GROUP(rows);
