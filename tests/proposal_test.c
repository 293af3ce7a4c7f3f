/* SPDX-License-Identifier: Apache-2.0 */
#include "mislead.h"

#include "books/record_agreement.h"
#include "books/record_party.h"
#include "base/instant.h"
#include "ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* H2: what only a doctored proposal shows; what is refused and what is kept are cases (decide/proposal.case). */

#define ROTATE "checker key.rotate key=@checker new=@checker-2 reason=routine"

/* A cost that two approve. */
static unsigned long long propose(struct kit *kit)
{
	kit_play(kit, "declare-without-deposit i fuel-card\n"
		      "admin control.publish version=1\n"
		      "    limits=command:cost.record,span:single,unit:CNY,amount:1.00,approvals:2\n"
		      "maker cost.record incident=i amount=9.00 reason=fee evidence_hash=ab*");
	return kit->last_entry;
}

static void read_proposal(struct kit *kit, uint64_t number, struct record_proposal *record)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	assert_ok(record_get(state_writer(kit->ledger->state), &path, record, sizeof *record));
}

static void write_proposal(struct kit *kit, uint64_t number, const struct record_proposal *record)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	assert_ok(record_keep(state_writer(kit->ledger->state), &path, record, sizeof *record, 0));
}

static uint32_t key_number(const struct kit *kit, const char *name)
{
	char handle[256];
	struct record_key key;
	kit_handle(kit->origin, name, handle);
	struct record_path path = record_path_of_text(RECORD_KEY, slice_text(handle));
	assert_ok(record_get(state_writer(kit->ledger->state), &path, &key, sizeof key));
	return key.number;
}

/* What the roles keep apart anyway is refused once more: a maker who holds an approver's key. */
static void test_maker_is_approver(void **state)
{
	struct kit *kit = *state;
	struct record_proposal record;
	unsigned long long first = propose(kit);
	kit_play(kit, ROTATE);
	uint32_t maker = key_number(kit, "checker");
	struct recourse_request *request = NULL;
	struct recourse_bytes reply = {0};
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	char params[200];
	snprintf(params, sizeof params,
		"{\"mode\":\"all\",\"commands\":[{\"command\":\"proposal.approve\",\"proposal\":%llu}]}",
		first);
	char *payload = kit_payload(kit, "doctored", params, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, "checker-2", payload, &request));
	free(payload);
	read_proposal(kit, first, &record);
	record.maker = maker;
	write_proposal(kit, first, &record);
	assert_ok(recourse_ledger_commit(kit->ledger, &request, 1, kit->now, salts));
	assert_error(
		recourse_request_reply(kit->ledger, request, &reply, &kit->refusal), RECOURSE_SAME_PERSON);
	assert_string_equal(kit->refusal.limit, "a maker does not check");
	recourse_request_release(request);
}

static void test_doctored(void **state)
{
	struct kit *kit = *state;
	struct record_proposal record;
	unsigned long long first = propose(kit);
	kit_play(kit,
		"key second P approver\n"
		"checker proposal.approve proposal=%llu\n"
		"second proposal.approve proposal=%llu\n" ROTATE,
		first, first);
	mislead_invariants(kit, NULL);
	read_proposal(kit, first, &record);
	struct record_proposal wrong = record;
	wrong.approvers[1] = key_number(kit, "checker-2");
	write_proposal(kit, first, &wrong);
	mislead_invariants(kit, "H2: one person proposed and approved, or approved twice");
	wrong = record;
	wrong.maker = wrong.approvers[1];
	write_proposal(kit, first, &wrong);
	mislead_invariants(kit, "H2: one person proposed and approved, or approved twice");
	wrong = record;
	wrong.given = 1;
	write_proposal(kit, first, &wrong);
	mislead_invariants(kit, "H2: a proposal and the number of its approvals");
	wrong = record;
	wrong.given = wrong.needed = PROPOSAL_APPROVALS_MAX + 1;
	write_proposal(kit, first, &wrong);
	mislead_invariants(kit, "H2: a proposal and the number of its approvals");
	wrong = record;
	wrong.state = PROPOSAL_OPEN;
	write_proposal(kit, first, &wrong);
	mislead_invariants(kit, "H2: a proposal and the number of its approvals");
	mislead_invariants(kit, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_maker_is_approver),
		KIT_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
