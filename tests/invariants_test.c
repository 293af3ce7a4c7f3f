/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/life.h"
#include "books/record_cover.h"
#include "books/record_ledger.h"
#include "ledger.h"
#include "rule/calendar.h"
#include "rules/deposit/deposit.h"

#include <stdio.h>
#include <string.h>

/*
 * The rules can not make a state that breaks an invariant, so the states here are made by hand: one that stands in the
 * middle of something, with some records put wrong in the writer's overlay, then thrown away.
 */
#define FUEL "fuel-2016"
#define POOL "1/2" /* the first incident's section: M's */

/* The golden case up to where recourse has come in and nothing is closed. */
static uint64_t deduction; /* the entry */

static int setup(void **state)
{
	struct kit *kit;
	kit_setup(state);
	kit = *state;
	kit_golden_steps(kit, 1, 3);
	deduction = kit->last_entry;
	kit_golden_steps(kit, 4, 14);
	return 0;
}
#define GOLDEN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, kit_teardown)

/* ---- accounts ---- */

#define DEBITED(key, steps)                                                                                  \
	ADD(ACCOUNT, key, account, balance, steps), ADD(ACCOUNT, key, account, debits, steps)
#define CREDITED(key, steps) ADD(ACCOUNT, key, account, balance, -(steps))
/* Accounts that there were not. */
#define NEW_DEBIT(key, steps)                                                                                \
	SET(ACCOUNT, key, account, balance, steps), SET(ACCOUNT, key, account, debits, steps)
#define NEW_CREDIT(key, steps) SET(ACCOUNT, key, account, balance, -(steps))

static const struct wrong accounts[] = {
	/* I1, I2: money in the bank that is owed to nobody; I3: more receivable than is owed to the funder */
	{"I1 I2 I3 I9: the custody book", {DEBITED("1010/bank//CNY", 1)}},
	{"I1 I2 I3 I9: the recourse book", {DEBITED("1110/M/" FUEL "/CNY", 1)}},
	{"I1 I2 I3 I9: the costs book", {NEW_DEBIT("1130//" FUEL "/CNY", 1)}},
	/* I9: units that were never issued */
	{"I1 I2 I3 I9: the units book", {DEBITED("8030/Y//L", 1)}},
	{"I1 I2 I3 I9: the memo book", {NEW_DEBIT("9030/M/" FUEL "/CNY", 1)}},
	/* of another unit each: they do not make each other good */
	{"I1 I2 I3 I9: the custody book", {NEW_DEBIT("1010/bank//JPY", 1), NEW_CREDIT("2010/M//USD", 1)}},
	/* I4: a deposit below zero, with another above it so that the book is even */
	{"I4: account 2010/M/", {DEBITED("2010/M//CNY", 100), NEW_CREDIT("2010/N//CNY", 100)}},
	{"I4: account 1010/bank/", {SET(ACCOUNT, "1010/bank//CNY", account, balance, -1)}},
	/* K: turnover that is not the balance; A1: a sum of holds that is not theirs */
	{"K: the turnover of an account", {ADD(ACCOUNT, "1010/bank//CNY", account, debits, 1)}},
	{"A1: the deposits of M do not sum up", {ADD(ACCOUNT_SUM, "2020/M/CNY", account, balance, -1)}},
	{"A1: the deposits of M do not sum up", {SET(ACCOUNT_SUM, "2030/M/JPY", account, balance, -1)}},
	{"A1: deposits of M are in no sum", {GONE(ACCOUNT_SUM, "2020/M/CNY")}},
};

static void test_accounts(void **state)
{
	MISLEAD_EACH(*state, accounts);
}

/* ---- liabilities ---- */

static void test_liabilities(void **state)
{
	struct record_liability liability;
	struct record_section section;
	mislead_read(*state, RECORD_LIABILITY, POOL "/M", &liability);
	mislead_read(*state, RECORD_SECTION, POOL, &section);
	const struct wrong wrong[] = {
		/* I6: served above what is owed, of each kind; or more written off, or paid out */
		{"I6: party M paid more",
			{SET(LIABILITY, POOL "/M", liability, costs_served, liability.costs + 1)}},
		{"I6: party M paid more",
			{SET(LIABILITY, POOL "/M", liability, costs_paid, liability.costs + 1)}},
		{"I6: party M paid more",
			{SET(LIABILITY, POOL "/M", liability, interest_served, liability.interest + 1)}},
		{"I6: party M paid more",
			{SET(LIABILITY, POOL "/M", liability, written_off, liability.open + 1)}},
		{"I6: party M paid more",
			{SET(LIABILITY, POOL "/M", liability, paid_out, liability.returned + 1)}},
		{"I6: party M paid more", {ADD(LIABILITY, POOL "/M", liability, shortfall_off, 1)}},
		{"I6: 1110 is not what is owed still by party M",
			{ADD(LIABILITY, POOL "/M", liability, open, 1)}},
		{"I6: 9030 is not what was written off of party M",
			{ADD(LIABILITY, POOL "/M", liability, open, 1),
				ADD(LIABILITY, POOL "/M", liability, enforceable, 1),
				ADD(LIABILITY, POOL "/M", liability, written_off, 1)}},
		{"I6: 2150 is not what is its own again of party M",
			{ADD(LIABILITY, POOL "/M", liability, returned, 1)}},
		{"I6: what the parties of a section paid",
			{ADD(LIABILITY, POOL "/M", liability, received, 1)}},
		{"I6: what is moved between sections", {ADD(LIABILITY, POOL "/M", liability, moved, -1)}},
		{"I6: party M paid more",
			{SET(LIABILITY, POOL "/M", liability, moved, liability.received + 1)}},
		{"I6: party M paid more", {SET(LIABILITY, POOL "/M", liability, received, -1),
						  SET(LIABILITY, POOL "/M", liability, moved, -1)}},
		{"I6: a section does not add up", {ADD(SECTION, POOL, section, written_off, 1)}},
		{"H1: a liable party is not noted as one",
			{SET(LIABILITY, POOL "/M", liability, party, (int64_t)section.custodian)}},
		{"I7: of what nobody owes more is in the memo",
			{ADD(SECTION, POOL, section, nobodys_memo, 1)}},
		{"I7: 9030 U is not what was written off beside recourse",
			{ADD(SECTION, POOL, section, nobodys_memo, -1)}},
		{"I6: in the memo is not what was given up",
			{ADD(LIABILITY, POOL "/M", liability, shortfall, 1),
				ADD(LIABILITY, POOL "/M", liability, shortfall_off, 1)}},
		{"I6: in the memo is not what was given up",
			{SET(LIABILITY, POOL "/M", liability, shortfall_given_up, liability.paid_out + 1)}},
		{"I3: 1130 is not what parties caused", {ADD(LIABILITY, POOL "/M", liability, costs, 1)}},
		{"G4: 1100 @0 is not what P owes back", {ADD(SECTION, POOL, section, owed_back, 1)}},
		{"G4: 2170 is not what was collected", {ADD(SECTION, POOL, section, remitted, -1)}},
		/* I7: recourse for an advance that was not settled */
		{"I7: the parties of a section owe more", {ADD(SECTION, POOL, section, freed, 1)}},
		{"I7: 1110 U is other recourse", {ADD(SECTION, POOL, section, own_borne, -1)}},
	};
	MISLEAD_EACH(*state, wrong);
}

/* ---- claims, distributions ---- */

static void test_claims(void **state)
{
	struct record_claim claim;
	struct record_round round;
	mislead_read(*state, RECORD_CLAIM, "claim-B", &claim);
	mislead_read(*state, RECORD_ROUND, POOL "/1/1", &round);
	assert_true(round.split.ties > 0 || round.split.cut <= round.split.weights);
	const struct wrong wrong[] = {
		/* I5: a claim that received more than its loss */
		{"I5: claim claim-B", {SET(CLAIM, "claim-B", claim, paid, claim.loss + 1)}},
		{"I5: claim claim-B", {SET(CLAIM, "claim-B", claim, paid, -1)}},
		/* I8: paid without a settled payout, and the reverse */
		{"I8: claim claim-B", {SET(CLAIM, "claim-B", claim, payout, PAYOUT_RETURNED)}},
		{"I8: claim claim-B", {SET(CLAIM, "claim-B", claim, state, CLAIM_PAYING)}},
		{"I8: claim claim-B is settled", {SET(CLAIM, "claim-B", claim, settled_entry, 0)}},
		{"I8: claim claim-B is settled", {SET(CLAIM, "claim-B", claim, settled_line, INT64_MAX)}},
		{"I8: claim claim-B is settled", {SET(CLAIM, "claim-B", claim, given, 1)}},
		{"I8: what was paid for incident " FUEL, {ADD(SECTION, POOL, section, paid, 1)}},
		{"I8: what was paid for incident " FUEL, {ADD(SECTION, POOL, section, claims_paid, 1)}},
		{"I8: what was paid for incident " FUEL,
			{DEBITED("1010/bank//CNY", 1), CREDITED("2110//" FUEL "/CNY", 1)}},
		{"I7: what perfected in incident " FUEL, {ADD(SECTION, POOL, section, perfected, -1)}},
		{"I7: incident " FUEL " has another advance",
			{DEBITED("1115//" FUEL "/CNY", 1), CREDITED("3110/P/" FUEL "/CNY", 1)}},
		/* B1, B5: a section's claims are its own, and what it says of them is what they say */
		{"B1: a claim was decided in another section", {SET(CLAIM, "claim-B", claim, section, 3)}},
		{"B5: what was decided in incident " FUEL, {ADD(SECTION, POOL, section, claims_decided, 1)}},
		{"B5: what was decided in incident " FUEL, {ADD(SECTION, POOL, section, loss, 1)}},
		/* G5: recovered for consumers, and not the sections' */
		{"G5: incident " FUEL,
			{DEBITED("1010/bank//CNY", 1), NEW_CREDIT("2150/consumers/" FUEL "/CNY", 1)}},
		/* of all sections: one more, which no account knows */
		{"G5: incident " FUEL,
			{SET(SECTION, "1/3", section, incident, 1), SET(SECTION, "1/3", section, party, 3),
				SET(SECTION, "1/3", section, custodian, 5),
				SET(SECTION, "1/3", section, uncovered_collected, 1), THERE(POOL, "3/CNY/1"),
				ADD(INCIDENT, "1", incident, sections, 1)}},
		{"B1: a section is kept as another",
			{SET(SECTION, "1/3", section, incident, 1), SET(SECTION, "1/3", section, party, 4),
				THERE(POOL, "4/CNY/1")}},
		/* I10: the parts are not the whole */
		{"I10: the parts of the deposit", {ADD(SECTION, POOL, section, pool_taken, 1)}},
		{"I10: the parts of a distribution",
			{SET(ROUND, POOL "/1/1", round, split.cut, round.split.weights),
				SET(ROUND, POOL "/1/1", round, split.ties, 0)}},
		/* G4: money that was received twice by the books, or is allocated without having left suspense */
		{"G4: 2140 is not what it sent and serves nobody yet, of party M",
			{DEBITED("1010/bank//CNY", 1), CREDITED("2140/M/" FUEL "/CNY", 1)}},
		{"G4: 2140 in CNY", {DEBITED("1010/bank//CNY", 1), NEW_CREDIT("2140/N/" FUEL "/CNY", 1)}},
		{"G4: 2140 in CNY", {SET(RECOVERY, "m-1/5", recovery, allocated_entry, 0)}},
	};
	MISLEAD_EACH(*state, wrong);
}

/* ---- what is advanced, what covers it, and what is kept back ---- */

static const struct wrong advances[] = {
	{"I7: what incident " FUEL " says was settled", {ADD(SECTION, POOL, section, settled_advance, 1)}},
	{"I7: what incident " FUEL " says was settled", {ADD(SECTION, POOL, section, repaid_settled, 1)}},
	/* F1: advanced beyond what the pool leaves of the promise, and what covers it */
	{"F1: what is advanced in incident " FUEL, {ADD(SECTION, POOL, section, promised, 1)}},
	{"F1: what a funder paid in", {ADD(INCIDENT, "1", incident, funded, 1)}},
	{"F1: what a funder paid in", {ADD(INCIDENT, "1", incident, instructed, -1)}},
	{"F1: what a funder paid in",
		{ADD(INCIDENT, "1", incident, funded, -1), ADD(INCIDENT, "1", incident, instructed, -1)}},
	{"B5: what waits for a ruling in incident " FUEL, {ADD(SECTION, POOL, section, awaited, 1)}},
	{"B5: what waits for a ruling in incident " FUEL, {ADD(SECTION, POOL, section, awaited_promise, 1)}},
	/* B5: kept back for a claim that was decided */
	{"B5: something is kept back", {SET(DECIDED, POOL "/claim-B", decided, entry, 0),
					       SET(DECIDED, POOL "/claim-B", decided, reserve, 1)}},
};

static void test_advances(void **state)
{
	MISLEAD_EACH(*state, advances);
}

/* ---- exits, calendars ---- */

static void put_exit(const struct kit *kit, int64_t retained, uint32_t blocks, uint64_t released)
{
	struct record_path path = record_path_of_text(RECORD_EXIT, slice_text("e"));
	struct record_path place = record_path_of_text(RECORD_EXIT_ITEM, slice_text("e"));
	struct record_exit record = {
		.state = EXIT_TAIL, .retained = retained, .blocks = blocks, .merchant = 1};
	struct record_exit_item item = {.amount = 100, .released_entry = released};
	record_path_text(&place, slice_text("fees"));
	assert_ok(record_keep(state_writer(kit->ledger->state), &path, &record, sizeof record, 1));
	mislead_put(state_writer(kit->ledger->state), &place, &item, sizeof item);
}

/* A5: items that do not sum up to what is kept back, and a block that is nobody's. */
static void test_exits(void **state)
{
	put_exit(*state, 100, 0, 0);
	mislead_invariants(*state, NULL);
	put_exit(*state, 99, 0, 0);
	mislead_invariants(*state, "A5: exit e ");
	put_exit(*state, 100, 0, 7);
	mislead_invariants(*state, "A5: exit e ");
	put_exit(*state, 0, 0, 7);
	mislead_invariants(*state, NULL);
	put_exit(*state, 100, 1, 0);
	mislead_invariants(*state, "A5: exit e ");
}

static const struct wrong days[] = {
	{"A5: exit e lasts for another time", {ADD(EXIT, "e", exit, notice_ends, -1)}},
	{"A5: exit e lasts for another time", {ADD(EXIT, "e", exit, tail_ends, -1)}},
	{"A5: exit e lasts for another time", {ADD(EXIT, "e", exit, requested, 1)}},
	{"A5: exit e lasts for another time", {ADD(EXIT, "e", exit, refund_days, 1)}},
	{"A5: exit e lasts for another time", {ADD(EXIT, "e", exit, policy_version, 1)}},
};

/* A5: as long as its policy says, to the second. */
static void test_exit_days(void **state)
{
	kit_play(*state, "deposit M 100.00 b-1\n"
			 "maker exit.request exit=e merchant=M unit=CNY policy=fuel-card version=1");
	MISLEAD_EACH(*state, days);
}

static void put_calendar(const struct kit *kit, uint32_t year, const struct record_calendar *record)
{
	struct record_path path = calendar_path(slice_text("cn"), year);
	mislead_put(state_writer(kit->ledger->state), &path, record, sizeof *record);
}

static void doctor_calendar(const struct kit *kit, const struct record_calendar *record, bool good)
{
	put_calendar(kit, 2016, record);
	mislead_invariants(kit, good ? NULL : "E3: year 2016 of calendar cn ");
}

/* E3: a year that calendar.publish would not have taken, or one at another place than the calendar's others. */
static void test_calendars(void **state)
{
	enum { FRIDAY_INDEX = 0, MONDAY_INDEX = 3 }; /* of 2016 */
	struct record_calendar good = {.version = 1, .weekend = 0x7E, .offset_minutes = 480};
	for (uint32_t index = MONDAY_INDEX; index < 366; index += 7)
		good.works[index / 64] |= UINT64_C(1) << index % 64;
	doctor_calendar(*state, &good, true);
	struct record_calendar wrong = good;
	wrong.works[FRIDAY_INDEX] |= 1 << FRIDAY_INDEX; /* one exception is fine */
	doctor_calendar(*state, &wrong, true);
	wrong.works[1] = wrong.works[2] = UINT64_MAX; /* too many */
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.works[5] |= UINT64_C(1) << (366 - 5 * 64); /* 1 January of the next year */
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	memset(wrong.works, 0, sizeof wrong.works);
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.version = 0;
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.weekend = 0x7F;
	doctor_calendar(*state, &wrong, false);
	wrong.weekend = 0;
	memset(wrong.works, 0xFF, sizeof wrong.works);
	wrong.works[5] >>= 6 * 64 - 366;
	doctor_calendar(*state, &wrong, false);
	wrong = good;
	wrong.offset_minutes = 841; /* further east than any place */
	doctor_calendar(*state, &wrong, false);
	wrong.offset_minutes = 540;
	put_calendar(*state, 1988, &good); /* which began on a Friday too */
	doctor_calendar(*state, &wrong, false);
	put_calendar(*state, 2554, &good);
	mislead_invariants(*state, "E3: year 2554 of calendar cn ");
}

/* A5: an exit that is overdue with what can not be paid, or sums that are not those of the exits. */
static const struct wrong overdue[] = {
	{"A5: the overdue exits are not as many",
		{SET(EXIT_OVERDUE_SUM, "CNY", exit_overdue, exits, 1),
			SET(EXIT_OVERDUE_SUM, "CNY", exit_overdue, steps, 100)}},
	{"A5: the overdue exits are not as many", {SET(EXIT_OVERDUE_SUM, "CNY", exit_overdue, steps, 100)}},
	{"A5: the overdue exits are not as many", {SET(EXIT_OVERDUE_SUM, "CNY", exit_overdue, exits, 1)}},
};

static void test_overdue(void **state)
{
	const struct kit *kit = *state;
	struct record_path exit = record_path_of_text(RECORD_EXIT, slice_text("e"));
	struct record_exit record = {.state = EXIT_OFFSET, .merchant = 1, .overdue_entry = 7, .overdue = 100};
	assert_ok(record_keep(state_writer(kit->ledger->state), &exit, &record, sizeof record, 1));
	mislead_invariants(kit, "A5: exit e is overdue with another amount");
	MISLEAD_EACH(kit, overdue);
}

/* ---- sections and pools (B1) ---- */

static const struct wrong sections[] = {
	{"B1: an incident's sections are not counted", {ADD(INCIDENT, "1", incident, sections, 1)}},
	{"B1: a section is open and its deposit", {SET(SECTION, POOL, section, closed_entry, 1)}},
	{"B1: a section is open and its deposit", {GONE(POOL, "2/CNY/1")}},
	{"B1: a section is kept by another custodian", {ADD(SECTION, POOL, section, custodian, 1)}},
	{"B1: a deposit is frozen for an incident that it is not in", {THERE(POOL, "3/CNY/1")}},
	{"B1: a deposit is frozen for an incident in another currency", {THERE(POOL, "2/JPY/1")}},
	{"B1: more or less of a deposit is frozen",
		{SET(INCIDENT, "1", incident, freeze, POLICY_FREEZE_NEEDED)}},
	{"B1: the incidents that have a deposit frozen", {ADD(DEPOSIT, "M/CNY", deposit, incidents, 1)}},
	{"B1: the incidents that have a deposit frozen", {ADD(DEPOSIT, "M/CNY", deposit, standing, 1)}},
	/* the issuer's pool: it is none where the incident is on a merchant, and gives what others have */
	{"B1: a pool gave for the claims of others",
		{ADD(SECTION, POOL, section, given, 1), ADD(SECTION, POOL, section, given_instruments, 1),
			ADD(SECTION, POOL, section, from_issuer, 1),
			ADD(SECTION, POOL, section, from_instruments, -1),
			ADD(ROUND, POOL "/1/1", round, from_issuer, 1),
			ADD(ROUND, POOL "/1/1", round, from_instruments, -1)}},
	{"B1: what the issuer's pool gave for a section", {ADD(ROUND, POOL "/1/1", round, from_issuer, 1)}},
};

static void test_sections(void **state)
{
	MISLEAD_EACH(*state, sections);
}

static const struct wrong batches[] = {
	{"B1: a batch is not what is left of the lots, in CNY", {ADD(BATCH, "Y/x/CNY/M", batch, lots, 1)}},
	{"B1: a batch is not what is left of the lots, in CNY",
		{ADD(BATCH, "Y/x/CNY/M", batch, exposure, 1)}},
	{"B1: a lot is of a batch that is not there", {GONE(BATCH, "Y/x/CNY/M")}},
};

static void test_batches(void **state)
{
	kit_play(*state, "card-of M of-x 10.00 batch=x");
	MISLEAD_EACH(*state, batches);
}

/* ---- deductions, appeals ---- */

/* M's appeal of the golden deduction, varied and paid in by half: "@-2" is its entry. */
static uint64_t lodge(struct kit *kit)
{
	kit_play(kit,
		"key judge P approver\n"
		"merchant appeal.lodge merchant=M deduction=%llu reason=r",
		(unsigned long long)deduction);
	uint64_t lodged = kit->last_entry;
	kit_play(kit,
		"judge appeal.decide appeal=$last outcome=varied amount=1000.00 basis_hash=ab* reason=r\n"
		"bank appeal.fund appeal=%llu amount=400.00 bank_reference=f",
		(unsigned long long)lodged);
	return lodged;
}

/* A4: a deduction that its distribution did not make, of nothing, or for nobody. */
static void test_deductions(void **state)
{
	struct kit *kit = *state;
	char taken[24];
	char next[24];
	uint64_t lodged = lodge(kit);
	snprintf(taken, sizeof taken, "%llu/2", (unsigned long long)deduction);
	snprintf(next, sizeof next, "%llu/2", (unsigned long long)deduction + 1);
	const struct wrong wrong[] = {
		{"A4: a deduction is not what its distribution",
			{ADD(DEDUCTION, taken, deduction, amount, -1)}},
		{"A4: a deduction is not what its distribution",
			{ADD(DEDUCTION, taken, deduction, claims, 1)}},
		{"D7: a deduction names an appeal that is not there",
			{ADD(DEDUCTION, taken, deduction, appeal, 1)}},
		{"A4: what was taken from a deposit is not listed", {GONE(DEDUCTION, taken)}},
		{"F1: what stood before an approval is of none",
			{SET(APPROVED, taken, approved, before, (int64_t)deduction)}},
		{"F1: what stood before an approval is of none", {SET(APPROVED, next, approved, shared, 1)}},
		/* of another entry, that no round knows */
		{"A4: a deduction of nothing, or without a decided claim",
			{SET(DEDUCTION, next, deduction, claims, 1),
				SET(DEDUCTION, next, deduction, incident, 1),
				SET(DEDUCTION, next, deduction, merchant, 1)}},
		{"D7: an appeal and its deduction contradict",
			{SET(DEDUCTION, next, deduction, amount, 1),
				SET(DEDUCTION, next, deduction, claims, 1),
				SET(DEDUCTION, next, deduction, appeal, (int64_t)lodged),
				SET(DEDUCTION, next, deduction, incident, 1)}},
		/* as if it had been an issuer's pool that gave a part of it */
		{"B1: what an issuer's pool gave is not what",
			{ADD(SECTION, POOL, section, from_issuer, 1),
				ADD(ROUND, POOL "/1/1", round, from_issuer, 1),
				ADD(DEDUCTION, taken, deduction, amount, -1)}},
		{"A4: what the issuer's pool gave in incident " FUEL " is not deducted",
			{SET(INCIDENT, "1", incident, merchant, 0), SET(INCIDENT, "1", incident, issuer, 2),
				SET(SECTION, POOL, section, given, 1),
				SET(SECTION, POOL, section, from_issuer, 1),
				ADD(ROUND, POOL "/1/1", round, from_issuer, 1),
				ADD(DEDUCTION, taken, deduction, amount, -1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/*
 * D7: outcome and money that contradict each other; sums of the incident that are not those of its appeals. I7: other
 * recourse out of appeals than was paid in.
 */
static void test_appeals(void **state)
{
	struct kit *kit = *state;
	struct record_appeal appeal;
	char taken[24];
	char own[40];
	uint64_t lodged = lodge(kit);
	mislead_read(kit, RECORD_APPEAL, "@-2", &appeal);
	snprintf(taken, sizeof taken, "%llu/2", (unsigned long long)deduction);
	snprintf(own, sizeof own, "2020/M/@%llu/CNY", (unsigned long long)lodged);
	const struct wrong wrong[] = {
		{"D7: what appeals restored of incident " FUEL, {ADD(APPEAL, "@-2", appeal, restored, 1)}},
		{"I7: recourse of incident " FUEL " out of appeals", {ADD(APPEAL, "@-2", appeal, funded, 1)}},
		{"D7: an appeal and its deduction contradict", {ADD(APPEAL, "@-2", appeal, deduction, 1)}},
		{"D7: the appeals that stay payment of incident " FUEL,
			{SET(INCIDENT, "1", incident, stays, 1)}},
		{"D7: what an appeal restores is not what its outcome says",
			{SET(APPEAL, "@-2", appeal, state, APPEAL_LODGED)}},
		{"D7: an appeal was decided by another entry",
			{ADD(APPEAL, "@-2", appeal, decided_entry, 1)}},
		{"D7: an appeal was decided by another entry", {ADD(BOOKED, "@-1", booked, amount, 1)}},
		{"D7: an appeal was decided by another entry", {SET(BOOKED, "@-1", booked, corrected_by, 1)}},
		{"D7: what an appeal restores is not what its outcome says",
			{SET(APPEAL, "@-2", appeal, state, APPEAL_UPHELD)}},
		{"D7: what an appeal restores is not what its outcome says",
			{SET(APPEAL, "@-2", appeal, state, APPEAL_REVERSED)}},
		/* as if it had been approved by who decides the appeal */
		{"D7: one person deducted or appealed",
			{SET(DEDUCTION, taken, deduction, approver, appeal.decider)}},
		/* a second appeal of the same deduction, and one of nothing */
		{"D7: an appeal and its deduction contradict",
			{SET(APPEAL, "@-1", appeal, deduction, (int64_t)deduction),
				SET(APPEAL, "@-1", appeal, merchant, 2),
				SET(APPEAL, "@-1", appeal, state, APPEAL_LODGED)}},
		{"A4: what was taken from a deposit is not listed",
			{SET(APPEAL, "@-1", appeal, deduction, (int64_t)deduction + 1),
				SET(APPEAL, "@-1", appeal, state, APPEAL_LODGED)}},
		{"D7: what an appeal restored and the funder has not paid in",
			{DEBITED(own, 1), CREDITED("2020/M/" FUEL "/CNY", 1)}},
		{"D7: what appeals restored of incident " FUEL, {ADD(SECTION, POOL, section, restored, 1)}},
		{"I7: recourse of incident " FUEL " out of appeals",
			{ADD(SECTION, POOL, section, restored_recourse, 1)}},
		/* by its round */
		{"D7: more came back of what a deposit gave by a round",
			{ADD(ROUND, POOL "/1/1", round, back[ROUND_OWN], -1)}},
		{"D7: more came back of what a deposit gave by a round",
			{SET(ROUND, POOL "/1/1", round, restored[ROUND_OWN], INT64_MAX)}},
		{"D7: what came back of the deductions of incident " FUEL,
			{ADD(ROUND, POOL "/1/1", round, back[ROUND_OWN], 1)}},
		{"D7: what came back of the deductions of incident " FUEL,
			{ADD(ROUND, POOL "/1/1", round, restored[ROUND_OWN], 1)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* ---- what secures a merchant's customers (A2, A8) ---- */

static const struct wrong collateral[] = {
	{"A2: what secures merchant M", {ADD(COLLATERAL, "M/CNY", collateral, held, 1)}},
	{"A2: what secures merchant M", {ADD(COLLATERAL, "M/CNY", collateral, exposure, 1)}},
	{"A2: what is required of merchant M", {ADD(COLLATERAL, "M/CNY", collateral, required, 1)}},
	{"A2: what is required of merchant M", {ADD(COLLATERAL, "M/CNY", collateral, gross, 1)}},
	{"A2: merchant M has a duty", {ADD(COLLATERAL, "M/CNY", collateral, shortfall, 1)}},
	{"A2: merchant M has a duty", {ADD(COLLATERAL, "M/CNY", collateral, duty, 1)}},
	{"A8: issuer Y has another share in merchant M", {ADD(SHARE, "Y/CNY/M", share, cash, 1)}},
	{"A8: the merchants of issuer Y", {ADD(ISSUER, "Y/CNY", issuer, exposure, 1)}},
	{"A8: the merchants of issuer Y", {ADD(ISSUER, "Y/CNY", issuer, instruments, 1)}},
	/* an issuer's cash is held against its shares and against who keeps it: neither makes up for the other */
	{"A8: the merchants of issuer Y", {{RECORD_ISSUER_CASH, "Y/CNY/5", 0, sizeof(int64_t), true, 1}}},
	{"A8: the merchants of issuer Y", {{RECORD_ISSUER_CASH, "Y/CNY/5", 0, sizeof(int64_t), true, 1},
						  ADD(ISSUER, "Y/CNY", issuer, cash, 1)}},
	{"A8: exposure is not what is left", {ADD(ENTITLEMENT, "c-1", entitlement, cost, 1)}},
};

static void test_collateral(void **state)
{
	kit_play(*state,
		"admin requirement.publish policy=req version=1 unit=CNY basis=ratio\n"
		"    + requirement.assign merchant=M policy=req version=1\n"
		"card c-1 200.00\n"
		"maker entitlement.issue entitlement=c-2 holder=h issuer=G merchant=M channel=app unit=L\n"
		"    quantity=1.000 cost=100.00 currency=CNY evidence=absent evidence_hash=ab*\n"
		"deposit M 50.00 b-1");
	MISLEAD_EACH(*state, collateral);
}

/* ---- instruments (A6) ---- */

#define LEFT     "A6: instrument b-1: what is left, called and lapsed"
#define CALLS    "A6: instrument b-1: its calls do not add up"
#define OF(code) "A6: instrument b-1: " code " is not what was called"

static const struct wrong instruments[] = {
	{LEFT, {ADD(INSTRUMENT, "b-1", instrument, limit, 1)}},
	{LEFT, {ADD(INSTRUMENT, "b-1", instrument, left, 1)}},
	{LEFT, {ADD(INSTRUMENT, "b-1", instrument, called, 1)}},
	{LEFT, {ADD(INSTRUMENT, "b-1", instrument, given_back, 1)}},
	{LEFT, {ADD(INSTRUMENT, "b-1", instrument, lapsed, 1)}},
	{CALLS, {ADD(INSTRUMENT, "b-1", instrument, incidents, 1)}},
	{"I11: the index instrument live has rows", {ADD(INSTRUMENT, "b-1", instrument, ended_entry, 1)}},
	{CALLS, {ADD(CALL, POOL "/1/b-1", instrument_call, called, 1)}},
	{OF("1100"), {ADD(CALL, POOL "/1/b-1", instrument_call, paid, 1)}},
	{OF("1100"), {ADD(CALL, POOL "/1/b-1", instrument_call, refused, 1)}},
	{OF("1100"), {ADD(CALL, POOL "/1/b-1", instrument_call, entry, 1)}},
	{OF("2040"), {ADD(CALL, POOL "/1/b-1", instrument_call, used, 1)}},
	{"I6: 2150 is not what is its own again of party S",
		{ADD(CALL, POOL "/1/b-1", instrument_call, returned, 1)}},
	{OF("2040"), {ADD(CALL, POOL "/1/b-1", instrument_call, returned, 1), NEW_CREDIT("2150/S/i/CNY", 1),
			     DEBITED("1010/bank//CNY", 1)}},
	{"A6: what instruments gave", {ADD(SECTION, POOL, section, from_instruments, 1)}},
	/* B1: an incident without what it is to its merchant */
	{"B1: an incident's merchant has no section", {GONE(SECTION, POOL)}},
	/* more was shared out than the deposit gave: the parts are changed with it, or I10 would say so */
	{"A6: what was shared out", {ADD(ACCOUNT, "2020/M/i/CNY", account, debits, -1)}},
	/* a limit in the memo that is no instrument's */
	{"A6: 9010/S/none is no instrument's limit", {THERE(ACCOUNT, "9010/S/none/CNY")}},
	/* a call that is listed and is not there */
	{"A6: instrument b-2: a call that is listed is not there", {THERE(INSTRUMENT_CALLED, "b-2/7")}},
	/* more used than was paid, whatever the accounts say */
	{"A6: instrument b-1: a call has more paid, used or refused",
		{ADD(CALL, POOL "/1/b-1", instrument_call, used, 11 * 100)}},
	/* the way back of a renewal */
	{"A6: what stood before a renewal", {GONE(BOOKED, "@")}},
	{"A6: an instrument was renewed by another", {SET(INSTRUMENT, "b-2", instrument, renewed, 1)}},
	{"A6: an instrument was renewed by another", {ADD(RENEWED, "@", renewed, expires, INT64_C(1) << 60)}},
};

static void test_instruments(void **state)
{
	kit_world(*state, "insured.case");
	kit_play(*state,
		"insured-incident\n"
		"insured-by b-1 S 1 200.00\n"
		"insured-by b-2 T 2 900.00\n"
		"call i\n"
		"provide i b-1 100.00\n"
		"distribute i\n"
		/* kept for a claim that may be decided: what comes repays no advance */
		"card c-card 350.00\n"
		"file c i c-card\n"
		"provide i b-1 10.00\n"
		"maker instrument.renew instrument=b-2 expires=2019-01-01T00:00:00Z document_hash=cd*");
	MISLEAD_EACH(*state, instruments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GOLDEN_TEST(test_accounts),
		GOLDEN_TEST(test_liabilities),
		GOLDEN_TEST(test_claims),
		GOLDEN_TEST(test_advances),
		GOLDEN_TEST(test_exits),
		KIT_TEST(test_exit_days),
		GOLDEN_TEST(test_calendars),
		GOLDEN_TEST(test_overdue),
		GOLDEN_TEST(test_sections),
		GOLDEN_TEST(test_batches),
		GOLDEN_TEST(test_deductions),
		GOLDEN_TEST(test_appeals),
		KIT_TEST(test_collateral),
		KIT_TEST(test_instruments),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
