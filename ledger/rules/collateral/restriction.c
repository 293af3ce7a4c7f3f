/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/restriction.h"

#include "rules/collateral/collateral_change.h"
#include "rules/collateral/duty.h"

enum recourse_error restriction_begin(struct decision *decision, slice subject)
{
	struct collateral collateral;
	struct unit unit;
	slice merchant;
	TRY(clock_subject_read_party(decision, subject, &unit, &merchant));
	TRY(collateral_load(decision, merchant, &unit, &collateral));
	if (collateral.record.duty == 0 || decision->time < collateral.record.due)
		return refuse_state(decision, "subject", "no duty");
	collateral.record.restricted = decision->entry;
	duty_tell(decision, &collateral, "restricted");
	TRY(collateral_change(decision, &collateral));
	return decision_about(decision, RECORD_PARTY, merchant);
}
