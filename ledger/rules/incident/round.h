/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Rounds: sharing out among the decided claims of a section, by largest remainder (B5, I10).
 *
 *   ROUND_DEPOSIT     the frozen deposit and what called instruments paid, among claims decided since the last
 *                     round, by what is approved; by the loss less what was had elsewhere where the scheme is
 *                     deposit-only, and the share is what is approved
 *   ROUND_UNCOVERED   recovered for consumers' uncovered loss, by loss − elsewhere − approved
 *   ROUND_INTEREST    recovered for adjudged interest, by loss
 */

/* Stores one of `amount` steps, of which the rest is the deposit's. AMOUNT_RANGE where it covers no claim. */
enum recourse_error round_make(struct decision *decision, struct record_section *section,
	enum round_kind kind, int64_t amount, int64_t from_instruments, int64_t from_issuer,
	struct record_round *round);

/* A decided claim's part in the round that covers it (ROUND_DEPOSIT) or in all of the kind; whether any does. */
enum recourse_error round_part(struct state_view *view, const struct record_section *section, slice claim,
	enum round_kind kind, int64_t *part, bool *covered);

/* By its number, from 1 to the section's count of that kind. STORE_CORRUPT. */
enum recourse_error round_read(struct state_view *view, const struct record_section *section,
	enum round_kind kind, uint32_t number, struct record_round *round);

/* What each decided claim that no round of the deposit covers yet weighs in the next one, in the order of their ids. */
typedef enum recourse_error round_each(void *context, int64_t weight);
enum recourse_error round_undistributed(
	struct state_view *view, const struct record_section *section, round_each *each, void *context);

/* What the scheme promises for them; where it is deposit-only, what they lost. */
int64_t round_promised(const struct record_policy *policy, const struct record_section *section);
