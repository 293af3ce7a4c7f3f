/* SPDX-License-Identifier: Apache-2.0 */
#include "errand.h"

#include "condition.h"
#include "host_clock.h"

#include <stdlib.h>

/* Owned by its thread once that was left, else by who waits. */
struct errand {
	errand_work *work;
	nng_socket socket;
	nng_dialer dialer;
	pthread_mutex_t mutex; /* for what follows */
	pthread_cond_t changed;
	int result;
	bool done;
	bool left;
};

static void free_errand(struct errand *errand)
{
	if (errand == NULL)
		return;
	pthread_cond_destroy(&errand->changed);
	pthread_mutex_destroy(&errand->mutex);
	free(errand);
}

static void *run(void *argument)
{
	struct errand *errand = argument;
	int result = errand->work(errand->socket, errand->dialer);
	pthread_mutex_lock(&errand->mutex);
	errand->result = result;
	errand->done = true;
	bool left = errand->left;
	pthread_cond_signal(&errand->changed);
	pthread_mutex_unlock(&errand->mutex);
	if (left) {
		nng_close(errand->socket);
		free_errand(errand);
	}
	return NULL;
}

static bool wait_done(struct errand *errand, uint32_t patience_ms)
{
	uint64_t deadline = host_clock_monotonic() + patience_ms * HOST_CLOCK_MILLISECOND;
	pthread_mutex_lock(&errand->mutex);
	while (!errand->done && condition_wait(&errand->changed, &errand->mutex, deadline))
		continue;
	bool done = errand->done;
	errand->left = !done;
	pthread_mutex_unlock(&errand->mutex);
	return done;
}

static struct errand *make_errand(errand_work *work, nng_socket socket, nng_dialer dialer)
{
	struct errand *errand = calloc(1, sizeof *errand);
	if (errand == NULL)
		return NULL;
	*errand = (struct errand){.work = work, .socket = socket, .dialer = dialer};
	pthread_mutex_init(&errand->mutex, NULL);
	condition_make(&errand->changed);
	return errand;
}

bool errand_run(errand_work *work, nng_socket socket, nng_dialer dialer, uint32_t patience_ms, int *result)
{
	pthread_t thread;
	struct errand *errand = make_errand(work, socket, dialer);
	if (errand == NULL || pthread_create(&thread, NULL, run, errand) != 0) {
		free_errand(errand);
		*result = work(socket, dialer);
		return true;
	}
	if (!wait_done(errand, patience_ms)) {
		pthread_detach(thread);
		return false;
	}
	pthread_join(thread, NULL);
	*result = errand->result;
	free_errand(errand);
	return true;
}
