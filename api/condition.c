/* SPDX-License-Identifier: Apache-2.0 */
#include "condition.h"

#include "host_clock.h"

#include <time.h>

void condition_make(pthread_cond_t *condition)
{
	pthread_condattr_t clock;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &clock);
	pthread_condattr_destroy(&clock);
}

bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t deadline)
{
	const struct timespec until = {
		.tv_sec = (time_t)(deadline / HOST_CLOCK_SECOND),
		.tv_nsec = (long)(deadline % HOST_CLOCK_SECOND),
	};
	if (deadline == UINT64_MAX)
		return pthread_cond_wait(condition, mutex) == 0;
	return pthread_cond_timedwait(condition, mutex, &until) == 0;
}
