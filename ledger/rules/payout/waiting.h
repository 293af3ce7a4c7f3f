/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/payout/pool_plan.h"

/*
 * What pools give (F1), in their ranks: of each section its merchant's deposit, then what its instruments paid, then what
 * is left of the issuer's pool, where the incident has one, shared by what is open in the sections after their own pools.
 */

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
