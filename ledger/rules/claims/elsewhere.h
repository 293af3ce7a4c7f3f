/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

extern const char *const elsewhere_kind_names[];

/*
 * What a claimant had elsewhere counts for its section, by source, while its claim is decided: `count` is 1 where it comes
 * to be and -1 where it is no more. The section's sum is changed and not saved.
 */
enum recourse_error elsewhere_count(
	struct decision *decision, struct record_section *section, slice claim, int count);
