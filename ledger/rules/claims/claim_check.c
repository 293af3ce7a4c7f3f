/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* H1: a claim has a person for each part. What it received is in audit/money_check.c. */
static const struct check_persons people = {
	.keys = {{offsetof(struct record_claim, filer), 1}, {offsetof(struct record_claim, decider), 1},
		{offsetof(struct record_claim, instructor), 1}},
	.what = "H1: one person took in, decided or paid the same claim twice",
};

/* D8: a lot is the one claim's that lives or was paid, and none is linked to nothing. */
static enum recourse_error look_at_lot(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim->entitlement));
	struct record_entitlement lot;
	TRY(check_found(check, row, record_get(check->state, &path, &lot, sizeof lot),
		"D8: a claim is for a lot that is not there"));
	bool ended = claim->state == CLAIM_REJECTED || claim->state == CLAIM_WITHDRAWN;
	bool linked = claim->state == CLAIM_LINKED;
	TRY(check_that(check, row, (lot.claim_entry == claim->filed_entry) == (!ended && !linked),
		"D8: a lot is another claim's than the one that lives or was paid"));
	return check_that(check, row, !linked || lot.claim_entry != 0, "D8: a claim is linked to none");
}

static const struct check rows[] = {
	{.table = RECORD_CLAIM,
		.entry = offsetof(struct record_claim, last_entry),
		.look = check_persons,
		.of = &people},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_lot},
};
const struct check_group claim_check_rows = CHECK_GROUP(rows);
