/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pay/pay_batch.h"
#include "pay/pay_form.h"

/* What the form of a rail does not take of a payment, rule by rule; the last one has no function. */
struct pay_limit_rule {
	bool (*broken)(const struct pay_form *form, const struct unit *unit, const struct pay_order *order);
	enum recourse_error error;
	const char *why;
};
extern const struct pay_limit_rule pay_limit_rules[];

/* What Alipay calls the kind of an account: the user's own number has 16 digits and begins with 2088. */
bool pay_limit_is_user(slice account);
