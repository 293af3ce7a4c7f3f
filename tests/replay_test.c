/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"
#include "ledger.h"
#include "audit/replay.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* I11: the state is what the log makes, byte for byte, from wherever it starts. */
enum { PREFIXES_MAX = 256 };

struct prefix {
	uint64_t requests;
	uint8_t digest[32];
};

static void digest(const struct kit *kit, struct prefix *prefix)
{
	struct state_position position;
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	assert_ok(state_snapshot_open(kit->ledger->state, &view));
	state_position(view, &position);
	prefix->requests = position.requests;
	assert_ok(state_digest(view, prefix->digest));
}

static void expect_digest(const struct kit *kit, const struct prefix *expected)
{
	struct prefix now;
	digest(kit, &now);
	assert_int_equal(now.requests, expected->requests);
	assert_memory_equal(now.digest, expected->digest, sizeof now.digest);
}

struct prefixes {
	struct prefix all[PREFIXES_MAX];
	size_t count;
	size_t steps;
};

static void remember(struct kit *kit, struct prefixes *prefixes)
{
	assert_true(prefixes->count < PREFIXES_MAX);
	digest(kit, &prefixes->all[prefixes->count++]);
}

/* Some of the requests are said again by who may not. */
static void after_step(struct kit *kit, const char *commands, void *context)
{
	struct prefixes *prefixes = context;
	uint64_t last = kit->last_entry;
	remember(kit, prefixes);
	if (prefixes->steps++ % 3 != 0)
		return;
	assert_error(kit_submit(kit, "auditor", commands), RECOURSE_ROLE_MISSING);
	assert_int_equal(kit->last_entry, last);
	remember(kit, prefixes);
}

/* Request by request into a scratch state: after each it is what the service held after that request. */
static void test_every_prefix(void **state)
{
	static struct prefixes prefixes;
	struct kit *kit = *state;
	struct support_directory scratch;
	struct state *copy = NULL;
	struct replay replay;
	size_t compared = 0;
	remember(kit, &prefixes);
	kit_golden_each(kit, after_step, &prefixes);
	support_directory_make(&scratch);
	struct state_options options = {.directory = scratch.path};
	assert_ok(state_open(&options, &copy));
	assert_ok(replay_start(&replay, copy, kit->ledger->log, true));
	for (uint64_t request = 0; request < kit->ledger->head.requests; request++) {
		uint8_t made[32];
		assert_ok(replay_request(&replay));
		assert_ok(replay_commit(&replay));
		assert_ok(state_digest(state_writer(copy), made));
		while (compared < prefixes.count && prefixes.all[compared].requests < request + 1)
			compared++;
		if (compared < prefixes.count && prefixes.all[compared].requests == request + 1)
			assert_memory_equal(made, prefixes.all[compared].digest, sizeof made);
	}
	assert_true(crypto_hash_equal(&replay.core.group->head.last, &kit->ledger->head.last));
	assert_int_equal(replay.core.group->head.time, kit->ledger->head.time);
	assert_int_equal(compared, prefixes.count - 1);
	replay_end(&replay);
	state_close(copy);
	support_directory_remove(&scratch);
}

/* Starting in the middle gives the same as starting at the beginning: at every request, or many at once. */
static void test_from_the_middle(void **state)
{
	struct kit *kit = *state;
	struct prefix expected;
	struct support_directory scratch;
	struct state *copy = NULL;
	struct replay replay;
	uint8_t made[32];
	kit_golden_steps(kit, 1, 20);
	digest(kit, &expected);
	support_directory_make(&scratch);
	struct state_options options = {.directory = scratch.path};
	assert_ok(state_open(&options, &copy));
	for (uint64_t done = 0; done < kit->ledger->head.requests;) {
		assert_ok(replay_start(&replay, copy, kit->ledger->log, true));
		assert_int_equal(replay.core.group->head.requests, done);
		for (uint64_t left = done % 5 + 1; left > 0 && done < kit->ledger->head.requests; left--) {
			assert_ok(replay_request(&replay));
			done++;
		}
		assert_ok(replay_commit(&replay));
		replay_end(&replay);
	}
	assert_ok(state_digest(state_writer(copy), made));
	assert_memory_equal(made, expected.digest, sizeof made);
	state_close(copy);
	support_directory_remove(&scratch);
}

/* ---- opening with a state that is missing, behind, ahead, or another's ---- */

static void remove_file(const struct kit *kit, const char *name)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, name, path);
	assert_int_equal(unlink(path), 0);
}

static void test_state_missing(void **state)
{
	struct kit *kit = *state;
	struct prefix expected;
	kit_golden_steps(kit, 1, 20);
	digest(kit, &expected);
	kit_close(kit);
	remove_file(kit, "state/data.mdb");
	kit_reopen(kit, false);
	expect_digest(kit, &expected);
	kit_reopen(kit, true);
	expect_digest(kit, &expected);
	kit_audit(kit);
	expect_digest(kit, &expected);
}

/* One file of the closed ledger in the place of another. */
static void put_file(struct kit *kit, const char *from, const char *to)
{
	kit_close(kit);
	kit_copy(kit, from, kit, to);
	kit_reopen(kit, false);
}

static void test_state_behind(void **state)
{
	struct kit *kit = *state;
	struct prefix expected;
	kit_golden_steps(kit, 1, 6);
	put_file(kit, "state/data.mdb", "older");
	kit_golden_steps(kit, 7, 20);
	digest(kit, &expected);
	put_file(kit, "older", "state/data.mdb");
	expect_digest(kit, &expected);
	kit_play(kit, "deposit M 1.00 after");
	kit_audit(kit);
}

/* The log was put back to an older copy: what the state says of the rest is not true any more. */
static void test_state_ahead(void **state)
{
	struct kit *kit = *state;
	struct prefix expected;
	kit_golden_steps(kit, 1, 6);
	digest(kit, &expected);
	put_file(kit, "log/data.mdb", "older");
	kit_golden_steps(kit, 7, 20);
	put_file(kit, "older", "log/data.mdb");
	expect_digest(kit, &expected);
	kit_golden_steps(kit, 7, 20);
	kit_audit(kit);
}

/* The same beginning and as many entries, and yet another history: two branches after a copy. */
static void test_state_of_another_branch(void **state)
{
	struct kit *kit = *state;
	struct prefix expected;
	kit_golden_steps(kit, 1, 6);
	put_file(kit, "log/data.mdb", "fork");
	kit_play(kit, "deposit N 777.00 one-branch");
	kit_close(kit);
	kit_copy(kit, "state/data.mdb", kit, "state-of-one");
	kit_copy(kit, "fork", kit, "log/data.mdb");
	kit_reopen(kit, false);
	kit_golden_steps(kit, 7, 20);
	digest(kit, &expected);
	put_file(kit, "state-of-one", "state/data.mdb");
	expect_digest(kit, &expected);
	kit_play(kit, "= 2010 N 0");
	kit_audit(kit);
}

/* kit_send() has a salt of its own, which the kit never draws for the first request. */
static void start_with_another_salt(struct kit *kit)
{
	kit_start(kit);
	kit_close(kit);
	remove_file(kit, "log/data.mdb");
	remove_file(kit, "log/lock.mdb");
	remove_file(kit, "log/writer.lock");
	remove_file(kit, "state/data.mdb");
	assert_ok(recourse_ledger_create(kit->directory.path));
	kit_reopen(kit, false);
	SCOPED(support_free) char *words = kit_opening(kit, kit->origin, "party=P system_key=@system");
	SCOPED(support_free) char *payload = kit_words(kit, "open", words, kit->now + INSTANT_HOUR);
	assert_ok(kit_send(kit, "admin", payload, NULL));
}

/* A ledger that was opened with another salt is another ledger, though everything said in it is the same. */
static void test_state_of_another_log(void **state)
{
	struct kit *kit = *state;
	struct kit other;
	struct prefix expected;
	kit_golden_steps(kit, 1, 20);
	digest(kit, &expected);
	kit_close(kit);
	start_with_another_salt(&other);
	kit_golden(&other);
	kit_close(&other);
	kit_copy(&other, "state/data.mdb", kit, "state/data.mdb");
	kit_reopen(kit, false);
	expect_digest(kit, &expected);
	kit_reopen(&other, false);
	kit_end(&other);
}

/* J6: a shorter or another history is never signed, though the ledger opens. */
static void test_signing_after_a_rollback(void **state)
{
	struct kit *kit = *state;
	kit_golden_steps(kit, 1, 6);
	put_file(kit, "log/data.mdb", "older");
	kit_golden_steps(kit, 7, 8);
	assert_ok(recourse_ledger_sign(kit->ledger));
	put_file(kit, "older", "log/data.mdb");
	assert_error(recourse_ledger_sign(kit->ledger), RECOURSE_ROLLBACK);
	/* other things are done until it is as long again */
	for (int deposit = 0; deposit < 20; deposit++)
		kit_play(kit, "deposit M 1.00 x-%d", deposit);
	assert_error(recourse_ledger_sign(kit->ledger), RECOURSE_FORK);
}

/* Nothing was decided and nothing changed, but each is kept as it was signed: here mostly blanks. */
static void refuse_large_requests(struct kit *kit, size_t count)
{
	enum { BLANKS = RECOURSE_REQUEST_SIZE_MAX - 1024 };
	SCOPED(support_free) char *params = NULL;
	assert_true(asprintf(&params,
			    "{\"mode\":\"all\",\"commands\":[{\"command\":\"deposit.hold\",\"hold\":\"h\","
			    "\"merchant\":\"M\",\"amount\":\"1.00\",\"unit\":\"CNY\",\"reason\":\"r\"}]%*s}",
			    BLANKS, "") > 0);
	for (size_t index = 0; index < count; index++) {
		char id[20];
		snprintf(id, sizeof id, "large-%zu", index);
		assert_error(kit_request(kit, "maker", id, params, NULL), RECOURSE_INSUFFICIENT);
	}
}

static void count_progress(void *context, uint64_t done, uint64_t total)
{
	assert_true(done <= total);
	++*(size_t *)context;
}

/* A rebuild keeps a bounded part of the log in memory, whatever the log is made of. */
static void test_refused_requests_are_bounded(void **state)
{
	struct kit *kit = *state;
	struct prefix expected;
	size_t commits = 0;
	refuse_large_requests(kit, 70);
	digest(kit, &expected);
	kit_close(kit);
	const struct recourse_ledger_options options = {
		.directory = kit->directory.path,
		.log_key = kit->log_key,
		.rebuild = true,
		.progress = count_progress,
		.progress_context = &commits,
	};
	assert_ok(recourse_ledger_open(&options, &kit->ledger));
	/* of ever more requests, and then of as many as fit into 16 MiB; without that bound they would be 7 */
	assert_int_equal(commits, 9);
	expect_digest(kit, &expected);
	kit_audit(kit);
}

/* As when the audit's scratch state could be opened, but not emptied. */
static void test_end_without_a_start(void **state)
{
	struct replay replay = {0};
	replay_end(&replay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_every_prefix),
		KIT_TEST(test_from_the_middle),
		KIT_TEST(test_state_missing),
		KIT_TEST(test_state_behind),
		KIT_TEST(test_state_ahead),
		KIT_TEST(test_state_of_another_branch),
		KIT_TEST(test_state_of_another_log),
		KIT_TEST(test_signing_after_a_rollback),
		KIT_TEST(test_refused_requests_are_bounded),
		cmocka_unit_test(test_end_without_a_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
