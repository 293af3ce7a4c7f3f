/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include "rule/rule.h"
#include "recourse_schema.h"

/* Every row of the one table: what it promises the decoders, the command line and the published document. */
enum { METHODS_MAX = 400 };

static size_t count_methods(void)
{
	size_t count = 0;
	while (recourse_method_at(count) != NULL)
		count++;
	assert_true(count < METHODS_MAX);
	return count;
}

static void test_names(void **state)
{
	size_t count = count_methods();
	for (size_t first = 0; first < count; first++) {
		const struct recourse_method *method = recourse_method_at(first);
		assert_ptr_equal(recourse_method_find(method->name, strlen(method->name)), method);
		assert_null(recourse_method_find(method->name, strlen(method->name) - 1));
		assert_non_null(strchr(method->name, '.'));
		assert_int_equal(strspn(method->name, "abcdefghijklmnopqrstuvwxyz_."), strlen(method->name));
		for (size_t second = first + 1; second < count; second++)
			assert_string_not_equal(method->name, recourse_method_at(second)->name);
	}
	assert_null(recourse_method_at(count));
	assert_null(recourse_method_find("claim.delete", 12));
	assert_null(recourse_method_find("", 0));
}

/* Commands first, then queries; help for people everywhere, in one line. */
static void test_kinds_and_help(void **state)
{
	enum recourse_method_kind last = RECOURSE_METHOD_COMMAND;
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		const struct recourse_method *method = recourse_method_at(index);
		assert_true(method->kind >= last);
		last = method->kind;
		assert_true(method->help != NULL && method->help[0] != '\0');
		assert_null(strchr(method->help, '\n'));
		if (method->kind == RECOURSE_METHOD_PUBLIC)
			assert_int_equal(method->roles, 0);
		else
			assert_true(method->roles != 0);
		if (method->kind != RECOURSE_METHOD_COMMAND)
			assert_int_equal(method->approvals, 0);
	}
	assert_int_equal(last, RECOURSE_METHOD_PUBLIC);
}

static void check_field(const struct recourse_field *field, bool scalar)
{
	assert_true(field->name != NULL && field->name[0] != '\0');
	assert_true(strlen(field->name) < 24);
	assert_true(field->help != NULL && field->help[0] != '\0');
	assert_null(strchr(field->help, '\n'));
	assert_true(field->minimum <= field->maximum);
	bool chosen = field->type == RECOURSE_FIELD_CHOICE || field->type == RECOURSE_FIELD_SET;
	assert_int_equal(field->choices != NULL, chosen);
	if (chosen)
		assert_non_null(field->choices[0]);
	assert_int_equal(field->members != NULL, field->type == RECOURSE_FIELD_LIST);
	assert_true(!scalar || field->type != RECOURSE_FIELD_LIST);
	if (field->type == RECOURSE_FIELD_TEXT || field->type == RECOURSE_FIELD_LIST)
		assert_true(field->maximum > 0);
	if (field->type == RECOURSE_FIELD_INTEGER && field->optional && field->preset >= 0)
		assert_true(field->preset >= field->minimum && field->preset <= field->maximum);
}

static void check_fields(const struct recourse_field *fields, size_t count, bool scalar)
{
	for (size_t index = 0; index < count; index++) {
		check_field(&fields[index], scalar);
		if (fields[index].type == RECOURSE_FIELD_LIST)
			check_fields(fields[index].members, fields[index].member_count, true);
		for (size_t other = index + 1; other < count; other++)
			assert_string_not_equal(fields[index].name, fields[other].name);
	}
}

static void test_fields(void **state)
{
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		const struct recourse_method *method = recourse_method_at(index);
		assert_true(method->field_count <= COMMAND_FIELDS_MAX);
		check_fields(method->fields, method->field_count, false);
		/* the name of the command travels beside its fields */
		for (size_t field = 0; field < method->field_count; field++)
			assert_string_not_equal(method->fields[field].name, "command");
	}
}

/* H1, H2, H3: who may give which command, typed a second time. Cash is the custodian's to attest. */
static const struct {
	const char *name;
	uint32_t roles;
} plan[] = {
	{"ledger.open", RECOURSE_ROLE_ADMIN},
	{"party.register", RECOURSE_ROLE_ADMIN},
	{"key.register", RECOURSE_ROLE_ADMIN},
	{"key.revoke", RECOURSE_ROLE_ADMIN},
	{"key.rotate",
		RECOURSE_ROLE_ADMIN | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER | RECOURSE_ROLE_AGENT},
	{"unit.define", RECOURSE_ROLE_ADMIN},
	{"policy.publish", RECOURSE_ROLE_ADMIN},
	{"calendar.publish", RECOURSE_ROLE_ADMIN},
	{"deposit.receive", RECOURSE_ROLE_CUSTODIAN},
	{"deposit.hold", RECOURSE_ROLE_OPERATOR},
	{"deposit.release", RECOURSE_ROLE_OPERATOR},
	{"incident.declare", RECOURSE_ROLE_OPERATOR},
	{"entitlement.issue", RECOURSE_ROLE_OPERATOR},
	{"entitlement.consume", RECOURSE_ROLE_OPERATOR},
	{"claim.file", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"claim.move", RECOURSE_ROLE_OPERATOR},
	{"claim.withdraw", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"claim.correct", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"claim.reopen", RECOURSE_ROLE_OPERATOR},
	{"claim.answer", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR},
	{"claim.propose", RECOURSE_ROLE_OPERATOR},
	{"claim.agree", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"ruling.serve", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"ruling.appeal", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"ruling.judge", RECOURSE_ROLE_APPROVER},
	{"claim.close", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"hearing.reverse", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"claim.void", RECOURSE_ROLE_OPERATOR},
	{"advance.give_up", RECOURSE_ROLE_OPERATOR},
	{"advance.take_on", RECOURSE_ROLE_OPERATOR},
	{"elsewhere.record", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"offer.record", RECOURSE_ROLE_OPERATOR},
	{"clawback.receive", RECOURSE_ROLE_CUSTODIAN},
	{"offer.accept", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"claim.admit", RECOURSE_ROLE_OPERATOR},
	{"claim.decide", RECOURSE_ROLE_OPERATOR},
	{"distribution.approve", RECOURSE_ROLE_APPROVER},
	{"funding.receive", RECOURSE_ROLE_CUSTODIAN},
	{"payout.instruct", RECOURSE_ROLE_OPERATOR},
	{"payout.settle", RECOURSE_ROLE_CUSTODIAN},
	{"payout.return", RECOURSE_ROLE_CUSTODIAN},
	{"payout.reissue", RECOURSE_ROLE_OPERATOR},
	{"liability.apportion", RECOURSE_ROLE_OPERATOR},
	{"liability.extend", RECOURSE_ROLE_OPERATOR},
	{"liability.respread", RECOURSE_ROLE_OPERATOR},
	{"liability.pursue", RECOURSE_ROLE_OPERATOR},
	{"liability.release", RECOURSE_ROLE_OPERATOR},
	{"interest.adjudge", RECOURSE_ROLE_OPERATOR},
	{"recovery.receive", RECOURSE_ROLE_CUSTODIAN},
	{"recovery.allocate", RECOURSE_ROLE_OPERATOR},
	{"recovery.remit", RECOURSE_ROLE_CUSTODIAN},
	{"recovery.bounce", RECOURSE_ROLE_CUSTODIAN},
	{"repayment.receive", RECOURSE_ROLE_CUSTODIAN},
	{"cost.record", RECOURSE_ROLE_OPERATOR},
	{"write_off.record", RECOURSE_ROLE_OPERATOR},
	{"surplus.pay", RECOURSE_ROLE_CUSTODIAN},
	{"proposal.approve", RECOURSE_ROLE_APPROVER},
	{"proposal.reject", RECOURSE_ROLE_APPROVER},
	{"reason.publish", RECOURSE_ROLE_ADMIN},
	{"control.publish", RECOURSE_ROLE_ADMIN},
	{"break_glass.use", RECOURSE_ROLE_ADMIN},
	{"break_glass.review", RECOURSE_ROLE_APPROVER},
	{"rule.adopt", RECOURSE_ROLE_ADMIN},
	{"custody.attest", RECOURSE_ROLE_CUSTODIAN},
	{"custody.resolve", RECOURSE_ROLE_APPROVER},
	{"clock.fire", RECOURSE_ROLE_SYSTEM},
	{"clock.advance", RECOURSE_ROLE_ADMIN},
	{"clock.hold", RECOURSE_ROLE_SYSTEM},
	{"clock.release", RECOURSE_ROLE_SYSTEM},
	{"clock.confirm", RECOURSE_ROLE_ADMIN},
	{"exit.request", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR},
	{"exit.retain", RECOURSE_ROLE_OPERATOR},
	{"exit.release_item", RECOURSE_ROLE_OPERATOR},
	{"exit.refund", RECOURSE_ROLE_CUSTODIAN},
	{"requirement.publish", RECOURSE_ROLE_ADMIN},
	{"requirement.assign", RECOURSE_ROLE_ADMIN},
	{"requirement.end", RECOURSE_ROLE_ADMIN},
	{"issuer.classify", RECOURSE_ROLE_ADMIN},
	{"coverage.publish", RECOURSE_ROLE_ADMIN},
	{"signal.raise", RECOURSE_ROLE_OPERATOR},
	{"signal.clear", RECOURSE_ROLE_APPROVER},
	{"withdrawal.request", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR},
	{"withdrawal.pay", RECOURSE_ROLE_CUSTODIAN},
	{"withdrawal.cancel", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR},
	{"appeal.lodge", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR},
	{"appeal.stay", RECOURSE_ROLE_APPROVER},
	{"appeal.decide", RECOURSE_ROLE_APPROVER},
	{"appeal.fund", RECOURSE_ROLE_CUSTODIAN},
	{"instrument.register", RECOURSE_ROLE_OPERATOR},
	{"instrument.renew", RECOURSE_ROLE_OPERATOR},
	{"instrument.cancel", RECOURSE_ROLE_OPERATOR},
	{"instrument.call", RECOURSE_ROLE_OPERATOR},
	{"instrument.pay", RECOURSE_ROLE_CUSTODIAN},
	{"instrument.refuse", RECOURSE_ROLE_OPERATOR},
	{"instrument.return", RECOURSE_ROLE_OPERATOR},
	{"custody.place", RECOURSE_ROLE_ADMIN},
	{"deposit.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR},
	{"bank.reverse", RECOURSE_ROLE_CUSTODIAN},
	{"exit.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR},
	{"withdrawal.reverse", RECOURSE_ROLE_CUSTODIAN},
	{"entitlement.reverse", RECOURSE_ROLE_OPERATOR},
	{"instrument.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR},
	{"recourse.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR},
	{"funding.reverse", RECOURSE_ROLE_CUSTODIAN},
	{"funding.bounce", RECOURSE_ROLE_CUSTODIAN},
	{"deposit.bounce", RECOURSE_ROLE_CUSTODIAN},
	{"recovery.set_off", RECOURSE_ROLE_OPERATOR},
	{"liability.reapportion", RECOURSE_ROLE_OPERATOR},
	{"elsewhere.reverse", RECOURSE_ROLE_OPERATOR},
	{"payout.cancel", RECOURSE_ROLE_OPERATOR},
	{"payout.unsettle", RECOURSE_ROLE_CUSTODIAN},
	{"appeal.reverse", RECOURSE_ROLE_CUSTODIAN},
	{"appeal.redecide", RECOURSE_ROLE_OPERATOR},
	{"clawback.reverse", RECOURSE_ROLE_CUSTODIAN},
	{"payout.reverse", RECOURSE_ROLE_CUSTODIAN},
	{"payout.report", RECOURSE_ROLE_CUSTODIAN},
	{"payout.report_reverse", RECOURSE_ROLE_CUSTODIAN},
	{"payout.unclaimed", RECOURSE_ROLE_OPERATOR},
	{"distribution.reverse", RECOURSE_ROLE_OPERATOR},
	{"bank.line", RECOURSE_ROLE_CUSTODIAN},
	{"bank.fee", RECOURSE_ROLE_CUSTODIAN},
	{"bank.fee_repaid", RECOURSE_ROLE_CUSTODIAN},
	{"bank.interest", RECOURSE_ROLE_CUSTODIAN},
	{"bank.interest_paid", RECOURSE_ROLE_CUSTODIAN},
	{"incident.close", RECOURSE_ROLE_APPROVER},
	{"incident.reopen", RECOURSE_ROLE_OPERATOR},
	{"incident.cancel", RECOURSE_ROLE_OPERATOR},
	{"receipt.record", RECOURSE_ROLE_CUSTODIAN},
	{"receipt.identify", RECOURSE_ROLE_OPERATOR},
	{"receipt.send_back", RECOURSE_ROLE_OPERATOR},
	{"receipt.keep", RECOURSE_ROLE_OPERATOR},
	{"receipt.returned", RECOURSE_ROLE_CUSTODIAN},
	{"estate.open", RECOURSE_ROLE_OPERATOR},
	{"estate.end", RECOURSE_ROLE_OPERATOR},
	{"estate.confirm", RECOURSE_ROLE_OPERATOR},
	{"estate.give_back", RECOURSE_ROLE_CUSTODIAN},
	{"estate.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR},
	{"estate.accept", RECOURSE_ROLE_OPERATOR},
	{"contact.record", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"note.unseal", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER},
	{"note.erase", RECOURSE_ROLE_OPERATOR},
	{"legal_hold.place", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER},
	{"legal_hold.release", RECOURSE_ROLE_OPERATOR},
	{"evidence.receive", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"evidence.add", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"evidence.waive", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"evidence.ask", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"evidence.request", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"evidence.answer", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR},
	{"evidence.reverse", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"team.publish", RECOURSE_ROLE_ADMIN},
	{"promise.make", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"promise.keep", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"promise.withdraw", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"claim.hand_over", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_ADMIN},
	{"claim.take", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"claim.prioritise", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"flag.clear", RECOURSE_ROLE_OPERATOR},
	{"watch.publish", RECOURSE_ROLE_ADMIN},
	{"payee.register", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR},
	{"payee.change", RECOURSE_ROLE_OPERATOR},
	{"payee.close", RECOURSE_ROLE_OPERATOR},
	{"bank_file.begin", RECOURSE_ROLE_CUSTODIAN},
	{"bank_file.piece", RECOURSE_ROLE_CUSTODIAN},
	{"bank_file.end", RECOURSE_ROLE_CUSTODIAN},
	{"bank_file.give_up", RECOURSE_ROLE_CUSTODIAN},
	{"bank_file.explain", RECOURSE_ROLE_APPROVER},
	{"rail.publish", RECOURSE_ROLE_ADMIN},
	{"batch.make", RECOURSE_ROLE_OPERATOR},
	{"batch.check", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER},
	{"batch.withdraw", RECOURSE_ROLE_OPERATOR},
	{"batch.sent", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_CUSTODIAN},
	{"batch.sent_reverse", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_CUSTODIAN},
};

/* What a merchant may say: that it leaves, appeals, takes back what is not required, answers what it was asked, agrees. */
static const char *const merchants[] = {"exit.request", "withdrawal.request", "withdrawal.cancel",
	"appeal.lodge", "evidence.answer", "claim.answer", "claim.agree", "hearing.reverse"};

static void check_roles(const char *name, uint32_t roles)
{
	const struct recourse_method *method = recourse_method_find(name, strlen(name));
	assert_non_null(method);
	assert_int_equal(method->kind, RECOURSE_METHOD_COMMAND);
	assert_int_equal(method->roles, roles);
	/* what is given up is given up by two, and who was late is let in; rules are changed, a clock that jumped is
	   believed, what ended begins again, what was booked is taken back, and what nobody knows is named, by two */
	static const char *const by_two[] = {"write_off.record", "liability.release", "instrument.refuse",
		"claim.reopen", "claim.void", "claim.admit", "rule.adopt", "clock.confirm", "payout.cancel",
		"incident.reopen", "incident.cancel", "receipt.identify", "receipt.send_back", "receipt.keep",
		"estate.end", "liability.reapportion", "appeal.redecide", "payout.unsettle", "note.erase",
		"legal_hold.release", "evidence.add", "evidence.waive", "promise.withdraw", "claim.correct",
		"payee.change", "payee.close", "bank_file.give_up", "payout.report_reverse",
		"payout.unclaimed", "batch.withdraw", "batch.sent_reverse", "recovery.set_off",
		"advance.give_up", "advance.take_on"};
	unsigned approvals = strstr(name, ".reverse") != NULL;
	for (size_t index = 0; index < sizeof by_two / sizeof by_two[0]; index++)
		approvals += strcmp(name, by_two[index]) == 0;
	assert_int_equal(method->approvals, approvals);
	assert_int_equal(method->roles & RECOURSE_ROLE_AUDITOR, 0);
	bool own = false;
	for (size_t index = 0; index < sizeof merchants / sizeof merchants[0]; index++)
		own |= strcmp(name, merchants[index]) == 0;
	assert_int_equal((method->roles & RECOURSE_ROLE_MERCHANT) != 0, own);
}

static void test_roles(void **state)
{
	size_t commands = 0;
	while (area_command_at(commands) != NULL)
		commands++;
	assert_int_equal(commands, sizeof plan / sizeof plan[0]);
	for (size_t index = 0; index < commands; index++)
		check_roles(plan[index].name, plan[index].roles);
}

/* What is said is sealed for the entry that says it: once in a command, never in a list, not where others must agree first. */
static void test_notes(void **state)
{
	size_t with = 0;
	for (size_t index = 0; area_command_at(index) != NULL; index++) {
		const struct recourse_method *method = &area_command_at(index)->method;
		size_t notes = 0;
		for (size_t field = 0; field < method->field_count; field++) {
			notes += method->fields[field].type == RECOURSE_FIELD_NOTE;
			for (size_t member = 0; member < method->fields[field].member_count; member++)
				assert_int_not_equal(
					method->fields[field].members[member].type, RECOURSE_FIELD_NOTE);
		}
		assert_true(notes == 0 || (notes == 1 && method->approvals == 0));
		with += notes;
	}
	assert_true(with > 0);
}

/* What is set strikes: every kind has a name, and an area that says what it does. */
static void test_clocks(void **state)
{
	for (enum clock_kind kind = 0; kind < CLOCK_KINDS; kind++) {
		assert_non_null(clock_name_kinds[kind]);
		assert_non_null(area_clock(kind));
	}
}

static void test_role_names(void **state)
{
	static const char *const names[] = {"admin", "operator", "approver", "agent", "custodian", "merchant",
		"funder", "auditor", "system", "consumer", "liable-party"};
	for (size_t index = 0; index < 11; index++)
		assert_string_equal(recourse_role_names[index], names[index]);
	assert_null(recourse_role_names[11]);
	assert_int_equal(RECOURSE_ROLE_SYSTEM, 1 << 8);
	assert_int_equal(RECOURSE_ROLE_CONSUMER, 1 << 9);
	assert_int_equal(RECOURSE_ROLE_LIABLE_PARTY, 1 << 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_kinds_and_help),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_role_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
