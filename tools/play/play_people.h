/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "proof/key.h"

/*
 * Who speaks in a scenario. A person is a name, and has a key made from that name, so that a scenario that is played
 * twice is the same bytes twice: called ORIGIN/name, or after another ledger where the scenario says that the person
 * belongs to that one. Such keys are worth nothing outside of a throw-away ledger: anybody can make them. On a service
 * keys stand in files.
 */
enum { PLAY_PEOPLE_PATH_SIZE = 4096 };

struct play_stranger {
	const char *name;
	const char *origin;
};

/* Somebody whose key a ledger knows, and nobody here has. */
struct play_known {
	char vkey[KEY_TEXT_SIZE];
	size_t name; /* of the key within, so many bytes */
};

struct play_people {
	char origin[KEY_NAME_SIZE + 1];
	struct buffer strangers; /* of struct play_stranger */
	struct buffer known;     /* of struct play_known */
	const char *directory;   /* where keys stand in files, and are made where they do not; or NULL */
};

/* The person belongs to another ledger. Texts are borrowed. */
void play_people_stranger(struct play_people *people, const char *name, const char *origin);

/* Makes a key known by its public text: a person is called by its name, or by what of it is behind the last slash. */
void play_people_know(struct play_people *people, slice vkey);
bool play_people_knows(const struct play_people *people, const char *name);

void play_people_forget(struct play_people *people);

/* The path of the person's key, which is made if it is not there. KEY_MALFORMED, IO. */
enum recourse_error play_people_file(
	const struct play_people *people, const char *name, char path[static PLAY_PEOPLE_PATH_SIZE]);

/* The person's key, to be closed. IO, KEY_MALFORMED: no name for a key, or too long with the origin. */
enum recourse_error play_people_open(
	const struct play_people *people, const char *name, struct key_secret *key);

/* As key_format() and key_handle(); empty where there can be no such key. */
void play_people_vkey(const struct play_people *people, const char *name, char text[static KEY_TEXT_SIZE]);
void play_people_handle(
	const struct play_people *people, const char *name, char text[static KEY_HANDLE_SIZE + 1]);

/* The seed that belongs to a name. */
void play_people_seed(const char *name, struct crypto_hash *seed);
