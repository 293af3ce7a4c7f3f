/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "rules/collateral/collateral.h"

/*
 * What follows where a merchant's collateral, or what is required of it, changes: each issuer's share, the requirement,
 * the duty to top up, the issuers' coverage. Whatever changes any of it ends here.
 */

/* Keeps a record whose `instruments` or policy were changed, or `held` and `exposure`. OVERFLOW with the refusal. */
enum recourse_error collateral_change(
	struct decision *decision, struct collateral *collateral) RECOURSE_CHECK;

/*
 * The same for what changed beside the record and without a posting: an issuer's class, a deposit's life. Nothing where
 * the merchant is not known here.
 */
enum recourse_error collateral_change_refresh(
	struct decision *decision, slice merchant, const struct unit *unit) RECOURSE_CHECK;

/* What is left of the limits of the merchant's instruments in force changed by so much: see instrument.c. */
enum recourse_error collateral_change_instruments(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps) RECOURSE_CHECK;

/* The day of a duty has passed: the merchant is restricted. A clock; the subject is "unit/number of its party". */
enum recourse_error collateral_change_overdue(struct decision *decision, slice subject) RECOURSE_CHECK;
