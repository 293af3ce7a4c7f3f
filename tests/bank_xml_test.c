/* SPDX-License-Identifier: Apache-2.0 */
#include "bank_said.h"

#include <stdio.h>

/* What a file can do to who reads it, and whether its line is told. */
static void refused(const char *text, const char *part)
{
	bank_said_refused(slice_text(text), NULL, part);
}

#define DOCUMENT "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">"

static void a_doctype_is_refused_before_it_does_anything(void **state)
{
	refused("<!DOCTYPE Document [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\n"
		"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">\n]>\n" DOCUMENT "&c;</Document>",
		"problem, line 1: a DOCTYPE: messages have none, and no entities of their own [MALFORMED]");
	refused("<?xml version=\"1.0\"?>\n<!DOCTYPE Document SYSTEM \"file:///etc/passwd\">\n" DOCUMENT
		"</Document>",
		"problem, line 2: a DOCTYPE");
	refused("<!DOCTYPE Document [<!ENTITY % p SYSTEM \"http://127.0.0.1/\"> %p;]>" DOCUMENT "</Document>",
		"a DOCTYPE");
	refused(DOCUMENT "\n&nothing;</Document>",
		"problem, line 2, Document: no XML: Entity 'nothing' not defined");
}

static void nesting_has_a_limit(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	buffer_append_text(&text, DOCUMENT "<BkToCstmrStmt><SplmtryData>\n");
	for (size_t count = 0; count < 100000; count++)
		buffer_append_text(&text, "<a>");
	bank_said_refused(buffer_slice(&text), NULL,
		"problem, line 2, Document/BkToCstmrStmt: elements stand more than 40 deep [TOO_LARGE]");
}

static void a_text_has_a_limit(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	buffer_append_text(&text, DOCUMENT "<BkToCstmrStmt><GrpHdr>\n<MsgId>");
	for (size_t count = 0; count < 1000; count++)
		buffer_append_text(&text, "0123456789");
	buffer_append_text(&text, "</MsgId></GrpHdr></BkToCstmrStmt></Document>");
	bank_said_refused(buffer_slice(&text), NULL,
		"line 2, Document/BkToCstmrStmt/GrpHdr/MsgId: a text of more than 4096 bytes [FIELD_LIMIT]");
}

/* Of attributes each is held against each: a tag of two million would take hours. */
static void a_tag_has_a_limit(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	buffer_append_text(&text, DOCUMENT "<BkToCstmrStmt");
	for (size_t count = 0; count < 65; count++)
		buffer_append_format(&text, " a%zu=''", count);
	buffer_append_text(&text, "/></Document>");
	bank_said_refused(
		buffer_slice(&text), NULL, "<BkToCstmrStmt> has more than 64 attributes [TOO_LARGE]");
	buffer_clear(&text);
	buffer_append_text(&text, DOCUMENT "<BkToCstmrStmt");
	for (size_t count = 0; count < 200000; count++)
		buffer_append_format(&text, " xmlns:a%zu='a%zu'", count, count);
	buffer_append_text(&text, "/></Document>");
	bank_said_refused(
		buffer_slice(&text), NULL, "a tag or a comment of more than 65536 bytes [TOO_LARGE]");
}

/* What is passed over is as long as a bank likes. */
static void a_text_that_is_passed_over_has_none(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(buffer_free) struct buffer passed = {0};
	buffer_append_text(&passed, PAYMENT("E1", "5.00") "<AddtlStmtInf>");
	for (size_t count = 0; count < 100000; count++)
		buffer_append_text(&passed, "0123456789");
	buffer_append_text(&passed, "</AddtlStmtInf>");
	buffer_append(&passed, "", 1);
	bank_said_statement(&text, "9.00", "4.00", (const char *)passed.data);
	buffer_clear(&passed);
	bank_said_of(buffer_slice(&text), NULL, &passed);
	assert_null(strstr((const char *)passed.data, "problem"));
}

/* Wherever it is cut. */
static void a_file_is_whole(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	bank_said_statement(&text, "9.00", "4.00", PAYMENT("E1", "5.00"));
	for (size_t size = 0; size + 1 < text.size; size++)
		bank_said_refused(slice_of(text.data, size), NULL, "problem");
	bank_said_refused(
		slice_of(text.data, text.size / 2), NULL, "problem, line 7, Document/BkToCstmrStmt/Stmt");
}

static void what_is_behind_it_is_refused(void **state)
{
	refused(DOCUMENT "</Document>\n" DOCUMENT "</Document>", "problem, line 2");
	refused(DOCUMENT "</Document>", "there is no statement in it");
	refused("", "the file is empty");
	refused("payment_id,amount\nE1,5.00\n", "problem, line 1: no XML");
}

static void another_namespace_is_another_file(void **state)
{
	refused("<Document><BkToCstmrStmt/></Document>", "line 1: <Document> of the namespace \"\" is none "
							 "of the messages that are known [VERSION_UNKNOWN]");
	refused("\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"/>",
		"line 2: <Document> of the namespace");
	refused("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.99\"/>",
		"versions 02 to 14 are known");
	refused("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.088\"/>",
		"versions 02 to 14 are known");
	refused("<Stmt xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"/>", "<Stmt xmlns=");
	/* The parts of a message of another kind. */
	refused("<Document "
		"xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrDbtCdtNtfctn/></"
		"Document>",
		"<BkToCstmrDbtCdtNtfctn> is no part of it");
}

static const char document_utf16[] = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" DOCUMENT "</Document>";

static void an_encoding_is_what_it_says(void **state)
{
	uint8_t wide[2 * sizeof document_utf16];
	refused("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" DOCUMENT
		"\n<BkToCstmrStmt><GrpHdr><AddtlInf>\xd6\xd0</AddtlInf>",
		"line 3, Document/BkToCstmrStmt/GrpHdr: no XML: Input is not proper UTF-8");
	refused("<?xml version=\"1.0\" encoding=\"KLINGON\"?>" DOCUMENT "</Document>",
		"Unsupported encoding KLINGON");
	refused("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" DOCUMENT "</Document>", "no XML");
	bank_said_refused(slice_of("<\0?\0\xff\xff", 6), NULL, "no XML");
	bank_said_refused(slice_of("a\0b", 3), NULL, "no XML");
	/* Read as what it is, so that the reason is the next one. */
	for (size_t index = 0; index < sizeof document_utf16 - 1; index++) {
		wide[2 * index] = (uint8_t)document_utf16[index];
		wide[2 * index + 1] = 0;
	}
	bank_said_refused(
		slice_of(wide, 2 * (sizeof document_utf16 - 1)), NULL, "there is no statement in it");
	refused("<?xml version=\"1.0\" encoding=\"GB18030\"?>" DOCUMENT "<!-- \xd6\xd0 --></Document>",
		"there is no statement in it");
}

/* 张 in GB18030, where ids may stand in it. */
static void a_chinese_bank_may_write_gb18030(void **state)
{
	static const char text[] =
		"<?xml version=\"1.0\" encoding=\"GB18030\"?>"
		"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn>"
		"<GrpHdr><MsgId>M1</MsgId></GrpHdr><Ntfctn><Id>\xd5\xc5-1</Id><Acct><Id><Othr><Id>1</Id></"
		"Othr></Id></Acct>"
		"</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>";
	bank_said_expect(slice_text(text), NULL, "statement \xe5\xbc\xa0-1 account 1\n");
}

static void all_mistakes_are_told_and_the_rest_is_counted(void **state)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(bank_reading_free) struct bank_reading reading = {0};
	SCOPED(buffer_free) struct buffer entries = {0};
	for (size_t count = 0; count < BANK_PROBLEM_LISTED + 7; count++)
		buffer_append_text(&entries, PAYMENT("E1", "0.00"));
	buffer_append(&entries, "", 1);
	bank_said_statement(&text, "9.00", "9.00", (const char *)entries.data);
	assert_ok(bank_read_bytes(buffer_slice(&text), NULL, &reading));
	assert_int_equal(
		reading.problems.count, 2 * (BANK_PROBLEM_LISTED + 7)); /* of the entry, of its transaction */
	assert_int_equal(reading.problems.first, RECOURSE_AMOUNT_RANGE);
}

static void a_file_has_a_size(void **state)
{
	const struct support_directory *directory = *state;
	char path[SUPPORT_PATH_MAX];
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(bank_reading_free) struct bank_reading reading = {0};
	struct crypto_hash hash;
	bank_said_statement(&text, "9.00", "4.00", PAYMENT("E1", "5.00"));
	support_directory_path(directory, "file.xml", path);
	support_write_file(path, buffer_slice(&text));
	assert_error(bank_read_file(path, text.size - 1, NULL, &reading), RECOURSE_TOO_LARGE);
	bank_reading_free(&reading);
	reading = (struct bank_reading){0};
	assert_ok(bank_read_file(path, text.size, NULL, &reading));
	assert_true(bank_reading_sound(&reading));
	crypto_sha256(buffer_slice(&text), &hash);
	assert_true(crypto_hash_equal(&hash, &reading.hash));
	assert_int_equal(reading.size, text.size);
	bank_reading_free(&reading);
	reading = (struct bank_reading){0};
	assert_error(bank_read_file(directory->path, text.size, NULL, &reading), RECOURSE_FIELD_FORMAT);
	assert_error(bank_read_file("/nowhere", text.size, NULL, &reading), RECOURSE_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_doctype_is_refused_before_it_does_anything),
		cmocka_unit_test(nesting_has_a_limit),
		cmocka_unit_test(a_text_has_a_limit),
		cmocka_unit_test(a_tag_has_a_limit),
		cmocka_unit_test(a_text_that_is_passed_over_has_none),
		cmocka_unit_test(a_file_is_whole),
		cmocka_unit_test(what_is_behind_it_is_refused),
		cmocka_unit_test(another_namespace_is_another_file),
		cmocka_unit_test(an_encoding_is_what_it_says),
		cmocka_unit_test(a_chinese_bank_may_write_gb18030),
		cmocka_unit_test(all_mistakes_are_told_and_the_rest_is_counted),
		DIRECTORY_TEST(a_file_has_a_size),
	};
	return cmocka_run_group_tests_name("bank_xml", tests, support_crypto, NULL);
}
