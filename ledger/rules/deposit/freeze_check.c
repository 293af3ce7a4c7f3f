/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/*
 * D11: what is frozen for an incident that stands is what weighs in its rounds and no pool has given yet, and nothing else is; where
 * it is less, nothing of its merchant's is available. B1: nor is anything set apart for a withdrawal, there and where one freezes all.
 */

static enum recourse_error find_owed(
	struct check_context *check, const struct record_section *section, slice merchant, int64_t *steps)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, section->incident, section->party);
	struct record_liability party;
	record_path_text(&path, merchant);
	TRY(record_get_optional(check->state, &path, &party, sizeof party, NULL));
	*steps = party.liable ? party.liability - party.credited - party.received + party.returned : 0;
	return RECOURSE_OK;
}

static enum recourse_error find_needed(
	struct check_context *check, const struct record_section *section, slice merchant, __int128 *needed)
{
	struct instrument_calls calls;
	int64_t cash;
	int64_t owed;
	TRY(instrument_call_list(check->state, check->arena, section, &calls));
	TRY(instrument_call_cash(&calls, &cash));
	TRY(find_owed(check, section, merchant, &owed));
	__int128 lacking = (__int128)section->loss - section->elsewhere - section_pool(section) -
			   section->recourse_collected - section->uncovered_served;
	lacking = lacking > owed ? lacking : owed;
	*needed = (lacking > 0 ? lacking : 0) - cash;
	*needed += (__int128)section->awaited + section->late + section->appealed + section->contested;
	*needed = *needed > 0 ? *needed : 0;
	return RECOURSE_OK;
}

/* Where it lacks something, or freezes all. */
static enum recourse_error look_at_withdrawal(
	struct check_context *check, const struct check_row *row, slice merchant, uint32_t number)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, merchant, row->key->parts[1].text);
	struct record_collateral collateral;
	struct record_incident incident;
	slice reference;
	TRY(record_get_optional(check->state, &path, &collateral, sizeof collateral, NULL));
	if (collateral.withdrawal == 0)
		return RECOURSE_OK;
	TRY(incident_load(check->state, number, &incident));
	TRY(arena_copy(check->arena, RECORD_TEXT(incident.id), &reference));
	return check_wrong(check, "B1: incident %.*s needs what is set apart for a withdrawal",
		SLICE_ARGUMENTS(reference));
}

/* Of who leaves all is frozen. */
static enum recourse_error look_at_claimed(struct check_context *check, const struct check_row *row,
	uint32_t party, slice merchant, uint32_t number)
{
	struct record_path exits =
		record_path_of_short_text(RECORD_EXIT_OPEN, party, row->key->parts[1].text);
	struct record_incident incident;
	struct record_section section;
	slice reference;
	__int128 needed;
	int64_t frozen;
	int64_t available;
	bool leaves;
	TRY(incident_load(check->state, number, &incident));
	TRY(section_load(check->state, number, party, &section));
	TRY(arena_copy(check->arena, RECORD_TEXT(incident.id), &reference));
	TRY(find_needed(check, &section, merchant, &needed));
	TRY(account_balance(
		check->state, CHART_DEPOSIT_FROZEN, merchant, reference, &incident.unit, &frozen));
	TRY(account_balance(
		check->state, CHART_DEPOSIT, merchant, slice_text(""), &incident.unit, &available));
	if (frozen < needed)
		TRY(look_at_withdrawal(check, row, merchant, number));
	TRY(record_any(check->state, &exits, &leaves));
	if (leaves || frozen == needed || (frozen < needed && available == 0))
		return RECOURSE_OK;
	return check_wrong(check,
		"D11: incident %.*s has another part of its merchant's deposit than is claimed of it",
		SLICE_ARGUMENTS(reference));
}

static enum recourse_error look_at_pool(struct check_context *check, const struct check_row *row)
{
	const struct record_pool *pool = row->record;
	uint32_t party = (uint32_t)row->key->parts[0].number;
	uint32_t number = (uint32_t)row->key->parts[2].number;
	slice merchant;
	TRY(party_name(check->state, check->arena, party, &merchant));
	if (pool->freeze == POLICY_FREEZE_ALL)
		return look_at_withdrawal(check, row, merchant, number);
	return pool->freeze == POLICY_FREEZE_CLAIMED ? look_at_claimed(check, row, party, merchant, number)
						     : RECOURSE_OK;
}

static const struct check rows[] = {
	{.table = RECORD_POOL, .look = look_at_pool},
};
const struct check_group freeze_check_rows = CHECK_GROUP(rows);
