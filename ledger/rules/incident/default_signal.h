/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Signs of default (A3): from the entry that raises one until it is cleared or expires, nothing of the merchant's is
 * paid out, neither a withdrawal nor an exit's refund, in any currency. One at a time for a merchant.
 *
 *   u merchant  ->  record_signal
 *
 * Commands signal.raise, signal.clear.
 */

/* That error with the field and the signal's entry, where one stands. */
enum recourse_error default_signal_none(
	struct decision *decision, enum recourse_error error, const char *field, slice merchant);

/* QUERY_NOT_FOUND where none stands. */
enum recourse_error default_signal_read(
	struct state_view *view, slice merchant, struct record_signal *signal);

/* A clock. The subject is the merchant. */
enum recourse_error default_signal_expired(struct decision *decision, slice merchant);
