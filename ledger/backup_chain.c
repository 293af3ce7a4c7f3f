/* SPDX-License-Identifier: Apache-2.0 */
#include "backup_chain.h"

#include "base/try.h"
#include "entry/entry.h"
#include "entry/submission.h"

#define REQUEST_LABEL "recourse-request-v1\n"

static enum recourse_error wrong(
	struct backup_chain *chain, const char *what, uint64_t number, const char *reason)
{
	return backup_file_find(chain->finding, RECOURSE_BACKUP_CHANGED, "%s %llu %s", what,
		(unsigned long long)number, reason);
}

static enum recourse_error wrong_entry(struct backup_chain *chain, const char *reason)
{
	return wrong(chain, "entry", chain->head.entries, reason);
}

static enum recourse_error wrong_request(struct backup_chain *chain, const char *reason)
{
	return wrong(chain, "request", chain->head.requests, reason);
}

enum recourse_error backup_chain_request(struct backup_chain *chain, slice record)
{
	struct submission submission;
	if (chain->expected > 0)
		return wrong_entry(chain, "is missing");
	enum recourse_error error = submission_decode(record, &submission);
	if (error != RECOURSE_OK)
		return wrong_request(chain,
			error == RECOURSE_VERSION_UNKNOWN ? "is of a later version" : "has another form");
	if (!crypto_hash_equal(&submission.previous, &chain->link) ||
		submission.first_entry != chain->head.entries || submission.accepted > RECOURSE_COMMANDS_MAX)
		return wrong_request(chain, "does not follow the one before it");
	crypto_sha256_labelled(slice_text(REQUEST_LABEL), submission.payload, &chain->request);
	submission_link(&submission, &chain->request, &chain->link);
	chain->expected = submission.accepted;
	chain->head.requests++;
	if (submission.time > chain->head.time)
		chain->head.time = submission.time;
	return RECOURSE_OK;
}

/* The ledger's first says who it is. */
static enum recourse_error take_key(struct backup_chain *chain, const struct entry *entry)
{
	slice origin;
	slice vkey;
	if (entry_body_text(entry, "origin", &origin) == RECOURSE_OK &&
		entry_body_text(entry, "log_key", &vkey) == RECOURSE_OK &&
		key_parse(vkey, &chain->key) == RECOURSE_OK && slice_is(origin, chain->key.name))
		return RECOURSE_OK;
	return wrong_entry(chain, "does not open a ledger");
}

enum recourse_error backup_chain_entry(struct backup_chain *chain, slice bytes)
{
	struct tree_stored stored[TREE_STORED_MAX];
	struct entry entry;
	enum recourse_error error = entry_decode(bytes, &entry);
	if (error != RECOURSE_OK)
		return wrong_entry(chain,
			error == RECOURSE_VERSION_UNKNOWN ? "is of a later version" : "has another form");
	if (chain->expected == 0 || !crypto_hash_equal(&entry.request, &chain->request))
		return wrong_entry(chain, "is of no request");
	if (entry.number != chain->head.entries || !crypto_hash_equal(&entry.previous, &chain->head.last))
		return wrong_entry(chain, "does not follow the one before it");
	if (entry.number == 0)
		TRY(take_key(chain, &entry));
	tree_leaf(bytes, &chain->head.last);
	(void)tree_append(&chain->tree, &chain->head.last, stored);
	chain->expected--;
	chain->head.entries++;
	if (entry.time > chain->head.time)
		chain->head.time = entry.time;
	return RECOURSE_OK;
}

enum recourse_error backup_chain_checkpoint(struct backup_chain *chain, slice note)
{
	struct checkpoint checkpoint;
	struct crypto_hash root;
	enum recourse_error error = checkpoint_open(note, &chain->key, &checkpoint);
	if (error == RECOURSE_MEMORY)
		return error;
	if (error != RECOURSE_OK)
		return wrong(chain, "the checkpoint behind entry", chain->head.entries,
			"is not signed by the log's key");
	tree_root(&chain->tree, &root);
	if (checkpoint.size != chain->tree.size || checkpoint.size <= chain->signed_size ||
		!crypto_hash_equal(&root, &checkpoint.root))
		return wrong(chain, "the checkpoint of", checkpoint.size,
			"entries is not of these: they are another history than the one that was signed");
	chain->signed_size = checkpoint.size;
	return RECOURSE_OK;
}

void backup_chain_head(const struct backup_chain *chain, struct recourse_backup_head *head)
{
	struct crypto_hash root;
	*head = (struct recourse_backup_head){
		.entries = chain->head.entries,
		.requests = chain->head.requests,
		.time = chain->head.time,
		.signed_size = chain->signed_size,
	};
	tree_root(&chain->tree, &root);
	memcpy(head->last, chain->head.last.bytes, sizeof head->last);
	memcpy(head->link, chain->link.bytes, sizeof head->link);
	memcpy(head->root, root.bytes, sizeof head->root);
}

bool backup_chain_head_equal(const struct recourse_backup_head *a, const struct recourse_backup_head *b)
{
	return a->entries == b->entries && a->requests == b->requests && a->time == b->time &&
	       a->signed_size == b->signed_size && memcmp(a->last, b->last, sizeof a->last) == 0 &&
	       memcmp(a->link, b->link, sizeof a->link) == 0 && memcmp(a->root, b->root, sizeof a->root) == 0;
}

enum recourse_error backup_chain_end(struct backup_chain *chain, const struct recourse_backup_head *end)
{
	struct recourse_backup_head here;
	if (chain->expected > 0)
		return wrong_entry(chain, "is missing");
	if (end->time < chain->head.time)
		return wrong_entry(chain, "is later than the end");
	chain->head.time = end->time;
	backup_chain_head(chain, &here);
	return backup_chain_head_equal(&here, end)
		       ? RECOURSE_OK
		       : backup_file_find(chain->finding, RECOURSE_BACKUP_CHANGED,
				 "it says that it ends elsewhere than it does, behind entry %llu",
				 (unsigned long long)here.entries);
}
