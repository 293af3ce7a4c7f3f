/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Limits (H2), as control.publish says them: up to which amount one person decides alone, for a command at a time, in a
 * day (UTC), or in an incident. What exceeds one waits as a proposal for so many other people. A command's amount is
 * its largest posting in the limit's unit, of money or to a memo account.
 */

/*
 * Raises `*approvals` to what the limits ask for the settled decision. Where they ask for nothing it counts against
 * the limits of the day and of the incident.
 */
enum recourse_error limits_check(
	struct decision *decision, slice command, uint32_t *approvals) RECOURSE_CHECK;

/* Counts a command that was carried out after all, by approval. */
enum recourse_error limits_count(struct decision *decision, slice command) RECOURSE_CHECK;

/* What limits count of a decision: its largest posting, with its unit; of units of consumption none. 0 where there is none. */
int64_t limits_amount(const struct decision *decision, struct unit *unit);
