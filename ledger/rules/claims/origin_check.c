/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/claims/origin.h"

#include "books/record_desk.h"
#include "books/record_payee.h"
#include "rule/check.h"

/* H4: what came from one origin is counted as it was, and who is to look at a claim of it was shown it. */
static enum recourse_error look_at_origin(struct check_context *check, const struct check_row *row)
{
	const struct record_origin *origin = row->record;
	uint64_t entry = row->key->parts[1].number;
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(origin->claim));
	struct record_path of_flag = record_path_of_text(RECORD_FLAG, RECORD_TEXT(origin->claim));
	struct record_claim claim;
	uint32_t count;
	bool there = true;
	record_path_short(&of_flag, FLAG_ONE_ORIGIN);
	TRY(record_get_optional(check->state, &of_claim, &claim, sizeof claim, NULL));
	TRY(check_that(
		check, row, claim.filed_entry == entry, "H4: an origin is of no claim that was filed then"));
	TRY(origin_count(check->state, row->key->parts[0].text, entry, origin, &count));
	TRY(check_that(check, row, count == origin->claims,
		"H4: not so many claims came from an origin as were counted"));
	if (origin->claims > origin->most)
		TRY(record_exists(check->state, &of_flag, &there));
	return check_that(check, row, there, "H4: nobody was shown a claim of many from one origin");
}

static const struct check rows[] = {
	{.table = RECORD_ORIGIN, .look = look_at_origin},
};
const struct check_group origin_check_rows = CHECK_GROUP(rows);
