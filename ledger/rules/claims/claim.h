/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Claims (D). */
enum recourse_error claim_find(struct decision *decision, slice id, struct record_claim *claim);

/* Stores it and puts the entry into the claim's index. */
enum recourse_error claim_put_about(struct decision *decision, slice id, struct record_claim *claim);

/* Before it is put: one that was closed, and of which something is to be done again, is closed no more. */
enum recourse_error claim_open_again(struct decision *decision, slice id, struct record_claim *claim);

/* Before it was ruled on: its lot can be claimed anew. STATE_WRONG, NOT_FOUND. */
enum recourse_error claim_withdraw(struct decision *decision, slice id);

/* H1: SAME_PERSON when one of those keys, which had a hand in the claim before, is or was the actor's. */
enum recourse_error claim_separate(struct decision *decision, uint32_t first_key, uint32_t second_key);

/* What of them is in the way of closing an incident. */
area_blockers_walker claim_blockers;

/* Whether it waits for a ruling, in its own name. */
bool claim_undecided(const struct record_claim *claim);

extern const char *const claim_channel_names[];

/* Whether somebody is to do something about it: later rounds may have given a claim more that is paid. */
enum recourse_error claim_waits(
	struct state_view *view, slice id, const struct record_claim *claim, bool *waits);

/* Entitlements (C1, C2): prepaid units, a lot each. */
enum recourse_error entitlement_find(
	struct decision *decision, const char *field, slice id, struct record_entitlement *entitlement);
enum recourse_error entitlement_save(
	struct decision *decision, slice id, const struct record_entitlement *entitlement);

/* Moves that many of its units between two accounts of its issuer. */
enum recourse_error entitlement_post_units(struct decision *decision,
	const struct record_entitlement *entitlement, enum chart_code debit, enum chart_code credit,
	int64_t steps);

/* What entitlement.reverse takes back: evidence of use, and what was known before it. */
enum recourse_error entitlement_reverse_keep(struct decision *decision, slice id,
	const struct record_entitlement *before, const struct record_entitlement *after);

/* Turns what remains into a money claim: nothing of it can be consumed any more. */
enum recourse_error entitlement_extinguish(
	struct decision *decision, slice id, struct record_entitlement *entitlement);

/* The other way round, where the ruling that did it is undone: it is outstanding again. */
enum recourse_error entitlement_revive(
	struct decision *decision, slice id, struct record_entitlement *entitlement);

extern const char *const entitlement_evidence_names[]; /* by enum evidence_state */
