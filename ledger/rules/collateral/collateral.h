/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What secures a merchant's customers, and what it owes them (A2, A6, A8): README.md says what follows from what, and
 * collateral_change() lets it follow.
 */
struct collateral {
	struct record_collateral record;
	struct record_collateral before; /* as it was loaded; all zeroes where it was not known */
	slice merchant;
	slice issuer; /* whose exposure alone changed; empty: several, or more than that */
};

/* All zeroes but for unit and merchant where nothing is known yet. NOT_FOUND with "merchant". */
enum recourse_error collateral_load(
	struct decision *decision, slice merchant, const struct unit *unit, struct collateral *collateral);

/* As it is kept; all zeroes where nothing is known. Of whom a deposit is required has a `policy_version`. */
enum recourse_error collateral_known(
	struct decision *decision, slice merchant, const struct unit *unit, struct record_collateral *record);

/* Follows all postings: no rule can forget to say what it moved. FIELD_LIMIT with "issuer", OVERFLOW. */
enum recourse_error collateral_follow(struct decision *decision);

/* Keeps a record whose `instruments` or policy were changed, or `held` and `exposure`. OVERFLOW with the refusal. */
enum recourse_error collateral_change(struct decision *decision, struct collateral *collateral);

/*
 * The same for what changed beside the record and without a posting: an issuer's class, a deposit's life. Nothing where
 * the merchant is not known here.
 */
enum recourse_error collateral_change_refresh(
	struct decision *decision, slice merchant, const struct unit *unit);

/*
 * How much a merchant has to lodge (A2): policy data, whose presets are those of the rules for single-purpose prepaid
 * cards. Each part is rounded up, so that never less is asked for than the ratio says.
 */
extern const char *const requirement_class_names[];

/* The version that a merchant is under: all zeroes where its record names none. */
enum recourse_error requirement_of(
	struct state_view *view, const struct record_collateral *record, struct record_requirement *policy);

/* All zeroes where nobody classified the issuer. */
enum recourse_error requirement_class(struct state_view *view, slice issuer, struct record_class *record);

/* Adding up what is required of a merchant: what the policy asks for by itself, each issuer, and what is offset. */
enum recourse_error requirement_add(struct state_view *view, const struct record_requirement *policy,
	slice issuer, int64_t exposure, int64_t *gross);

/* Fills in what is `required`, of the record's `gross`. OVERFLOW. */
enum recourse_error requirement_close(
	const struct record_requirement *policy, struct record_collateral *record);

/* The duty to top up (A2, E3): what lacks of what is required; nothing where the merchant leaves: its exit keeps what is needed. */
int64_t duty_gap(const struct record_collateral *record, const struct record_deposit *deposit);

/* After what is required or held has changed: opens the duty or ends it, and the deposit's life with it. */
enum recourse_error duty_follow(struct decision *decision, struct collateral *collateral);

/* Its day has passed: the merchant is restricted. A clock; the subject is "unit/number of its party". */
enum recourse_error duty_overdue(struct decision *decision, slice subject);

/*
 * Whether something new may be sold for the merchant. NOT_PERMITTED while it is restricted; STATE_WRONG where a deposit is
 * required of it and it leaves, or has left and lodged no new one. Once an incident has its deposit neither counts: what
 * comes then was sold before, and is taken in for the claims.
 */
enum recourse_error duty_may_sell(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit);

/* An issuer's part of what secures a merchant (A8), who owes so much to its holders: rounded down. */
void share_of(const struct record_collateral *record, int64_t exposure, struct record_share *share);

/* Keeps the part, and the issuer's sums, where it is another than before. OVERFLOW. */
enum recourse_error share_put(
	struct decision *decision, const struct collateral *collateral, slice issuer, int64_t exposure);

/* Adds to the issuer's sums what the merchant owes its holders more, and by what its part is more. OVERFLOW. */
enum recourse_error share_add(struct decision *decision, const struct collateral *collateral, slice issuer,
	int64_t exposure, const struct record_share *share);

/* Exposure (A8, B2): what is left of a lot, in units: issued − consumed − extinguished. */
int64_t exposure_units(const struct record_entitlement *entitlement);

/* What that is worth: units × cost ÷ quantity, rounded half up, as a claim for it would be. OVERFLOW. */
enum recourse_error exposure_value(const struct record_entitlement *entitlement, int64_t *steps);

/* Counts so many lots, and what is left of them, into the batch of that lot; nothing where it is of none. */
enum recourse_error batch_add(struct decision *decision, const struct record_entitlement *entitlement,
	uint64_t lots, int64_t steps);

/* Posts what a change of the lot makes of its value, which was `before`, and counts it into its batch. OVERFLOW. */
enum recourse_error exposure_post(
	struct decision *decision, const struct record_entitlement *entitlement, int64_t before);

/* Early warning (A8): the coverage of an issuer, over all merchants and channels. */
enum { COVERAGE_RATIO_MAX = 100000000 /* 1,000,000.00 %: more than that is shown as that */ };

struct coverage {
	struct record_issuer record;
	struct record_warning warning; /* the thresholds published for its unit */
	int64_t cash;                  /* that counts */
	int64_t uncounted;             /* lodged, and not covering anything now */
	uint64_t ratio; /* hundredths of a percent, rounded down; COVERAGE_RATIO_MAX where nothing is owed */
	uint32_t level; /* how many thresholds it is below; 0 where nothing is owed */
};

/* The thresholds published for a unit; version 0, and none of them, where nothing was. */
enum recourse_error coverage_warning(struct state_view *view, slice unit, struct record_warning *warning);

/* As things stand at `now`; record and thresholds are filled already. */
enum recourse_error coverage_measure(
	struct state_view *view, struct arena *arena, slice issuer, uint64_t now, struct coverage *coverage);

/* After something of an issuer changed: sets the clocks that its coverage asks for. */
enum recourse_error coverage_follow(struct decision *decision, slice issuer, const struct unit *unit);

/* After a custodian's standing changed: all issuers in that unit are looked at, step by step. */
enum recourse_error coverage_custody_changed(struct decision *decision, const struct unit *unit);

/* A clock: looks at an issuer. The subject is "unit/number of the issuer's party". */
enum recourse_error coverage_watched(struct decision *decision, slice subject);

/* The name of a level, borrowed; "none" for 0, "unpublished" where there is no such threshold. */
slice coverage_level_name(const struct record_warning *warning, uint32_t level);

/* What a command means for many merchants or issuers is done by a clock, some at a time: no command's cost grows. */
enum sweep_kind {
	SWEEP_MERCHANTS, /* the shares of an issuer: what is required of each merchant is computed again */
	SWEEP_ISSUERS,   /* all issuers: coverage is looked at */
};

/* Rows for each strike of the clock: a duty of each, with the longest ids, fits one entry. */
enum { SWEEP_STEP = 48 };

/* Over the rows that begin with `prefix`: RECORD_SHARE issuer, or RECORD_ISSUER. One for an entry. */
enum recourse_error sweep_begin(struct decision *decision, enum sweep_kind kind, slice prefix);

/* Whether a sweep has yet to come to the row of that key. */
enum recourse_error sweep_awaits(struct state_view *view, slice key, bool *awaits);

/* A clock: the next rows. The subject is the number of the entry that began it. */
enum recourse_error sweep_step(struct decision *decision, slice subject);

/* What secures a merchant as readers see it, in reports and in merchant.brief. */
struct secured {
	struct record_collateral record;
	struct record_signal signal; /* zeroes: there is none */
	struct record_texts feared;
	slice merchant;
	const char *standing;
};
enum { COLLATERAL_VIEW_COLUMNS = 20 };
extern const struct recourse_column collateral_view_columns[COLLATERAL_VIEW_COLUMNS];

/* `record` is filled already. */
enum recourse_error collateral_view_read(struct query *query, struct secured *view);

/* How much, when, whether it was paid. */
struct withdrawn {
	uint64_t entry; /* that requested it */
	struct record_withdrawal record;
	uint64_t open_since; /* 0: it is not */
};
enum { COLLATERAL_VIEW_WITHDRAWAL_COLUMNS = 8 };
extern const struct recourse_column collateral_view_withdrawal_columns[COLLATERAL_VIEW_WITHDRAWAL_COLUMNS];

/* By the entry. QUERY_NOT_FOUND. */
enum recourse_error collateral_view_read_withdrawal(
	struct query *query, uint64_t entry, struct withdrawn *view);
