/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Sharing out among the decided claims of an incident, by largest remainder (B5, I10). A round stores the rule
 * of its split, not a million parts: any claim's part is computed from the claim and the round alone, and does
 * not depend on when the claim was filed (ties go by the claim's id).
 *
 *   ROUND_DEPOSIT     the frozen deposit and what called instruments paid, among claims decided since the last
 *                     round, by what is approved; by the loss where the scheme is deposit-only, and the share is
 *                     what is approved
 *   ROUND_UNCOVERED   recovered for consumers' uncovered loss, by loss − approved
 *   ROUND_INTEREST    recovered for adjudged interest, by loss
 */

/*
 * Makes a round of `amount` steps, of which instruments paid `from_instruments`, and stores it. `claims` counts what it covers;
 * AMOUNT_RANGE when that is nothing.
 */
enum recourse_error round_make(struct decision *decision, struct record_incident *incident,
	enum round_kind kind, int64_t amount, int64_t from_instruments, struct record_round *round);

/*
 * A decided claim's part in the round that covers it (ROUND_DEPOSIT) or in all rounds of the kind. `*covered`
 * tells whether any does. Works on any view.
 */
enum recourse_error round_part(struct state_view *view, const struct record_incident *incident,
	slice claim_id, const struct record_claim *claim, enum round_kind kind, int64_t *part, bool *covered);

/* By its number, from 1 to the incident's count of that kind. STORE_CORRUPT. */
enum recourse_error round_read(struct state_view *view, const struct record_incident *incident,
	enum round_kind kind, uint32_t number, struct record_round *round);

/*
 * The decided claims that no round of the deposit covers yet, in the order of their ids: what each weighs in the next
 * one.
 */
typedef enum recourse_error round_each(void *context, int64_t weight);
enum recourse_error round_undistributed(
	struct state_view *view, const struct record_incident *incident, round_each *each, void *context);

/* What the scheme promises for them; where it is deposit-only, what they lost. */
int64_t round_promised(const struct record_policy *policy, const struct record_incident *incident);
