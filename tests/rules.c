/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/instant.h"
#include "audit/checks.h"
#include "proof/key.h"
#include "ledger.h"
#include "base/transcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

int rules_setup(void **state)
{
	struct kit *kit = malloc(sizeof *kit);
	assert_non_null(kit);
	kit_start(kit);
	kit_golden(kit);
	kit_accept(kit, "admin",
		"{\"command\":\"party.register\",\"party\":\"bank-2\",\"kinds\":[\"custodian\"]},"
		"{\"command\":\"party.register\",\"party\":\"N\",\"kinds\":[\"merchant\"]}");
	kit_key(kit, "teller", "bank-2", "[\"custodian\"]");
	kit_key(kit, "n", "N", "[\"merchant\"]");
	kit_key(kit, "boss", "P", "[\"agent\",\"operator\"]");
	*state = kit;
	return 0;
}

int rules_teardown(void **state)
{
	kit_end(*state);
	free(*state);
	return 0;
}

static void stand(const struct kit *kit, struct recourse_standing *standing)
{
	memset(standing, 0, sizeof *standing);
	assert_ok(recourse_ledger_standing(kit->ledger, standing));
}

void rules_digest(const struct kit *kit, uint8_t digest[static 32])
{
	struct recourse_standing standing;
	stand(kit, &standing);
	memcpy(digest, standing.facts, sizeof standing.facts);
}

char *rules_describe(const struct kit *kit, uint64_t entry)
{
	struct log_snapshot *log = NULL;
	struct buffer item = {0};
	struct buffer json = {0};
	slice bytes;
	assert_ok(log_snapshot_open(kit->ledger->log, &log));
	assert_ok(log_read_entry(log, entry, &bytes));
	assert_ok(entry_describe(bytes, &item));
	assert_ok(transcode_to_json(buffer_slice(&item), TRANSCODE_COMPACT, &json));
	buffer_append(&json, "", 1);
	log_snapshot_close(log);
	buffer_free(&item);
	return (char *)json.data;
}

void rules_says(const struct kit *kit, const char *text)
{
	char *entry = rules_describe(kit, kit->last_entry);
	bool says = strstr(entry, text) != NULL;
	if (!says)
		print_message("the last entry does not say %s: %s\n", text, entry);
	free(entry);
	assert_true(says);
}

void rules_approve(struct kit *kit)
{
	kit_accept(kit, "checker", "{\"command\":\"proposal.approve\",\"proposal\":%llu}",
		(unsigned long long)kit->last_entry);
}

void rules_audit_twice(struct kit *kit)
{
	kit_audit(kit);
	kit_reopen(kit, true);
	kit_audit(kit);
}

void rules_invariants(const struct kit *kit, const char *text)
{
	struct arena arena = {0};
	struct check_context check = {
		.state = state_writer(kit->ledger->state), .arena = &arena, .entries = rules_entries(kit)};
	enum recourse_error error = checks_run(&check);
	assert_error(error, text == NULL ? RECOURSE_OK : RECOURSE_AUDIT_FAILED);
	bool says = text == NULL || strstr(check.what, text) != NULL;
	if (!says)
		print_message("the audit does not say %s: %s\n", text, check.what);
	assert_true(says);
	arena_free(&arena);
	state_discard(check.state);
}

uint64_t rules_entries(const struct kit *kit)
{
	return kit->ledger->head.entries;
}

static void expect_same(const struct kit *kit, const struct recourse_standing *before)
{
	struct recourse_standing after;
	stand(kit, &after);
	assert_int_equal(before->entries, after.entries);
	assert_memory_equal(before, &after, sizeof after);
}

/* In mode `each` what the rules refuse stands among the results; what can not be read is refused whole. */
static void refuse_each(struct kit *kit, enum recourse_error expected, const char *key, const char *command)
{
	char id[32];
	char *params = NULL;
	char *reply = NULL;
	snprintf(id, sizeof id, "each-%llu", (unsigned long long)++kit->requests);
	assert_true(asprintf(&params, "{\"mode\":\"each\",\"commands\":[%s]}", command) >= 0);
	enum recourse_error error = kit_request(kit, key, id, params, &reply);
	free(params);
	if (error != RECOURSE_OK) {
		assert_error(error, expected);
		return;
	}
	const char *accepted = strstr(reply, "\"accepted\":0,");
	char number[20];
	snprintf(number, sizeof number, "\"error\":%d", (int)expected);
	const char *result = strstr(reply, number);
	if (accepted == NULL || result == NULL)
		print_message("mode each: %s\n%s\n", command, reply);
	assert_non_null(accepted);
	assert_non_null(result);
	free(reply);
}

void rules_refuse(struct kit *kit, enum recourse_error expected, const char *field, const char *key,
	const char *format, ...)
{
	char *command = NULL;
	char *commands = NULL;
	struct recourse_standing before;
	va_list arguments;
	va_start(arguments, format);
	assert_true(vasprintf(&command, format, arguments) >= 0);
	va_end(arguments);
	assert_true(asprintf(&commands, "[%s]", command) >= 0);
	stand(kit, &before);
	enum recourse_error error = kit_submit(kit, key, commands);
	if (error != expected || (field != NULL && strcmp(field, kit->refusal.field) != 0))
		print_message("%s: %s, field '%s', limit '%s', account '%s', state '%s'\n", commands,
			recourse_error_name(error), kit->refusal.field, kit->refusal.limit,
			kit->refusal.account, kit->refusal.state);
	assert_error(error, expected);
	if (field != NULL)
		assert_string_equal(kit->refusal.field, field);
	struct recourse_refusal refusal = kit->refusal;
	expect_same(kit, &before);
	refuse_each(kit, expected, key, command);
	expect_same(kit, &before);
	kit->refusal = refusal;
	free(commands);
	free(command);
}

char *rules_payload(const struct kit *kit, const char *id, const char *params, uint64_t expires)
{
	char *payload = NULL;
	char time[INSTANT_TEXT_SIZE];
	instant_format(expires, time);
	assert_true(asprintf(&payload,
			    "{\"method\":\"submit\",\"origin\":\"%s\",\"request\":\"%s\",\"expires\":\"%s\","
			    "\"params\":%s}",
			    kit->origin, id, time, params) >= 0);
	return payload;
}

/* The kit's way of making keys: from their names. */
void rules_open_key(const char *origin, const char *name, struct key_secret *key)
{
	struct crypto_hash seed;
	char full[KEY_NAME_SIZE + 1];
	snprintf(full, sizeof full, "%s/%s", origin, name);
	crypto_sha256(slice_text(name), &seed);
	assert_ok(key_open_seed(slice_text(full), seed.bytes, key));
}

void rules_vkey(const char *origin, const char *name, char vkey[static 256])
{
	struct key_secret key;
	assert_true(KEY_TEXT_SIZE <= 256);
	rules_open_key(origin, name, &key);
	key_format(&key.public_key, vkey);
	key_close(&key);
}

void rules_handle(const char *origin, const char *name, char handle[static 256])
{
	rules_vkey(origin, name, handle);
	*strchr(strchr(handle, '+') + 1, '+') = '\0';
}

void rules_rotate(struct kit *kit, const char *signer, const char *old, const char *replacement)
{
	char handle[256];
	char vkey[256];
	rules_handle(kit->origin, old, handle);
	rules_vkey(kit->origin, replacement, vkey);
	kit_accept(kit, signer,
		"{\"command\":\"key.rotate\",\"key\":\"%s\",\"new\":\"%s\",\"reason\":\"routine\"}", handle,
		vkey);
}

void rules_log_vkey(const char *origin, char vkey[static 256])
{
	struct key_secret key;
	struct crypto_hash seed;
	crypto_sha256(slice_text("log"), &seed);
	assert_ok(key_open_seed(slice_text(origin), seed.bytes, &key));
	key_format(&key.public_key, vkey);
	key_close(&key);
}

enum recourse_error rules_prepare(
	struct kit *kit, const char *name, const char *payload, struct recourse_request **request)
{
	struct key_secret key;
	char handle[KEY_HANDLE_SIZE + 1];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	rules_open_key(kit->origin, name, &key);
	key_handle(&key.public_key, handle);
	assert_ok(crypto_key_sign(
		key.signer, slice_text("recourse-request-v1\n"), slice_text(payload), signature));
	key_close(&key);
	struct recourse_signed call = {
		.key = slice_text(handle),
		.payload = slice_text(payload),
		.signature = slice_of(signature, sizeof signature),
	};
	kit->now += INSTANT_SECOND;
	return recourse_request_prepare(kit->ledger, &call, kit->now, request, &kit->refusal);
}

static enum recourse_error read_reply(struct kit *kit, const struct recourse_request *request, char **reply)
{
	struct recourse_bytes result = {0};
	struct buffer json = {0};
	enum recourse_error error = recourse_request_reply(kit->ledger, request, &result, &kit->refusal);
	if (error != RECOURSE_OK || reply == NULL) {
		recourse_bytes_free(&result);
		return error;
	}
	assert_ok(transcode_to_json(slice_of(result.data, result.size), TRANSCODE_COMPACT, &json));
	buffer_append(&json, "", 1);
	recourse_bytes_free(&result);
	*reply = (char *)json.data;
	return RECOURSE_OK;
}

enum recourse_error rules_send(struct kit *kit, const char *key, const char *payload, char **reply)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{7}};
	struct recourse_request *request = NULL;
	enum recourse_error error = rules_prepare(kit, key, payload, &request);
	if (error == RECOURSE_OK) {
		assert_ok(recourse_ledger_commit(kit->ledger, &request, 1, kit->now, salts));
		error = read_reply(kit, request, reply);
	}
	recourse_request_release(request);
	return error;
}

void rules_send_group(struct kit *kit, const char *key, const char *id, const char *const *params,
	size_t count, enum recourse_error *errors, char **replies)
{
	enum { GROUP_MAX = 8 };
	static const uint8_t salts[GROUP_MAX][RECOURSE_SALT_SIZE] = {{1}, {2}, {3}, {4}};
	struct recourse_request *requests[GROUP_MAX] = {NULL};
	assert_true(count <= GROUP_MAX);
	for (size_t index = 0; index < count; index++) {
		char *payload = rules_payload(kit, id, params[index], kit->now + INSTANT_HOUR);
		assert_ok(rules_prepare(kit, key, payload, &requests[index]));
		free(payload);
	}
	assert_ok(recourse_ledger_commit(kit->ledger, requests, count, kit->now, salts));
	for (size_t index = 0; index < count; index++) {
		errors[index] = read_reply(kit, requests[index], &replies[index]);
		recourse_request_release(requests[index]);
	}
}

void rules_refuse_rows(struct kit *kit, const struct rules_row *rows, size_t count)
{
	for (size_t row = 0; row < count; row++)
		rules_refuse(kit, rows[row].error, rows[row].field, rows[row].key, "%s", rows[row].command);
}

void rules_deposit(struct kit *kit, const char *merchant, const char *amount, const char *bank_reference)
{
	kit_accept(kit, "bank",
		"{\"command\":\"deposit.receive\",\"merchant\":\"%s\",\"amount\":\"%s\",\"unit\":\"CNY\","
		"\"bank_reference\":\"%s\"}",
		merchant, amount, bank_reference);
}

void rules_policy(struct kit *kit, const char *policy, const char *scheme, const char *waterfall)
{
	kit_accept(kit, "admin",
		"{\"command\":\"policy.publish\",\"policy\":\"%s\",\"version\":1,\"unit\":\"CNY\",%s,"
		"\"waterfall\":%s}",
		policy, scheme, waterfall);
}

void rules_declare(struct kit *kit, const char *incident, const char *merchant, const char *policy)
{
	kit_accept(kit, "maker",
		"{\"command\":\"incident.declare\",\"incident\":\"%s\",\"merchant\":\"%s\",\"issuer\":\"Y\","
		"\"funder\":\"P\",\"policy\":\"%s\",\"version\":1,\"reason\":\"liquidation\"}",
		incident, merchant, policy);
}

void rules_declare_without_deposit(struct kit *kit, const char *incident, const char *policy)
{
	kit_accept(kit, "maker",
		"{\"command\":\"incident.declare\",\"incident\":\"%s\",\"merchant\":\"M\",\"issuer\":\"Y\","
		"\"funder\":\"P\",\"custodian\":\"bank\",\"policy\":\"%s\",\"version\":1,"
		"\"reason\":\"liquidation\"}",
		incident, policy);
}

void rules_card(struct kit *kit, const char *card, const char *cost)
{
	kit_accept(kit, "maker",
		"{\"command\":\"entitlement.issue\",\"entitlement\":\"%s\",\"holder\":\"h\",\"issuer\":\"Y\","
		"\"merchant\":\"M\",\"channel\":\"app\",\"unit\":\"L\",\"quantity\":\"1.000\",\"cost\":\"%"
		"s\","
		"\"currency\":\"CNY\",\"evidence\":\"absent\",\"evidence_hash\":" RULES_HASH "}",
		card, cost);
}

void rules_file(struct kit *kit, const char *claim, const char *incident, const char *card)
{
	kit_accept(kit, "agent",
		"{\"command\":\"claim.file\",\"claim\":\"%s\",\"incident\":\"%s\",\"entitlement\":\"%s\","
		"\"channel\":\"phone\"}",
		claim, incident, card);
}

static void decide(struct kit *kit, const char *claim)
{
	kit_accept(kit, "maker", "{\"command\":\"claim.decide\",\"claim\":\"%s\",\"outcome\":\"approve\"}",
		claim);
}

void rules_claim(struct kit *kit, const char *claim, const char *incident, const char *loss)
{
	char card[80];
	snprintf(card, sizeof card, "%s-card", claim);
	rules_card(kit, card, loss);
	rules_file(kit, claim, incident, card);
	decide(kit, claim);
}

void rules_distribute(struct kit *kit, const char *incident)
{
	kit_accept(kit, "checker", "{\"command\":\"distribution.approve\",\"incident\":\"%s\"}", incident);
}

void rules_fund(struct kit *kit, const char *incident, const char *amount)
{
	kit_accept(kit, "bank",
		"{\"command\":\"funding.receive\",\"incident\":\"%s\",\"amount\":\"%s\","
		"\"bank_reference\":\"fund-%llu\"}",
		incident, amount, (unsigned long long)kit->requests);
}

void rules_instruct(struct kit *kit, const char *claim)
{
	kit_accept(kit, "payer", "{\"command\":\"payout.instruct\",\"claim\":\"%s\"}", claim);
}

void rules_settle(struct kit *kit, const char *claim)
{
	kit_accept(kit, "bank", "{\"command\":\"payout.settle\",\"claim\":\"%s\"}", claim);
}

void rules_apportion(struct kit *kit, const char *incident, const char *mode, const char *shares)
{
	kit_accept(kit, "maker",
		"{\"command\":\"liability.apportion\",\"incident\":\"%s\",\"mode\":\"%s\",\"basis_"
		"hash\":" RULES_HASH ",\"shares\":%s}",
		incident, mode, shares);
}

void rules_receive(
	struct kit *kit, const char *recovery, const char *incident, const char *payer, const char *amount)
{
	kit_accept(kit, "bank",
		"{\"command\":\"recovery.receive\",\"recovery\":\"%s\",\"incident\":\"%s\",\"payer\":\"%s\","
		"\"amount\":\"%s\",\"bank_reference\":\"in-%s\"}",
		recovery, incident, payer, amount, recovery);
}

void rules_allocate(struct kit *kit, const char *recovery)
{
	kit_accept(kit, "maker", "{\"command\":\"recovery.allocate\",\"recovery\":\"%s\"}", recovery);
}

void rules_settled(struct kit *kit, const char *incident, const char *loss)
{
	char claim[80];
	snprintf(claim, sizeof claim, "%s-1", incident);
	rules_declare_without_deposit(kit, incident, "fuel-card");
	rules_claim(kit, claim, incident, loss);
	rules_distribute(kit, incident);
	rules_fund(kit, incident, loss);
	rules_instruct(kit, claim);
	rules_settle(kit, claim);
}
