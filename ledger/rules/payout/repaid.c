/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/repaid.h"

#include "books/record_hearing.h"
#include "rules/claims/hearing.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/payout/advanced.h"

/* What was ordered of the claim's advance, or is in payments that were made, less what of that is advanced still. */
static enum recourse_error reckon(struct decision *decision, const struct undo *undo, int64_t *steps)
{
	const struct record_claim *claim = &undo->claim;
	const struct record_path path = weight_path(&undo->section, undo->id);
	struct record_hearing hearing = {.top_up_advance = 0};
	struct record_decided decided;
	struct weight_standing weight;
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	TRY(weight_standing(decision, &undo->section, undo->id, &weight));
	if (claim->hearing == HEARING_TOP_UP)
		TRY(hearing_load(decision->state, undo->id, claim, &hearing));
	int64_t advanced = advanced_of(claim, decided.approved, weight.part);
	*steps = advanced_ordered(claim) - (advanced - hearing.top_up_advance);
	return RECOURSE_OK;
}

enum recourse_error repaid_follow(struct decision *decision, struct undo *undo, int64_t before)
{
	bool settled = round_settled(&undo->claim);
	int64_t steps;
	if (settled == (before > 0) || undo->section.repaid == 0)
		return RECOURSE_OK;
	TRY(reckon(decision, undo, &steps));
	undo->section.repaid_settled += settled ? steps : -steps;
	return RECOURSE_OK;
}
