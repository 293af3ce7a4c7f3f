/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "rules/collateral/collateral.h"

/*
 * What of a merchant's collateral is each issuer's (A8). A merchant that sells for several secures each with a part of
 * its deposit: pro rata by exposure, rounded down, so that nothing counts twice. An issuer's record adds them up over its merchants, and the cash by who keeps it.
 */

/* The part of an issuer, to whose holders the merchant owes so much. */
void share_of(const struct record_collateral *record, int64_t exposure, struct record_share *share);

/* Keeps the part, and the issuer's sums, where it is another than before. OVERFLOW. */
enum recourse_error share_put(struct decision *decision, const struct collateral *collateral, slice issuer,
	int64_t exposure) RECOURSE_CHECK;

/* Adds to the issuer's sums what the merchant owes its holders more, and what of the merchant's is its part more. OVERFLOW. */
enum recourse_error share_add(struct decision *decision, const struct collateral *collateral, slice issuer,
	int64_t exposure, const struct record_share *share) RECOURSE_CHECK;
