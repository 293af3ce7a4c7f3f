/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/freeze.h"

#include "rules/collateral/collateral_change.h"
#include "rules/deposit/deposit_record.h"
#include "rules/deposit/exit_block.h"
#include "rules/deposit/withdrawal.h"

static enum recourse_error freeze_available(
	struct decision *decision, const struct unit *unit, slice id, slice merchant)
{
	int64_t available;
	TRY(decision_balance(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, &available));
	TRY(decision_post(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, available));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, id, unit, -available));
	decision_fact_amount(decision, "frozen", unit, available);
	return RECOURSE_OK;
}

/* A merchant that has lodged nothing yet has a frozen deposit all the same: what it lodges later is the claims'. */
static enum recourse_error step_deposit(
	struct decision *decision, const struct record_incident *incident, slice merchant)
{
	struct record_deposit deposit;
	TRY(deposit_record_begin(
		decision, merchant, &incident->unit, incident->merchant, incident->custodian, &deposit));
	deposit_record_step(&deposit, DEPOSIT_FROZEN);
	if (deposit.incident == 0)
		deposit.incident = incident->number;
	return deposit_record_put(decision, merchant, &incident->unit, &deposit);
}

enum recourse_error freeze_deposit(
	struct decision *decision, const struct record_incident *incident, slice id, slice merchant)
{
	TRY(freeze_available(decision, &incident->unit, id, merchant));
	TRY(exit_block_freeze(decision, merchant, id, incident));
	TRY(withdrawal_freeze(decision, merchant, &incident->unit, id));
	TRY(step_deposit(decision, incident, merchant));
	return collateral_change_refresh(decision, merchant, &incident->unit);
}
