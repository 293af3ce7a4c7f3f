/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_report.h"
#include "rule/rule.h"

/* All zeroes where nothing was said of a payment of the claim. What was said of an earlier instalment is nothing. */
enum recourse_error report_read(struct state_view *view, slice claim, const struct record_claim *record,
	struct record_report *report);
