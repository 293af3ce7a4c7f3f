/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "worked.h"
#include "proof/note.h"

#include <stdlib.h>

#define TEXT         CHECKPOINT_TEXT
#define WITNESS_TIME UINT64_C(1700000000)
/* The last bits of S differ: well-formed, and wrong. */
#define LOG_LINE_FORGED                                                                                      \
	DASH "example.com/ledger "                                                                           \
	     "k3J95mEz3JwmzqI2h3mghDZ/XOiZcgEmNg+3oWox4CqzCLyjZRnJl9F4myeE2zn/5YiZHw29G5G+"                  \
	     "oRPMdJ/E4q29kAQ=\n"
#define UNKNOWN_LINE DASH "example.com/ledger AAAAAAA=\n"

static const char NOTE[] = TEXT "\n" LOG_LINE WITNESS_LINE;

static void assert_slice(slice found, const char *expected)
{
	assert_int_equal(found.size, strlen(expected));
	assert_memory_equal(found.data, expected, found.size);
}

static enum recourse_error verify(const char *note, const struct key_public *key)
{
	return note_verify(slice_text(note), key, NULL);
}

static void test_vector(void **state)
{
	slice text;
	assert_ok(note_text(slice_text(NOTE), &text));
	assert_slice(text, TEXT);
	uint64_t cosigned_at = 99;
	assert_ok(note_verify(slice_text(NOTE), &worked.log, &cosigned_at));
	assert_int_equal(cosigned_at, 0);
	assert_ok(note_verify(slice_text(NOTE), &worked.witness, &cosigned_at));
	assert_int_equal(cosigned_at, WITNESS_TIME);
	assert_ok(verify(NOTE, &worked.witness));
}

static void test_sign_gives_vector(void **state)
{
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	assert_ok(note_sign(slice_text(TEXT), &worked.log_secret, &out));
	assert_slice(buffer_slice(&out), TEXT "\n" LOG_LINE);
	assert_ok(note_cosign(slice_text(TEXT), &worked.witness_secret, WITNESS_TIME, &out));
	assert_slice(buffer_slice(&out), NOTE);
}

/* Cut anywhere, the log's signature holds where its line is whole and nothing partial follows. */
static void test_truncations(void **state)
{
	size_t signed_size = strlen(TEXT "\n" LOG_LINE);
	for (size_t size = 0; size < strlen(NOTE); size++) {
		slice note = slice_of(NOTE, size);
		slice text;
		bool whole = size == signed_size;
		enum recourse_error expected = whole ? RECOURSE_OK : RECOURSE_NOTE_MALFORMED;
		assert_error(note_text(note, &text), expected);
		assert_error(note_verify(note, &worked.log, NULL), expected);
		expected = whole ? RECOURSE_NOTE_UNSIGNED : RECOURSE_NOTE_MALFORMED;
		assert_error(note_verify(note, &worked.witness, NULL), expected);
	}
}

/* No bit of what the log signed, or of its line, can change and still verify. */
static void test_flips(void **state)
{
	char note[sizeof NOTE];
	size_t signed_size = strlen(TEXT "\n" LOG_LINE);
	for (size_t bit = 0; bit < strlen(NOTE) * 8; bit++) {
		memcpy(note, NOTE, sizeof note);
		note[bit / 8] = (char)(note[bit / 8] ^ (1 << bit % 8));
		slice changed = slice_of(note, strlen(NOTE));
		enum recourse_error by_log = note_verify(changed, &worked.log, NULL);
		enum recourse_error by_witness = note_verify(changed, &worked.witness, NULL);
		if (bit / 8 < signed_size)
			assert_int_not_equal(by_log, RECOURSE_OK);
		bool in_log_line = bit / 8 >= strlen(TEXT "\n") && bit / 8 < signed_size;
		if (!in_log_line)
			assert_int_not_equal(by_witness, RECOURSE_OK);
	}
}

static void test_malformed(void **state)
{
	static const char *const REFUSED[] = {
		"",
		"\n",
		"\n\n",
		TEXT,
		TEXT "\n",
		TEXT LOG_LINE,
		"\n" LOG_LINE,
		TEXT "\n" LOG_LINE "\n",
		TEXT "\n" LOG_LINE "\n"
		     "text",
		/* CRLF, tabs and other controls, broken UTF-8 */
		"text\r\n"
		"\r\n" LOG_LINE,
		"text\r\n"
		"\n" LOG_LINE,
		"te\txt\n"
		"\n" LOG_LINE,
		"te\x7fxt\n"
		"\n" LOG_LINE,
		"te\xffxt\n"
		"\n" LOG_LINE,
		"te\xed\xa0\x80xt\n"
		"\n" LOG_LINE,
		/* dash, blanks, name */
		TEXT "\n"
		     "- example.com/ledger AAAAAAA=\n",
		TEXT "\n"
		     "\xe2\x80\x93 example.com/ledger AAAAAAA=\n",
		TEXT "\n"
		     "\xe2\x80\x94"
		     "example.com/ledger AAAAAAA=\n",
		TEXT "\n" DASH " AAAAAAA=\n",
		TEXT "\n" DASH "AAAAAAA=\n",
		TEXT "\n" DASH "name\n",
		TEXT "\n" DASH "na+me AAAAAAA=\n",
		TEXT "\n" DASH "na\xc2\xa0me AAAAAAA=\n",
		TEXT "\n" DASH "name  AAAAAAA=\n",
		TEXT "\n" DASH "name AAAAAAA= \n",
		/* base64: not canonical, not long enough for an id and more */
		TEXT "\n" DASH "name AAAAAAB=\n",
		TEXT "\n" DASH "name AAAAAAA\n",
		TEXT "\n" DASH "name \n",
		TEXT "\n" DASH "name AAAA\n",
		TEXT "\n" DASH "name AAAAAA==\n",
		TEXT "\n" DASH "name AAAAAA-_\n",
		/* one bad line spoils the others */
		TEXT "\n" LOG_LINE "x\n",
		TEXT "\n" LOG_LINE DASH "name AAAA",
		TEXT "\n" LOG_LINE LOG_LINE DASH "name AAAAAAB=\n",
	};
	slice text;
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
		assert_error(note_text(slice_text(REFUSED[i]), &text), RECOURSE_NOTE_MALFORMED);
		assert_error(verify(REFUSED[i], &worked.log), RECOURSE_NOTE_MALFORMED);
	}
	assert_error(note_text(slice_of(NULL, 0), &text), RECOURSE_NOTE_MALFORMED);
	assert_error(note_text(slice_of("a\0b\n\n" UNKNOWN_LINE, 6 + strlen(UNKNOWN_LINE)), &text),
		RECOURSE_NOTE_MALFORMED);
	assert_ok(note_text(slice_text(TEXT "\n" UNKNOWN_LINE), &text));
}

static void test_who_signed(void **state)
{
	assert_error(verify(TEXT "\n" UNKNOWN_LINE, &worked.log), RECOURSE_NOTE_UNSIGNED);
	assert_error(verify(TEXT "\n" WITNESS_LINE, &worked.log), RECOURSE_NOTE_UNSIGNED);
	assert_error(verify(TEXT "\n" LOG_LINE, &worked.witness), RECOURSE_NOTE_UNSIGNED);
	assert_ok(verify(TEXT "\n" UNKNOWN_LINE LOG_LINE UNKNOWN_LINE, &worked.log));

	/* The same id under another name is another key's. */
	static const char OTHER_NAME[] = TEXT
		"\n" DASH "example.com/other k3J95mEz3JwmzqI2h3mghDZ/XOiZcgEmNg+3oWox4CqzCLyjZRnJl9F4myeE2zn/"
		"5YiZHw29G5G+oRPMdJ/E4q29kAU=\n";
	assert_error(verify(OTHER_NAME, &worked.log), RECOURSE_NOTE_UNSIGNED);
}

static void test_forged(void **state)
{
	assert_error(verify("other\n\n" LOG_LINE, &worked.log), RECOURSE_NOTE_FORGED);
	assert_error(verify("other\n\n" WITNESS_LINE, &worked.witness), RECOURSE_NOTE_FORGED);
	assert_error(verify(TEXT "\n" LOG_LINE_FORGED, &worked.log), RECOURSE_NOTE_FORGED);
	/* A key's signature that is too short or too long is a wrong one, not an unknown one. */
	assert_error(
		verify(TEXT "\n" DASH "example.com/ledger k3J95gA=\n", &worked.log), RECOURSE_NOTE_FORGED);
	static const char LONG[] =
		TEXT "\n" DASH
		     "example.com/ledger k3J95mEz3JwmzqI2h3mghDZ/XOiZcgEmNg+3oWox4CqzCLyjZRnJl9F4myeE2zn/"
		     "5YiZHw29G5G+oRPMdJ/E4q29kAUA\n";
	assert_error(verify(LONG, &worked.log), RECOURSE_NOTE_FORGED);
	static const char FAR_TOO_LONG[] =
		TEXT "\n" DASH
		     "example.com/ledger k3J95mEz3JwmzqI2h3mghDZ/XOiZcgEmNg+3oWox4CqzCLyjZRnJl9F4myeE2zn/"
		     "5YiZHw29G5G+oRPMdJ/E4q29kAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
	assert_error(verify(FAR_TOO_LONG, &worked.log), RECOURSE_NOTE_FORGED);
}

static void test_repeated_lines(void **state)
{
	assert_ok(verify(TEXT "\n" LOG_LINE LOG_LINE, &worked.log));
	assert_error(verify(TEXT "\n" LOG_LINE LOG_LINE_FORGED, &worked.log), RECOURSE_NOTE_FORGED);
	assert_error(verify(TEXT "\n" LOG_LINE_FORGED LOG_LINE, &worked.log), RECOURSE_NOTE_FORGED);

	static const uint64_t TIMES[] = {5, 1700000001, UINT64_MAX, 7};
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	buffer_append_text(&out, NOTE);
	uint64_t latest = WITNESS_TIME;
	for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
		assert_ok(note_cosign(slice_text(TEXT), &worked.witness_secret, TIMES[i], &out));
		latest = TIMES[i] > latest ? TIMES[i] : latest;
		uint64_t cosigned_at;
		assert_ok(note_verify(buffer_slice(&out), &worked.witness, &cosigned_at));
		assert_int_equal(cosigned_at, latest);
	}
}

/* The time is signed too: the same signature under another time is forged. */
static void test_time_is_signed(void **state)
{
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	buffer_append_text(&out, TEXT "\n");
	assert_ok(note_cosign(slice_text(TEXT), &worked.witness_secret, WITNESS_TIME, &out));
	size_t time_at = strlen(TEXT "\n" DASH "witness.example/w1 IDJKvgAAAAB");
	assert_int_equal(out.data[time_at], 'l');
	out.data[time_at] = 'm';
	assert_error(note_verify(buffer_slice(&out), &worked.witness, NULL), RECOURSE_NOTE_FORGED);
}

/* A post-quantum cosignature (type 06) is long, and nobody's that we know. */
static void append_long_line(struct buffer *out, size_t size)
{
	uint8_t body[4096];
	assert_true(size <= sizeof body);
	crypto_random(body, size);
	char base64[6000];
	crypto_base64_encode(slice_of(body, size), base64);
	buffer_append_format(out, DASH "witness.example/w6 %s\n", base64);
}

static void test_many_signatures(void **state)
{
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	buffer_append_text(&out, TEXT "\n" LOG_LINE);
	for (int i = 1; i < NOTE_SIGNATURES_MAX; i++) {
		if (i % 8 == 0)
			append_long_line(&out, 4 + 8 + 2420);
		else
			buffer_append_text(&out, UNKNOWN_LINE);
		assert_ok(note_verify(buffer_slice(&out), &worked.log, NULL));
	}
	buffer_append_text(&out, UNKNOWN_LINE);
	assert_error(note_verify(buffer_slice(&out), &worked.log, NULL), RECOURSE_NOTE_MALFORMED);
}

/* A name longer than our keys may have is somebody's, not a malformed note. */
static void test_long_name(void **state)
{
	char name[300];
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	buffer_append_format(&out, "%s\n%s%s%s AAAAAAA=\n", TEXT, LOG_LINE, DASH, name);
	assert_ok(note_verify(buffer_slice(&out), &worked.log, NULL));
	buffer_clear(&out);
	name[200] = '+';
	buffer_append_format(&out, "%s\n%s%s%s AAAAAAA=\n", TEXT, LOG_LINE, DASH, name);
	assert_error(note_verify(buffer_slice(&out), &worked.log, NULL), RECOURSE_NOTE_MALFORMED);
}

/* Blank lines, and even lines that look like signatures, may stand in the text. */
static void test_blank_lines(void **state)
{
	static const char *const TEXTS[] = {"\n", "\n\n", "a\n\n", "\n\na\n", "a\n\nb\n\n\nc\n",
		"a\n\n" LOG_LINE, "a\n\n" LOG_LINE "\n", "消费者\n"};
	for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
		SCOPED(buffer_free) struct buffer out = {.data = NULL};
		assert_ok(note_sign(slice_text(TEXTS[i]), &worked.log_secret, &out));
		slice text;
		assert_ok(note_text(buffer_slice(&out), &text));
		assert_slice(text, TEXTS[i]);
		assert_ok(note_verify(buffer_slice(&out), &worked.log, NULL));
	}
}

static void test_sign_refused(void **state)
{
	static const char *const REFUSED[] = {
		"", "a", "a\nb", "a\r\n", "a\tb\n", "a\x7f\n", "\xff\n", "a\xc2\x85\n"};
	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
		slice text = slice_text(REFUSED[i]);
		assert_error(note_sign(text, &worked.log_secret, &out), RECOURSE_NOTE_MALFORMED);
		assert_error(note_cosign(text, &worked.witness_secret, 1, &out), RECOURSE_NOTE_MALFORMED);
	}
	assert_int_equal(out.size, 0);
}

/* What is signed can be read again, up to the largest note. */
static void test_largest(void **state)
{
	SCOPED(support_free) char *text = malloc(NOTE_SIZE_MAX);
	assert_non_null(text);
	memset(text, 'a', NOTE_SIZE_MAX);
	bool refused = false;
	for (size_t size = NOTE_SIZE_MAX - 200; size <= NOTE_SIZE_MAX; size++) {
		text[size - 1] = '\n';
		SCOPED(buffer_free) struct buffer out = {.data = NULL};
		enum recourse_error error = note_sign(slice_of(text, size), &worked.log_secret, &out);
		if (error == RECOURSE_OK)
			assert_ok(note_verify(buffer_slice(&out), &worked.log, NULL));
		else
			assert_error(error, RECOURSE_NOTE_MALFORMED);
		/* Once too large, never small enough again. */
		assert_true(error != RECOURSE_OK || !refused);
		refused = error != RECOURSE_OK;
		text[size - 1] = 'a';
	}
	assert_true(refused);

	SCOPED(buffer_free) struct buffer out = {.data = NULL};
	buffer_append_text(&out, TEXT "\n");
	while (out.size <= NOTE_SIZE_MAX - 4000)
		append_long_line(&out, 2700);
	slice found;
	assert_ok(note_text(buffer_slice(&out), &found));
	append_long_line(&out, 3500);
	assert_true(out.size > NOTE_SIZE_MAX);
	assert_error(note_text(buffer_slice(&out), &found), RECOURSE_NOTE_MALFORMED);
}

static void test_memory(void **state)
{
	struct buffer out = {.failed = true};
	assert_error(note_sign(slice_text(TEXT), &worked.log_secret, &out), RECOURSE_MEMORY);
	assert_error(note_cosign(slice_text(TEXT), &worked.witness_secret, 1, &out), RECOURSE_MEMORY);
}

static void test_lines(void **state)
{
	slice rest = slice_text("a\n\nbc\nd");
	slice line;
	assert_true(note_line(&rest, &line));
	assert_slice(line, "a");
	assert_true(note_line(&rest, &line));
	assert_slice(line, "");
	assert_true(note_line(&rest, &line));
	assert_slice(line, "bc");
	assert_false(note_line(&rest, &line));
	assert_slice(rest, "d");
	rest = slice_of(NULL, 0);
	assert_false(note_line(&rest, &line));
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} ACCEPTED[] = {
		{"0", 0},
		{"7", 7},
		{"10", 10},
		{"9223372036854775807", INT64_MAX},
		{"9223372036854775799", INT64_MAX - 8},
	};
	for (size_t i = 0; i < sizeof ACCEPTED / sizeof ACCEPTED[0]; i++) {
		uint64_t number = 99;
		assert_ok(note_number(slice_text(ACCEPTED[i].text), &number));
		assert_true(number == ACCEPTED[i].value);
	}
	static const char *const REFUSED[] = {"", "00", "07", "-1", "+1", " 1", "1 ", "1a", "0x1", "1.0",
		"9223372036854775808", "9223372036854775810", "18446744073709551615", "18446744073709551616",
		"99999999999999999999999999"};
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
		uint64_t number = 99;
		assert_error(note_number(slice_text(REFUSED[i]), &number), RECOURSE_NOTE_MALFORMED);
		assert_int_equal(number, 99);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector),
		cmocka_unit_test(test_sign_gives_vector),
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_flips),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_who_signed),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_repeated_lines),
		cmocka_unit_test(test_time_is_signed),
		cmocka_unit_test(test_many_signatures),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_blank_lines),
		cmocka_unit_test(test_sign_refused),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_numbers),
	};
	return cmocka_run_group_tests(tests, worked_start, worked_stop);
}
