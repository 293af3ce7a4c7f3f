/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "proof/guard.h"

/* Signing checkpoints: a history that was signed is never taken back. */

/* J6: the history that was signed last must be the beginning of this one. */
static enum recourse_error check_guard(struct recourse_ledger *ledger, const struct checkpoint *next)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	struct checkpoint last;
	struct crypto_hash root;
	struct tree tree;
	TRY(guard_read(ledger->guard, &last));
	if (last.size == 0)
		return RECOURSE_OK;
	if (last.size > next->size)
		return RECOURSE_ROLLBACK;
	TRY(log_snapshot_open(ledger->log, &log));
	TRY(tree_open(log_read_tree(log), last.size, &tree));
	tree_root(&tree, &root);
	return crypto_hash_equal(&root, &last.root) ? RECOURSE_OK : RECOURSE_FORK;
}

static enum recourse_error last_signed_size(struct recourse_ledger *ledger, uint64_t *size)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	struct checkpoint checkpoint = {0};
	slice note;
	TRY(log_snapshot_open(ledger->log, &log));
	enum recourse_error error = log_read_checkpoint(log, UINT64_MAX, &note);
	if (error != RECOURSE_QUERY_NOT_FOUND) {
		TRY(error);
		TRY(checkpoint_open(note, &ledger->signer.public_key, &checkpoint));
	}
	*size = checkpoint.size;
	return RECOURSE_OK;
}

/* The guard first: what it has is never taken back. */
static enum recourse_error sign(struct recourse_ledger *ledger, const struct checkpoint *next)
{
	SCOPED(buffer_free) struct buffer note = {0};
	char text[CHECKPOINT_TEXT_SIZE];
	TRY(guard_advance(ledger->guard, next));
	names_note_guard(ledger);
	size_t size = checkpoint_format(next, text);
	TRY(note_sign(slice_of(text, size), &ledger->signer, &note));
	return buffer_failed(&note) ? RECOURSE_MEMORY
				    : log_append_checkpoint(ledger->log, next->size, buffer_slice(&note));
}

enum recourse_error recourse_ledger_sign(struct recourse_ledger *ledger)
{
	struct checkpoint next = {.size = ledger->tree.size};
	uint64_t signed_size = 0;
	if (ledger->signer.signer == NULL || ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	TRY(recourse_ledger_check_names(ledger));
	memcpy(next.origin, ledger->origin, sizeof next.origin);
	tree_root(&ledger->tree, &next.root);
	/* first, so that an old log is refused before anything is added to it */
	TRY(check_guard(ledger, &next));
	TRY(last_signed_size(ledger, &signed_size));
	if (next.size == signed_size)
		return RECOURSE_OK;
	if (strcmp(ledger->origin, ledger->signer.public_key.name) != 0)
		return RECOURSE_ORIGIN_WRONG;
	return sign(ledger, &next);
}
