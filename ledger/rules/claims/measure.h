/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_desk.h"
#include "rule/rule.h"

/*
 * How claims are seen to, in figures (D4, K; rules/desk/README.md). What is booked in bulk, the first answer, the
 * first payment and a claim that begins anew, is counted in the section, which is the caller's, as the claim is; the
 * rest in a row of the incident. All of it follows the claim where that is moved, so that each figure is the sum over
 * the claims of its incident.
 */
void measure_filed(const struct decision *decision, struct record_claim *claim);

/* Its lot's claim before, by its id: one that was given up was to go on, and begins anew. Empty: there was none. */
enum recourse_error measure_restart(
	struct decision *decision, slice fallen, struct record_section *section, struct record_claim *claim);

/* Somebody spoke to its claimant, or it was ruled on; something of it was paid. The first time counts. */
void measure_answered(
	const struct decision *decision, struct record_section *section, struct record_claim *claim);
void measure_paid(
	const struct decision *decision, struct record_section *section, struct record_claim *claim);

/* No bank made that payment: what it was the first of is yet to come. */
void measure_unpaid(struct record_section *section, struct record_claim *claim);

/* Its figures are of that section's incident no more; from now on. */
enum recourse_error measure_leave(struct decision *decision, slice id, const struct record_claim *claim,
	struct record_section *section);
enum recourse_error measure_enter(struct decision *decision, slice id, const struct record_claim *claim,
	struct record_section *section);

/* What was `before` is `after` by now, of one of an incident's claims. NULL: nothing. */
enum recourse_error measure_change(struct decision *decision, uint32_t incident,
	const struct record_measure *before, const struct record_measure *after);

/* ---- for whoever adds them up ---- */

/* A claim's own, by its records; of the desk's alone. */
enum recourse_error measure_of(
	struct state_view *view, slice id, const struct record_claim *claim, struct record_measure *measure);
void measure_of_desk(const struct record_desk *desk, struct record_measure *measure);

/* Adds `times` that much. */
void measure_add(struct record_measure *sum, const struct record_measure *measure, int64_t times);
void measure_add_claim(struct record_section *section, const struct record_claim *claim, int64_t times);
