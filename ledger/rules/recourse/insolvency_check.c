/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/incident.h"
#include "rules/recourse/insolvency.h"

/* 企业破产法 16: nothing that waits for a liquidator is used; dividends are of what an estate accepted, and no more. */

/* What was sent down before the estate was opened stays where it went. */
static enum recourse_error look_at_recovery(struct check_context *check, const struct check_row *row)
{
	const struct record_recovery *recovery = row->record;
	struct record_estate estate;
	slice payer;
	TRY(party_name(check->state, check->arena, recovery->payer, &payer));
	TRY(estate_of(check->state, payer, &estate));
	bool held = estate.entry != 0 && recovery->received >= estate.accepted_at;
	return check_that_id(check, row,
		!held || recovery->allocated_entry < estate.entry || recovery->confirmed_entry != 0,
		"recovery ", " was used, and no liquidator confirmed it");
}

static enum recourse_error look_at_proof(struct check_context *check, const struct check_row *row)
{
	const struct record_proof *proof = row->record;
	return check_that(check, row, proof->dividends >= 0 && proof->dividends <= proof->accepted,
		"dividends are more than their estate accepted");
}

static enum recourse_error add_dividends(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_RECOVERY);
	struct record_recovery recovery;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &recovery, sizeof recovery)) {
		struct record_incident incident;
		if (recovery.dividend == 0 || recovery.bounced_entry != 0)
			continue;
		TRY(incident_load(check->state, recovery.incident, &incident));
		TRY(check_add(check, sums, recovery.payer, unit_code(&incident.unit), recovery.amount));
	}
	return walk.error;
}

static enum recourse_error take_proofs(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_PROOF);
	struct record_proof proof;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &proof, sizeof proof)) {
		struct record_path path = record_path_of_text(RECORD_PARTY, walk.key.parts[0].text);
		struct record_incident incident;
		struct record_party party;
		TRY(record_get_named(check->state, &path, &party, sizeof party));
		TRY(incident_load(check->state, (uint32_t)walk.key.parts[1].number, &incident));
		TRY(check_add(check, sums, party.number, unit_code(&incident.unit), -proof.dividends));
	}
	return walk.error;
}

static enum recourse_error look_at_dividends(struct check_context *check, const struct check_row *row)
{
	struct check_units sums = {.count = 0};
	(void)row;
	TRY(add_dividends(check, &sums));
	TRY(take_proofs(check, &sums));
	const struct check_unit *left = check_remainder(&sums);
	return left == NULL
		       ? RECOURSE_OK
		       : check_wrong(check, "dividends in %s are not what was received of them", left->unit);
}

/* Money for a deposit waits until it is confirmed, given back, or taken back, and again when that was not so. */
static enum recourse_error look_at_top_up(struct check_context *check, const struct check_row *row)
{
	const struct record_top_up *top_up = row->record;
	uint64_t entry = row->key->parts[0].number;
	struct record_booked booked;
	if (top_up->ended_entry == 0)
		return RECOURSE_OK;
	TRY(booked_read(check->state, top_up->ended_entry, &booked, NULL));
	bool told = (booked.kind == BOOKED_CONFIRMED || booked.kind == BOOKED_TO_ESTATE) &&
		    booked.before == entry && booked.corrects == 0 && booked.corrected_by == 0;
	bool taken_back = booked.kind == BOOKED_DEPOSIT && booked.corrects == entry;
	return check_that(check, row, booked.amount == top_up->amount && (told || taken_back),
		"money for a deposit waits for no liquidator, and nobody let it go");
}

static const struct check rows[] = {
	{.table = RECORD_TOP_UP, .look = look_at_top_up},
	{.table = RECORD_RECOVERY,
		.entry = offsetof(struct record_recovery, entry),
		.look = look_at_recovery},
	{.table = RECORD_PROOF, .entry = offsetof(struct record_proof, entry), .look = look_at_proof},
	{.look = look_at_dividends},
};
const struct check_group insolvency_check_rows = CHECK_GROUP(rows);
