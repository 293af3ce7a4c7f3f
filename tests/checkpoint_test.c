/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "worked.h"
#include "proof/checkpoint.h"

#include <stdio.h>

#define TEXT CHECKPOINT_TEXT

static const char NOTE[] = TEXT "\n" LOG_LINE WITNESS_LINE;

static void assert_vector(const struct checkpoint *checkpoint)
{
	assert_string_equal(checkpoint->origin, "example.com/ledger");
	assert_int_equal(checkpoint->size, 7);
	char root[45];
	crypto_base64_encode(slice_of(checkpoint->root.bytes, CRYPTO_HASH_SIZE), root);
	assert_string_equal(root, ROOT);
}

static void test_vector(void **state)
{
	struct checkpoint checkpoint;
	assert_int_equal(checkpoint_open(slice_text(NOTE), &worked.log, &checkpoint), RECOURSE_OK);
	assert_vector(&checkpoint);
	assert_int_equal(checkpoint_parse(slice_text(TEXT), &checkpoint), RECOURSE_OK);
	assert_vector(&checkpoint);
	char text[CHECKPOINT_TEXT_SIZE];
	assert_int_equal(checkpoint_format(&checkpoint, text), strlen(TEXT));
	assert_string_equal(text, TEXT);
}

static void test_round_trip(void **state)
{
	static const uint64_t SIZES[] = {0, 1, 9, 10, UINT64_C(1) << 32, INT64_MAX};
	struct checkpoint checkpoint = {.size = 0};
	memset(checkpoint.origin, 'o', sizeof checkpoint.origin - 1);
	for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
		checkpoint.size = SIZES[i];
		crypto_random(checkpoint.root.bytes, sizeof checkpoint.root.bytes);
		char text[CHECKPOINT_TEXT_SIZE];
		size_t size = checkpoint_format(&checkpoint, text);
		assert_int_equal(strlen(text), size);
		struct checkpoint parsed;
		assert_int_equal(checkpoint_parse(slice_of(text, size), &parsed), RECOURSE_OK);
		assert_memory_equal(&parsed, &checkpoint, sizeof parsed);
	}
}

static void test_truncations(void **state)
{
	struct checkpoint checkpoint;
	for (size_t size = 0; size < strlen(TEXT); size++)
		assert_int_equal(
			checkpoint_parse(slice_of(TEXT, size), &checkpoint), RECOURSE_NOTE_MALFORMED);
	size_t signed_size = strlen(TEXT "\n" LOG_LINE);
	for (size_t size = 0; size < strlen(NOTE); size++) {
		enum recourse_error expected = size == signed_size ? RECOURSE_OK : RECOURSE_NOTE_MALFORMED;
		assert_int_equal(checkpoint_open(slice_of(NOTE, size), &worked.log, &checkpoint), expected);
	}
}

static void test_parse_refused(void **state)
{
	static const char *const REFUSED[] = {
		/* origin */
		"\n7\n" ROOT "\n",
		"exa mple\n7\n" ROOT "\n",
		"exa+mple\n7\n" ROOT "\n",
		"exa\rmple\n7\n" ROOT "\n",
		/* size */
		"example.com/ledger\n\n" ROOT "\n",
		"example.com/ledger\n07\n" ROOT "\n",
		"example.com/ledger\n-7\n" ROOT "\n",
		"example.com/ledger\n+7\n" ROOT "\n",
		"example.com/ledger\n7 \n" ROOT "\n",
		"example.com/ledger\n0x7\n" ROOT "\n",
		"example.com/ledger\n9223372036854775808\n" ROOT "\n",
		"example.com/ledger\n18446744073709551615\n" ROOT "\n",
		"example.com/ledger\n18446744073709551623\n" ROOT "\n",
		/* root: one byte less and more, unused bits, the URL alphabet, no padding */
		"example.com/ledger\n7\n\n",
		"example.com/ledger\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWA==\n",
		"example.com/ledger\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0A\n",
		"example.com/ledger\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF1=\n",
		"example.com/ledger\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc_NpDnMWF0=\n",
		"example.com/ledger\n7\nkTlgHMHKirKnoMLBNMBIRfKxulSag9bIRc/NpDnMWF0\n",
		/* lines */
		"example.com/ledger\r\n7\r\n" ROOT "\r\n",
		TEXT "\n",
		TEXT "extension\n",
		TEXT "x",
		"\n" TEXT,
	};
	struct checkpoint checkpoint;
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
		assert_int_equal(
			checkpoint_parse(slice_text(REFUSED[i]), &checkpoint), RECOURSE_NOTE_MALFORMED);

	char text[256];
	memset(text, 'o', sizeof text);
	snprintf(text + CHECKPOINT_ORIGIN_SIZE + 1, 100, "\n7\n" ROOT "\n");
	assert_int_equal(checkpoint_parse(slice_text(text), &checkpoint), RECOURSE_NOTE_MALFORMED);
	assert_int_equal(checkpoint_parse(slice_text(text + 1), &checkpoint), RECOURSE_OK);
}

static void check_signed(const char *text, enum recourse_error expected)
{
	SCOPED(buffer_free) struct buffer note = {.data = NULL};
	struct checkpoint checkpoint = {.size = 99};
	assert_int_equal(note_sign(slice_text(text), &worked.log_secret, &note), RECOURSE_OK);
	assert_int_equal(checkpoint_open(buffer_slice(&note), &worked.log, &checkpoint), expected);
	if (expected != RECOURSE_OK)
		assert_int_equal(checkpoint.size, 99);
}

/* The log's own signature does not save what is not its checkpoint. */
static void test_open_refused(void **state)
{
	check_signed(TEXT, RECOURSE_OK);
	check_signed("example.com/other\n7\n" ROOT "\n", RECOURSE_NOTE_MALFORMED);
	check_signed("example.com/ledge\n7\n" ROOT "\n", RECOURSE_NOTE_MALFORMED);
	check_signed(TEXT "extension\n", RECOURSE_NOTE_MALFORMED);
	check_signed("some text\n", RECOURSE_NOTE_MALFORMED);

	struct checkpoint checkpoint;
	assert_int_equal(checkpoint_open(slice_text(TEXT "\n" WITNESS_LINE), &worked.log, &checkpoint),
		RECOURSE_NOTE_UNSIGNED);
	assert_int_equal(checkpoint_open(slice_text("example.com/ledger\n8\n" ROOT "\n\n" LOG_LINE),
				 &worked.log, &checkpoint),
		RECOURSE_NOTE_FORGED);
	assert_int_equal(
		checkpoint_open(slice_text(TEXT), &worked.log, &checkpoint), RECOURSE_NOTE_MALFORMED);
	/* A witness is not a log, even where its name is the origin. */
	assert_int_equal(
		checkpoint_open(slice_text(NOTE), &worked.witness, &checkpoint), RECOURSE_NOTE_UNSIGNED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_parse_refused),
		cmocka_unit_test(test_open_refused),
	};
	return cmocka_run_group_tests(tests, worked_start, worked_stop);
}
