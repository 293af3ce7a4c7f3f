/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/unneeded.h"

#include "rules/payout/waiting.h"

/* As the next approval would: the deposit first, then this cash. */
static enum recourse_error fill(struct decision *decision, const struct waiting *waiting,
	const struct waiting_row *row, struct pool_plan *plan)
{
	TRY(pool_plan_load(decision, &waiting->incident, &waiting->policy, plan));
	if (row->own)
		plan->restored = waiting->restored;
	plan->issuers_barred = row->barred;
	plan->issuers_later = row->later_due;
	return pool_plan_fill(plan, row->part, row->liftable, row->back);
}

enum recourse_error unneeded_instrument(struct decision *decision, slice reference,
	const struct record_incident *incident, const struct record_section *section)
{
	struct waiting waiting = {.count = 0};
	SCOPED(pool_plan_free) struct pool_plan plan = {.section = *section};
	size_t row = 0;
	(void)incident;
	TRY(waiting_find(decision, reference, &waiting));
	while (row < waiting.count && waiting.rows[row].party != section->party)
		row++;
	if (row == waiting.count)
		return RECOURSE_OK;
	TRY(fill(decision, &waiting, &waiting.rows[row], &plan));
	return plan.instruments == 0 ? RECOURSE_OK
				     : refuse(decision, RECOURSE_NOT_PERMITTED, "incident",
					       "money that no distribution would share out");
}
