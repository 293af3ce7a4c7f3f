/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/elsewhere.h"

#include "rules/claims/claim.h"
#include "rules/incident/incident.h"

/* ---- elsewhere.reverse: money that a claimant did not have, or had for another claim ---- */

enum recourse_error elsewhere_reverse_keep(
	struct decision *decision, const struct record_incident *incident, slice claim, int64_t steps)
{
	struct record_booked record = {.unit = incident->unit, .amount = steps, .kind = BOOKED_ELSEWHERE};
	record_text_set(record.id, sizeof record.id, claim);
	record_text_set(record.reference, sizeof record.reference, RECORD_TEXT(incident->id));
	return booked_keep(decision, &record);
}

/* The row which that entry recorded: by its number at its source, among those of the claim. */
static enum recourse_error find_row(
	struct decision *decision, uint64_t entry, slice claim, struct record_path *path, bool *found)
{
	const struct record_path prefix = record_path_of_text(RECORD_ELSEWHERE_CLAIM, claim);
	struct record_elsewhere row = {.entry = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	while (row.entry != entry && record_walk_next(&walk, NULL, 0)) {
		slice source;
		slice reference;
		TRY(arena_copy(decision->arena, walk.key.parts[1].text, &source));
		TRY(arena_copy(decision->arena, walk.key.parts[2].text, &reference));
		*path = record_path_of_texts(RECORD_ELSEWHERE, source, reference);
		TRY(record_get_named(decision->state, path, &row, sizeof row));
	}
	*found = row.entry == entry;
	return walk.error;
}

/* It followed the lot to the claim that has it now, where the one that it was recorded for fell. */
static enum recourse_error find_holder(struct decision *decision, const struct booked *booked,
	struct record_path *path, slice *id, struct record_claim *claim)
{
	struct record_entitlement lot;
	bool found;
	*id = booked->id;
	TRY(claim_find(decision, *id, claim));
	TRY(find_row(decision, booked->entry, *id, path, &found));
	if (found)
		return RECOURSE_OK;
	struct record_path lot_path =
		record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim->entitlement));
	TRY(record_get_named(decision->state, &lot_path, &lot, sizeof lot));
	TRY(arena_copy(decision->arena, RECORD_TEXT(lot.claim), id));
	TRY(claim_find(decision, *id, claim));
	TRY(find_row(decision, booked->entry, *id, path, &found));
	return found ? RECOURSE_OK
		     : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim->last_entry);
}

/* A ruling rests on it: that is reopened first. Its number at its source is free again, for whatever claim. */
static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct booked booked;
	struct record_path path;
	struct record_claim claim;
	struct record_incident incident;
	slice id;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_ELSEWHERE), &booked));
	if (booked.record.takes_back != 0)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", booked.entry);
	TRY(find_holder(decision, &booked, &path, &id, &claim));
	TRY(incident_load(decision->state, claim.incident, &incident));
	incident_name_policy(decision, &incident);
	if (claim.loss > 0 || claim.voided != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", claim.decided_entry);
	TRY(decision_remove(decision, &path));
	claim.received -= booked.record.amount;
	decision_fact_amount(decision, "received", &incident.unit, claim.received);
	TRY(booked_correct(decision, &booked));
	return claim_put_about(decision, id, &claim);
}

static const struct command rows[] = {
	COMMAND_CHECKED("elsewhere.reverse", RECOURSE_ROLE_OPERATOR, 1, booked_fields, apply_reverse,
		"take back money had elsewhere that was recorded by a slip; another person approves",
		BOOKED_REFUSES),
};
const struct command_group elsewhere_reverse_commands = COMMAND_GROUP(rows);
