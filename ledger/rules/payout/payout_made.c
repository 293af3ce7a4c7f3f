/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/payout_made.h"

#include "rules/claims/claim.h"
#include "rules/claims/clawback.h"
#include "rules/claims/hearing.h"
#include "rules/claims/measure.h"
#include "rules/incident/section.h"
#include "rules/payout/former_order.h"
#include "rules/payout/repaid.h"
#include "rules/payout/report.h"
#include "rules/recourse/settle_up.h"

enum recourse_error payout_made(struct decision *decision, struct undo *payout)
{
	struct record_claim *claim = &payout->claim;
	struct record_section *section = &payout->section;
	const struct clawback clawback = {payout->id, payout->reference, claim, &payout->incident, section};
	int64_t amount = claim->deposit_part + claim->advance_part;
	/* of what is back: the funder bears more by it */
	const int64_t stood = settle_up_stands(section);
	claim->paid += amount;
	claim->settled_advance += claim->advance_part;
	payout->section.paid += amount;
	payout->section.settled_advance += claim->advance_part;
	TRY(repaid_follow(decision, payout, claim->settled_advance - claim->advance_part));
	payout->section.claims_paid++;
	claim->settled_entry = decision->entry;
	measure_paid(decision, &payout->section, claim);
	claim->settled_line = decision->line;
	claim->given = 0;
	TRY(hearing_follow_payment(decision, payout->id, claim));
	/* what was had elsewhere while it was under way */
	TRY(clawback_open(decision, &clawback));
	bool anew = clawback_left(claim) > 0 || stood > 0;
	TRY(settle_up_perfect(decision, &payout->incident, &payout->section, stood));
	TRY((anew ? settle_up_anew : settle_up_waiting)(decision, &payout->incident, &payout->section));
	TRY(former_order_turn(decision, payout));
	if (claim->payout == PAYOUT_RETURNED)
		TRY(report_is_back(decision, payout->id, claim));
	TRY(section_save(decision, section));
	return claim_put_about(decision, payout->id, claim);
}
