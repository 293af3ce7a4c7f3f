/* SPDX-License-Identifier: Apache-2.0 */
#include "bank_said.h"

#include <stdio.h>

#define PAYMENT_SAYS(id, status, more)                                                                       \
	"<TxInfAndSts><OrgnlEndToEndId>" id "</OrgnlEndToEndId><TxSts>" status "</TxSts>" more               \
	"</TxInfAndSts>"
#define AMOUNT(amount) "<OrgnlTxRef><Amt><InstdAmt Ccy=\"CNY\">" amount "</InstdAmt></Amt></OrgnlTxRef>"
#define REASON(code)   "<StsRsnInf><Rsn><Cd>" code "</Cd></Rsn></StsRsnInf>"
#define BATCH(more)    "<OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>" more "</OrgnlPmtInfAndSts>"

static void make(struct buffer *text, const char *version, const char *group, const char *batches)
{
	buffer_append_format(text,
		"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.%s\"><CstmrPmtStsRpt>"
		"<GrpHdr><MsgId>R1</MsgId></GrpHdr>\n<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>%s</"
		"OrgnlGrpInfAndSts>\n%s"
		"</CstmrPmtStsRpt></Document>",
		version, group, batches);
}

static void expect(const char *group, const char *batches, const char *said)
{
	SCOPED(buffer_free) struct buffer text = {0};
	make(&text, "03", group, batches);
	bank_said_expect(buffer_slice(&text), NULL, said);
}

static void refused(const char *group, const char *batches, const char *part)
{
	SCOPED(buffer_free) struct buffer text = {0};
	make(&text, "10", group, batches);
	bank_said_refused(buffer_slice(&text), NULL, part);
}

static void a_code_is_a_status(void **state)
{
	static const struct {
		const char *code;
		const char *status;
	} codes[] = {{"RCVD", "instructed"}, {"ACTC", "instructed"}, {"ACCP", "accepted"},
		{"ACFC", "accepted"}, {"ACSP", "accepted"}, {"ACWC", "accepted"}, {"ACWP", "accepted"},
		{"PDNG", "accepted"}, {"ACSC", "accepted hint paid"}, {"ACCC", "accepted hint paid"},
		{"RJCT", "rejected"}, {"BLCK", "unknown"}, {"CANC", "unknown"}, {"WXYZ", "unknown"},
		{"rjct", "unknown"}};
	for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
		char batch[400];
		char said[400];
		snprintf(batch, sizeof batch, BATCH(PAYMENT_SAYS("E1", "%s", "")), codes[index].code);
		snprintf(said, sizeof said, "status E1 %s is %s message M1 batch P1\nstatement R1\n",
			codes[index].code, codes[index].status);
		expect("", batch, said);
	}
}

static void a_refusal_says_why(void **state)
{
	expect("<OrgnlNbOfTxs>2</OrgnlNbOfTxs><OrgnlCtrlSum>7.5</OrgnlCtrlSum>",
		BATCH(PAYMENT_SAYS(
			"E1", "RJCT", REASON("AC04") "<AcctSvcrRef>B1</AcctSvcrRef>" AMOUNT("5.00"))
				PAYMENT_SAYS("E2", "ACSP", AMOUNT("2.5"))),
		"status E1 5.00 RJCT is rejected ref B1 message M1 batch P1 reason AC04\n"
		"status E2 2.50 ACSP is accepted message M1 batch P1\nstatement R1 in 0.00 out 0.00\n");
}

/* What is said of all is not put upon each: that is for who agreed it with the bank. */
static void a_group_is_an_item_of_its_own(void **state)
{
	expect("<GrpSts>RJCT</GrpSts>" REASON("NARR"), "",
		"group RJCT is rejected message M1 reason NARR\nstatement R1\n");
	expect("<GrpSts>PART</GrpSts>", BATCH("<PmtInfSts>ACCP</PmtInfSts>" PAYMENT_SAYS("E1", "RJCT", "")),
		"status E1 RJCT is rejected message M1 batch P1\n"
		"group ACCP is accepted message M1 batch P1\n"
		"group PART is unknown message M1\nstatement R1\n");
	expect("",
		BATCH("<PmtInfSts>RJCT</PmtInfSts><TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId></"
		      "TxInfAndSts>"),
		"status E1 RJCT is unknown message M1 batch P1\n"
		"group RJCT is rejected message M1 batch P1\nstatement R1\n");
}

static void counts_and_sums_are_as_it_says_them(void **state)
{
	refused("<OrgnlNbOfTxs>1</OrgnlNbOfTxs>",
		BATCH(PAYMENT_SAYS("E1", "RJCT", "") PAYMENT_SAYS("E2", "RJCT", "")),
		"OrgnlNbOfTxs is 1, and 2 payments are named");
	refused("<OrgnlNbOfTxs>1</OrgnlNbOfTxs><OrgnlCtrlSum>5.01</OrgnlCtrlSum>",
		BATCH(PAYMENT_SAYS("E1", "RJCT", AMOUNT("5.00"))),
		"OrgnlCtrlSum is 5.01, and the payments that are named make 5.00");
	refused("<OrgnlNbOfTxs>9</OrgnlNbOfTxs><OrgnlCtrlSum>4.99</OrgnlCtrlSum>",
		BATCH(PAYMENT_SAYS("E1", "RJCT", AMOUNT("5.00"))), "OrgnlCtrlSum is 4.99");
	refused("<NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts></NbOfTxsPerSts>",
		BATCH(PAYMENT_SAYS("E1", "RJCT", "") PAYMENT_SAYS("E2", "RJCT", "")),
		"DtldNbOfTxs of RJCT is 1, and 2 are named");
	refused("<OrgnlNbOfTxs>1</OrgnlNbOfTxs><NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>ACSP</"
		"DtldSts></NbOfTxsPerSts>",
		BATCH(PAYMENT_SAYS("E1", "RJCT", "")), "DtldNbOfTxs of ACSP is 1, and 0 are named");
	refused("<OrgnlNbOfTxs>5</OrgnlNbOfTxs><NbOfTxsPerSts><DtldNbOfTxs>4</DtldNbOfTxs><DtldSts>ACSP</"
		"DtldSts></NbOfTxsPerSts>",
		"", "OrgnlNbOfTxs is 5, and by their statuses there are 4");
	refused("",
		BATCH("<OrgnlNbOfTxs>1</OrgnlNbOfTxs>" PAYMENT_SAYS("E1", "RJCT", "")
				PAYMENT_SAYS("E2", "RJCT", "")),
		"Document/CstmrPmtStsRpt/OrgnlPmtInfAndSts: OrgnlNbOfTxs is 1");
	/* Only what was refused is named, of five. */
	expect("<OrgnlNbOfTxs>5</OrgnlNbOfTxs><OrgnlCtrlSum>50</OrgnlCtrlSum>"
	       "<NbOfTxsPerSts><DtldNbOfTxs>4</DtldNbOfTxs><DtldSts>ACSP</DtldSts></NbOfTxsPerSts>"
	       "<NbOfTxsPerSts><DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts><DtldCtrlSum>5</"
	       "DtldCtrlSum></NbOfTxsPerSts>",
		BATCH(PAYMENT_SAYS("E1", "RJCT", AMOUNT("5.00"))),
		"status E1 5.00 RJCT is rejected message M1 batch P1\nstatement R1 unnamed 4 all ACSP in "
		"0.00 "
		"out 0.00\n");
}

/* How many it says nothing of: by the message's count, else by those of its batches; none where none is counted. */
static void what_is_not_named_is_counted(void **state)
{
	expect("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>RJCT</GrpSts>", "",
		"group RJCT is rejected message M1\nstatement R1 unnamed 3 all RJCT\n");
	expect("",
		BATCH("<OrgnlNbOfTxs>3</OrgnlNbOfTxs>" PAYMENT_SAYS("E1", "RJCT", ""))
			BATCH("<OrgnlNbOfTxs>2</OrgnlNbOfTxs>") BATCH(PAYMENT_SAYS("E2", "RJCT", "")),
		"status E1 RJCT is rejected message M1 batch P1\n"
		"status E2 RJCT is rejected message M1 batch P1\nstatement R1 unnamed 4\n");
	expect("<OrgnlNbOfTxs>1</OrgnlNbOfTxs>", BATCH(PAYMENT_SAYS("E1", "RJCT", "")),
		"status E1 RJCT is rejected message M1 batch P1\nstatement R1\n");
}

#define COUNTED(code, count)                                                                                 \
	"<NbOfTxsPerSts><DtldNbOfTxs>" count "</DtldNbOfTxs><DtldSts>" code "</DtldSts></NbOfTxsPerSts>"

static void others(const char *group, const char *batch, const char *said)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(buffer_free) struct buffer out = {0};
	make(&text, "10", group, batch);
	bank_said_of(buffer_slice(&text), NULL, &out);
	const char *statement = strstr((const char *)out.data, "statement");
	assert_non_null(statement);
	assert_string_equal(statement, said);
}

/* What the others are is said of all, or left by the counts; where it is not one and the same, it is not said. */
static void what_the_others_are_is_one_status(void **state)
{
	static const char one[] = BATCH(PAYMENT_SAYS("E1", "RJCT", ""));
	others("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>ACSP</GrpSts>", one,
		"statement R1 unnamed 2 all ACSP\n");
	others("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>PART</GrpSts>", one, "statement R1 unnamed 2\n");
	others("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>PART</GrpSts>" COUNTED("ACSP", "2")
			COUNTED("RJCT", "1"),
		one, "statement R1 unnamed 2 all ACSP\n");
	others("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>ACCP</GrpSts>" COUNTED("ACSP", "2")
			COUNTED("RJCT", "1"),
		one, "statement R1 unnamed 2 all ACSP\n");
	/* one more was refused, and nobody knows which */
	others("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>PART</GrpSts>" COUNTED("ACSP", "1")
			COUNTED("RJCT", "2"),
		one, "statement R1 unnamed 2\n");
	others("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>RJCT</GrpSts>" COUNTED("ACSP", "2")
			COUNTED("RJCT", "1"),
		one, "statement R1 unnamed 2\n");
	others("<OrgnlNbOfTxs>3</OrgnlNbOfTxs>",
		BATCH("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><PmtInfSts>PDNG</PmtInfSts>" PAYMENT_SAYS(
			"E1", "RJCT", "")),
		"statement R1 unnamed 2 of batch PDNG\n");
}

static void a_payment_comes_once(void **state)
{
	refused("", BATCH(PAYMENT_SAYS("E1", "RJCT", "")) "\n" BATCH(PAYMENT_SAYS("E1", "ACSP", "")),
		"payment E1 is on line 3 already [EXISTS]");
	refused("", BATCH("<TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts>"),
		"a payment without OrgnlEndToEndId");
	refused("", BATCH(PAYMENT_SAYS("E1", "RJCT", AMOUNT("0.00"))), "an amount of nothing");
	refused("", BATCH(PAYMENT_SAYS("E1", "RJCT", AMOUNT("1.000"))), "more decimals");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_a_status),
		cmocka_unit_test(a_refusal_says_why),
		cmocka_unit_test(a_group_is_an_item_of_its_own),
		cmocka_unit_test(counts_and_sums_are_as_it_says_them),
		cmocka_unit_test(what_is_not_named_is_counted),
		cmocka_unit_test(what_the_others_are_is_one_status),
		cmocka_unit_test(a_payment_comes_once),
	};
	return cmocka_run_group_tests_name("bank_pain", tests, support_crypto, NULL);
}
