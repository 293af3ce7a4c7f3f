/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A ruling that leaves less of a loss than the evidence shows, or nothing. */
struct denial {
	slice reason;
	slice rule; /* empty: none was named */
	bool based; /* the hash of the ruling's text was given */
	int64_t ruled;
};

/*
 * C2: whether it may. A reason that was published as one that denies no loss may; any other waits for what is asked for, and
 * needs evidence that leaves no more than that, or a rule that the policy it was taken in by has for that reason. EVIDENCE_MISSING,
 * EVIDENCE_CONFLICT; NOT_FOUND with "rule" for another rule. What the merchant accepted is denied by such a rule alone, also
 * in part.
 */
enum recourse_error denial_check(
	struct decision *decision, slice id, const struct record_claim *claim, const struct denial *denial);

/*
 * Whether a ruling may fall for good by that reason of claim.void, which nobody appeals: one that was published as one that denies
 * no loss, such as fraud; any other where records of use leave nothing, or by such a rule. What the merchant accepted falls by such
 * a rule alone. EVIDENCE_CONFLICT; NOT_FOUND with "rule" for another rule.
 */
enum recourse_error denial_check_void(
	struct decision *decision, slice id, const struct record_claim *claim, const struct denial *denial);
