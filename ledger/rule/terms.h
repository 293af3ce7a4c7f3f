/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/command.h"

/* Published terms: units and policies (E1, C1). Commands unit.define, policy.publish. */

/* A published version. NOT_FOUND with field "policy". */
enum recourse_error terms_policy(
	struct decision *decision, slice policy, uint32_t version, struct record_policy *record);

/* B5: what the scheme promises of a loss, rounded down; 0 where it is deposit-only. STORE_CORRUPT for no scheme. */
enum recourse_error terms_promise(const struct record_policy *policy, int64_t loss, int64_t *promised);

/*
 * E3: the instant by which a claim is decided that waits for it from now on, by the policy's hours, or by its days and
 * calendar; counted in days it is a fact of the entry, since the calendar may be published anew. OVERFLOW.
 */
enum recourse_error terms_decision_due(
	struct decision *decision, const struct record_policy *policy, uint64_t *due);

/* The same of what is to be paid, sent again or asked back from that instant on. It is no fact. */
enum recourse_error terms_payout_due(
	struct decision *decision, const struct record_policy *policy, uint64_t from, uint64_t *due);

/* WINDOW_CLOSED with the field for an instant that is more than so many days ahead. */
enum recourse_error terms_within(
	struct decision *decision, const char *field, uint64_t instant, int64_t days);

extern const char *const terms_scheme_names[];
extern const char *const terms_silence_names[]; /* by enum policy_silence */
extern const char *const terms_freeze_names[];
extern const char *const terms_waterfall_names[];
