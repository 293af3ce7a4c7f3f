/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <lmdb.h>
#include <stdbool.h>

/*
 * Where in memory LMDB's files are mapped. A page that the disk does not give, or that was cut off meanwhile,
 * comes as a signal to whoever touches it; this tells it from an error of the program's own. LMDB does not
 * say where its map is, but the kernel does.
 *
 * One table for the process, since a signal has no context. What can not be told of a file is not noted. An environment
 * may have several, and forgets them all.
 */
void lmdb_map_note(MDB_env *environment, const char *path, const char *name);
void lmdb_map_forget(MDB_env *environment);

/* LMDB came upon what it says can not be, in one of its pages, and is about to abort. As it wants to be told (lmdb.h). */
void lmdb_map_contradict(MDB_env *environment, const char *what);

/*
 * Whether it did, or that instruction is LMDB's own, or the C library's and its caller LMDB's. May be called by a signal's
 * handler.
 */
bool lmdb_map_misled(const void *instruction, const void *caller);

/* What the file that is mapped there was noted by, or NULL. May be called by a signal's handler. */
const char *lmdb_map_find(const void *address);
