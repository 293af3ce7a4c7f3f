/* SPDX-License-Identifier: Apache-2.0 */
#include "watchdog.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct watchdog {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t over;
	bool done;
	int status;
	struct timespec until;
};

static void *watch(void *argument)
{
	struct watchdog *watchdog = argument;
	int timed_out = 0;
	pthread_mutex_lock(&watchdog->mutex);
	while (!watchdog->done && timed_out == 0)
		timed_out = pthread_cond_timedwait(&watchdog->over, &watchdog->mutex, &watchdog->until);
	if (!watchdog->done)
		_exit(watchdog->status);
	pthread_mutex_unlock(&watchdog->mutex);
	return NULL;
}

static void destroy(struct watchdog *watchdog)
{
	pthread_cond_destroy(&watchdog->over);
	pthread_mutex_destroy(&watchdog->mutex);
	free(watchdog);
}

struct watchdog *watchdog_start(uint32_t seconds, int status)
{
	struct watchdog *watchdog = calloc(1, sizeof *watchdog);
	if (watchdog == NULL)
		return NULL;
	watchdog->status = status;
	clock_gettime(CLOCK_MONOTONIC, &watchdog->until);
	watchdog->until.tv_sec += (time_t)seconds;
	pthread_condattr_t clock;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&watchdog->over, &clock);
	pthread_condattr_destroy(&clock);
	pthread_mutex_init(&watchdog->mutex, NULL);
	if (pthread_create(&watchdog->thread, NULL, watch, watchdog) == 0)
		return watchdog;
	destroy(watchdog);
	return NULL;
}

void watchdog_stop(struct watchdog *watchdog)
{
	if (watchdog == NULL)
		return;
	pthread_mutex_lock(&watchdog->mutex);
	watchdog->done = true;
	pthread_mutex_unlock(&watchdog->mutex);
	pthread_cond_signal(&watchdog->over);
	pthread_join(watchdog->thread, NULL);
	destroy(watchdog);
}
