/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/settle_up.h"

/*
 * So much of what a party was paid too much in that section, at most all of that, given up or not, comes back: it was not paid out
 * then, and what is whose is reckoned anew. `repaid`: what of it is which. The section is the caller's, who saves it, and so is the
 * money's other side.
 * Nothing, where what is due to it is set against all that it had paid itself: what it pays then is no more of that.
 */
enum recourse_error paid_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, int64_t steps, struct record_repaid *repaid,
	struct settled *settled);

/*
 * Of what it pays back, so much it had paid itself: of all of it, all that is not there any more; what it was paid beside is due to
 * it.
 */
static inline int64_t paid_back_own(const struct record_liability *liability, int64_t steps)
{
	int64_t gone = liability_own_gone(liability);
	return steps == liability->shortfall ? gone : amount_least(gone, steps);
}
