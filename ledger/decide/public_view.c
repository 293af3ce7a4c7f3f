/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "proof/checkpoint.h"

/* What anybody may ask without a key: who this ledger is, its signed checkpoint, proofs about its tree. */

struct info {
	const char *service;
	const char *version;
	struct record_ledger ledger;
	uint64_t commands_max;
	uint64_t request_bytes_max;
	uint64_t lifetime_hours_max;
	const char *room;
};

static const struct recourse_column info_columns[] = {
	{COLUMN(TEXT, "service", struct info, service, "recourse")},
	{COLUMN(TEXT, "version", struct info, version, "of the program")},
	{COLUMN(TEXT, "origin", struct info, ledger.origin, "the ledger's name")},
	{COLUMN(KEY, "log_key", struct info, ledger.log_key, "by which checkpoints are signed")},
	{VIEW_OF_QUERY(INTEGER, "entries", entries, "so far")},
	{COLUMN(ENTRY, "clocks_held", struct info, ledger.held, "by which all clocks are held"), OPTIONAL},
	{COLUMN(INTEGER, "commands_max", struct info, commands_max, "in one request")},
	{COLUMN(INTEGER, "request_bytes_max", struct info, request_bytes_max, "of its payload")},
	{COLUMN(INTEGER, "lifetime_hours_max", struct info, lifetime_hours_max, "of a request")},
	{COLUMN(TEXT, "room", struct info, room, "enough, or short: submits are refused with STORE_FULL")},
};

static bool has_room(const struct query *query)
{
	return log_check_room(query->log_store) == RECOURSE_OK &&
	       state_check_room(query->state_store) == RECOURSE_OK;
}

static enum recourse_error find_info(struct query *query, void *row)
{
	struct info *info = row;
	TRY(party_ledger(query->state, &info->ledger));
	info->service = "recourse";
	info->version = RECOURSE_VERSION;
	info->commands_max = RECOURSE_COMMANDS_MAX;
	info->request_bytes_max = RECOURSE_REQUEST_SIZE_MAX;
	info->lifetime_hours_max = RECOURSE_LIFETIME_MAX_HOURS;
	info->room = has_room(query) ? "enough" : "short";
	return info->ledger.origin[0] == '\0' ? query_absent(query, NULL) : RECOURSE_OK;
}

struct checkpoint_row {
	slice note;
};

static const struct recourse_column checkpoint_columns[] = {
	{COLUMN(TEXT, "checkpoint", struct checkpoint_row, note, "the signed note")},
};

static enum recourse_error find_checkpoint(struct query *query, void *row)
{
	return refusal_absent(query->refusal,
		log_read_checkpoint(query->log, UINT64_MAX, &((struct checkpoint_row *)row)->note),
		RECOURSE_QUERY_NOT_FOUND, NULL, "the first checkpoint is signed within a second");
}

/* ---- proofs ---- */

struct proof_row {
	uint64_t index; /* of the entry; the smaller tree's size */
	uint64_t size;
	struct tree_proof proof;
};

enum { PROOF_INDEX, PROOF_SIZE };
static const struct recourse_field inclusion_fields[] = {
	[PROOF_INDEX] = FIELD_INTEGER("index", 0, INT64_MAX, "of the entry"),
	[PROOF_SIZE] = FIELD_INTEGER("size", 1, INT64_MAX, "of the tree, from a checkpoint"),
};

#define PROOF_HASHES                                                                                         \
	{                                                                                                    \
		COLUMN_AT(HASHES, "hashes", struct proof_row, proof, VIEW_TREE, "the proof, RFC 9162")       \
	}
static const struct recourse_column inclusion_columns[] = {
	{COLUMN(ENTRY, "index", struct proof_row, index, "of the entry")},
	{COLUMN(INTEGER, "size", struct proof_row, size, "of the tree")},
	PROOF_HASHES,
};

static enum recourse_error read_sizes(struct query *query, struct proof_row *row)
{
	row->size = (uint64_t)query->values[PROOF_SIZE].integer;
	row->index = (uint64_t)query->values[PROOF_INDEX].integer;
	return row->size > query->entries ? query_absent(query, "size") : RECOURSE_OK;
}

static enum recourse_error find_inclusion(struct query *query, void *found)
{
	struct proof_row *row = found;
	TRY(read_sizes(query, row));
	if (row->index >= row->size)
		return query_absent(query, "index");
	return tree_prove_inclusion(log_read_tree(query->log), row->index, row->size, &row->proof);
}

static const struct recourse_field consistency_fields[] = {
	[PROOF_INDEX] = FIELD_INTEGER("old", 0, INT64_MAX, "the smaller tree's size"),
	[PROOF_SIZE] = FIELD_INTEGER("size", 0, INT64_MAX, "the larger tree's size"),
};

static const struct recourse_column consistency_columns[] = {
	{COLUMN(INTEGER, "old", struct proof_row, index, "the smaller tree's size")},
	{COLUMN(INTEGER, "size", struct proof_row, size, "the larger tree's size")},
	PROOF_HASHES,
};

static enum recourse_error find_consistency(struct query *query, void *found)
{
	struct proof_row *row = found;
	TRY(read_sizes(query, row));
	if (row->index > row->size)
		return query_absent(query, "old");
	return tree_prove_consistency(log_read_tree(query->log), row->index, row->size, &row->proof);
}

#define PUBLIC(title, with, number, shown, row, function, text)                                              \
	VIEW_METHOD(RECOURSE_METHOD_PUBLIC, title, 0, with, number, shown, row, function, text,              \
		RECOURSE_QUERY_NOT_FOUND)
static const struct query_row rows[] = {
	PUBLIC("service.info", NULL, 0, info_columns, struct info, find_info,
		"who this ledger is and what it accepts"),
	PUBLIC("log.checkpoint", NULL, 0, checkpoint_columns, struct checkpoint_row, find_checkpoint,
		"the newest signed checkpoint"),
	PUBLIC("log.proof.inclusion", inclusion_fields, 2, inclusion_columns, struct proof_row,
		find_inclusion, "proof that an entry is in the tree"),
	PUBLIC("log.proof.consistency", consistency_fields, 2, consistency_columns, struct proof_row,
		find_consistency, "proof that a tree only grew"),
};
const struct query_group public_view_group = {rows, sizeof rows / sizeof rows[0]};
