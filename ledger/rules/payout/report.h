/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_payee.h"
#include "rules/payout/reason_code.h"
#include "rules/payout/report_read.h"

/* What is said of a payment between its order and its end: see README.md, "A payment's life". */

/* It came back, for that reason: of its next order it is known that it had left. The claim is the caller's, who puts it. */
enum recourse_error report_came_back(
	struct decision *decision, slice claim, struct record_claim *record, slice code);

/* The same of an earlier payment, while a later one is under way, of which nothing else is said by that. */
enum recourse_error report_beside(struct decision *decision, slice claim, struct record_claim *record);

/* That one is what is left of the claim's, as the later one was made: it came back once. */
enum recourse_error report_is_back(struct decision *decision, slice claim, struct record_claim *record);

/* One that was back, or one of several, is not. */
enum recourse_error report_not_back(struct decision *decision, slice claim, struct record_claim *record);

/* What was said of one before counts again: who calls it has filled that in. */
enum recourse_error report_said(struct decision *decision, slice claim, struct record_claim *record,
	const struct record_report *report);

/* STATE_WRONG with the entry that said that it never left, where that stands. */
enum recourse_error report_check_settled(
	struct decision *decision, slice claim, const struct record_claim *record);

/*
 * Of which order of the claim something is said. Where it is said, that is its last one, or it is STATE_WRONG with that one's
 * entry; NOT_FOUND where no payee was named. A bank's line tells it apart: the id of a payment is its order's. So it has to be said,
 * or is FIELD_MISSING, where the claim was ordered on a rail more than once, whatever became of that. With `other` it is said there
 * instead whether it is another order than that, or one that was taken back.
 */
#define REPORT_ORDER_FIELD                                                                                   \
	FIELD_WITH(INTEGER, "order", "the entry that ordered it, where that named a payee",                  \
		.optional = true, .preset = -1, .minimum = 1, .maximum = INT64_MAX)
enum recourse_error report_check_order(struct decision *decision, slice claim,
	const struct record_claim *record, const struct value *order, bool *other);

/* What is to be done about it, by its code: of one that expired it is sent again, of one that was stopped a person knows. */
enum reason_code_action report_action(const struct record_report *report);

/*
 * The account of the claim's order before it is sent again, and whether it has to be another one by now: NOT_PERMITTED with "payee"
 * where it is not, and a payment never left since this one is wrong; to one from which it came back it may be sent again. Where no payee
 * was named only the platform knows.
 */
struct report_account {
	struct record_report report;
	uint8_t account[RECORD_MARK_SIZE];
	bool known;
};
enum recourse_error report_account_before(struct decision *decision, slice claim,
	const struct record_claim *record, struct report_account *before);
enum recourse_error report_account_differs(
	struct decision *decision, slice claim, const struct report_account *before);

/* A claim is about to be put: its row says how its payment stands. */
area_claim_follower report_follow_claim;

/* The clock: nobody has asked who pays. The subject is the claim. */
area_strike report_overdue;
