/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APPEAL_CHECK_H
#define APPEAL_CHECK_H

#include "books/record_incident.h"
#include "audit/replay.h"

/*
 * What the audit looks at in deductions and appeals (A4, D7, I7). Each returns AUDIT_FAILED with what is wrong.
 */

/* What an incident was deducted and given back is what its rounds, deductions and appeals sum up to. */
enum recourse_error appeal_check_sums(
	struct replay *replay, const struct record_incident *incident) RECOURSE_CHECK;

/* One record of each table; `context` is not used. */
enum recourse_error appeal_check_deduction(
	struct replay *replay, slice key, slice value, void *context) RECOURSE_CHECK;
enum recourse_error appeal_check(struct replay *replay, slice key, slice value, void *context) RECOURSE_CHECK;

#endif
