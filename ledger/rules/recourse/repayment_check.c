/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* G4: what sections had of a repayment is what was paid in; of one that takes another back they had nothing. */

static enum recourse_error add_repaid(struct check_context *check, uint64_t entry, amount_sum *sum)
{
	struct record_path prefix = record_path_of_number(RECORD_REPAID, entry);
	struct record_repaid repaid;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &repaid, sizeof repaid))
		*sum += (amount_sum)repaid.funders + repaid.shortfall;
	return walk.error;
}

static enum recourse_error look_at_booked(struct check_context *check, const struct check_row *row)
{
	const struct record_booked *record = row->record;
	amount_sum sum = 0;
	if (record->kind != BOOKED_REPAYMENT)
		return RECOURSE_OK;
	TRY(add_repaid(check, row->entry, &sum));
	return check_that(check, row, sum == (record->takes_back == BOOKED_BOOKS ? record->amount : 0),
		"G4: what sections had of a repayment is not what was paid in");
}

static enum recourse_error look_at_repaid(struct check_context *check, const struct check_row *row)
{
	const struct record_repaid *record = row->record;
	struct record_booked booked;
	TRY(booked_read(check->state, row->key->parts[0].number, &booked, NULL));
	return check_that(check, row,
		booked.kind == BOOKED_REPAYMENT && record->funders >= 0 && record->reinstated >= 0 &&
			record->reinstated <= record->shortfall && record->own >= 0 &&
			(record->own == 0 || record->shortfall > 0),
		"G4: what a section had of a repayment is of none");
}

static const struct check rows[] = {
	{.table = RECORD_BOOKED, .look = look_at_booked},
	{.table = RECORD_REPAID, .look = look_at_repaid},
};
const struct check_group repayment_check_rows = CHECK_GROUP(rows);
