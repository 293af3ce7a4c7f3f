/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "store/log.h"

/* A home that only remembers what it was asked. */
struct asked {
	struct log log;
	uint8_t level;
	uint64_t index;
};

static enum recourse_error answer_hash(struct log_snapshot *snapshot, uint8_t level, uint64_t index,
	struct crypto_hash *hash)
{
	struct asked *asked = (struct asked *)snapshot->log;

	asked->level = level;
	asked->index = index;
	memset(hash->bytes, 0xAB, sizeof hash->bytes);
	return index < 100 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

static const struct log_methods methods = {.hash = answer_hash};

static void test_tree_reads_through_the_snapshot(void **state)
{
	struct asked asked = {.log.methods = &methods};
	struct log_snapshot snapshot = {.log = &asked.log};
	struct tree_source source = log_tree(&snapshot);
	struct crypto_hash expected;
	struct crypto_hash hash;

	memset(expected.bytes, 0xAB, sizeof expected.bytes);
	assert_ok(source.read(source.context, 3, 42, &hash));
	assert_int_equal(asked.level, 3);
	assert_int_equal(asked.index, 42);
	assert_true(crypto_hash_equal(&hash, &expected));
	assert_error(source.read(source.context, 1, 100, &hash), RECOURSE_STORE_CORRUPT);
}

static void test_nothing_may_be_closed(void **state)
{
	log_snapshot_close(NULL);
	log_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree_reads_through_the_snapshot),
		cmocka_unit_test(test_nothing_may_be_closed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
