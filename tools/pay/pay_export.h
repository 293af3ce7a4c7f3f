/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "exit_code.h"
#include "pay/pay_batch.h"
#include "pay/pay_form.h"
#include "pay/pay_sent.h"

/*
 * Writes the batch, each payment of which has its payee, as new files of a new directory: one for each part. Each is read back
 * (pay_check.h) before any of them is there. What was written is said on standard output, with the commands that tell the ledger, or
 * as one JSON object; of each that went out already with other bytes that is said on standard error. DATA; CREATE; UNAVAILABLE.
 */
enum exit_code pay_export_write(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_sent *sent, const char *directory, bool json);
