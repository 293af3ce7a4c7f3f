/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/undo.h"
#include "rules/incident/weight.h"

/*
 * A claim that was ordered out or paid is ruled on for more (README.md): its loss is that from here on. What is out is its own first,
 * of which so much less is asked back. What the scheme promises beyond that and what it promised before is advanced at once, and
 * ordered out with the claim's next payout. Pools lift it by their next round. The ruling is the actor's, and the claim whose it was.
 * NOT_PERMITTED with "claim"; OVERFLOW.
 */
enum recourse_error top_up_make(struct decision *decision, slice id, int64_t loss);

/*
 * What the scheme promises of the claim's loss is advanced, as far as that is more than what was promised before, or is out. What is
 * promised of one that was not ordered out is ordered out whole. The caller saves the claim with its section. OVERFLOW.
 */
enum recourse_error top_up_promise(struct decision *decision, struct undo *undo,
	const struct weight_standing *before, int64_t *advanced);

/*
 * It is ordered out by this entry: with what later rounds gave beyond `paid`, of which `pool` is its part of the pools. The
 * parts of the claim's payout are set.
 */
enum recourse_error top_up_order(struct decision *decision, struct record_section *section, slice id,
	struct record_claim *claim, int64_t pool);

/* That payout never left, of which so much is still advanced: it is to be ordered out again. */
enum recourse_error top_up_cancel(struct decision *decision, struct record_section *section, slice id,
	struct record_claim *claim, int64_t advanced);
