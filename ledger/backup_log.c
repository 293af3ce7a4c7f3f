/* SPDX-License-Identifier: Apache-2.0 */
#include "backup_log.h"

#include "base/try.h"
#include "entry/entry.h"
#include "entry/submission.h"

#include <stdlib.h>

enum {
	READ_REQUESTS = 4096,  /* by one snapshot, */
	READ_ENTRIES = 16384,  /* or so many entries */
	WRITE_BYTES = 1 << 20, /* in one group, */
	WRITE_REQUESTS = 4096, /* or so many requests */
};

/* ---- as the source ---- */

struct walk {
	struct log_snapshot *snapshot;
	struct backup_chain *chain;
	const struct backup_target *target;
	uint64_t signed_next; /* size of the next checkpoint; UINT64_MAX: this snapshot has no further one */
	slice note;
};

static enum recourse_error damaged(const struct walk *walk, enum recourse_error error)
{
	return error != RECOURSE_STORE_CORRUPT && error != RECOURSE_QUERY_NOT_FOUND
		       ? error
		       : backup_file_find(walk->chain->finding, RECOURSE_BACKUP_CHANGED,
				 "the log is damaged behind entry %llu: recourse verify says where",
				 (unsigned long long)walk->chain->head.entries);
}

/* A checkpoint of what a piece ended with may have been signed since. */
static enum recourse_error find_checkpoint(struct walk *walk)
{
	const struct backup_chain *chain = walk->chain;
	uint64_t entries = chain->head.entries;
	uint64_t at_least = entries > chain->signed_size ? entries : chain->signed_size + 1;
	enum recourse_error error =
		log_read_checkpoint_from(walk->snapshot, at_least, &walk->signed_next, &walk->note);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return damaged(walk, error);
	walk->signed_next = UINT64_MAX;
	return RECOURSE_OK;
}

static enum recourse_error pass_checkpoint(struct walk *walk)
{
	if (walk->signed_next != walk->chain->head.entries)
		return RECOURSE_OK;
	TRY(backup_piece_pass_checkpoint(walk->chain, walk->target, walk->note));
	return find_checkpoint(walk);
}

static enum recourse_error pass_request(struct walk *walk)
{
	struct backup_chain *chain = walk->chain;
	slice bytes;
	TRY(damaged(walk, log_read_request(walk->snapshot, chain->head.requests, &bytes)));
	TRY(backup_piece_pass_request(chain, walk->target, bytes));
	while (chain->expected > 0) {
		TRY(pass_checkpoint(walk));
		TRY(damaged(walk, log_read_entry(walk->snapshot, chain->head.entries, &bytes)));
		TRY(backup_piece_pass_entry(chain, walk->target, bytes));
	}
	return RECOURSE_OK;
}

/* With what was signed before any of it; and, at the end, of all of it. */
static enum recourse_error pass_some(struct log *log, const struct log_head *end, struct backup_chain *chain,
	const struct backup_target *target)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct walk walk = {.chain = chain, .target = target};
	const struct log_head before = chain->head;
	TRY(log_snapshot_open(log, &snapshot));
	walk.snapshot = snapshot;
	TRY(find_checkpoint(&walk));
	while (chain->head.requests < end->requests &&
		chain->head.requests - before.requests < READ_REQUESTS &&
		chain->head.entries - before.entries < READ_ENTRIES)
		TRY(pass_request(&walk));
	return chain->head.requests == end->requests ? pass_checkpoint(&walk) : RECOURSE_OK;
}

enum recourse_error backup_log_pass(struct log *log, const struct log_head *end, struct backup_chain *chain,
	const struct backup_target *target)
{
	struct recourse_backup_head at_end;
	do
		TRY(pass_some(log, end, chain, target));
	while (chain->head.requests < end->requests);
	backup_chain_head(chain, &at_end);
	at_end.time = end->time;
	TRY(backup_chain_end(chain, &at_end));
	if (!group_head_equal(&chain->head, end))
		return backup_file_find(chain->finding, RECOURSE_BACKUP_CHANGED,
			"the log's head is not that of its last entry: recourse verify says more");
	return target == NULL ? RECOURSE_OK : target->end(target->context, chain);
}

enum recourse_error backup_log_name(struct log *log, struct backup_finding *finding, struct key_public *key)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct entry entry;
	slice bytes;
	slice vkey;
	TRY(log_snapshot_open(log, &snapshot));
	if (log_read_entry(snapshot, 0, &bytes) == RECOURSE_OK &&
		entry_decode(bytes, &entry) == RECOURSE_OK &&
		entry_body_text(&entry, "log_key", &vkey) == RECOURSE_OK &&
		key_parse(vkey, key) == RECOURSE_OK)
		return RECOURSE_OK;
	return backup_file_find(
		finding, RECOURSE_BACKUP_STRANGE, "it has no first entry that opens a ledger");
}

static enum recourse_error not_here(struct backup_chain *chain, const struct recourse_backup_head *head)
{
	return backup_file_find(chain->finding, RECOURSE_BACKUP_STRANGE,
		"it ends behind request %llu of a history that this ledger does not have: it is another "
		"ledger's, "
		"or the ledger is an older copy",
		(unsigned long long)head->requests);
}

/* By the last request and the last entry that were before, and what the tree was. */
static enum recourse_error stands_there(
	struct log_snapshot *log, const struct recourse_backup_head *head, struct backup_chain *chain)
{
	struct submission submission;
	struct crypto_hash hash;
	slice bytes;
	TRY(log_read_request(log, head->requests - 1, &bytes));
	TRY(submission_decode(bytes, &submission));
	crypto_sha256_labelled(slice_text("recourse-request-v1\n"), submission.payload, &hash);
	submission_link(&submission, &hash, &chain->link);
	TRY(log_read_entry(log, head->entries - 1, &bytes));
	tree_leaf(bytes, &chain->head.last);
	return tree_open(log_read_tree(log), head->entries, &chain->tree);
}

enum recourse_error backup_log_stand(struct log *log, const struct recourse_backup_head *head,
	const char *log_key, struct backup_chain *chain)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct recourse_backup_head here;
	char vkey[KEY_TEXT_SIZE];
	if (head->requests == 0 || head->entries == 0)
		return not_here(chain, head);
	TRY(backup_log_name(log, chain->finding, &chain->key));
	(void)key_format(&chain->key, vkey);
	if (strcmp(vkey, log_key) != 0)
		return not_here(chain, head);
	TRY(log_snapshot_open(log, &snapshot));
	enum recourse_error error = stands_there(snapshot, head, chain);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	chain->head.entries = head->entries;
	chain->head.requests = head->requests;
	chain->head.time = head->time;
	chain->signed_size = head->signed_size;
	backup_chain_head(chain, &here);
	return error == RECOURSE_OK && backup_chain_head_equal(&here, head) ? RECOURSE_OK
									    : not_here(chain, head);
}

/* ---- as the target ---- */

void backup_log_begin(struct backup_log_writer *writer, struct log *log)
{
	const struct log_head none = {.entries = 0};
	const struct tree tree = {.size = 0};
	const struct crypto_hash link = {.bytes = {0}};
	*writer = (struct backup_log_writer){.log = log};
	group_start(&writer->group, &none, &tree, &link);
}

static enum recourse_error write_checkpoints(struct backup_log_writer *writer)
{
	struct log_checkpoint *list = (void *)writer->places.data;
	const size_t count = writer->places.size / sizeof *list;
	if (buffer_failed(&writer->places) || buffer_failed(&writer->notes))
		return RECOURSE_MEMORY;
	if (count == 0)
		return RECOURSE_OK;
	const uint8_t *note = writer->notes.data;
	for (size_t index = 0; index < count; index++) {
		list[index].note.data = note;
		note += list[index].note.size;
	}
	TRY(log_append_checkpoints(writer->log, list, count));
	buffer_clear(&writer->places);
	buffer_clear(&writer->notes);
	return RECOURSE_OK;
}

static enum recourse_error write_group(struct backup_log_writer *writer)
{
	struct group *group = &writer->group;
	if (!group_empty(group)) {
		TRY(group_chain(group));
		TRY(log_append(writer->log, group));
		const struct log_head head = group->head;
		const struct tree tree = group->tree;
		const struct crypto_hash link = group->link;
		group_start(group, &head, &tree, &link);
	}
	return write_checkpoints(writer);
}

static uint64_t later(const struct group *group, uint64_t time)
{
	return time > group->head.time ? time : group->head.time;
}

static enum recourse_error write_request(void *context, slice record)
{
	struct backup_log_writer *writer = context;
	struct group *group = &writer->group;
	struct submission submission;
	if (group->bytes.size + record.size > WRITE_BYTES ||
		group->head.requests - group->before.requests >= WRITE_REQUESTS)
		TRY(write_group(writer));
	TRY(submission_decode(record, &submission));
	size_t start = group->bytes.size;
	buffer_append(&group->bytes, record.data, record.size);
	return group_add_request(group, start, later(group, submission.time), &group->link);
}

static enum recourse_error write_entry(void *context, slice bytes)
{
	struct backup_log_writer *writer = context;
	struct group *group = &writer->group;
	struct entry entry;
	TRY(entry_decode(bytes, &entry));
	size_t start = group->bytes.size;
	buffer_append(&group->bytes, bytes.data, bytes.size);
	return group_add_entry(group, start, GROUP_LINKED, later(group, entry.time));
}

static enum recourse_error write_checkpoint(void *context, uint64_t size, slice note)
{
	struct backup_log_writer *writer = context;
	const struct log_checkpoint one = {.size = size, .note = note};
	buffer_append(&writer->places, &one, sizeof one);
	buffer_append(&writer->notes, note.data, note.size);
	return RECOURSE_OK;
}

/* The last command's time was spent, also where it was refused. */
static enum recourse_error write_end(void *context, const struct backup_chain *chain)
{
	struct backup_log_writer *writer = context;
	writer->group.head.time = chain->head.time;
	return write_group(writer);
}

struct backup_target backup_log_target(struct backup_log_writer *writer)
{
	return (struct backup_target){
		.request = write_request,
		.entry = write_entry,
		.checkpoint = write_checkpoint,
		.end = write_end,
		.context = writer,
	};
}

void backup_log_free(struct backup_log_writer *writer)
{
	group_free(&writer->group);
	buffer_free(&writer->notes);
	buffer_free(&writer->places);
}
