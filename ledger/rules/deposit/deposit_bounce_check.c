/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

/* A1: who lodged what its bank returned unpaid owes as much as is not made good, and has nothing that could make it good. */

static const char unlike[] =
	"A1: what a merchant owes of a deposit that was returned unpaid is not what its account says";

struct owing {
	const struct record_deposit *record;
	slice merchant;
	slice unit;
	amount_sum there; /* that could make it good */
};

/* What of its deposits was returned unpaid, and is not said to be a slip. */
static enum recourse_error add_returned(
	struct check_context *check, const struct owing *owing, amount_sum *returned)
{
	struct record_path prefix = record_path_of(RECORD_CORRECTION);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	*returned = 0;
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_booked booked;
		TRY(booked_read(check->state, walk.key.parts[0].number, &booked, NULL));
		if (booked.kind == BOOKED_DEPOSIT && booked.was == BOOKED_BOUNCED &&
			booked.corrected_by == 0 && slice_equal(RECORD_TEXT(booked.id), owing->merchant) &&
			slice_equal(unit_code(&booked.unit), owing->unit))
			*returned += booked.amount;
	}
	return walk.error;
}

static enum recourse_error add_there(
	struct check_context *check, struct owing *owing, enum chart_code code, slice reference)
{
	struct record_path path = account_path(code, owing->merchant, reference, owing->unit);
	struct record_account account;
	TRY(record_get_optional(check->state, &path, &account, sizeof account, NULL));
	owing->there -= account.balance; /* they are credit accounts */
	return RECOURSE_OK;
}

static enum recourse_error add_pools(struct check_context *check, struct owing *owing)
{
	struct record_path prefix =
		record_path_of_short_text(RECORD_POOL, owing->record->merchant, owing->unit);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_incident incident;
		TRY(incident_load(check->state, (uint32_t)walk.key.parts[2].number, &incident));
		TRY(add_there(check, owing, CHART_DEPOSIT_FROZEN, RECORD_TEXT(incident.id)));
	}
	return walk.error;
}

/* Exits, and what is set apart for a withdrawal. */
static enum recourse_error add_exits(struct check_context *check, struct owing *owing)
{
	SCOPED(account_walk_end)
	struct account_walk walk = {.view = check->state,
		.code = CHART_DEPOSIT_EXIT,
		.one_party = true,
		.party = owing->merchant};
	while (account_walk_next(&walk))
		owing->there -= slice_equal(walk.name.unit, owing->unit) ? walk.account.balance : 0;
	return walk.error;
}

static enum recourse_error look_at_owing(
	struct check_context *check, const struct check_row *row, struct owing *owing)
{
	const struct record_deposit *record = owing->record;
	amount_sum returned;
	slice reference;
	struct record_account account;
	TRY(account_reference_make(check->arena, record->bounced_entry, &reference));
	struct record_path path = account_path(CHART_COMMITMENT, owing->merchant, reference, owing->unit);
	TRY(record_get_optional(check->state, &path, &account, sizeof account, NULL));
	TRY(check_that(check, row, account.balance == record->bounced, unlike));
	TRY(add_there(check, owing, CHART_DEPOSIT, slice_text("")));
	TRY(add_pools(check, owing));
	TRY(add_exits(check, owing));
	TRY(check_that(check, row, owing->there == 0,
		"A1: a merchant that owes of a deposit that was returned unpaid has some that makes it "
		"good"));
	TRY(add_returned(check, owing, &returned));
	return check_that(check, row, record->bounced <= returned,
		"A1: a merchant owes more than was returned unpaid of its deposits");
}

static enum recourse_error look_at_deposit(struct check_context *check, const struct check_row *row)
{
	const struct record_deposit *record = row->record;
	struct owing owing = {
		.record = record, .merchant = row->key->parts[0].text, .unit = row->key->parts[1].text};
	TRY(check_that(check, row,
		record->bounced >= 0 && (record->bounced == 0) == (record->bounced_entry == 0), unlike));
	return record->bounced == 0 ? RECOURSE_OK : look_at_owing(check, row, &owing);
}

static const struct check rows[] = {
	{RECORD_DEPOSIT, offsetof(struct record_deposit, last_entry), look_at_deposit, NULL},
};
const struct check_group deposit_bounce_check_rows = CHECK_GROUP(rows);
