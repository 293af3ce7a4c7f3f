/* SPDX-License-Identifier: Apache-2.0 */
#include "rules.h"

#include "base/instant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* H5: a request id is taken for ever. Commands here are deposits: what was done twice shows in the balance. */
#define DEPOSIT(amount, line)                                                                                \
	"{\"command\":\"deposit.receive\",\"merchant\":\"M\",\"amount\":\"" amount                           \
	"\",\"unit\":\"CNY\",\"bank_reference\":\"" line "\"}"
#define ALL(commands)  "{\"mode\":\"all\",\"commands\":[" commands "]}"
#define EACH(commands) "{\"mode\":\"each\",\"commands\":[" commands "]}"

static void expect_again(struct kit *kit, const char *key, const char *params, const char *first)
{
	char *again = NULL;
	uint64_t entries = rules_entries(kit);
	assert_ok(kit_request(kit, key, "id-1", params, &again));
	assert_string_equal(first, again);
	assert_int_equal(entries, rules_entries(kit));
	free(again);
}

/* The same answer, byte for byte: at once, after more was done, after a restart, after a rebuild. */
static void expect_same_for_ever(struct kit *kit, const char *key, const char *params, const char *first)
{
	expect_again(kit, key, params, first);
	rules_deposit(kit, "M", "7.00", "between");
	expect_again(kit, key, params, first);
	kit_reopen(kit, false);
	expect_again(kit, key, params, first);
	kit_reopen(kit, true);
	expect_again(kit, key, params, first);
	kit->now += UINT64_C(400) * INSTANT_DAY;
	expect_again(kit, key, params, first);
}

static void test_same_content_same_answer(void **state)
{
	struct kit *kit = *state;
	static const char params[] = ALL(DEPOSIT("10.00", "b-1") "," DEPOSIT("20.00", "b-2"));
	char *first = NULL;
	assert_ok(kit_request(kit, "bank", "id-1", params, &first));
	assert_non_null(strstr(first, "\"balance\":\"30.00\""));
	expect_same_for_ever(kit, "bank", params, first);
	kit_balance(kit, 2010, "M", "", "CNY", "37.00");
	free(first);
	kit_audit(kit);
}

static void test_each_with_refusals_same_answer(void **state)
{
	struct kit *kit = *state;
	static const char params[] = EACH(DEPOSIT("10.00", "b-1") "," DEPOSIT("10", "b-2") "," DEPOSIT(
		"5.00", "b-1") "," DEPOSIT("20.00", "b-3") "," DEPOSIT("1.00", "b-3"));
	char *first = NULL;
	assert_ok(kit_request(kit, "bank", "id-1", params, &first));
	assert_non_null(strstr(first, "\"accepted\":2,"));
	assert_non_null(strstr(first, "\"error\":202"));
	assert_non_null(strstr(first, "\"command\":1"));
	assert_non_null(strstr(first, "\"command\":2"));
	assert_non_null(strstr(first, "\"command\":4"));
	assert_null(strstr(first, "\"command\":3"));
	expect_same_for_ever(kit, "bank", params, first);
	kit_balance(kit, 2010, "M", "", "CNY", "37.00");
	free(first);
	kit_audit(kit);
}

/* The order of members and white space are not content; a value is. */
static void test_other_content_conflicts(void **state)
{
	struct kit *kit = *state;
	static const char reordered[] =
		"{ \"commands\": [{\"unit\":\"CNY\",\"bank_reference\":\"b-1\",\"amount\":\"10.00\","
		"\"merchant\":\"M\",\"command\":\"deposit.receive\"}], \"mode\":\"all\"}";
	static const char *const others[] = {
		ALL(DEPOSIT("10.01", "b-1")),
		ALL(DEPOSIT("10.00", "b-9")),
		EACH(DEPOSIT("10.00", "b-1")),
		ALL(DEPOSIT("10.00", "b-1") "," DEPOSIT("10.00", "b-9")),
		"{\"mode\":\"all\",\"detail\":\"brief\",\"commands\":[" DEPOSIT("10.00", "b-1") "]}",
	};
	char *first = NULL;
	assert_ok(kit_request(kit, "bank", "id-1", ALL(DEPOSIT("10.00", "b-1")), &first));
	expect_again(kit, "bank", reordered, first);
	for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
		uint64_t entries = rules_entries(kit);
		assert_error(
			kit_request(kit, "bank", "id-1", others[index], NULL), RECOURSE_REQUEST_CONFLICT);
		assert_string_equal(kit->refusal.field, "request");
		assert_int_equal(entries, rules_entries(kit));
		expect_again(kit, "bank", ALL(DEPOSIT("10.00", "b-1")), first);
	}
	kit_reopen(kit, true);
	assert_error(kit_request(kit, "bank", "id-1", others[0], NULL), RECOURSE_REQUEST_CONFLICT);
	kit_balance(kit, 2010, "M", "", "CNY", "10.00");
	free(first);
}

/* What was refused stays refused, also when what stood in the way is gone: its retry must not do it. */
static void test_refused_stays_refused(void **state)
{
	struct kit *kit = *state;
	static const char hold[] =
		ALL("{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"5.00\","
		    "\"unit\":\"CNY\",\"reason\":\"r\"}");
	assert_error(kit_request(kit, "maker", "id-1", hold, NULL), RECOURSE_INSUFFICIENT);
	struct recourse_refusal first = kit->refusal;
	assert_string_equal(first.account, "2010/M//CNY");
	assert_string_equal(first.needed, "5.00");
	assert_string_equal(first.available, "0.00");
	rules_deposit(kit, "M", "100.00", "b-1");
	for (int turn = 0; turn < 3; turn++) {
		assert_error(kit_request(kit, "maker", "id-1", hold, NULL), RECOURSE_INSUFFICIENT);
		assert_memory_equal(&first, &kit->refusal, sizeof first);
		if (turn < 2)
			kit_reopen(kit, turn == 1);
	}
	assert_ok(kit_request(kit, "maker", "id-2", hold, NULL));
	kit_balance(kit, 2020, "M", "h", "CNY", "5.00");
}

/* Mode all: one refused command takes the others with it, and the refusal says which one it was. */
static void test_all_or_nothing(void **state)
{
	struct kit *kit = *state;
	static const char params[] =
		ALL(DEPOSIT("10.00", "b-1") "," DEPOSIT("10.00", "b-2") "," DEPOSIT("10.00", "b-1"));
	uint8_t before[32];
	uint8_t after[32];
	uint64_t entries = rules_entries(kit);
	rules_digest(kit, before);
	for (int turn = 0; turn < 2; turn++) {
		assert_error(kit_request(kit, "bank", "id-1", params, NULL), RECOURSE_EXISTS);
		assert_int_equal(kit->refusal.command, 2);
		assert_string_equal(kit->refusal.field, "bank_reference");
		assert_true(kit->refusal.entry_known);
		rules_digest(kit, after);
		assert_memory_equal(before, after, sizeof before);
		assert_int_equal(entries, rules_entries(kit));
	}
	/* the lines were not taken by what was undone */
	assert_ok(kit_request(kit, "bank", "id-2", ALL(DEPOSIT("1.00", "b-1")), NULL));
	kit_audit(kit);
}

/* An id belongs to the party, whichever of its keys signs; another party has ids of its own. */
static void test_another_party_same_id(void **state)
{
	struct kit *kit = *state;
	static const char params[] = ALL(DEPOSIT("10.00", "b-1"));
	static const char other[] = ALL(
		"{\"command\":\"deposit.receive\",\"merchant\":\"N\",\"amount\":\"3.00\",\"unit\":\"CNY\","
		"\"bank_reference\":\"b-1\"}");
	static const char hold[] =
		ALL("{\"command\":\"deposit.hold\",\"hold\":\"h\",\"merchant\":\"M\",\"amount\":\"5.00\","
		    "\"unit\":\"CNY\",\"reason\":\"r\"}");
	char *first = NULL;
	assert_ok(kit_request(kit, "bank", "id-1", params, &first));
	assert_ok(kit_request(kit, "teller", "id-1", other, NULL));
	kit_balance(kit, 2010, "N", "", "CNY", "3.00");
	assert_ok(kit_request(kit, "maker", "id-1", hold, NULL));
	/* payer is of the same party as maker */
	assert_ok(kit_request(kit, "payer", "id-1", hold, NULL));
	assert_error(kit_request(kit, "payer", "id-1", params, NULL), RECOURSE_REQUEST_CONFLICT);
	kit_balance(kit, 2020, "M", "h", "CNY", "5.00");
	expect_again(kit, "bank", params, first);
	free(first);
}

/* The kit's requests live for a minute: a submit that is new and late is refused, and its id stays free. */
static void test_expired(void **state)
{
	struct kit *kit = *state;
	static const char params[] = ALL(DEPOSIT("10.00", "b-1"));
	uint64_t entries = rules_entries(kit);
	char *late = rules_payload(kit, "id-1", params, kit->now - INSTANT_SECOND);
	assert_error(rules_send(kit, "bank", late, NULL), RECOURSE_REQUEST_EXPIRED);
	assert_string_equal(kit->refusal.field, "expires");
	assert_int_equal(entries, rules_entries(kit));
	free(late);

	/* signed again under the same id it is done; and what was late is then a repetition, answered for ever */
	char *first = NULL;
	char *again = NULL;
	char *in_time = rules_payload(kit, "id-1", params, kit->now + INSTANT_HOUR);
	assert_ok(rules_send(kit, "bank", in_time, &first));
	kit->now += 48 * INSTANT_HOUR;
	assert_ok(rules_send(kit, "bank", in_time, &again));
	assert_string_equal(first, again);
	free(again);
	free(first);
	free(in_time);

	char *ahead = rules_payload(kit, "id-2", params,
		kit->now + (RECOURSE_LIFETIME_MAX_HOURS * INSTANT_HOUR) + 10 * INSTANT_SECOND);
	assert_error(rules_send(kit, "bank", ahead, NULL), RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "expires");
	free(ahead);
	kit_balance(kit, 2010, "M", "", "CNY", "10.00");
}

/* The network sends twice: both copies, and one of other content, meet in one group commit. */
static void test_copies_in_one_group(void **state)
{
	struct kit *kit = *state;
	static const char *const contents[] = {
		ALL(DEPOSIT("10.00", "b-1")),
		ALL(DEPOSIT("10.00", "b-1")),
		ALL(DEPOSIT("11.00", "b-2")),
	};
	char *replies[3] = {NULL};
	enum recourse_error errors[3];
	uint64_t entries = rules_entries(kit);
	rules_send_group(kit, "bank", "id-1", contents, 3, errors, replies);
	assert_ok(errors[0]);
	assert_ok(errors[1]);
	assert_string_equal(replies[0], replies[1]);
	assert_error(errors[2], RECOURSE_REQUEST_CONFLICT);
	assert_int_equal(rules_entries(kit), entries + 1);
	kit_balance(kit, 2010, "M", "", "CNY", "10.00");
	free(replies[0]);
	free(replies[1]);
	kit_audit(kit);
}

/* An id is an id: other bytes can not take one. */
static void test_id_is_checked(void **state)
{
	struct kit *kit = *state;
	static const char params[] = ALL(DEPOSIT("10.00", "b-1"));
	assert_error(kit_request(kit, "bank", "", params, NULL), RECOURSE_FIELD_LIMIT);
	assert_error(kit_request(kit, "bank", "two words", params, NULL), RECOURSE_FIELD_FORMAT);
	assert_error(
		kit_request(kit, "bank", "12345678901234567890123456789012345678901234567890123456789012345",
			params, NULL),
		RECOURSE_FIELD_LIMIT);
	assert_string_equal(kit->refusal.field, "request");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(test_same_content_same_answer),
		RULES_TEST(test_each_with_refusals_same_answer),
		RULES_TEST(test_other_content_conflicts),
		RULES_TEST(test_refused_stays_refused),
		RULES_TEST(test_all_or_nothing),
		RULES_TEST(test_another_party_same_id),
		RULES_TEST(test_expired),
		RULES_TEST(test_copies_in_one_group),
		RULES_TEST(test_id_is_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
