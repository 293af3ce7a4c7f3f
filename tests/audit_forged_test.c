/* SPDX-License-Identifier: Apache-2.0 */
#include "forge.h"

#include "books/record_account.h"
#include "books/record_agreement.h"
#include "books/record_claim.h"
#include "books/record_incident.h"
#include "books/record_party.h"
#include "books/record_policy.h"
#include "books/account.h"
#include "base/instant.h"
#include "mislead.h"
#include "rule/publish.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * Two ways to cheat that leave a log in perfect order. The first: what the service answered by refusing, and what
 * has no entry, is changed afterwards. The second: the state is doctored, and the service, whose code is as it
 * should be, decides what it would have refused; the log is then what it wrote itself.
 */
#define PARTY_Q                                                                                              \
	"{\"mode\":\"all\",\"commands\":[{\"command\":\"party.register\",\"party\":\"Q\",\"kinds\":["        \
	"\"merchant\"]}]}"
#define NOT_WHAT_FOLLOWS MISLEAD_FIGURES

/* ---- requests that were refused ---- */

static size_t find_refused(const struct forge *forge, size_t after, struct submission *submission)
{
	for (size_t index = after; index < forge->request_count; index++) {
		assert_ok(submission_decode(forge->requests[index], submission));
		if (submission->accepted == 0)
			return index;
	}
	fail();
	return 0;
}

/* As the forger's tools do it, who knows how records are linked: the salts of what follows give him away. */
static void test_refused_request_removed(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	forge_remove_request(forge, find_refused(forge, 0, &submission));
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refused_request_removed_and_not_linked(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	forge_remove_request(forge, find_refused(forge, 0, &submission));
	forge->rechain = false;
	forge_expect(forge, submission.first_entry, "does not follow the request before it");
}

static void test_refused_requests_swapped(void **state)
{
	struct forge *forge = *state;
	struct submission first;
	struct submission second;
	size_t index = find_refused(forge, 0, &first);
	size_t next = find_refused(forge, index + 1, &second);
	uint64_t time = first.time;
	uint64_t received = first.received;
	assert_int_equal(next, index + 1);
	first.received = second.received;
	second.received = received;
	first.time = second.time;
	second.time = time;
	forge_replace_request(forge, index, &first);
	forge_replace_request(forge, next, &second);
	slice bytes = forge->requests[index];
	forge->requests[index] = forge->requests[next];
	forge->requests[next] = bytes;
	forge_expect(forge, first.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refused_request_dated_back(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 0, &submission);
	submission.time--;
	submission.received--;
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refused_request_of_another_salt(void **state)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {1, 2, 3};
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 0, &submission);
	submission.salt = slice_of(salt, sizeof salt);
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

static void test_refusal_hushed_up(void **state)
{
	static const uint8_t none[] = {0x80};
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 0, &submission);
	submission.refusals = slice_of(none, sizeof none);
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, "command 0 should have been refused: NOT_FOUND claim");
}

/* Something else in its place, signed by its maker: refused as well, so that nothing else would show. */
static void test_refused_request_replaced(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	char expires[INSTANT_TEXT_SIZE];
	char payload[1024];
	size_t index = find_refused(forge, 0, &submission);
	instant_format(submission.time + INSTANT_HOUR, expires);
	snprintf(payload, sizeof payload,
		"{\"method\":\"submit\",\"origin\":\"%s\",\"request\":\"innocent\",\"expires\":\"%s\","
		"\"params\":"
		"{\"mode\":\"all\",\"commands\":[" FORGE_REFUSED "]}}",
		forge->kit->origin, expires, "nobody-3");
	forge_sign(forge, "maker", slice_text(payload), &submission, handle, signature);
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, NOT_WHAT_FOLLOWS);
}

/* Signed with a far expiry, to be dated as it suits: the service refuses it, and so does the audit. */
static void test_signed_long_before(void **state)
{
	struct forge *forge = *state;
	struct submission submission = {0};
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	uint8_t salt[RECOURSE_SALT_SIZE] = {0};
	uint64_t time = forge->head.time + 1;
	char *payload = kit_payload(forge->kit, "kept", PARTY_Q, time + 25 * INSTANT_HOUR);
	submission.time = time;
	submission.received = time;
	submission.salt = slice_of(salt, sizeof salt);
	submission.refusals = slice_of((const uint8_t *)"\x80", 1);
	forge_sign(forge, "admin", slice_text(payload), &submission, handle, signature);
	forge_add_request(forge, &submission);
	forge_expect(forge, forge->entry_count, "FIELD_LIMIT");
	free(payload);
}

/* The clock of the service put back behind what it let in. */
static void test_clock_put_back_by_two_days(void **state)
{
	struct kit *kit = *state;
	struct recourse_request *request = NULL;
	struct recourse_bytes result = {0};
	const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	uint64_t now = kit->now;
	kit->now += 2 * INSTANT_DAY;
	char *payload = kit_payload(kit, "late", PARTY_Q, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, "admin", payload, &request));
	assert_ok(recourse_ledger_commit(kit->ledger, &request, 1, now, salts));
	assert_error(
		recourse_request_reply(kit->ledger, request, &result, &kit->refusal), RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "expires");
	recourse_request_release(request);
	kit->now += INSTANT_SECOND;
	/* nothing is recorded, so the same bytes are accepted when the clock is right again */
	char *reply = NULL;
	assert_ok(kit_send(kit, "admin", payload, &reply));
	free(reply);
	free(payload);
	kit_audit(kit);
}

/* A clock that stands back lets in what had expired: allowed, since clocks are wrong at times, and counted. */
static void test_clock_that_stands_back_is_counted(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit_options options = {.directory = kit->directory.path};
	struct recourse_audit report;
	char *expired = kit_payload(kit, "kept", PARTY_Q, kit->now + INSTANT_HOUR);
	uint64_t signed_at = kit->now;
	kit->now += 30 * INSTANT_DAY;
	kit_play(kit, "admin party.register party=R kinds=merchant");
	assert_error(kit_send(kit, "admin", expired, NULL), RECOURSE_REQUEST_EXPIRED);
	kit->now = signed_at;
	assert_ok(kit_send(kit, "admin", expired, NULL));
	free(expired);
	recourse_ledger_close(kit->ledger);
	kit->ledger = NULL;
	assert_ok(recourse_ledger_audit(&options, &report));
	assert_int_equal(report.behind, 1);
	assert_true(report.most_behind > 29 * INSTANT_DAY && report.most_behind < 31 * INSTANT_DAY);
	assert_true(report.test);
}

static void test_received_changed(void **state)
{
	struct forge *forge = *state;
	struct submission submission;
	size_t index = find_refused(forge, 1, &submission);
	submission.received--;
	forge_replace_request(forge, index, &submission);
	forge_expect(forge, submission.first_entry, "does not follow from when it was received");
}

/* ---- a service led astray ---- */

static void give_role(struct state_view *view, const char *name, uint32_t roles)
{
	struct record_path path = mislead_key_path(name);
	struct record_key key;
	assert_ok(record_get(view, &path, &key, sizeof key));
	key.roles = roles;
	key.revoked = 0;
	key.revoked_entry = 0;
	mislead_put(view, &path, &key, sizeof key);
}

static void let_maker_attest_cash(struct state_view *view)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, slice_text("bank"));
	struct record_party bank;
	struct record_key key;
	give_role(view, "maker", RECOURSE_ROLE_CUSTODIAN);
	assert_ok(record_get(view, &path, &bank, sizeof bank));
	path = mislead_key_path("maker");
	assert_ok(record_get(view, &path, &key, sizeof key));
	key.party = bank.number;
	mislead_put(view, &path, &key, sizeof key);
}

static void restore_payer(struct state_view *view)
{
	give_role(view, "payer", RECOURSE_ROLE_OPERATOR);
}

static void add_balance(struct state_view *view, enum chart_code code, const char *party,
	const char *reference, int64_t steps)
{
	struct record_path path =
		account_path(code, slice_text(party), slice_text(reference), slice_text("CNY"));
	struct record_account account;
	assert_ok(record_get(view, &path, &account, sizeof account));
	account.balance += steps;
	mislead_put(view, &path, &account, sizeof account);
}

static void raise_deposit(struct state_view *view)
{
	add_balance(view, CHART_DEPOSIT, "M", "", -100000);
}

static void forget_request(struct state_view *view)
{
	struct record_path path = record_path_of_short(RECORD_REQUEST, 1);
	record_path_text(&path, slice_text("once"));
	assert_ok(state_remove(view, record_path_slice(&path)));
}

static void forget_bank_line(struct state_view *view)
{
	struct record_path path;
	record_path_start(&path, RECORD_BANK_LINE);
	record_path_text(&path, slice_text("bank"));
	record_path_text(&path, slice_text("in-deposit"));
	assert_ok(state_remove(view, record_path_slice(&path)));
}

/* I8: the claim waits for its payment again, and there is money for it. */
static void forget_settlement(struct state_view *view)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, slice_text("claim-B"));
	struct record_claim claim;
	assert_ok(record_get(view, &path, &claim, sizeof claim));
	claim.state = CLAIM_PAYING;
	claim.payout = PAYOUT_INSTRUCTED;
	claim.paid = 0;
	mislead_put(view, &path, &claim, sizeof claim);
	add_balance(view, CHART_TRANSIT, "", "fuel-2016", -claim.deposit_part - claim.advance_part);
	add_balance(view, CHART_CASH, "bank", "", claim.deposit_part + claim.advance_part);
	add_balance(view, CHART_INCHOATE, "", "fuel-2016", claim.advance_part);
}

/* E1: the scheme is another one, under the same version. */
static void change_policy(struct state_view *view)
{
	struct record_path path = publish_path(RECORD_POLICY, slice_text("fuel-card"), 1);
	struct record_policy policy;
	assert_ok(record_get(view, &path, &policy, sizeof policy));
	policy.scheme = POLICY_PERCENTAGE;
	policy.rate = 5000;
	mislead_put(view, &path, &policy, sizeof policy);
}

static void forget_who_filed(struct state_view *view)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, slice_text("mine"));
	struct record_claim claim;
	assert_ok(record_get(view, &path, &claim, sizeof claim));
	claim.filer = 3; /* the agent */
	mislead_put(view, &path, &claim, sizeof claim);
}

static void invent_evidence(struct state_view *view)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, slice_text("card-X"));
	struct record_entitlement card;
	assert_ok(record_get(view, &path, &card, sizeof card));
	card.evidence = EVIDENCE_ABSENT;
	mislead_put(view, &path, &card, sizeof card);
}

static void open_window_again(struct state_view *view)
{
	struct record_path path = record_path_of_short(RECORD_INCIDENT, 1);
	struct record_incident incident;
	assert_ok(record_get(view, &path, &incident, sizeof incident));
	incident.bar_date += 365 * INSTANT_DAY;
	mislead_put(view, &path, &incident, sizeof incident);
}

#define ISSUE_X                                                                                              \
	"maker entitlement.issue entitlement=card-X holder=h issuer=Y merchant=M channel=app unit=L "        \
	"quantity=1.000 cost=5.00 currency=CNY\n"
#define CONSUME_X "maker entitlement.consume entitlement=card-X evidence=absent source=Y evidence_hash=ab*\n"
#define FILE_X    "claim.file incident=fuel-2016 entitlement=card-X channel=app claim="
#define DECIDE_X  "maker claim.decide outcome=approve basis_hash=ab* claim="
#define DEPOSIT   "deposit.receive merchant=M amount=5.00 unit=CNY bank_reference="
/* What is refused by an honest service (`error`), and done by one whose state was doctored. */
static const struct cheat {
	const char *title;
	int last_step;
	const char *before; /* what is in order */
	const char *line;
	const char *error; /* NULL: it is not refused */
	doctor *change;
} cheats[] = {
	{"cash by a key that is no custodian's", 1, "", "maker " DEPOSIT "x", "ROLE_MISSING",
		let_maker_attest_cash},
	{"a revoked key", 4, "admin key.revoke key=@payer reason=left", "payer payout.instruct claim=claim-A",
		"KEY_REVOKED", restore_payer},
	{"more than is available", 1, "",
		"maker deposit.hold hold=h merchant=M amount=100000.01 unit=CNY reason=signal",
		"INSUFFICIENT", raise_deposit},
	{"a line of the bank twice", 1, "", "bank " DEPOSIT "in-deposit", "EXISTS", forget_bank_line},
	{"a claim paid twice", 6, "", "bank payout.settle claim=claim-B", "STATE_WRONG", forget_settlement},
	{"decided by who took it in", 2, ISSUE_X CONSUME_X "maker " FILE_X "mine", DECIDE_X "mine",
		"SAME_PERSON", forget_who_filed},
	{"consumption without evidence", 2, ISSUE_X "boss " FILE_X "x", DECIDE_X "x", "EVIDENCE_MISSING",
		invent_evidence},
	{"after the bar date", 2, ISSUE_X CONSUME_X "wait 365 days without clocks", "agent " FILE_X "late",
		"WINDOW_CLOSED", open_window_again},
	{"another scheme afterwards", 2, ISSUE_X CONSUME_X "boss " FILE_X "x", DECIDE_X "x", NULL,
		change_policy},
};

static void try_cheat(const struct cheat *cheat)
{
	void *state;
	kit_setup(&state);
	struct kit *kit = state;
	print_message("  %s\n", cheat->title);
	kit_golden_steps(kit, 1, cheat->last_step);
	kit_play(kit, "%s", cheat->before);
	/* the audit says why, where a reason is what is missing */
	if (cheat->error == NULL)
		mislead_figures(kit, cheat->line, cheat->change);
	else
		mislead_refused(kit, cheat->error, cheat->line, cheat->change);
	kit_teardown(&state);
}

static void test_cheats(void **state)
{
	(void)state;
	for (size_t index = 0; index < sizeof cheats / sizeof cheats[0]; index++)
		try_cheat(&cheats[index]);
}

/* H5: the same request carried out twice, since the service was made to forget it. */
static void test_request_forgotten(void **state)
{
	static const char once[] =
		"maker [once] cost.record incident=fuel-2016 amount=7.00 reason=fee evidence_hash=ab*";
	struct kit *kit = *state;
	kit_golden_steps(kit, 1, 2);
	kit_play(kit, "%s", once);
	uint64_t first = kit->last_entry;
	kit_play(kit, "%s", once);
	assert_int_equal(kit->last_entry, first);
	mislead(kit, forget_request);
	kit_play(kit, "%s", once);
	assert_int_equal(kit->last_entry, first + 1);
	mislead_found(kit, first + 1, "repeats request");
}

/* H2: the proposal's maker approves it himself, under another number. */
static void make_stranger(struct state_view *view)
{
	struct record_path prefix = record_path_of(RECORD_PROPOSAL);
	struct record_path path = prefix;
	struct record_proposal record;
	{
		SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
		assert_true(record_walk_next(&walk, &record, sizeof record));
		record_path_number(&path, walk.key.parts[0].number);
	}
	record.maker = 1;
	mislead_put(view, &path, &record, sizeof record);
	give_role(view, "maker", RECOURSE_ROLE_APPROVER);
}

static void test_maker_approves(void **state)
{
	struct kit *kit = *state;
	kit_golden_steps(kit, 1, 14);
	kit_play(kit, "maker write_off.record write_off=wo incident=fuel-2016 party=M reason=friend");
	mislead_refused(kit, "ROLE_MISSING", "maker proposal.approve proposal=$last", make_stranger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORGE_TEST(test_refused_request_removed),
		FORGE_TEST(test_refused_request_removed_and_not_linked),
		FORGE_TEST(test_refused_requests_swapped),
		FORGE_TEST(test_refused_request_dated_back),
		FORGE_TEST(test_refused_request_of_another_salt),
		FORGE_TEST(test_refusal_hushed_up),
		FORGE_TEST(test_refused_request_replaced),
		FORGE_TEST(test_signed_long_before),
		KIT_TEST(test_clock_put_back_by_two_days),
		KIT_TEST(test_clock_that_stands_back_is_counted),
		FORGE_TEST(test_received_changed),
		cmocka_unit_test(test_cheats),
		KIT_TEST(test_request_forgotten),
		KIT_TEST(test_maker_approves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
