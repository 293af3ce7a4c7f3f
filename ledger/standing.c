/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

/* Refused requests are remembered too: without them a refusal leaves no trace here. */
enum recourse_error recourse_ledger_standing(
	struct recourse_ledger *ledger, struct recourse_standing *standing)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	struct record_path requests = record_path_of(RECORD_REQUEST);
	struct crypto_hash root;
	*standing = (struct recourse_standing){.entries = ledger->head.entries};
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(state_digest_without(view, record_path_slice(&requests), standing->facts));
	tree_root(&ledger->tree, &root);
	memcpy(standing->last, ledger->head.last.bytes, sizeof standing->last);
	memcpy(standing->root, root.bytes, sizeof standing->root);
	return RECOURSE_OK;
}
