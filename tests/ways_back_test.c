/* SPDX-License-Identifier: Apache-2.0 */
#include "property_words.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recourse_schema.h"
#include "rule/booked.h"
#include "rule/rule.h"

/*
 * Every command that moves value, and by what a slip of it is taken back. Where that is no correction of its own, it is a
 * step of the same life by which the value goes back; NULL: nothing does, for the reason given.
 */
static const struct {
	const char *name;
	const char *back;
	const char *reason;
} ways[] = {
	{"deposit.receive", "deposit.reverse", NULL},
	{"deposit.bounce", "deposit.reverse", NULL},
	{"deposit.hold", "deposit.reverse", NULL},
	{"deposit.release", "deposit.hold", NULL},
	{"withdrawal.request", "withdrawal.cancel", NULL},
	{"withdrawal.cancel", "withdrawal.request", NULL},
	{"withdrawal.pay", "withdrawal.reverse", NULL},
	{"exit.request", "exit.reverse", NULL},
	{"exit.refund", "exit.reverse", NULL},
	{"exit.retain", "exit.release_item", NULL},
	{"exit.release_item", "exit.retain", NULL},
	{"entitlement.issue", "entitlement.reverse", NULL},
	{"entitlement.consume", "entitlement.reverse", NULL},
	{"claim.file", "claim.withdraw", NULL},
	{"claim.withdraw", "claim.reopen", NULL},
	{"claim.move", "claim.move", NULL},
	{"claim.decide", "claim.reopen", NULL},
	{"claim.reopen", "claim.decide", NULL},
	{"claim.agree", "claim.reopen", NULL},
	{"ruling.judge", "claim.reopen", NULL},
	{"claim.void", NULL, "by two people, and for good"},
	{"advance.give_up", "advance.take_on", NULL},
	{"advance.take_on", "advance.give_up", NULL},
	{"elsewhere.record", "elsewhere.reverse", NULL},
	{"clawback.receive", "clawback.reverse", NULL},
	{"instrument.register", "instrument.reverse", NULL},
	{"instrument.renew", "instrument.reverse", NULL},
	{"instrument.cancel", "instrument.reverse", NULL},
	{"instrument.call", "instrument.reverse", NULL},
	{"instrument.pay", "instrument.reverse", NULL},
	{"instrument.return", "instrument.reverse", NULL},
	{"instrument.refuse", "instrument.reverse", NULL},
	{"incident.declare", "incident.cancel", NULL},
	{"incident.close", "incident.reopen", NULL},
	{"incident.reopen", "incident.close", NULL},
	{"incident.cancel", "incident.declare", NULL},
	{"claim.admit", "claim.withdraw", NULL},
	{"receipt.record", "bank.reverse", NULL},
	{"receipt.identify", NULL, "by two people, and by what takes back the command that it stands for"},
	{"receipt.send_back", "receipt.keep", NULL},
	{"receipt.keep", "receipt.send_back", NULL},
	{"receipt.returned", "bank.reverse", NULL},
	{"estate.confirm", "estate.reverse", NULL},
	{"estate.give_back", "estate.reverse", NULL},
	{"distribution.approve", "distribution.reverse", NULL},
	{"funding.receive", "funding.reverse", NULL},
	{"funding.bounce", "funding.reverse", NULL},
	{"payout.instruct", "payout.cancel", NULL},
	{"payout.settle", "payout.unsettle", NULL},
	{"payout.unsettle", "payout.settle", NULL},
	{"payout.return", "payout.reverse", NULL},
	{"payout.report", "payout.report_reverse", NULL},
	{"payout.report_reverse", "payout.report", NULL},
	{"payout.unclaimed", "payout.cancel", NULL},
	{"payout.reissue", "payout.cancel", NULL},
	{"surplus.pay", "recourse.reverse", NULL},
	{"appeal.decide", "appeal.redecide", NULL},
	{"appeal.redecide", "appeal.redecide", NULL},
	{"appeal.fund", "appeal.reverse", NULL},
	{"liability.apportion", "liability.reapportion", NULL},
	{"liability.reapportion", "liability.reapportion", NULL},
	{"liability.extend", NULL, "it books what is so"},
	{"liability.respread", "liability.pursue", NULL},
	{"liability.pursue", "liability.respread", NULL},
	{"liability.release", "recourse.reverse", NULL},
	{"recovery.receive", "recourse.reverse", NULL},
	{"recovery.allocate", NULL, "it books what is so, and goes back with its receipt"},
	{"recovery.bounce", "recourse.reverse", NULL},
	{"recovery.remit", "recourse.reverse", NULL},
	{"recovery.set_off", "recourse.reverse", NULL},
	{"repayment.receive", "recourse.reverse", NULL},
	{"cost.record", "recourse.reverse", NULL},
	{"interest.adjudge", "recourse.reverse", NULL},
	{"write_off.record", "recourse.reverse", NULL},
	{"bank.line", "bank.reverse", NULL},
	{"bank.fee", "bank.reverse", NULL},
	{"bank.fee_repaid", "bank.reverse", NULL},
	{"bank.interest", "bank.reverse", NULL},
	{"bank.interest_paid", "bank.reverse", NULL},
	{"payout.cancel", "payout.instruct", NULL},
};

/* They move nothing: what they say is published, registered, attested of a day, judged or proposed. */
static const char *const moves_nothing[] = {"ledger.open", "party.register", "key.register", "key.revoke",
	"key.rotate", "unit.define", "policy.publish", "calendar.publish", "offer.record", "offer.accept",
	"proposal.reject", "reason.publish", "control.publish", "break_glass.review", "rule.adopt",
	"custody.attest", "custody.resolve", "custody.place", "clock.advance", "clock.hold", "clock.release",
	"clock.confirm", "estate.open", "estate.accept", "estate.end", "requirement.publish",
	"requirement.assign", "requirement.end", "issuer.classify", "coverage.publish", "signal.raise",
	"signal.clear", "appeal.lodge", "appeal.stay", "team.publish", "claim.hand_over", "claim.take",
	"claim.prioritise", "claim.correct", "promise.make", "promise.keep", "promise.withdraw",
	"contact.record", "flag.clear", "watch.publish",
	/* by payee.close; by the same words with what it was; by registering another one */
	"payee.register", "payee.change", "payee.close", "rail.publish",
	/* by batch.withdraw, batch.sent_reverse */
	"batch.make", "batch.check", "batch.withdraw", "batch.sent", "batch.sent_reverse", "note.unseal",
	"note.erase", "legal_hold.place", "legal_hold.release",
	/* a slip of these is taken back all the same: evidence.reverse */
	"evidence.receive", "evidence.add", "evidence.waive", "evidence.ask", "evidence.request",
	"evidence.answer",
	/* and of these: hearing.reverse, of a closing claim.reopen */
	"claim.answer", "claim.propose", "ruling.serve", "ruling.appeal", "claim.close",
	/* what moves is of the commands beside a piece; a file is given up by bank_file.give_up, which frees it to come again */
	"bank_file.begin", "bank_file.piece", "bank_file.end", "bank_file.give_up", "bank_file.explain"};

/* Nor do these by themselves: what moves is another command's, or a rule's whose time has come. */
static const char *const carries_out[] = {"proposal.approve", "break_glass.use", "clock.fire"};

static bool is_among(const char *const *names, size_t count, const char *name)
{
	size_t row = 0;
	while (row < count && strcmp(names[row], name) != 0)
		row++;
	return row < count;
}
#define IS_AMONG(names, name) is_among(names, sizeof(names) / sizeof *(names), name)

static bool moves(const char *name)
{
	/* the last is a way back itself, and goes back by itself */
	return !IS_AMONG(moves_nothing, name) && !IS_AMONG(carries_out, name) &&
	       strstr(name, ".reverse") == NULL;
}

static size_t find(const char *name)
{
	size_t row = 0;
	while (row < sizeof ways / sizeof ways[0] && strcmp(ways[row].name, name) != 0)
		row++;
	return row;
}

static void test_every_command(void **state)
{
	size_t found = 0;
	for (size_t index = 0; area_command_at(index) != NULL; index++) {
		const char *name = area_command_at(index)->method.name;
		if (!moves(name))
			continue;
		if (find(name) == sizeof ways / sizeof ways[0])
			fail_msg("%s moves value, and nobody says what takes it back", name);
		found++;
	}
	assert_int_equal(found, sizeof ways / sizeof ways[0]);
}

static bool is_said(const char *name)
{
	const size_t size = strlen(name);
	for (const struct words_template *said = words_templates; said->text != NULL; said++) {
		if (strncmp(said->text, name, size) == 0 && said->text[size] == ' ')
			return true;
	}
	return false;
}

static bool is_left_out(const char *name)
{
	const char *const *left_out = words_left_out;
	while (*left_out != NULL && strcmp(*left_out, name) != 0)
		left_out++;
	return *left_out != NULL;
}

/* Random commands (property_test.c) reach each of them, or it is said that they do not. */
static void test_every_command_is_said(void **state)
{
	for (size_t row = 0; row < sizeof ways / sizeof ways[0]; row++) {
		if (is_said(ways[row].name) == is_left_out(ways[row].name))
			fail_msg("%s moves value, and is in no template, or left out and in one",
				ways[row].name);
	}
	for (const char *const *name = words_left_out; *name != NULL; name++)
		assert_true(find(*name) < sizeof ways / sizeof ways[0]);
}

static void test_every_way(void **state)
{
	for (size_t row = 0; row < sizeof ways / sizeof ways[0]; row++) {
		const char *back = ways[row].back;
		assert_true((back == NULL) != (ways[row].reason == NULL));
		if (back != NULL)
			assert_non_null(recourse_method_find(back, strlen(back)));
	}
}

/* What keeps a row to be taken back by has a correction that needs a second person, and nothing else has. */
static void test_every_correction(void **state)
{
	bool kept[sizeof ways / sizeof ways[0]] = {false};
	for (size_t kind = 0; booked_kind_names[kind] != NULL; kind++) {
		size_t row = find(booked_kind_names[kind]);
		assert_true(row < sizeof ways / sizeof ways[0]);
		assert_non_null(ways[row].back);
		assert_int_equal(recourse_method_find(ways[row].back, strlen(ways[row].back))->approvals, 1);
		kept[row] = true;
	}
	kept[find("receipt.record")] = true; /* it states a line, and keeps the row of bank.line */
	kept[find("deposit.bounce")] = true; /* a correction of what was received, and its row */
	kept[find("funding.bounce")] = true;
	for (size_t row = 0; row < sizeof ways / sizeof ways[0]; row++) {
		if (ways[row].back != NULL && strstr(ways[row].back, ".reverse") != NULL)
			assert_true(kept[row]);
	}
}

/* No example of the published document, in which each command is said once, has a balance that such a command moved. */
static void test_moves_nothing(void **state)
{
	static const char head[] = "{\"method\":\"";
	FILE *file = fopen("api/examples.json", "r");
	char *line = NULL;
	size_t room = 0;
	size_t found = 0;
	assert_non_null(file);
	while (getline(&line, &room, file) > 0) {
		char *name = line + sizeof head - 1;
		if (strncmp(line, head, sizeof head - 1) != 0)
			continue;
		char *rest = strchr(name, '"');
		assert_non_null(rest);
		*rest++ = '\0';
		if (!IS_AMONG(moves_nothing, name))
			continue;
		if (strstr(rest, "\"balances\":[{") != NULL)
			fail_msg("%s moves value, and is said to move none", name);
		found++;
	}
	free(line);
	assert_int_equal(fclose(file), 0);
	assert_true(found > sizeof moves_nothing / sizeof moves_nothing[0] / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_command),
		cmocka_unit_test(test_every_command_is_said),
		cmocka_unit_test(test_moves_nothing),
		cmocka_unit_test(test_every_way),
		cmocka_unit_test(test_every_correction),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
