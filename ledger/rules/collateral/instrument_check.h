/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSTRUMENT_CHECK_H
#define INSTRUMENT_CHECK_H

#include "books/account.h"
#include "audit/replay.h"

/*
 * A6 in the state that came out, record by record: AUDIT_FAILED with the first thing that is wrong.
 *
 *   instrument   left = limit + given back − called − lapsed, it is what 9010 says, and called and given back are what
 *                the calls add up to; it is listed among the live ones exactly as long as it is one
 *   account      a limit in 9010 is that of an instrument
 *   incident     of its calls 1100 has what is unpaid and 2040 what is open; what they used is what it counts as
 *                secured, and the rest of what was pooled came out of the frozen deposit
 */
enum recourse_error instrument_check(
	struct replay *replay, slice key, slice value, void *context) RECOURSE_CHECK;
enum recourse_error instrument_check_account(
	struct replay *replay, const struct account_name *name) RECOURSE_CHECK;
enum recourse_error instrument_check_incident(
	struct replay *replay, slice key, slice value, void *context) RECOURSE_CHECK;

#endif
