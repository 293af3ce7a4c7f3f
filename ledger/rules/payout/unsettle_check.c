/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/rule.h"

/* I8: a settled payout names the entry that settled it, which nobody has taken back. */
static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_booked record;
	bool taken_back;
	if (claim->payout != PAYOUT_SETTLED)
		return RECOURSE_OK;
	TRY(booked_read(check->state, claim->settled_entry, &record, &taken_back));
	return check_that_id(check, row,
		!taken_back && claim->settled_entry != 0 && claim->settled_entry <= claim->last_entry &&
			claim->settled_line <= claim->settled_entry && claim->given >= 0 &&
			(claim->given == 0 || claim->given_back > claim->settled_entry),
		"I8: claim ", " is settled by an entry that does not stand");
}

static const struct check rows[] = {
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
};
const struct check_group unsettle_check_rows = CHECK_GROUP(rows);
