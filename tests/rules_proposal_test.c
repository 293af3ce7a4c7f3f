/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

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

/* H2: each refusal of proposal.approve and proposal.reject; what is proposed is tried, undone, and kept. */

#define WRITE_OFF(id, more)                                                                                  \
	"{\"command\":\"write_off.record\",\"write_off\":\"" id                                              \
	"\",\"incident\":\"i\",\"party\":\"Y\",\"reason\":\"r\"" more "}"
#define APPROVE "{\"command\":\"proposal.approve\",\"proposal\":%llu}"
#define REJECT  "{\"command\":\"proposal.reject\",\"proposal\":%llu,\"reason\":\"r\"}"

static unsigned long long propose(struct kit *kit, const char *command)
{
	kit_accept(kit, "maker", "%s", command);
	return kit->last_entry;
}

static void start(struct kit *kit)
{
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "several", "[{\"party\":\"Y\",\"share\":\"100.00\"}]");
}

static void test_approving(void **state)
{
	struct kit *kit = *state;
	start(kit);
	unsigned long long not_a_proposal = kit->last_entry;
	unsigned long long first = propose(kit, WRITE_OFF("w", ",\"amount\":\"40.00\""));
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", APPROVE, first);
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "boss", APPROVE, first);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "proposal", "checker", APPROVE, not_a_proposal);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "proposal", "checker", APPROVE, first + 1000);
	rules_refuse(kit, RECOURSE_FIELD_LIMIT, "proposal", "checker",
		"{\"command\":\"proposal.approve\",\"proposal\":-1}");
	kit_accept(kit, "checker", APPROVE, first);
	unsigned long long closed = kit->last_entry;
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "checker", APPROVE, first);
	assert_int_equal(kit->refusal.entry, closed);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "checker", REJECT, first);
	kit_balance(kit, 9030, "Y", "i", "CNY", "40.00");
	kit_audit(kit);
}

static void test_rejecting(void **state)
{
	struct kit *kit = *state;
	start(kit);
	unsigned long long first = propose(kit, WRITE_OFF("w", ""));
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker", REJECT, first);
	rules_refuse(kit, RECOURSE_NOT_FOUND, "proposal", "checker", REJECT, first + 1);
	rules_refuse(kit, RECOURSE_FIELD_MISSING, "reason", "checker",
		"{\"command\":\"proposal.reject\",\"proposal\":%llu}", first);
	kit_accept(kit, "checker", REJECT, first);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "checker", APPROVE, first);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "checker", REJECT, first);
	kit_balance(kit, 9030, "Y", "i", "CNY", "0");
	/* the id was not used up: it can be proposed again */
	first = propose(kit, WRITE_OFF("w", ""));
	kit_accept(kit, "checker", APPROVE, first);
	kit_audit(kit);
}

/* What was fine when it was proposed may not be when it is approved: it is decided then, and stays open. */
static void test_decided_when_approved(void **state)
{
	struct kit *kit = *state;
	start(kit);
	unsigned long long first = propose(kit, WRITE_OFF("w", ",\"amount\":\"60.00\""));
	unsigned long long same = propose(kit, WRITE_OFF("w", ",\"amount\":\"1.00\""));
	unsigned long long second = propose(kit, WRITE_OFF("w-2", ",\"amount\":\"60.00\""));
	kit_accept(kit, "checker", APPROVE, first);
	rules_refuse(kit, RECOURSE_EXISTS, "write_off", "checker", APPROVE, same);
	rules_refuse(kit, RECOURSE_INSUFFICIENT, "amount", "checker", APPROVE, second);
	assert_string_equal(kit->refusal.available, "40.00");
	kit_accept(kit, "checker", REJECT, second);
	kit_balance(kit, 9030, "Y", "i", "CNY", "60.00");
	kit_reopen(kit, true);
	rules_refuse(kit, RECOURSE_EXISTS, "write_off", "checker", APPROVE, same);
	kit_audit(kit);
}

static void revoke(struct kit *kit, const char *name)
{
	char handle[256];
	rules_handle(kit->origin, name, handle);
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"r\"}", handle);
}

/* H1: a key that is revoked speaks for nobody, nor does what it proposed before. */
static void test_maker_revoked(void **state)
{
	struct kit *kit = *state;
	start(kit);
	unsigned long long first = propose(kit, WRITE_OFF("w", ""));
	revoke(kit, "maker");
	unsigned long long revoked = kit->last_entry;
	rules_refuse(kit, RECOURSE_KEY_REVOKED, "proposal", "checker", APPROVE, first);
	assert_int_equal(kit->refusal.entry, revoked);
	kit_accept(kit, "checker", REJECT, first);
	kit_audit(kit);
}

/* The entry of the approval names both people and what was carried out. */
static void test_entry_of_approval(void **state)
{
	struct kit *kit = *state;
	start(kit);
	unsigned long long first = propose(kit, WRITE_OFF("w", ""));
	kit_accept(kit, "checker", APPROVE, first);
	char *described = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(described, "\"approvals\":[\"example.com/ledger/maker+"));
	assert_non_null(strstr(described, "\"key\":\"example.com/ledger/checker+"));
	assert_non_null(strstr(described, "\"carried_out\":{"));
	assert_non_null(strstr(described, "\"written_off\":\"100.00\""));
	free(described);
}

/* ---- people who must differ ---- */

#define LIMIT                                                                                                \
	"{\"command\":\"control.publish\",\"version\":1,\"proposal_hours\":2,\"limits\":[{\"command\":"      \
	"\"cost.record\",\"span\":\"single\",\"unit\":\"CNY\",\"amount\":\"1.00\",\"approvals\":%d}]}"
#define COST                                                                                                 \
	"{\"command\":\"cost.record\",\"incident\":\"i\",\"amount\":\"9.00\",\"reason\":\"fee\","            \
	"\"evidence_hash\":" RULES_HASH "}"

/* H2: two of three, each a person of his own, however many keys he had meanwhile. */
static void test_two_of_three(void **state)
{
	struct kit *kit = *state;
	start(kit);
	kit_key(kit, "second", "P", "[\"approver\"]");
	kit_key(kit, "third", "P", "[\"approver\"]");
	kit_accept(kit, "admin", LIMIT, 2);
	unsigned long long first = propose(kit, COST);
	kit_accept(kit, "checker", APPROVE, first);
	rules_refuse(kit, RECOURSE_SAME_PERSON, "proposal", "checker", APPROVE, first);
	rules_rotate(kit, "checker", "checker", "checker-2");
	rules_refuse(kit, RECOURSE_SAME_PERSON, "proposal", "checker-2", APPROVE, first);
	rules_rotate(kit, "admin", "checker-2", "checker-3");
	kit_reopen(kit, true);
	rules_refuse(kit, RECOURSE_SAME_PERSON, "proposal", "checker-3", APPROVE, first);
	kit_balance(kit, 1130, "", "i", "CNY", "0");
	kit_accept(kit, "third", APPROVE, first);
	kit_balance(kit, 1130, "", "i", "CNY", "9.00");
	char *entry = rules_describe(kit, kit->last_entry);
	assert_non_null(strstr(entry, "\"approvals\":[\"example.com/ledger/maker+"));
	assert_non_null(strstr(entry, ",\"example.com/ledger/checker+"));
	free(entry);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "second", APPROVE, first);
	kit_audit(kit);
}

/* A maker who has another key now is the maker still, and what he proposed stands. */
static void test_maker_rotated(void **state)
{
	struct kit *kit = *state;
	start(kit);
	unsigned long long first = propose(kit, WRITE_OFF("w", ",\"amount\":\"40.00\""));
	unsigned long long second = propose(kit, WRITE_OFF("w-2", ",\"amount\":\"10.00\""));
	rules_rotate(kit, "maker", "maker", "maker-2");
	rules_refuse(kit, RECOURSE_ROLE_MISSING, "command", "maker-2", APPROVE, first);
	kit_accept(kit, "checker", APPROVE, first);
	kit_balance(kit, 9030, "Y", "i", "CNY", "40.00");
	rules_rotate(kit, "maker-2", "maker-2", "maker-3");
	/* what the person's last key lost, its first one has lost too */
	revoke(kit, "maker-3");
	unsigned long long revoked = kit->last_entry;
	rules_refuse(kit, RECOURSE_KEY_REVOKED, "proposal", "checker", APPROVE, second);
	assert_int_equal(kit->refusal.entry, revoked);
	kit_reopen(kit, true);
	rules_refuse(kit, RECOURSE_KEY_REVOKED, "proposal", "checker", APPROVE, second);
	kit_accept(kit, "checker", REJECT, second);
	kit_audit(kit);
}

/* The same for one of two who approve. */
static void test_approver_rotated(void **state)
{
	struct kit *kit = *state;
	start(kit);
	kit_key(kit, "second", "P", "[\"approver\"]");
	kit_accept(kit, "admin", LIMIT, 2);
	unsigned long long lives = propose(kit, COST);
	unsigned long long ends = propose(kit, COST);
	kit_accept(kit, "checker", APPROVE, lives);
	kit_accept(kit, "checker", APPROVE, ends);
	rules_rotate(kit, "checker", "checker", "checker-2");
	kit_accept(kit, "second", APPROVE, lives);
	kit_balance(kit, 1130, "", "i", "CNY", "9.00");
	revoke(kit, "checker-2");
	rules_refuse(kit, RECOURSE_KEY_REVOKED, "proposal", "second", APPROVE, ends);
	kit_balance(kit, 1130, "", "i", "CNY", "9.00");
	kit_audit(kit);
}

/* H2: approval after expiry, before the clock has struck and after it. */
static void test_expired(void **state)
{
	struct kit *kit = *state;
	start(kit);
	kit_accept(kit, "admin", LIMIT, 1);
	unsigned long long first = propose(kit, COST);
	kit->now += 3 * INSTANT_HOUR;
	rules_refuse(kit, RECOURSE_WINDOW_CLOSED, "proposal", "checker", APPROVE, first);
	assert_int_equal(kit_wait(kit, 1), 1);
	rules_refuse(kit, RECOURSE_STATE_WRONG, "proposal", "checker", APPROVE, first);
	kit_balance(kit, 1130, "", "i", "CNY", "0");
	kit_audit(kit);
}

/* ---- broken by hand ---- */

static void read_proposal(struct kit *kit, uint64_t number, slice *value)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	assert_ok(state_get(state_writer(kit->ledger->state), record_path_slice(&path), value));
}

static void write_proposal(struct kit *kit, uint64_t number, const struct record_proposal *record)
{
	struct record_path path = record_path_of_number(RECORD_PROPOSAL, number);
	uint8_t bytes[STATE_VALUE_MAX];
	slice value;
	read_proposal(kit, number, &value);
	memcpy(bytes, value.data, value.size);
	memcpy(bytes, record, sizeof *record);
	assert_ok(state_put(
		state_writer(kit->ledger->state), record_path_slice(&path), slice_of(bytes, value.size)));
}

static uint32_t key_number(const struct kit *kit, const char *name)
{
	char handle[256];
	struct record_key key;
	rules_handle(kit->origin, name, handle);
	struct record_path path = record_path_of_text(RECORD_KEY, slice_text(handle));
	assert_ok(record_get(state_writer(kit->ledger->state), &path, &key, sizeof key));
	return key.number;
}

/* What the roles keep apart anyway is refused once more: a maker who holds an approver's key. */
static void test_maker_is_approver(void **state)
{
	struct kit *kit = *state;
	struct record_proposal record;
	slice value;
	start(kit);
	unsigned long long first = propose(kit, WRITE_OFF("w", ""));
	rules_rotate(kit, "checker", "checker", "checker-2");
	uint32_t maker = key_number(kit, "checker");
	struct recourse_request *request = NULL;
	struct recourse_bytes reply = {0};
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	char params[200];
	snprintf(params, sizeof params, "{\"mode\":\"all\",\"commands\":[" APPROVE "]}", first);
	char *payload = rules_payload(kit, "doctored", params, kit->now + INSTANT_HOUR);
	assert_ok(rules_prepare(kit, "checker-2", payload, &request));
	free(payload);
	read_proposal(kit, first, &value);
	memcpy(&record, value.data, sizeof record);
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
	slice value;
	start(kit);
	kit_key(kit, "second", "P", "[\"approver\"]");
	kit_accept(kit, "admin", LIMIT, 2);
	unsigned long long first = propose(kit, COST);
	kit_accept(kit, "checker", APPROVE, first);
	kit_accept(kit, "second", APPROVE, first);
	rules_rotate(kit, "checker", "checker", "checker-2");
	rules_invariants(kit, NULL);
	read_proposal(kit, first, &value);
	memcpy(&record, value.data, sizeof record);
	struct record_proposal wrong = record;
	wrong.approvers[1] = key_number(kit, "checker-2");
	write_proposal(kit, first, &wrong);
	rules_invariants(kit, "H2: one person proposed and approved, or approved twice");
	wrong = record;
	wrong.maker = wrong.approvers[1];
	write_proposal(kit, first, &wrong);
	rules_invariants(kit, "H2: one person proposed and approved, or approved twice");
	wrong = record;
	wrong.given = 1;
	write_proposal(kit, first, &wrong);
	rules_invariants(kit, "H2: a proposal and the number of its approvals");
	wrong = record;
	wrong.given = wrong.needed = PROPOSAL_APPROVALS_MAX + 1;
	write_proposal(kit, first, &wrong);
	rules_invariants(kit, "H2: a proposal and the number of its approvals");
	wrong = record;
	wrong.state = PROPOSAL_OPEN;
	write_proposal(kit, first, &wrong);
	rules_invariants(kit, "H2: a proposal and the number of its approvals");
	rules_invariants(kit, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_approving),
		RULES_TEST(test_rejecting),
		RULES_TEST(test_decided_when_approved),
		RULES_TEST(test_maker_revoked),
		RULES_TEST(test_entry_of_approval),
		RULES_TEST(test_two_of_three),
		RULES_TEST(test_maker_rotated),
		RULES_TEST(test_approver_rotated),
		RULES_TEST(test_expired),
		RULES_TEST(test_maker_is_approver),
		RULES_TEST(test_doctored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
