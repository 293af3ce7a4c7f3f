/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "exit_code.h"

/*
 * Bytes that are written once, one behind the other, and read again at any place: a mebibyte of them in memory, all
 * that is more in a file below TMPDIR that has no name, and is gone with the program. Start with all zeroes.
 */
enum { SPOOL_MEMORY = 1 << 20 };

struct spool {
	struct buffer memory; /* of the end */
	uint64_t size;        /* of all */
	bool is_open;
	int descriptor;
};

/* MEMORY; IO, with errno. */
enum recourse_error spool_append(struct spool *spool, const void *data, size_t size);

/* So many bytes from there on, which are there (asserted). IO, with errno. */
enum recourse_error spool_read(const struct spool *spool, uint64_t offset, void *data, size_t size);

/* Says that what is kept of that had no place, and how there is one; with the errno of IO. */
enum exit_code spool_say(const char *of);

void spool_free(struct spool *spool);
