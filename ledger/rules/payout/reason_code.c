/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/reason_code.h"

const char *const reason_code_actions[] = {
	[REASON_MANUAL] = "manual",
	[REASON_PAYEE_FIX] = "payee-fix",
	[REASON_RETRY_SAME] = "retry-same",
	[REASON_QUERY] = "query",
	[REASON_DECEASED] = "deceased",
	NULL,
};

/* What is not here, such as AC17 (in liquidation), AM09, RR04, MS02, MS03, NARR, a person looks into. */
static const struct {
	const char *code;
	enum reason_code_action action;
} rows[] = {
	{"AC01", REASON_PAYEE_FIX},                             /* account: wrong, */
	{"AC03", REASON_PAYEE_FIX}, {"AC04", REASON_PAYEE_FIX}, /* closed, */
	{"AC06", REASON_PAYEE_FIX},                             /* blocked, */
	{"AC07", REASON_PAYEE_FIX}, {"AC14", REASON_PAYEE_FIX},
	{"AC15", REASON_PAYEE_FIX}, /* another one by now */
	{"BE01", REASON_PAYEE_FIX}, /* not of that name, */
	{"BE06", REASON_PAYEE_FIX}, /* unknown */
	{"RC01", REASON_PAYEE_FIX}, /* its bank */
	{"RC04", REASON_PAYEE_FIX}, {"MD07", REASON_DECEASED},
	{"AM05", REASON_QUERY},                              /* one like it was there before */
	{"DUPL", REASON_QUERY}, {"TM01", REASON_RETRY_SAME}, /* after the cut-off */
};

enum reason_code_action reason_code_find(slice code)
{
	for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
		if (slice_is(code, rows[index].code))
			return rows[index].action;
	}
	return REASON_MANUAL;
}
