/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * A ledger's directory:
 *
 *     DIRECTORY/log          the truth
 *     DIRECTORY/state        derived, deletable; with the ballast, where one is asked for
 *     DIRECTORY/last-signed  the guard, unless it is kept elsewhere
 */
enum { DIRECTORY_PATH_SIZE = 4096 };

/* A part of it: "log", "state". RECOURSE_IO when the path is too long. */
enum recourse_error directory_path(
	const char *directory, const char *part, char path[static DIRECTORY_PATH_SIZE]);

/*
 * One process per store: an exclusive lock on a file of our own in its directory, "writer.lock" (LMDB's own locks
 * vanish when a process opens and closes the same file twice). Released by directory_unlock() or death.
 * STORE_LOCKED, IO.
 */
enum recourse_error directory_lock(const char *directory, int *lock);
void directory_unlock(int lock);

/*
 * NOT_PERMITTED when the directory lies on a file system that other machines may write (or that a
 * program answers for): neither locks nor shared memory hold there. IO when it can not be asked.
 */
enum recourse_error directory_check_local(const char *directory);
