/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/undo.h"

/*
 * A claim that was refused, or ruled on and not ordered to be paid, waits for its ruling again, which its appeal gives it in
 * the same entry: nothing surfaced, nobody is heard anew, and the excuse of one that came late is
 * accepted with it. STATE_WRONG, NOT_PERMITTED with "claim".
 */
enum recourse_error reopen_for_appeal(
	struct decision *decision, struct undo *undo, const struct record_policy *policy);
