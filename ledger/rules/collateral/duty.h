/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "rules/collateral/collateral.h"

/*
 * The duty to top up (A2, E3): it opens with the entry that leaves a merchant short of what is required, ends with the
 * one that fills the gap, and restricts the merchant when its day passes first: nothing new is sold for it and nothing
 * of its deposit is paid out. A gap that grows or shrinks keeps its day. A merchant that leaves has no such duty: its
 * exit keeps what is needed, and it sells nothing more.
 */

/* What is to be topped up: what lacks, where a deposit is required and the merchant does not leave; else zero. */
int64_t duty_gap(const struct record_collateral *record, const struct record_deposit *deposit);

/* What became of the duty is told in the entry that did it, whatever that was about. */
void duty_tell(struct decision *decision, const struct collateral *collateral, const char *what);

/* After what is required or held has changed: opens the duty or ends it, and the deposit's life with it. */
enum recourse_error duty_follow(struct decision *decision, struct collateral *collateral) RECOURSE_CHECK;

/*
 * Whether something new may be sold for the merchant. NOT_PERMITTED while it is restricted; STATE_WRONG where a deposit is
 * required of it and it leaves, or has left and lodged no new one. Once an incident has its deposit neither counts: what
 * comes then was sold before, and is taken in for the claims.
 */
enum recourse_error duty_may_sell(
	struct decision *decision, const char *field, slice merchant, const struct unit *unit) RECOURSE_CHECK;
