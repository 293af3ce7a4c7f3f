/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/payment_id.h"

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What a payment is called: made here, and anew by the Python below, which has nothing of ours but the header's words. Any other
 * ledger, rail or number is another id, and one wrong character is told.
 */
static const char reckon[] =
	"import hashlib, sys\n"
	"A = {'upper': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'lower': "
	"'0123456789abcdefghijklmnopqrstuvwxyz',\n"
	"     'hex': '0123456789abcdef', 'digits': '0123456789'}\n"
	"W = {'upper': 8, 'lower': 8, 'hex': 10, 'digits': 12}\n"
	"def digits(n, alphabet, places):\n"
	"    text = ''\n"
	"    for _ in range(places):\n"
	"        n, digit = divmod(n, len(alphabet))\n"
	"        text = alphabet[digit] + text\n"
	"    return text\n"
	"for line in sys.stdin:\n"
	"    origin, rail, number, name, length, made = line.split()\n"
	"    said = f'recourse-payment-id-v1\\n{origin}\\n{rail}\\n{number}\\n'.encode()\n"
	"    check = int.from_bytes(hashlib.sha256(said).digest(), 'big')\n"
	"    right = digits(int(number), A[name], W[name]) + digits(check, A[name], int(length) - W[name])\n"
	"    if made != right:\n"
	"        sys.exit(f'{line}is {right}')\n";

static const uint64_t numbers[] = {0, 1, 35, 36, 4711, 999999, UINT64_C(4294967296), PAYMENT_ID_NUMBERS - 1};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };
static const char *const ledgers[] = {"ledger.example/one", "ledger.example/two"};
static const char *const rails[] = {"bank", "wechat-1"};

typedef void each_id(const char *ledger, const char *rail, uint64_t number, enum payment_id_alphabet alphabet,
	uint32_t length, void *context);

/* Every alphabet and length. */
static void each(each_id *look, void *context)
{
	for (unsigned alphabet = 0; alphabet < PAYMENT_ID_ALPHABETS; alphabet++)
		for (uint32_t length = PAYMENT_ID_MIN; length <= PAYMENT_ID_MAX; length++)
			for (size_t number = 0; number < NUMBERS; number++)
				for (size_t of = 0; of < 4; of++)
					look(ledgers[of % 2], rails[of / 2], numbers[number],
						(enum payment_id_alphabet)alphabet, length, context);
}

static void make(const char *ledger, const char *rail, uint64_t number, enum payment_id_alphabet alphabet,
	uint32_t length, char id[static PAYMENT_ID_MAX + 1])
{
	assert_ok(payment_id_make(slice_text(ledger), slice_text(rail), number, alphabet, length, id));
	assert_int_equal(strlen(id), length);
}

static void write_line(const char *ledger, const char *rail, uint64_t number,
	enum payment_id_alphabet alphabet, uint32_t length, void *context)
{
	char id[PAYMENT_ID_MAX + 1];
	make(ledger, rail, number, alphabet, length, id);
	fprintf(context, "%s %s %llu %s %u %s\n", ledger, rail, (unsigned long long)number,
		payment_id_alphabets[alphabet], (unsigned)length, id);
}

static void is_as_reckoned_elsewhere(void **state)
{
	(void)state;
	setenv("RECKON", reckon, 1);
	FILE *python = popen("python3 -c \"$RECKON\"", "w");
	assert_non_null(python);
	each(write_line, python);
	assert_int_equal(pclose(python), 0);
}

/* Reckoned once by hand: it stays so for ever. */
static void stays(void **state)
{
	static const struct {
		enum payment_id_alphabet alphabet;
		uint32_t length;
		const char *id;
	} known[] = {
		{PAYMENT_ID_UPPER, 35, "000003MVB0ZO9GI73RMXZQWVHZW1347CV37"},
		{PAYMENT_ID_UPPER, 30, "000003MVGI73RMXZQWVHZW1347CV37"},
		{PAYMENT_ID_LOWER, 32, "000003mvo9gi73rmxzqwvhzw1347cv37"},
		{PAYMENT_ID_HEX, 32, "0000001267f45f7310727a08731e8f63"},
		{PAYMENT_ID_DIGITS, 20, "00000000471143072867"},
	};
	char id[PAYMENT_ID_MAX + 1];
	(void)state;
	for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
		make("ledger.example/one", "bank", 4711, known[index].alphabet, known[index].length, id);
		assert_string_equal(id, known[index].id);
	}
}

static void is_read(const char *ledger, const char *rail, uint64_t number, enum payment_id_alphabet alphabet,
	uint32_t length, void *context)
{
	char id[PAYMENT_ID_MAX + 1];
	uint64_t read;
	const char *other = ledger == ledgers[0] ? ledgers[1] : ledgers[0];
	const char *by = rail == rails[0] ? rails[1] : rails[0];
	(void)context;
	make(ledger, rail, number, alphabet, length, id);
	assert_ok(payment_id_read(
		slice_text(ledger), slice_text(rail), alphabet, length, slice_text(id), &read));
	assert_int_equal(read, number);
	assert_int_equal(
		payment_id_read(slice_text(other), slice_text(rail), alphabet, length, slice_text(id), &read),
		RECOURSE_SIGNATURE_INVALID);
	assert_int_equal(
		payment_id_read(slice_text(ledger), slice_text(by), alphabet, length, slice_text(id), &read),
		RECOURSE_SIGNATURE_INVALID);
	assert_int_equal(payment_id_read(slice_text(ledger), slice_text(rail), alphabet, length - 1,
				 slice_of(id, length), &read),
		RECOURSE_FIELD_FORMAT);
}

static void tells_ledgers_and_rails_apart(void **state)
{
	(void)state;
	each(is_read, NULL);
}

/* Each character, and each neighbour for the other. */
static void is_told(const char *ledger, const char *rail, uint64_t number, enum payment_id_alphabet alphabet,
	uint32_t length, void *context)
{
	char id[PAYMENT_ID_MAX + 1];
	uint64_t read;
	(void)context;
	make(ledger, rail, number, alphabet, length, id);
	for (uint32_t place = 0; place < length; place++) {
		char right = id[place];
		id[place] = right == '7' ? '8' : '7';
		assert_int_equal(payment_id_read(slice_text(ledger), slice_text(rail), alphabet, length,
					 slice_text(id), &read),
			RECOURSE_SIGNATURE_INVALID);
		id[place] = right;
		if (place == 0 || id[place - 1] == right)
			continue;
		id[place] = id[place - 1];
		id[place - 1] = right;
		assert_int_equal(payment_id_read(slice_text(ledger), slice_text(rail), alphabet, length,
					 slice_text(id), &read),
			RECOURSE_SIGNATURE_INVALID);
		id[place - 1] = id[place];
		id[place] = right;
	}
}

static void tells_one_wrong_character(void **state)
{
	(void)state;
	each(is_told, NULL);
}

static void refuses_what_is_none(void **state)
{
	char id[PAYMENT_ID_MAX + 1];
	uint64_t read;
	slice ledger = slice_text(ledgers[0]);
	slice rail = slice_text(rails[0]);
	(void)state;
	assert_int_equal(
		payment_id_make(ledger, rail, PAYMENT_ID_NUMBERS, PAYMENT_ID_HEX, 32, id), RECOURSE_OVERFLOW);
	static const char *const wrong[] = {"", "0", "0000001", "zzzzzzzzzzzzzzzzzzzz",
		"0000000000000000000-", "00000000000000000000000000000000000000000000000000",
		"0000000000\n000000000", "ABCDEF0123ABCDEF0123"};
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++)
		assert_int_equal(
			payment_id_read(ledger, rail, PAYMENT_ID_HEX, 20, slice_text(wrong[index]), &read),
			RECOURSE_FIELD_FORMAT);
	/* 36^8 numbers have a form, and not all of them are one */
	assert_int_equal(payment_id_read(ledger, rail, PAYMENT_ID_UPPER, 20,
				 slice_text("ZZZZZZZZ000000000000"), &read),
		RECOURSE_SIGNATURE_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_reckoned_elsewhere),
		cmocka_unit_test(stays),
		cmocka_unit_test(tells_ledgers_and_rails_apart),
		cmocka_unit_test(tells_one_wrong_character),
		cmocka_unit_test(refuses_what_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
