/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "server.h"

#include <pthread.h>

/*
 * server_run() in a thread of its own, on free ports of this machine: prepared, changed where a test wants it otherwise,
 * begun, told to stop, ended. What it logs is printed.
 */
enum { SERVED_URLS = 2 };

struct served {
	struct server_options options;
	const char *listen[SERVED_URLS + 1];
	int stop[2];
	int ready[2]; /* to be read from: a byte when it serves, and one when it has ended */
	pthread_t thread;
	char urls[SERVED_URLS][300]; /* where it listens, once it does */
	enum recourse_error result;
};

/* To listen at tcp://127.0.0.1:0. Not to be moved afterwards. */
void served_prepare(struct served *served, struct recourse_ledger *ledger);

/* Returns when it serves, or has ended by itself. */
void served_begin(struct served *served);
void served_tell_to_stop(struct served *served);

/* Waits until it has ended; what server_run() returned. */
enum recourse_error served_end(struct served *served);
