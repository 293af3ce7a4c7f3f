/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/lift.h"
#include "rules/incident/given_back_bar.h"
#include "rules/payout/pool_plan.h"

/*
 * What pools give (F1), in their ranks: of each section its merchant's deposit, then what its instruments paid, then what
 * is left of the issuer's pool, where the incident has one, shared by what is open in the sections after their own pools.
 *
 * That is reckoned in total: a section has had something of it already, and the one that has had the lowest part of what
 * was open is lifted first. Open too is what waits for a ruling, and what can still be claimed: its part stays in the pool,
 * so that whatever is decided later, and wherever, nobody has had too much.
 *
 * What comes into a section's own pool after the issuer's gave is reckoned with as if it had been there first: so far as it
 * goes, what the section has had is split anew, and what is not its part then the issuer's pool has again.
 */

struct waiting_row {
	slice merchant;
	struct split_share
		share; /* of the issuer's pool: by what is open after its own, with what it has had and keeps */
	int64_t decided; /* of that weight: what decided claims lack by themselves, whose part alone is given */
	int64_t later_lost; /* by those claims that may have what appeals restored: ruled on since, or not yet; */
	int64_t later;      /* of which open, if its own pool has given all its claims the same part; */
	int64_t later_decided; /* of which decided */
	int64_t later_had;     /* what they have of pools; */
	int64_t later_most; /* of what the section had of the issuer's, as its own could be in the place of the rest; */
	int64_t used;      /* of which what was restored, which is beside the share */
	int64_t later_due; /* they have so much of that, or are to have it */
	uint64_t barred;   /* whoever was ruled on by then is none of them */
	int64_t yields; /* what it has had beside that: its own pool has so much now that could be in its place */
	int64_t part;        /* that the issuer's pool gives of it; */
	int64_t given_later; /* of which what appeals restored; */
	int64_t liftable; /* beside what its own pool gives, the others of its claims may have so much by it */
	int64_t back;     /* or that it has again, its own pool being in the place of that */
	uint32_t party;
	bool own;    /* the issuer's, whose claims have its pool before all others */
	bool claims; /* it has some; else what can be claimed there has a share alone */
	bool shut;   /* only its own pool gives, and that no more than the policy's interim part */
	struct record_issuers_split
		told; /* what the issuer's pool was split by: as it was before; see waiting_split() */
};

struct waiting {
	struct record_incident incident;
	struct record_policy policy;
	slice reference;
	slice funder;
	int64_t issuers;   /* in the issuer's own pool, */
	int64_t own_later; /* of which its own claims may need so much, that may have what appeals restored, */
	int64_t own_barred;        /* and that may not */
	struct given_back_bar bar; /* of what appeals restored to it */
	int64_t restored; /* that is there: later claims, of whatever section, have nothing of it yet */
	size_t count;
	struct waiting_row *rows; /* the sections that have a share, in the order of the merchants' ids */
	struct split_carry
		lifted; /* the part of its weight to which the issuer's pool lifts those that are below it */
};

/* Of rows, in the order of the merchants' ids: */
void waiting_order(struct waiting *waiting);

/*
 * Each section's part of the issuer's pool, or what that has again of it: by what the rows say is open, and by nothing else, so that
 * the audit does it again of rows that were kept (waiting_kept.h). OVERFLOW.
 */
enum recourse_error waiting_split(struct arena *arena, struct waiting *waiting);

/* The rows, split, of the incident and its policy. OVERFLOW. */
enum recourse_error waiting_share(struct decision *decision, struct waiting *waiting);

/* The incident, whose policy and subject the entry names, and its rows. NOT_FOUND with "incident", OVERFLOW. */
enum recourse_error waiting_find(struct decision *decision, slice id, struct waiting *waiting);
