/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

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

/* H1: a key that is revoked speaks for nobody, nor does what it proposed before. */
static void test_maker_revoked(void **state)
{
	struct kit *kit = *state;
	char handle[256];
	start(kit);
	unsigned long long first = propose(kit, WRITE_OFF("w", ""));
	rules_vkey(kit->origin, "maker", handle);
	*strchr(strchr(handle, '+') + 1, '+') = '\0';
	kit_accept(kit, "admin", "{\"command\":\"key.revoke\",\"key\":\"%s\",\"reason\":\"r\"}", handle);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_approving),
		RULES_TEST(test_rejecting),
		RULES_TEST(test_decided_when_approved),
		RULES_TEST(test_maker_revoked),
		RULES_TEST(test_entry_of_approval),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
