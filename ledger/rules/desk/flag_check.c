/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/desk/desk.h"
#include "rules/desk/flag.h"

#include "rule/check.h"

/* H4: what shows a flag has raised it. What raised one may be gone, as where a claim was moved. */
static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path of_lot = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim->entitlement));
	struct record_path of_incident = record_path_of_short(RECORD_INCIDENT, claim->incident);
	struct record_entitlement lot;
	struct record_incident incident;
	bool known;
	bool there = true;
	TRY(record_get_optional(check->state, &of_lot, &lot, sizeof lot, &known));
	if (!known) /* which is said of the claim */
		return RECOURSE_OK;
	TRY(record_get_named(check->state, &of_incident, &incident, sizeof incident));
	for (enum flag_kind kind = FLAG_ABOVE_LOT; there && kind < FLAG_KINDS; kind++) {
		struct record_path path = flag_path(row->key->parts[0].text, kind);
		if (flag_table[kind].shown != NULL && flag_table[kind].shown(claim, &lot, &incident))
			TRY(record_exists(check->state, &path, &there));
	}
	return check_that(check, row, there, "H4: nobody was shown a claim that has to be looked at");
}

static enum recourse_error look_at_desk(struct check_context *check, const struct check_row *row)
{
	const struct record_desk *desk = row->record;
	struct flag_sum sum;
	TRY(flag_count(check->state, row->key->parts[0].text, &sum));
	return check_that(check, row,
		sum.all == desk->flags && sum.open == desk->flags_open && sum.due == desk->flag_due,
		"H4: a claim has not the flags that were raised on it");
}

static enum recourse_error look_at_flag(struct check_context *check, const struct check_row *row)
{
	const struct record_flag *flag = row->record;
	struct record_path path = record_path_of_text(RECORD_DESK, row->key->parts[0].text);
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_claim claim;
	bool there;
	bool differ;
	TRY(record_exists(check->state, &path, &there));
	TRY(check_that(check, row, there, "H4: a flag is on no claim of the desk"));
	TRY(record_get_named(check->state, &of_claim, &claim, sizeof claim));
	const uint32_t keys[] = {claim.filer, (uint32_t)flag->clearer};
	TRY(check_differ(check, keys, 2, &differ));
	TRY(check_that(check, row, differ, "H4: who filed a claim cleared a flag of it"));
	TRY(check_that(check, row, (flag->cleared_entry == 0) == (flag->clearer == 0),
		"H4: a flag was cleared by nobody"));
	return check_that(check, row,
		flag->due != 0 && (flag->cleared_entry == 0 || flag->cleared_entry > flag->raised_entry),
		"H4: a flag was cleared before it was raised, or is due at no time");
}

static const struct check rows[] = {
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
	{.table = RECORD_DESK, .look = look_at_desk},
	{.table = RECORD_FLAG, .look = look_at_flag},
};
const struct check_group flag_check_rows = CHECK_GROUP(rows);
