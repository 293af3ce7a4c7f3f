/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/insolvency_reverse.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/recourse/recovery_id.h"

/* ---- estate.reverse: the liquidator did not say so, or not of that; the money did not go back to the estate ---- */

enum recourse_error insolvency_reverse_keep_confirmed(
	struct decision *decision, slice id, const struct record_recovery *recovery)
{
	struct record_booked booked = {.amount = recovery->amount, .kind = BOOKED_CONFIRMED};
	struct record_incident incident;
	TRY(incident_load(decision->state, recovery->incident, &incident));
	booked.unit = incident.unit;
	record_text_set(booked.id, sizeof booked.id, id);
	record_text_set(booked.reference, sizeof booked.reference, RECORD_TEXT(incident.id));
	return booked_keep(decision, &booked);
}

enum recourse_error insolvency_reverse_keep_given(struct decision *decision, uint64_t top_up, slice merchant,
	slice line, const struct record_top_up *record)
{
	struct record_booked booked = {.unit = record->unit,
		.amount = record->amount,
		.kind = BOOKED_TO_ESTATE,
		.before = top_up,
		.custodian = record->custodian};
	record_text_set(booked.id, sizeof booked.id, merchant);
	record_text_set(booked.line, sizeof booked.line, line);
	return booked_keep(decision, &booked);
}

/* It may be used no more: where it was by then, that rests on it. */
static enum recourse_error unconfirm_recovery(struct decision *decision, const struct booked *booked)
{
	struct record_incident incident;
	struct record_recovery recovery;
	slice payer;
	TRY(incident_read(decision->state, booked->reference, &incident));
	struct record_path path = recovery_id_path(booked->id, incident.custodian);
	TRY(record_get_named(decision->state, &path, &recovery, sizeof recovery));
	uint64_t since = recovery.bounced_entry != 0 ? recovery.bounced_entry : recovery.allocated_entry;
	if (since != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", since);
	recovery.confirmed_entry = 0;
	TRY(decision_put(decision, &path, &recovery, sizeof recovery));
	TRY(party_name(decision->state, decision->arena, recovery.payer, &payer));
	return decision_about(decision, RECORD_PARTY, payer);
}

/* It waits for the liquidator again, under the entry that it came by. */
static enum recourse_error wait_again(struct decision *decision, const struct booked *booked)
{
	struct record_path path = record_path_of_number(RECORD_TOP_UP, booked->record.before);
	struct record_top_up top_up;
	slice reference;
	TRY(record_get_named(decision->state, &path, &top_up, sizeof top_up));
	top_up.ended_entry = 0;
	TRY(decision_put(decision, &path, &top_up, sizeof top_up));
	TRY(account_reference_make(decision->arena, booked->record.before, &reference));
	TRY(decision_post(decision, CHART_SUSPENSE, booked->id, reference, &top_up.unit, -top_up.amount));
	return decision_about(decision, RECORD_PARTY, booked->id);
}

static enum recourse_error reverse_confirmed(struct decision *decision, const struct booked *booked)
{
	if (booked->record.before == 0)
		return unconfirm_recovery(decision, booked);
	TRY(deposit_reverse_unconfirm(decision, booked));
	return wait_again(decision, booked);
}

static enum recourse_error reverse_given(struct decision *decision, const struct booked *booked)
{
	TRY(attest_back(decision, booked->line, &booked->record.unit, -booked->record.amount));
	return wait_again(decision, booked);
}

/* What is said anew by its own command is not booked again by a correction of the correction. */
static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	const uint64_t kinds = BOOKED_KIND(BOOKED_CONFIRMED) | BOOKED_KIND(BOOKED_TO_ESTATE);
	struct booked booked;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], kinds, &booked));
	if (booked.record.takes_back != BOOKED_BOOKS)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", booked.entry);
	TRY((booked.record.kind == BOOKED_CONFIRMED ? reverse_confirmed : reverse_given)(decision, &booked));
	return booked_correct(decision, &booked);
}

static const struct command rows[] = {
	COMMAND_CHECKED("estate.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR, 1, booked_fields,
		apply_reverse,
		"take back what a liquidator did not confirm, or what did not go back to an estate; another "
		"person "
		"approves",
		BOOKED_REFUSES, RECOURSE_INSUFFICIENT, RECOURSE_UNIT_MISMATCH),
};
const struct command_group insolvency_reverse_commands = COMMAND_GROUP(rows);
