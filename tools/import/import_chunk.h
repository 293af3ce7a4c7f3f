/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "import/import_columns.h"
#include "import/import_known.h"
#include "recourse_client.h"
#include "import/import_rejects.h"

/*
 * Some rows of a file that travel in one request: made, sent (again, where need be), settled.
 *
 * Its request id follows from its rows and their place in the file, so that whoever runs the import again repeats nothing: the service
 * answers as it did the first time. Rows that go in another request are refused where they are in already, and told from others that
 * have their ids (import_known.h).
 */
enum { IMPORT_CHUNK_REQUEST_SIZE = 65 };

struct import_chunk {
	uint64_t number;
	char request[IMPORT_CHUNK_REQUEST_SIZE];
	struct buffer rows;     /* of struct import_chunk_row */
	struct buffer text;     /* the rows as they stand in the file */
	struct buffer commands; /* CBOR maps, of the rows that were not rejected */
	size_t command_count;
	struct buffer reasons; /* of rejected rows */
	uint64_t size;         /* of the file, up to there */
	uint64_t ended; /* the line of a row that is too long, behind which nothing is read; 0: none is */
	unsigned attempts;
	struct recourse_pending *pending;
};

/* What an import does everywhere. */
struct import_chunk_plan {
	const struct import_columns *columns;
	struct import_known known;
	const char *signer; /* public key: another one may be refused, or not, for its own reasons */
	char separator;
	uint64_t row_count_max;
	struct recourse_client *client; /* NULL: nothing is sent */
};

struct import_chunk_totals {
	uint64_t rows;
	uint64_t accepted;
	uint64_t known; /* refused, as they are in the ledger already */
	uint64_t rejected;
};

/* Takes rows for the next chunk. False when none are left, or no memory: rows_failed(), import_chunk_failed(). */
bool import_chunk_fill(
	struct import_chunk *chunk, const struct import_chunk_plan *plan, struct rows *rows, uint64_t number);
bool import_chunk_failed(const struct import_chunk *chunk);

/* Signs and sends; nothing to do for a chunk without commands. */
enum recourse_error import_chunk_send(struct import_chunk *chunk, const struct import_chunk_plan *plan);

/*
 * Waits for the reply, adds up, and writes the rejected rows in their order. Errors of the service as they
 * are: after a retryable one import_chunk_send() may be called again. INTERNAL: a reply that does not add up.
 */
enum recourse_error import_chunk_settle(struct import_chunk *chunk, struct import_chunk_plan *plan,
	struct import_chunk_totals *totals, struct import_rejects *rejects, struct recourse_refusal *refusal);

/* Forgets the rows, keeps the memory. A pending reply must have been settled. */
void import_chunk_clear(struct import_chunk *chunk);
void import_chunk_free(struct import_chunk *chunk);
size_t import_chunk_row_count(const struct import_chunk *chunk);
