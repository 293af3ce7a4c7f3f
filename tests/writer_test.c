/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"
#include "support.h"
#include "writer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The writer above a ledger that only counts: its clocks and its faults. */
static atomic_int ticks;
static atomic_int commits;
static atomic_int faults;
static enum recourse_error tick_error;
static atomic_int refusals; /* commits that are refused, before one is taken */

/* Requests that are decided, and those of them that were handed over. */
static int decided;
static int handed_over;

enum recourse_error recourse_ledger_decide(struct recourse_ledger *ledger,
	struct recourse_request *const *requests, size_t count, uint64_t now,
	const uint8_t (*salts)[RECOURSE_SALT_SIZE])
{
	decided += (int)count;
	return RECOURSE_OK;
}

void recourse_ledger_hand_over(struct recourse_ledger *ledger)
{
	assert_int_equal(handed_over, 0);
	handed_over = decided;
	decided = 0;
}

static enum recourse_error keep_error; /* of all commits */
static bool keep_slowly;
static bool unshown_is_told = true;
static bool show_slowly;
static atomic_bool shown;
static atomic_bool caught_up;
static enum recourse_error show_error;

static void rest(int times)
{
	nanosleep(&(const struct timespec){.tv_nsec = times * 50 * 1000}, NULL);
}

enum recourse_error recourse_ledger_keep(struct recourse_ledger *ledger)
{
	if (keep_slowly)
		rest(1);
	if (keep_error != RECOURSE_OK)
		return keep_error;
	if (atomic_load(&refusals) > 0) {
		atomic_fetch_sub(&refusals, 1);
		return RECOURSE_STORE_FULL;
	}
	atomic_fetch_add(&commits, handed_over);
	return RECOURSE_OK;
}

enum recourse_error recourse_ledger_append(struct recourse_ledger *ledger, bool *ahead)
{
	enum recourse_error error = recourse_ledger_keep(ledger);
	shown = !unshown_is_told;
	*ahead = error == RECOURSE_OK && unshown_is_told;
	return error;
}

enum recourse_error recourse_ledger_show(struct recourse_ledger *ledger)
{
	(void)ledger;
	if (show_slowly) {
		rest(100);
		assert_false(atomic_load(&caught_up));
	}
	shown = true;
	return show_error;
}

enum recourse_error recourse_ledger_settle(struct recourse_ledger *ledger, enum recourse_error kept)
{
	handed_over = 0;
	return RECOURSE_OK;
}

enum recourse_error recourse_ledger_sweep(struct recourse_ledger *ledger, size_t rows, bool *whole)
{
	(void)ledger;
	(void)rows;
	*whole = true;
	return RECOURSE_OK;
}

void recourse_ledger_seals(const struct recourse_ledger *ledger, struct recourse_seals *seals)
{
	(void)ledger;
	*seals = (struct recourse_seals){0};
}

enum recourse_error clocks_tick(struct clocks *clocks, bool *added, bool *more)
{
	*added = *more = false;
	atomic_fetch_add(&ticks, 1);
	return tick_error;
}

uint64_t clocks_now(struct clocks *clocks)
{
	return host_clock_now();
}

static enum recourse_error names_error;

enum recourse_error recourse_ledger_check_names(struct recourse_ledger *ledger)
{
	return names_error;
}

enum recourse_error recourse_ledger_sign(struct recourse_ledger *ledger)
{
	return RECOURSE_OK;
}

static atomic_bool ballast_gone;

bool recourse_ledger_ballast(const struct recourse_ledger *ledger)
{
	return !atomic_load(&ballast_gone);
}

/* Uses of break-glass that the ledger has to tell: as many as are left, from entry 40 on; then that error. */
static int uses_left;
static int uses_told;
static enum recourse_error uses_error = RECOURSE_QUERY_NOT_FOUND;

enum recourse_error recourse_ledger_break_glass(struct recourse_ledger *ledger, uint64_t *entry)
{
	if (uses_left == 0)
		return uses_error;
	uses_left--;
	*entry = 40 + (uint64_t)uses_told++;
	return RECOURSE_OK;
}

const char *recourse_ledger_origin(const struct recourse_ledger *ledger)
{
	return "example.com/ledger";
}

static char lines[2000];

static void on_fault(void *context, enum recourse_error error)
{
	struct queue *waiting = context;
	assert_error(error, names_error != RECOURSE_OK ? names_error : tick_error);
	atomic_fetch_add(&faults, 1);
	queue_abandon(waiting);
}

static void keep_line(void *context, const char *line)
{
	size_t size = strlen(lines);
	snprintf(lines + size, sizeof lines - size, "%s\n", line);
}

/* Runs until the first tick and one commit, or a fault. What the writer ended with. */
static enum recourse_error run(enum recourse_error error)
{
	struct journal journal = {.log = keep_line};
	struct queue *waiting;
	struct queue *committed;
	struct writer *writer;
	struct job job = {.commands = 1};
	tick_error = error;
	ticks = commits = faults = 0;
	uses_told = 0;
	lines[0] = '\0';
	pthread_mutex_init(&journal.mutex, NULL);
	assert_ok(queue_make(4, &waiting));
	assert_ok(queue_make(4, &committed));
	const struct writer_options options = {
		.waiting = waiting,
		.committed = committed,
		.clocks = (struct clocks *)lines, /* any: nobody looks into it here */
		.journal = &journal,
		.fault = on_fault,
		.context = waiting,
	};
	assert_ok(writer_start(&options, &writer));
	struct job *none[1];
	while (ticks == 0 && faults == 0)
		(void)queue_take_group(
			committed, host_clock_monotonic() + HOST_CLOCK_MILLISECOND, 1, none, 1);
	for (int left = refusals; left > 0; left--) {
		(void)queue_offer(waiting, &job);
		assert_ptr_equal(queue_take(committed), &job);
		assert_error(job.outcome, RECOURSE_STORE_FULL);
	}
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
	for (size_t index = 0; index < sizeof faulty / sizeof faulty[0]; index++) {
		assert_error(run(faulty[index]), faulty[index]);
		assert_int_equal(faults, 1);
	}
}

/* A disk that is full is told of twice, when it is and when it is no more, however much is refused between. */
static void test_refusals_are_told_once(void **state)
{
	refusals = 3;
	assert_ok(run(RECOURSE_STORE_FULL));
	assert_int_equal(commits, 1);
	assert_string_equal(lines, "level=warning event=clock-late error=STORE_FULL\n"
				   "level=error event=requests-refused error=STORE_FULL\n"
				   "level=info event=requests-taken\n");
}

static void test_ballast_is_told(void **state)
{
	assert_ok(run(RECOURSE_OK));
	assert_string_equal(lines, "");
	atomic_store(&ballast_gone, true);
	assert_ok(run(RECOURSE_OK));
	assert_string_equal(lines, "level=error event=ballast-missing\n");
	atomic_store(&ballast_gone, false);
}

/* Nothing is committed once the files are gone, though nobody asked for it. */
static void test_missing_files(void **state)
{
	names_error = RECOURSE_STORE_FAILED;
	assert_error(run(RECOURSE_OK), RECOURSE_STORE_FAILED);
	assert_int_equal(faults, 1);
	assert_int_equal(commits, 0);
	assert_non_null(strstr(lines, "during=files error=STORE_FAILED"));
	names_error = RECOURSE_OK;
}

/* H6: each use of break-glass is a line of its own, with its entry; a commit without one says nothing. */
static void test_break_glass_is_told(void **state)
{
	uses_error = RECOURSE_QUERY_NOT_FOUND;
	assert_ok(run(RECOURSE_OK));
	assert_null(strstr(lines, "break-glass"));
	uses_left = 2;
	assert_ok(run(RECOURSE_OK));
	assert_non_null(strstr(lines, "level=warning event=break-glass entry=40"));
	assert_non_null(strstr(lines, "level=warning event=break-glass entry=41"));
	assert_null(strstr(lines, "entry=42"));
	uses_error = RECOURSE_MEMORY;
	assert_ok(run(RECOURSE_OK));
	assert_non_null(strstr(lines, "level=error event=break-glass error=MEMORY"));
	assert_int_equal(faults, 0);
	uses_error = RECOURSE_QUERY_NOT_FOUND;
}

/* ---- one that is alone ---- */

struct answered {
	struct job job; /* first: on_answer() */
	int told;
	bool committed;
	bool ahead;
	enum recourse_error outcome;
};

static struct writer *read_from;
static pthread_t reader;
static bool read_well;

static void *catch_up(void *argument)
{
	read_well = writer_catch_up(argument);
	atomic_store(&caught_up, true);
	return NULL;
}

/* Whoever is told has the job, and may do with it as he likes. */
static void on_answer(void *context, struct job *job)
{
	struct answered *answered = (struct answered *)job;
	(void)context;
	answered->told++;
	answered->committed = job->committed;
	answered->outcome = job->outcome;
	answered->ahead = job->ahead;
	assert_true(job->ahead != shown || !job->committed || job->outcome != RECOURSE_OK);
	memset(job, 0xa5, sizeof *job);
	if (read_from != NULL)
		assert_int_equal(pthread_create(&reader, NULL, catch_up, read_from), 0);
}

struct stand {
	struct journal journal;
	struct queue *waiting;
	struct queue *committed;
	struct writer *writer;
};

static void stand_open(struct stand *stand)
{
	*stand = (struct stand){.journal = {.log = keep_line}};
	tick_error = RECOURSE_OK;
	ticks = commits = faults = 0;
	lines[0] = '\0';
	pthread_mutex_init(&stand->journal.mutex, NULL);
	assert_ok(queue_make(4, &stand->waiting));
	assert_ok(queue_make(4, &stand->committed));
	const struct writer_options options = {
		.waiting = stand->waiting,
		.committed = stand->committed,
		.journal = &stand->journal,
		.answer = on_answer,
		.fault = on_fault,
		.context = stand->waiting,
	};
	assert_ok(writer_start(&options, &stand->writer));
}

static enum recourse_error stand_close(struct stand *stand)
{
	queue_close(stand->waiting);
	enum recourse_error ended = writer_join(stand->writer);
	queue_free(stand->committed);
	queue_free(stand->waiting);
	pthread_mutex_destroy(&stand->journal.mutex);
	return ended;
}

/* Until the thread waits for work, and lets others have a turn. */
static void commit_soon(struct stand *stand, struct job *job)
{
	uint64_t until = host_clock_monotonic() + 10 * HOST_CLOCK_SECOND;
	while (!writer_commit(stand->writer, job))
		assert_true(host_clock_monotonic() < until);
}

static struct answered alone(void)
{
	return (struct answered){.job = {.commands = 1}};
}

/* It is answered when the call is back, and no worker is given it: as soon as it may be, or once it is shown. */
static void test_one_alone_is_kept_by_its_caller(void **state)
{
	struct stand stand;
	struct job *none[1];
	stand_open(&stand);
	for (int round = 0; round < 2; round++) {
		struct answered one = alone();
		unshown_is_told = round == 0;
		commit_soon(&stand, &one.job);
		assert_int_equal(one.told, 1);
		assert_true(one.committed && one.ahead == unshown_is_told && shown);
		assert_ok(one.outcome);
		assert_int_equal(commits, round + 1);
		assert_int_equal(queue_take_group(stand.committed, 0, 1, none, 1), 0);
	}
	unshown_is_told = true;
	assert_ok(stand_close(&stand));
}

static void test_one_alone_finds_no_room(void **state)
{
	struct stand stand;
	struct answered one = alone();
	struct answered other = alone();
	struct job *none[1];
	stand_open(&stand);
	refusals = 1;
	commit_soon(&stand, &one.job);
	assert_true(one.committed && one.told == 1 && !one.ahead);
	assert_error(one.outcome, RECOURSE_STORE_FULL);
	assert_int_equal(queue_take_group(stand.committed, 0, 1, none, 1), 0);
	commit_soon(&stand, &other.job);
	assert_ok(other.outcome);
	assert_ok(stand_close(&stand));
	assert_string_equal(lines, "level=error event=requests-refused error=STORE_FULL\n"
				   "level=info event=requests-taken\n");
}

/* What the writer is to do by itself, it does; and what is large, and what comes after the end, is not a caller's. */
static void test_who_is_not_alone_is_offered(void **state)
{
	struct stand stand;
	struct answered one = alone();
	struct answered late = alone();
	struct job large = {.commands = WRITER_ALONE_COMMANDS + 1};
	stand_open(&stand);
	commit_soon(&stand, &one.job);
	assert_false(writer_commit(stand.writer, &large));
	assert_true(queue_offer(stand.waiting, &large));
	assert_ptr_equal(queue_take(stand.committed), &large);
	assert_int_equal(commits, 2);
	queue_close(stand.waiting);
	assert_false(writer_commit(stand.writer, &late.job));
	assert_ok(stand_close(&stand));
	assert_int_equal(commits, 2);
}

/* Nobody knows what became of it: it has no outcome, and nothing comes after it. */
static void test_a_fault_of_one_alone(void **state)
{
	struct stand stand;
	struct answered one = alone();
	struct answered lost = alone();
	struct answered late = alone();
	stand_open(&stand);
	commit_soon(&stand, &one.job);
	keep_error = tick_error = RECOURSE_OUTCOME_UNKNOWN;
	commit_soon(&stand, &lost.job);
	assert_true(lost.told == 1 && !lost.committed);
	assert_int_equal(faults, 1);
	assert_false(writer_commit(stand.writer, &late.job));
	keep_error = RECOURSE_OK;
	assert_error(stand_close(&stand), RECOURSE_OUTCOME_UNKNOWN);
}

/* Who was told of it by somebody asks at once. */
static void read_at_once(struct stand *stand, struct answered *one)
{
	atomic_store(&caught_up, false);
	shown = false;
	show_slowly = true;
	read_from = stand->writer;
	commit_soon(stand, &one->job);
	pthread_join(reader, NULL);
	show_slowly = false;
	read_from = NULL;
	assert_true(one->told == 1 && one->committed && one->ahead && shown);
	assert_ok(one->outcome);
}

static void test_who_reads_early_waits(void **state)
{
	struct stand stand;
	struct answered one = alone();
	stand_open(&stand);
	assert_true(writer_catch_up(stand.writer));
	read_at_once(&stand, &one);
	assert_true(read_well);
	assert_ok(stand_close(&stand));
}

/* Durable it is, and was told so, once; and nothing comes after it, and nobody reads what does not show it. */
static void test_one_that_was_told_is_not_shown(void **state)
{
	struct stand stand;
	struct answered one = alone();
	struct answered late = alone();
	stand_open(&stand);
	show_error = tick_error = RECOURSE_OUTCOME_UNKNOWN;
	read_at_once(&stand, &one);
	assert_false(read_well);
	assert_int_equal(faults, 1);
	assert_false(writer_commit(stand.writer, &late.job));
	show_error = RECOURSE_OK;
	assert_error(stand_close(&stand), RECOURSE_OUTCOME_UNKNOWN);
}

enum { CALLERS = 4, JOBS_EACH = 500 };

static void *call_often(void *argument)
{
	struct stand *stand = argument;
	for (int round = 0; round < JOBS_EACH; round++) {
		struct answered *one = calloc(1, sizeof *one);
		one->job.commands = 1;
		if (!writer_commit(stand->writer, &one->job)) {
			assert_true(queue_offer(stand->waiting, &one->job));
			one = (struct answered *)queue_take(stand->committed);
			assert_true(one->job.committed && one->told == 0);
			assert_ok(one->job.outcome);
		} else {
			assert_true(one->committed && one->told == 1);
			assert_ok(one->outcome);
		}
		free(one);
		rest(round % 7);
	}
	return NULL;
}

/* Whoever has the turn when, each is committed once; what others offered, whoever is there answers. */
static void test_callers_and_the_thread_take_turns(void **state)
{
	struct stand stand;
	pthread_t callers[CALLERS];
	keep_slowly = true;
	stand_open(&stand);
	for (size_t index = 0; index < CALLERS; index++)
		assert_int_equal(pthread_create(&callers[index], NULL, call_often, &stand), 0);
	for (size_t index = 0; index < CALLERS; index++)
		pthread_join(callers[index], NULL);
	assert_int_equal(commits, CALLERS * JOBS_EACH);
	assert_ok(stand_close(&stand));
	keep_slowly = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_clocks),
		cmocka_unit_test(test_faults_of_clocks),
		cmocka_unit_test(test_missing_files),
		cmocka_unit_test(test_break_glass_is_told),
		cmocka_unit_test(test_refusals_are_told_once),
		cmocka_unit_test(test_ballast_is_told),
		cmocka_unit_test(test_one_alone_is_kept_by_its_caller),
		cmocka_unit_test(test_one_alone_finds_no_room),
		cmocka_unit_test(test_who_is_not_alone_is_offered),
		cmocka_unit_test(test_a_fault_of_one_alone),
		cmocka_unit_test(test_who_reads_early_waits),
		cmocka_unit_test(test_one_that_was_told_is_not_shown),
		cmocka_unit_test(test_callers_and_the_thread_take_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
