/* SPDX-License-Identifier: Apache-2.0 */
#include "pay_file.h"

/* Payments to a Chinese account, to an IBAN, and to an account of a bank that is known by its BIC. */
static const struct pay_file_payee payees[] = {
	{"p-1", "\u5f20\u4e09", "6222 0212-3456 7890 123", "102100099996", 300000},
	{"p-2", "M\u00fcller & S\u00f6hne <GmbH> \"\U00020bb7\"", "DE89 3704 0044 0532 0130 00", "", 1},
	{"p-3", "O'Neil", "NRA11014999999", "ICBKCNBJ", 999999999999},
	{.payee = NULL},
};

static const char chinese[] = "debtor-name = \u67d0\u5e73\u53f0\u6709\u9650\u516c\u53f8\n"
			      "debtor-account = 11001234567890\n"
			      "debtor-bank = 105100000017\n"
			      "remark = \u8d54\u4ed8 & more\n"
			      "batch-booking = false\n";
static const char old[] = "message = pain.001.001.03\n"
			  "debtor-name = Platform\n"
			  "debtor-account = DE89370400440532013000\n"
			  "debtor-bank = COBADEFF\n"
			  "charges = SLEV\n";

static void make(struct pay_file *file, const char *settings)
{
	struct buffer rows = {0};
	pay_file_make(file, "CNY", 1000, payees);
	assert_int_equal(pay_file_form(file, "iso20022", settings), EXIT_CODE_OK);
	pay_file_rows(payees, &rows);
	assert_int_equal(pay_file_match(file, buffer_slice(&rows)), EXIT_CODE_OK);
	buffer_free(&rows);
}

static void expect_in(const struct buffer *text, const char *part)
{
	if (memmem(text->data, text->size, part, strlen(part)) == NULL)
		fail_msg("not in it: %s\n%.*s", part, SLICE_ARGUMENTS(buffer_slice(text)));
}

/* What is written, in both versions, and that it is read back as what it is; the same again is the same. */
static void test_written(void **state)
{
	static const struct {
		const char *settings;
		const char *name;
		const char *parts[8];
	} files[] = {
		{chinese, "pain.001.001.09.xml",
			{"<ReqdExctnDt>\n    <Dt>2026-11-30</Dt>", "<CreDtTm>2026-11-29T09:30:00Z</CreDtTm>",
				"<InstdAmt Ccy=\"CNY\">0.01</InstdAmt>", "<BICFI>ICBKCNBJ</BICFI>",
				"<NbOfTxs>3</NbOfTxs>", "<CtrlSum>10000003000.00</CtrlSum>",
				"<IBAN>DE89370400440532013000</IBAN>"}},
		{old, "pain.001.001.03.xml",
			{"<ReqdExctnDt>2026-11-30</ReqdExctnDt>", "<BIC>COBADEFF</BIC>",
				"<Id>6222021234567890123</Id>", "<ChrgBr>SLEV</ChrgBr>",
				"<MmbId>102100099996</MmbId>", "<Cd>CNAPS</Cd>", "&lt;GmbH&gt;"}},
	};
	(void)state;
	for (size_t index = 0; index < 2; index++) {
		struct pay_file file;
		struct buffer text = {0};
		struct buffer again = {0};
		struct buffer why = {0};
		make(&file, files[index].settings);
		pay_file_write(&file, &text);
		pay_file_write(&file, &again);
		assert_true(slice_equal(buffer_slice(&text), buffer_slice(&again)));
		if (pay_file_check(&file, buffer_slice(&text), &why) != RECOURSE_OK)
			fail_msg("%s", (const char *)why.data);
		for (size_t part = 0; files[index].parts[part] != NULL; part++)
			expect_in(&text, files[index].parts[part]);
		pay_file_hand_out(files[index].name, buffer_slice(&text));
		buffer_free(&text);
		buffer_free(&again);
		buffer_free(&why);
		pay_file_free(&file);
	}
}

/* The first place where the text has `from` gets `to`. */
static void replace(const struct buffer *text, const char *from, const char *to, struct buffer *out)
{
	const uint8_t *place = memmem(text->data, text->size, from, strlen(from));
	assert_non_null(place);
	size_t before = (size_t)(place - text->data);
	buffer_clear(out);
	buffer_append(out, text->data, before);
	buffer_append_text(out, to);
	before += strlen(from);
	buffer_append(out, text->data + before, text->size - before);
}

/* What no schema sees, and the rest of what may be wrong with a file that is about money. */
static void test_read_back(void **state)
{
	static const struct {
		const char *from;
		const char *to;
		const char *why;
	} wrong[] = {
		{"<NbOfTxs>3<", "<NbOfTxs>2<", "NbOfTxs is not how many payments there are"},
		{"</BtchBookg>\n   <NbOfTxs>3<", "</BtchBookg>\n   <NbOfTxs>4<",
			"NbOfTxs is not how many payments there are"},
		{"<CtrlSum>10000003000.00<", "<CtrlSum>10000003000.01<", "CtrlSum is not the sum"},
		{"Ccy=\"CNY\">0.01<", "Ccy=\"CNY\">0.00<", "payment 2 of the file: the amount is nothing"},
		{"Ccy=\"CNY\">0.01<", "Ccy=\"CNY\">-0.01<", "payment 2 of the file: the amount is nothing"},
		{"Ccy=\"CNY\">0.01<", "Ccy=\"CNY\">0.010<", "payment 2 of the file: the amount is none"},
		{"Ccy=\"CNY\">0.01<", "Ccy=\"CNY\">92233720368547758.08<", "the amount is none"},
		{"Ccy=\"CNY\">0.01<", "Ccy=\"CNY\">0.02<",
			"payment 2 of the file: its amount is another one"},
		{"Ccy=\"CNY\">0.01<", "Ccy=\"USD\">0.01<", "payment 2 of the file: the unit is another one"},
		{"00000101", "00000100", "an id is there twice"},
		{"00000101", "00000103", "payment 2 of the file: its id is another one"},
		{"DE89370400440532013000", "DE89370400440532013001", "its account is another one"},
		{"&lt;GmbH", "&lt;AG", "payment 2 of the file: its name is another one"},
		{"102100099996", "102100099997", "payment 1 of the file: its bank is another one"},
		{"<MsgId>", "<MsgId>1", "MsgId is another one"},
		{"</CstmrCdtTrfInitn>", "", "it can not be read"},
	};
	struct pay_file file;
	struct buffer text = {0};
	struct buffer other = {0};
	struct buffer why = {0};
	(void)state;
	make(&file, chinese);
	pay_file_write(&file, &text);
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		replace(&text, wrong[index].from, wrong[index].to, &other);
		assert_int_equal(pay_file_check(&file, buffer_slice(&other), &why), RECOURSE_PROOF_WRONG);
		if (strstr((const char *)why.data, wrong[index].why) == NULL)
			fail_msg("%s for %s: %s", wrong[index].to, wrong[index].from, (const char *)why.data);
	}
	for (size_t cut = 0; cut < text.size - 1; cut += 7)
		assert_int_equal(pay_file_check(&file, slice_of(text.data, cut), &why), RECOURSE_PROOF_WRONG);
	buffer_free(&text);
	buffer_free(&other);
	buffer_free(&why);
	pay_file_free(&file);
}

/* As many files as the rail's lines demand; together they are the batch. */
static void test_parts(void **state)
{
	struct pay_file file;
	struct pay_part part;
	amount_sum total = 0;
	size_t count = 0;
	(void)state;
	pay_file_make(&file, "CNY", 2, payees);
	assert_int_equal(pay_batch_parts(&file.batch), 2);
	for (uint64_t number = 1; number <= 2; number++) {
		pay_batch_part(&file.batch, number, &part);
		assert_int_equal(part.of, 2);
		assert_int_equal(part.count, number == 1 ? 2 : 1);
		total += part.total;
		count += part.count;
	}
	assert_int_equal(count, 3);
	assert_true(total == file.batch.total);
	pay_file_free(&file);
}

static void test_settings(void **state)
{
	static const struct {
		const char *settings;
		const char *said;
	} wrong[] = {
		{"", "debtor-name"},
		{"debtor-name = A\n", "debtor-account"},
		{"debtor-name = A\ndebtor-account = 1 2\n", "without blanks"},
		{"debtor-name = A\ndebtor-account = DE88370400440532013000\n", "check digits"},
		{"debtor-name = A\ndebtor-account = 1\ndebtor-bank = 1\n", "a BIC, or the 12 digits"},
		{"debtor-name = A\ndebtor-account = 1\ndebtor-bank = COBADEFF\nmessage = pain.001.001.02\n",
			"it is pain.001.001.09 or pain.001.001.03"},
		{"debtor-name = \u5f20\ndebtor-account = 1\ndebtor-bank = COBADEFF\ncharacters = sepa\n",
			"SEPA basic set"},
		{"debtor-name = A\ncolumns = a:name\n", "no such setting"},
		{"debtor-nam = A\n", "did you mean debtor-name?"},
	};
	struct pay_file file;
	(void)state;
	pay_file_make(&file, "CNY", 2, payees);
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		assert_int_equal(
			pay_file_form(&file, "iso20022", wrong[index].settings), EXIT_CODE_CONFIGURATION);
		pay_file_says(&file, wrong[index].said);
	}
	assert_int_equal(pay_file_form(&file, "cheque", chinese), EXIT_CODE_CONFIGURATION);
	pay_file_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_settings),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
