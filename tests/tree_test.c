/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/text.h"
#include "proof/tree.h"

#include <stdio.h>

enum {
	LEAVES = 131,
	STORED_MAX = 40000, /* leaves of the largest grown tree */
};

static struct support_random dice;

/* Leaves, and stored hashes as tree_append() gave them, in memory; counts reads. */
struct store {
	struct crypto_hash leaves[STORED_MAX];
	struct crypto_hash rows[3][STORED_MAX / TREE_WIDTH + 1]; /* levels 1..3 */
	uint64_t counts[4];
	uint64_t reads;
	uint64_t reads_allowed;
};

static struct store store;

static enum recourse_error store_read(void *context, uint8_t level, uint64_t index, struct crypto_hash *hash)
{
	struct store *from = context;
	if (from->reads++ >= from->reads_allowed)
		return RECOURSE_STORE_FAILED;
	if (level >= 4 || index >= from->counts[level])
		return RECOURSE_STORE_CORRUPT;
	*hash = level == 0 ? from->leaves[index] : from->rows[level - 1][index];
	return RECOURSE_OK;
}

static const struct tree_source SOURCE = {.read = store_read, .context = &store};

static void grow(struct tree *tree)
{
	char entry[32];
	int size = snprintf(entry, sizeof entry, "leaf %llu", (unsigned long long)tree->size);
	struct crypto_hash leaf;
	tree_leaf(slice_of(entry, (size_t)size), &leaf);
	struct tree_stored stored[TREE_STORED_MAX];
	store.leaves[store.counts[0]++] = leaf;
	size_t count = tree_append(tree, &leaf, stored);
	assert_in_range(count, 0, TREE_STORED_MAX);
	for (size_t i = 0; i < count; i++) {
		/* Every hash comes once, in order: what an append-only store can take. */
		assert_int_equal(stored[i].level, i + 1);
		assert_int_equal(stored[i].index, store.counts[i + 1]);
		store.counts[i + 1]++;
		store.rows[i][stored[i].index] = stored[i].hash;
	}
}

/*
 * The model: RFC 6962, section 2.1, word for word. Hashes of ranges are remembered, or the model would
 * take minutes.
 */
static struct {
	bool known;
	struct crypto_hash hash;
} ranges[LEAVES][LEAVES + 1];

static uint64_t model_split(uint64_t count)
{
	uint64_t power = 1;
	while (power * 2 < count)
		power *= 2;
	return power;
}

static struct crypto_hash model_hash(uint64_t begin, uint64_t end)
{
	struct crypto_hash hash;
	if (begin == end) {
		crypto_sha256(slice_of(NULL, 0), &hash);
		return hash;
	}
	if (end - begin == 1)
		return store.leaves[begin];
	if (ranges[begin][end].known)
		return ranges[begin][end].hash;

	uint64_t split = model_split(end - begin);
	struct crypto_hash left = model_hash(begin, begin + split);
	struct crypto_hash right = model_hash(begin + split, end);
	uint8_t bytes[65] = {1};
	memcpy(bytes + 1, left.bytes, 32);
	memcpy(bytes + 33, right.bytes, 32);
	crypto_sha256(slice_of(bytes, sizeof bytes), &hash);
	ranges[begin][end].hash = hash;
	ranges[begin][end].known = true;
	return hash;
}

static void model_path(uint64_t index, uint64_t begin, uint64_t end, struct tree_proof *proof)
{
	if (end - begin == 1)
		return;
	uint64_t split = model_split(end - begin);
	if (index < split) {
		model_path(index, begin, begin + split, proof);
		proof->hashes[proof->count++] = model_hash(begin + split, end);
	} else {
		model_path(index - split, begin + split, end, proof);
		proof->hashes[proof->count++] = model_hash(begin, begin + split);
	}
}

static void model_subproof(uint64_t old, uint64_t begin, uint64_t end, bool known, struct tree_proof *proof)
{
	if (old == end - begin) {
		if (!known)
			proof->hashes[proof->count++] = model_hash(begin, end);
		return;
	}
	uint64_t split = model_split(end - begin);
	if (old <= split) {
		model_subproof(old, begin, begin + split, known, proof);
		proof->hashes[proof->count++] = model_hash(begin + split, end);
	} else {
		model_subproof(old - split, begin + split, end, false, proof);
		proof->hashes[proof->count++] = model_hash(begin, begin + split);
	}
}

static void assert_same_proof(const struct tree_proof *proof, const struct tree_proof *expected)
{
	assert_int_equal(proof->count, expected->count);
	assert_memory_equal(proof->hashes, expected->hashes, proof->count * sizeof proof->hashes[0]);
}

static struct tree_proof proof_without(const struct tree_proof *proof, uint32_t index)
{
	struct tree_proof changed = *proof;
	changed.count--;
	memmove(&changed.hashes[index], &proof->hashes[index + 1],
		(changed.count - index) * sizeof proof->hashes[0]);
	return changed;
}

static struct tree_proof proof_doubling(const struct tree_proof *proof, uint32_t index)
{
	struct tree_proof changed = *proof;
	changed.count++;
	memmove(&changed.hashes[index + 1], &proof->hashes[index],
		(proof->count - index) * sizeof proof->hashes[0]);
	return changed;
}

static struct crypto_hash hash_flipped(const struct crypto_hash *hash)
{
	struct crypto_hash changed = *hash;
	uint64_t bit = support_random_below(&dice, 8 * CRYPTO_HASH_SIZE);
	changed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	return changed;
}

enum { FORGERIES_MAX = 3 * TREE_PROOF_MAX + 1 };

/* Each hash with a bit flipped, left out and twice; and, as the last, with `root` behind them. Returns how many. */
static size_t forge_proofs(const struct tree_proof *proof, const struct crypto_hash *root,
	struct tree_proof forged[FORGERIES_MAX])
{
	size_t count = 0;
	for (uint32_t index = 0; index < proof->count; index++) {
		struct tree_proof *flipped = &forged[count++];
		*flipped = *proof;
		flipped->hashes[index] = hash_flipped(&proof->hashes[index]);
		forged[count++] = proof_without(proof, index);
		forged[count++] = proof_doubling(proof, index);
	}
	forged[count] = *proof;
	forged[count].hashes[forged[count].count++] = *root;
	return count + 1;
}

static void refuse_inclusion(const struct crypto_hash *leaf, uint64_t index, uint64_t size,
	const struct tree_proof *proof, const struct crypto_hash *root)
{
	static struct tree_proof forged[FORGERIES_MAX];
	size_t count = forge_proofs(proof, root, forged);
	for (size_t i = 0; i < count; i++)
		assert_error(tree_check_inclusion(leaf, index, size, &forged[i], root), RECOURSE_PROOF_WRONG);
	struct crypto_hash other = hash_flipped(leaf);
	assert_error(tree_check_inclusion(&other, index, size, proof, root), RECOURSE_PROOF_WRONG);
	other = hash_flipped(root);
	assert_error(tree_check_inclusion(leaf, index, size, proof, &other), RECOURSE_PROOF_WRONG);
}

static void check_inclusion(uint64_t index, uint64_t size)
{
	struct tree_proof expected = {.count = 0};
	model_path(index, 0, size, &expected);
	struct tree_proof proof;
	assert_ok(tree_prove_inclusion(SOURCE, index, size, &proof));
	assert_same_proof(&proof, &expected);

	struct crypto_hash root = model_hash(0, size);
	const struct crypto_hash *leaf = &store.leaves[index];
	assert_ok(tree_check_inclusion(leaf, index, size, &expected, &root));
	refuse_inclusion(leaf, index, size, &expected, &root);
}

static void refuse_consistency(uint64_t old, const struct crypto_hash *old_root, uint64_t size,
	const struct crypto_hash *root, const struct tree_proof *proof)
{
	static struct tree_proof forged[FORGERIES_MAX];
	size_t count = forge_proofs(proof, root, forged);
	for (size_t i = 0; i < count; i++)
		assert_error(
			tree_check_consistency(old, old_root, size, root, &forged[i]), RECOURSE_PROOF_WRONG);
	/* Not even to roots that the longer proof does lead to. */
	struct crypto_hash above_old, above;
	tree_node(root, old_root, &above_old);
	tree_node(root, root, &above);
	assert_error(tree_check_consistency(old, &above_old, size, &above, &forged[count - 1]),
		RECOURSE_PROOF_WRONG);
	struct crypto_hash other = hash_flipped(old_root);
	assert_error(tree_check_consistency(old, &other, size, root, proof), RECOURSE_PROOF_WRONG);
	other = hash_flipped(root);
	/* An empty old tree is the beginning of every tree. */
	enum recourse_error expected = old == 0 && size > 0 ? RECOURSE_OK : RECOURSE_PROOF_WRONG;
	assert_error(tree_check_consistency(old, old_root, size, &other, proof), expected);
}

static void check_consistency(uint64_t old, uint64_t size)
{
	struct tree_proof expected = {.count = 0};
	if (old > 0)
		model_subproof(old, 0, size, true, &expected);
	struct tree_proof proof;
	assert_ok(tree_prove_consistency(SOURCE, old, size, &proof));
	assert_same_proof(&proof, &expected);

	struct crypto_hash old_root = model_hash(0, old);
	struct crypto_hash root = model_hash(0, size);
	assert_ok(tree_check_consistency(old, &old_root, size, &root, &expected));
	refuse_consistency(old, &old_root, size, &root, &expected);
}

static void grow_to(struct tree *tree, uint64_t size)
{
	while (tree->size < size)
		grow(tree);
}

/* A new one, in an empty store. */
static struct tree grown(uint64_t size)
{
	struct tree tree = {.size = 0};
	memset(&store.counts, 0, sizeof store.counts);
	memset(ranges, 0, sizeof ranges);
	store.reads = 0;
	store.reads_allowed = UINT64_MAX;
	grow_to(&tree, size);
	return tree;
}

static void test_every_proof(void **state)
{
	(void)grown(LEAVES);
	for (uint64_t size = 0; size <= LEAVES; size++) {
		for (uint64_t index = 0; index < size; index++)
			check_inclusion(index, size);
		for (uint64_t old = 0; old <= size; old++)
			check_consistency(old, size);
	}
}

/* One leaf's proof is no other leaf's, also not with that leaf's hash. */
static void test_other_places(void **state)
{
	(void)grown(40);
	for (uint64_t size = 1; size <= 40; size++) {
		struct crypto_hash root = model_hash(0, size);
		for (uint64_t index = 0; index < size; index++) {
			struct tree_proof proof;
			assert_ok(tree_prove_inclusion(SOURCE, index, size, &proof));
			for (uint64_t other = 0; other < size + 2; other++) {
				enum recourse_error expected =
					other == index ? RECOURSE_OK : RECOURSE_PROOF_WRONG;
				assert_error(tree_check_inclusion(
						     &store.leaves[index], other, size, &proof, &root),
					expected);
			}
		}
	}
}

static void check_edge(const struct tree *tree)
{
	struct tree opened;
	assert_ok(tree_open(SOURCE, tree->size, &opened));
	assert_int_equal(opened.size, tree->size);
	assert_int_equal(opened.count, tree->count);
	assert_memory_equal(opened.edge, tree->edge, tree->count * sizeof tree->edge[0]);
}

/* A tree read back is the tree that grew, and its root is the model's. */
static void test_open(void **state)
{
	struct tree tree = grown(0);
	for (;;) {
		check_edge(&tree);
		if (tree.size <= LEAVES) {
			struct crypto_hash root;
			struct crypto_hash expected = model_hash(0, tree.size);
			tree_root(&tree, &root);
			assert_true(crypto_hash_equal(&root, &expected));
		}
		if (tree.size == 2200)
			break;
		grow(&tree);
	}
	grow_to(&tree, STORED_MAX);
	check_edge(&tree);
	/* Four levels: 32^3 leaves and more. */
	assert_int_equal(store.counts[3], 1);
}

/* Random places in a tree with all kinds of rows, where the model would be too slow. */
static void test_random_proofs(void **state)
{
	(void)grown(STORED_MAX);
	for (int round = 0; round < 300; round++) {
		uint64_t size = 1 + support_random_below(&dice, STORED_MAX);
		uint64_t old = support_random_below(&dice, size + 1);
		uint64_t index = support_random_below(&dice, size);
		struct tree at_old, at_size;
		struct crypto_hash old_root, root;
		assert_ok(tree_open(SOURCE, old, &at_old));
		assert_ok(tree_open(SOURCE, size, &at_size));
		tree_root(&at_old, &old_root);
		tree_root(&at_size, &root);

		struct tree_proof proof;
		assert_ok(tree_prove_inclusion(SOURCE, index, size, &proof));
		assert_ok(tree_check_inclusion(&store.leaves[index], index, size, &proof, &root));
		refuse_inclusion(&store.leaves[index], index, size, &proof, &root);
		assert_ok(tree_prove_consistency(SOURCE, old, size, &proof));
		assert_ok(tree_check_consistency(old, &old_root, size, &root, &proof));
		refuse_consistency(old, &old_root, size, &root, &proof);
	}
}

static void hash_from_hex(const char *hex, struct crypto_hash *hash)
{
	assert_ok(text_from_hex(slice_text(hex), hash->bytes, sizeof hash->bytes));
}

/* The eight leaves and roots of the certificate-transparency reference implementation. */
static void test_reference_roots(void **state)
{
	static const char *const ENTRIES[8] = {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
		"606162636465666768696a6b6c6d6e6f"};
	static const char *const ROOTS[9] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct tree tree = {.size = 0};
	struct tree_stored stored[TREE_STORED_MAX];
	for (size_t i = 0;; i++) {
		struct crypto_hash root, expected;
		tree_root(&tree, &root);
		hash_from_hex(ROOTS[i], &expected);
		assert_memory_equal(root.bytes, expected.bytes, sizeof root.bytes);
		if (i == 8)
			break;
		uint8_t entry[16];
		size_t size = strlen(ENTRIES[i]) / 2;
		assert_ok(text_from_hex(slice_text(ENTRIES[i]), entry, size));
		struct crypto_hash leaf;
		tree_leaf(slice_of(entry, size), &leaf);
		assert_int_equal(tree_append(&tree, &leaf, stored), 0);
	}
}

static void hash_from_base64(const char *text, struct crypto_hash *hash)
{
	size_t size = 0;
	assert_ok(crypto_base64_decode(slice_text(text), hash->bytes, sizeof hash->bytes, &size));
	assert_int_equal(size, sizeof hash->bytes);
}

/* The worked log of seven leaves "entry-0" … "entry-6". */
static void test_seven_leaves(void **state)
{
	struct tree tree = grown(0);
	struct crypto_hash roots[8];
	for (int i = 0; i < 7; i++) {
		char entry[16];
		snprintf(entry, sizeof entry, "entry-%d", i % 10);
		struct tree_stored stored[TREE_STORED_MAX];
		struct crypto_hash leaf;
		tree_leaf(slice_text(entry), &leaf);
		tree_append(&tree, &leaf, stored);
		store.leaves[store.counts[0]++] = leaf;
		tree_root(&tree, &roots[i + 1]);
	}
	struct crypto_hash expected;
	hash_from_hex("40766b2033429026f53d54502679a839706b4741f8dcaf3a8bba5f41b5ffe075", &expected);
	assert_true(crypto_hash_equal(&store.leaves[0], &expected));
	hash_from_base64("pkvybgkSj2/i/m+LLYyAHhZrV8BHp82bK4Ceepai8cs=", &expected);
	assert_true(crypto_hash_equal(&roots[3], &expected));
	hash_from_base64("kTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=", &expected);
	assert_true(crypto_hash_equal(&roots[7], &expected));

	struct tree_proof proof;
	struct tree_proof consistency = {.count = 4};
	hash_from_base64("BJ19zbVrz+vTEzBMmDnxlqPUtu873AsIKY+TrIGR8Kg=", &consistency.hashes[0]);
	hash_from_base64("J0ebarMh0u5HdFL2i6UndI6GPK/o+9HfK/idFXDRtpc=", &consistency.hashes[1]);
	hash_from_base64("LyelCCwdQq+kiKw1Cp/EOQwIT1T3Hs3/hZ6Y24QptHk=", &consistency.hashes[2]);
	hash_from_base64("5CnFtcyqlSPDcpfxhGdm+QMTfoIZXFGZ5r5XEw0QBsg=", &consistency.hashes[3]);
	assert_ok(tree_prove_consistency(SOURCE, 3, 7, &proof));
	assert_same_proof(&proof, &consistency);
	assert_ok(tree_check_consistency(3, &roots[3], 7, &roots[7], &proof));

	struct tree_proof inclusion = {.count = 3};
	hash_from_base64("UUFYUnUVBkx7vTW0TJ8Rrdz8OLQ5VU/Juw2LfGYcPo8=", &inclusion.hashes[0]);
	hash_from_base64("DP2ldv9LKeozw6/a7tG9Y362VLKKBDAvyrX9fbB4Acw=", &inclusion.hashes[1]);
	hash_from_base64("JWueiCXl03CkrgBdCQHqKRl34pJ/XPjj5yZg3QlRnts=", &inclusion.hashes[2]);
	assert_ok(tree_prove_inclusion(SOURCE, 4, 7, &proof));
	assert_same_proof(&proof, &inclusion);
	assert_ok(tree_check_inclusion(&store.leaves[4], 4, 7, &proof, &roots[7]));
}

static void test_out_of_range(void **state)
{
	struct tree tree = grown(10);
	const uint64_t beyond = (uint64_t)TREE_SIZE_MAX + 1;
	struct tree_proof proof;
	assert_error(tree_prove_inclusion(SOURCE, 0, 0, &proof), RECOURSE_QUERY_NOT_FOUND);
	assert_error(tree_prove_inclusion(SOURCE, 10, 10, &proof), RECOURSE_QUERY_NOT_FOUND);
	assert_error(tree_prove_inclusion(SOURCE, UINT64_MAX, 10, &proof), RECOURSE_QUERY_NOT_FOUND);
	assert_error(tree_prove_inclusion(SOURCE, 0, beyond, &proof), RECOURSE_QUERY_NOT_FOUND);
	assert_error(
		tree_prove_inclusion(SOURCE, UINT64_MAX - 1, UINT64_MAX, &proof), RECOURSE_QUERY_NOT_FOUND);
	assert_error(tree_prove_consistency(SOURCE, 10, 9, &proof), RECOURSE_QUERY_NOT_FOUND);
	assert_error(tree_prove_consistency(SOURCE, 1, beyond, &proof), RECOURSE_QUERY_NOT_FOUND);
	assert_error(tree_open(SOURCE, beyond, &tree), RECOURSE_QUERY_NOT_FOUND);
	/* Sizes that the store does not have are its own to report. */
	assert_error(tree_open(SOURCE, 11, &tree), RECOURSE_STORE_CORRUPT);
	assert_error(tree_prove_inclusion(SOURCE, 0, 11, &proof), RECOURSE_STORE_CORRUPT);

	struct crypto_hash any = store.leaves[0];
	const struct tree_proof empty = {.count = 0};
	static const struct tree_proof OVERFULL = {.count = TREE_PROOF_MAX + 1};
	assert_error(tree_check_inclusion(&any, 0, 0, &empty, &any), RECOURSE_PROOF_WRONG);
	assert_ok(tree_check_inclusion(&any, 0, 1, &empty, &any));
	assert_error(tree_check_inclusion(&any, 1, 1, &empty, &any), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_inclusion(&any, UINT64_MAX, 1, &empty, &any), RECOURSE_PROOF_WRONG);
	assert_error(
		tree_check_inclusion(&any, UINT64_MAX - 1, UINT64_MAX, &empty, &any), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_inclusion(&any, 0, beyond, &empty, &any), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_inclusion(&any, 0, TREE_SIZE_MAX, &OVERFULL, &any), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(2, &any, 1, &any, &empty), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(1, &any, beyond, &any, &empty), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(beyond, &any, beyond, &any, &empty), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(3, &any, 7, &any, &empty), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(4, &any, 7, &any, &empty), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(1, &any, 7, &any, &OVERFULL), RECOURSE_PROOF_WRONG);
}

static void test_empty_and_same(void **state)
{
	struct crypto_hash empty, any;
	crypto_sha256(slice_of(NULL, 0), &empty);
	tree_leaf(slice_text("entry"), &any);
	const struct tree_proof none = {.count = 0};
	const struct tree_proof one = {.count = 1};
	assert_ok(tree_check_consistency(0, &empty, 0, &empty, &none));
	assert_ok(tree_check_consistency(0, &empty, 5, &any, &none));
	assert_error(tree_check_consistency(0, &any, 5, &any, &none), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(0, &empty, 5, &any, &one), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(0, &any, 0, &any, &none), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(0, &empty, 0, &any, &none), RECOURSE_PROOF_WRONG);
	assert_ok(tree_check_consistency(5, &any, 5, &any, &none));
	assert_error(tree_check_consistency(5, &any, 5, &any, &one), RECOURSE_PROOF_WRONG);
	assert_error(tree_check_consistency(5, &any, 5, &empty, &none), RECOURSE_PROOF_WRONG);
	assert_ok(tree_check_consistency(TREE_SIZE_MAX, &any, TREE_SIZE_MAX, &any, &none));
}

static enum recourse_error prove(bool inclusion)
{
	struct tree_proof proof;
	store.reads = 0;
	return inclusion ? tree_prove_inclusion(SOURCE, 700, 1111, &proof)
			 : tree_prove_consistency(SOURCE, 700, 1111, &proof);
}

/* Whichever read fails, the failure comes out. */
static void test_source_errors(void **state)
{
	struct tree tree = grown(1111);
	for (int inclusion = 0; inclusion <= 1; inclusion++) {
		store.reads_allowed = UINT64_MAX;
		assert_ok(prove(inclusion));
		uint64_t reads = store.reads;
		assert_true(reads > 0);
		for (store.reads_allowed = 0; store.reads_allowed < reads; store.reads_allowed++)
			assert_error(prove(inclusion), RECOURSE_STORE_FAILED);
	}
	store.reads = 0;
	store.reads_allowed = 0;
	assert_error(tree_open(SOURCE, 1111, &tree), RECOURSE_STORE_FAILED);
}

static int start(void **state)
{
	dice = support_random_start();
	return support_crypto(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_roots),
		cmocka_unit_test(test_seven_leaves),
		cmocka_unit_test(test_every_proof),
		cmocka_unit_test(test_other_places),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_random_proofs),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_empty_and_same),
		cmocka_unit_test(test_source_errors),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
