/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * D8: a lot has one claim that lives or was paid; others for it are linked. When that one falls, the first that was linked
 * steps in, into its own section, and waits for its ruling; where none is, the lot can be claimed anew. The sections and
 * claims that the command changes have been saved before.
 */
enum recourse_error lot_release(struct decision *decision, slice lot);

/*
 * It is that claim's, which was filed and whose list was begun: what was had elsewhere for it by the claim that fell before is
 * that one's too, and so is what is known of its evidence (take_over.h). The lot and the claim are changed and not saved.
 * `*fallen` is the claim that fell, in the arena; empty: none, or itself.
 */
enum recourse_error lot_take(struct decision *decision, struct record_entitlement *lot, slice id,
	struct record_claim *claim, slice *fallen);

/* And that claim was saved: what is not of its record follows. */
enum recourse_error lot_taken(struct decision *decision, slice fallen, slice id);

/*
 * What is kept back for a claim of it in the rounds until it is decided; for a late one when it is admitted. What is kept back
 * for the claim that the lot names, which fell, is no more: so before it takes the lot. The section is the caller's, who
 * saves it.
 */
enum recourse_error lot_reserve(struct decision *decision, struct record_section *section,
	const struct record_policy *policy, slice id, const struct record_claim *claim,
	const struct record_entitlement *lot);

/*
 * Use of it was recorded, or taken back, and it was worth `was` before: what is kept back for the claim that the lot names
 * follows, whether that waits for its ruling or was refused; in its section all is settled up then. `*incident` is the number of
 * that one; 0: nothing is kept back. The lot is the caller's to save.
 */
enum recourse_error lot_follow(
	struct decision *decision, const struct record_entitlement *lot, int64_t was, uint32_t *incident);
