/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/freeze.h"

#include "base/try.h"
#include "books/record_deposit.h"
#include "rules/collateral/collateral_change.h"
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
	struct record_path path = record_path_of_texts(RECORD_DEPOSIT, merchant, unit_code(&incident->unit));
	struct record_deposit deposit;
	enum recourse_error error = record_get(decision->state, &path, &deposit, sizeof deposit);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		deposit = (struct record_deposit){
			.first_entry = decision->entry,
			.merchant = incident->merchant,
			.custodian = incident->custodian,
		};
	else
		TRY(error);
	if (life_allows(LIFE_DEPOSIT, deposit.state, DEPOSIT_FROZEN))
		deposit.state = DEPOSIT_FROZEN;
	if (deposit.incident == 0)
		deposit.incident = incident->number;
	deposit.last_entry = decision->entry;
	return decision_put(decision, &path, &deposit, sizeof deposit);
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
