/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/collateral.h"

/* What became of the duty is told in the entry that did it, whatever that was about. */
static void tell(struct decision *decision, const struct collateral *collateral, const char *what)
{
	const struct record_collateral *record = &collateral->record;
	char policy[TEXT_ID_SIZE + TEXT_VERSION_SIZE];
	struct buffer *out = &decision->consequences;
	struct item_map map = item_map_open(out);
	decision->consequence_count++;
	item_write_pair_text(out, "what", slice_text(what));
	item_write_pair_text(out, "merchant", collateral->merchant);
	item_write_pair_text(out, "unit", unit_code(&record->unit));
	item_write_pair_amount(out, "required", &record->unit, record->required);
	item_write_pair_amount(out, "shortfall", &record->unit, record->shortfall);
	if (record->policy_version != 0) {
		text_version(policy, RECORD_TEXT(record->policy), record->policy_version);
		item_write_pair_text(out, "policy", slice_text(policy));
	}
	if (record->due != 0)
		item_write_pair_instant(out, "due", record->due);
	item_map_close(map, out);
}

static bool is_leaving(const struct record_deposit *deposit)
{
	return deposit->state == DEPOSIT_EXIT_HOLD || deposit->state == DEPOSIT_REFUNDED;
}

/* ---- the deposit's life ---- */

static uint32_t next_state(const struct record_collateral *record, const struct record_deposit *deposit)
{
	uint32_t state = deposit->state;
	if (state == DEPOSIT_FROZEN || is_leaving(deposit))
		return state;
	if (state == DEPOSIT_FUNDED || state == DEPOSIT_APPLIED)
		return record->shortfall > 0 ? DEPOSIT_TOP_UP_DUE : state;
	if (record->shortfall == 0)
		return record_deposit_failed(deposit) ? state : DEPOSIT_FUNDED;
	if (record->restricted != 0)
		return DEPOSIT_RESTRICTED;
	return state == DEPOSIT_REQUIRED && record->held > 0 ? DEPOSIT_PARTIAL : state;
}

/* ---- opening and ending ---- */

static enum recourse_error open_duty(struct decision *decision, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_requirement policy;
	TRY(requirement_of(decision->state, record, &policy));
	TRY(calendar_due(
		decision, RECORD_TEXT(policy.calendar), decision->time, policy.top_up_days, &record->due));
	record->clock = record->due;
	record->duty = decision->entry;
	tell(decision, collateral, "top-up due");
	return RECOURSE_OK;
}

int64_t duty_gap(const struct record_collateral *record, const struct record_deposit *deposit)
{
	bool owed = record->policy_version != 0 && !is_leaving(deposit) && record->required > record->held;
	return owed ? record->required - record->held : 0;
}

enum recourse_error duty_may_sell(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
	struct record_deposit deposit;
	struct record_collateral known;
	TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, NULL));
	if (record_deposit_failed(&deposit))
		return RECOURSE_OK;
	TRY(collateral_known(decision, merchant, unit, &known));
	if (known.restricted != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, known.restricted);
	if (known.policy_version != 0 && is_leaving(&deposit))
		return refuse_state(decision, field, life_state_name(LIFE_DEPOSIT, deposit.state));
	return RECOURSE_OK;
}

enum recourse_error duty_follow(struct decision *decision, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_path path =
		record_path_of_texts(RECORD_DEPOSIT, collateral->merchant, unit_code(&record->unit));
	struct record_deposit deposit;
	bool lodged;
	if (record->policy_version == 0 && record->duty == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &deposit, sizeof deposit, &lodged));
	record->shortfall = duty_gap(record, &deposit);
	if (record->shortfall > 0 && record->duty == 0) {
		TRY(open_duty(decision, collateral));
	} else if (record->shortfall == 0 && record->duty != 0) {
		record->duty = record->due = record->clock = record->restricted = 0;
		tell(decision, collateral, "top-up ended");
	}
	if (!lodged || !life_step(LIFE_DEPOSIT, &deposit.state, next_state(record, &deposit)))
		return RECOURSE_OK;
	deposit.last_entry = decision->entry;
	return decision_put(decision, &path, &deposit, sizeof deposit);
}

enum recourse_error duty_overdue(struct decision *decision, slice subject)
{
	struct collateral collateral;
	struct unit unit;
	slice merchant;
	TRY(clock_subject_read_party(decision, subject, &unit, &merchant));
	TRY(collateral_load(decision, merchant, &unit, &collateral));
	if (collateral.record.duty == 0 || decision->time < collateral.record.due)
		return refuse_state(decision, "subject", "no duty");
	collateral.record.restricted = decision->entry;
	tell(decision, &collateral, "restricted");
	TRY(collateral_change(decision, &collateral));
	return decision_about(decision, RECORD_PARTY, merchant);
}
