/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Exposure (A8, B2): what a merchant sold of an issuer's units and nobody has used, at what it cost. It stands in
 * 9020 of (merchant, issuer, currency), against 9090, from the sale until the units are consumed or become a money
 * claim; so how it stood at any entry is in that account's history.
 */

/* What is left of a lot, in units: issued − consumed − extinguished. */
int64_t exposure_units(const struct record_entitlement *entitlement);

/* What that is worth: units × cost ÷ quantity, rounded half up, as a claim for it would be. OVERFLOW. */
enum recourse_error exposure_value(
	const struct record_entitlement *entitlement, int64_t *steps) RECOURSE_CHECK;

/* Posts what a change of the lot makes of its value, which was `before`. OVERFLOW. */
enum recourse_error exposure_post(struct decision *decision, const struct record_entitlement *entitlement,
	int64_t before) RECOURSE_CHECK;
