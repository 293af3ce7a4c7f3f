/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/checkpoint.h"

/*
 * The last-signed guard: before a checkpoint's signature leaves, its size and root are on disk in a
 * file of their own, best kept away from the log's directory. A log that was rolled back or forked
 * then can not be signed: the guard remembers.
 *
 * The file holds the checkpoint's text form. It is replaced by write, fsync, rename, fsync of the
 * directory. A missing file means nothing was signed yet; whoever can delete it can also sign.
 */

/* Reads it. An absent file gives size 0 and an empty origin. STORE_CORRUPT, IO. */
enum recourse_error guard_read(const char *path, struct checkpoint *last);

/*
 * Allows and records the signing of `next`, durably, before it returns OK. ROLLBACK when it is
 * smaller than the last, FORK when it is equal with another root or has another origin. That a larger
 * one extends the last is the caller's to prove, by the root its tree has at the last size. STORE_FULL: it is not
 * allowed, and may be when there is room again.
 */
enum recourse_error guard_advance(const char *path, const struct checkpoint *next);
