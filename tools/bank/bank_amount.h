/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/amount.h"

/*
 * Amounts as banks write them, to exact steps: digits, and where the unit has some, a point and at most its digits
 * ("3000", "3000.5" and "03000.50" are all CNY). No sign, not even of nothing: the file says elsewhere which way
 * money went. `grouping` stands between groups of three digits, all or none of them; 0: nothing does.
 *
 * FIELD_FORMAT, AMOUNT_DIGITS, OVERFLOW; `*why` then says why in words.
 */
enum recourse_error bank_amount_read(
	const struct unit *unit, slice text, char grouping, int64_t *steps, const char **why);

/* The same of a control sum, which has no unit of its own: beyond the unit's digits there may be zeroes. */
enum recourse_error bank_amount_read_sum(
	const struct unit *unit, slice text, int64_t *steps, const char **why);

/* A count: 1 to 15 digits. FIELD_FORMAT. */
enum recourse_error bank_amount_read_count(slice text, uint64_t *count);
