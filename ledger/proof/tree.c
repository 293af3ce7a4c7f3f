/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/tree.h"

#include "base/try.h"

#include <assert.h>

enum {
	HEIGHT_MAX = 62,                   /* of a complete subtree, as sizes are below 2^63 */
	FOLD_MAX = 1 << (TREE_STRIDE - 1), /* stored hashes below a node that is not stored itself */
};

static_assert(TREE_LEVELS == HEIGHT_MAX / TREE_STRIDE + 1, "a stored level for every stride");
static_assert(TREE_PROOF_MAX > HEIGHT_MAX + 1, "the longest proof fits");

/* Leaves [begin, end). */
struct range {
	uint64_t begin;
	uint64_t end;
};

/* The subtrees whose roots make up a proof, from the root of the tree downwards. */
struct plan {
	uint32_t count;
	struct range ranges[TREE_PROOF_MAX];
};

void tree_leaf(slice entry, struct crypto_hash *hash)
{
	static const uint8_t LABEL = 0;
	crypto_sha256_labelled(slice_of(&LABEL, 1), entry, hash);
}

void tree_node(const struct crypto_hash *left, const struct crypto_hash *right, struct crypto_hash *hash)
{
	uint8_t bytes[1 + 2 * CRYPTO_HASH_SIZE] = {1};
	memcpy(bytes + 1, left->bytes, CRYPTO_HASH_SIZE);
	memcpy(bytes + 1 + CRYPTO_HASH_SIZE, right->bytes, CRYPTO_HASH_SIZE);
	crypto_sha256(slice_of(bytes, sizeof bytes), hash);
}

static uint32_t count_bits(uint64_t number)
{
	return (uint32_t)__builtin_popcountll(number);
}

static uint32_t highest_bit(uint64_t number)
{
	assert(number != 0);
	return 63U - (uint32_t)__builtin_clzll(number);
}

size_t tree_append(
	struct tree *tree, const struct crypto_hash *leaf, struct tree_stored stored[static TREE_STORED_MAX])
{
	assert(tree->size < TREE_SIZE_MAX && tree->count == count_bits(tree->size));
	struct crypto_hash hash = *leaf;
	size_t stored_count = 0;

	/* Like a carry: each subtree as high as the new one joins it. */
	for (uint32_t height = 1; (tree->size >> (height - 1) & 1) != 0; height++) {
		tree_node(&tree->edge[--tree->count], &hash, &hash);
		if (height % TREE_STRIDE != 0)
			continue;
		stored[stored_count++] = (struct tree_stored){
			.level = (uint8_t)(height / TREE_STRIDE),
			.index = tree->size >> height,
			.hash = hash,
		};
	}
	tree->edge[tree->count++] = hash;
	tree->size++;
	assert(tree->count == count_bits(tree->size) && stored_count <= TREE_STORED_MAX);
	return stored_count;
}

void tree_root(const struct tree *tree, struct crypto_hash *root)
{
	assert(tree->count == count_bits(tree->size));
	if (tree->count == 0) {
		crypto_sha256(slice_of(NULL, 0), root);
		return;
	}
	struct crypto_hash hash = tree->edge[tree->count - 1];
	for (uint32_t i = tree->count - 1; i > 0; i--)
		tree_node(&tree->edge[i - 1], &hash, &hash);
	*root = hash;
}

/* The complete subtree of that height: the row of stored hashes next below it, folded in pairs. */
static enum recourse_error fold_row(
	struct tree_source source, uint32_t height, uint64_t index, struct crypto_hash *hash)
{
	uint8_t level = (uint8_t)(height / TREE_STRIDE);
	uint32_t above = height % TREE_STRIDE;
	uint32_t count = UINT32_C(1) << above;
	struct crypto_hash row[FOLD_MAX];
	for (uint32_t i = 0; i < count; i++)
		TRY(source.read(source.context, level, (index << above) + i, &row[i]));
	for (; count > 1; count /= 2) {
		for (uint32_t i = 0; i < count / 2; i++)
			tree_node(&row[(size_t)2 * i], &row[(size_t)2 * i + 1], &row[i]);
	}
	*hash = row[0];
	return RECOURSE_OK;
}

/* The range as a tree of its own. Its beginning is a multiple of each of its subtrees' sizes. */
static enum recourse_error open_range(struct tree_source source, struct range range, struct tree *tree)
{
	uint64_t size = range.end - range.begin;
	struct tree opened = {.size = size};
	uint64_t begin = range.begin;
	for (uint64_t rest = size; rest != 0;) {
		uint32_t height = highest_bit(rest);
		uint64_t width = UINT64_C(1) << height;
		assert(begin % width == 0);
		TRY(fold_row(source, height, begin >> height, &opened.edge[opened.count]));
		opened.count++;
		begin += width;
		rest -= width;
	}
	*tree = opened;
	return RECOURSE_OK;
}

enum recourse_error tree_open(struct tree_source source, uint64_t size, struct tree *tree)
{
	if (size > TREE_SIZE_MAX)
		return RECOURSE_QUERY_NOT_FOUND;
	return open_range(source, (struct range){.begin = 0, .end = size}, tree);
}

/* Where RFC 6962 splits a range of at least two leaves: the largest power of two below its size. */
static uint64_t split_at(struct range range)
{
	return range.begin + (UINT64_C(1) << highest_bit(range.end - range.begin - 1));
}

static void plan_add(struct plan *plan, uint64_t begin, uint64_t end)
{
	assert(plan->count < TREE_PROOF_MAX);
	plan->ranges[plan->count++] = (struct range){.begin = begin, .end = end};
}

/* One step down from a range to its half with that leaf; the other half is part of the proof. */
static void descend(struct plan *plan, struct range *range, uint64_t leaf)
{
	uint64_t middle = split_at(*range);
	if (leaf < middle) {
		plan_add(plan, middle, range->end);
		range->end = middle;
	} else {
		plan_add(plan, range->begin, middle);
		range->begin = middle;
	}
}

/* Proofs go from the leaves upwards, plans from the root downwards. */
static enum recourse_error carry_out(
	struct tree_source source, const struct plan *plan, struct tree_proof *proof)
{
	for (uint32_t i = 0; i < plan->count; i++) {
		struct tree part;
		TRY(open_range(source, plan->ranges[plan->count - 1 - i], &part));
		tree_root(&part, &proof->hashes[i]);
	}
	proof->count = plan->count;
	return RECOURSE_OK;
}

enum recourse_error tree_prove_inclusion(
	struct tree_source source, uint64_t index, uint64_t size, struct tree_proof *proof)
{
	proof->count = 0;
	if (size > TREE_SIZE_MAX || index >= size)
		return RECOURSE_QUERY_NOT_FOUND;

	struct plan plan = {.count = 0};
	struct range range = {.begin = 0, .end = size};
	while (range.end - range.begin > 1)
		descend(&plan, &range, index);
	return carry_out(source, &plan, proof);
}

enum recourse_error tree_prove_consistency(
	struct tree_source source, uint64_t old_size, uint64_t size, struct tree_proof *proof)
{
	proof->count = 0;
	if (size > TREE_SIZE_MAX || old_size > size)
		return RECOURSE_QUERY_NOT_FOUND;
	if (old_size == 0)
		return RECOURSE_OK;

	struct plan plan = {.count = 0};
	struct range range = {.begin = 0, .end = size};
	while (range.end != old_size)
		descend(&plan, &range, old_size - 1);
	/* A range that begins at 0 is the whole old tree, whose root the checker has. */
	if (range.begin != 0)
		plan_add(&plan, range.begin, range.end);
	return carry_out(source, &plan, proof);
}

/* A node's place while climbing: its index and the last index in its row. */
struct climb {
	uint64_t node;
	uint64_t last;
};

static void climb_one(struct climb *climb)
{
	climb->node >>= 1;
	climb->last >>= 1;
}

/* A lone node at the right end has no sibling until the row where it is a right child. */
static void climb_lone(struct climb *climb)
{
	while ((climb->node & 1) == 0 && climb->node != 0)
		climb_one(climb);
}

/*
 * Climbs with the proof's hashes from `next` on to the root. `hash` becomes the root's; `old_hash`, which may be NULL,
 * that of the tree that ends with the node.
 */
static bool climb_up(struct climb climb, const struct tree_proof *proof, uint32_t next,
	struct crypto_hash *hash, struct crypto_hash *old_hash)
{
	for (; next < proof->count; next++) {
		const struct crypto_hash *sibling = &proof->hashes[next];
		if (climb.last == 0)
			return false;
		if ((climb.node & 1) != 0 || climb.node == climb.last) {
			tree_node(sibling, hash, hash);
			if (old_hash != NULL)
				tree_node(sibling, old_hash, old_hash);
			climb_lone(&climb);
		} else {
			tree_node(hash, sibling, hash);
		}
		climb_one(&climb);
	}
	return climb.last == 0;
}

enum recourse_error tree_check_inclusion(const struct crypto_hash *leaf, uint64_t index, uint64_t size,
	const struct tree_proof *proof, const struct crypto_hash *root)
{
	if (size > TREE_SIZE_MAX || index >= size || proof->count > TREE_PROOF_MAX)
		return RECOURSE_PROOF_WRONG;

	struct climb climb = {.node = index, .last = size - 1};
	struct crypto_hash hash = *leaf;
	bool there = climb_up(climb, proof, 0, &hash, NULL);
	return there && crypto_hash_equal(&hash, root) ? RECOURSE_OK : RECOURSE_PROOF_WRONG;
}

/* 0 < old_size < size. */
static enum recourse_error check_growth(uint64_t old_size, const struct crypto_hash *old_root, uint64_t size,
	const struct crypto_hash *root, const struct tree_proof *proof)
{
	struct climb climb = {.node = old_size - 1, .last = size - 1};
	while ((climb.node & 1) != 0)
		climb_one(&climb);

	/* node 0: the old tree is complete, and stands for the hash that the proof would begin with. */
	uint32_t next = climb.node == 0 ? 0 : 1;
	if (proof->count < next)
		return RECOURSE_PROOF_WRONG;
	struct crypto_hash old_hash = next == 0 ? *old_root : proof->hashes[0];
	struct crypto_hash hash = old_hash;
	bool there = climb_up(climb, proof, next, &hash, &old_hash);
	bool same = crypto_hash_equal(&old_hash, old_root) && crypto_hash_equal(&hash, root);
	return there && same ? RECOURSE_OK : RECOURSE_PROOF_WRONG;
}

enum recourse_error tree_check_consistency(uint64_t old_size, const struct crypto_hash *old_root,
	uint64_t size, const struct crypto_hash *root, const struct tree_proof *proof)
{
	if (size > TREE_SIZE_MAX || old_size > size || proof->count > TREE_PROOF_MAX)
		return RECOURSE_PROOF_WRONG;
	if (old_size > 0 && old_size < size)
		return check_growth(old_size, old_root, size, root, proof);

	struct crypto_hash empty;
	crypto_sha256(slice_of(NULL, 0), &empty);
	bool same = (old_size > 0 || crypto_hash_equal(old_root, &empty)) &&
		    (old_size < size || crypto_hash_equal(old_root, root));
	return proof->count == 0 && same ? RECOURSE_OK : RECOURSE_PROOF_WRONG;
}
