/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/collateral/instrument.h"
#include "rules/incident/sharing.h"

/* A section and its pool, and everybody who has a share in that. */
struct pool_plan {
	struct record_section section;
	slice merchant;
	uint64_t
		barred; /* who was ruled on by this entry had what was restored to its own, and may not have it again */
	int64_t frozen;
	int64_t cash;     /* that instruments paid, and is not used */
	int64_t restored; /* by appeals, of both: for later claims than had it, and none has it yet */
	int64_t instead;  /* of which: can be in the place of what later claims have of the issuer's pool */
	int64_t beyond; /* later claims have so much more of all ranks than was restored to its own; below zero: less */
	int64_t issuers_later; /* they are to have so much of what was restored to the issuer's, which is for no others either */
	int64_t replaced_later; /* by filling: and is, and the issuer's has that again, */
	int64_t passed_on;      /* or others of its claims have it */
	int64_t later;          /* by filling: of what was restored, to those who may have it */
	uint64_t
		issuers_barred; /* of what they restored to the issuer's pool nobody has anything that was ruled on by then */
	int64_t most; /* of both, and of the issuer's pool, is shared out: */
	int64_t deposit;
	int64_t instruments;
	int64_t from_issuer;
	bool held; /* by open lots: nothing goes beyond what is promised */
	amount_sum secured;
	struct instrument_calls calls;
	struct sharing sharing;
};
void pool_plan_free(struct pool_plan *plan);

/* What there is in the pool of the plan's section, and who has a share. */
enum recourse_error pool_plan_load(struct decision *decision, const struct record_incident *incident,
	const struct record_policy *policy, struct pool_plan *plan);

/* What may leave it before the bar date. */
enum recourse_error pool_plan_bound(struct decision *decision, const struct record_incident *incident,
	const struct record_policy *policy, struct pool_plan *plan);

/*
 * A round of it, in ranks: the section's own pool first, what that keeps for claims that are not decided staying in it; and of the
 * issuer's what is for those that are, and for them alone: the others' part has stayed there. `liftable` of that is for claims that
 * are barred; `back` the issuer's has again.
 */
enum recourse_error pool_plan_fill(
	struct pool_plan *plan, int64_t from_issuer, int64_t liftable, int64_t back);
