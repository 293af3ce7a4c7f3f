/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * A ledger's directory:
 *
 *     DIRECTORY/log          the truth
 *     DIRECTORY/state        derived, deletable; with its mark, and the ballast where one is asked for
 *     DIRECTORY/notes.texts  what people said, sealed; none before the first (notes.h)
 *     DIRECTORY/notes.keys   what opens it: a key for each claim
 *     DIRECTORY/last-signed  the guard, unless it is kept elsewhere
 *     DIRECTORY/never-sign   it was restored to be read: nobody knows what was signed of what it lacks
 */
enum { DIRECTORY_PATH_SIZE = 4096 };

/* A part of it: "log", "state". RECOURSE_IO when the path is too long. */
enum recourse_error directory_path(
	const char *directory, const char *part, char path[static DIRECTORY_PATH_SIZE]);

/*
 * One process per store: an exclusive lock on its directory, and on a file of our own in it, "writer.lock" (LMDB's own
 * locks vanish when a process opens and closes the same file twice). A file that is removed keeps nobody out who makes
 * it again; the directory's own lock does. Released by directory_unlock() or death. STORE_LOCKED, IO.
 */
struct directory_lock {
	int directory; /* −1 when not held, as is the file */
	int file;
};
#define DIRECTORY_UNLOCKED ((struct directory_lock){.directory = -1, .file = -1})
enum recourse_error directory_lock(const char *directory, struct directory_lock *lock);
void directory_unlock(struct directory_lock *lock); /* unlocked is fine, and is what is left */
bool directory_locked(const struct directory_lock *lock);

/* Whether another has it just now; asking hinders only who takes it at that moment. False where nobody can tell. */
bool directory_has_writer(const char *directory);

/*
 * NOT_PERMITTED when the directory lies on a file system that other machines may write (or that a
 * program answers for): neither locks nor shared memory hold there. IO when it can not be asked.
 */
enum recourse_error directory_check_local(const char *directory);
