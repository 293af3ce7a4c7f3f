/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * What a bank's or wallet's word about a payment comes to here. Only a booked line of an account settles a payment: a
 * word that it was paid is a hint, and what is not in the table is unknown, which is asked for again and never paid
 * by another.
 */
enum bank_scheme { BANK_SCHEME_ISO20022, BANK_SCHEME_WECHAT, BANK_SCHEME_ALIPAY };

enum bank_status {
	BANK_STATUS_NONE, /* the item says nothing of that kind */
	BANK_STATUS_INSTRUCTED,
	BANK_STATUS_ACCEPTED,
	BANK_STATUS_AWAITING_PAYEE,
	BANK_STATUS_EXPIRED,
	BANK_STATUS_REJECTED,
	BANK_STATUS_CANCELLED,
	BANK_STATUS_UNKNOWN,
};

enum bank_hint {
	BANK_HINT_NONE,
	BANK_HINT_PAID,     /* look for the line that books it */
	BANK_HINT_RETURNED, /* it came back after it was paid: look for that line */
};

struct bank_status_row {
	enum bank_scheme scheme;
	const char *code;
	enum bank_status status;
	enum bank_hint hint;
};

/* Of a code that is not in the table: its status is unknown. */
const struct bank_status_row *bank_status_of(enum bank_scheme scheme, slice code);

/* "awaiting_payee", as payout.report names them; "" for none. */
const char *bank_status_name(enum bank_status status);
const char *bank_status_hint_name(enum bank_hint hint);
