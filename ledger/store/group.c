/* SPDX-License-Identifier: Apache-2.0 */
#include "store/group.h"

#include <assert.h>

struct span {
	size_t offset;
	size_t size;
};

void group_start(struct group *group, const struct log_head *head, const struct tree *tree,
	const struct crypto_hash *link)
{
	group->before = *head;
	group->head = *head;
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
		.tree = group->tree,
		.bytes = group->bytes.size,
		.entries = group->entries.size,
		.hashes = group->hashes.size,
	};
}

void group_rollback(struct group *group, const struct group_mark *mark)
{
	group->head = mark->head;
	group->tree = mark->tree;
	group->bytes.size = mark->bytes;
	group->entries.size = mark->entries;
	group->hashes.size = mark->hashes;
}

enum recourse_error group_add_entry(struct group *group, size_t start, uint64_t time)
{
	struct span span = {.offset = start, .size = group->bytes.size - start};
	struct tree_stored stored[TREE_LEVELS];
	struct crypto_hash leaf;
	if (buffer_failed(&group->bytes))
		return RECOURSE_MEMORY;
	tree_leaf(slice_of(group->bytes.data + start, span.size), &leaf);
	size_t count = tree_append(&group->tree, &leaf, stored);
	buffer_append(&group->hashes, stored, count * sizeof stored[0]);
	buffer_append(&group->entries, &span, sizeof span);
	group->head.entries++;
	group->head.time = time;
	group->head.last = leaf;
	return buffer_failed(&group->hashes) || buffer_failed(&group->entries) ? RECOURSE_MEMORY
									       : RECOURSE_OK;
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

static slice item_at(const struct group *group, const struct buffer *spans, uint64_t index)
{
	struct span span;
	assert(index < spans->size / sizeof span);
	memcpy(&span, spans->data + index * sizeof span, sizeof span);
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
