/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include <stdio.h>

#include "books/record_claim.h"
#include "books/life.h"
#include "books/record_payee.h"
#include "books/record_rail.h"
#include "books/record_report.h"

/* What the audit says of rails and batches that the rules can not have made so (see invariants_test.c). */

#define TEXT_OF(table, key, type, member)                                                                    \
	{                                                                                                    \
		RECORD_##table, key, offsetof(struct record_##type, member), 1, false, 'x'                   \
	}
#define ORDER_C         "bank/@-7"
#define ORDER_D         "bank/@-6"
#define ORDER_E         "bank/@"
#define ORDER(...)      SET(RAIL_ORDER, __VA_ARGS__)
#define BATCH(...)      SET(PAYMENT_BATCH, "one", payment_batch, __VA_ARGS__)
#define BATCH_MORE(...) ADD(PAYMENT_BATCH, "one", payment_batch, __VA_ARGS__)
#define FILE_MORE(...)  ADD(BATCH_FILE, "one/1", batch_file, __VA_ARGS__)

/* Claims c, d and e; c and d went out in a batch of two files, c was paid, e waits. */
static const char world[] =
	"declare-without-deposit i fuel-card\n"
	"claim c i 60.00\n"
	"claim d i 40.00\n"
	"claim e i 5.00\n"
	"distribute i\n"
	"fund i 105.00\n"
	"admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 id_length=35 "
	"id_alphabet=upper lines=1 query_days=30 awaiting_hours=24\n"
	"agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"
	"payer payout.instruct claim=c payee=p\n"
	"payer payout.instruct claim=d payee=p\n"
	"maker batch.make batch=one rail=bank\n"
	"checker batch.check batch=one count=2 total=100.00\n"
	"payer batch.sent batch=one file_hash=ab* file=1 of=2 count=1 total=60.00\n"
	"payer batch.sent batch=one file_hash=cd* file=2 of=2 count=1 total=40.00\n"
	"bank payout.settle claim=c\n"
	"payer payout.instruct claim=e payee=p";

static const struct wrong batches[] = {
	{"I15: the files of a batch come to another", {BATCH_MORE(count, 1)}},
	{"I15: the files of a batch come to another", {BATCH_MORE(total, 1)}},
	{"I15: count or total of a batch are not", {ADD(RAIL_ORDER, ORDER_D, rail_order, amount, -1)}},
	{"I15: count or total of a batch are not",
		{ORDER(ORDER_D, rail_order, ended_entry, 2),
			ORDER(ORDER_D, rail_order, ended, PAYOUT_CANCELLED)}},
	{"I15: a batch comes to more than there is", {ORDER(ORDER_D, rail_order, amount, INT64_MAX)}},
	{"I15: a payment would be of no batch ever", {BATCH(incident, 9)}},
	/* the last one is of no batch then */
	{"I15: a payment would be of no batch ever", {BATCH_MORE(last, -1)}},
	{"I15: a payment would be of no batch ever", {SET(RAIL, "bank", rail, from, INT64_MAX)}},
	{"I15: a batch begins or ends with another", {BATCH_MORE(first, 1)}},
	{"I15: a payment of a batch was not ordered by then", {BATCH_MORE(last, 3)}},
	{"I15: a payment of a batch was not ordered by then", {BATCH(count, 0)}},
	{"F8: a rail is published that nothing", {SET(RAIL, "bank", rail, id_length, 19)}},
	{"F8: a rail is published that nothing", {SET(RAIL, "bank", rail, custodian, 0)}},
	{"F8: a rail is published that nothing", {SET(RAIL, "bank", rail, group_status, 3)}},
	{"F8: a batch is of a rail that was not", {TEXT_OF(PAYMENT_BATCH, "one", payment_batch, rail)}},
	{"F2: a batch went on that nobody had checked", {BATCH(checked_entry, 0)}},
	{"F2: a batch went on that nobody had checked", {BATCH(checker, 0)}},
	{"F2: a batch went on that nobody had checked", {BATCH(checked_entry, 1)}},
	{"F2: one person made and checked a batch", {BATCH(maker, 0)}},
	{"F2: one person made and checked a batch", {BATCH(checker, 3), BATCH(maker, 3)}},
	{"F2: one person ordered a payment and checked", {ORDER(ORDER_D, rail_order, payer, 6)}},
	{"F2: a batch is not how far its files are", {BATCH(state, 3)}},
	{"F2: a batch is not how far its files are", {BATCH(sent_entry, 0)}},
	{"F2: a batch is not how far its files are", {BATCH(state, 2), BATCH(sent_entry, 0)}},
	{"F2: a batch is not how far its files are", {BATCH(state, 5), BATCH(sent_entry, 0)}},
	{"F2: a batch was sent by another entry", {BATCH_MORE(sent_entry, 1)}},
	{"F2: a payment went out, and nobody will ask", {GONE(UNANSWERED, "one")}},
};

#define AB "abababababababababababababababababababababababababababababababab"
static const struct wrong files[] = {
	{"I15: what went out of a batch is not", {FILE_MORE(total, 1)}},
	{"I15: a file went out before its batch was checked", {FILE_MORE(count, 1)}},
	{"I15: what went out of a batch is not", {GONE(BATCH_FILE, "one/2")}},
	{"I15: the files of a batch come to another", {FILE_MORE(total, 1), BATCH_MORE(sent_total, 1)}},
	{"I15: a file went out before its batch was checked",
		{FILE_MORE(count, 1), BATCH_MORE(sent_count, 1)}},
	{"I15: the files of a batch come to another",
		{GONE(BATCH_FILE, "one/2"), BATCH(files, 1), BATCH(sent_count, 1), BATCH(sent_total, 6000)}},
	{"I15: a file went out before its batch was checked",
		{SET(BATCH_FILE, "one/1", batch_file, entry, 2)}},
	{"I15: a file went out before its batch was checked", {BATCH(of, 1)}},
	{"I15: a file is not found by its bytes", {GONE(BATCH_HASH, "bank/" AB)}},
	{"I15: a file is not found by its bytes",
		{{RECORD_BATCH_HASH, "bank/" AB, 0, sizeof(uint64_t), false, 2}}},
	{"I15: there are not as many files", {THERE(BATCH_HASH, "bank/none")}},
	{"F8: a file is of no batch", {SET(BATCH_FILE, "two/1", batch_file, entry, 2)}},
};

static const struct wrong orders[] = {
	{"F8: a payment on a rail is of no claim", {TEXT_OF(RAIL_ORDER, ORDER_E, rail_order, claim)}},
	{"F8: a payment on a rail is of no claim", {ORDER(ORDER_E, rail_order, amount, 0)}},
	{"F8: a payment on a rail is of no claim", {ORDER(ORDER_E, rail_order, instalment, 2)}},
	{"F8: a payment on a rail is of no claim", {SET(CLAIM, "e", claim, filed_entry, 900)}},
	{"F8: a payment on a rail ended before", {ORDER(ORDER_E, rail_order, ended_entry, 900)}},
	{"F8: a payment on a rail ended before", {ORDER(ORDER_E, rail_order, ended, PAYOUT_CANCELLED)}},
	{"F8: a payment on a rail goes elsewhere", {TEXT_OF(RAIL_ORDER, ORDER_E, rail_order, account)}},
	{"F8: a payment on a rail goes elsewhere", {TEXT_OF(RAIL_ORDER, ORDER_E, rail_order, payee)}},
	{"F8: a payment on a rail goes elsewhere", {ORDER(ORDER_E, rail_order, payer, 3)}},
	{"F8: a payment on a rail goes elsewhere", {SET(CLAIM, "e", claim, on_rail, 0)}},
	{"I8: a payment on a rail is of another amount", {ADD(RAIL_ORDER, ORDER_E, rail_order, amount, 1)}},
	{"F2: a payment was made that no file",
		{BATCH(state, 2), BATCH(files, 0), BATCH(of, 0), BATCH(sent_count, 0), BATCH(sent_total, 0),
			BATCH(sent_entry, 0), GONE(BATCH_FILE, "one/1"), GONE(BATCH_FILE, "one/2")}},
	{"I8: a payment on a rail ended, and nobody knows of what",
		{ORDER(ORDER_E, rail_order, ended_entry, 900),
			ORDER(ORDER_E, rail_order, ended, PAYOUT_CANCELLED),
			SET(CLAIM, "e", claim, on_rail, 0)}},
	{"F8: a payment to a payee of a published rail", {GONE(RAIL_ORDER, ORDER_E)}},
	{"F8: a payment to a payee of a published rail",
		{GONE(RAIL_ORDER, ORDER_E), SET(CLAIM, "e", claim, on_rail, 0)}},
	{"F8: a payment is of another incident", {ORDER(ORDER_E, rail_order, incident, 9)}},
	{"F8: a payment is of another incident", {SET(RAIL, "bank", rail, custodian, 1)}},
	{"F8: a payment is of another incident",
		{{RECORD_RAIL, "bank", offsetof(struct record_rail, unit), 1, false, 'x'}}},
	{"F8: a payment was ordered before the one before", {ORDER(ORDER_E, rail_order, time, 1)}},
	{"F2: a payment was made that no file", {SET(CLAIM, "c", claim, settled_entry, 1)}},
	{"F2: a payment ended that is in a batch, or",
		{ORDER(ORDER_E, rail_order, ended_entry, 900),
			ORDER(ORDER_E, rail_order, ended, PAYOUT_REJECTED)}},
};

static void test_batches(void **state)
{
	kit_play(*state, world);
	MISLEAD_EACH(*state, batches);
}

static const struct wrong waiting[] = {
	{"I15: count or total of a batch are not", {BATCH_MORE(count, 1)}},
	{"I15: count or total of a batch are not", {BATCH_MORE(total, -1)}},
	{"I15: count or total of a batch are not", {SET(PAYMENT_BATCH, "two", payment_batch, count, 2)}},
	{"I15: a batch begins or ends with another", {BATCH_MORE(last, 1)}},
	/* one that was withdrawn has had what it had, and has it no more */
	{"I15: count or total of a batch are not", {SET(PAYMENT_BATCH, "none", payment_batch, count, 1)}},
	{"I15: a payment would be of no batch ever",
		{SET(PAYMENT_BATCH, "none", payment_batch, withdrawn_entry, INT64_MAX)}},
};

/* The same without files; one was withdrawn, and e is of a batch of its own. */
static void test_waiting(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "claim c i 60.00\n"
			 "claim d i 40.00\n"
			 "claim e i 5.00\n"
			 "distribute i\n"
			 "fund i 105.00\n"
			 "admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 "
			 "id_length=35 id_alphabet=upper lines=1 query_days=30 awaiting_hours=24\n"
			 "agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"
			 "payer payout.instruct claim=c payee=p\n"
			 "payer payout.instruct claim=d payee=p\n"
			 "maker batch.make batch=none rail=bank\n"
			 "maker batch.withdraw batch=none reason=r\n"
			 "approve\n"
			 "maker batch.make batch=one rail=bank\n"
			 "payer payout.instruct claim=e payee=p\n"
			 "maker batch.make batch=two rail=bank\n"
			 "checker batch.check batch=one count=2 total=100.00");
	MISLEAD_EACH(*state, waiting);
}

#define C_SECOND         "c/@-7"  /* which is with who pays; the first one is the claim's last again */
#define D_FIRST          "d/@-13" /* by which it was paid twice */
#define FORMER(key, ...) SET(FORMER_ORDER, key, former_order, __VA_ARGS__)
static const struct wrong former[] = {
	{"I8: a former order is of no payment of claim c", {FORMER(C_SECOND, instalment, 9)}},
	{"I8: a former order is of no payment of claim c", {FORMER(C_SECOND, to.entry, 9)}},
	{"I8: a former order is of no payment of claim c", {FORMER(C_SECOND, deposit_part, -1)}},
	{"I8: an order is the last one and a former one of claim c", {FORMER(C_SECOND, became, 0)}},
	{"I8: what became of an order contradicts", {FORMER(C_SECOND, settled_entry, 9)}},
	{"I8: what became of an order contradicts", {FORMER(D_FIRST, became, PAYOUT_REJECTED)}},
	{"I8: a former order is back, and by no entry, of claim c", {FORMER(C_SECOND, back_entry, 9)}},
	{"I8: a former order is back, and by no entry, of claim c", {FORMER(C_SECOND, back_deposit, 1)}},
	{"I8: more was paid twice than was ordered of claim d",
		{ADD(FORMER_ORDER, D_FIRST, former_order, twice, 1)}},
	{"I8: more was paid twice than was ordered of claim d", {FORMER(D_FIRST, twice, -1)}},
	{"I8: more was paid twice than was ordered of claim d", {FORMER(D_FIRST, twice_entry, 0)}},
	{"I8: by its entries another sum was paid twice by a former order of claim d",
		{ADD(FORMER_ORDER, D_FIRST, former_order, twice, -1)}},
	{"I8: by its entries another sum was paid twice by a former order of claim d",
		{ADD(FORMER_ORDER, D_FIRST, former_order, twice_entry, -1)}},
	{"I8: by its entry another sum was ordered, or none, of claim d",
		{ADD(FORMER_ORDER, D_FIRST, former_order, advance_part, 1)}},
	{"I8: by its entry another sum was ordered, or none, of claim c",
		{ADD(FORMER_ORDER, C_SECOND, former_order, deposit_part, 1)}},
	{"I8: by its entry another sum was ordered, or none, of claim c",
		{ADD(FORMER_ORDER, C_SECOND, former_order, to.time, 1)}},
	{"I8: a former order is not how its rail has it", {FORMER(C_SECOND, became, PAYOUT_EXPIRED)}},
	{"I8: a former order is not how its rail has it",
		{SET(RAIL_ORDER, "bank/@-7", rail_order, ended, PAYOUT_EXPIRED)}},
	{"I8: a payment on a rail ended, and nobody knows of what", {GONE(FORMER_ORDER, C_SECOND)}},
};

static const struct wrong of_incident[] = {
	{"I15: a payment would be of no batch ever",
		{SET(RAIL_WAITING, "bank/1", rail_waiting, from, INT64_MAX)}},
	{"I15: a payment would be of no batch ever", {SET(RAIL, "bank", rail, from, INT64_MAX)}},
	{"I15: it is said of no incident from where", {SET(RAIL_WAITING, "bank/1", rail_waiting, entry, 1)}},
	{"I15: a payment would be of no batch ever", {ADD(RAIL_WAITING, "bank/1", rail_waiting, from, 900)}},
	{"I15: it is said of no incident from where", {THERE(RAIL_WAITING, "none/1")}},
};

/* A batch of the incident's, and one order behind it. */
static void test_of_incident(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "claim c i 60.00\n"
			 "claim d i 40.00\n"
			 "distribute i\n"
			 "fund i 100.00\n"
			 "admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 "
			 "id_length=35 id_alphabet=upper lines=1 query_days=30 awaiting_hours=24\n"
			 "agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"
			 "payer payout.instruct claim=c payee=p\n"
			 "maker batch.make batch=one rail=bank incident=i\n"
			 "payer payout.instruct claim=d payee=p");
	MISLEAD_EACH(*state, of_incident);
}

static void test_files(void **state)
{
	kit_play(*state, world);
	MISLEAD_EACH(*state, files);
}

static void test_orders(void **state)
{
	kit_play(*state, world);
	MISLEAD_EACH(*state, orders);
}

static void test_former(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "claim c i 60.00\n"
			 "claim d i 40.00\n"
			 "distribute i\n"
			 "fund i 100.00\n"
			 "admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 "
			 "id_length=35 id_alphabet=upper lines=9 query_days=30 awaiting_hours=24\n"
			 "agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"
			 "c := payer payout.instruct claim=c payee=p\n"
			 "d := payer payout.instruct claim=d payee=p\n"
			 "maker batch.make batch=one rail=bank\n"
			 "checker batch.check batch=one count=2 total=100.00\n"
			 "payer batch.sent batch=one file_hash=ab* file=1 of=1 count=2 total=100.00\n"
			 "bank payout.report claim=c status=expired order:=$c\n"
			 "bank payout.report claim=d status=expired order:=$d\n"
			 "payer payout.reissue claim=c reason=r\n"
			 "again := payer payout.reissue claim=d reason=r\n"
			 "maker batch.make batch=two rail=bank\n"
			 "checker batch.check batch=two count=2 total=100.00\n"
			 "payer batch.sent batch=two file_hash=cd* file=1 of=1 count=2 total=100.00\n"
			 "bank payout.settle claim=c order:=$c\n"
			 "bank payout.settle claim=d order:=$again\n"
			 "bank payout.settle claim=d order:=$d");
	MISLEAD_EACH(*state, former);
}

/* ---- what entries say of it ---- */

#define NEVER_LEFT "c/@-12" /* which was rejected, */
#define CAME_BACK  "c/@-7"  /* and what was sent in its place came back, and is sent again */
static const struct wrong said[] = {
	{"I8: nobody said so of a former order of claim c", {FORMER(NEVER_LEFT, said_code[0], 'X')}},
	{"I8: nobody said so of a former order of claim c",
		{ADD(FORMER_ORDER, NEVER_LEFT, former_order, said_entry, 1)}},
	{"I8: nobody said so of a former order of claim c",
		{FORMER(NEVER_LEFT, said_before, PAYOUT_REISSUED)}},
	{"I8: by its entry another sum was paid by a former order of claim c",
		{ADD(FORMER_ORDER, CAME_BACK, former_order, settled_entry, -1)}},
	{"I8: by its entries another sum was paid twice by a former order of claim c",
		{ADD(FORMER_ORDER, CAME_BACK, former_order, back_twice, 1)}},
	{"I8: by its entry other parts were ordered, or paid, of claim c",
		{ADD(FORMER_ORDER, CAME_BACK, former_order, advance_part, -1)}},
	{"I8: by its entry other parts were ordered, or paid, of claim c",
		{ADD(FORMER_ORDER, CAME_BACK, former_order, deposit_part, 1)}},
	{"I8: by its entry other parts were ordered, or paid, of claim c",
		{ADD(FORMER_ORDER, NEVER_LEFT, former_order, advance_part, -1),
			ADD(FORMER_ORDER, NEVER_LEFT, former_order, deposit_part, 1)}},
	{"I8: by its entry another sum came back of a former order of claim c",
		{ADD(FORMER_ORDER, CAME_BACK, former_order, back_advance, -1)}},
	{"I8: by its entry another sum came back of a former order of claim c",
		{ADD(FORMER_ORDER, CAME_BACK, former_order, back_deposit, 1)}},
	{"I8: by its entry another sum came back of a former order of claim c",
		{ADD(FORMER_ORDER, CAME_BACK, former_order, back_entry, 1)}},
};

static void test_said(void **state)
{
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "claim c i 60.00\n"
			 "claim d i 40.00\n"
			 "distribute i\n"
			 "fund i 100.00\n"
			 "admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 "
			 "id_length=35 id_alphabet=upper lines=9 query_days=30 awaiting_hours=24\n"
			 "agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"
			 "c := payer payout.instruct claim=c payee=p\n"
			 "maker batch.make batch=one rail=bank\n"
			 "checker batch.check batch=one count=1 total=60.00\n"
			 "payer batch.sent batch=one file_hash=ab* file=1 of=1 count=1 total=60.00\n"
			 "bank payout.report claim=c status=rejected code=TM01 order:=$c\n"
			 "again := payer payout.reissue claim=c reason=r\n"
			 "maker batch.make batch=two rail=bank\n"
			 "checker batch.check batch=two count=1 total=60.00\n"
			 "payer batch.sent batch=two file_hash=cd* file=1 of=1 count=1 total=60.00\n"
			 "bank payout.settle claim=c order:=$again\n"
			 "bank payout.return claim=c reason=MS03 bank_reference=b-r order:=$again\n"
			 "payer payout.reissue claim=c reason=r\n"
			 "payer payout.instruct claim=d");
	MISLEAD_EACH(*state, said);
	/* that it came back is not listed as the claim's */
	char listed[64];
	snprintf(listed, sizeof listed, "%d/c/@-2", RECORD_CLAIM);
	const struct wrong unlisted[] = {
		{"I8: entries left another sum on its way or back of claim c", {GONE(ABOUT, listed)}}};
	MISLEAD_EACH(*state, unlisted);
}

/* ---- what was paid beyond what was owed by then, and what was paid before another instalment ---- */

/* 10.00 of the pool's were ordered for a claim and went out; returns the entry that ordered it. */
static unsigned long long play_order(struct kit *kit, const char *cost)
{
	kit_play(kit,
		"policy half scheme=percentage rate=50.00 waterfall=rank:1,claim:advances "
		"unclaimed_notices=1 unclaimed_days=1\n"
		"deposit M 10.00 d\n"
		"declare i M half\n"
		"admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 id_length=35 "
		"id_alphabet=upper lines=9 query_days=30 awaiting_hours=24\n"
		"claim a i %s\n"
		"wait 91 days\n"
		"distribute i\n"
		"agent payee.register payee=p holder=h account_hash=ab* rail=bank\n"
		"payer payout.instruct claim=a payee=p",
		cost);
	unsigned long long order = kit->last_entry;
	kit_play(kit, "maker batch.make batch=one rail=bank\n"
		      "checker batch.check batch=one count=1 total=10.00\n"
		      "payer batch.sent batch=one file_hash=ab* file=1 of=1 count=1 total=10.00");
	return order;
}

/* 10.00 went out, 4.00 of them were had elsewhere by then: who runs the ledger owes 4.00 until all of it is back. */
static void test_beyond(void **state)
{
	struct kit *kit = *state;
	char key[40];
	static const char other[] =
		"I8: by its entries another sum was paid twice by a former order of claim a";
	unsigned long long order = play_order(kit, "10.00");
	snprintf(key, sizeof key, "a/%llu", order);
	kit_play(kit,
		"bank payout.report claim=a status=expired order:=%llu\n"
		"payer payout.cancel claim=a reason=r\n"
		"approve\n"
		"agent elsewhere.record claim=a source=U kind=refund reference=r-1 amount=4.00 "
		"evidence_hash=ab*\n"
		"bank payout.settle claim=a order:=%llu",
		order, order);
	const struct wrong owed[] = {
		{other, {ADD(FORMER_ORDER, key, former_order, twice, 1)}},
		{other, {ADD(FORMER_ORDER, key, former_order, twice, -1)}},
		{other, {ADD(FORMER_ORDER, key, former_order, twice_entry, -1)}},
	};
	MISLEAD_EACH(kit, owed);
	kit_play(kit, "bank payout.return claim=a reason=AC04 order:=%llu bank_reference=b-r", order);
	const struct wrong back[] = {
		{other, {ADD(FORMER_ORDER, key, former_order, back_twice, 1)}},
		{other, {ADD(FORMER_ORDER, key, former_order, back_twice, -1)}},
		{other, {ADD(FORMER_ORDER, key, former_order, back_twice, -1),
				ADD(FORMER_ORDER, key, former_order, twice, 1)}},
	};
	MISLEAD_EACH(kit, back);
}

/* It expired, nobody was found, and a round gave more: what was ordered is what it was, while it is the last one and after. */
static void test_unclaimed(void **state)
{
	struct kit *kit = *state;
	char key[40];
	unsigned long long order = play_order(kit, "20.00");
	snprintf(key, sizeof key, "a/%llu", order);
	kit_play(kit,
		"bank payout.report claim=a status=expired order:=%llu\n"
		"agent contact.record claim=a channel=mail direction=out\n"
		"wait 1 days\n"
		"payer payout.unclaimed claim=a reason=r\n"
		"approve\n"
		"deposit M 5.00 d-2\n"
		"distribute i\n"
		"payer payout.unclaimed claim=a reason=r\n"
		"approve",
		order);
	static const char other[] = "I8: by its entry other parts were ordered, or paid, of claim a";
	const struct wrong last[] = {
		{other, {ADD(FORMER_ORDER, key, former_order, deposit_part, 1)}},
		{other, {ADD(FORMER_ORDER, key, former_order, deposit_part, -1),
				ADD(FORMER_ORDER, key, former_order, advance_part, 1)}},
	};
	MISLEAD_EACH(kit, last);
	kit_play(kit, "payer payout.reissue claim=a reason=found");
	const struct wrong former_one[] = {
		{"I8: by its entry another sum was ordered, or none, of claim a",
			{ADD(FORMER_ORDER, key, former_order, deposit_part, 500)}},
		{other, {ADD(FORMER_ORDER, key, former_order, deposit_part, -1),
				ADD(FORMER_ORDER, key, former_order, advance_part, 1)}},
	};
	MISLEAD_EACH(kit, former_one);
}

/* One was paid, and another instalment is ordered. */
static void test_paid_before(void **state)
{
	struct kit *kit = *state;
	char key[40];
	static const char other[] = "I8: by its entry another sum was paid by a former order of claim a";
	unsigned long long order = play_order(kit, "20.00");
	snprintf(key, sizeof key, "a/%llu", order);
	kit_play(kit,
		"bank payout.settle claim=a order:=%llu\n"
		"deposit M 5.00 d-2\n"
		"distribute i\n"
		"payer payout.instruct claim=a",
		order);
	const struct wrong paid[] = {
		{other, {ADD(FORMER_ORDER, key, former_order, deposit_part, 1)}},
		{other, {ADD(FORMER_ORDER, key, former_order, deposit_part, -1)}},
		{other, {ADD(FORMER_ORDER, key, former_order, settled_entry, 1)}},
	};
	MISLEAD_EACH(kit, paid);
}

/* One payment is unanswered, and was when a clock looked last. */
#define UNANSWERED_MORE(member, by) ADD(UNANSWERED, "one", unanswered, member, by)
static const struct wrong looked[] = {
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(since, 1)}},
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(clock, 1)}},
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(open, 1)}},
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(marked, -1)}},
	{"F2: by no entry is so much unanswered", {SET(UNANSWERED, "one", unanswered, marked, 0)}},
	{"F2: by no entry is so much unanswered", {SET(UNANSWERED, "one", unanswered, from, 1)}},
};
static const struct wrong unlooked[] = {
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(since, 1)}},
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(clock, -1)}},
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(open, 1)}},
	{"F2: by no entry is so much unanswered", {UNANSWERED_MORE(marked, 1)}},
};

static void test_unlooked(void **state)
{
	kit_play(*state, world);
	MISLEAD_EACH(*state, unlooked);
}

static void test_looked(void **state)
{
	kit_play(*state, world);
	kit_play(*state, "wait 26 days");
	MISLEAD_EACH(*state, looked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_unlooked),
		KIT_TEST(test_looked),
		KIT_TEST(test_batches),
		KIT_TEST(test_waiting),
		KIT_TEST(test_of_incident),
		KIT_TEST(test_files),
		KIT_TEST(test_orders),
		KIT_TEST(test_former),
		KIT_TEST(test_said),
		KIT_TEST(test_beyond),
		KIT_TEST(test_paid_before),
		KIT_TEST(test_unclaimed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
