/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "clock.h"
#include "support.h"
#include "writer.h"

#include <stdatomic.h>

/* The writer above a ledger that only counts: its clocks and its faults. */
static atomic_int ticks;
static atomic_int commits;
static atomic_int faults;
static enum recourse_error tick_error;

enum recourse_error recourse_ledger_commit(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	(void)ledger;
	(void)requests;
	(void)now;
	(void)salts;
	atomic_fetch_add(&commits, (int)count);
	return RECOURSE_OK;
}

enum recourse_error recourse_ledger_tick(struct recourse_ledger *ledger, uint64_t now,
	const uint8_t salt[RECOURSE_SALT_SIZE], uint64_t *fired, uint64_t *next)
{
	(void)ledger;
	(void)now;
	(void)salt;
	*fired = 0;
	*next = UINT64_MAX;
	atomic_fetch_add(&ticks, 1);
	return tick_error;
}

enum recourse_error recourse_ledger_sign(struct recourse_ledger *ledger)
{
	(void)ledger;
	return RECOURSE_OK;
}

const char *recourse_ledger_origin(const struct recourse_ledger *ledger)
{
	(void)ledger;
	return "example.com/ledger";
}

static void on_fault(void *context, enum recourse_error error)
{
	struct queue *waiting = context;
	assert_error(error, tick_error);
	atomic_fetch_add(&faults, 1);
	queue_abandon(waiting);
}

static void no_log(void *context, const char *line)
{
	(void)context;
	(void)line;
}

/* Runs until the first tick and one commit, or a fault. What the writer ended with. */
static enum recourse_error run(enum recourse_error error)
{
	struct journal journal = {.log = no_log};
	struct queue *waiting;
	struct queue *committed;
	struct writer *writer;
	struct job job = {.commands = 1};
	tick_error = error;
	ticks = commits = faults = 0;
	pthread_mutex_init(&journal.mutex, NULL);
	assert_ok(queue_make(4, &waiting));
	assert_ok(queue_make(4, &committed));
	const struct writer_options options = {
		.waiting = waiting,
		.committed = committed,
		.clocks = true,
		.journal = &journal,
		.fault = on_fault,
		.context = waiting,
	};
	assert_ok(writer_start(&options, &writer));
	struct job *none[1];
	while (ticks == 0)
		(void)queue_take_group(committed, clock_monotonic() + CLOCK_MILLISECOND, 1, none, 1);
	(void)queue_offer(waiting, &job);
	queue_close(waiting);
	enum recourse_error ended = writer_join(writer);
	queue_free(committed);
	queue_free(waiting);
	pthread_mutex_destroy(&journal.mutex);
	return ended;
}

/* A clock that may not strike is nobody else's trouble. */
static void test_refused_clocks(void **state)
{
	static const enum recourse_error harmless[] = {RECOURSE_OK, RECOURSE_KEY_REVOKED,
		RECOURSE_KEY_UNKNOWN, RECOURSE_REQUEST_CONFLICT, RECOURSE_STORE_FULL, RECOURSE_MEMORY};
	(void)state;
	for (size_t index = 0; index < sizeof harmless / sizeof harmless[0]; index++) {
		assert_ok(run(harmless[index]));
		assert_int_equal(commits, 1);
		assert_int_equal(faults, 0);
	}
}

static void test_faults_of_clocks(void **state)
{
	static const enum recourse_error faulty[] = {
		RECOURSE_OUTCOME_UNKNOWN, RECOURSE_STORE_FAILED, RECOURSE_STORE_CORRUPT};
	(void)state;
	for (size_t index = 0; index < sizeof faulty / sizeof faulty[0]; index++) {
		assert_error(run(faulty[index]), faulty[index]);
		assert_int_equal(faults, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_clocks),
		cmocka_unit_test(test_faults_of_clocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
