/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/deduction.h"

#include <assert.h>

enum recourse_error deduction_make(struct decision *decision, const struct record_incident *incident,
	const struct record_policy *policy, slice merchant, int64_t steps, uint64_t claims)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, decision->entry);
	struct record_deduction deduction = {
		.amount = steps,
		.claims = claims,
		.time = decision->time,
		.until = decision->time + (uint64_t)policy->appeal_days * INSTANT_DAY,
		.incident = incident->number,
		.merchant = incident->merchant,
		.approver = decision->actor->key,
	};
	assert(steps > 0);
	assert(claims > 0); /* A4: never without a decided claim */
	decision_fact_instant(decision, "appealable_until", deduction.until);
	TRY(decision_put(decision, &path, &deduction, sizeof deduction));
	return decision_about(decision, RECORD_DEDUCTION, merchant);
}

enum recourse_error deduction_find(
	struct decision *decision, uint64_t entry, uint32_t merchant, struct record_deduction *deduction)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, entry);
	TRY(decision_find(decision, "deduction", &path, deduction, sizeof *deduction));
	if (deduction->merchant != merchant)
		return refuse(decision, RECOURSE_NOT_FOUND, "deduction", NULL);
	return RECOURSE_OK;
}
