/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* The service's clocks, in nanoseconds: what time it is, how long something takes, and of how much processor. */
uint64_t host_clock_now(void);       /* since 1970-01-01T00:00:00Z; may go back */
uint64_t host_clock_monotonic(void); /* never goes back */
uint64_t host_clock_thread(void);    /* of a processor, that the calling thread has had */

#define HOST_CLOCK_MILLISECOND UINT64_C(1000000)
#define HOST_CLOCK_SECOND      UINT64_C(1000000000)
