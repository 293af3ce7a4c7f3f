/* SPDX-License-Identifier: Apache-2.0 */
#include "base/instant.h"
#include "clock_note.h"
#include "clocks.h"
#include "host_clock.h"
#include "kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * E3: a host whose clock jumps. The clock is the test's: these stand in for those of host_clock.c. Clocks and ledger are
 * the service's own, on a ledger whose writer is the test.
 */
static uint64_t host;
static uint64_t elapsed;
static char boot[HOST_CLOCK_BOOT_SIZE];

uint64_t host_clock_now(void)
{
	return host;
}

uint64_t host_clock_monotonic(void)
{
	return elapsed;
}

uint64_t host_clock_elapsed(void)
{
	return elapsed;
}

void host_clock_boot(char text[static HOST_CLOCK_BOOT_SIZE])
{
	memcpy(text, boot, sizeof boot);
}

/* ---- a service in the hands of the test ---- */

enum { MINUTE = 60, HOUR = 3600, DAY = 24 * HOUR };
#define HOLD                                                                                                 \
	"maker deposit.hold hold=h merchant=M amount=1000.00 unit=CNY reason=signal "                        \
	"expires=2016-05-05T00:00:00Z"
#define HELD     "= 2020 M h 1000.00"
#define EXPIRED  "= 2020 M h 0"
#define HOLDS(n) "? auditor report.clock_holds : holds#=" #n
#define CONFIRM  "admin clock.confirm hold=$last reason=looked-up\nchecker proposal.approve proposal=$last"

struct service {
	struct kit kit;
	struct journal journal;
	struct clocks *clocks;
	char note[SUPPORT_PATH_MAX];
	char lines[8000];
};

static void keep_line(void *context, const char *line)
{
	struct service *service = context;
	size_t size = strlen(service->lines);
	snprintf(service->lines + size, sizeof service->lines - size, "%s\n", line);
}

static void start(struct service *service)
{
	assert_ok(clocks_open(service->kit.ledger, &service->journal, &service->clocks));
}

static void stop(struct service *service)
{
	clocks_close(service->clocks);
	service->clocks = NULL;
}

/* Whether clocks are held after it. */
static bool tick(struct service *service)
{
	struct recourse_clocks standing;
	bool added;
	bool more = true;
	while (more)
		assert_ok(clocks_tick(service->clocks, &added, &more));
	assert_ok(recourse_ledger_clocks(service->kit.ledger, &standing));
	return standing.held != 0;
}

/*
 * Said now, by what the service takes the time to be; the kit is a second further each time it says something. `$last` is
 * the hold, where one is open.
 */
static void play(struct service *service, const char *words)
{
	struct recourse_clocks standing;
	assert_ok(recourse_ledger_clocks(service->kit.ledger, &standing));
	service->kit.now = clocks_now(service->clocks);
	if (standing.held != 0)
		service->kit.last_entry = standing.held;
	kit_play(&service->kit, "%s", words);
}

static void pass(int64_t seconds)
{
	host += (uint64_t)seconds * INSTANT_SECOND;
	elapsed += (uint64_t)seconds * INSTANT_SECOND;
}

static int set_up(void **state)
{
	struct service *service = calloc(1, sizeof *service);
	assert_non_null(service);
	kit_start(&service->kit);
	kit_world(&service->kit, "world.case");
	kit_play(&service->kit, "deposit M 1000.00 b-1\n" HOLD);
	service->journal.log = keep_line;
	service->journal.context = service;
	pthread_mutex_init(&service->journal.mutex, NULL);
	snprintf(service->note, sizeof service->note, "%.200s.clock",
		recourse_ledger_guard(service->kit.ledger));
	host = service->kit.now;
	elapsed = 1000 * INSTANT_SECOND;
	strcpy(boot, "6dcd5b1c-0000-4000-8000-000000000001");
	start(service);
	*state = service;
	return 0;
}

static int tear_down(void **state)
{
	struct service *service = *state;
	stop(service);
	service->kit.now = host;
	kit_audit(&service->kit);
	kit_end(&service->kit);
	pthread_mutex_destroy(&service->journal.mutex);
	free(service);
	return 0;
}

/* A year in which the hold expires, and one in which nothing happens. */
#define IDLE                                                                                                 \
	{PASS, 365 * DAY, NULL, false},                                                                      \
	{                                                                                                    \
		PASS, 365 * DAY, NULL, false                                                                 \
	}

/* ---- what happens to a clock, and whether it is held then ---- */

enum what { END, PASS, JUMP, PLAY, STOP, KILL, BOOT, LOSE, SPOIL, STRANGER };
struct step {
	enum what what;
	int64_t seconds;
	const char *words;
	bool held;
};
enum { STEPS_MAX = 12 };
struct story {
	const char *title;
	struct step steps[STEPS_MAX];
};

static void spoil(struct service *service, const char *text)
{
	assert_int_equal(unlink(service->note), 0);
	support_write_file(service->note, slice_text(text));
}

static void spoil_as_strangers(struct service *service)
{
	struct clock_note note;
	assert_ok(clock_note_read(service->note, &note));
	strcpy(note.origin, "example.com/another");
	assert_ok(clock_note_write(service->note, &note));
}

/* Ended without a word: the note is the one before. */
static void end_by_force(struct service *service)
{
	struct clock_note note;
	assert_ok(clock_note_read(service->note, &note));
	stop(service);
	assert_ok(clock_note_write(service->note, &note));
}

/* A machine that was off for so long, and by whose clock more or less has passed: `seconds` by that clock. */
static void boot_anew(int64_t seconds)
{
	host += (uint64_t)seconds * INSTANT_SECOND;
	elapsed = 20 * INSTANT_SECOND;
	boot[35]++;
}

/* What is said comes before what happens; of SPOIL it is what the note says then. */
static void take(struct service *service, const struct step *step)
{
	bool restarts = step->what >= STOP;
	if (step->words != NULL && step->what != SPOIL)
		play(service, step->words);
	if (step->what == KILL)
		end_by_force(service);
	else if (restarts)
		stop(service);
	if (step->what == LOSE)
		assert_int_equal(unlink(service->note), 0);
	if (step->what == SPOIL)
		spoil(service, step->words);
	if (step->what == STRANGER)
		spoil_as_strangers(service);
	if (step->what == PASS || step->what == KILL)
		pass(step->seconds);
	else if (step->what >= BOOT)
		boot_anew(step->seconds);
	else
		host += (uint64_t)step->seconds * INSTANT_SECOND;
	if (restarts)
		start(service);
}

static void tell(const struct story *story)
{
	void *state;
	set_up(&state);
	struct service *service = state;
	assert_false(tick(service));
	for (size_t index = 0; story->steps[index].what != END; index++) {
		const struct step *step = &story->steps[index];
		take(service, step);
		if (tick(service) != step->held)
			fail_msg("%s: step %zu: clocks should%s be held\n%s", story->title, index,
				step->held ? "" : " not", service->lines);
	}
	tear_down(&state);
}

static void tell_each(const struct story *stories, size_t count)
{
	for (size_t index = 0; index < count; index++)
		tell(&stories[index]);
}
#define TELL(stories) tell_each(stories, sizeof(stories) / sizeof *(stories))

static void test_jumps(void **state)
{
	static const struct story stories[] = {
		{"400 days ahead, for a second",
			{{JUMP, 400 * DAY, NULL, true}, {PASS, 1, NULL, true}, {PLAY, 0, HELD, true},
				{JUMP, -400 * DAY, NULL, false}, {PLAY, 0, HELD "\n" HOLDS(1), false},
				{PASS, DAY, NULL, false}, {PLAY, 0, EXPIRED, false}}},
		{"as far as it may",
			{{JUMP, 300, NULL, false}, {PASS, DAY, NULL, false}, {PLAY, 0, HOLDS(0), false}}},
		{"further", {{JUMP, 301, NULL, true}, {PASS, DAY, NULL, true}, {PLAY, 0, HELD, true}}},
		{"back", {{JUMP, -300, NULL, false}, {JUMP, -1, NULL, true}, {JUMP, 1, NULL, false}}},
		{"by little, often, in one day",
			{{JUMP, 200, NULL, false}, {PASS, HOUR, NULL, false}, {JUMP, 200, NULL, true}}},
		{"by little, seldom",
			{{JUMP, 200, NULL, false}, {PASS, DAY, NULL, false}, {JUMP, 200, NULL, false},
				{PASS, DAY, NULL, false}, {JUMP, 200, NULL, false}}},
		{"as far as was published",
			{{PLAY, 0,
				 "admin control.publish version=1 clock_jump_seconds=60 "
				 "limits=command:deposit.hold,span:single,unit:CNY,amount:1.00,approvals:1",
				 false},
				{JUMP, 60, NULL, false}, {JUMP, 1, NULL, true}, {JUMP, -1, NULL, false}}},
		{"again, by something else",
			{{JUMP, DAY, NULL, true}, {JUMP, 300, NULL, true}, {PLAY, 0, HOLDS(1), true},
				{JUMP, 2, NULL, true}, {PLAY, 0, HOLDS(2), true}}},
	};
	TELL(stories);
}

static void test_confirmed(void **state)
{
	static const struct story stories[] = {
		{"what was held strikes",
			{{JUMP, 2 * DAY, NULL, true}, {PLAY, 0, HELD, true}, {PLAY, 0, CONFIRM, false},
				{PLAY, 0, EXPIRED "\n" HOLDS(1), false}, {STOP, 0, NULL, false},
				{BOOT, HOUR, NULL, false}}},
		{"one person is not enough",
			{{JUMP, 2 * DAY, "", true},
				{PLAY, 0, "admin clock.confirm hold=$last reason=looked-up", true},
				{PLAY, 0, HELD, true}}},
		{"how far it was off, and no further",
			{{JUMP, 2 * DAY, NULL, true}, {JUMP, 300, NULL, true}, {PLAY, 0, CONFIRM, false},
				{JUMP, 1, NULL, true}}},
		{"a clock that was set back", {{JUMP, -2 * DAY, NULL, true}, {PLAY, 0, CONFIRM, false},
						      {PASS, 2 * DAY, NULL, false}, {PLAY, 0, HELD, false},
						      {PASS, DAY, NULL, false}, {PLAY, 0, EXPIRED, false}}},
		{"killed before the service has seen it",
			{{JUMP, 2 * DAY, NULL, true}, {KILL, 0, CONFIRM, false}, {PLAY, 0, EXPIRED, false},
				{KILL, MINUTE, NULL, false}, {BOOT, HOUR, NULL, false}}},
		{"stopped before the service has seen it",
			{{JUMP, 2 * DAY, NULL, true}, {STOP, 0, CONFIRM, false}, {STOP, 0, NULL, false}}},
	};
	TELL(stories);
}

static void test_starts(void **state)
{
	static const struct story stories[] = {
		{"the same boot", {{STOP, 300, NULL, false}, {STOP, 301, NULL, true}}},
		{"the same boot, after a year", {{KILL, 365 * DAY, NULL, false}, {PLAY, 0, EXPIRED, false}}},
		{"three days off, since it ended",
			{{PASS, MINUTE - 1, NULL, false}, {BOOT, 3 * DAY, NULL, false},
				{JUMP, 301, NULL, true}}},
		{"longer", {{BOOT, 3 * DAY + 1, NULL, true}, {PASS, DAY, NULL, true},
				   {PLAY, 0, CONFIRM, false}}},
		{"longer, as was published",
			{{BOOT, 9 * DAY,
				"admin control.publish version=1 clock_gap_hours=240 "
				"limits=command:deposit.hold,span:single,unit:CNY,amount:1.00,approvals:1",
				false}}},
		{"as a note says, and no entry", {IDLE, {BOOT, 2 * DAY, NULL, false}}},
		{"set back", {{BOOT, -300, NULL, false}, {BOOT, -301, NULL, true}}},
		{"by a battery that was empty, until the network says",
			{{BOOT, -40 * 365 * DAY, NULL, true}, {PASS, MINUTE, NULL, true},
				{JUMP, 40 * 365 * DAY + HOUR, NULL, false}, {PLAY, 0, HOLDS(1), false}}},
		{"held, and started again", {{JUMP, HOUR, NULL, true}, {STOP, 0, NULL, true},
						    {PLAY, 0, HOLDS(1), true}, {STOP, -HOUR, NULL, false}}},
		{"held, and off for an hour: nobody knows it any better",
			{{JUMP, HOUR, NULL, true}, {BOOT, HOUR, NULL, true}, {PLAY, 0, CONFIRM, false}}},
	};
	TELL(stories);
}

/* The last entry stands in for it. */
static void test_no_note(void **state)
{
#define SUM         "75dccd6283e64a858f6f39c462ee442f49ca44bf8c2259c125a1746e1751890e"
#define SUM_WITHOUT "78c11c6c90690b09df59e94d6facd76ad65673359ca90ba8bc6da4fa1fe37e44"
#define FIRST       "recourse-clock-v1\nexample.com/ledger\n2018-05-04T01:00:00Z\n"
	static const struct story stories[] = {
		{"none", {{LOSE, 3 * DAY - HOUR, NULL, false}}},
		{"none, for too long", {{LOSE, 3 * DAY + HOUR, NULL, true}}},
		{"none, after a year of nothing",
			{IDLE, {LOSE, HOUR, NULL, true}, {PLAY, 0, CONFIRM, false}}},
		{"none, and set back", {{LOSE, -HOUR, NULL, true}}},
		{"an empty one", {IDLE, {SPOIL, HOUR, "", true}}},
		{"one without its end", {IDLE, {SPOIL, HOUR, FIRST "20\nboot\n5\n", true}}},
		{"one that lacks a line", {IDLE, {SPOIL, HOUR, FIRST "20\nboot\n" SUM_WITHOUT "\n", true}}},
		{"one with more", {IDLE, {SPOIL, HOUR, FIRST "20\nboot\n5\n" SUM "\n\n", true}}},
		{"one of which a bit is another",
			{IDLE, {SPOIL, HOUR, FIRST "20\nboot\n4\n" SUM "\n", true}}},
		{"one that is right", {IDLE, {SPOIL, HOUR, FIRST "20\nboot\n5\n" SUM "\n", false}}},
		{"another ledger's", {IDLE, {STRANGER, HOUR, NULL, true}}},
	};
	TELL(stories);
}

/* Nobody has used it: there is nothing that could strike, and nothing to count on from. */
static void test_unused(void **state)
{
	struct kit kit;
	struct service *service = calloc(1, sizeof *service);
	assert_non_null(service);
	kit_start(&kit);
	service->journal.log = keep_line;
	service->journal.context = service;
	pthread_mutex_init(&service->journal.mutex, NULL);
	service->kit = kit;
	host = kit.now + 3650 * INSTANT_DAY;
	start(service);
	assert_false(tick(service));
	assert_string_equal(service->lines, "");
	stop(service);
	kit_end(&kit);
	pthread_mutex_destroy(&service->journal.mutex);
	free(service);
}

/* ---- requests meanwhile ---- */

static enum recourse_error send(struct service *service, const char *id, uint64_t expires)
{
	struct kit *kit = &service->kit;
	SCOPED(support_free) char *words = NULL;
	assert_true(asprintf(&words, "deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=%s",
			    id) > 0);
	SCOPED(support_free) char *payload = kit_words(kit, id, words, expires);
	kit->now = clocks_now(service->clocks);
	return kit_send(kit, "bank", payload, NULL);
}

static uint64_t last_time(struct service *service)
{
	struct recourse_clocks standing;
	assert_ok(recourse_ledger_clocks(service->kit.ledger, &standing));
	return standing.last;
}

/* They are taken, with times that go on from the last entry; also before the service has seen that the clock jumped. */
static void test_requests(void **state)
{
	struct service *service = *state;
	uint64_t right = host;
	assert_false(tick(service));
	host += 400 * INSTANT_DAY;
	assert_ok(send(service, "at-once", right + INSTANT_MINUTE));
	assert_true(last_time(service) < right + INSTANT_MINUTE);
	assert_error(send(service, "not-yet-in-doubt", host + INSTANT_MINUTE), RECOURSE_FIELD_LIMIT);
	assert_true(tick(service));
	assert_ok(send(service, "by-what-is-counted", right + INSTANT_MINUTE));
	assert_ok(send(service, "by-the-hosts-clock", host + INSTANT_MINUTE));
	assert_error(send(service, "by-neither", right - INSTANT_HOUR), RECOURSE_REQUEST_EXPIRED);
	assert_error(send(service, "between", right + 200 * INSTANT_DAY), RECOURSE_FIELD_LIMIT);
	pass(HOUR);
	assert_true(tick(service));
	assert_ok(send(service, "later", right + 2 * INSTANT_HOUR));
	assert_true(last_time(service) >= right + INSTANT_HOUR);
	assert_true(last_time(service) < right + INSTANT_HOUR + INSTANT_MINUTE);
	host -= 400 * INSTANT_DAY;
	assert_false(tick(service));
	assert_error(
		send(service, "too-late", right + 400 * INSTANT_DAY + INSTANT_MINUTE), RECOURSE_FIELD_LIMIT);
	assert_ok(send(service, "as-ever", host + INSTANT_MINUTE));
}

/* ---- what is said, and noted ---- */

static void test_journal(void **state)
{
	struct service *service = *state;
	assert_false(tick(service));
	assert_non_null(strstr(
		service->lines, "level=warning event=clock-note error=NOT_FOUND instead=last-entry\n"));
	service->lines[0] = '\0';
	host += INSTANT_DAY;
	assert_true(tick(service));
	assert_true(tick(service));
	const char *held = strstr(service->lines, "level=warning event=clocks-held entry=");
	assert_non_null(held);
	assert_non_null(strstr(held, " host=2016-05-05T"));
	assert_non_null(strstr(held, " counted=2016-05-04T"));
	assert_null(strstr(held + sizeof "level=warning event=clocks-held", "clocks-held"));
	host -= INSTANT_DAY;
	assert_false(tick(service));
	assert_non_null(strstr(service->lines, "level=warning event=clocks-released entry="));
	service->lines[0] = '\0';
	host += INSTANT_DAY;
	assert_true(tick(service));
	play(service, CONFIRM);
	assert_false(tick(service));
	assert_non_null(strstr(service->lines, "level=warning event=clocks-confirmed entry="));
}

/* Nobody else reads it, or puts another file in its place; what can not be written is said, and stops nothing. */
static void test_note(void **state)
{
	struct service *service = *state;
	struct stat status;
	struct clock_note note;
	char elsewhere[SUPPORT_PATH_MAX];
	assert_false(tick(service));
	assert_int_equal(stat(service->note, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_ok(clock_note_read(service->note, &note));
	assert_string_equal(note.origin, "example.com/ledger");
	assert_string_equal(note.boot, boot);
	assert_int_equal(note.time, host);
	assert_int_equal(note.elapsed, elapsed);
	pass(MINUTE - 1);
	assert_false(tick(service));
	assert_ok(clock_note_read(service->note, &note));
	assert_int_equal(note.time, host - (MINUTE - 1) * INSTANT_SECOND);
	pass(1);
	assert_false(tick(service));
	assert_ok(clock_note_read(service->note, &note));
	assert_int_equal(note.time, host);

	support_directory_path(&service->kit.directory, "elsewhere", elsewhere);
	assert_int_equal(rename(service->note, elsewhere), 0);
	assert_int_equal(symlink(elsewhere, service->note), 0);
	assert_error(clock_note_read(service->note, &note), RECOURSE_IO);
	snprintf(elsewhere, sizeof elsewhere, "%.240s.new", service->note);
	assert_int_equal(mkdir(elsewhere, 0700), 0);
	pass(MINUTE);
	assert_false(tick(service));
	assert_non_null(strstr(service->lines, "level=warning event=clock-note-late error=IO\n"));
	assert_int_equal(rmdir(elsewhere), 0);
	pass(MINUTE);
	assert_false(tick(service));
	assert_ok(clock_note_read(service->note, &note));
	assert_int_equal(note.time, host);
}

#define SERVICE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_confirmed),
		cmocka_unit_test(test_starts),
		cmocka_unit_test(test_no_note),
		cmocka_unit_test(test_unused),
		SERVICE_TEST(test_requests),
		SERVICE_TEST(test_journal),
		SERVICE_TEST(test_note),
	};
	if (access("/dev/shm", W_OK) == 0) /* nothing of it has to last */
		assert_int_equal(setenv("TMPDIR", "/dev/shm", 0), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
