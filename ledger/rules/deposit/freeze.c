/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/collateral/collateral_change.h"
#include "rules/deposit/deposit_record.h"
#include "rules/deposit/exit.h"

enum recourse_error freeze_deposit(
	struct decision *decision, const struct record_incident *incident, slice id, slice merchant)
{
	const struct unit *unit = &incident->unit;
	struct record_deposit deposit;
	int64_t available;
	TRY(decision_balance(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, &available));
	TRY(decision_post(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, available));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, id, unit, -available));
	decision_fact_amount(decision, "frozen", unit, available);
	TRY(exit_block_freeze(decision, merchant, id, incident));
	TRY(withdrawal_freeze(decision, merchant, unit, id));
	/* who has lodged nothing yet has a frozen deposit all the same: what it lodges later is the claims' */
	TRY(deposit_record_begin(
		decision, merchant, unit, incident->merchant, incident->custodian, &deposit));
	deposit_record_step(&deposit, DEPOSIT_FROZEN);
	if (deposit.incident == 0)
		deposit.incident = incident->number;
	TRY(deposit_record_put(decision, merchant, unit, &deposit));
	return collateral_change_refresh(decision, merchant, unit);
}
