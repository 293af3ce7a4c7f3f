/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* The machine's clock, in nanoseconds since 1970. */
uint64_t moment_now(void);

void moment_sleep(uint64_t milliseconds);
