/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pay/pay_batch.h"
#include "pay/pay_form.h"

/*
 * What a file of payments says, read by nothing of what wrote it. Texts lie in the arena; what the file does not say is empty.
 */
struct pay_read_payment {
	slice payment_id;
	slice amount; /* as it stands there: a decimal, or steps */
	slice unit;
	slice name;
	slice account;
	slice bank;
};

struct pay_read {
	struct arena arena;
	struct buffer payments; /* of struct pay_read_payment */
	slice message;
	slice counts[2]; /* of the message, of its payments */
	slice sums[2];
};

/* MALFORMED: it is no such file; MEMORY. Start with all zeroes. */
enum recourse_error pay_read_pain(slice file, struct pay_read *read);
enum recourse_error pay_read_csv(const struct pay_form *form, slice file, struct pay_read *read);
void pay_read_free(struct pay_read *read);
