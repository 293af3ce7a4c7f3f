/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "base/instant.h"
#include "books/record_bank.h"
#include "books/record_ledger.h"
#include "books/record_rail.h"

/*
 * Payments by a rail, and files of a bank, of a service that was led astray: what was published by then, what a batch was to reach to,
 * what a checker counted, what a file said. Only deciding again shows these (rules/rail/README.md), and it does.
 */

#define BEFORE(days) (-(days) * (int64_t)INSTANT_DAY)
#define RAIL(more)                                                                                           \
	"declare-without-deposit i fuel-card\n"                                                              \
	"claim c i 60.00\n"                                                                                  \
	"claim d i 40.00\n"                                                                                  \
	"distribute i\n"                                                                                     \
	"fund i 100.00\n"                                                                                    \
	"admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 id_length=35 "         \
	"id_alphabet=upper query_days=30 awaiting_hours=24 " more "\n"                                       \
	"agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"                                 \
	"wait 1 second\n"
#define ORDERED                                                                                              \
	RAIL("lines=1") "payer payout.instruct claim=c payee=p\npayer payout.instruct claim=d payee=p\n"
#define MADE ORDERED "maker batch.make batch=one rail=bank\n"

static const struct cheat rails[] = {
	{"more than a rail takes", 0, RAIL("lines=9 most=59.99"), "payer payout.instruct claim=c payee=p", 0,
		"AMOUNT_RANGE", NULL, {SET(RAIL, "bank", rail, most, 0)}},
	{"less than a rail takes", 0, RAIL("lines=9 least=60.01"), "payer payout.instruct claim=c payee=p", 0,
		"AMOUNT_RANGE", NULL, {SET(RAIL, "bank", rail, least, 0)}},
	{"more in a file than the rail took", 0, MADE "checker batch.check batch=one count=2 total=100.00",
		"payer batch.sent batch=one file_hash=ab* file=1 of=1 count=2 total=100.00", 0,
		"AMOUNT_RANGE", NULL, {SET(PAYMENT_BATCH, "one", payment_batch, lines, 9)}},
	{"ordered too late for a batch", 0, ORDERED,
		"maker batch.make batch=one rail=bank before=2016-05-03T00:00:00Z", 0, "NOT_FOUND", NULL,
		{ADD(RAIL_ORDER, "bank/@", rail_order, time, BEFORE(3)),
			ADD(RAIL_ORDER, "bank/@-1", rail_order, time, BEFORE(3))}},
	{"a checker counted otherwise", 0, MADE, "checker batch.check batch=one count=2 total=90.00", 0,
		"AMOUNT_RANGE", NULL, {ADD(RAIL_ORDER, "bank/@-1", rail_order, amount, -1000)}},
	{"a checker who made it", 0, MADE, "maker batch.check batch=one count=2 total=100.00", 0,
		"SAME_PERSON", NULL, {SET(PAYMENT_BATCH, "one", payment_batch, maker, 1)}},
	{"more than one person checks alone", 0,
		MADE "admin control.publish version=1 "
		     "limits=command:batch.check,span:single,unit:CNY,amount:99.99,approvals:1",
		"checker batch.check batch=one count=2 total=100.00", 0, NULL, NULL,
		{SET(CONTROL, "", control, count, 0)}},
	{"the bytes of another file", 0,
		MADE "checker batch.check batch=one count=2 total=100.00\n"
		     "payer batch.sent batch=one file_hash=ab* file=1 of=2 count=1 total=60.00",
		"payer batch.sent batch=one file_hash=ab* file=2 of=2 count=1 total=40.00", 0, "EXISTS", NULL,
		{GONE(BATCH_HASH, "bank/abababababababababababababababababababababababababababababababab")}},
};

static void test_rails(void **state)
{
	(void)state;
	MISLEAD_TRY(rails);
}

#define BEGUN                                                                                                \
	"bank bank_file.begin file=f kind=camt054 number=1 hash=ab* unit=CNY lines=2 credit=30.00 "          \
	"debit=0.00\n"
#define PIECE                                                                                                \
	"bank bank_file.piece file=f piece=1 lines=1 credit=10.00 debit=0.00\n"                              \
	"  + bank.line line=a amount=10.00 unit=CNY direction=credit day=2016-05-04"

static const struct cheat files[] = {
	{"a file that lacks a line", 0, BEGUN PIECE, "bank bank_file.end file=f", 0, "INSUFFICIENT", NULL,
		{SET(BANK_FILE, "@-2", bank_file, lined, 2),
			SET(BANK_FILE, "@-2", bank_file, credited, 3000)}},
	{"a file twice", 0, BEGUN,
		"bank bank_file.begin file=g kind=camt054 number=2 hash=ab* unit=CNY lines=2 credit=30.00 "
		"debit=0.00",
		0, "EXISTS", NULL,
		{GONE(BANK_FILE_HASH,
			"bank/abababababababababababababababababababababababababababababababab")}},
	{"a number twice", 0, BEGUN,
		"bank bank_file.begin file=g kind=camt054 number=1 hash=cd* unit=CNY lines=2 credit=30.00 "
		"debit=0.00",
		0, "EXISTS", NULL, {GONE(BANK_FILE_NUMBER, "bank/CNY/1/1")}},
};

static void test_files(void **state)
{
	(void)state;
	MISLEAD_TRY(files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rails),
		cmocka_unit_test(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
