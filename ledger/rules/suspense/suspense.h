/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* What came in and waits (I14): receipts of nobody known, and what of the other money waits for whom. */

/*
 * A receipt of which something is left to be identified, by the entry that the field gives: NOT_FOUND, STATE_WRONG with the
 * entry after which nothing is.
 */
enum recourse_error suspense_find(
	struct decision *decision, const struct value *entry, struct record_unidentified *receipt);

/* The same of one that nobody sends back: STATE_WRONG with the entry that does. */
enum recourse_error suspense_find_free(
	struct decision *decision, const struct value *entry, struct record_unidentified *receipt);

/* The field that names one. */
#define SUSPENSE_RECEIPT                                                                                     \
	FIELD_INTEGER("receipt", 1, INT64_MAX, "the entry that recorded it, or stated its line")

/* A clock: nobody has identified it in time. The subject is its entry. */
enum recourse_error suspense_escalate(struct decision *decision, slice subject);
