/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/collateral/instrument.h"
#include "rules/incident/round.h"

/*
 * What pools give (F1), in their ranks: of each section its merchant's deposit, then what its instruments paid, then what
 * is left of the issuer's pool, where the incident has one, shared by what is open in the sections after their own pools.
 */

/* A section whose claims are not shared out. */
struct plan {
	struct record_section section;
	struct record_round round;
	slice merchant;
	int64_t promised;
	int64_t frozen;
	int64_t deposit;     /* of which is shared out */
	int64_t instruments; /* of what their providers paid: shared out */
	int64_t from_issuer; /* of the issuer's pool */
	int64_t pool;        /* the three together */
	int64_t advance;
	struct instrument_calls calls;
};

struct waiting_row {
	slice merchant;
	int64_t open; /* of what is promised, after its own pool */
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
	struct waiting_row *rows; /* the sections that wait, in the order of the merchants' ids */
};

/* The incident, whose policy and subject the entry names, and its rows. NOT_FOUND with "incident". */
enum recourse_error waiting_find(struct decision *decision, slice id, struct waiting *waiting);

/* Fills in what there is for the plan's section, and what of it its own pool gives. */
enum recourse_error waiting_plan(struct decision *decision, const struct waiting *waiting, struct plan *plan);
