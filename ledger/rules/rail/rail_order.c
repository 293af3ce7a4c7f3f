/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/rail_order.h"

struct record_path rail_order_path(slice rail, uint64_t entry)
{
	struct record_path path = record_path_of_text(RECORD_RAIL_ORDER, rail);
	record_path_number(&path, entry);
	return path;
}

static enum recourse_error check_fits(struct decision *decision, const struct record_rail *rail,
	const struct unit *unit, uint32_t custodian, int64_t amount)
{
	if (rail->custodian != custodian)
		return refuse(decision, RECOURSE_CUSTODIAN_WRONG, "payee",
			"one whose rail is of the custodian that has the money");
	if (!unit_same(&rail->unit, unit))
		return refuse_limit(decision, RECOURSE_UNIT_MISMATCH, "payee", "a rail in %s", unit->code);
	if (amount < rail->least)
		return refuse_amount(decision, RECOURSE_AMOUNT_RANGE, "payee", unit, amount, rail->least);
	if (rail->most > 0 && amount > rail->most)
		return refuse_amount(decision, RECOURSE_AMOUNT_RANGE, "payee", unit, amount, rail->most);
	return RECOURSE_OK;
}

enum recourse_error rail_order_place(struct decision *decision, slice rail,
	const struct record_claim_payee *to, slice claim, struct record_claim *record,
	const struct record_incident *incident, uint32_t custodian)
{
	struct record_rail by;
	bool published;
	char id[PAYMENT_ID_MAX + 1];
	TRY(rail_read(decision->state, rail, &by, &published));
	record->on_rail = published;
	if (!published)
		return RECOURSE_OK;
	struct record_rail_order order = {.amount = record->deposit_part + record->advance_part,
		.time = decision->time,
		.incident = incident->number,
		.instalment = record->instalment,
		.payer = decision->actor->key};
	TRY(check_fits(decision, &by, &incident->unit, custodian, order.amount));
	memcpy(order.account, to->account, sizeof order.account);
	record_text_set(order.claim, sizeof order.claim, claim);
	memcpy(order.payee, to->payee, sizeof order.payee);
	TRY(rail_payment_id(decision->state, rail, &by, decision->entry, id));
	decision_fact_text(decision, "payment_id", slice_text(id));
	struct record_path path = rail_order_path(rail, decision->entry);
	return decision_put(decision, &path, &order, sizeof order);
}

enum recourse_error rail_order_of(struct state_view *view, struct arena *arena, slice claim,
	const struct record_claim_payee *to, struct rail_order *order, bool *there)
{
	struct record_path of_payee = record_path_of_text(RECORD_PAYEE, RECORD_TEXT(to->payee));
	struct record_payee payee;
	TRY(record_get_named(view, &of_payee, &payee, sizeof payee));
	slice rail = RECORD_TEXT(payee.rail);
	struct record_path path = rail_order_path(rail, to->entry);
	TRY(record_get_optional(view, &path, &order->record, sizeof order->record, there));
	order->entry = to->entry;
	order->claim = claim;
	return arena_copy(arena, rail, &order->rail);
}

enum recourse_error rail_order_last(
	struct state_view *view, struct arena *arena, slice claim, struct rail_order *order)
{
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM_PAYEE, claim);
	struct record_claim_payee to;
	bool there;
	TRY(record_get_named(view, &of_claim, &to, sizeof to));
	TRY(rail_order_of(view, arena, claim, &to, order, &there));
	return there ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error rail_order_end(struct decision *decision, const struct rail_order *order, uint32_t became)
{
	struct record_path path = rail_order_path(order->rail, order->entry);
	struct record_rail_order record = order->record;
	if (record.ended_entry == 0)
		record.ended_entry = decision->entry;
	record.ended = became;
	return decision_put(decision, &path, &record, sizeof record);
}

enum recourse_error rail_order_again(struct decision *decision, const struct rail_order *order)
{
	struct record_path path = rail_order_path(order->rail, order->entry);
	struct record_rail_order record = order->record;
	record.ended_entry = 0;
	record.ended = LIFE_NONE;
	return decision_put(decision, &path, &record, sizeof record);
}
