/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/*
 * The service's clocks, in nanoseconds: what time it is, how long something takes, of how much processor, and how long
 * the machine has been there. Nobody can set any but the first; the last goes on while the machine sleeps, and is the
 * same for every process of one boot.
 */
uint64_t host_clock_now(void);       /* since 1970-01-01T00:00:00Z; may go back, and jump */
uint64_t host_clock_monotonic(void); /* never goes back */
uint64_t host_clock_thread(void);    /* of a processor, that the calling thread has had */
uint64_t host_clock_elapsed(void);   /* since the boot; never goes back */

/* Which boot that is; an empty text where the kernel does not say. */
enum { HOST_CLOCK_BOOT_SIZE = 37 };
void host_clock_boot(char boot[static HOST_CLOCK_BOOT_SIZE]);

/* What has passed of it since that moment of host_clock_monotonic(), in seconds. */
double host_clock_seconds_since(uint64_t started);

#define HOST_CLOCK_MILLISECOND UINT64_C(1000000)
#define HOST_CLOCK_SECOND      UINT64_C(1000000000)
