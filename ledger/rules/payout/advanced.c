/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/advanced.h"

#include "base/amount.h"
#include "books/life.h"

int64_t advanced_ordered(const struct record_claim *claim)
{
	bool made = claim->payout == PAYOUT_SETTLED;
	return claim->settled_advance + (made ? claim->back_advance : record_claim_ordered_advance(claim));
}

int64_t advanced_of(const struct record_claim *claim, int64_t promised, int64_t pool)
{
	int64_t due = amount_beyond(promised, pool);
	int64_t excess = amount_beyond(record_claim_out(claim), pool + due);
	return amount_most(due, amount_least(due + excess, amount_beyond(advanced_ordered(claim), 0)));
}
