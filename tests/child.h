/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>

/*
 * Parts of a test that must be a process of their own: because they may die, because they stop without closing
 * anything, or because LMDB must not be opened twice in one process. Nothing of LMDB or nng may be open in the
 * parent.
 */
/* On a busy machine a child takes its time: only one that hangs takes all of this, and is ended by SIGALRM. */
enum { CHILD_SECONDS_MAX = 120 };

/* Runs it there and returns what wait() says: 0 when all went well. A failed assertion aborts the child. */
int child_run(void (*act)(void *context), void *context);

/* Zeroed memory that children share with their parent; child_unshare() gives it back. */
void *child_share(size_t size);
void child_unshare(void *memory, size_t size);

/*
 * For tests whose children sync many small files: has temporary directories made in memory, where there is enough and
 * nobody said otherwise.
 */
void child_prefer_memory(void);
