/* SPDX-License-Identifier: Apache-2.0 */
#include "keeper.h"

#include "condition.h"

#include <assert.h>
#include <stdlib.h>

/* The giver's is every step but the one from given to kept. */
enum stage { STAGE_FREE = 1, STAGE_GIVEN = 2, STAGE_KEPT = 4, STAGE_STOPPED = 8 };

struct keeper {
	struct keeper_options options;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	enum stage stage;
	bool given; /* as the giver knows */
	struct job *const *jobs;
	size_t count;
	enum recourse_error error;
};

/* Whether the jobs have their outcome. */
static bool keep(struct keeper *keeper)
{
	keeper->error = recourse_ledger_keep(keeper->options.ledger);
	if (keeper->error != RECOURSE_OK && keeper->error != RECOURSE_STORE_FULL &&
		keeper->error != RECOURSE_MEMORY)
		return false;
	for (size_t index = 0; index < keeper->count; index++) {
		keeper->jobs[index]->outcome = keeper->error;
		keeper->jobs[index]->committed = true;
	}
	return true;
}

/* Until the stage is none of these: which it is then. */
static enum stage wait_while(struct keeper *keeper, unsigned int stages)
{
	pthread_mutex_lock(&keeper->mutex);
	while ((keeper->stage & stages) != 0)
		(void)condition_wait(&keeper->changed, &keeper->mutex, UINT64_MAX);
	enum stage stage = keeper->stage;
	pthread_mutex_unlock(&keeper->mutex);
	return stage;
}

static void set_stage(struct keeper *keeper, enum stage stage)
{
	pthread_mutex_lock(&keeper->mutex);
	keeper->stage = stage;
	if (stage != STAGE_FREE) /* for that nobody waits */
		pthread_cond_signal(&keeper->changed);
	pthread_mutex_unlock(&keeper->mutex);
}

static void *run(void *argument)
{
	struct keeper *keeper = argument;
	(void)pthread_setname_np(pthread_self(), "keeper");
	while (wait_while(keeper, STAGE_FREE | STAGE_KEPT) == STAGE_GIVEN) {
		if (keep(keeper))
			queue_return(keeper->options.committed, keeper->jobs, keeper->count);
		set_stage(keeper, STAGE_KEPT);
		queue_nudge(keeper->options.waiting);
	}
	return NULL;
}

enum recourse_error keeper_start(const struct keeper_options *options, struct keeper **keeper)
{
	struct keeper *made = calloc(1, sizeof *made);
	if (made == NULL)
		return RECOURSE_MEMORY;
	made->options = *options;
	made->stage = STAGE_FREE;
	condition_make(&made->changed);
	pthread_mutex_init(&made->mutex, NULL);
	if (pthread_create(&made->thread, NULL, run, made) != 0) {
		pthread_cond_destroy(&made->changed);
		pthread_mutex_destroy(&made->mutex);
		free(made);
		return RECOURSE_MEMORY;
	}
	*keeper = made;
	return RECOURSE_OK;
}

static void take(struct keeper *keeper, struct job *const *jobs, size_t count)
{
	assert(!keeper->given);
	keeper->given = true;
	keeper->jobs = jobs;
	keeper->count = count;
}

void keeper_give(struct keeper *keeper, struct job *const *jobs, size_t count)
{
	take(keeper, jobs, count);
	set_stage(keeper, STAGE_GIVEN);
}

bool keeper_work(struct keeper *keeper, struct job *const *jobs, size_t count)
{
	take(keeper, jobs, count);
	return keep(keeper);
}

bool keeper_has(const struct keeper *keeper)
{
	return keeper->given;
}

bool keeper_is_busy(struct keeper *keeper)
{
	pthread_mutex_lock(&keeper->mutex);
	bool busy = keeper->stage == STAGE_GIVEN;
	pthread_mutex_unlock(&keeper->mutex);
	return busy;
}

enum recourse_error keeper_wait(struct keeper *keeper)
{
	assert(keeper->given);
	(void)wait_while(keeper, STAGE_GIVEN);
	set_stage(keeper, STAGE_FREE);
	keeper->given = false;
	return keeper->error;
}

void keeper_stop(struct keeper *keeper)
{
	if (keeper == NULL)
		return;
	assert(!keeper->given);
	set_stage(keeper, STAGE_STOPPED);
	pthread_join(keeper->thread, NULL);
	pthread_cond_destroy(&keeper->changed);
	pthread_mutex_destroy(&keeper->mutex);
	free(keeper);
}
