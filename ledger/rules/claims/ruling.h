/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* A ruling for a claim that another command than claim.decide comes to: by consent, or by the judgment of an appeal. */
struct ruling {
	int64_t loss;     /* that is ruled; 0: what the lot shows */
	slice reason;     /* empty: none, which only what the lot shows can do without */
	slice basis;      /* 32 bytes: SHA-256 of its text */
	uint32_t decider; /* keys: whose ruling it is, */
	uint32_t owner;   /* and who sees to the claim from then on */
	bool stays; /* in an incident that stands, whatever was declared meanwhile: it was ruled on before */
};

/*
 * Makes it: nothing of it can be contested any more. Who may is the caller's. As claim.decide refuses: STATE_WRONG,
 * EVIDENCE_MISSING, EVIDENCE_CONFLICT, AMOUNT_RANGE, WINDOW_CLOSED, OVERFLOW.
 */
enum recourse_error ruling_make(struct decision *decision, slice id, const struct ruling *ruling);

/*
 * What it would come to: refused as that would be, but changing nothing; `*shown` is what the lot shows, `*loss` what would
 * be ruled, by `amount` where one is given. The arithmetic is shown in the entry.
 */
enum recourse_error ruling_figure(struct decision *decision, slice id, const struct record_claim *claim,
	const struct value *amount, int64_t *shown, int64_t *loss);
