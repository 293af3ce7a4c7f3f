/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/duty.h"

#include "books/record_collateral.h"
#include "books/record_deposit.h"
#include "base/try.h"
#include "rule/calendar.h"
#include "rule/clock.h"
#include "base/instant.h"
#include "rules/collateral/requirement.h"
#include "rule/clock_subject.h"

#include <stdio.h>

struct record_path duty_path(uint64_t due, slice merchant, slice unit)
{
	struct record_path path = record_path_of_number(RECORD_DUTY, due);
	record_path_text(&path, merchant);
	record_path_text(&path, unit);
	return path;
}

static slice subject_of(const struct record_collateral *record, char text[static CLOCK_SUBJECT_TEXT_SIZE])
{
	return clock_subject_of_party(unit_code(&record->unit), record->merchant, text);
}

void duty_tell(struct decision *decision, const struct collateral *collateral, const char *what)
{
	const struct record_collateral *record = &collateral->record;
	char amount[AMOUNT_TEXT_SIZE];
	char due[INSTANT_TEXT_SIZE];
	char policy[TEXT_ID_SIZE + 12];
	struct item_map map = decision_consequence_open(decision, what);
	item_write_pair_text(decision->consequences, "merchant", collateral->merchant);
	item_write_pair_text(decision->consequences, "unit", unit_code(&record->unit));
	amount_format(&record->unit, record->required, amount);
	item_write_pair_text(decision->consequences, "required", slice_text(amount));
	amount_format(&record->unit, record->shortfall, amount);
	item_write_pair_text(decision->consequences, "shortfall", slice_text(amount));
	if (record->policy_version != 0) {
		snprintf(policy, sizeof policy, "%.*s/%u", SLICE_ARGUMENTS(RECORD_TEXT(record->policy)),
			record->policy_version);
		item_write_pair_text(decision->consequences, "policy", slice_text(policy));
	}
	if (record->due != 0) {
		instant_format(record->due, due);
		item_write_pair_text(decision->consequences, "due", slice_text(due));
	}
	decision_consequence_close(decision, map);
}

/* ---- the deposit's life ---- */

static uint32_t next_state(
	const struct record_collateral *record, const struct record_deposit *deposit, bool leaving)
{
	switch ((enum deposit_state)deposit->state) {
	case DEPOSIT_REQUIRED:
	case DEPOSIT_PARTIAL:
	case DEPOSIT_TOP_UP_DUE:
	case DEPOSIT_RESTRICTED:
		if (record->shortfall == 0)
			return leaving || deposit->incident != 0 ? deposit->state : DEPOSIT_FUNDED;
		if (record->restricted != 0)
			return DEPOSIT_RESTRICTED;
		return deposit->state == DEPOSIT_REQUIRED && record->held > 0 ? DEPOSIT_PARTIAL
									      : deposit->state;
	case DEPOSIT_FUNDED:
	case DEPOSIT_APPLIED:
		return record->shortfall > 0 ? DEPOSIT_TOP_UP_DUE : deposit->state;
	case DEPOSIT_FROZEN:
	case DEPOSIT_EXIT_HOLD:
	case DEPOSIT_REFUNDED:
		break;
	}
	return deposit->state;
}

static enum recourse_error step_deposit(struct decision *decision, const struct collateral *collateral,
	struct record_deposit *deposit, bool leaving)
{
	struct record_path path = record_path_of_texts(
		RECORD_DEPOSIT, collateral->merchant, unit_code(&collateral->record.unit));
	uint32_t next = next_state(&collateral->record, deposit, leaving);
	if (next == deposit->state || !life_allows(LIFE_DEPOSIT, deposit->state, next))
		return RECOURSE_OK;
	deposit->state = next;
	deposit->last_entry = decision->entry;
	return decision_put(decision, &path, deposit, sizeof *deposit);
}

/* ---- opening and ending ---- */

static enum recourse_error open_duty(struct decision *decision, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_requirement policy;
	char text[CLOCK_SUBJECT_TEXT_SIZE];
	struct record_path terms = requirement_path(RECORD_TEXT(record->policy), record->policy_version);
	enum recourse_error error = record_get(decision->state, &terms, &policy, sizeof policy);
	if (error == RECOURSE_OK)
		error = calendar_due(decision, RECORD_TEXT(policy.calendar), decision->time,
			policy.top_up_days, &record->due);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	record->duty = decision->entry;
	struct record_path path = duty_path(record->due, collateral->merchant, unit_code(&record->unit));
	error = decision_put(decision, &path, &record->duty, sizeof record->duty);
	if (error == RECOURSE_OK)
		error = clock_set(decision, CLOCK_TOP_UP, subject_of(record, text), record->due);
	duty_tell(decision, collateral, "top-up due");
	return error;
}

static enum recourse_error end_duty(struct decision *decision, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_path path = duty_path(record->due, collateral->merchant, unit_code(&record->unit));
	char text[CLOCK_SUBJECT_TEXT_SIZE];
	TRY(state_remove(decision->state, record_path_slice(&path)));
	TRY(clock_cancel(decision, CLOCK_TOP_UP, subject_of(record, text), record->due));
	record->duty = 0;
	record->due = 0;
	record->restricted = 0;
	duty_tell(decision, collateral, "top-up ended");
	return RECOURSE_OK;
}

static bool is_leaving(const struct record_deposit *deposit)
{
	return deposit->state == DEPOSIT_EXIT_HOLD || deposit->state == DEPOSIT_REFUNDED;
}

enum recourse_error duty_may_sell(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit)
{
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(unit));
	struct record_deposit deposit = {0};
	bool required;
	enum recourse_error error = record_get(decision->state, &path, &deposit, sizeof deposit);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	bool lodged = error == RECOURSE_OK;
	if (lodged && deposit.incident != 0)
		return RECOURSE_OK;
	error = collateral_unrestricted(decision, field, merchant, unit);
	if (error == RECOURSE_OK)
		error = collateral_required(decision, merchant, unit, &required);
	if (error == RECOURSE_OK && required && lodged && is_leaving(&deposit))
		error = refusal_state(decision->refusal, field, life_state_name(LIFE_DEPOSIT, deposit.state));
	return error;
}

enum recourse_error duty_follow(struct decision *decision, struct collateral *collateral)
{
	struct record_collateral *record = &collateral->record;
	struct record_path path =
		record_path_of_texts(RECORD_DEPOSIT, collateral->merchant, unit_code(&record->unit));
	struct record_deposit deposit;
	enum recourse_error error = RECOURSE_OK;
	if (record->policy_version == 0 && record->duty == 0)
		return RECOURSE_OK;
	error = record_get(decision->state, &path, &deposit, sizeof deposit);
	bool lodged = error == RECOURSE_OK;
	if (!lodged && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	bool leaving = lodged && is_leaving(&deposit);
	bool owed = record->policy_version != 0 && !leaving && record->required > record->held;
	record->shortfall = owed ? record->required - record->held : 0;
	error = RECOURSE_OK;
	if (owed && record->duty == 0)
		error = open_duty(decision, collateral);
	else if (!owed && record->duty != 0)
		error = end_duty(decision, collateral);
	if (error == RECOURSE_OK && lodged)
		error = step_deposit(decision, collateral, &deposit, leaving);
	return error;
}
