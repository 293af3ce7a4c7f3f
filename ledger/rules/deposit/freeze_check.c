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

static enum recourse_error look_at_withdrawal(struct check_context *check, const struct record_pool *pool,
	slice reference, slice merchant, const struct unit *unit, bool lacks)
{
	struct record_path path = record_path_of_texts(RECORD_COLLATERAL, merchant, unit_code(unit));
	struct record_collateral collateral;
	TRY(record_get_optional(check->state, &path, &collateral, sizeof collateral, NULL));
	if (collateral.withdrawal == 0 || (pool->freeze != POLICY_FREEZE_ALL && !lacks))
		return RECOURSE_OK;
	return check_wrong(check, "B1: incident %.*s needs what is set apart for a withdrawal",
		SLICE_ARGUMENTS(reference));
}

/* Of who leaves all is frozen. */
static enum recourse_error look_at_pool(struct check_context *check, const struct check_row *row)
{
	const struct record_pool *pool = row->record;
	uint32_t party = (uint32_t)row->key->parts[0].number;
	uint32_t number = (uint32_t)row->key->parts[2].number;
	struct record_path exits =
		record_path_of_short_text(RECORD_EXIT_OPEN, party, row->key->parts[1].text);
	struct record_incident incident;
	struct record_section section;
	slice reference;
	slice merchant;
	__int128 needed;
	int64_t frozen;
	int64_t available;
	bool leaves;
	TRY(incident_load(check->state, number, &incident));
	TRY(section_load(check->state, number, party, &section));
	TRY(arena_copy(check->arena, RECORD_TEXT(incident.id), &reference));
	TRY(party_name(check->state, check->arena, party, &merchant));
	TRY(find_needed(check, &section, merchant, &needed));
	TRY(account_balance(
		check->state, CHART_DEPOSIT_FROZEN, merchant, reference, &incident.unit, &frozen));
	TRY(account_balance(
		check->state, CHART_DEPOSIT, merchant, slice_text(""), &incident.unit, &available));
	const bool stands = pool->freeze == POLICY_FREEZE_CLAIMED;
	TRY(look_at_withdrawal(check, pool, reference, merchant, &incident.unit, stands && frozen < needed));
	TRY(record_any(check->state, &exits, &leaves));
	if (!stands || leaves || frozen == needed || (frozen < needed && available == 0))
		return RECOURSE_OK;
	return check_wrong(check,
		"D11: incident %.*s has another part of its merchant's deposit than is claimed of it",
		SLICE_ARGUMENTS(reference));
}

static const struct check rows[] = {
	{.table = RECORD_POOL, .look = look_at_pool},
};
const struct check_group freeze_check_rows = CHECK_GROUP(rows);
