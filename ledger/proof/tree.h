/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"

/*
 * The Merkle tree of RFC 6962 (§2.1) with SHA-256, and its proofs.
 *
 *   leaf  H(00 ‖ entry)      node  H(01 ‖ left ‖ right)      empty tree  H("")
 *
 * Stored hashes: of every complete subtree whose height is a multiple of TREE_STRIDE, and not 0. Hash (level L,
 * index i) is the root over leaves [i × 32^L, (i + 1) × 32^L). Level 0 are the leaves, which are made from
 * their entries when they are wanted. All others are computed from at most 32 of these, so a leaf costs one
 * stored byte rather than 64, and a proof the hashing of at most 32 entries.
 */
enum {
	TREE_STRIDE = 5,
	TREE_WIDTH = 1 << TREE_STRIDE,
	TREE_LEVELS = 13, /* 32^13 > 2^63 */
	TREE_STORED_MAX = TREE_LEVELS - 1,
	TREE_PROOF_MAX = 64, /* hashes in any proof */
};

#define TREE_SIZE_MAX INT64_MAX

void tree_leaf(slice entry, struct crypto_hash *hash);
void tree_node(const struct crypto_hash *left, const struct crypto_hash *right, struct crypto_hash *hash);

/*
 * The edge of a growing tree: the roots of the complete subtrees that make it up, largest first.
 * A value: copied by assignment. All zero is the empty tree.
 */
struct tree {
	uint64_t size;
	uint32_t count; /* subtrees: the bits set in `size` */
	struct crypto_hash edge[63];
};

struct tree_stored {
	uint8_t level;
	uint64_t index;
	struct crypto_hash hash;
};

/*
 * Adds a leaf. Writes the stored hashes that it completes, level 1 first, to `stored`, and returns
 * how many (0..TREE_STORED_MAX).
 */
size_t tree_append(
	struct tree *tree, const struct crypto_hash *leaf, struct tree_stored stored[static TREE_STORED_MAX]);

void tree_root(const struct tree *tree, struct crypto_hash *root);

/*
 * Where leaves and stored hashes come from. Returns STORE_CORRUPT or STORE_FAILED when one that must be there
 * is not; such an error is passed on by everything below.
 */
struct tree_source {
	enum recourse_error (*read)(void *context, uint8_t level, uint64_t index, struct crypto_hash *hash);
	void *context;
};

/* The edge of the first `size` leaves, from stored hashes. */
enum recourse_error tree_open(struct tree_source source, uint64_t size, struct tree *tree);

struct tree_proof {
	uint32_t count;
	struct crypto_hash hashes[TREE_PROOF_MAX];
};

/* QUERY_NOT_FOUND unless index < size, or 0 ≤ old ≤ size, within what the source holds. */
enum recourse_error tree_prove_inclusion(
	struct tree_source source, uint64_t index, uint64_t size, struct tree_proof *proof);
enum recourse_error tree_prove_consistency(
	struct tree_source source, uint64_t old_size, uint64_t size, struct tree_proof *proof);

/*
 * Checks by RFC 9162 §2.1.3.2 and §2.1.4.2 with every edge settled: index ≥ size, sizes above
 * TREE_SIZE_MAX, too few or too many hashes are PROOF_WRONG; 0 → n and n → n take an empty proof
 * (0 → n: the old root must be the empty tree's; n → n: the roots must be equal).
 */
enum recourse_error tree_check_inclusion(const struct crypto_hash *leaf, uint64_t index, uint64_t size,
	const struct tree_proof *proof, const struct crypto_hash *root);
enum recourse_error tree_check_consistency(uint64_t old_size, const struct crypto_hash *old_root,
	uint64_t size, const struct crypto_hash *root, const struct tree_proof *proof);
