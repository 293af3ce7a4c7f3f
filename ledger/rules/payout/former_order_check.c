/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/former_order.h"

#include "rule/check.h"
#include "rules/rail/rail_order.h"

/* I8: what became of orders that were given up, and what was paid twice by one. */

static bool was_made(const struct record_former_order *former)
{
	return former->became == PAYOUT_SETTLED || former->became == PAYOUT_RETURNED;
}

static enum recourse_error look_at_former(struct check_context *check, const struct check_row *row)
{
	const struct record_former_order *former = row->record;
	slice id = row->key->parts[0].text;
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM, id);
	struct record_path of_last = record_path_of_text(RECORD_CLAIM_PAYEE, id);
	struct record_claim claim;
	struct record_claim_payee last;
	bool there;
	uint64_t entry = row->key->parts[1].number;
	int64_t ordered = former->deposit_part + former->advance_part;
	TRY(record_get_optional(check->state, &of_claim, &claim, sizeof claim, &there));
	TRY(record_get_optional(check->state, &of_last, &last, sizeof last, NULL));
	TRY(check_that_id(check, row,
		there && former->to.entry == entry && former->instalment > 0 &&
			former->instalment <= claim.instalment && former->deposit_part >= 0 &&
			former->advance_part >= 0,
		"I8: a former order is of no payment of claim ", ""));
	bool its = former->became == LIFE_NONE;
	bool again = claim.payout == PAYOUT_CANCELLED; /* its last one was taken back */
	TRY(check_that_id(check, row, again || its == (last.entry == entry),
		"I8: an order is the last one and a former one of claim ", ""));
	bool stands = former->settled_entry == 0 || was_made(former);
	TRY(check_that_id(check, row, stands && (former->twice_entry == 0 || its || was_made(former)),
		"I8: what became of an order contradicts how it was made of claim ", ""));
	bool back = former->back_entry != 0;
	TRY(check_that_id(check, row,
		(its || back == (former->became == PAYOUT_RETURNED)) &&
			(!back || former->back_entry > former->settled_entry) && former->back_deposit >= 0 &&
			former->back_advance >= 0 && former->back_twice >= 0 &&
			(back || former->back_deposit + former->back_advance + former->back_twice == 0),
		"I8: a former order is back, and by no entry, of claim ", ""));
	bool alone = former_order_was_twice_alone(former) && !its;
	return check_that_id(check, row,
		former->twice >= 0 && (!alone || former->twice <= ordered) &&
			(former->twice == 0 || former->twice_entry > entry),
		"I8: more was paid twice than was ordered of claim ", "");
}

/* What became of it is what its rail's row says. */
static enum recourse_error look_at_rail(struct check_context *check, const struct check_row *row)
{
	const struct record_former_order *former = row->record;
	struct rail_order order;
	bool on_rail;
	TRY(rail_order_of(
		check->state, check->arena, row->key->parts[0].text, &former->to, &order, &on_rail));
	bool same = !on_rail || order.record.ended == former->became;
	return check_that_id(check, row, same, "I8: a former order is not how its rail has it of claim ", "");
}

static const struct check rows[] = {
	{.table = RECORD_FORMER_ORDER,
		.entry = offsetof(struct record_former_order, to.entry),
		.look = look_at_former},
	{.table = RECORD_FORMER_ORDER,
		.entry = offsetof(struct record_former_order, to.entry),
		.look = look_at_rail},
};
const struct check_group former_order_check_rows = CHECK_GROUP(rows);
