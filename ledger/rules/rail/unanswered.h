/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_report.h"
#include "rules/rail/payment_batch.h"

/*
 * Payments that went out and of which who pays said nothing (F2): by their batch, so that nothing is written for one. Five days before
 * the rail can be asked no more a clock looks which they are, and each day from then on until there is none. Of what was said
 * something of payout.report has a clock of its own.
 */
enum { UNANSWERED_SPARE_DAYS = 5 };

/* The first file of a batch went out. */
enum recourse_error unanswered_begin(struct decision *decision, slice batch, const struct record_rail *rail);

/* No file of it did: there is nothing to ask. */
enum recourse_error unanswered_end(struct decision *decision, slice batch);

/*
 * The claim's payment is again as it went out, since what was said of it was taken back: it is looked for from a day on. Nothing
 * where it is by hand, did not go out, or something else is said of it.
 */
enum recourse_error unanswered_again(
	struct decision *decision, slice claim, const struct record_claim *record);

/* The clock. The subject is the batch. */
area_strike unanswered_strike;
