/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pay/pay_batch.h"
#include "pay/pay_form.h"

/*
 * Reads a file of payments back, as whoever gets it would, and holds it against what was to be paid. A schema does not see that a count or a
 * sum is wrong, an amount is zero or an id is there twice; and none sees that a payment goes to another account.
 *
 * PROOF_WRONG: `why` says what is wrong, by its place in the file; MEMORY.
 */
enum recourse_error pay_check_file(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_part *part, slice file, struct buffer *why);
