/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "base/try.h"
#include "host_clock.h"
#include "base/item.h"
#include "memory.h"
#include "proof/receipt.h"
#include "base/refusal.h"
#include "result.h"

#include <poll.h>

/* What the client library believes of a log's history, and what it proves before it does. */
enum { POLL_MS = 100 };

static slice as_slice(const struct recourse_bytes *bytes)
{
	return slice_of(bytes->data, bytes->size);
}

static enum recourse_error ask_numbers(struct recourse_client *client, const char *method, const char *first,
	uint64_t one, uint64_t size, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer params = {0};
	struct item_map map = item_map_open(&params);
	item_write_pair_integer(&params, first, (int64_t)one);
	item_write_pair_integer(&params, "size", (int64_t)size);
	item_map_close(map, &params);
	return buffer_failed(&params)
		       ? RECOURSE_MEMORY
		       : recourse_client_call(client, method, buffer_slice(&params), result, refusal);
}

/* The larger of what this process and what the file remember. */
static enum recourse_error recall(struct recourse_client *client, struct checkpoint *last)
{
	struct checkpoint written = {0};
	client_recall(client, last);
	if (client_memory(client) == NULL)
		return RECOURSE_OK;
	TRY(memory_read(client_memory(client), client_log_key(client), &written));
	if (written.size > last->size)
		*last = written;
	return RECOURSE_OK;
}

/* Others may have remembered a larger one meanwhile: it is not replaced by a smaller. */
static enum recourse_error remember(
	struct recourse_client *client, const struct checkpoint *checkpoint, slice note)
{
	client_remember(client, checkpoint);
	if (client_memory(client) == NULL)
		return RECOURSE_OK;
	struct checkpoint written;
	TRY(memory_read(client_memory(client), client_log_key(client), &written));
	if (written.size < checkpoint->size)
		TRY(memory_write(client_memory(client), note));
	return RECOURSE_OK;
}

/* ROLLBACK when there is less than was seen; FORK when what was seen does not lead to what is there. */
static enum recourse_error prove_extends(
	struct recourse_client *client, const struct checkpoint *last, const struct checkpoint *next)
{
	if (next->size < last->size)
		return RECOURSE_ROLLBACK;
	if (last->size == 0)
		return RECOURSE_OK;
	if (next->size == last->size)
		return crypto_hash_equal(&last->root, &next->root) ? RECOURSE_OK : RECOURSE_FORK;
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	struct tree_proof proof;
	TRY(ask_numbers(client, "log.proof.consistency", "old", last->size, next->size, &result, &refusal));
	if (!result_hashes(as_slice(&result), "hashes", &proof) ||
		tree_check_consistency(last->size, &last->root, next->size, &next->root, &proof) !=
			RECOURSE_OK)
		return RECOURSE_FORK;
	return RECOURSE_OK;
}

static enum recourse_error fetch_note(struct recourse_client *client, struct buffer *note)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	slice text;
	TRY(recourse_client_call(client, "log.checkpoint", (slice){0}, &result, &refusal));
	if (!result_text(as_slice(&result), "checkpoint", &text))
		return RECOURSE_NOTE_MALFORMED;
	buffer_append(note, text.data, text.size);
	return buffer_failed(note) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* What is remembered is read before the service is asked, so that its answer can not be the older one. */
static enum recourse_error advance(
	struct recourse_client *client, struct buffer *note, struct checkpoint *checkpoint)
{
	if (client_log_key(client) == NULL)
		return fetch_note(client, note);
	struct checkpoint last;
	TRY(recall(client, &last));
	TRY(fetch_note(client, note));
	TRY(checkpoint_open(buffer_slice(note), client_log_key(client), checkpoint));
	TRY(prove_extends(client, &last, checkpoint));
	return remember(client, checkpoint, buffer_slice(note));
}

enum recourse_error recourse_client_checkpoint(struct recourse_client *client, struct recourse_bytes *note)
{
	SCOPED(buffer_free) struct buffer text = {0};
	struct checkpoint checkpoint;
	*note = (struct recourse_bytes){0};
	TRY(advance(client, &text, &checkpoint));
	return buffer_give(&text, note);
}

/* The newest checkpoint, once it covers the entry. TIMED_OUT; QUERY_NOT_FOUND: there is no checkpoint at all. */
static enum recourse_error await_covering(
	struct recourse_client *client, uint64_t entry, struct buffer *note, struct checkpoint *checkpoint)
{
	uint64_t end = host_clock_monotonic() + client_timeout_ms(client) * HOST_CLOCK_MILLISECOND;
	for (;;) {
		buffer_clear(note);
		enum recourse_error error = advance(client, note, checkpoint);
		bool covered = error == RECOURSE_OK && checkpoint->size > entry;
		bool early = error == RECOURSE_OK || error == RECOURSE_QUERY_NOT_FOUND;
		if (covered || !early)
			return error;
		if (host_clock_monotonic() >= end)
			return error == RECOURSE_OK ? RECOURSE_TIMED_OUT : error;
		poll(NULL, 0, POLL_MS);
	}
}

static enum recourse_error fetch_entry(struct recourse_client *client, uint64_t entry, struct buffer *bytes,
	struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer params = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	item_write_map(&params, 1);
	item_write_pair_integer(&params, "entry", (int64_t)entry);
	if (buffer_failed(&params))
		return RECOURSE_MEMORY;
	TRY(recourse_client_query(client, "entry.get", buffer_slice(&params), &result, refusal));
	return result_bytes(as_slice(&result), "bytes", bytes)
		       ? RECOURSE_OK
		       : refusal_field(
				 refusal, RECOURSE_CONNECTION, "bytes", "the reply can not be understood");
}

static enum recourse_error fetch_proof(struct recourse_client *client, uint64_t entry, uint64_t size,
	struct tree_proof *proof, struct recourse_refusal *refusal)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	TRY(ask_numbers(client, "log.proof.inclusion", "index", entry, size, &result, refusal));
	return result_hashes(as_slice(&result), "hashes", proof)
		       ? RECOURSE_OK
		       : refusal_field(refusal, RECOURSE_PROOF_WRONG, "hashes", "at most 64, in hex");
}

/* Never hands out what does not verify. */
static enum recourse_error make_receipt(const struct key_public *log_key, slice bytes, uint64_t entry,
	const struct tree_proof *proof, slice note, struct buffer *out)
{
	receipt_format(bytes, entry, proof, note, out);
	if (buffer_failed(out))
		return RECOURSE_MEMORY;
	struct checkpoint checkpoint;
	uint64_t index = 0;
	TRY(receipt_verify(buffer_slice(out), log_key, (slice){0}, &checkpoint, &index, NULL));
	return index == entry ? RECOURSE_OK : RECOURSE_PROOF_WRONG;
}

/* The entry first: one that is not there, or not to be seen, must not wait for a checkpoint. */
static enum recourse_error fetch_receipt(
	struct recourse_client *client, uint64_t entry, struct buffer *out, struct recourse_refusal *refusal)
{
	SCOPED(buffer_free) struct buffer note = {0};
	SCOPED(buffer_free) struct buffer bytes = {0};
	struct checkpoint checkpoint;
	struct tree_proof proof;
	TRY(fetch_entry(client, entry, &bytes, refusal));
	TRY(await_covering(client, entry, &note, &checkpoint));
	TRY(fetch_proof(client, entry, checkpoint.size, &proof, refusal));
	return make_receipt(
		client_log_key(client), buffer_slice(&bytes), entry, &proof, buffer_slice(&note), out);
}

enum recourse_error recourse_client_receipt(struct recourse_client *client, uint64_t entry,
	struct recourse_bytes *receipt, struct recourse_refusal *refusal)
{
	refusal_clear(refusal);
	*receipt = (struct recourse_bytes){0};
	if (client_log_key(client) == NULL)
		return refusal_field(refusal, RECOURSE_NOTE_UNSIGNED, NULL, "a receipt needs the log's key");
	if (entry > INT64_MAX)
		return refusal_field(refusal, RECOURSE_FIELD_LIMIT, "entry", "at most 2^63 - 1");
	SCOPED(buffer_free) struct buffer out = {0};
	refusal->error = fetch_receipt(client, entry, &out, refusal);
	TRY(refusal->error);
	return buffer_give(&out, receipt);
}
