/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * Ends the process with `status` when the end of something takes too long: closing a socket can hang for
 * ever, after all that matters is done and durable.
 */
struct watchdog;

/* NULL when no thread can be started: nothing is watched then. */
struct watchdog *watchdog_start(uint32_t seconds, int status);

/* It is over in time. NULL is fine. */
void watchdog_stop(struct watchdog *watchdog);
