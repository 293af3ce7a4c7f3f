/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"

/*
 * The reference of accounts in which money waits for what an entry began: a withdrawal, an appeal, a call. It is "@"
 * and the entry's number; no id begins so.
 */
enum { REFERENCE_SIZE = 22 };

/* Borrows from `text`. */
slice reference_write(uint64_t entry, char text[static REFERENCE_SIZE]);

/* The same in the arena: postings need theirs until their entry is encoded. MEMORY. */
enum recourse_error reference_make(struct arena *arena, uint64_t entry, slice *reference) RECOURSE_CHECK;

/* The other way round: false for any other reference. Whether there is such an entry is not looked at. */
bool reference_read(slice reference, uint64_t *entry);

/* Whether what stands under it waits, and secures nobody meanwhile. */
bool reference_waits(slice reference);
