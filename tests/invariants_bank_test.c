/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_bank.h"
#include "books/record_ledger.h"

/* What the audit says of files of banks that the rules can not have made so (see invariants_test.c). */

#define AB              "abababababababababababababababababababababababababababababababab"
#define NUMBERS         "bank/CNY/1/"
#define OF(key, m, n)   SET(BANK_FILE, key, bank_file, m, n)
#define MORE(key, m, n) ADD(BANK_FILE, key, bank_file, m, n)

/* n-1: begun @-5, a piece @-4, its lines @-3 and @-2, whole @-1; and n-4, begun @, which leaves 2 and 3 missing. */
static const struct wrong files[] = {
	{"F5: the pieces of a bank's file", {MORE("@-5", lined, 1)}},
	{"F5: the pieces of a bank's file", {MORE("@-5", credited, 1)}},
	{"F5: the pieces of a bank's file", {ADD(BANK_PIECE, "@-5/1", bank_piece, debit, 1)}},
	{"F5: a piece of a bank's file is not there", {GONE(BANK_PIECE, "@-5/1")}},
	{"F5: a piece of a bank's file is not there", {MORE("@-5", pieces, 1)}},
	{"F5: more is in of a bank's file", {MORE("@-5", lines, -1)}},
	{"F5: more is in of a bank's file", {MORE("@-5", debit, -1)}},
	{"F5: a bank's file was ended and is not whole", {MORE("@-5", lines, 1)}},
	{"F5: a bank's file was ended and is not whole", {OF("@", state, BANK_FILE_WHOLE)}},
	{"F5: the lines that stand", {ADD(BANK_LINE, "bank/b", bank_line, amount, 1)}},
	{"F5: a line of a bank's file is not",
		{{RECORD_BANK_FILE, "@-5", offsetof(struct record_bank_file, unit), 1, false, 'x'}}},
	{"F5: a line of a bank's file is not", {SET(BANK_LINE, "bank/a", bank_line, notice, 1)}},
	{"F5: a bank's file says what one of its kind", {OF("@-5", first_day, 9)}},
	{"F5: a bank's file says what one of its kind", {OF("@-5", closing, 9)}},
	{"F5: a bank's file is not how far its entries", {OF("@-5", ended_entry, 0)}},
	{"F5: a bank's file is not how far its entries", {OF("@-5", given_up_entry, 900)}},
	{"F5: a bank's file is not how far its entries", {OF("@", ended_entry, 900)}},
	{"F5: a bank's file is not how far its entries", {OF("@", late_entry, 1)}},
	{"F5: a bank's file is not found", {GONE(BANK_FILE_HASH, "bank/" AB)}},
	{"F5: a bank's file is not found", {GONE(BANK_FILE_NAME, "bank/n-1")}},
	{"F5: a bank's file is not found", {OF("@-5", state, BANK_FILE_GIVEN_UP)}},
	{"F5: a bank's file is not found", {OF("@-5", number, 3)}},
	{"F5: a statement does not come to", {OF("@", statement, 1)}},
	{"E3: a bank's file that is not whole", {OF("@", clock, 0)}},
	{"E3: a bank's file that is not whole", {OF("@-5", clock, 900)}},
	{"E3: a bank's file that is not whole", {OF("@", clock, INT64_MAX)}},
	{"F5: a piece of a bank's file is not there", {MORE("@-5", pieces, -1)}},
	{"F5: a piece of a bank's file is not there", {THERE(BANK_PIECE, "@-5/2")}},
	{"F5: a piece of a bank's file is beyond", {THERE(BANK_PIECE, "900/1")}},
	{"F5: a piece of a bank's file did not", {ADD(BANK_PIECE, "@-5/1", bank_piece, stated, 1)}},
	{"F5: a piece of a bank's file did not", {ADD(BANK_PIECE, "@-5/1", bank_piece, credited, -1)}},
	{"F5: a number of a bank's files is of none", {THERE(BANK_FILE_NUMBER, NUMBERS "9")}},
	{"F5: a number that is missing", {GONE(BANK_GAP, NUMBERS "2")}},
	{"F5: a number that is missing", {ADD(BANK_GAP, NUMBERS "2", bank_gap, last, 1)}},
	{"F5: a number is missing since another time", {ADD(BANK_GAP, NUMBERS "2", bank_gap, since, 1)}},
	{"F5: a number is missing since another time",
		{SET(BANK_GAP, NUMBERS "2", bank_gap, explained_entry, 1)}},
	{"F5: a number that is listed", {THERE(BANK_GAP, NUMBERS "5")}},
};

static void test_files(void **state)
{
	kit_play(*state, "bank bank_file.begin file=n-1 kind=camt054 number=1 hash=ab* unit=CNY lines=2 "
			 "credit=10.00 debit=5.00\n"
			 "bank bank_file.piece file=n-1 piece=1 lines=2 credit=10.00 debit=5.00"
			 " + bank.line line=a amount=10.00 unit=CNY direction=credit day=2016-05-04"
			 " + bank.line line=b amount=5.00 unit=CNY direction=debit day=2016-05-04\n"
			 "bank bank_file.end file=n-1\n"
			 "bank bank_file.begin file=n-4 kind=camt054 number=4 hash=cd* unit=CNY lines=1 "
			 "credit=1.00 debit=0.00");
	MISLEAD_EACH(*state, files);
}

/* A statement of three days, begun @-5; two lines on its first day, one on its last. */
#define DAY(day)     "@-5/" day
#define MAY_4        DAY("16925")
#define OF_DAY(m, n) ADD(BANK_FILE_DAY, MAY_4, bank_file_day, m, n)
static const struct wrong days[] = {
	{"F5: the lines of a day", {GONE(BANK_FILE_DAY, MAY_4)}},
	{"F5: the lines of a day", {GONE(BANK_FILE_DAY, DAY("16927"))}},
	{"F5: the lines of a day", {OF_DAY(lines, 1)}},
	{"F5: the lines of a day", {OF_DAY(credited, 1)}},
	{"F5: the lines of a day", {OF_DAY(debited, -1)}},
	{"F5: the lines of a day", {THERE(BANK_FILE_DAY, DAY("16926"))}},
	{"F5: a statement has something of a day", {THERE(BANK_FILE_DAY, DAY("16928"))}},
	{"F5: a day of a statement is of none", {THERE(BANK_FILE_DAY, "@/16927")}},
};

static void test_days(void **state)
{
	kit_play(*state, "wait 2 days\n"
			 "bank bank_file.begin file=s-1 kind=camt053 number=1 hash=ab* unit=CNY lines=3 "
			 "credit=10.00 debit=6.00 opening=0.00 closing=4.00 first_day=2016-05-04 "
			 "last_day=2016-05-06\n"
			 "bank bank_file.piece file=s-1 piece=1 lines=2 credit=10.00 debit=5.00"
			 " + bank.line line=a amount=10.00 unit=CNY direction=credit day=2016-05-04"
			 " + bank.line line=b amount=5.00 unit=CNY direction=debit day=2016-05-04\n"
			 "bank bank_file.piece file=s-1 piece=2 lines=1 credit=0.00 debit=1.00"
			 " + bank.line line=c amount=1.00 unit=CNY direction=debit day=2016-05-06");
	MISLEAD_EACH(*state, days);
}

/* What a wallet says of transfers is begun @-2, its only piece @-1, whole @: its lines are none that stand in it. */
static const struct wrong words[] = {
	{"F5: a piece of a bank's file did not", {ADD(BANK_PIECE, "@-2/1", bank_piece, stated, 1)}},
	{"F5: the lines that stand", {OF("@-2", kind, BANK_FILE_CSV)}},
	{"F5: a bank's file was ended and is not whole", {MORE("@-2", lines, 1)}},
};

static void test_words(void **state)
{
	kit_play(*state, "bank bank_file.begin file=w-1 kind=wechat hash=ab* unit=CNY lines=2 credit=0.00 "
			 "debit=0.00\n"
			 "bank bank_file.piece file=w-1 piece=1 lines=2 credit=0.00 debit=0.00\n"
			 "bank bank_file.end file=w-1");
	MISLEAD_EACH(*state, words);
}

/* l-1 is named @-5 and stated by nobody, l-2 stated @-4 and named @-3, l-3 named @-2 and stated @-1; @ is of another. */
#define LINE_SET(key, m, n)  SET(BANK_LINE, "bank/" key, bank_line, m, n)
#define LINE_MORE(key, m, n) ADD(BANK_LINE, "bank/" key, bank_line, m, n)
static const struct wrong lines[] = {
	{"F5: by its entry nobody named a line of bank", {LINE_MORE("l-1", named, 1)}},
	{"F5: by its entry nobody named a line of bank", {LINE_MORE("l-2", named, 1)}},
	{"F5: by its entry nobody named a line of bank", {LINE_MORE("l-2", named, -2)}},
	{"F5: by its entry nobody named a line of bank", {LINE_SET("l-2", named, 0)}},
	{"F5: by its entry nobody named a line of bank", {LINE_MORE("l-3", entry, -1)}},
	{"F5: in another request than its entry", {LINE_MORE("l-1", request, 1)}},
	{"F5: in another request than its entry", {LINE_MORE("l-3", request, -1)}},
	{"F5: in another request than its entry", {LINE_SET("l-3", request, 900)}},
	{"F5: nobody stated the day of a line of bank", {LINE_SET("l-1", day, 16925)}},
	{"F5: by its entry it was stated otherwise", {LINE_MORE("l-2", day, 1)}},
	{"F5: by its entry it was stated otherwise", {LINE_SET("l-2", direction, BANK_DEBIT)}},
	{"F5: before it was stated other cash", {LINE_SET("l-1", early, 1)}},
	{"F5: before it was stated other cash", {LINE_SET("l-2", early, 1)}},
	{"F5: before it was stated other cash", {LINE_MORE("l-3", early, -1)}},
	{"what was booked was so at another time", {ADD(BOOKED, "@-5", booked, instant, 1)}},
	{"what was booked was so at another time", {SET(BOOKED, "@-5", booked, instant, 0)}},
};

static void test_lines(void **state)
{
	kit_play(*state, "deposit M 1.00 l-1\n"
			 "bank bank.line line=l-2 amount=2.00 unit=CNY direction=credit day=2016-05-04\n"
			 "deposit M 2.00 l-2\n"
			 "deposit M 3.00 l-3\n"
			 "bank bank.line line=l-3 amount=3.00 unit=CNY direction=credit day=2016-05-04\n"
			 "deposit M 4.00 l-4");
	MISLEAD_EACH(*state, lines);
}

/* A service whose state was doctored lets through what it would have refused: the audit names the entry. */
#define BEGUN(lines, credit)                                                                                 \
	"bank bank_file.begin file=n-1 kind=camt054 number=1 hash=ab* unit=CNY debit=0.00 lines=" lines      \
	" credit=" credit
#define PIECE "bank bank_file.piece file=n-1 piece=1 debit=0.00 lines=1 credit=10.00"
#define LINE  " + bank.line line=a amount=10.00 unit=CNY direction=credit day=2016-05-04"

static const struct cheat cheats[] = {
	{"ended before it is whole", 0, BEGUN("1", "10.00"), "bank bank_file.end file=n-1", 0, "INSUFFICIENT",
		NULL, {OF("@", lines, 0), OF("@", credit, 0)}},
	{"more than the file has", 0,
		"bank bank_file.begin file=m-1 kind=pain002 hash=ab* unit=CNY lines=1 credit=0.00 debit=0.00",
		"bank bank_file.piece file=m-1 piece=1 lines=2 credit=0.00 debit=0.00", 0, "INSUFFICIENT",
		NULL, {OF("@", lines, 2)}},
	{"a piece that brings no line, as of what says how payments fare", 0, BEGUN("1", "10.00"), PIECE, 0,
		"NOT_PERMITTED", NULL, {OF("@", kind, BANK_FILE_ALIPAY)}},
	{"a piece twice", 0, BEGUN("1", "10.00") "\n" PIECE LINE,
		"bank bank_file.piece file=n-1 piece=1 lines=0 credit=0.00 debit=0.00", 0, "EXISTS", NULL,
		{OF("@-2", pieces, 0)}},
	{"the same file twice", 0, BEGUN("0", "0.00"),
		"bank bank_file.begin file=n-2 kind=camt054 hash=ab* unit=CNY lines=0 credit=0.00 debit=0.00",
		0, "EXISTS", NULL, {GONE(BANK_FILE_HASH, "bank/" AB)}},
	{"another file of the same number", 0, BEGUN("0", "0.00"),
		"bank bank_file.begin file=n-2 kind=camt054 number=1 hash=cd* unit=CNY lines=0 credit=0.00 "
		"debit=0.00",
		0, "EXISTS", NULL, {GONE(BANK_FILE_NUMBER, NUMBERS "1")}},
	{"a line of two files", 0,
		BEGUN("1", "10.00") "\n" PIECE LINE
				    "\nbank bank_file.begin file=n-2 kind=csv hash=cd* unit=CNY lines=1 "
				    "credit=10.00 debit=0.00",
		"bank bank_file.piece file=n-2 piece=1 debit=0.00 lines=1 credit=10.00" LINE, 0, "EXISTS",
		NULL, {SET(BANK_LINE, "bank/a", bank_line, notice, 0)}},
	{"cash by no line of the file", 0,
		BEGUN("0", "0.00") "\nbank bank.line line=b amount=5.00 unit=CNY direction=credit "
				   "day=2016-05-04",
		"bank bank_file.piece file=n-1 piece=1 debit=0.00 lines=0 credit=0.00 + deposit.receive "
		"merchant=M "
		"amount=5.00 unit=CNY bank_reference=b",
		0, "NOT_PERMITTED", NULL, {SET(BANK_LINE, "bank/b", bank_line, notice, 22)}},
};

static void test_cheats(void **state)
{
	(void)state;
	MISLEAD_TRY(cheats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_files),
		KIT_TEST(test_lines),
		KIT_TEST(test_days),
		KIT_TEST(test_words),
		cmocka_unit_test(test_cheats),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
