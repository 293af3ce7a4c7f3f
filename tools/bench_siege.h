/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench_calls.h"
#include "bench_echo.h"

/*
 * One honest caller beside strangers without a key, who send what they can: how long it waits, and how often it is
 * refused; and beside it the bare echo under the same strangers, which is what the machine leaves of anything.
 */
bool bench_siege_run(const struct bench_calls *calls, const struct bench_echo *echo);
