/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "proof/tree.h"

static struct support_random dice;

/* A tree of any size whose leaves are all the same has one hash for each level. */
struct uniform {
	struct crypto_hash hashes[TREE_LEVELS];
	uint64_t reads;
};

static enum recourse_error uniform_read(
	void *context, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	struct uniform *from = context;
	from->reads++;
	if (level >= TREE_LEVELS || index >= (uint64_t)TREE_SIZE_MAX >> (TREE_STRIDE * level))
		return RECOURSE_STORE_CORRUPT;
	*hash = from->hashes[level];
	return RECOURSE_OK;
}

static struct uniform uniform;
static const struct tree_source source = {.read = uniform_read, .context = &uniform};

static void uniform_fill(void)
{
	struct crypto_hash hash;
	tree_leaf(slice_text("same"), &hash);
	for (uint32_t height = 0; height < TREE_STRIDE * TREE_LEVELS; height++) {
		if (height % TREE_STRIDE == 0)
			uniform.hashes[height / TREE_STRIDE] = hash;
		tree_node(&hash, &hash, &hash);
	}
}

static void check_huge_inclusion(uint64_t index, uint64_t size)
{
	struct tree tree;
	assert_ok(tree_open(source, size, &tree));
	struct crypto_hash root, leaf;
	tree_root(&tree, &root);
	tree_leaf(slice_text("same"), &leaf);
	struct tree_proof proof;
	assert_ok(tree_prove_inclusion(source, index, size, &proof));
	assert_in_range(proof.count, 1, 63);
	assert_ok(tree_check_inclusion(&leaf, index, size, &proof, &root));

	for (uint32_t i = 0; i < proof.count; i++) {
		proof.hashes[i].bytes[i % CRYPTO_HASH_SIZE] ^= 1;
		assert_error(tree_check_inclusion(&leaf, index, size, &proof, &root), RECOURSE_PROOF_WRONG);
		proof.hashes[i].bytes[i % CRYPTO_HASH_SIZE] ^= 1;
	}
	proof.count--;
	assert_error(tree_check_inclusion(&leaf, index, size, &proof, &root), RECOURSE_PROOF_WRONG);
}

static void check_huge_consistency(uint64_t old, uint64_t size)
{
	struct tree old_tree, tree;
	assert_ok(tree_open(source, old, &old_tree));
	assert_ok(tree_open(source, size, &tree));
	struct crypto_hash old_root, root;
	tree_root(&old_tree, &old_root);
	tree_root(&tree, &root);
	struct tree_proof proof;
	assert_ok(tree_prove_consistency(source, old, size, &proof));
	assert_in_range(proof.count, 0, 64);
	assert_ok(tree_check_consistency(old, &old_root, size, &root, &proof));
}

static void test_huge_sizes(void **state)
{
	const uint64_t largest = TREE_SIZE_MAX;
	const uint64_t sizes[] = {UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1, UINT64_C(1) << 60,
		UINT64_C(1) << 62, (UINT64_C(1) << 62) + 1, largest - 1, largest};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		uint64_t size = sizes[i];
		check_huge_inclusion(0, size);
		check_huge_inclusion(size / 2, size);
		check_huge_inclusion(size - 1, size);
		check_huge_inclusion(support_random_below(&dice, size), size);
		check_huge_consistency(1, size);
		check_huge_consistency(size / 2 + 1, size);
		check_huge_consistency(size - 1, size);
		check_huge_consistency(size, size);
		check_huge_consistency(support_random_below(&dice, size), size);
	}
}

/* The last leaf that a tree can take completes the edge. */
static void test_last_leaf(void **state)
{
	struct tree tree, expected;
	assert_ok(tree_open(source, TREE_SIZE_MAX - 1, &tree));
	assert_ok(tree_open(source, TREE_SIZE_MAX, &expected));
	struct crypto_hash leaf;
	tree_leaf(slice_text("same"), &leaf);
	struct tree_stored stored[TREE_STORED_MAX];
	assert_int_equal(tree_append(&tree, &leaf, stored), 0);
	assert_int_equal(tree.count, 63);
	assert_memory_equal(&tree, &expected, sizeof tree);

	/* The leaf that completes a tree of 2^62 writes to every level at once. */
	assert_ok(tree_open(source, (UINT64_C(1) << 62) - 1, &tree));
	assert_int_equal(tree_append(&tree, &leaf, stored), TREE_STORED_MAX);
	for (uint32_t i = 0; i < TREE_STORED_MAX; i++) {
		assert_int_equal(stored[i].level, i + 1);
		assert_true(crypto_hash_equal(&stored[i].hash, &uniform.hashes[i + 1]));
	}
	assert_int_equal(stored[11].index, 3);
}

/* A node of height h above its row takes 2^h reads, so a path takes 31 for each full stride. */
static void test_few_reads(void **state)
{
	struct tree_proof proof;
	uniform.reads = 0;
	assert_ok(tree_prove_inclusion(source, 12345, UINT64_C(1) << 60, &proof));
	assert_int_equal(proof.count, 60);
	assert_int_equal(uniform.reads, 12 * 31);

	struct tree tree;
	uniform.reads = 0;
	assert_ok(tree_open(source, (UINT64_C(1) << 60) - 1, &tree));
	assert_int_equal(uniform.reads, 12 * 31);
}

/* Proofs that do lead to the root they are given, of trees that can not be. */
static void test_beyond(void **state)
{
	struct crypto_hash leaf;
	tree_leaf(slice_text("same"), &leaf);
	struct tree_proof proof = {.count = 0};
	struct crypto_hash root = leaf;
	while (proof.count < 62) {
		proof.hashes[proof.count++] = root;
		tree_node(&root, &root, &root);
	}
	assert_ok(tree_check_inclusion(&leaf, 0, UINT64_C(1) << 62, &proof, &root));
	assert_ok(tree_check_consistency(1, &leaf, UINT64_C(1) << 62, &root, &proof));
	proof.hashes[proof.count++] = root;
	tree_node(&root, &root, &root);
	const uint64_t size = UINT64_C(1) << 63;
	assert_error(tree_check_inclusion(&leaf, 0, size, &proof, &root), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(1, &leaf, size, &root, &proof), RECOURSE_PROOF_WRONG);

	/* A hash more than the tree is high, above the root of one leaf and of two. */
	proof.count = 1;
	proof.hashes[0] = leaf;
	tree_node(&leaf, &leaf, &root);
	assert_error(tree_check_inclusion(&leaf, 0, 1, &proof, &root), RECOURSE_PROOF_WRONG);
	proof.hashes[proof.count++] = leaf;
	tree_node(&leaf, &root, &root);
	assert_error(tree_check_inclusion(&leaf, 0, 2, &proof, &root), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(1, &leaf, 2, &root, &proof), RECOURSE_PROOF_WRONG);
}

static int start(void **state)
{
	dice = support_random_start();
	int started = support_crypto(state);
	uniform_fill();
	return started;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_huge_sizes),
		cmocka_unit_test(test_last_leaf),
		cmocka_unit_test(test_few_reads),
		cmocka_unit_test(test_beyond),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
