/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/collateral/collateral.h"
#include "rules/incident/scope.h"

enum recourse_error deposit_record_find(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, struct record_deposit *deposit)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
	return decision_find(decision, field, &path, deposit, sizeof *deposit);
}

enum recourse_error deposit_record_begin(struct decision *decision, slice merchant, const struct unit *unit,
	uint32_t party, uint32_t custodian, struct record_deposit *deposit)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
	bool there;
	TRY(record_get_optional(decision->state, &path, deposit, sizeof *deposit, &there));
	if (!there)
		*deposit = (struct record_deposit){
			.first_entry = decision->entry, .merchant = party, .custodian = custodian};
	return RECOURSE_OK;
}

enum recourse_error deposit_record_put(
	struct decision *decision, slice merchant, const struct unit *unit, struct record_deposit *deposit)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
	deposit->last_entry = decision->entry;
	return decision_put(decision, &path, deposit, sizeof *deposit);
}

/* ---- what becomes of it ---- */

enum recourse_error deposit_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps)
{
	return deposit->incidents != 0 ? freeze_credit(decision, deposit, merchant, unit, steps)
				       : exit_credit(decision, deposit, merchant, unit, steps);
}

/*
 * The deposit is funded again, unless an incident has it. Where a sum is required, whether it is reached is seen when
 * the balances have moved: see duty.c.
 */
static enum recourse_error take_in(struct decision *decision, struct record_deposit *deposit, slice merchant,
	const struct unit *unit, int64_t steps)
{
	struct record_collateral known;
	TRY(collateral_known(decision, merchant, unit, &known));
	(void)life_step(
		LIFE_DEPOSIT, &deposit->state, known.policy_version != 0 ? DEPOSIT_REQUIRED : DEPOSIT_FUNDED);
	if (record_deposit_failed(deposit))
		(void)life_step(LIFE_DEPOSIT, &deposit->state, DEPOSIT_FROZEN);
	TRY(deposit_record_put(decision, merchant, unit, deposit));
	return deposit_credit(decision, deposit, merchant, unit, steps);
}

enum recourse_error deposit_restore(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps)
{
	struct record_deposit deposit;
	TRY(deposit_record_find(decision, "merchant", merchant, unit, &deposit));
	return take_in(decision, &deposit, merchant, unit, steps);
}

static enum recourse_error begin(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, uint32_t custodian, struct record_deposit *deposit)
{
	uint32_t party;
	TRY(decision_party(decision, field, merchant, &party));
	TRY(deposit_record_begin(decision, merchant, unit, party, custodian, deposit));
	return deposit->custodian == custodian ? RECOURSE_OK
					       : refuse(decision, RECOURSE_CUSTODIAN_WRONG, field, NULL);
}

enum recourse_error deposit_top_up(struct decision *decision, const char *field, slice merchant,
	const struct unit *unit, uint32_t custodian, int64_t steps)
{
	struct record_deposit deposit;
	TRY(begin(decision, field, merchant, unit, custodian, &deposit));
	return take_in(decision, &deposit, merchant, unit, steps);
}

/* What one declaration froze is its own fact; where many merchants come in, each has its own line. */
static void tell_frozen(struct decision *decision, const struct record_incident *incident, slice merchant,
	const struct deposit_frozen *frozen)
{
	const struct unit *unit = &incident->unit;
	if (incident->merchant != 0) {
		decision_fact_amount(decision, "frozen", unit, frozen->available);
		if (frozen->exit.size > 0) {
			decision_fact_text(decision, "blocks_exit", frozen->exit);
			decision_fact_amount(decision, "exit_frozen", unit, frozen->held);
		}
		if (frozen->withdrawal != 0)
			decision_fact_integer(decision, "cancels_withdrawal", frozen->withdrawal);
		return;
	}
	struct buffer *out = &decision->consequences;
	struct item_map map = item_map_open(out);
	decision->consequence_count++;
	item_write_pair_text(out, "what", slice_text("deposit frozen"));
	item_write_pair_text(out, "merchant", merchant);
	item_write_pair_amount(out, "frozen", unit, frozen->available);
	if (frozen->exit.size > 0) {
		item_write_pair_text(out, "blocks_exit", frozen->exit);
		item_write_pair_amount(out, "exit_frozen", unit, frozen->held);
	}
	if (frozen->withdrawal != 0)
		item_write_pair_integer(out, "cancels_withdrawal", (int64_t)frozen->withdrawal);
	item_map_close(map, out);
}

enum recourse_error deposit_section_opened(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, slice merchant)
{
	const struct unit *unit = &incident->unit;
	struct record_deposit deposit;
	struct deposit_frozen frozen = {0};
	TRY(account_balance(
		decision->state, CHART_DEPOSIT, merchant, slice_text(""), unit, &frozen.available));
	TRY(decision_post(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, frozen.available));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, unit, -frozen.available));
	TRY(exit_block_freeze(decision, incident, section, reference, merchant, &frozen));
	if (!record_incident_stands(incident)) /* what was asked for before anybody claimed is paid */
		TRY(withdrawal_freeze(decision, merchant, unit, section->incident, reference, &frozen));
	if (section_freeze(incident, section->party) != POLICY_FREEZE_ALL) {
		TRY(freeze_open(decision, incident, section->party, merchant, reference, &frozen.available));
		frozen.available -= frozen.held;
	}
	tell_frozen(decision, incident, merchant, &frozen);
	if (incident->merchant != 0 &&
		!record_incident_stands(incident)) /* of an issuer's there is no room for it */
		TRY(freeze_hand_over(decision, incident, section->party, merchant, reference));
	/* who has lodged nothing yet has a frozen deposit all the same: what it lodges later is the claims' */
	TRY(deposit_record_begin(decision, merchant, unit, section->party, section->custodian, &deposit));
	deposit.incidents++;
	deposit.standing += record_incident_stands(incident);
	if (record_deposit_failed(&deposit))
		(void)life_step(LIFE_DEPOSIT, &deposit.state, DEPOSIT_FROZEN);
	TRY(deposit_record_put(decision, merchant, unit, &deposit));
	return collateral_change_refresh(decision, merchant, unit);
}

/* ---- commands ---- */

enum { RECEIVE_MERCHANT, RECEIVE_AMOUNT, RECEIVE_UNIT, RECEIVE_BANK };
static const struct recourse_field receive_fields[] = {
	[RECEIVE_MERCHANT] = FIELD(ID, "merchant", "whose deposit it is"),
	[RECEIVE_AMOUNT] = FIELD(AMOUNT, "amount", "received"),
	[RECEIVE_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[RECEIVE_BANK] = ATTEST_LINE(FIELD),
};

/* It waits for the liquidator. */
enum recourse_error deposit_put_aside(
	struct decision *decision, uint32_t custodian, slice id, const struct unit *unit, int64_t steps)
{
	struct record_path path = record_path_of_number(RECORD_TOP_UP, decision->entry);
	struct record_top_up top_up = {.unit = *unit, .amount = steps, .custodian = custodian};
	slice reference;
	TRY(decision_party(decision, "merchant", id, &top_up.merchant));
	TRY(account_reference_make(decision->arena, decision->entry, &reference));
	TRY(decision_put(decision, &path, &top_up, sizeof top_up));
	return decision_post(decision, CHART_SUSPENSE, id, reference, unit, -steps);
}

static enum recourse_error apply_receive(struct decision *decision, const struct value *values)
{
	struct record_deposit deposit;
	struct unit unit;
	int64_t steps;
	uint64_t estate;
	uint32_t merchant;
	slice id = values[RECEIVE_MERCHANT].text;
	TRY(party_apart(decision, "merchant", id, &merchant));
	TRY(decision_unit(decision, "unit", values[RECEIVE_UNIT].text, &unit));
	TRY(decision_amount(decision, "amount", values[RECEIVE_AMOUNT].text, &unit, &steps));
	TRY(begin(decision, "merchant", id, &unit, decision->actor->party_number, &deposit));
	TRY(estate_holds(decision->state, id, decision->time, &estate));

	TRY(attest_cash(decision, &values[RECEIVE_BANK], &unit, steps));
	if (estate != 0) {
		decision_fact_integer(decision, "waits_for", estate);
		TRY(deposit_put_aside(decision, decision->actor->party_number, id, &unit, steps));
		TRY(deposit_reverse_keep_aside(decision, id, values[RECEIVE_BANK].text, &unit, steps));
	} else {
		TRY(take_in(decision, &deposit, id, &unit, steps));
		TRY(deposit_reverse_keep(decision, id, values[RECEIVE_BANK].text, &unit, steps));
	}
	TRY(decision_about(decision, RECORD_PARTY, id));
	/* I3: last, so that no custodian learns which keys a party has from what is refused for another reason */
	return party_concerned(decision, "merchant", id, PARTY_MERCHANT, &merchant);
}

enum { HOLD_HOLD, HOLD_MERCHANT, HOLD_AMOUNT, HOLD_UNIT, HOLD_REASON, HOLD_EXPIRES };
static const struct recourse_field hold_fields[] = {
	[HOLD_HOLD] = FIELD(ID, "hold", "the hold's id, never used again"),
	[HOLD_MERCHANT] = FIELD(ID, "merchant", "whose deposit it is"),
	[HOLD_AMOUNT] = FIELD(AMOUNT, "amount", "frozen; counts against what is available"),
	[HOLD_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[HOLD_REASON] = FIELD(ID, "reason", "reason code"),
	[HOLD_EXPIRES] = FIELD_OPTIONAL(
		TIME, "expires", "when what is left is released by itself; open-ended if absent"),
};

static enum recourse_error apply_hold(struct decision *decision, const struct value *values)
{
	struct record_path path = record_path_of_text(RECORD_HOLD, values[HOLD_HOLD].text);
	struct record_hold hold = {.entry = decision->entry, .expires = values[HOLD_EXPIRES].instant};
	struct unit unit;
	/* holds and incidents share the references of 2020 */
	struct record_path incident = record_path_of_text(RECORD_INCIDENT_NAME, values[HOLD_HOLD].text);
	slice id = values[HOLD_MERCHANT].text;
	TRY(decision_absent(decision, "hold", &path));
	TRY(decision_absent(decision, "hold", &incident));
	TRY(decision_party(decision, "merchant", id, &hold.merchant));
	TRY(scope_awaits_none(decision, "merchant", id));
	TRY(decision_unit(decision, "unit", values[HOLD_UNIT].text, &unit));
	TRY(decision_amount(decision, "amount", values[HOLD_AMOUNT].text, &unit, &hold.held));
	if (values[HOLD_EXPIRES].present && hold.expires <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "expires", "in the future");

	memcpy(hold.unit, unit.code, sizeof hold.unit);
	TRY(decision_put(decision, &path, &hold, sizeof hold));
	TRY(decision_post(decision, CHART_DEPOSIT, id, slice_text(""), &unit, hold.held));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, id, values[HOLD_HOLD].text, &unit, -hold.held));
	TRY(deposit_reverse_keep_hold(decision, values[HOLD_HOLD].text, &unit, &hold));
	return decision_about(decision, RECORD_PARTY, id);
}

enum { RELEASE_HOLD, RELEASE_AMOUNT, RELEASE_REASON };
static const struct recourse_field release_fields[] = {
	[RELEASE_HOLD] = FIELD(ID, "hold", "the hold's id"),
	[RELEASE_AMOUNT] = FIELD_OPTIONAL(AMOUNT, "amount", "released; all that is left if absent"),
	[RELEASE_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_release(struct decision *decision, const struct value *values)
{
	slice id = values[RELEASE_HOLD].text;
	struct record_path path = record_path_of_text(RECORD_HOLD, id);
	struct record_deposit deposit;
	struct record_hold hold;
	struct unit unit;
	slice merchant;
	int64_t steps;
	TRY(decision_find(decision, "hold", &path, &hold, sizeof hold));
	TRY(decision_unit(decision, "hold", RECORD_TEXT(hold.unit), &unit));
	if (hold.held == 0)
		return refuse_state(decision, "hold", "released");
	TRY(decision_amount_or_all(decision, "amount", &values[RELEASE_AMOUNT], &unit, hold.held, &steps));
	TRY(party_name(decision->state, decision->arena, hold.merchant, &merchant));

	hold.held -= steps;
	if (hold.held == 0)
		hold.expires = 0;
	TRY(decision_put(decision, &path, &hold, sizeof hold));
	TRY(deposit_record_find(decision, "hold", merchant, &unit, &deposit));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, id, &unit, steps));
	TRY(deposit_credit(decision, &deposit, merchant, &unit, steps));
	return decision_about(decision, RECORD_PARTY, merchant);
}

enum recourse_error deposit_hold_expired(struct decision *decision, slice hold)
{
	return apply_release(decision, (struct value[]){[RELEASE_HOLD].text = hold, [RELEASE_AMOUNT] = {0}});
}

static const struct command rows[] = {
	COMMAND("deposit.receive", RECOURSE_ROLE_CUSTODIAN, receive_fields, apply_receive,
		"the custodian attests a merchant's deposit", RECOURSE_CUSTODIAN_WRONG, ATTEST_REFUSES),
	COMMAND("deposit.hold", RECOURSE_ROLE_OPERATOR, hold_fields, apply_hold,
		"freeze part of a merchant's deposit", RECOURSE_EXISTS, RECOURSE_INSUFFICIENT,
		RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("deposit.release", RECOURSE_ROLE_OPERATOR, release_fields, apply_release,
		"release a hold, in whole or in part", RECOURSE_STATE_WRONG, RECOURSE_INSUFFICIENT),
};
const struct command_group deposit_commands = COMMAND_GROUP(rows);
