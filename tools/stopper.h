/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

/*
 * Turns SIGTERM and SIGINT into a descriptor that becomes readable, and tells the service manager. Start it
 * before other threads, which inherit the blocked signals.
 */
struct stopper {
	int signals;
	int event; /* readable when the service shall stop */
	pthread_t thread;
};

/* False when the system refuses. */
bool stopper_start(struct stopper *stopper);

/* Ends the thread, whether a signal came or not. */
void stopper_end(struct stopper *stopper);
