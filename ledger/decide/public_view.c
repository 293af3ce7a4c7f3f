/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/query.h"

#include "books/record_party.h"
#include "base/try.h"
#include "proof/checkpoint.h"
#include "rule/party.h"

/* What anybody may ask without a key: who this ledger is, its signed checkpoint, proofs about its tree. */

static void write_hashes(struct query *query, const struct tree_proof *proof)
{
	item_write_key(query->out, "hashes");
	item_write_array(query->out, proof->count);
	for (uint32_t index = 0; index < proof->count; index++) {
		char hex[2 * CRYPTO_HASH_SIZE + 1];
		text_to_hex(proof->hashes[index].bytes, CRYPTO_HASH_SIZE, hex);
		item_write_text(query->out, slice_text(hex));
	}
}

static enum recourse_error run_info(struct query *query)
{
	struct record_ledger ledger;
	struct item_map map = item_map_open(query->out);
	enum recourse_error error = party_ledger(query->state, &ledger);
	if (error != RECOURSE_OK)
		return error;
	query_text(query, "service", slice_text("recourse"));
	query_text(query, "version", slice_text(RECOURSE_VERSION));
	query_text(query, "origin", RECORD_TEXT(ledger.origin));
	query_text(query, "log_key", RECORD_TEXT(ledger.log_key));
	query_integer(query, "entries", query->entries);
	query_integer(query, "commands_max", RECOURSE_COMMANDS_MAX);
	query_integer(query, "request_bytes_max", RECOURSE_REQUEST_SIZE_MAX);
	query_integer(query, "lifetime_hours_max", RECOURSE_LIFETIME_MAX_HOURS);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

static enum recourse_error run_checkpoint(struct query *query)
{
	slice note;
	enum recourse_error error = log_read_checkpoint(query->log, UINT64_MAX, &note);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return refusal_field(
			query->refusal, error, NULL, "the first checkpoint is signed within a second");
	TRY(error);
	item_write_map(query->out, 1);
	query_text(query, "checkpoint", note);
	return RECOURSE_OK;
}

enum { INCLUSION_INDEX, INCLUSION_SIZE };
static const struct recourse_field inclusion_fields[] = {
	FIELD_INTEGER("index", 0, INT64_MAX, "of the entry"),
	FIELD_INTEGER("size", 1, INT64_MAX, "of the tree, from a checkpoint"),
};

static enum recourse_error run_inclusion(struct query *query)
{
	struct tree_source source = log_tree(query->log);
	struct tree_proof proof;
	uint64_t size = (uint64_t)query->values[INCLUSION_SIZE].integer;
	uint64_t index = (uint64_t)query->values[INCLUSION_INDEX].integer;
	if (size > query->entries)
		return query_absent(query, "size");
	if (index >= size)
		return query_absent(query, "index");
	enum recourse_error error = tree_prove_inclusion(&source, index, size, &proof);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_integer(query, "index", index);
	query_integer(query, "size", size);
	write_hashes(query, &proof);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

enum { CONSISTENCY_OLD, CONSISTENCY_SIZE };
static const struct recourse_field consistency_fields[] = {
	FIELD_INTEGER("old", 0, INT64_MAX, "the smaller tree's size"),
	FIELD_INTEGER("size", 0, INT64_MAX, "the larger tree's size"),
};

static enum recourse_error run_consistency(struct query *query)
{
	struct tree_source source = log_tree(query->log);
	struct tree_proof proof;
	uint64_t size = (uint64_t)query->values[CONSISTENCY_SIZE].integer;
	uint64_t old_size = (uint64_t)query->values[CONSISTENCY_OLD].integer;
	if (size > query->entries)
		return query_absent(query, "size");
	if (old_size > size)
		return query_absent(query, "old");
	enum recourse_error error = tree_prove_consistency(&source, old_size, size, &proof);
	if (error != RECOURSE_OK)
		return error;
	struct item_map map = item_map_open(query->out);
	query_integer(query, "old", old_size);
	query_integer(query, "size", size);
	write_hashes(query, &proof);
	item_map_close(map, query->out);
	return RECOURSE_OK;
}

#define PUBLIC(title, with, count, function, text)                                                           \
	{                                                                                                    \
		.method = {.name = title,                                                                    \
			.kind = RECOURSE_METHOD_PUBLIC,                                                      \
			.fields = with,                                                                      \
			.field_count = count,                                                                \
			.help = text},                                                                       \
		.run = function                                                                              \
	}
static const struct query_row rows[] = {
	PUBLIC("service.info", NULL, 0, run_info, "who this ledger is and what it accepts"),
	PUBLIC("log.checkpoint", NULL, 0, run_checkpoint, "the newest signed checkpoint"),
	PUBLIC("log.proof.inclusion", inclusion_fields, 2, run_inclusion,
		"proof that an entry is in the tree"),
	PUBLIC("log.proof.consistency", consistency_fields, 2, run_consistency,
		"proof that a tree only grew"),
};
const struct query_group public_view_group = {rows, sizeof rows / sizeof rows[0]};
