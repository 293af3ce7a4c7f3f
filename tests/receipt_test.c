/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "worked.h"
#include "proof/receipt.h"

#include <stdlib.h>

#define MAGIC           "c2sp.org/tlog-proof@v1\n"
#define EXTRA           "extra ZW50cnktNA==\n"
#define INDEX           "index 4\n"
#define HASH_1          "UUFYUnUVBkx7vTW0TJ8Rrdz8OLQ5VU/Juw2LfGYcPo8=\n"
#define HASH_2          "DP2ldv9LKeozw6/a7tG9Y362VLKKBDAvyrX9fbB4Acw=\n"
#define HASH_3          "JWueiCXl03CkrgBdCQHqKRl34pJ/XPjj5yZg3QlRnts=\n"
#define HASHES          HASH_1 HASH_2 HASH_3
#define CHECKPOINT CHECKPOINT_TEXT "\n" LOG_LINE WITNESS_LINE

/* The worked log's receipt of leaf 4, as it is and with the entry in it. */
static const char BARE[] = MAGIC INDEX HASHES "\n" CHECKPOINT;
static const char WHOLE[] = MAGIC EXTRA INDEX HASHES "\n" CHECKPOINT;
static const char ENTRY[] = "entry-4";

static enum recourse_error verify(slice text, const char *entry)
{
	struct checkpoint checkpoint;
	uint64_t index;
	return receipt_verify(text, &worked.log, slice_text(entry), &checkpoint, &index, NULL);
}

static void test_parse(void **state)
{
	struct receipt receipt;
	assert_ok(receipt_parse(slice_text(WHOLE), &receipt));
	assert_true(slice_is(receipt.extra, "ZW50cnktNA=="));
	assert_int_equal(receipt.index, 4);
	assert_int_equal(receipt.proof.count, 3);
	assert_true(slice_is(receipt.checkpoint, CHECKPOINT));
	assert_ok(receipt_parse(slice_text(BARE), &receipt));
	assert_int_equal(receipt.extra.size, 0);
}

static void test_format_gives_vector(void **state)
{
	struct receipt receipt;
	assert_ok(receipt_parse(slice_text(BARE), &receipt));
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	receipt_format(slice_of(NULL, 0), 4, &receipt.proof, receipt.checkpoint, &out);
	assert_true(slice_is(buffer_slice(&out), BARE));
	buffer_clear(&out);
	receipt_format(slice_text(ENTRY), 4, &receipt.proof, receipt.checkpoint, &out);
	assert_true(slice_is(buffer_slice(&out), WHOLE));
}

static void test_verify(void **state)
{
	struct checkpoint checkpoint;
	uint64_t index = 99;
	SCOPED(buffer_free) struct buffer entry = {.data = NULL};
	assert_ok(receipt_verify(
		slice_text(WHOLE), &worked.log, slice_of(NULL, 0), &checkpoint, &index, &entry));
	assert_true(slice_is(buffer_slice(&entry), ENTRY));
	assert_int_equal(index, 4);
	assert_int_equal(checkpoint.size, 7);
	assert_string_equal(checkpoint.origin, "example.com/ledger");

	/* Appended to what is there already, from beside the receipt too. */
	assert_ok(receipt_verify(
		slice_text(BARE), &worked.log, slice_text(ENTRY), &checkpoint, &index, &entry));
	assert_true(slice_is(buffer_slice(&entry), "entry-4entry-4"));
	assert_ok(verify(slice_text(WHOLE), ENTRY));
}

static void test_wrong_entry(void **state)
{
	assert_error(verify(slice_text(BARE), "entry-5"), RECOURSE_PROOF_WRONG);
	assert_error(verify(slice_text(BARE), ""), RECOURSE_PROOF_WRONG);
	assert_error(verify(slice_text(WHOLE), "entry-5"), RECOURSE_PROOF_WRONG);
	assert_error(verify(slice_text(WHOLE), "entry-44"), RECOURSE_PROOF_WRONG);
	assert_error(verify(slice_text(MAGIC "extra ZW50cnktNQ==\n" INDEX HASHES "\n" CHECKPOINT), ""),
		RECOURSE_PROOF_WRONG);
	/* An entry that is right beside a receipt that holds another. */
	assert_error(verify(slice_text(MAGIC "extra ZW50cnktNQ==\n" INDEX HASHES "\n" CHECKPOINT), ENTRY),
		RECOURSE_PROOF_WRONG);
}

static void test_wrong_proof(void **state)
{
	static const char *const WRONG[] = {
		MAGIC EXTRA "index 5\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index 3\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index 7\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index 9223372036854775806\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA INDEX HASH_1 HASH_2 "\n" CHECKPOINT,
		MAGIC EXTRA INDEX HASH_2 HASH_1 HASH_3 "\n" CHECKPOINT,
		MAGIC EXTRA INDEX HASHES HASH_3 "\n" CHECKPOINT,
		MAGIC EXTRA INDEX "\n" CHECKPOINT,
	};
	for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
		struct checkpoint checkpoint = {.size = 99};
		uint64_t index = 99;
		SCOPED(buffer_free) struct buffer entry = {.data = NULL};
		assert_error(receipt_verify(slice_text(WRONG[i]), &worked.log, slice_of(NULL, 0), &checkpoint,
				     &index, &entry),
			RECOURSE_PROOF_WRONG);
		assert_int_equal(checkpoint.size, 99);
		assert_int_equal(index, 99);
		assert_int_equal(entry.size, 0);
	}
}

static void test_signatures(void **state)
{
	assert_error(verify(slice_text(MAGIC EXTRA INDEX HASHES "\n" CHECKPOINT_TEXT "\n" WITNESS_LINE), ""),
		RECOURSE_NOTE_UNSIGNED);
	assert_error(
		verify(slice_text(MAGIC EXTRA INDEX HASHES "\n"
							   "example.com/ledger\n"
							   "8\n"
							   "kTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0=\n"
							   "\n" LOG_LINE),
			""),
		RECOURSE_NOTE_FORGED);
	struct checkpoint checkpoint;
	uint64_t index;
	assert_error(receipt_verify(slice_text(WHOLE), &worked.witness, slice_of(NULL, 0), &checkpoint,
			     &index, NULL),
		RECOURSE_NOTE_UNSIGNED);
}

static void test_truncations(void **state)
{
	struct receipt receipt;
	size_t signed_size = strlen(MAGIC EXTRA INDEX HASHES "\n" CHECKPOINT_TEXT "\n" LOG_LINE);
	for (size_t size = 0; size < strlen(WHOLE); size++) {
		slice text = slice_of(WHOLE, size);
		enum recourse_error expected = size == signed_size ? RECOURSE_OK : RECOURSE_NOTE_MALFORMED;
		assert_error(receipt_parse(text, &receipt), expected);
		assert_error(verify(text, ""), expected);
	}
}

/* Everything up to the end of the log's line is covered by form, proof or signature. */
static void test_flips(void **state)
{
	char text[sizeof WHOLE];
	size_t signed_size = strlen(MAGIC EXTRA INDEX HASHES "\n" CHECKPOINT_TEXT "\n" LOG_LINE);
	for (size_t bit = 0; bit < signed_size * 8; bit++) {
		memcpy(text, WHOLE, sizeof text);
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
		assert_int_not_equal(verify(slice_of(text, strlen(WHOLE)), ""), RECOURSE_OK);
	}
}

static void test_malformed(void **state)
{
	static const char *const REFUSED[] = {
		"",
		"c2sp.org/tlog-proof@v2\n" EXTRA INDEX HASHES "\n" CHECKPOINT,
		"c2sp.org/tlog-proof@v1\r\n" EXTRA INDEX HASHES "\n" CHECKPOINT,
		"\n" MAGIC EXTRA INDEX HASHES "\n" CHECKPOINT,
		/* extra: empty, twice, behind the index, not canonical */
		MAGIC "extra \n" INDEX HASHES "\n" CHECKPOINT,
		MAGIC "extra\n" INDEX HASHES "\n" CHECKPOINT,
		MAGIC EXTRA EXTRA INDEX HASHES "\n" CHECKPOINT,
		MAGIC INDEX EXTRA HASHES "\n" CHECKPOINT,
		MAGIC "extra ZW50cnktNB==\n" INDEX HASHES "\n" CHECKPOINT,
		MAGIC "extra ZW50cnktNA\n" INDEX HASHES "\n" CHECKPOINT,
		MAGIC "extra  ZW50cnktNA==\n" INDEX HASHES "\n" CHECKPOINT,
		/* index */
		MAGIC EXTRA HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index 04\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index -4\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index \n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index  4\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index 4 \n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "Index 4\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index 9223372036854775807\n" HASHES "\n" CHECKPOINT,
		MAGIC EXTRA "index 18446744073709551615\n" HASHES "\n" CHECKPOINT,
		/* hashes of 31 and 33 bytes, not canonical; no blank line, two of them */
		MAGIC EXTRA INDEX "UUFYUnUVBkx7vTW0TJ8Rrdz8OLQ5VU/Juw2LfGYcPg==\n\n" CHECKPOINT,
		MAGIC EXTRA INDEX "UUFYUnUVBkx7vTW0TJ8Rrdz8OLQ5VU/Juw2LfGYcPo8A\n\n" CHECKPOINT,
		MAGIC EXTRA INDEX "UUFYUnUVBkx7vTW0TJ8Rrdz8OLQ5VU/Juw2LfGYcPo9=\n\n" CHECKPOINT,
		MAGIC EXTRA INDEX HASHES CHECKPOINT,
		/* checkpoint */
		MAGIC EXTRA INDEX HASHES "\n",
		MAGIC EXTRA INDEX HASHES "\n" CHECKPOINT_TEXT,
		MAGIC EXTRA INDEX HASHES "\n" CHECKPOINT "\n",
	};
	struct receipt receipt;
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
		assert_error(receipt_parse(slice_text(REFUSED[i]), &receipt), RECOURSE_NOTE_MALFORMED);
		assert_error(verify(slice_text(REFUSED[i]), ENTRY), RECOURSE_NOTE_MALFORMED);
	}
	/* A second blank line begins a note of another text, which the log has not signed. */
	assert_int_not_equal(verify(slice_text(MAGIC EXTRA INDEX HASHES "\n\n" CHECKPOINT), ""), RECOURSE_OK);
}

static void test_limits(void **state)
{
	struct receipt receipt;
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	static struct tree_proof proof = {.count = TREE_PROOF_MAX};
	receipt_format(slice_of(NULL, 0), 0, &proof, slice_text(CHECKPOINT), &out);
	assert_ok(receipt_parse(buffer_slice(&out), &receipt));
	assert_int_equal(receipt.proof.count, TREE_PROOF_MAX);
	buffer_clear(&out);
	buffer_append_text(&out, MAGIC INDEX);
	for (int i = 0; i < TREE_PROOF_MAX + 1; i++)
		buffer_append_text(&out, HASH_1);
	buffer_append_text(&out, "\n" CHECKPOINT);
	assert_error(receipt_parse(buffer_slice(&out), &receipt), RECOURSE_NOTE_MALFORMED);

	SCOPED(support_free) uint8_t *entry = calloc(1, RECEIPT_SIZE_MAX);
	assert_non_null(entry);
	proof.count = 0;
	size_t fits = (RECEIPT_SIZE_MAX - 1024) / 4 * 3;
	buffer_clear(&out);
	receipt_format(slice_of(entry, fits), 0, &proof, slice_text(CHECKPOINT), &out);
	assert_ok(receipt_parse(buffer_slice(&out), &receipt));
	buffer_clear(&out);
	receipt_format(slice_of(entry, fits + 1024), 0, &proof, slice_text(CHECKPOINT), &out);
	assert_true(out.size > RECEIPT_SIZE_MAX);
	assert_error(receipt_parse(buffer_slice(&out), &receipt), RECOURSE_NOTE_MALFORMED);
}

static void test_memory(void **state)
{
	struct buffer entry = {.failed = true};
	struct checkpoint checkpoint;
	uint64_t index;
	assert_error(receipt_verify(
			     slice_text(WHOLE), &worked.log, slice_of(NULL, 0), &checkpoint, &index, &entry),
		RECOURSE_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_format_gives_vector),
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_wrong_entry),
		cmocka_unit_test(test_wrong_proof),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_flips),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_memory),
	};
	return cmocka_run_group_tests(tests, worked_start, worked_stop);
}
