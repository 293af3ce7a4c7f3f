/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "store/log.h"

/*
 * What one group commit will add to the log, as it is being decided: entries, request records, stored hashes,
 * and the head and tree as they will be. Everything after a mark can be taken back.
 */
struct group {
	struct log_head before;
	struct log_head head;
	struct tree tree;
	struct crypto_hash link; /* of the last request's record: see submission.h */
	struct buffer bytes;     /* entries and request records, end to end */
	struct buffer entries;   /* of struct group_span */
	struct buffer requests;  /* of struct group_span */
	struct buffer hashes;    /* of struct tree_stored */
};

struct group_span {
	size_t offset;
	size_t size;
};

struct group_mark {
	struct log_head head;
	struct tree tree;
	size_t bytes;
	size_t entries;
	size_t hashes;
};

/* Begins with nothing, after that head, tree and link. Memory is kept from group to group. */
void group_start(struct group *group, const struct log_head *head, const struct tree *tree,
	const struct crypto_hash *link);
void group_free(struct group *group);

struct group_mark group_mark(const struct group *group);
void group_rollback(struct group *group, const struct group_mark *mark);

/* Takes what was appended to `bytes` since `start` as the next entry: hashes it into the tree. MEMORY. */
enum recourse_error group_add_entry(struct group *group, size_t start, uint64_t time);

/* Takes what was appended to `bytes` since `start` as the next request record, whose link that is. MEMORY. */
enum recourse_error group_add_request(
	struct group *group, size_t start, uint64_t time, const struct crypto_hash *link);

size_t group_entry_count(const struct group *group);
size_t group_request_count(const struct group *group);
slice group_entry(const struct group *group, size_t index);
slice group_request(const struct group *group, size_t index);

/* Appends it to the log, durably. As log_append(); MEMORY before anything was written. */
enum recourse_error group_append(const struct group *group, struct log *log);
