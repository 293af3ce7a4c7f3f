/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "demo/demo_child.h"
#include "proof/key.h"
#include "recourse_client.h"

#include <pthread.h>

/*
 * A throw-away ledger served by a process of its own, and people who each have a key file and a connection of
 * their own:
 *
 *   DIRECTORY/ledger        the ledger, with its keys
 *   DIRECTORY/people/NAME   a person's key
 *   DIRECTORY/server.log    what the service said
 *
 * Whatever goes wrong is said on standard error by the function that finds it; it then returns false. An
 * interrupt ends the server, removes the directory and ends the program.
 */
#define DEMO_STAGE_ORIGIN "demo.example/ledger"

enum {
	DEMO_STAGE_PATH_SIZE = 512,
	DEMO_STAGE_PEOPLE_MAX = 16,
};

struct demo_person {
	char name[32];
	struct recourse_client *client; /* NULL while nothing is served */
};

struct demo_stage {
	char directory[DEMO_STAGE_PATH_SIZE];
	bool keep;
	bool watched;
	pthread_t watcher;
	struct demo_child server;
	char url[128];
	char log_key[KEY_TEXT_SIZE];
	const char *connections; /* that it is to serve at once; NULL: as many as it does by itself */
	size_t person_count;
	struct demo_person people[DEMO_STAGE_PEOPLE_MAX];
};

/* Makes the ledger, run by party P. `keep`: a new directory that stays; NULL: one below TMPDIR that does not. */
bool demo_stage_open(struct demo_stage *stage, const char *keep);

/* The same, of a ledger in which time can be let jump (clock.advance), below TMPDIR. */
bool demo_stage_open_test(struct demo_stage *stage);

/* Stops what runs; removes the directory unless it is to be kept. */
void demo_stage_close(struct demo_stage *stage);

/* Starts the server on a free port and connects everybody; the administrator is there from the start. */
bool demo_stage_serve(struct demo_stage *stage);

/* Stops it gracefully. */
bool demo_stage_stop(struct demo_stage *stage);

/* Makes a person's key, has the administrator register it, connects. `roles` is a JSON array. */
bool demo_stage_hire(struct demo_stage *stage, const char *name, const char *party, const char *roles);

/* Connects a person whose key stands in its file, now and each time that it is served again. */
bool demo_stage_meet(struct demo_stage *stage, const char *name);

/* Nobody of that name is a programmer's error. */
struct recourse_client *demo_stage_client(const struct demo_stage *stage, const char *name);

bool demo_stage_path(
	const struct demo_stage *stage, const char *name, char path[static DEMO_STAGE_PATH_SIZE]);

/*
 * Submits a JSON array of commands, all or nothing, and checks that the reply names an entry for each: `*first`
 * to `*last`, either may be NULL.
 */
bool demo_stage_submit(
	struct demo_stage *stage, const char *name, const char *commands, uint64_t *first, uint64_t *last);

/* A query with its params as JSON. The result is freed by recourse_bytes_free(). */
bool demo_stage_query(struct demo_stage *stage, const char *name, const char *method, const char *params,
	struct recourse_bytes *result);
