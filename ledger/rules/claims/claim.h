/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Claims (D): filed, decided with their arithmetic shown (C3). Commands claim.file, claim.decide. */
enum recourse_error claim_find(
	struct decision *decision, slice id, struct record_claim *claim) RECOURSE_CHECK;

/* Stores it and puts the entry into the claim's index. */
enum recourse_error claim_put_about(
	struct decision *decision, slice id, struct record_claim *claim) RECOURSE_CHECK;

/* H1: SAME_PERSON when one of those keys, which had a hand in the claim before, is or was the actor's. */
enum recourse_error claim_separate(
	struct decision *decision, uint32_t first_key, uint32_t second_key) RECOURSE_CHECK;

/* What is to be done next about the claim, in words; never empty (D2). */
const char *claim_next_action(const struct record_claim *claim);
