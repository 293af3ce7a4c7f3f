/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_ledger.h"
#include "base/instant.h"
#include "ledger.h"

#include <stdio.h>

/* H2: what only a doctored proposal shows; what is refused and what is kept are cases (decide/proposal.case). */

#define ROTATE "checker key.rotate key=@checker new=@checker-2 reason=routine"

/* A cost that two approve: its proposal, as the key of its row. */
static void propose(struct kit *kit, char row[static 24])
{
	kit_play(kit, "declare-without-deposit i fuel-card\n"
		      "admin control.publish version=1\n"
		      "    limits=command:cost.record,span:single,unit:CNY,amount:1.00,approvals:2\n"
		      "maker cost.record incident=i party=Y amount=9.00 reason=fee evidence_hash=ab*");
	snprintf(row, 24, "%llu", (unsigned long long)kit->last_entry);
}

/* What the roles keep apart anyway is refused once more: a maker who holds an approver's key. */
static void test_maker_is_approver(void **state)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	struct kit *kit = *state;
	struct record_key checker;
	struct recourse_request *request = NULL;
	char row[24];
	char approve[60];
	propose(kit, row);
	kit_play(kit, ROTATE);
	mislead_read(kit, RECORD_KEY, "checker", &checker);
	snprintf(approve, sizeof approve, "proposal.approve proposal=%s", row);
	SCOPED(support_free) char *payload = kit_words(kit, "doctored", approve, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, "checker-2", payload, &request));
	mislead_tell(kit, (const struct lie[LIES_MAX]){SET(PROPOSAL, row, proposal, maker, checker.number)});
	assert_ok(recourse_ledger_commit(kit->ledger, &request, 1, kit->now, salts));
	assert_error(kit_reply(kit, request, NULL), RECOURSE_SAME_PERSON);
	assert_string_equal(kit->refusal.limit, "a maker does not check");
	recourse_request_release(request);
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	struct record_key checker;
	struct record_proposal proposal;
	char row[24];
	propose(kit, row);
	kit_play(kit,
		"key second P approver\n"
		"checker proposal.approve proposal=%s\n"
		"second proposal.approve proposal=%s\n" ROTATE,
		row, row);
	mislead_read(kit, RECORD_KEY, "checker-2", &checker);
	mislead_read(kit, RECORD_PROPOSAL, row, &proposal);
	const struct wrong wrong[] = {
		{"H2: one person proposed and approved, or approved twice",
			{SET(PROPOSAL, row, proposal, approvers[1], checker.number)}},
		{"H2: one person proposed and approved, or approved twice",
			{SET(PROPOSAL, row, proposal, maker, proposal.approvers[1])}},
		{"H2: a proposal and the number of its approvals", {SET(PROPOSAL, row, proposal, given, 1)}},
		{"H2: a proposal and the number of its approvals",
			{SET(PROPOSAL, row, proposal, given, PROPOSAL_APPROVALS_MAX + 1),
				SET(PROPOSAL, row, proposal, needed, PROPOSAL_APPROVALS_MAX + 1)}},
		{"H2: a proposal and the number of its approvals",
			{SET(PROPOSAL, row, proposal, state, PROPOSAL_OPEN)}},
		{"H2: a proposal and the number of its approvals",
			{SET(PROPOSAL, row, proposal, needed, 1),
				SET(PROPOSAL, row, proposal, state, PROPOSAL_OPEN)}},
	};
	MISLEAD_EACH(kit, wrong);
}

/* What people see it by is what its command names. */
static void test_subjects(void **state)
{
	static const char another[] = "H2: a proposal is about another claim, incident or party";
	struct kit *kit = *state;
	char first[24];
	kit_play(kit, "deposit M 200.00 b-1\n"
		      "declare i M fuel-card\n"
		      "maker incident.cancel incident=i reason=r");
	snprintf(first, sizeof first, "%llu", (unsigned long long)kit->last_entry);
	kit_play(kit, "claim c i 60.00\n"
		      "claim d i 60.00\n"
		      "distribute i\n"
		      "payer payout.instruct claim=c\n"
		      "maker payout.cancel claim=c reason=r");
	const struct wrong wrong[] = {
		{another, {SET(PROPOSAL, "@", proposal, claim[0], 0)}},
		{another, {SET(PROPOSAL, "@", proposal, claim[0], 'd')}},
		{another, {SET(PROPOSAL, "@", proposal, incident, 1)}},
		{another, {SET(PROPOSAL, "@", proposal, party, 1)}},
		{another, {SET(PROPOSAL, first, proposal, incident, 0)}},
		{another, {SET(PROPOSAL, first, proposal, party, 1)}},
		{"H2: a proposal is of no command", {GONE(PROPOSED, "@")}},
	};
	MISLEAD_EACH(kit, wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_maker_is_approver),
		KIT_TEST(test_doctored),
		KIT_TEST(test_subjects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
