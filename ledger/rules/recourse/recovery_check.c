/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/rule.h"
#include "rules/incident/incident.h"

static enum recourse_error add_steps(
	struct check_context *check, uint32_t number, int64_t steps, struct check_units *sums)
{
	struct record_incident incident;
	TRY(incident_load(check->state, number, &incident));
	return check_add(check, sums, 0, unit_code(&incident.unit), steps);
}

/* G4: what was received is in suspense until it is sent down the waterfall, and what waits there for something after it. */
static enum recourse_error add_recoveries(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_RECOVERY);
	struct record_recovery recovery;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &recovery, sizeof recovery)) {
		if (recovery.allocated_entry == 0 && recovery.bounced_entry == 0)
			TRY(add_steps(check, recovery.incident, recovery.amount, sums));
	}
	return walk.error;
}

/* Money for the deposit of an insolvent merchant. */
static enum recourse_error add_top_ups(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_TOP_UP);
	struct record_top_up top_up;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &top_up, sizeof top_up)) {
		if (top_up.ended_entry == 0)
			TRY(check_add(check, sums, 0, unit_code(&top_up.unit), top_up.amount));
	}
	return walk.error;
}

static enum recourse_error add_waiting(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_SECTION);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		TRY(add_steps(check, section.incident, section.waiting, sums));
	return walk.error;
}

static enum recourse_error look_at_suspense(struct check_context *check, const struct check_row *row)
{
	struct check_units sums = {.count = 0};
	SCOPED(account_walk_end) struct account_walk walk = {.view = check->state, .code = CHART_SUSPENSE};
	(void)row;
	while (account_walk_next(&walk))
		TRY(check_add(check, &sums, 0, walk.name.unit, walk.account.balance));
	TRY(walk.error);
	TRY(add_recoveries(check, &sums));
	TRY(add_waiting(check, &sums));
	TRY(add_top_ups(check, &sums));
	const struct check_unit *left = check_remainder(&sums);
	return left == NULL
		       ? RECOURSE_OK
		       : check_wrong(check, "G4: 2140 in %s is not what was received and serves nobody yet",
				 left->unit);
}

/* ---- what parties paid ---- */

static enum recourse_error add_deductions(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_DEDUCTION);
	struct record_deduction deduction;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &deduction, sizeof deduction)) {
		if (deduction.closing)
			TRY(add_steps(check, deduction.incident, deduction.amount, sums));
	}
	return walk.error;
}

/* What of it paid back what its party was paid too much is no payment for others: such an entry booked nothing else to go back. */
static enum recourse_error take_paid_back(struct check_context *check, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_PAID_OUT);
	struct record_paid_out paid;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &paid, sizeof paid)) {
		struct record_booked booked;
		bool there;
		TRY(booked_read(check->state, walk.key.parts[3].number, &booked, &there));
		if (!there)
			TRY(add_steps(check, (uint32_t)walk.key.parts[0].number, paid.steps, sums));
	}
	return walk.error;
}

/* All of them, or those whose payer did not say for which section. */
static enum recourse_error add_receipts(struct check_context *check, bool anywhere, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_RECOVERY);
	struct record_recovery recovery;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &recovery, sizeof recovery)) {
		if (recovery.allocated_entry != 0 && recovery.bounced_entry == 0 &&
			(!anywhere || recovery.anywhere))
			TRY(add_steps(check, recovery.incident, recovery.amount, sums));
	}
	return walk.error;
}

static enum recourse_error take_received(struct check_context *check, bool anywhere, struct check_units *sums)
{
	const struct record_path prefix = record_path_of(RECORD_LIABILITY);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability))
		TRY(add_steps(check, (uint32_t)walk.key.parts[0].number,
			-(anywhere ? liability.anywhere : liability.received), sums));
	return walk.error;
}

/* A4: what ends of incidents took of parties (rules/ending) is what these have paid beside their receipts. */
static enum recourse_error look_at_paid(struct check_context *check, const struct check_row *row)
{
	struct check_units sums = {.count = 0};
	(void)row;
	TRY(add_deductions(check, &sums));
	TRY(take_paid_back(check, &sums));
	TRY(add_receipts(check, false, &sums));
	TRY(take_received(check, false, &sums));
	const struct check_unit *left = check_remainder(&sums);
	return left == NULL ? RECOURSE_OK
			    : check_wrong(check,
				      "A4: what parties paid in %s is not their receipts and what ends of "
				      "incidents took",
				      left->unit);
}

/* G4: so much may serve whatever section it is owed in. */
static enum recourse_error look_at_anywhere(struct check_context *check, const struct check_row *row)
{
	struct check_units sums = {.count = 0};
	(void)row;
	TRY(add_receipts(check, true, &sums));
	TRY(take_received(check, true, &sums));
	const struct check_unit *left = check_remainder(&sums);
	return left == NULL
		       ? RECOURSE_OK
		       : check_wrong(check,
				 "G4: what came in %s for no section by name is not what parties paid so",
				 left->unit);
}

/* What came, and what of it is back, is what was booked of it; a part of it is back by an entry that names it. */
static enum recourse_error look_at_receipt(struct check_context *check, const struct check_row *row)
{
	const struct record_recovery *recovery = row->record;
	struct record_booked came;
	struct record_booked part = {.kind = BOOKED_RECOVERY};
	bool named = true;
	TRY(booked_read(check->state, recovery->entry, &came, NULL));
	bool whole = came.kind != BOOKED_RECOVERY || came.amount == recovery->amount + recovery->back;
	if (recovery->back > 0) {
		TRY(booked_read(check->state, recovery->back_entry, &part, NULL));
		named = (part.kind == BOOKED_BOUNCE || part.kind == BOOKED_RECOVERY) &&
			slice_equal(RECORD_TEXT(part.id), row->key->parts[0].text);
	}
	struct record_incident incident;
	TRY(incident_load(check->state, recovery->incident, &incident));
	TRY(check_that(check, row, incident.custodian == row->key->parts[1].number,
		"G4: a receipt is of another custodian than its incident"));
	return check_that(check, row, recovery->back >= 0 && whole && named,
		"G4: a receipt, and what of it is back, is not what came");
}

static const struct check rows[] = {{.table = RECORD_RECOVERY, .look = look_at_receipt},
	{.look = look_at_suspense}, {.look = look_at_paid}, {.look = look_at_anywhere}};
const struct check_group recovery_check_rows = CHECK_GROUP(rows);
