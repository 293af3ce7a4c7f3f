/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Deposits (A1, A3). Commands deposit.receive, deposit.hold, deposit.release. */

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
