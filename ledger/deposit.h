/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEPOSIT_H
#define DEPOSIT_H

#include "command.h"

/* Deposits (A1, A3). Commands deposit.receive, deposit.hold, deposit.release. */

/* A hold's time has come: what is left of it is released. The subject is the hold's id. */
enum recourse_error deposit_hold_expired(struct decision *decision, slice hold) RECOURSE_CHECK;

#endif
