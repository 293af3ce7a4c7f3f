/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_status.h"

/*
 * ISO 20022: external payment status codes. ACSC and ACCC tell of the bank's own books; neither is the line of an
 * account. WeChat: the states of transfer bills, and of the details of batches. Alipay's are as its interface says
 * them; no document of a file was seen.
 */
static const struct bank_status_row rows[] = {
	{BANK_SCHEME_ISO20022, "RCVD", BANK_STATUS_INSTRUCTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "ACTC", BANK_STATUS_INSTRUCTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "ACCP", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "ACFC", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "ACSP", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "ACWC", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "ACWP", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "PDNG", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "ACSC", BANK_STATUS_ACCEPTED, BANK_HINT_PAID},
	{BANK_SCHEME_ISO20022, "ACCC", BANK_STATUS_ACCEPTED, BANK_HINT_PAID},
	{BANK_SCHEME_ISO20022, "RJCT", BANK_STATUS_REJECTED, BANK_HINT_NONE},
	{BANK_SCHEME_ISO20022, "BLCK", BANK_STATUS_UNKNOWN, BANK_HINT_NONE},

	{BANK_SCHEME_WECHAT, "ACCEPTED", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "PROCESSING", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "TRANSFERING", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "WAIT_PAY", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "WAIT_USER_CONFIRM", BANK_STATUS_AWAITING_PAYEE, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "SUCCESS", BANK_STATUS_ACCEPTED, BANK_HINT_PAID},
	{BANK_SCHEME_WECHAT, "FAIL", BANK_STATUS_REJECTED, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "CANCELING", BANK_STATUS_UNKNOWN, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "CANCELLED", BANK_STATUS_CANCELLED, BANK_HINT_NONE},
	{BANK_SCHEME_WECHAT, "BANK_REFUND", BANK_STATUS_UNKNOWN, BANK_HINT_RETURNED},

	{BANK_SCHEME_ALIPAY, "DEALING", BANK_STATUS_ACCEPTED, BANK_HINT_NONE},
	{BANK_SCHEME_ALIPAY, "SUCCESS", BANK_STATUS_ACCEPTED, BANK_HINT_PAID},
	{BANK_SCHEME_ALIPAY, "FAIL", BANK_STATUS_REJECTED, BANK_HINT_NONE},
	{BANK_SCHEME_ALIPAY, "REFUND", BANK_STATUS_UNKNOWN, BANK_HINT_RETURNED},
};

static const struct bank_status_row not_known = {.code = "", .status = BANK_STATUS_UNKNOWN};

const struct bank_status_row *bank_status_of(enum bank_scheme scheme, slice code)
{
	for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
		if (rows[index].scheme == scheme && slice_is(code, rows[index].code))
			return &rows[index];
	}
	return &not_known;
}

const char *bank_status_name(enum bank_status status)
{
	static const char *const names[] = {
		[BANK_STATUS_NONE] = "",
		[BANK_STATUS_INSTRUCTED] = "instructed",
		[BANK_STATUS_ACCEPTED] = "accepted",
		[BANK_STATUS_AWAITING_PAYEE] = "awaiting_payee",
		[BANK_STATUS_EXPIRED] = "expired",
		[BANK_STATUS_REJECTED] = "rejected",
		[BANK_STATUS_CANCELLED] = "cancelled",
		[BANK_STATUS_UNKNOWN] = "unknown",
	};
	return names[status];
}

const char *bank_status_hint_name(enum bank_hint hint)
{
	static const char *const names[] = {
		[BANK_HINT_NONE] = "",
		[BANK_HINT_PAID] = "paid",
		[BANK_HINT_RETURNED] = "returned",
	};
	return names[hint];
}
