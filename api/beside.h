/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_ledger.h"

#include <pthread.h>

/*
 * The place that a ledger asks for where work is done beside other work: a thread, which lives as long as the work. Where
 * none can be started, the work is done at once by who asked.
 */
struct beside {
	pthread_t thread;
	bool running;
	void (*work)(void *of);
	void *of;
};

/* `beside` stays the caller's and must outlive what is given. */
struct recourse_beside beside_place(struct beside *beside);
