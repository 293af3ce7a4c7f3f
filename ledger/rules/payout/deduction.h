/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Deductions (A4): what a distribution took from a merchant's frozen deposit for decided claims. Nothing else takes
 * from a deposit what its merchant does not get. A deduction is named by the entry that made it.
 *
 *   deduction   entry                      ->  record_deduction
 *   about       deduction merchant entry       the merchant's deductions in their order
 */

/* Keeps what this entry deducts, above zero and for at least one claim; the window of the policy begins. */
enum recourse_error deduction_make(struct decision *decision, const struct record_incident *incident,
	const struct record_policy *policy, slice merchant, int64_t steps, uint64_t claims) RECOURSE_CHECK;

/*
 * The merchant's own deduction. NOT_FOUND with field "deduction", the same for another merchant's, for an entry that
 * deducted nothing and for one that is not there: nobody learns what concerns others.
 */
enum recourse_error deduction_find(struct decision *decision, uint64_t entry, uint32_t merchant,
	struct record_deduction *deduction) RECOURSE_CHECK;
