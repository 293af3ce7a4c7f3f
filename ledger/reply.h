/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log.h"
#include "base/refusal.h"
#include "store/state.h"

/*
 * The reply to a submit, read back from the ledger: from the request's record, the entries it made, and the
 * balances as they were after each. The first reply and every repetition are made the same way, so they are the
 * same (H5).
 *
 * Appends one item to `out`. In mode `all` a refused request returns its refusal's error instead.
 */
enum recourse_error reply_build(struct state_view *state, struct log_snapshot *log, uint64_t request,
	bool all, bool brief, struct buffer *out, struct recourse_refusal *refusal) RECOURSE_CHECK;
