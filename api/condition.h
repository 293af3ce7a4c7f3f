/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * A condition variable whose deadlines are of the clock that nobody sets: host_clock_monotonic(), in nanoseconds. It is
 * signalled and destroyed as any other.
 */
void condition_make(pthread_cond_t *condition);

/*
 * Returns with the lock held, as it was called: true when it was woken, for a reason or without; false when the deadline
 * has passed. UINT64_MAX: for ever.
 */
bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t deadline);
