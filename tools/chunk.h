/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "columns.h"
#include "recourse_client.h"
#include "rejects.h"

/*
 * Some rows of a file that travel in one request: made, sent (again, where need be), settled.
 *
 * Its request id follows from the content of the file and its place there, so that whoever runs the import
 * again repeats nothing: the service answers as it did the first time.
 */
enum { CHUNK_REQUEST_SIZE = 65 };

struct chunk {
	uint64_t number;
	char request[CHUNK_REQUEST_SIZE];
	struct buffer rows;     /* of struct chunk_row */
	struct buffer commands; /* CBOR maps, of the rows that were not rejected */
	size_t command_count;
	struct buffer reasons; /* of rejected rows */
	size_t skipped;        /* cells in front of each row that are no fields */
	uint64_t last_line;
	unsigned attempts;
	struct recourse_pending *pending;
};

/* What an import does everywhere. */
struct chunk_plan {
	const struct columns *columns;
	const char *file_digest; /* hexadecimal, of the file's bytes */
	const char *signer;      /* public key: another one may be refused, or not, for its own reasons */
	uint64_t row_count_max;
	struct recourse_client *client; /* NULL: nothing is sent */
};

struct chunk_totals {
	uint64_t rows;
	uint64_t accepted;
	uint64_t rejected;
};

/* Takes rows for the next chunk. False when none are left, or no memory: rows_failed(), chunk_failed(). */
bool chunk_fill(struct chunk *chunk, const struct chunk_plan *plan, struct rows *rows, uint64_t number);
bool chunk_failed(const struct chunk *chunk);

/* Signs and sends; nothing to do for a chunk without commands. */
enum recourse_error chunk_send(struct chunk *chunk, const struct chunk_plan *plan);

/*
 * Waits for the reply, adds up, and writes the rejected rows in their order. Errors of the service as they
 * are: after a retryable one chunk_send() may be called again. INTERNAL: a reply that does not add up.
 */
enum recourse_error chunk_settle(struct chunk *chunk, slice data, struct chunk_totals *totals,
	struct rejects *rejects, struct recourse_refusal *refusal);

/* Forgets the rows, keeps the memory. A pending reply must have been settled. */
void chunk_clear(struct chunk *chunk);
void chunk_free(struct chunk *chunk);
size_t chunk_row_count(const struct chunk *chunk);
