/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/buffer.h"
#include "base/item.h"
#include "base/transcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* K, I3: what each query says, what it does not find, and what a stranger can not tell. */

static void not_found(
	struct kit *kit, const char *key, const char *method, const char *params, const char *field)
{
	char *reply = NULL;
	enum recourse_error error = kit_query(kit, key, method, params, &reply);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		print_message("%s %s: %s %s\n", method, params, recourse_error_name(error),
			reply == NULL ? "" : reply);
	assert_error(error, RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, field);
}

static void refused(struct kit *kit, enum recourse_error expected, const char *key, const char *method,
	const char *params)
{
	char *reply = NULL;
	assert_error(kit_query(kit, key, method, params, &reply), expected);
}

/* ---- accounts ---- */

#define DEPOSIT_OF(party) "{\"code\":2010,\"party\":\"" party "\",\"unit\":\"CNY\""

static void test_balance(void **state)
{
	struct kit *kit = *state;
	char params[100];
	rules_deposit(kit, "M", "100.00", "b-1");
	uint64_t first = kit->last_entry;
	rules_deposit(kit, "M", "11.00", "b-2");
	kit_shows(kit, "merchant", "account.balance", DEPOSIT_OF("M") "}", "\"balance\":\"111.00\"");
	kit_shows(kit, "merchant", "account.balance", DEPOSIT_OF("M") "}", "\"side\":\"credit\"");
	kit_shows(kit, "auditor", "account.balance", "{\"code\":1010,\"party\":\"bank\",\"unit\":\"CNY\"}",
		"\"side\":\"debit\"");
	snprintf(params, sizeof params, DEPOSIT_OF("M") ",\"entry\":%llu}", (unsigned long long)first);
	kit_shows(kit, "merchant", "account.balance", params, "\"balance\":\"100.00\"");
	kit_shows(kit, "merchant", "account.balance", params, "\"as_of_entry\":");
	/* before it was there, and beyond what there is */
	snprintf(params, sizeof params, DEPOSIT_OF("M") ",\"entry\":%llu}", (unsigned long long)first - 1);
	not_found(kit, "merchant", "account.balance", params, "entry");
	snprintf(params, sizeof params, DEPOSIT_OF("M") ",\"entry\":%llu}", (unsigned long long)first + 2);
	not_found(kit, "merchant", "account.balance", params, "entry");
	/* never a zero for what is not there */
	not_found(kit, "auditor", "account.balance", DEPOSIT_OF("N") "}", "code");
	not_found(kit, "auditor", "account.balance", DEPOSIT_OF("X") "}", "code");
	not_found(kit, "auditor", "account.balance",
		"{\"code\":2011,\"party\":\"M\","
		"\"unit\":\"CNY\"}",
		"code");
	not_found(kit, "auditor", "account.balance",
		"{\"code\":2010,\"party\":\"M\","
		"\"unit\":\"JPY\"}",
		"code");
	refused(kit, RECOURSE_FIELD_LIMIT, "auditor", "account.balance", "{\"code\":999,\"unit\":\"CNY\"}");
	refused(kit, RECOURSE_FIELD_MISSING, "auditor", "account.balance", "{\"code\":2010}");
	refused(kit, RECOURSE_FIELD_UNKNOWN, "auditor", "account.balance", DEPOSIT_OF("M") ",\"x\":1}");
}

static void test_history_in_pages(void **state)
{
	struct kit *kit = *state;
	char line[20];
	char params[120];
	char text[40];
	char *reply = NULL;
	for (int deposit = 0; deposit < 5; deposit++) {
		snprintf(line, sizeof line, "b-%d", deposit);
		rules_deposit(kit, "M", "10.00", line);
	}
	kit_accept(kit, "maker",
		"{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"4.00\","
		"\"unit\":"
		"\"CNY\",\"reason\":\"r\"}");
	unsigned long long last = kit->last_entry;
	kit_shows(kit, "merchant", "account.history", DEPOSIT_OF("M") "}", "\"debit\":\"4.00\",\"entry\":");
	snprintf(params, sizeof params, DEPOSIT_OF("M") ",\"limit\":2}");
	snprintf(text, sizeof text, "\"next\":%llu", last - 3);
	assert_ok(kit_query(kit, "merchant", "account.history", params, &reply));
	assert_non_null(strstr(reply, text));
	assert_non_null(strstr(reply, "\"balance\":\"20.00\""));
	assert_null(strstr(reply, "\"balance\":\"30.00\""));
	free(reply);
	snprintf(params, sizeof params, DEPOSIT_OF("M") ",\"limit\":4,\"from\":%llu}", last - 3);
	assert_ok(kit_query(kit, "merchant", "account.history", params, &reply));
	assert_null(strstr(reply, "\"next\""));
	assert_null(strstr(reply, "\"balance\":\"20.00\""));
	assert_non_null(strstr(reply, "\"balance\":\"30.00\""));
	assert_non_null(strstr(reply, "\"balance\":\"46.00\""));
	/* the first of a page moved what it moved, and not all that there is */
	assert_non_null(strstr(reply, "\"credit\":\"10.00\""));
	assert_null(strstr(reply, "\"credit\":\"30.00\""));
	free(reply);
	/* after the last movement there is an empty page, not an error: the account is there */
	snprintf(params, sizeof params, DEPOSIT_OF("M") ",\"from\":%llu}", last + 1);
	kit_shows(kit, "merchant", "account.history", params, "\"movements\":[]");
	not_found(kit, "auditor", "account.history", DEPOSIT_OF("X") "}", "code");
	refused(kit, RECOURSE_FIELD_LIMIT, "auditor", "account.history", DEPOSIT_OF("M") ",\"limit\":0}");
	refused(kit, RECOURSE_FIELD_LIMIT, "auditor", "account.history", DEPOSIT_OF("M") ",\"limit\":501}");
}

/* ---- claims, incidents, entitlements ---- */

static void test_brief(void **state)
{
	struct kit *kit = *state;
	static const char params[] = "{\"claim\":\"i-1\"}";
	rules_settled(kit, "i", "100.00");
	static const char *const texts[] = {"\"incident\":\"i\"", "\"entitlement\":\"i-1-card\"",
		"\"loss\":\"100.00\"", "\"paid\":\"100.00\"", "\"state\":\"paid\"", "\"payout\":\"settled\"",
		"\"next_action\":\"close the claim\"", "\"owner\":\"example.com/ledger/payer+",
		"\"due\":\"2016-05-", "\"kind\":\"claim.file\"", "\"kind\":\"payout.settle\""};
	for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++)
		kit_shows(kit, "agent", "claim.brief", params, texts[index]);
	rules_card(kit, "card", "1.00");
	rules_file(kit, "no", "i", "card");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"no\"}", "\"next_action\":\"decide the claim\"");
	kit_accept(kit, "maker",
		"{\"command\":\"claim.decide\",\"claim\":\"no\",\"outcome\":\"reject\",\"reason\":\"r\"}");
	kit_shows(kit, "agent", "claim.brief", "{\"claim\":\"no\"}",
		"\"next_action\":\"none: the consumer may appeal\"");
	not_found(kit, "agent", "claim.brief", "{\"claim\":\"i-2\"}", "claim");
	not_found(kit, "agent", "claim.brief", "{\"claim\":\"i\"}", "claim");
	refused(kit, RECOURSE_ROLE_MISSING, "merchant", "claim.brief", params);
	refused(kit, RECOURSE_ROLE_MISSING, "bank", "claim.brief", params);
	refused(kit, RECOURSE_FIELD_FORMAT, "agent", "claim.brief", "{\"claim\":\"\"}");
}

static void test_summary(void **state)
{
	struct kit *kit = *state;
	static const char params[] = "{\"incident\":\"i\"}";
	rules_settled(kit, "i", "100.00");
	rules_apportion(kit, "i", "several",
		"[{\"party\":\"Y\",\"share\":\"75.00\"},{\"party\":\"G\",\"share\":\"25.00\"}]");
	rules_receive(kit, "r", "i", "G", "20.00");
	rules_allocate(kit, "r");
	static const char *const texts[] = {"\"merchant\":\"M\"", "\"issuer\":\"Y\"", "\"funder\":\"P\"",
		"\"custodian\":\"bank\"", "\"state\":\"recovery\"", "\"claims_filed\":1", "\"claims_paid\":1",
		"\"loss\":\"100.00\"", "\"advanced\":\"100.00\"", "\"paid\":\"100.00\"",
		"\"kind\":\"liability.apportion\"", "\"open\":\"5.00\"", "\"received\":\"20.00\"",
		"\"state\":\"partial\"", "\"state\":\"perfected\""};
	for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++)
		kit_shows(kit, "agent", "incident.summary", params, texts[index]);
	not_found(kit, "agent", "incident.summary", "{\"incident\":\"j\"}", "incident");
	refused(kit, RECOURSE_ROLE_MISSING, "merchant", "incident.summary", params);
	kit_shows(kit, "agent", "entitlement.get", "{\"entitlement\":\"i-1-card\"}", "\"claim_entry\":");
	kit_shows(kit, "agent", "entitlement.get", "{\"entitlement\":\"i-1-card\"}", "\"cost\":\"100.00\"");
	kit_shows(kit, "agent", "entitlement.get",
		"{\"entitlement\":"
		"\"i-1-card\"}",
		"\"evidence\":\"absent\"");
	not_found(kit, "agent", "entitlement.get", "{\"entitlement\":\"i-1\"}", "entitlement");
	refused(kit, RECOURSE_ROLE_MISSING, "merchant", "entitlement.get", "{\"entitlement\":\"i-1-card\"}");
}

/* ---- the register ---- */

static void key_params(const struct kit *kit, const char *name, char params[static 300])
{
	char vkey[256];
	rules_vkey(kit->origin, name, vkey);
	*strchr(strchr(vkey, '+') + 1, '+') = '\0';
	snprintf(params, 300, "{\"key\":\"%s\"}", vkey);
}

static void test_register(void **state)
{
	struct kit *kit = *state;
	char params[300];
	char vkey[256];
	char text[300];
	kit_shows(kit, "auditor", "party.get", "{\"party\":\"M\"}", "\"kind\":\"party.register\"");
	kit_shows(kit, "auditor", "party.get", "{\"party\":\"M\"}", "\"kind\":\"key.register\"");
	not_found(kit, "auditor", "party.get", "{\"party\":\"X\"}", "party");
	key_params(kit, "maker", params);
	rules_vkey(kit->origin, "maker", vkey);
	snprintf(text, sizeof text, "\"vkey\":\"%s\"", vkey);
	kit_shows(kit, "auditor", "key.get", params, text);
	kit_shows(kit, "auditor", "key.get", params, "\"roles\":[\"operator\"]");
	kit_shows(kit, "auditor", "key.get", params, "\"party\":\"P\"");
	key_params(kit, "nobody", params);
	not_found(kit, "auditor", "key.get", params, "key");
	not_found(kit, "auditor", "policy.get", "{\"policy\":\"fuel-card\",\"version\":2}", "policy");
	kit_shows(kit, "merchant", "policy.get", "{\"policy\":\"fuel-card\",\"version\":1}",
		"{\"rank\":1,\"claim\":\"costs\"}");
	not_found(kit, "auditor", "entry.get", "{\"entry\":100000}", "entry");
	kit_shows(kit, "auditor", "entry.get", "{\"entry\":0}", "\"bytes\":\"");
	not_found(kit, "auditor", "unit.get", "{\"unit\":\"ZZZ\"}", "unit");
	kit_shows(kit, "merchant", "unit.get", "{\"unit\":\"JPY\"}", "\"digits\":0");
	kit_shows(kit, "merchant", "unit.get", "{\"unit\":\"L\"}", "\"digits\":3");
	kit_shows(kit, "merchant", "unit.get", "{\"unit\":\"L\"}", "\"step\":1");
	refused(kit, RECOURSE_METHOD_UNKNOWN, "auditor", "entry.put", "{\"entry\":0}");
	refused(kit, RECOURSE_METHOD_UNKNOWN, "auditor", "service.info", "{}");
}

/* The bytes of each row of a page of entry.list, against entry.get; returns what comes next, 0 at the end. */
static uint64_t check_page(struct kit *kit, uint64_t from, uint64_t limit)
{
	char params[60];
	char *page = NULL;
	uint64_t count = 0;
	snprintf(params, sizeof params, "{\"from\":%llu,\"limit\":%llu}", (unsigned long long)from,
		(unsigned long long)limit);
	assert_ok(kit_query(kit, "auditor", "entry.list", params, &page));
	for (const char *row = strstr(page, "\"bytes\":\""); row != NULL;
		row = strstr(row + 1, "\"bytes\":\"")) {
		char *single = NULL;
		snprintf(params, sizeof params, "{\"entry\":%llu}", (unsigned long long)(from + count++));
		assert_ok(kit_query(kit, "auditor", "entry.get", params, &single));
		const char *bytes = strstr(single, "\"bytes\":\"");
		assert_non_null(bytes);
		assert_memory_equal(row, bytes, strcspn(bytes, "}"));
		free(single);
	}
	const char *next = strstr(page, "\"next\":");
	uint64_t number = next == NULL ? 0 : strtoull(next + strlen("\"next\":"), NULL, 10);
	assert_true(count > 0 && count <= limit);
	assert_true(next == NULL ? from + count == kit->last_entry + 1 : number == from + count);
	free(page);
	return number;
}

/* K: the entries page by page are all entries, by their exact bytes; for those who read everything. */
static void test_entry_list(void **state)
{
	struct kit *kit = *state;
	char params[60];
	for (uint64_t limit = 1; limit < 5; limit++) {
		uint64_t from = 0;
		do
			from = check_page(kit, from, limit);
		while (from != 0);
	}
	assert_int_equal(check_page(kit, 0, 500), 0);
	snprintf(params, sizeof params, "{\"from\":%llu}", (unsigned long long)kit->last_entry + 1);
	not_found(kit, "auditor", "entry.list", params, "from");
	refused(kit, RECOURSE_FIELD_LIMIT, "auditor", "entry.list", "{\"from\":0,\"limit\":0}");
	refused(kit, RECOURSE_FIELD_LIMIT, "auditor", "entry.list", "{\"from\":0,\"limit\":501}");
	refused(kit, RECOURSE_FIELD_MISSING, "auditor", "entry.list", "{}");
	refused(kit, RECOURSE_ROLE_MISSING, "merchant", "entry.list", "{\"from\":0}");
	refused(kit, RECOURSE_ROLE_MISSING, "bank", "entry.list", "{\"from\":0}");
}

/*
 * I3: to a merchant, another's and nobody's look the same: the refusals are equal bytes. Each pair is first
 * something that is there and not its own, then the same of something that is not there.
 */
static void test_stranger_can_not_tell(void **state)
{
	struct kit *kit = *state;
	char others[300];
	char nobodys[300];
	struct recourse_refusal first;
	rules_deposit(kit, "M", "100.00", "b-1");
	unsigned long long entry = kit->last_entry;
	char entry_params[40];
	char beyond[40];
	snprintf(entry_params, sizeof entry_params, "{\"entry\":%llu}", entry);
	snprintf(beyond, sizeof beyond, "{\"entry\":%llu}", entry + 5);
	key_params(kit, "merchant", others);
	key_params(kit, "nobody", nobodys);
	const struct {
		const char *method;
		const char *others;
		const char *nobodys;
	} pairs[] = {
		{"account.balance", DEPOSIT_OF("M") "}", DEPOSIT_OF("X") "}"},
		{"account.balance", DEPOSIT_OF("M") ",\"entry\":1}", DEPOSIT_OF("X") ",\"entry\":1}"},
		{"account.balance",
			"{\"code\":1010,\"party\":\"bank\","
			"\"unit\":\"CNY\"}",
			"{\"code\":1010,\"unit\":\"CNY\"}"},
		{"account.history", DEPOSIT_OF("M") "}", DEPOSIT_OF("X") "}"},
		{"deposit.statement", "{\"merchant\":\"M\",\"unit\":\"CNY\"}",
			"{\"merchant\":\"X\","
			"\"unit\":\"CNY\"}"},
		{"party.get", "{\"party\":\"M\"}", "{\"party\":\"X\"}"},
		{"key.get", others, nobodys},
		{"entry.get", entry_params, beyond},
		{"entry.get", "{\"entry\":0}", beyond},
	};
	for (size_t row = 0; row < sizeof pairs / sizeof pairs[0]; row++) {
		char *reply = NULL;
		assert_error(kit_query(kit, "n", pairs[row].method, pairs[row].others, &reply),
			RECOURSE_QUERY_NOT_FOUND);
		first = kit->refusal;
		assert_error(kit_query(kit, "n", pairs[row].method, pairs[row].nobodys, &reply),
			RECOURSE_QUERY_NOT_FOUND);
		assert_memory_equal(&first, &kit->refusal, sizeof first);
	}
	/* and to whom they belong they are there */
	for (size_t row = 0; row < sizeof pairs / sizeof pairs[0]; row++) {
		char *reply = NULL;
		if (row == 1 || row == 2 || row == 8)
			continue;
		assert_ok(kit_query(kit, "merchant", pairs[row].method, pairs[row].others, &reply));
		free(reply);
	}
}

/* ---- without a key ---- */

static enum recourse_error ask(struct kit *kit, const char *method, const char *params, char **reply)
{
	struct transcode_problem problem;
	struct buffer item = {0};
	struct buffer json = {0};
	struct recourse_bytes result = {0};
	slice name = slice_text(method);
	if (*params != '\0')
		assert_ok(transcode_from_json(slice_text(params), &item, &problem));
	enum recourse_error error =
		recourse_ledger_public(kit->ledger, name, buffer_slice(&item), &result, &kit->refusal);
	buffer_free(&item);
	if (error != RECOURSE_OK)
		return error;
	assert_ok(transcode_to_json(slice_of(result.data, result.size), TRANSCODE_COMPACT, &json));
	buffer_append(&json, "", 1);
	recourse_bytes_free(&result);
	*reply = (char *)json.data;
	return RECOURSE_OK;
}

static void tells(struct kit *kit, const char *method, const char *params, const char *text)
{
	char *reply = NULL;
	assert_ok(ask(kit, method, params, &reply));
	if (strstr(reply, text) == NULL)
		print_message("%s: %s\n", method, reply);
	assert_non_null(strstr(reply, text));
	free(reply);
}

static void test_public(void **state)
{
	struct kit *kit = *state;
	char *reply = NULL;
	char text[60];
	tells(kit, "service.info", "", "\"origin\":\"example.com/ledger\"");
	snprintf(text, sizeof text, "\"entries\":%llu", (unsigned long long)rules_entries(kit));
	tells(kit, "service.info", "{}", text);
	assert_error(ask(kit, "log.checkpoint", "", &reply), RECOURSE_QUERY_NOT_FOUND);
	assert_ok(recourse_ledger_sign(kit->ledger));
	snprintf(text, sizeof text, "\"example.com/ledger\\n%llu\\n", (unsigned long long)rules_entries(kit));
	tells(kit, "log.checkpoint", "", text + 1);
	tells(kit, "log.proof.inclusion", "{\"index\":0,\"size\":1}", "\"hashes\":[]");
	tells(kit, "log.proof.inclusion", "{\"index\":3,\"size\":7}", "\"hashes\":[\"");
	tells(kit, "log.proof.consistency", "{\"old\":3,\"size\":3}", "\"hashes\":[]");
	tells(kit, "log.proof.consistency", "{\"old\":3,\"size\":7}", "\"hashes\":[\"");
	assert_error(ask(kit, "log.proof.inclusion",
			     "{\"index\":"
			     "7,\"size\":7}",
			     &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "index");
	assert_error(ask(kit, "log.proof.inclusion",
			     "{\"index\":"
			     "0,\"size\":9999}",
			     &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "size");
	assert_error(ask(kit, "log.proof.consistency",
			     "{\"old\":"
			     "4,\"size\":3}",
			     &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_string_equal(kit->refusal.field, "old");
	assert_error(ask(kit, "log.proof.consistency", "{\"old\":4,\"size\":9999}", &reply),
		RECOURSE_QUERY_NOT_FOUND);
	assert_error(ask(kit, "log.proof.inclusion", "{\"index\":0}", &reply), RECOURSE_FIELD_MISSING);
	assert_error(ask(kit, "service.info", "{\"x\":1}", &reply), RECOURSE_FIELD_UNKNOWN);
	assert_error(ask(kit, "claim.brief", "{}", &reply), RECOURSE_SIGNATURE_REQUIRED);
	assert_error(ask(kit, "claim.file", "{}", &reply), RECOURSE_SIGNATURE_REQUIRED);
	assert_error(ask(kit, "submit", "{}", &reply), RECOURSE_SIGNATURE_REQUIRED);
	assert_error(ask(kit, "claim.delete", "{}", &reply), RECOURSE_METHOD_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_balance),
		RULES_TEST(test_history_in_pages),
		RULES_TEST(test_brief),
		RULES_TEST(test_summary),
		RULES_TEST(test_register),
		RULES_TEST(test_entry_list),
		RULES_TEST(test_stranger_can_not_tell),
		RULES_TEST(test_public),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
