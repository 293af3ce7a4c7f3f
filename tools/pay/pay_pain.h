/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pay/pay_batch.h"
#include "pay/pay_form.h"

/*
 * A part of a batch as a customer credit transfer initiation of ISO 20022, pain.001.001.09 or .03: one message, one payment
 * information, a transaction for each payment in the order of the batch. What the form does not say is left out. The same batch,
 * form and day give the same bytes. MEMORY.
 */
enum recourse_error pay_pain_write(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_part *part, struct buffer *out);
