/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "proof/guard.h"

/* Signing checkpoints: a history that was signed is never taken back. */

/* J6: the history that was signed last must be the beginning of this one. */
static enum recourse_error check_guard(struct recourse_ledger *ledger, const struct checkpoint *next)
{
	struct log_snapshot *log = NULL;
	struct checkpoint last;
	struct crypto_hash root;
	struct tree tree;
	enum recourse_error error = guard_read(ledger->guard, &last);
	if (error != RECOURSE_OK || last.size == 0)
		return error;
	if (last.size > next->size)
		return RECOURSE_ROLLBACK;
	error = log_snapshot_open(ledger->log, &log);
	if (error != RECOURSE_OK)
		return error;
	struct tree_source source = log_tree(log);
	error = tree_open(&source, last.size, &tree);
	if (error == RECOURSE_OK) {
		tree_root(&tree, &root);
		error = crypto_hash_equal(&root, &last.root) ? RECOURSE_OK : RECOURSE_FORK;
	}
	log_snapshot_close(log);
	return error;
}

static enum recourse_error last_signed_size(struct recourse_ledger *ledger, uint64_t *size)
{
	struct log_snapshot *log = NULL;
	struct checkpoint checkpoint;
	slice note;
	*size = 0;
	enum recourse_error error = log_snapshot_open(ledger->log, &log);
	if (error != RECOURSE_OK)
		return error;
	error = log_read_checkpoint(log, UINT64_MAX, &note);
	if (error == RECOURSE_OK)
		error = checkpoint_open(note, &ledger->signer.public_key, &checkpoint);
	if (error == RECOURSE_OK)
		*size = checkpoint.size;
	log_snapshot_close(log);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

enum recourse_error recourse_ledger_sign(struct recourse_ledger *ledger)
{
	struct checkpoint next = {.size = ledger->tree.size};
	char text[CHECKPOINT_TEXT_SIZE];
	struct buffer note = {0};
	uint64_t signed_size;
	if (!ledger->signs || ledger->read_only)
		return RECOURSE_NOT_PERMITTED;
	memcpy(next.origin, ledger->origin, sizeof next.origin);
	tree_root(&ledger->tree, &next.root);
	/* first, so that an old log is refused before anything is added to it */
	enum recourse_error error = check_guard(ledger, &next);
	if (error == RECOURSE_OK)
		error = last_signed_size(ledger, &signed_size);
	if (error != RECOURSE_OK || next.size == signed_size)
		return error;
	if (strcmp(ledger->origin, ledger->signer.public_key.name) != 0)
		return RECOURSE_ORIGIN_WRONG;
	error = guard_advance(ledger->guard, &next);
	if (error == RECOURSE_OK) {
		size_t size = checkpoint_format(&next, text);
		error = note_sign(slice_of(text, size), &ledger->signer, &note);
	}
	if (error == RECOURSE_OK)
		error = buffer_failed(&note)
				? RECOURSE_MEMORY
				: log_append_checkpoint(ledger->log, next.size, buffer_slice(&note));
	buffer_free(&note);
	return error;
}
