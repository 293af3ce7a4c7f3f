/* SPDX-License-Identifier: Apache-2.0 */
#include "store/group.h"

#include <assert.h>

struct span {
	size_t offset;
	size_t size;
	size_t previous; /* of an entry: where it has the leaf hash of the one before; or GROUP_LINKED */
};

bool group_head_equal(const struct log_head *a, const struct log_head *b)
{
	return a->entries == b->entries && a->requests == b->requests && a->time == b->time &&
	       crypto_hash_equal(&a->last, &b->last);
}

void group_start(struct group *group, const struct log_head *head, const struct tree *tree,
	const struct crypto_hash *link)
{
	group->before = *head;
	group->head = *head;
	group->chained = head->entries;
	group->tree = *tree;
	group->link = *link;
	buffer_clear(&group->bytes);
	buffer_clear(&group->entries);
	buffer_clear(&group->requests);
	buffer_clear(&group->hashes);
}

void group_free(struct group *group)
{
	buffer_free(&group->bytes);
	buffer_free(&group->entries);
	buffer_free(&group->requests);
	buffer_free(&group->hashes);
}

struct group_mark group_mark(const struct group *group)
{
	return (struct group_mark){
		.head = group->head,
		.link = group->link,
		.bytes = group->bytes.size,
		.entries = group->entries.size,
		.requests = group->requests.size,
	};
}

void group_rollback(struct group *group, const struct group_mark *mark)
{
	assert(group->chained <= mark->head.entries);
	group->head = mark->head;
	buffer_cut(&group->bytes, mark->bytes);
	buffer_cut(&group->entries, mark->entries);
	buffer_cut(&group->requests, mark->requests);
	group->link = mark->link;
}

enum recourse_error group_add_entry(struct group *group, size_t start, size_t previous, uint64_t time)
{
	struct span span = {.offset = start, .size = group->bytes.size - start, .previous = previous};
	buffer_append(&group->entries, &span, sizeof span);
	group->head.entries++;
	group->head.time = time;
	return buffer_failed(&group->bytes) || buffer_failed(&group->entries) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error group_add_request(
	struct group *group, size_t start, uint64_t time, const struct crypto_hash *link)
{
	struct span span = {.offset = start, .size = group->bytes.size - start};
	buffer_append(&group->requests, &span, sizeof span);
	group->head.requests++;
	group->link = *link;
	group->head.time = time;
	return buffer_failed(&group->bytes) || buffer_failed(&group->requests) ? RECOURSE_MEMORY
									       : RECOURSE_OK;
}

void group_follow(struct group *group, const struct crypto_hash *last, const struct tree *tree)
{
	assert(group->chained == group->before.entries && tree->size == group->chained);
	group->before.last = *last;
	group->head.last = *last;
	group->tree = *tree;
}

static struct span span_at(const struct buffer *spans, uint64_t index)
{
	struct span span;
	assert(index < spans->size / sizeof span);
	memcpy(&span, spans->data + index * sizeof span, sizeof span);
	return span;
}

static void chain_entry(struct group *group, const struct span *span)
{
	struct tree_stored stored[TREE_STORED_MAX];
	if (span->previous != GROUP_LINKED)
		memcpy(group->bytes.data + span->previous, group->head.last.bytes, CRYPTO_HASH_SIZE);
	tree_leaf(slice_of(group->bytes.data + span->offset, span->size), &group->head.last);
	size_t count = tree_append(&group->tree, &group->head.last, stored);
	buffer_append(&group->hashes, stored, count * sizeof stored[0]);
}

enum recourse_error group_chain_to(struct group *group, uint64_t entries)
{
	assert(entries <= group->head.entries);
	for (; group->chained < entries; group->chained++) {
		struct span span = span_at(&group->entries, group->chained - group->before.entries);
		chain_entry(group, &span);
	}
	return buffer_failed(&group->hashes) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error group_chain(struct group *group)
{
	return group_chain_to(group, group->head.entries);
}

static slice item_at(const struct group *group, const struct buffer *spans, uint64_t index)
{
	struct span span = span_at(spans, index);
	return slice_of(group->bytes.data + span.offset, span.size);
}

slice group_entry(const struct group *group, uint64_t number)
{
	return item_at(group, &group->entries, number - group->before.entries);
}

slice group_request(const struct group *group, uint64_t number)
{
	return item_at(group, &group->requests, number - group->before.requests);
}
