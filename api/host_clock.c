/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"

#include <time.h>

static uint64_t read_clock(clockid_t id)
{
	struct timespec time;
	clock_gettime(id, &time);
	return (uint64_t)time.tv_sec * HOST_CLOCK_SECOND + (uint64_t)time.tv_nsec;
}

uint64_t host_clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

uint64_t host_clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

uint64_t host_clock_thread(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}
