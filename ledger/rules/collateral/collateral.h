/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What secures a merchant's customers, and what it owes them (A2, A6, A8).
 *
 *   postings ──> held, exposure ──┬─> what is required (requirement.c) ──> the duty to top up (duty.c)
 *   instruments, policy, class ───┘
 *                                └──> each issuer's share (share.c) ──> its coverage (coverage.c)
 *
 * The postings are seen by collateral_follow.c, and all that follows from a change is in collateral_change.c.
 */
struct collateral {
	struct record_collateral record;
	struct record_collateral before; /* as it was loaded; all zeroes where it was not known */
	slice merchant;
	slice issuer; /* whose exposure alone changed; empty: several, or more than that */
};

/* All zeroes but for unit and merchant where nothing is known yet. NOT_FOUND with "merchant". */
enum recourse_error collateral_load(struct decision *decision, slice merchant, const struct unit *unit,
	struct collateral *collateral) RECOURSE_CHECK;

/* As it is kept; all zeroes where nothing is known. Of whom a deposit is required has a `policy_version`. */
enum recourse_error collateral_known(struct decision *decision, slice merchant, const struct unit *unit,
	struct record_collateral *record) RECOURSE_CHECK;

/*
 * After each command the core lets this file look at the postings: a deposit that moved (20x0) and prepaid value that
 * came or went (9020) are all it needs to know, so no rule can forget to say so. FIELD_LIMIT with "issuer", OVERFLOW.
 */
enum recourse_error collateral_follow(struct decision *decision) RECOURSE_CHECK;
