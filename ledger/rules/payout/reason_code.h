/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/* What is to be done about a payment that was not made, by the code that who pays gave for that (ISO 20022). */
enum reason_code_action {
	REASON_MANUAL,     /* a person finds out */
	REASON_PAYEE_FIX,  /* another account, then it is sent again */
	REASON_RETRY_SAME, /* it is sent again as it was */
	REASON_QUERY,      /* it may have been paid: who pays is asked, and nothing is sent */
	REASON_DECEASED,   /* whoever inherits is found, and the account is another one */
};
extern const char *const reason_code_actions[]; /* by action; NULL at the end */

/* MANUAL for any code that is not listed, and for none. */
enum reason_code_action reason_code_find(slice code);
