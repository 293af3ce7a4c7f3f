/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Deposits (A1, A3). Commands deposit.receive, deposit.hold, deposit.release. */

/* Posts money that becomes the merchant's while that incident has its deposit, which the entry names. */
enum recourse_error deposit_freeze(struct decision *decision, uint32_t incident, slice merchant,
	const struct unit *unit, int64_t steps) RECOURSE_CHECK;

/*
 * Posts money that becomes the merchant's: available; frozen while an incident has its deposit frozen (B1); held with
 * the rest while it leaves (A5).
 */
enum recourse_error deposit_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps) RECOURSE_CHECK;

/*
 * Money that was taken from a deposit becomes the merchant's again: available, frozen where an incident has the deposit,
 * held where the merchant leaves. May name an exit's policy in the entry.
 */
enum recourse_error deposit_restore(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t steps) RECOURSE_CHECK;

/* A hold's time has come: what is left of it is released. The subject is the hold's id. */
enum recourse_error deposit_hold_expired(struct decision *decision, slice hold) RECOURSE_CHECK;

/*
 * What an incident freezes (B1): what the merchant has in its currency now, available, held by an exit or set apart for
 * a withdrawal; what comes while the incident lasts is frozen when it comes (deposit.c). A follower: see area.h.
 */
enum recourse_error freeze_deposit(struct decision *decision, const struct record_incident *incident,
	slice id, slice merchant) RECOURSE_CHECK;

/* The same of a withdrawal: what was set apart and not paid is frozen with the rest, under `reference`. */
enum recourse_error withdrawal_freeze(
	struct decision *decision, slice merchant, const struct unit *unit, slice reference) RECOURSE_CHECK;
