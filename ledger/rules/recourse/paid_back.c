/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/paid_back.h"

/* What was not given up comes back first; what comes of the rest was. */
static enum recourse_error take_up(struct decision *decision, const struct record_section *section,
	slice party, int64_t off, struct record_repaid *repaid)
{
	struct record_liability liability;
	TRY(liability_row(decision, "party", section, party, &liability));
	repaid->reinstated = amount_beyond(off, liability.shortfall_off);
	if (repaid->reinstated == 0)
		return RECOURSE_OK;
	liability.shortfall_given_up -= repaid->reinstated;
	return liability_put(decision, section, party, &liability);
}

enum recourse_error paid_back(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, int64_t steps, struct record_repaid *repaid,
	struct settled *settled)
{
	struct record_liability liability;
	TRY(liability_row(decision, "party", section, party, &liability));
	const int64_t off = liability.shortfall_off;
	repaid->own = paid_back_own(&liability, steps);
	section->returned -= steps;
	TRY(liability_pay_back(decision, section, party, &liability, steps, repaid->own));
	TRY(settle_up(decision, incident, section, settled));
	repaid->shortfall = steps;
	return take_up(decision, section, party, off, repaid);
}
