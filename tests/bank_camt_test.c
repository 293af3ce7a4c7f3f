/* SPDX-License-Identifier: Apache-2.0 */
#include "bank_said.h"

#include <stdio.h>

static void expect(const char *opening, const char *closing, const char *entries, const char *said)
{
	SCOPED(buffer_free) struct buffer text = {0};
	bank_said_statement(&text, opening, closing, entries);
	bank_said_expect(buffer_slice(&text), NULL, said);
}

static void refused(const char *opening, const char *closing, const char *entries, const char *part)
{
	SCOPED(buffer_free) struct buffer text = {0};
	bank_said_statement(&text, opening, closing, entries);
	bank_said_refused(buffer_slice(&text), NULL, part);
}

static void what_is_booked_is_money(void **state)
{
	expect("100.00", "95.00", PAYMENT("E1", "5.00"),
		"booked E1 -5.00 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 0.00 out 5.00 from 100.00 to 95.00\n");
	expect("0", "0.5", ENTRY("000.5", "CRDT", ""),
		"booked 0.50 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 0.50 out 0.00 from 0.00 to 0.50\n");
	expect("1.00", "1.00", "",
		"statement S1 number 17 account 62220001 in 0.00 out 0.00 from 1.00 to 1.00\n");
}

#define CODED(side, code, details)                                                                           \
	"<Ntry><Amt Ccy=\"CNY\">5.00</Amt><CdtDbtInd>" side "</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"           \
	"<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>" code                                     \
	"</SubFmlyCd></Fmly></Domn></BkTxCd>" details "</Ntry>"
#define CODED_ID(id) "<NtryDtls><TxDtls><Refs><EndToEndId>" id "</EndToEndId></Refs></TxDtls></NtryDtls>"

/* Charges are what the bank's code calls so, where no payment is named. */
static void some_entries_are_charges(void **state)
{
	expect("9.00", "4.00", CODED("DBIT", "CHRG", ""),
		"charge -5.00 BOOK\nstatement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to "
		"4.00\n");
	expect("9.00", "4.00", CODED("DBIT", "COMM", CODED_ID("NOTPROVIDED")),
		"charge -5.00 BOOK\nstatement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to "
		"4.00\n");
	expect("9.00", "4.00", CODED("DBIT", "CHRG", CODED_ID("E1")),
		"booked E1 -5.00 BOOK\nstatement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to "
		"4.00\n");
	expect("4.00", "9.00", CODED("CRDT", "CHRG", ""),
		"booked 5.00 BOOK\nstatement S1 number 17 account 62220001 in 5.00 out 0.00 from 4.00 to "
		"9.00\n");
	expect("9.00", "4.00", CODED("DBIT", "ESCT", ""),
		"booked -5.00 BOOK\nstatement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to "
		"4.00\n");
}

static void what_is_not_booked_is_none(void **state)
{
	static const char *const codes[] = {"PDNG", "INFO", "FUTR", "book"};
	for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++) {
		char entry[400];
		char said[400];
		snprintf(entry, sizeof entry,
			"<Ntry><Amt "
			"Ccy=\"CNY\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>%s</Cd></Sts></Ntry>",
			codes[index]);
		snprintf(said, sizeof said,
			"pending -5.00 %s\nstatement S1 number 17 account 62220001 in 0.00 out 0.00 from "
			"9.00 to 9.00\n",
			codes[index]);
		expect("9.00", "9.00", entry, said);
	}
	refused("9.00", "4.00",
		"<Ntry><Amt Ccy=\"CNY\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>",
		"the opening balance and what is booked make 9.00, the closing balance is 4.00 "
		"[SHARES_WRONG]");
}

/* In one word in version 02, a choice of two later. */
static void a_status_stands_in_two_ways(void **state)
{
	expect("9.00", "4.00",
		"<Ntry><Amt Ccy=\"CNY\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts></Ntry>",
		"booked -5.00 BOOK\nstatement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to "
		"4.00\n");
	expect("9.00", "9.00",
		"<Ntry><Amt "
		"Ccy=\"CNY\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Prtry>Done</Prtry></Sts></Ntry>",
		"pending -5.00 Done\nstatement S1 number 17 account 62220001 in 0.00 out 0.00 from 9.00 to "
		"9.00\n");
	refused("9.00", "4.00", "<Ntry><Amt Ccy=\"CNY\">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Ntry>",
		"an entry without Amt, CdtDbtInd and Sts [FIELD_MISSING]");
}

static void many_payments_on_one_line(void **state)
{
	expect("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<Btch><MsgId>M9</MsgId><PmtInfId>P9</PmtInfId><NbOfTxs>2</NbOfTxs><TtlAmt "
				"Ccy=\"CNY\">5.00</TtlAmt></Btch>" TRANSACTION("E1", "2.00", "DBIT")
					TRANSACTION("E2", "3", "DBIT"))),
		"booked E1 -2.00 BOOK day 2026-11-29 ref B1 message M9 batch P9\n"
		"booked E2 -3.00 BOOK day 2026-11-29 ref B1 message M9 batch P9\n"
		"statement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to 4.00\n");
	refused("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<Btch><NbOfTxs>3</NbOfTxs></Btch>" TRANSACTION("E1", "5.00", "DBIT"))),
		"NbOfTxs of the batch is 3, and 1 transactions are there");
	refused("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<Btch><TtlAmt Ccy=\"CNY\">4.00</TtlAmt></Btch>" TRANSACTION(
				"E1", "5.00", "DBIT"))),
		"TtlAmt of the batch is 4.00, and its transactions make 5.00");
	refused("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS(TRANSACTION("E1", "2.00", "DBIT") TRANSACTION("E2", "2.99", "DBIT"))),
		"the entry's amount and its transactions differ by 0.01, which no charges explain");
	refused("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS(TRANSACTION("E1", "2.00",
				"DBIT") "<TxDtls><Refs><EndToEndId>E2</EndToEndId></Refs></TxDtls>")),
		"of 2 transactions one or more tell no amount");
}

/* Nothing of it is guessed: it is of the account, and its payments stand elsewhere. */
static void a_batch_without_details_waits(void **state)
{
	expect("9.00", "4.00",
		ENTRY("5.00", "DBIT", DETAILS("<Btch><PmtInfId>P9</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>")),
		"waiting -5.00 BOOK day 2026-11-29 ref B1 batch P9\n"
		"statement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to 4.00\n");
	expect("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<Btch><PmtInfId>P9</PmtInfId></Btch>")
				DETAILS(TRANSACTION("E1", "2.00", "DBIT"))),
		"booked E1 -2.00 BOOK day 2026-11-29 ref B1\n"
		"waiting -3.00 BOOK day 2026-11-29 ref B1 batch P9\n"
		"statement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to 4.00\n");
	refused("9.00", "4.00",
		ENTRY("5.00", "DBIT", DETAILS("<Btch><NbOfTxs>2</NbOfTxs></Btch>") DETAILS("<Btch></Btch>")),
		"two batches of one entry, and neither tells its TtlAmt");
}

static void a_single_transaction_may_leave_its_amount_to_the_entry(void **state)
{
	expect("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><AmtDtls><InstdAmt><Amt "
				"Ccy=\"EUR\">0.64</Amt></InstdAmt></AmtDtls></TxDtls>")),
		"booked E1 -5.00 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to 4.00\n");
	/* Version 02 has it below AmtDtls. */
	expect("9.00", "4.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><AmtDtls><TxAmt><Amt "
				"Ccy=\"CNY\">5.00</Amt></TxAmt></AmtDtls></TxDtls>")),
		"booked E1 -5.00 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to 4.00\n");
}

static void what_comes_back_says_why_and_what_it_cost(void **state)
{
	expect("9.00", "11.00",
		ENTRY("2.00", "CRDT",
			"<Chrgs><Rcrd><Amt "
			"Ccy=\"CNY\">0.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>" DETAILS(
				"<TxDtls><Refs><AcctSvcrRef>B7</AcctSvcrRef><EndToEndId>E1</EndToEndId></"
				"Refs><Amt "
				"Ccy=\"CNY\">2.50</Amt><CdtDbtInd>CRDT</CdtDbtInd><RtrInf><Rsn><Cd>AC04</"
				"Cd></Rsn></RtrInf></TxDtls>")),
		"booked E1 2.50 BOOK day 2026-11-29 ref B7 reason AC04 returned\n"
		"charge -0.50 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 2.50 out 0.50 from 9.00 to 11.00\n");
	expect("9.00", "11.00",
		"<Ntry><Amt "
		"Ccy=\"CNY\">2.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true</RvslInd><Sts>BOOK</Sts></"
		"Ntry>",
		"booked 2.00 BOOK reversal\nstatement S1 number 17 account 62220001 in 2.00 out 0.00 from "
		"9.00 to 11.00\n");
}

static void a_payment_comes_once(void **state)
{
	refused("9.00", "5.00", PAYMENT("E1", "2.00") PAYMENT("E1", "2.00"),
		"payment E1 is on line 8 already [EXISTS]");
	/* What went out and came back; what others call their own; and what has no id. */
	expect("9.00", "9.00",
		PAYMENT("E1", "2.00") ENTRY("2.00", "CRDT",
			DETAILS("<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><RtrInf></RtrInf></"
				"TxDtls>")),
		"booked E1 -2.00 BOOK day 2026-11-29 ref B1\n"
		"booked E1 2.00 BOOK day 2026-11-29 ref B1 returned\n"
		"statement S1 number 17 account 62220001 in 2.00 out 2.00 from 9.00 to 9.00\n");
	expect("9.00", "11.00",
		ENTRY("1.00", "CRDT", DETAILS(TRANSACTION("RENT", "1.00", "CRDT")))
			ENTRY("1.00", "CRDT", DETAILS(TRANSACTION("RENT", "1.00", "CRDT"))),
		"booked RENT 1.00 BOOK day 2026-11-29 ref B1\n"
		"booked RENT 1.00 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 2.00 out 0.00 from 9.00 to 11.00\n");
	expect("9.00", "5.00", PAYMENT("NOTPROVIDED", "2.00") PAYMENT("NOTPROVIDED", "2.00"),
		"booked -2.00 BOOK day 2026-11-29 ref B1\n"
		"booked -2.00 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 0.00 out 4.00 from 9.00 to 5.00\n");
}

static void amounts_are_exact(void **state)
{
	refused("9.00", "4.00", PAYMENT("E1", "5.000"),
		"'5.000' CNY: more decimals than its unit has [AMOUNT_DIGITS]");
	refused("9.00", "9.00", PAYMENT("E1", "0.00"), "an amount of nothing [AMOUNT_RANGE]");
	refused("9.00", "9.00", PAYMENT("E1", "-0"), "no decimal without a sign [FIELD_FORMAT]");
	refused("9.00", "9.00", PAYMENT("E1", "-5.00"), "no decimal without a sign [FIELD_FORMAT]");
	refused("9.00", "9.00", PAYMENT("E1", "1e2"), "no decimal without a sign [FIELD_FORMAT]");
	refused("9.00", "9.00", PAYMENT("E1", "92233720368547758.08"), "more than 64 bits hold [OVERFLOW]");
	refused("9.00", "9.00", "<Ntry><Amt Ccy=\"USD\">1.00</Amt></Ntry>",
		"Ccy=\"USD\", where the rest is in CNY [UNIT_MISMATCH]");
	refused("9.00", "9.00", "<Ntry><Amt>1.00</Amt></Ntry>", "[UNIT_MISMATCH]");
	refused("9.00", "9.00", "<Ntry><Amt Ccy=\"CNY\">1.00</Amt><CdtDbtInd>CREDIT</CdtDbtInd></Ntry>",
		"neither CRDT nor DBIT");
	expect("92233720368547758.07", "92233720368547758.06", PAYMENT("E1", "0.01"),
		"booked E1 -0.01 BOOK day 2026-11-29 ref B1\nstatement S1 number 17 account 62220001 in 0.00 "
		"out 0.01 from "
		"92233720368547758.07 to 92233720368547758.06\n");
}

static void sums_are_as_it_says_them(void **state)
{
	static const char *const wrong[] = {
		"<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>",
		"<TtlNtries><Sum>5.01</Sum></TtlNtries>",
		"<TtlNtries><Sum>5.000001</Sum></TtlNtries>",
		"<TtlNtries><TtlNetNtry><Amt>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry></TtlNtries>",
		"<TtlCdtNtries><Sum>3.00</Sum></TtlCdtNtries>",
		"<TtlDbtNtries><NbOfNtries>2</NbOfNtries></TtlDbtNtries>",
	};
	static const char entries[] = PAYMENT("E1", "3.00") ENTRY("2.00", "CRDT", "");
	char all[2000];
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		snprintf(all, sizeof all, "<TxsSummry>%s</TxsSummry>%s", wrong[index], entries);
		refused("9.00", "8.00", all, "problem");
	}
	snprintf(all, sizeof all,
		"<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>5.00000</Sum><TtlNetNtry><Amt>1</Amt>"
		"<CdtDbtInd>DBIT</CdtDbtInd></TtlNetNtry></TtlNtries><TtlCdtNtries><Sum>2</Sum></"
		"TtlCdtNtries></TxsSummry>%s",
		entries);
	expect("9.00", "8.00", all,
		"booked E1 -3.00 BOOK day 2026-11-29 ref B1\nbooked 2.00 BOOK day 2026-11-29 ref B1\n"
		"statement S1 number 17 account 62220001 in 2.00 out 3.00 from 9.00 to 8.00\n");
}

static void balances_and_entries_fit(void **state)
{
	refused("9.00", "4.01", PAYMENT("E1", "5.00"),
		"the opening balance and what is booked make 4.00, the closing balance is 4.01 "
		"[SHARES_WRONG]");
	SCOPED(buffer_free) struct buffer text = {0};
	bank_said_statement(&text, "9.00", "4.00", PAYMENT("E1", "5.00"));
	buffer_append(&text, "", 1);
	char *closing = strstr((char *)text.data, "CLBD");
	memcpy(closing, "CLAV", 4);
	bank_said_refused(
		slice_of(text.data, text.size - 1), NULL, "a statement without its closing balance");
	memcpy(closing, "OPBD", 4);
	bank_said_refused(slice_of(text.data, text.size - 1), NULL, "two opening balances that differ");
}

/* A misspelt element would be money that nobody sees. */
static void what_it_does_not_know_is_refused(void **state)
{
	refused("9.00", "9.00", "<Ntri></Ntri>",
		"Document/BkToCstmrStmt/Stmt: <Ntri> is no part of it [FIELD_UNKNOWN]");
	refused("9.00", "9.00", "<Ntry xmlns=\"urn:other\"></Ntry>",
		"<Ntry> is of the namespace \"urn:other\"");
	refused("9.00", "9.00", "<Ntry><Amt Ccy=\"CNY\">1.00</Amt><Amt Ccy=\"CNY\">1.00</Amt></Ntry>",
		"<Amt> is there twice [FIELD_DUPLICATE]");
	refused("9.00", "9.00", "<Ntry>5.00</Ntry>", "text stands between its elements");
	refused("9.00", "9.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<TxDtls><Refs><EndToEndId>123456789012345678901234567890123456</"
				"EndToEndId></Refs></TxDtls>")),
		"has more than 35 characters [FIELD_LIMIT]");
	refused("9.00", "9.00",
		ENTRY("5.00", "DBIT",
			DETAILS("<TxDtls><Refs><EndToEndId>a&#x202e;b</EndToEndId></Refs></TxDtls>")),
		"control characters");
	refused("9.00", "9.00", "<Ntry><NtryDtls></NtryDtls></Ntry>",
		"without Amt, CdtDbtInd and Sts before its details");
	refused("9.00", "9.00", "<Ntry><BookgDt><Dt>2026-02-30</Dt></BookgDt></Ntry>", "begins with no day");
}

static void all_versions_are_known(void **state)
{
	for (unsigned version = 0; version <= 16; version++) {
		SCOPED(buffer_free) struct buffer text = {0};
		char digits[4];
		bank_said_statement(&text, "9.00", "4.00", PAYMENT("E1", "5.00"));
		buffer_append(&text, "", 1);
		snprintf(digits, sizeof digits, "%02u", version);
		memcpy(strstr((char *)text.data, "001.08") + 4, digits, 2);
		slice bytes = slice_of(text.data, text.size - 1);
		if (version >= 2 && version <= 14)
			bank_said_expect(bytes, NULL,
				"booked E1 -5.00 BOOK day 2026-11-29 ref B1\n"
				"statement S1 number 17 account 62220001 in 0.00 out 5.00 from 9.00 to "
				"4.00\n");
		else
			bank_said_refused(bytes, NULL, "versions 02 to 14 are known [VERSION_UNKNOWN]");
	}
}

static void a_notification_has_no_balance(void **state)
{
	static const char text[] =
		"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn>"
		"<GrpHdr><MsgId>M1</MsgId></GrpHdr><Ntfctn><Id>N1</"
		"Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"
		"<Ntry><Amt "
		"Ccy=\"EUR\">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts></Ntry></Ntfctn>"
		"</BkToCstmrDbtCdtNtfctn></Document>";
	bank_said_expect(slice_text(text), NULL,
		"booked 5.00 BOOK\nstatement N1 account DE89370400440532013000 in 5.00 out 0.00\n");
}

/* A statement of several pages: each is the difference of what it begins and ends with. */
static void a_page_is_checked_as_one(void **state)
{
	static const char text[] =
		"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>"
		"<GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id><StmtPgntn><PgNb>2</"
		"PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
		"<Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>"
		"<Bal><Tp><CdOrPrtry><Cd>ITBD</Cd></CdOrPrtry></Tp><Amt "
		"Ccy=\"CNY\">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Bal>"
		"<Bal><Tp><CdOrPrtry><Cd>ITBD</Cd></CdOrPrtry></Tp><Amt "
		"Ccy=\"CNY\">4.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
		"<TxsSummry><TtlNtries><NbOfNtries>70</NbOfNtries></TtlNtries></TxsSummry>" ENTRY(
			"5.00", "CRDT", "") "</Stmt></BkToCstmrStmt></Document>";
	bank_said_expect(slice_text(text), NULL,
		"booked 5.00 BOOK day 2026-11-29 ref B1\n"
		"statement S1 account 1 page 2 in 5.00 out 0.00 from -1.00 to 4.00\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_booked_is_money),
		cmocka_unit_test(some_entries_are_charges),
		cmocka_unit_test(what_is_not_booked_is_none),
		cmocka_unit_test(a_status_stands_in_two_ways),
		cmocka_unit_test(many_payments_on_one_line),
		cmocka_unit_test(a_batch_without_details_waits),
		cmocka_unit_test(a_single_transaction_may_leave_its_amount_to_the_entry),
		cmocka_unit_test(what_comes_back_says_why_and_what_it_cost),
		cmocka_unit_test(a_payment_comes_once),
		cmocka_unit_test(amounts_are_exact),
		cmocka_unit_test(sums_are_as_it_says_them),
		cmocka_unit_test(balances_and_entries_fit),
		cmocka_unit_test(what_it_does_not_know_is_refused),
		cmocka_unit_test(all_versions_are_known),
		cmocka_unit_test(a_notification_has_no_balance),
		cmocka_unit_test(a_page_is_checked_as_one),
	};
	return cmocka_run_group_tests_name("bank_camt", tests, support_crypto, NULL);
}
