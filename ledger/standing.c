/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/little_endian.h"
#include "ledger.h"

static enum recourse_error digest_one(
	const struct state_walk *walk, struct buffer *record, struct crypto_hash *chain)
{
	uint8_t sizes[8];
	little_endian_write(sizes, walk->key.size, 4);
	little_endian_write(sizes + 4, walk->value.size, 4);
	buffer_clear(record);
	buffer_append(record, chain->bytes, sizeof chain->bytes);
	buffer_append(record, sizes, sizeof sizes);
	buffer_append(record, walk->key.data, walk->key.size);
	buffer_append(record, walk->value.data, walk->value.size);
	crypto_sha256(buffer_slice(record), chain);
	return buffer_failed(record) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* Refused requests are remembered too: without them a refusal leaves no trace here. */
static enum recourse_error digest_facts(struct state_view *view, struct crypto_hash *chain)
{
	const slice all = slice_of(NULL, 0);
	SCOPED(buffer_free) struct buffer record = {0};
	SCOPED(state_walk_end) struct state_walk walk;
	enum recourse_error error = state_walk_first(&walk, view, all, all, STATE_UP);
	for (; error == RECOURSE_OK; error = state_walk_next(&walk)) {
		if (record_path_table(walk.key) != RECORD_REQUEST)
			TRY(digest_one(&walk, &record, chain));
	}
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

enum recourse_error recourse_ledger_standing(
	struct recourse_ledger *ledger, struct recourse_standing *standing)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	struct crypto_hash chain = {0};
	struct crypto_hash root;
	*standing = (struct recourse_standing){.entries = ledger->head.entries};
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(digest_facts(view, &chain));
	tree_root(&ledger->tree, &root);
	memcpy(standing->last, ledger->head.last.bytes, sizeof standing->last);
	memcpy(standing->root, root.bytes, sizeof standing->root);
	memcpy(standing->facts, chain.bytes, sizeof standing->facts);
	return RECOURSE_OK;
}
