/* SPDX-License-Identifier: Apache-2.0 */
#include "beside.h"

#include <assert.h>

static void *run(void *context)
{
	const struct beside *beside = context;
	beside->work(beside->of);
	return NULL;
}

static void begin(void *context, void (*work)(void *of), void *of)
{
	struct beside *beside = context;
	assert(!beside->running);
	beside->work = work;
	beside->of = of;
	beside->running = pthread_create(&beside->thread, NULL, run, beside) == 0;
	if (!beside->running)
		work(of);
}

static void end(void *context)
{
	struct beside *beside = context;
	if (beside->running)
		pthread_join(beside->thread, NULL);
	beside->running = false;
}

struct recourse_beside beside_place(struct beside *beside)
{
	*beside = (struct beside){.running = false};
	return (struct recourse_beside){.begin = begin, .wait = end, .context = beside};
}
