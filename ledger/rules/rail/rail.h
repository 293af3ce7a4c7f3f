/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_rail.h"
#include "proof/payment_id.h"
#include "rule/rule.h"

/*
 * Rails (F8): how a custodian is told to pay, and what is known of what it answers, as published data: see README.md. Command
 * rail.publish; queries rail.list, rail.show.
 */
enum { RAIL_LINES_MAX = 1000000, RAIL_DAYS_MAX = 3660, RAIL_HOURS_MAX = 24 * 366 };
extern const char *const rail_kinds[];
extern const char *const rail_group_statuses[]; /* of enum rail_group_status */ /* by enum rail_kind */

struct record_path rail_path(slice rail);

/* The rail of that name, all zeroes where none was published. */
enum recourse_error rail_read(struct state_view *view, slice id, struct record_rail *rail, bool *there);

/* What the payment that this entry ordered is called: see payment_id.h. */
enum recourse_error rail_payment_id(struct state_view *view, slice id, const struct record_rail *rail,
	uint64_t number, char text[static PAYMENT_ID_MAX + 1]);
