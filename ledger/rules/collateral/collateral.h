/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLATERAL_H
#define COLLATERAL_H

#include "books/record_collateral.h"
#include "rule/decision.h"

/*
 * What secures a merchant's customers, and what it owes them (A2, A6, A8). After each command the core lets this
 * file look at the postings: a deposit that moved (20x0) and prepaid value that came or went (9020) are all it needs
 * to know, so no rule can forget to say so.
 *
 *   postings ──> held, exposure ──┬─> what is required (requirement.c) ──> the duty to top up (duty.c)
 *   instruments, policy, class ───┘
 *                                └──> each issuer's share ──> its coverage (coverage.c)
 *
 *   S merchant unit            ->  record_collateral
 *   y issuer unit merchant     ->  record_share       what of it is the issuer's
 *   e issuer unit              ->  record_issuer      added up over merchants
 *   f issuer unit custodian    ->  steps              the cash of it, by who keeps it
 *
 * A merchant that sells for several issuers secures each with a part of its deposit: pro rata by exposure, rounded
 * down, so that nothing counts twice.
 */
struct collateral {
	struct record_collateral record;
	struct record_collateral before; /* as it was loaded */
	slice merchant;
	slice issuer; /* whose exposure alone changed; empty: several, or more than that */
};

struct record_path collateral_path(slice merchant, slice unit);
struct record_path collateral_share_path(slice issuer, slice unit, slice merchant);
struct record_path collateral_issuer_path(slice issuer, slice unit);

/* All zeroes but for unit and merchant where nothing is known yet. NOT_FOUND with "merchant". */
enum recourse_error collateral_load(struct decision *decision, slice merchant, const struct unit *unit,
	struct collateral *collateral) RECOURSE_CHECK;

/*
 * Keeps it, with all that follows: shares, what is required, the duty, coverage. Call it after changing `instruments`
 * or the policy of the record.
 */
enum recourse_error collateral_save(struct decision *decision, struct collateral *collateral) RECOURSE_CHECK;

/*
 * The same for what changed beside the record and without a posting: an issuer's class, a deposit's life. Nothing where
 * the merchant is not known here.
 */
enum recourse_error collateral_refresh(
	struct decision *decision, slice merchant, const struct unit *unit) RECOURSE_CHECK;

/* What is left of the limits of the merchant's instruments in force changed by so much: see instrument.c. */
enum recourse_error collateral_instruments(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps) RECOURSE_CHECK;

/* What of a merchant's security is an issuer's, to whose holders the merchant owes so much. */
void collateral_share(const struct record_collateral *record, int64_t exposure, struct record_share *share);

/* For the core, when balances have moved. FIELD_LIMIT with "issuer", OVERFLOW. */
enum recourse_error collateral_follow(struct decision *decision) RECOURSE_CHECK;

/* NOT_PERMITTED with the field, and the entry that restricted the merchant: it has not topped up in time (A2). */
enum recourse_error collateral_unrestricted(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit) RECOURSE_CHECK;

/* Whether a deposit of so much is required: it is under a policy. */
enum recourse_error collateral_required(
	struct decision *decision, slice merchant, const struct unit *unit, bool *required) RECOURSE_CHECK;

#endif
