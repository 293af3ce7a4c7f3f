/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/checkpoint.h"

/*
 * What a client remembers of a log: the last checkpoint it verified, as the signed note itself, in a file of
 * its own. Whoever holds the file can show what the log's key once signed.
 */

/* Reads and verifies it. An absent file gives size 0. IO, NOTE_*. */
enum recourse_error memory_read(
	const char *path, const struct key_public *log_key, struct checkpoint *checkpoint);

/* Replaces it: written beside, synced, renamed, the directory synced. IO. */
enum recourse_error memory_write(const char *path, slice note);
