/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "backup_file.h"
#include "proof/checkpoint.h"
#include "store/group.h"

/*
 * What a log says of itself without any rule, looked at as it goes by: that each entry follows the one before, that each
 * request's record does, whose entries are whose, and that each checkpoint is signed and has the root of what came before it.
 * Who wrote the whole log anew with its key is not found by this, but by an audit with what others kept.
 */
struct backup_chain {
	struct log_head head;
	struct tree tree;
	struct crypto_hash link; /* of the last request's record */
	uint64_t signed_size;    /* of the newest checkpoint */
	uint64_t expected;       /* entries of the last request that are still to come */
	struct crypto_hash request;
	struct key_public key; /* the log's; of no name before the first entry said it */
	struct backup_finding *finding;
};

/* Each: AUDIT_FAILED with the finding. Bytes are borrowed for the call. */
enum recourse_error backup_chain_request(struct backup_chain *chain, slice record);
enum recourse_error backup_chain_entry(struct backup_chain *chain, slice entry);
enum recourse_error backup_chain_checkpoint(struct backup_chain *chain, slice note);

/* That it stands there now, and so at an end. The head's time is taken from it: that of the last command, also of a refused one. */
enum recourse_error backup_chain_end(struct backup_chain *chain, const struct recourse_backup_head *end);

void backup_chain_head(const struct backup_chain *chain, struct recourse_backup_head *head);
bool backup_chain_head_equal(const struct recourse_backup_head *a, const struct recourse_backup_head *b);
