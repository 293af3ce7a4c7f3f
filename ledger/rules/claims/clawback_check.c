/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

/* I5: what a claim owes out of its advance is its receivable, and no receivable is nobody's. */

static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path path = record_path_of_shorts(RECORD_LOWERED, claim->incident, claim->section);
	struct record_lowered later = {.receivable = 0};
	struct record_incident incident;
	int64_t balance;
	int64_t off;
	record_path_text(&path, row->key->parts[0].text);
	TRY(record_get_optional(check->state, &path, &later, sizeof later, NULL));
	TRY(incident_load(check->state, claim->incident, &incident));
	TRY(account_balance(check->state, CHART_CLAWBACK, row->key->parts[0].text, RECORD_TEXT(incident.id),
		&incident.unit, &balance));
	TRY(account_balance(check->state, CHART_WRITTEN_OFF, row->key->parts[0].text,
		RECORD_TEXT(incident.id), &incident.unit, &off));
	int64_t asked = amount_beyond(claim->paid, claim->approved);
	TRY(check_that_id(check, row,
		balance == claim->clawed - claim->clawed_off + later.receivable && claim->clawed_off >= 0 &&
			claim->clawed_off_rest >= 0 &&
			claim->clawed_off_rest <= claim->clawed_pool + claim->clawed_recovered &&
			claim->clawed <= claim->settled_advance && claim->clawed_pool >= 0 &&
			claim->clawed + claim->clawed_pool == asked,
		"I5: 1120 of claim ", " is not what is asked back of its advance"));
	return check_that_id(check, row, off == claim->clawed_off + claim->clawed_off_rest + later.off,
		"I5: 9030 of claim ", " is not what was written off of what is asked back of it");
}

static enum recourse_error look_at_account(struct check_context *check, const struct check_row *row)
{
	const struct table_key *key = row->key;
	struct record_path path = record_path_of_text(RECORD_CLAIM, key->parts[1].text);
	struct record_claim claim = {.incident = 0};
	struct record_incident incident = {.number = 0};
	if (key->parts[0].number != CHART_CLAWBACK)
		return RECOURSE_OK;
	TRY(record_get_optional(check->state, &path, &claim, sizeof claim, NULL));
	if (claim.incident != 0)
		TRY(incident_load(check->state, claim.incident, &incident));
	return check_that(check, row, slice_equal(RECORD_TEXT(incident.id), key->parts[2].text),
		"I5: a claw-back is of no claim of its incident");
}

/* What is kept of what came back is within it, and no part is of more than its whole. */
static enum recourse_error look_at_gave_back(struct check_context *check, const struct check_row *row)
{
	const struct record_gave_back *gave = row->record;
	struct record_booked booked;
	TRY(booked_read(check->state, row->key->parts[0].number, &booked, NULL));
	amount_sum sum = (amount_sum)gave->advance + gave->pool + gave->recovered;
	bool returned = booked.kind == BOOKED_CAME_BACK;
	bool parts = gave->advance >= gave->off && gave->off >= 0 && gave->off_rest >= 0 &&
		     gave->recovered >= 0 && gave->secured >= 0 && gave->restored >= 0 &&
		     gave->issuers_secured >= 0 && gave->issuers_restored >= 0;
	return check_that(check, row,
		(returned || booked.kind == BOOKED_GIVEN_BACK) && booked.takes_back == BOOKED_BOOKS &&
			parts && (returned ? sum <= booked.amount : sum == booked.amount) &&
			gave->issuers_secured + gave->issuers_restored <= gave->issuers &&
			gave->issuers + gave->secured + gave->restored <= gave->pool,
		"I5: what came back of a claim does not add up");
}

static const struct check rows[] = {
	{.table = RECORD_GAVE_BACK, .look = look_at_gave_back},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.table = RECORD_ACCOUNT, .look = look_at_account},
};
const struct check_group clawback_check_rows = CHECK_GROUP(rows);
