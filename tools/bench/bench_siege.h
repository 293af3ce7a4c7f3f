/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_calls.h"
#include "bench/bench_echo.h"

/*
 * One honest caller beside others, who send what they can, without a key or with one: how long it waits, and how often it
 * is refused; and beside it the bare echo under the same callers, which is what the machine leaves of anything.
 */

/* Raises how many descriptors this process may have, as far as that goes: before anything is started that is to have as many. */
void bench_siege_prepare(void);

/* Those attacks alone whose names have `part` in them; NULL: all. */
bool bench_siege_knows(const char *part);
bool bench_siege_run(const struct bench_calls *calls, const struct bench_echo *echo, const char *part);
