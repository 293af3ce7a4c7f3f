/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* E3: at most one hold is open, the last one, and the ledger knows it; and nothing struck under it. */

static enum recourse_error look_at_hold(struct check_context *check, const struct check_row *row)
{
	const struct record_clock_hold *hold = row->record;
	struct record_ledger ledger;
	TRY(party_ledger(check->state, &ledger));
	bool open = hold->ending == CLOCK_HOLD_OPEN;
	bool known = open == (ledger.held == row->entry) && row->entry <= ledger.held_last;
	TRY(check_that(check, row, known, "E3: the ledger does not know which hold of its clocks is open"));
	bool ended = open == (hold->ended_entry == 0) && open == (hold->until == 0) &&
		     (hold->struck == 0 || !open) &&
		     (hold->ending == CLOCK_HOLD_CONFIRMED) == (hold->confirmed_by != 0);
	return check_that(check, row, ended, "E3: a hold of all clocks and its end contradict each other");
}

/* The ledger's own row names holds that are there. */
static const struct check_named open = {
	.table = RECORD_CLOCK_HOLD,
	.member = offsetof(struct record_ledger, held),
	.what = "E3: the hold that the ledger's clocks wait for is not there",
};
static const struct check_named last = {
	.table = RECORD_CLOCK_HOLD,
	.member = offsetof(struct record_ledger, held_last),
	.what = "E3: the last hold of the ledger's clocks is not there",
};

static const struct check rows[] = {
	{.table = RECORD_CLOCK_HOLD, .look = look_at_hold},
	{.table = RECORD_LEDGER, .look = check_named, .of = &open},
	{.table = RECORD_LEDGER, .look = check_named, .of = &last},
};
const struct check_group clock_hold_check_rows = CHECK_GROUP(rows);
