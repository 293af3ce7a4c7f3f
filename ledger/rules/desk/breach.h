/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_desk.h"
#include "rule/rule.h"

/*
 * Whose it was that a day passed, and that a claimant came again (D4, K): the team's that has the claim, or that its
 * person took it from; else that person's. It stays theirs, whoever has the claim later.
 */
enum recourse_error breach_count(struct decision *decision, slice id, const struct record_claim *claim,
	const struct record_breach *more);

/* Adds the other's figures. */
void breach_add(struct record_breach *sum, const struct record_breach *breach);
