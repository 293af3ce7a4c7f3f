/* SPDX-License-Identifier: Apache-2.0 */
#include "watchdog.h"

#include "condition.h"
#include "host_clock.h"

#include <stdlib.h>
#include <unistd.h>

struct watchdog {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t over;
	bool done;
	int status;
	uint64_t until;
};

static void *watch(void *argument)
{
	struct watchdog *watchdog = argument;
	pthread_mutex_lock(&watchdog->mutex);
	while (!watchdog->done && condition_wait(&watchdog->over, &watchdog->mutex, watchdog->until))
		continue;
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
	watchdog->until = host_clock_monotonic() + seconds * HOST_CLOCK_SECOND;
	condition_make(&watchdog->over);
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
