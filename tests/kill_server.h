/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"

#include <sys/types.h>

/*
 * The real program as a process to be killed: `recourse serve`, found beside the test programs. It dies with the
 * test. All fail the test when the program can not be run.
 */
struct kill_server {
	char program[SUPPORT_PATH_MAX];
	char directory[SUPPORT_PATH_MAX];
	char errors[SUPPORT_PATH_MAX]; /* what it said on standard error, this time */
	char url[64];                  /* once it is ready */
	pid_t pid;
	int output;
};

/* Makes a test ledger of that origin below PLACE; nothing runs yet. */
void kill_server_make(struct kill_server *server, const struct support_directory *place, const char *origin);

/* Plays the steps of a scenario on it, which runs; the keys of who speaks are made beside its own. */
void kill_server_play(const struct kill_server *server, const char *steps);

/* Returns at once; kill_server_wait_ready() then waits until it serves. */
void kill_server_start(struct kill_server *server);
void kill_server_wait_ready(struct kill_server *server);

/* SIGKILL. Fails when it had ended by itself, and shows why. */
void kill_server_kill(struct kill_server *server);

/* SIGTERM; it must end well. */
void kill_server_stop(struct kill_server *server);
