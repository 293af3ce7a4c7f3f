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

bool group_head_equal(const struct log_head *a, const struct log_head *b);

/*
 * What one group commit will add to the log: entries and request records as they are decided, of which everything after
 * a mark can be taken back; then, when it has been decided, the chain through its entries, and what that adds to the tree.
 *
 *     group_start ── group_add_entry, group_add_request, … ── group_chain ── log_append
 *
 * A rule needs no hash: so who decides does not wait for who chains.
 */
struct group {
	struct log_head before;  /* which it is decided on */
	struct log_head head;    /* its last hash is that of the last entry which was chained */
	uint64_t chained;        /* how many entries the log has had with the last that was chained */
	struct tree tree;        /* over these */
	struct crypto_hash link; /* of the last request's record: see submission.h */
	struct buffer bytes;     /* entries and request records, end to end */
	struct buffer entries;   /* where they lie in `bytes` */
	struct buffer requests;  /* the same */
	struct buffer hashes;    /* of struct tree_stored, in the order in which tree_append() gave them */
};

struct group_mark {
	struct log_head head;
	struct crypto_hash link;
	size_t bytes;
	size_t entries;
	size_t requests;
};

/* Of an entry that has the hash of the one before already. */
#define GROUP_LINKED SIZE_MAX

/* Begins with nothing, after that head, tree and link. Memory is kept from group to group. */
void group_start(struct group *group, const struct log_head *head, const struct tree *tree,
	const struct crypto_hash *link);
void group_free(struct group *group);

/* What was chained can not be taken back (asserted). A want of memory since the mark is forgotten with what wanted it. */
struct group_mark group_mark(const struct group *group);
void group_rollback(struct group *group, const struct group_mark *mark);

/*
 * Takes what was appended to `bytes` since `start` as the next entry, which has the 32 bytes for the leaf hash of the one
 * before it at `previous` in them; or GROUP_LINKED. MEMORY.
 */
enum recourse_error group_add_entry(struct group *group, size_t start, size_t previous, uint64_t time);

/* Takes what was appended to `bytes` since `start` as the next request record, whose link that is. MEMORY. */
enum recourse_error group_add_request(
	struct group *group, size_t start, uint64_t time, const struct crypto_hash *link);

/*
 * For a group that was started before the one that it follows was chained: the last hash and the tree of that one. Nothing
 * of it may have been chained (asserted).
 */
void group_follow(struct group *group, const struct crypto_hash *last, const struct tree *tree);

/* Chains the entries that are not yet: each gets the hash of the one before, and its leaf in the tree. MEMORY. */
enum recourse_error group_chain(struct group *group);

/* The same as far as the log has so many entries with them (asserted): for who looks at one request after the other. */
enum recourse_error group_chain_to(struct group *group, uint64_t entries);

/* Whether it adds nothing: entries come with their request. */
static inline bool group_empty(const struct group *group)
{
	return group->head.requests == group->before.requests;
}

/* What it adds under that number of the log (asserted). Good until more is added. */
slice group_entry(const struct group *group, uint64_t number);
slice group_request(const struct group *group, uint64_t number);
