/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_desk.h"
#include "books/record_hearing.h"
#include "books/record_incident.h"
#include "books/tables.h"
#include "ledger.h"
#include "rules/claims/next_action.h"
#include "store/state.h"

/* What the audit says of how a claim's parties were heard that the rules can not have made so (see invariants_test.c). */

#define WAITS   "D6: a claim waits for another thing than its parties were asked"
#define ANSWER  "D6: a merchant has time to answer without a clock, or none with one"
#define CONSENT "D6: a proposal is open without a clock, or over with one"
#define APPEAL  "D7: an appeal is open without a clock, or over with one"
#define COUNTED "D7: sections count other appeals than claims have"
#define POOL    "1/3"

static const char world[] = "policy h scheme=full waterfall=rank:1,claim:costs answer_hours:=24\n"
			    "declare-without-deposit i h\n"
			    "card e 60.00\n"
			    "file a i e\n";

static const struct wrong asked[] = {
	{WAITS, {SET(CLAIM, "a", claim, hearing, HEARING_OVER)}},
	{WAITS, {SET(CLAIM, "a", claim, hearing, HEARING_NONE)}},
	{"D6: a claim's parties were heard, and nothing says how", {GONE(HEARING, "a")}},
	{"D6: the parties of a claim that is not there", {THERE(HEARING, "none")}},
	{"D6: another merchant than a claim's", {ADD(HEARING, "a", hearing, merchant, 1)}},
	{"D6: a merchant said by its own key what it did not say",
		{SET(HEARING, "a", hearing, own_words, OWN_ANSWER)}},
	{ANSWER, {SET(HEARING, "a", hearing, answer_clock, 0)}},
	{ANSWER, {ADD(HEARING, "a", hearing, answer_clock, 1)}},
	{ANSWER, {SET(HEARING, "a", hearing, answer_entry, 1)}},
	{ANSWER, {SET(HEARING, "a", hearing, answer, ANSWERED_ACCEPT),
			 SET(CLAIM, "a", claim, hearing, HEARING_OVER)}},
};

static void test_asked(void **state)
{
	kit_play(*state, "%s", world);
	MISLEAD_EACH(*state, asked);
}

static const struct wrong proposed[] = {
	{CONSENT, {SET(HEARING, "a", hearing, proposal_clock, 0)}},
	{CONSENT, {SET(HEARING, "a", hearing, proposal_ended, 1)}},
	{"D6: a ruling by consent is not what its parties agreed to",
		{SET(HEARING, "a", hearing, consent, CONSENT_GIVEN),
			SET(CLAIM, "a", claim, hearing, HEARING_OVER)}},
	{"D6: a proposal to which all agreed is open",
		{SET(HEARING, "a", hearing, consumer_agreed, 1), SET(HEARING, "a", hearing, to_merchant, 0)}},
};

static void test_proposed(void **state)
{
	kit_play(*state,
		"%smerchant claim.answer claim=a answer=accept\n"
		"maker claim.propose claim=a reason=r basis_hash=12* due=2016-05-20T00:00:00Z",
		world);
	MISLEAD_EACH(*state, proposed);
}

static const struct wrong agreed[] = {
	{"D6: a ruling by consent is for more than was proposed", {ADD(HEARING, "a", hearing, proposed, -1)}},
};

static void test_agreed(void **state)
{
	kit_play(*state,
		"%smerchant claim.answer claim=a answer=accept\n"
		"maker claim.propose claim=a reason=r basis_hash=12* due=2016-05-20T00:00:00Z\n"
		"agent claim.agree claim=a by=consumer answer=agree evidence_hash=ab*\n"
		"merchant claim.agree claim=a by=merchant answer=agree",
		world);
	MISLEAD_EACH(*state, agreed);
}

#define RUNS "D7: the time for an appeal runs, and nobody was given the ruling"
static const struct wrong served[] = {
	{RUNS, {SET(HEARING, "a", hearing, consumer_served, 0)}},
	{RUNS, {SET(HEARING, "a", hearing, consumer_served, 1)}},
	{RUNS, {SET(HEARING, "a", hearing, merchant_served, 1)}},
	{"D10: a refusal is closed that was given to nobody",
		{SET(HEARING, "a", hearing, consumer_served, 0), SET(HEARING, "a", hearing, final_at, 0),
			SET(HEARING, "a", hearing, closed_entry, 1),
			SET(CLAIM, "a", claim, hearing, HEARING_CLOSED)}},
};

static void test_served(void **state)
{
	kit_play(*state,
		"%smerchant claim.answer claim=a answer=dispute ground=used evidence_hash=ab*\n"
		"maker claim.decide claim=a outcome=reject reason=not-the-holder\n"
		"agent ruling.serve claim=a to=consumer channel=mail",
		world);
	MISLEAD_EACH(*state, served);
}

static const struct wrong appealed[] = {
	{"D7: another ruling than a claim's is appealed", {ADD(HEARING, "a", hearing, appealed, -1)}},
	{APPEAL, {SET(HEARING, "a", hearing, appeal_clock, 0)}},
	{APPEAL, {SET(HEARING, "a", hearing, appeal_late, 1)}},
	{WAITS, {SET(HEARING, "a", hearing, appeal_ended, 1)}},
	{"D7: an appeal gave less than is advanced for it", {SET(HEARING, "a", hearing, top_up_advance, 1)}},
	{"D10: a claim is closed, and something of it is to be done",
		{SET(HEARING, "a", hearing, closed_entry, 1)}},
};

static void test_appealed(void **state)
{
	kit_play(*state,
		"%smerchant claim.answer claim=a answer=dispute ground=used evidence_hash=ab*\n"
		"maker claim.decide claim=a outcome=reject reason=not-the-holder\n"
		"agent ruling.appeal claim=a reason=r evidence_hash=ab*",
		world);
	MISLEAD_EACH(*state, appealed);
}

static const struct wrong topped_up[] = {
	{"D7: one person lodged a consumer's appeal", {SET(HEARING, "a", hearing, appellant, 6)}},
	{"I7: what incident i says was settled of its advances",
		{ADD(HEARING, "a", hearing, top_up_advance, -1)}},
	{"I7: what incident i says was settled of its advances",
		{SET(CLAIM, "a", claim, hearing, HEARING_OVER)}},
};

static void test_topped_up(void **state)
{
	kit_play(*state,
		"%smerchant claim.answer claim=a answer=dispute ground=used evidence_hash=ab*\n"
		"maker claim.decide claim=a outcome=approve amount=20.00 reason=not-the-holder\n"
		"distribute i\nfund i 20.00\ninstruct a\nsettle a\n"
		"agent ruling.appeal claim=a reason=r evidence_hash=ab*\n"
		"checker ruling.judge claim=a outcome=varied amount=45.00 reason=r basis_hash=ab*",
		world);
	MISLEAD_EACH(*state, topped_up);
}

static const struct wrong closed[] = {
	{"D10: a claim is closed, and something of it is promised",
		{SET(HEARING, "a", hearing, closed_entry, 1),
			SET(CLAIM, "a", claim, hearing, HEARING_CLOSED)}},
};

static void test_closed(void **state)
{
	kit_play(*state,
		"%smerchant claim.answer claim=a answer=accept\n"
		"agent claim.withdraw claim=a reason=not-the-holder evidence_hash=ab*\n"
		"agent promise.make claim=a kind=callback due=2016-05-10T00:00:00Z",
		world);
	MISLEAD_EACH(*state, closed);
}

/* ---- whatever waits says what is to be done ---- */

/* By state: the command that it names is permitted in it. A state that ends in the entry in which it begins has none. */
static const struct {
	enum claim_state state;
	const char *command;
	const char *next;
} waiting[] = {
	{CLAIM_RECEIVED, "claim.decide", "decide the claim"},
	{CLAIM_EVIDENCE, "claim.decide", "decide the claim"},
	{CLAIM_MERCHANT_RESPONSE, "claim.decide", "decide the claim"},
	{CLAIM_PROPOSED, "claim.decide", "decide the claim"},
	{CLAIM_AGREED, "distribution.approve", "approve the distribution"},
	{CLAIM_RULED, "distribution.approve", "approve the distribution"},
	{CLAIM_APPROVED, "payout.instruct", "instruct the payout"},
	{CLAIM_PAYING, "payout.settle", "settle the payout"},
	{CLAIM_APPEALED, "claim.decide", "decide the claim"},
	{CLAIM_REOPENED, "claim.decide", "decide the claim"},
};

/* Of a lot of which all is known, and nothing was used. */
static const char *next_of(const struct kit *kit, struct record_claim claim)
{
	struct record_incident incident;
	struct state_view *view;
	const char *next;
	record_text_set(claim.entitlement, sizeof claim.entitlement, slice_text("e"));
	assert_ok(state_snapshot_open(kit->ledger->state, &view));
	assert_ok(incident_load(view, 1, &incident));
	assert_ok(next_action_find(view, &claim, &incident, VIEW_NONE, &next));
	state_snapshot_close(view);
	return next;
}

static void test_next(void **state)
{
	size_t found = 0;
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card e 60.00");
	for (uint32_t each = CLAIM_RECEIVED; life_claim_states[each] != NULL; each++) {
		struct record_claim claim = {.state = each};
		if (!record_claim_waits(&claim))
			continue;
		assert_int_equal(waiting[found].state, each);
		assert_string_equal(next_of(*state, claim), waiting[found].next);
		assert_non_null(area_command(slice_text(waiting[found].command)));
		found++;
	}
	assert_int_equal(found, sizeof waiting / sizeof waiting[0]);
}

static void test_next_of_hearing(void **state)
{
	static const struct {
		enum claim_hearing hearing;
		enum claim_state state;
		const char *command;
		const char *next;
	} rows[] = {
		{HEARING_ANSWER, CLAIM_MERCHANT_RESPONSE, "claim.answer", "wait for the merchant's answer"},
		{HEARING_CONSENT, CLAIM_PROPOSED, "claim.agree", "wait for who is to agree to the proposal"},
		{HEARING_APPEAL, CLAIM_REJECTED, "ruling.judge", "judge the appeal"},
		{HEARING_APPEAL, CLAIM_PAID, "ruling.judge", "judge the appeal"},
		{HEARING_TOP_UP, CLAIM_PAID, "payout.instruct",
			"instruct the payout of what the appeal gave"},
	};
	kit_play(*state, "declare-without-deposit i fuel-card\n"
			 "card e 60.00");
	for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
		const struct record_claim claim = {
			.state = rows[row].state, .hearing = (uint16_t)rows[row].hearing};
		assert_true(record_claim_waits(&claim));
		assert_string_equal(next_of(*state, claim), rows[row].next);
		assert_non_null(area_command(slice_text(rows[row].command)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_asked),
		KIT_TEST(test_proposed),
		KIT_TEST(test_agreed),
		KIT_TEST(test_served),
		KIT_TEST(test_appealed),
		KIT_TEST(test_topped_up),
		KIT_TEST(test_closed),
		KIT_TEST(test_next),
		KIT_TEST(test_next_of_hearing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
