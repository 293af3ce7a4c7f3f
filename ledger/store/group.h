/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "proof/tree.h"

/* How far a log has come. */
struct log_head {
	uint64_t entries;        /* how many: the next entry's number */
	uint64_t requests;       /* how many: the next request's number */
	uint64_t time;           /* last instant given out; 0 in an empty log */
	struct crypto_hash last; /* leaf hash of the last entry; zero in an empty log */
};

/*
 * What one group commit will add to the log, as it is being decided: entries, request records, stored hashes,
 * and the head and tree as they will be. Everything after a mark can be taken back.
 */
struct group {
	struct log_head before; /* which it is decided on */
	struct log_head head;
	struct tree tree;
	struct crypto_hash link; /* of the last request's record: see submission.h */
	struct buffer bytes;     /* entries and request records, end to end */
	struct buffer entries;   /* where they lie in `bytes` */
	struct buffer requests;  /* the same */
	struct buffer hashes;    /* of struct tree_stored, in the order in which tree_append() gave them */
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

/* Whether it adds nothing: entries come with their request. */
static inline bool group_empty(const struct group *group)
{
	return group->head.requests == group->before.requests;
}

/* What it adds under that number of the log (asserted). Good until more is added. */
slice group_entry(const struct group *group, uint64_t number);
slice group_request(const struct group *group, uint64_t number);
