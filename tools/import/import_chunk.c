/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_chunk.h"

#include "base/crypto.h"
#include "base/instant.h"
#include "base/item.h"
#include "moment.h"
#include "outcome.h"
#include "output.h"
#include "base/refusal.h"
#include "base/try.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>

enum {
	COMMANDS_SIZE_MAX =
		900 * 1024, /* one more row, at most ROWS_SIZE_MAX and the names, still fits a request */
	ASKED_MAX = 256,    /* entries at once */
	TEXT_SIZE_MAX = 4 * 1024 * 1024, /* of rows that are held, also of those that are not sent */
	NOT_SENT = -1,
};

struct import_chunk_row {
	uint64_t line;
	size_t offset;
	size_t size;
	int64_t command; /* index in the request, or NOT_SENT */
	size_t command_offset;
	size_t command_size;
	uint64_t entry; /* that the refusal names; 0: none */
	bool known;     /* in the ledger already */
	enum recourse_error error;
	size_t reason_offset;
	size_t reason_size;
};

static struct import_chunk_row row_at(const struct import_chunk *chunk, size_t index)
{
	struct import_chunk_row row;
	memcpy(&row, chunk->rows.data + index * sizeof row, sizeof row);
	return row;
}

static void put_row(struct import_chunk *chunk, size_t index, const struct import_chunk_row *row)
{
	memcpy(chunk->rows.data + index * sizeof *row, row, sizeof *row);
}

size_t import_chunk_row_count(const struct import_chunk *chunk)
{
	return chunk->rows.size / sizeof(struct import_chunk_row);
}

bool import_chunk_failed(const struct import_chunk *chunk)
{
	return buffer_failed(&chunk->rows) || buffer_failed(&chunk->text) ||
	       buffer_failed(&chunk->commands) || buffer_failed(&chunk->reasons);
}

static slice part_of(const struct buffer *buffer, size_t offset, size_t size)
{
	return size == 0 ? slice_of(NULL, 0) : slice_of(buffer->data + offset, size);
}

static void take_row(struct import_chunk *chunk, const struct import_columns *columns, slice bytes,
	const struct rows_row *source)
{
	struct recourse_refusal refusal;
	struct import_chunk_row row = {
		.line = source->line,
		.offset = chunk->text.size,
		.size = bytes.size,
		.command = NOT_SENT,
		.command_offset = chunk->commands.size,
		.reason_offset = chunk->reasons.size,
	};
	row.error = import_columns_command(columns, source, &chunk->commands, &refusal, &chunk->reasons);
	if (row.error == RECOURSE_OK)
		row.command = (int64_t)chunk->command_count++;
	row.command_size = chunk->commands.size - row.command_offset;
	row.reason_size = chunk->reasons.size - row.reason_offset;
	buffer_append(&chunk->text, bytes.data, bytes.size);
	buffer_append(&chunk->rows, &row, sizeof row);
}

/*
 * Whatever makes the request's content another one is part of its id; and the rows as they stand are, because those of a file of rejects
 * that say the same once more, after it was mended elsewhere, are to be judged once more.
 */
static void name_request(struct import_chunk *chunk, const struct import_chunk_plan *plan)
{
	struct buffer basis = {0};
	struct crypto_hash hash;
	char hex[2 * 16 + 1];
	buffer_append_format(
		&basis, "%s\n%s\n%" PRIu64 "\n", plan->signer, plan->columns->method->name, chunk->number);
	crypto_sha256(buffer_slice(&chunk->text), &hash);
	buffer_append(&basis, hash.bytes, sizeof hash.bytes);
	crypto_sha256(buffer_slice(&chunk->commands), &hash);
	buffer_append(&basis, hash.bytes, sizeof hash.bytes);
	crypto_sha256_labelled(slice_text("recourse-import-v2\n"), buffer_slice(&basis), &hash);
	text_to_hex(hash.bytes, 16, hex);
	snprintf(chunk->request, sizeof chunk->request, "import-%s-%" PRIu64, hex, chunk->number);
	buffer_free(&basis);
}

bool import_chunk_fill(
	struct import_chunk *chunk, const struct import_chunk_plan *plan, struct rows *rows, uint64_t number)
{
	struct rows_row row;
	import_chunk_clear(chunk);
	chunk->number = number;
	while (import_chunk_row_count(chunk) < plan->row_count_max &&
		chunk->commands.size < COMMANDS_SIZE_MAX && chunk->text.size < TEXT_SIZE_MAX) {
		if (import_chunk_failed(chunk) || chunk->ended != 0 || !rows_next(rows, &row))
			break;
		/* Nobody knows where it ends, so nothing behind it is known to be a row. */
		if (row.error == RECOURSE_FIELD_LIMIT)
			chunk->ended = row.line;
		else if (!import_columns_empty(&row))
			take_row(chunk, plan->columns, rows_bytes(rows, &row), &row);
	}
	name_request(chunk, plan);
	return import_chunk_row_count(chunk) > 0;
}

static enum recourse_error sign(const struct import_chunk *chunk, const struct import_chunk_plan *plan,
	struct recourse_bytes *message)
{
	struct buffer commands = {0};
	item_write_array(&commands, chunk->command_count);
	buffer_append(&commands, chunk->commands.data, chunk->commands.size);
	const struct recourse_submission submission = {
		.request_id = chunk->request,
		.mode = RECOURSE_MODE_EACH,
		.brief = true,
		.expires = moment_now() + INSTANT_HOUR,
		.commands = buffer_slice(&commands),
	};
	enum recourse_error error = buffer_failed(&commands) ? RECOURSE_MEMORY
							     : recourse_client_sign_submission(
								       plan->client, &submission, message);
	buffer_free(&commands);
	return error;
}

enum recourse_error import_chunk_send(struct import_chunk *chunk, const struct import_chunk_plan *plan)
{
	struct recourse_bytes message = {0};
	assert(chunk->pending == NULL);
	if (chunk->command_count == 0)
		return RECOURSE_OK;
	chunk->attempts++;
	enum recourse_error error = sign(chunk, plan, &message);
	if (error == RECOURSE_OK)
		error = recourse_client_send(
			plan->client, slice_of(message.data, message.size), &chunk->pending);
	recourse_bytes_free(&message);
	return error;
}

/* ---- settling ---- */

struct settling {
	struct import_chunk *chunk;
	size_t next; /* row: results and rows have the same order */
	uint64_t refused;
};

/* The row whose command has that index, at or behind `next`; the count of rows when there is none. */
static size_t find_row(const struct settling *settling, uint64_t command)
{
	size_t index = settling->next;
	while (index < import_chunk_row_count(settling->chunk) &&
		row_at(settling->chunk, index).command != (int64_t)command)
		index++;
	return index;
}

static void reject(
	struct import_chunk *chunk, struct import_chunk_row *row, const struct recourse_refusal *refusal)
{
	row->error = refusal->error;
	row->entry = refusal->entry_known ? refusal->entry : 0;
	row->reason_offset = chunk->reasons.size;
	output_reason(refusal->error, refusal, &chunk->reasons);
	row->reason_size = chunk->reasons.size - row->reason_offset;
}

static enum recourse_error take_refusal(void *context, const struct outcome_result *result)
{
	struct settling *settling = context;
	struct import_chunk *chunk = settling->chunk;
	size_t index = find_row(settling, result->index);
	if (!result->refused || index == import_chunk_row_count(chunk))
		return RECOURSE_INTERNAL;
	struct import_chunk_row row = row_at(chunk, index);
	reject(chunk, &row, &result->refusal);
	if (row.error == RECOURSE_OK || import_chunk_failed(chunk))
		return RECOURSE_INTERNAL;
	put_row(chunk, index, &row);
	settling->next = index + 1;
	settling->refused++;
	return RECOURSE_OK;
}

static enum recourse_error take_reply(struct import_chunk *chunk, slice reply, uint64_t *accepted)
{
	struct outcome outcome;
	struct settling settling = {.chunk = chunk};
	enum recourse_error error = outcome_read(reply, &outcome);
	if (error == RECOURSE_OK)
		error = outcome_each(&outcome, take_refusal, &settling);
	if (error == RECOURSE_OK && outcome.accepted + settling.refused != chunk->command_count)
		error = RECOURSE_INTERNAL;
	*accepted = outcome.accepted;
	return error;
}

/* Of the rows that were sent and refused: which are in. */
static enum recourse_error know_rows(struct import_chunk *chunk, struct import_known *known)
{
	for (size_t index = 0; index < import_chunk_row_count(chunk); index++) {
		struct import_chunk_row row = row_at(chunk, index);
		if (row.command == NOT_SENT || row.error == RECOURSE_OK)
			continue;
		slice command = part_of(&chunk->commands, row.command_offset, row.command_size);
		TRY(import_known_find(known, command, row.error, row.entry, &row.known));
		put_row(chunk, index, &row);
	}
	return RECOURSE_OK;
}

static enum recourse_error wait_for_reply(struct import_chunk *chunk, struct import_known *known,
	uint64_t *accepted, struct recourse_refusal *refusal)
{
	struct recourse_bytes reply = {0};
	*accepted = 0;
	if (chunk->command_count == 0)
		return RECOURSE_OK;
	assert(chunk->pending != NULL);
	enum recourse_error error = recourse_client_wait(chunk->pending, &reply, refusal);
	chunk->pending = NULL;
	if (error == RECOURSE_OK)
		error = take_reply(chunk, slice_of(reply.data, reply.size), accepted);
	if (error == RECOURSE_OK)
		error = know_rows(chunk, known);
	recourse_bytes_free(&reply);
	return error;
}

/* The cells of a row that is none, where it has as many between separators as it should, so that they can be mended one by one. */
static bool split_row(const struct import_chunk_plan *plan, slice whole, struct buffer *cells)
{
	slice cell;
	bool more = true;
	if (memchr(whole.data, '\n', whole.size) != NULL || memchr(whole.data, '\r', whole.size) != NULL)
		return false;
	while (more) {
		more = slice_take_until(&whole, (uint8_t)plan->separator, &cell);
		buffer_append(cells, more ? &cell : &whole, sizeof cell);
	}
	return cells->size / sizeof cell == plan->columns->cell_count;
}

/* The cells are read once more: few rows need them. */
static void write_reject(const struct import_chunk *chunk, const struct import_chunk_plan *plan,
	const struct import_chunk_row *row, struct import_rejects *rejects)
{
	struct rows rows;
	struct rows_row again;
	SCOPED(buffer_free) struct buffer split = {0};
	slice whole = part_of(&chunk->text, row->offset, row->size);
	slice reason = part_of(&chunk->reasons, row->reason_offset, row->reason_size);
	const slice *cells = &whole;
	size_t count = 1;
	bool started = rows_start(&rows, whole) == RECOURSE_OK;
	if (started)
		rows_separate(&rows, plan->separator);
	if (started && rows_next(&rows, &again)) {
		cells = again.cells;
		count = again.cell_count;
		if (again.error == RECOURSE_MALFORMED && split_row(plan, cells[0], &split)) {
			cells = (const slice *)(const void *)split.data;
			count = split.size / sizeof *cells;
		}
	}
	size_t skipped = count > plan->columns->skipped ? plan->columns->skipped : 0;
	import_rejects_add(rejects, row->line, recourse_error_name(row->error), reason, cells + skipped,
		count - skipped);
	if (started)
		rows_free(&rows);
}

enum recourse_error import_chunk_settle(struct import_chunk *chunk, struct import_chunk_plan *plan,
	struct import_chunk_totals *totals, struct import_rejects *rejects, struct recourse_refusal *refusal)
{
	uint64_t accepted;
	refusal_clear(refusal);
	enum recourse_error error = wait_for_reply(chunk, &plan->known, &accepted, refusal);
	if (error != RECOURSE_OK)
		return error;
	for (size_t index = 0; index < import_chunk_row_count(chunk); index++) {
		struct import_chunk_row row = row_at(chunk, index);
		totals->known += row.known;
		if (row.error == RECOURSE_OK || row.known)
			continue;
		write_reject(chunk, plan, &row, rejects);
		totals->rejected++;
	}
	totals->rows += import_chunk_row_count(chunk);
	totals->accepted += accepted;
	return RECOURSE_OK;
}

void import_chunk_clear(struct import_chunk *chunk)
{
	assert(chunk->pending == NULL);
	buffer_clear(&chunk->rows);
	buffer_clear(&chunk->text);
	buffer_clear(&chunk->commands);
	buffer_clear(&chunk->reasons);
	chunk->command_count = 0;
	chunk->attempts = 0;
	chunk->ended = 0;
}

void import_chunk_free(struct import_chunk *chunk)
{
	assert(chunk->pending == NULL);
	buffer_free(&chunk->rows);
	buffer_free(&chunk->text);
	buffer_free(&chunk->commands);
	buffer_free(&chunk->reasons);
}
