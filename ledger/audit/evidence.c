/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "proof/receipt.h"

enum recourse_error evidence_check_root(
	struct audit *audit, const char *where, const struct checkpoint *checkpoint)
{
	unsigned long long size = checkpoint->size;
	struct crypto_hash root;
	struct tree tree;
	if (checkpoint->size > audit->head.entries)
		return audit_wrong(audit, "%s: %llu entries were signed, the log has %llu: some are missing",
			where, size, (unsigned long long)audit->head.entries);
	TRY(tree_open(log_read_tree(audit->snapshot), checkpoint->size, &tree));
	tree_root(&tree, &root);
	if (!crypto_hash_equal(&root, &checkpoint->root))
		return audit_wrong(audit,
			"%s: the %llu entries that were signed are of another history than the log's first "
			"%llu",
			where, size, size);
	return RECOURSE_OK;
}

static enum recourse_error refuse_evidence(
	struct audit *audit, const struct recourse_evidence *evidence, enum recourse_error error)
{
	if (error == RECOURSE_MEMORY)
		return error;
	if (error == RECOURSE_NOTE_UNSIGNED)
		return audit_wrong(
			audit, "%s: it is not signed by the key that the ledger names", evidence->name);
	return audit_wrong(audit, "%s: it does not verify: %s (%s)", evidence->name,
		recourse_error_text(error), recourse_error_name(error));
}

static enum recourse_error read_checkpoint(
	const struct key_public *log_key, slice text, struct checkpoint *checkpoint)
{
	slice signed_text;
	if (note_text(text, &signed_text) == RECOURSE_OK)
		return checkpoint_open(text, log_key, checkpoint);
	TRY(checkpoint_parse(text, checkpoint));
	return strcmp(checkpoint->origin, log_key->name) == 0 ? RECOURSE_OK : RECOURSE_NOTE_UNSIGNED;
}

/* The entry of a receipt goes before the root: it says more precisely what was changed. */
static enum recourse_error check_one(struct audit *audit, const struct recourse_evidence *evidence)
{
	SCOPED(buffer_free) struct buffer entry = {0};
	struct recourse_audit *report = audit->report;
	struct checkpoint checkpoint;
	slice text = evidence->text;
	uint64_t number = UINT64_MAX;
	enum recourse_error error = slice_take(&text, "c2sp.org/tlog-proof@")
					    ? receipt_verify(evidence->text, &audit->key, slice_of(NULL, 0),
						      &checkpoint, &number, &entry)
					    : read_checkpoint(&audit->key, text, &checkpoint);
	if (error != RECOURSE_OK)
		return refuse_evidence(audit, evidence, error);
	if (number < audit->head.entries) {
		slice stored;
		TRY(log_read_entry(audit->snapshot, number, &stored));
		if (!slice_equal(stored, buffer_slice(&entry)))
			return audit_wrong_entry(audit, number,
				"%s: the receipt is for other bytes than the log has under this number",
				evidence->name);
	}
	TRY(evidence_check_root(audit, evidence->name, &checkpoint));
	report->evidence++;
	report->evidence_size =
		checkpoint.size > report->evidence_size ? checkpoint.size : report->evidence_size;
	return RECOURSE_OK;
}

enum recourse_error evidence_check(struct audit *audit)
{
	for (size_t index = 0; index < audit->options->evidence_count; index++)
		TRY(check_one(audit, &audit->options->evidence[index]));
	return RECOURSE_OK;
}
