/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Rounds: sharing out among the claims of a section, so that equal claims end at equal shares whenever they were decided
 * and whenever money came (B5, I10; rules/payout/README.md).
 *
 *   ROUND_DEPOSIT     the frozen deposit and what called instruments paid, by loss
 *   ROUND_LIFT        the same, where claims that a round has covered already get more; numbered apart, so that a claim
 *                     has its part of one of the former and of any of these
 *   ROUND_UNCOVERED   recovered for consumers' uncovered loss, by loss − what the scheme promises
 *   ROUND_INTEREST    recovered for adjudged interest, by loss
 */

/* A decided claim's part in all rounds of the kind, those that lift being the deposit's; whether any covers it. */
enum recourse_error round_part(struct state_view *view, const struct record_section *section, slice claim,
	enum round_kind kind, int64_t *part, bool *covered);

/* By its number, from 1 to the section's count of that series. STORE_CORRUPT. */
enum recourse_error round_read(struct state_view *view, const struct record_section *section,
	enum round_kind series, uint32_t number, struct record_round *round);

/* Puts it as the last of its series. FIELD_LIMIT with field "incident" where too many lift: each is read for a claim. */
enum { ROUND_LIFTS_MAX = 1024 };
enum recourse_error round_put(struct decision *decision, struct record_section *section,
	enum round_kind series, const struct record_round *round);

/* Takes the last of its series away: nothing was reckoned on it. The section is the caller's. */
enum recourse_error round_remove(
	struct decision *decision, struct record_section *section, enum round_kind series);

/* The losses of decided claims, in the order of their ids. */
typedef enum recourse_error round_each(void *context, int64_t loss);
enum recourse_error round_losses(
	struct state_view *view, const struct record_section *section, round_each *each, void *context);

/* ---- how far a claim has come, round by round ---- */

/* Rounds of a section: read one by one, or all at once by those who look at every claim. */
struct rounds {
	struct state_view *view;
	const struct record_section *section;
	struct record_round one;
	struct buffer cached[ROUND_SERIES];
};
enum recourse_error round_cache(struct rounds *rounds, enum round_kind kind);
void round_cache_free(struct rounds *rounds);

/*
 * What one has had, and the part of its weight that all of its cohort have come to: those that came in with the same
 * round. `cohort` is the number of the round that lifted it last, lifts counted behind the others; 0: none yet.
 */
enum { ROUND_OWN_COHORT = INT32_MAX }; /* its ruling was changed after it had its part */
struct round_standing {
	int64_t had;
	int64_t others; /* of what it weighs: a pool gave it beyond the promise, or recoveries did */
	int64_t level;
	int64_t weights;
	uint32_t cohort;
};
enum recourse_error round_follow(struct rounds *rounds, enum round_kind kind, slice claim,
	const struct record_decided *decided, struct round_standing *standing);

/*
 * The rounds by which a decided claim has its part of the pools, those before its ruling was changed first, in the order of
 * their numbers, those that lift behind the others: struct round_share.
 */
struct round_share {
	enum round_kind series;
	uint32_t number;
	struct record_part part;
};
enum recourse_error round_shares(struct state_view *view, const struct record_section *section, slice claim,
	const struct record_decided *decided, struct buffer *shares);

/* What claims have by it: not what is in the place of what later ranks gave. */
int64_t round_parts(const struct record_round *round);

/* What it weighs in rounds of that kind, and the most it may have yet. */
int64_t round_weight(const struct record_decided *decided, enum round_kind kind);
int64_t round_room(enum round_kind kind, bool bounded, int64_t weight, int64_t promised,
	const struct round_standing *standing);

/* Whether one part of the weight is above another: level ÷ weights, compared by cross products. */
bool round_above(int64_t level, int64_t weights, int64_t other_level, int64_t other_weights);

/* Whether something was ordered out for it: what is advanced for it then is covered. */
bool round_ordered(const struct record_claim *claim);

/* Of an advance that is in payments that were made: what a pool repays of it is recourse no more. */
bool round_settled(const struct record_claim *claim);
