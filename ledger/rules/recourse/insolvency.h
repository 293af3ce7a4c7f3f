/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A party that is insolvent: what its liquidator has to confirm, and dividends of its estate (README.md). */

/* NOT_PERMITTED with field "recovery" and the entry of the estate, for what waits for a liquidator. */
enum recourse_error insolvency_free(
	struct decision *decision, const struct record_recovery *recovery, slice payer);

/*
 * A dividend of what the payer's estate accepted in the section; one taken back, below zero. With field "dividend": NOT_FOUND
 * where it accepted nothing, INSUFFICIENT for more than that in all.
 */
enum recourse_error insolvency_dividend(struct decision *decision, const struct record_section *section,
	const struct unit *unit, slice party, int64_t steps);
