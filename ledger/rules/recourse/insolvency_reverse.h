/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* What this entry says of an insolvent party's money, to be taken back by. */

/* That its liquidator lets that receipt be used. */
enum recourse_error insolvency_reverse_keep_confirmed(
	struct decision *decision, slice id, const struct record_recovery *recovery);

/* That what came for its deposit by the entry `top_up` went back to its estate, out of that line. */
enum recourse_error insolvency_reverse_keep_given(struct decision *decision, uint64_t top_up, slice merchant,
	slice line, const struct record_top_up *record);
