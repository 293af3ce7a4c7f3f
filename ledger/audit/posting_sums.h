/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "entry/entry.h"
#include "rule/check.h"
#include "recourse_ledger.h"

/*
 * What the stored postings say, added up without any rule: each entry balances in every book and unit (I1, I2, I3,
 * I9; see chart.h), and who said that cash came or went, for the custodians to confirm (H3).
 *
 * AUDIT_FAILED with `what` and the entry; STORE_CORRUPT.
 */
enum recourse_error posting_sums_entry(struct check_context *check, uint64_t number,
	const struct entry *entry, struct recourse_audit *report) RECOURSE_CHECK;
