/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/message_id.h"

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What a file of payments calls itself: made here, and anew by the Python below, which has nothing of ours but the header's words.
 * Any other ledger, rail, batch or file is another name, and one wrong character is told.
 */
static const char reckon[] =
	"import hashlib, sys\n"
	"A = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'\n"
	"def digits(n, places):\n"
	"    text = ''\n"
	"    for _ in range(places):\n"
	"        n, digit = divmod(n, 36)\n"
	"        text = A[digit] + text\n"
	"    return text\n"
	"for line in sys.stdin:\n"
	"    origin, rail, batch, file, made = line.split()\n"
	"    said = f'recourse-payment-id-v1\\n{origin}\\n{rail}\\n{file}\\n{batch}\\n'.encode()\n"
	"    check = int.from_bytes(hashlib.sha256(said).digest(), 'big')\n"
	"    right = digits(int(file), 4) + digits(int(batch), 8) + digits(check, 20)\n"
	"    if made != right:\n"
	"        sys.exit(f'{line}is {right}')\n";

static const uint64_t numbers[] = {1, 35, 36, 4711, 1000000, MESSAGE_ID_FILES - 1};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

static void make(const char *ledger, const char *rail, uint64_t batch, uint64_t file,
	char text[static MESSAGE_ID_SIZE + 1])
{
	assert_ok(message_id_make(slice_text(ledger), slice_text(rail), batch, file, text));
	assert_int_equal(strlen(text), MESSAGE_ID_SIZE);
}

static void is_what_somebody_else_makes(void **state)
{
	char text[MESSAGE_ID_SIZE + 1];
	(void)state;
	setenv("RECKON", reckon, 1);
	FILE *python = popen("python3 -c \"$RECKON\"", "w");
	assert_non_null(python);
	for (size_t index = 0; index < NUMBERS * NUMBERS; index++) {
		uint64_t batch = numbers[index / NUMBERS];
		uint64_t file = numbers[index % NUMBERS];
		make("example.com/ledger", "bank", batch, file, text);
		fprintf(python, "example.com/ledger bank %llu %llu %s\n", (unsigned long long)batch,
			(unsigned long long)file, text);
	}
	assert_int_equal(pclose(python), 0);
}

static enum recourse_error read_text(const char *ledger, const char *rail, slice text, uint64_t found[2])
{
	return message_id_read(slice_text(ledger), slice_text(rail), text, &found[0], &found[1]);
}

static void leads_to_its_file(void **state)
{
	char text[MESSAGE_ID_SIZE + 1];
	uint64_t found[2];
	(void)state;
	make("one", "bank", 4711, 3, text);
	slice whole = slice_of(text, MESSAGE_ID_SIZE);
	assert_ok(read_text("one", "bank", whole, found));
	assert_int_equal(found[0], 4711);
	assert_int_equal(found[1], 3);
	assert_int_equal(read_text("two", "bank", whole, found), RECOURSE_SIGNATURE_INVALID);
	assert_int_equal(read_text("one", "wallet", whole, found), RECOURSE_SIGNATURE_INVALID);
	assert_int_equal(
		read_text("one", "bank", slice_of(text, MESSAGE_ID_SIZE - 1), found), RECOURSE_FIELD_FORMAT);
	for (size_t index = 0; index < MESSAGE_ID_SIZE; index++) {
		char kept = text[index];
		text[index] = kept == 'A' ? 'B' : 'A';
		assert_int_equal(read_text("one", "bank", whole, found), RECOURSE_SIGNATURE_INVALID);
		text[index] = 'a';
		assert_int_equal(read_text("one", "bank", whole, found), RECOURSE_FIELD_FORMAT);
		text[index] = kept;
	}
}

static void has_its_limits(void **state)
{
	char text[MESSAGE_ID_SIZE + 1];
	char name[301] = {0};
	(void)state;
	memset(name, 'n', sizeof name - 1);
	assert_int_equal(message_id_make(slice_text("one"), slice_text("bank"), 1, MESSAGE_ID_FILES, text),
		RECOURSE_OVERFLOW);
	assert_int_equal(
		message_id_make(slice_text("one"), slice_text(name), 1, 1, text), RECOURSE_FIELD_LIMIT);
	assert_int_equal(
		message_id_make(slice_text(name), slice_text("bank"), 1, 1, text), RECOURSE_FIELD_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_somebody_else_makes),
		cmocka_unit_test(leads_to_its_file),
		cmocka_unit_test(has_its_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
