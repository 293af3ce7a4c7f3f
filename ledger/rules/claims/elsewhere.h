/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* How money that was had elsewhere came, in the order of record_elsewhere.kind. */
extern const char *const elsewhere_kind_names[];

/* What this entry records for a claim of that incident can be taken back. */
enum recourse_error elsewhere_reverse_keep(
	struct decision *decision, const struct record_incident *incident, slice claim, int64_t steps);
