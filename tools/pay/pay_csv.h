/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pay/pay_batch.h"
#include "pay/pay_form.h"

/*
 * A part of a batch as CSV (RFC 4180), with the columns and in the encoding of the form. FIELD_FORMAT: the encoding lacks a character of what
 * the settings say; MEMORY.
 */
enum recourse_error pay_csv_write(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_part *part, struct buffer *out);
