/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/check.h"

/*
 * Everything that must hold of the state that a replay made: the invariants of money (money_check.c), then those of each
 * area, the last first: what stands on others says more exactly what is wrong. AUDIT_FAILED with what is wrong in the
 * context, or a fault of reading.
 */
enum recourse_error checks_run(struct check_context *check) RECOURSE_CHECK;
