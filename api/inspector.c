/* SPDX-License-Identifier: Apache-2.0 */
#include "inspector.h"

#include "host_clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* After each piece, nine times what it took of a processor, and a little where that is next to nothing. */
#define REST_TIMES 9
#define REST_LEAST (20 * HOST_CLOCK_MILLISECOND)
#define REST_ROUND (3600 * HOST_CLOCK_SECOND)

struct inspector {
	struct inspector_options options;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t stopped;
	bool stop;
};

/* Whether to go on. */
static bool rest(struct inspector *inspector, uint64_t nanoseconds)
{
	uint64_t until = host_clock_monotonic() + nanoseconds;
	const struct timespec time = {
		.tv_sec = (time_t)(until / HOST_CLOCK_SECOND), .tv_nsec = (long)(until % HOST_CLOCK_SECOND)};
	int timed_out = 0;
	pthread_mutex_lock(&inspector->mutex);
	while (!inspector->stop && timed_out == 0)
		timed_out = pthread_cond_timedwait(&inspector->stopped, &inspector->mutex, &time);
	bool stop = inspector->stop;
	pthread_mutex_unlock(&inspector->mutex);
	return !stop;
}

/* How long to rest after it; 0: it found something. */
static uint64_t inspect(struct inspector *inspector)
{
	const struct inspector_options *options = &inspector->options;
	uint64_t begun = host_clock_thread();
	bool done;
	enum recourse_error error = recourse_ledger_inspect(options->ledger, &done);
	if (error != RECOURSE_OK && error != RECOURSE_MEMORY) {
		journal_line(options->journal, "level=error event=fault during=inspection error=%s",
			recourse_error_name(error));
		options->fault(options->context, error);
		return 0;
	}
	uint64_t taken = host_clock_thread() - begun;
	return done ? REST_ROUND : REST_TIMES * taken + REST_LEAST;
}

static void *run(void *argument)
{
	struct inspector *inspector = argument;
	(void)pthread_setname_np(pthread_self(), "inspector");
	uint64_t pause = inspect(inspector);
	while (pause > 0 && rest(inspector, pause))
		pause = inspect(inspector);
	return NULL;
}

static void destroy(struct inspector *inspector)
{
	pthread_cond_destroy(&inspector->stopped);
	pthread_mutex_destroy(&inspector->mutex);
	free(inspector);
}

enum recourse_error inspector_start(const struct inspector_options *options, struct inspector **inspector)
{
	struct inspector *made = calloc(1, sizeof *made);
	pthread_condattr_t clock;
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->options = *options;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&made->stopped, &clock);
	pthread_condattr_destroy(&clock);
	pthread_mutex_init(&made->mutex, NULL);
	if (pthread_create(&made->thread, NULL, run, made) != 0) {
		destroy(made);
		return RECOURSE_MEMORY;
	}
	*inspector = made;
	return RECOURSE_OK;
}

void inspector_stop(struct inspector *inspector)
{
	if (inspector == NULL)
		return;
	pthread_mutex_lock(&inspector->mutex);
	inspector->stop = true;
	pthread_mutex_unlock(&inspector->mutex);
	pthread_cond_signal(&inspector->stopped);
	pthread_join(inspector->thread, NULL);
	destroy(inspector);
}
