/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Withdrawals (A3, A4): a merchant that has more lodged than is required may have the excess back without leaving.
 * What was requested is set apart at once, in 2030 under "@" and the number of the entry, and counts for nothing any
 * more; the custodian's word alone pays it. One at a time for a deposit. Nothing is withdrawn by whom a sign of
 * default or a restriction stands against, nor while a duty to top up is open; an incident takes what was not paid.
 *
 * Commands withdrawal.request, withdrawal.pay, withdrawal.cancel.
 */
/* For an incident: what was set apart and not paid is frozen with the rest, under `reference`. */
enum recourse_error withdrawal_freeze(
	struct decision *decision, slice merchant, const struct unit *unit, slice reference) RECOURSE_CHECK;
