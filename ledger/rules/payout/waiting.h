/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/collateral/instrument.h"
#include "rules/incident/sharing.h"

/*
 * What pools give (F1), in their ranks: of each section its merchant's deposit, then what its instruments paid, then what
 * is left of the issuer's pool, where the incident has one, shared by what is open in the sections after their own pools.
 */

/* A section and its pool, and everybody who has a share in that. */
struct plan {
	struct record_section section;
	slice merchant;
	int64_t frozen;
	int64_t cash; /* that instruments paid, and is not used */
	int64_t most; /* of both, and of the issuer's pool, is shared out: */
	int64_t deposit;
	int64_t instruments;
	int64_t from_issuer;
	bool held; /* by open lots: nothing goes beyond what is promised */
	amount_sum secured;
	struct instrument_calls calls;
	struct sharing sharing;
};
void plan_free(struct plan *plan);

struct waiting_row {
	slice merchant;
	int64_t open; /* of what its claims may have, after its own pool */
	int64_t part; /* that the issuer's pool gives of it */
	uint32_t party;
	uint32_t reserved;
};

struct waiting {
	struct record_incident incident;
	struct record_policy policy;
	slice reference;
	slice funder;
	size_t count;
	struct waiting_row *rows; /* the sections that have claims, in the order of the merchants' ids */
};

/* The incident, whose policy and subject the entry names, and its rows. NOT_FOUND with "incident", OVERFLOW. */
enum recourse_error waiting_find(struct decision *decision, slice id, struct waiting *waiting);

/* What there is in the pool of the plan's section, and who has a share. */
enum recourse_error plan_load(struct decision *decision, const struct waiting *waiting, struct plan *plan);

/* What may leave it before the bar date. */
enum recourse_error plan_bound(struct decision *decision, const struct waiting *waiting, struct plan *plan);
