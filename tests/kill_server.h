/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kill_aim.h"
#include "support.h"

/*
 * The real program as a process to be killed, found beside the test programs: on one ledger, one run at a time. It dies
 * with the test. All fail the test when the program can not be run.
 */
enum { KILL_SERVER_ARGUMENTS = 12 };
#define KILL_SERVER_ORIGIN "example.com/ledger"

struct kill_server {
	char program[SUPPORT_PATH_MAX];
	char directory[SUPPORT_PATH_MAX]; /* the ledger's */
	char errors[SUPPORT_PATH_MAX];    /* what it said on standard error, this time */
	char url[64];                     /* once it is ready */
	pid_t pid;
	int output;
	struct kill_aim aim; /* of this run; kill_aim_at() before it or in it. Never, unless that is said. */
};

/* For the ledger NAME below PLACE; nothing runs yet, and nothing is made. */
void kill_server_find(struct kill_server *server, const struct support_directory *place, const char *name);

/* The program with those words, up to NULL. Returns at once. */
void kill_server_start(struct kill_server *server, const char *const *words);
/* recourse init, serve on a free port; with one word more, or NULL. */
void kill_server_init(struct kill_server *server);
void kill_server_serve(struct kill_server *server, const char *option);

/*
 * Waits until it serves: true; or until it has ended or was killed: false, and kill_server_end() is to be said. Said
 * again it waits for that end, a minute at most.
 */
bool kill_server_wait_ready(struct kill_server *server);

/* Waits for its end: what wait() says. */
int kill_server_end(struct kill_server *server);

/* Whether it ended by itself, said why, and did not crash. */
bool kill_server_refused(const struct kill_server *server, int status);

/* What it said on standard error, for a test that is about to fail. */
void kill_server_show(const struct kill_server *server);

/* SIGKILL. Fails when it had ended by itself, and shows why. */
void kill_server_kill(struct kill_server *server);

/* Serves, and must be ready; SIGTERM, and must end well. */
void kill_server_begin(struct kill_server *server);
void kill_server_stop(struct kill_server *server);

/* Plays the steps of a scenario on it, which runs; the keys of who speaks are made beside its own. */
void kill_server_play(const struct kill_server *server, const char *steps);
