/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/undo.h"

/*
 * The claim's payment was made by this entry, whose line was attested: its parts are the claimant's, what was advanced of it is recourse,
 * and what it had elsewhere meanwhile is asked back. The claim's states are the caller's; all is saved.
 */
enum recourse_error payout_made(struct decision *decision, struct undo *payout);
