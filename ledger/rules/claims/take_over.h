/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * C2: what was held, asked of a party and answered about a lot is the lot's. A claim that becomes the lot's takes over from
 * the one that was so before, `fallen`, an empty id being none: papers, what the merchant or the issuer said or was silent
 * about, and what they were asked and have yet to answer; what the consumer was asked was another claimant's to answer. Its
 * list has been begun; it is the caller's, who saves it.
 */
enum recourse_error take_over_evidence(
	struct decision *decision, slice fallen, slice id, struct record_claim *claim);
