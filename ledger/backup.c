/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "store/log.h"

/* What was erased is erased in copies of the keys, too, as far as they are at hand (I2). */

/* The state is of this log, and has followed it as far as it went when it was opened. */
static enum recourse_error check_followed(struct recourse_ledger *ledger, struct state_view *view)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	struct state_position position;
	struct crypto_hash leaf;
	slice entry;
	state_position(view, &position);
	if (position.requests < ledger->head.requests || position.entries == 0)
		return RECOURSE_QUERY_NOT_FOUND;
	/* state first: the log then has at least what the state has */
	TRY(log_snapshot_open(ledger->log, &log));
	TRY(log_read_entry(log, position.entries - 1, &entry));
	tree_leaf(entry, &leaf);
	return memcmp(position.log_id, leaf.bytes, sizeof position.log_id) == 0 ? RECOURSE_OK
										: RECOURSE_QUERY_NOT_FOUND;
}

enum recourse_error recourse_ledger_erase_in(
	struct recourse_ledger *ledger, const char *path, uint64_t *count)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	SCOPED(sealing_free) struct sealing erased = {.keys = {0}};
	*count = 0;
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(check_followed(ledger, view));
	TRY(sealing_erased(&erased, view, 0));
	const uint64_t *keys = (const void *)erased.keys.data;
	return notes_erase_in(path, keys, erased.keys.size / sizeof *keys, count);
}
