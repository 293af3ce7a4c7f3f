/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

/* H1: a claim has a person for each part. What it received is in audit/money_check.c. */
static const struct check_persons people = {
	.keys = {{offsetof(struct record_claim, filer), 1}, {offsetof(struct record_claim, decider), 1},
		{offsetof(struct record_claim, instructor), 1}},
	.what = "H1: one person took in, decided or paid the same claim twice",
};

static const struct check rows[] = {
	{.table = RECORD_CLAIM,
		.entry = offsetof(struct record_claim, last_entry),
		.look = check_persons,
		.of = &people},
};
const struct check_group claim_check_rows = CHECK_GROUP(rows);
