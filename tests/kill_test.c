/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_place.h"

#include "child.h"
#include "host_clock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * The program killed by SIGKILL, again and again, at each call with which it changes a file or answers, and at any
 * moment between them: while init makes keys and the first entry, while it starts, makes its state anew, its secret or
 * its ballast, works for clients that have 32 requests in flight and ask again, signs, stops, or gives a state up that
 * it can not believe. Nothing that was acknowledged may be lost, nothing that was sent twice be done twice, no entry be there that
 * nobody sent, no checkpoint be taken back; what was said and acknowledged can be read, and what was erased by no key; what
 * each kill leaves is audited, and the next life goes on with it.
 *
 *   KILLS=n   how often (16, each phase once; 200 in a trial)
 *   SEED=n    for the same work and the same aims; what the machine does meanwhile is its own affair
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KILL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KILL_SANITIZED 1
#endif
#endif

enum {
#ifdef KILL_SANITIZED
	IMPATIENT_MS = 1000,
	KILLS_ALL = 30,
#else
	IMPATIENT_MS = 120, /* so long the workers wait in vain after each kill */
	KILLS_ALL = 200,
#endif
	KILLS_SAMPLE = 16,
	ROUND_SECONDS = 300,
	TOLD_EACH = 500,        /* kills, of a long run */
	EACH_IS_REACHED = 1000, /* with so many kills no phase may be empty */
	REQUESTS_ROUND = 250,   /* of one ledger, which is audited again and again */
	POINTS_MAX = 1000,
	ANY_TIME_US = 60000,
};

/* ---- what is done to a ledger before a life ---- */

static void copy_file(const char *from, const char *to)
{
	char bytes[65536];
	ssize_t count;
	int source = open(from, O_RDONLY | O_CLOEXEC);
	int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(source >= 0 && target >= 0);
	while ((count = read(source, bytes, sizeof bytes)) > 0)
		assert_int_equal(write(target, bytes, (size_t)count), count);
	assert_int_equal(count, 0);
	close(source);
	close(target);
}

static void take_away(const struct kill_place *place, const char *part)
{
	char path[KILL_PLACE_PATH];
	kill_place_path(place, part, path);
	remove(path);
}

static void throw_away(const struct kill_place *place)
{
	static const char *const parts[] = {"state/data.mdb", "state/lock.mdb", "state/mark",
		"state/writer.lock", "state/ballast", "state"};
	for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++)
		take_away(place, parts[index]);
}

static void cut_short(const struct kill_place *place, off_t divisor)
{
	char path[KILL_PLACE_PATH];
	struct stat status;
	kill_place_path(place, "state/data.mdb", path);
	if (stat(path, &status) == 0)
		assert_int_equal(truncate(path, divisor == 0 ? 0 : status.st_size / divisor), 0);
}

/* The state of some life before this one, if there was one yet; and this one is put by for later. */
static void set_back(const struct kill_place *place)
{
	char path[KILL_PLACE_PATH];
	kill_place_path(place, "state/data.mdb", path);
	if (access(path, F_OK) != 0)
		return;
	if (access(place->old_state, F_OK) == 0)
		copy_file(place->old_state, path);
	else
		copy_file(path, place->old_state);
}

static void lose_state(struct kill_place *place)
{
	place->meddled = true;
	switch (support_random_below(place->random, 6)) {
	case 0:
		cut_short(place, 0);
		break;
	case 1:
		cut_short(place, 2);
		break;
	case 2:
		set_back(place);
		break;
	default:
		throw_away(place);
	}
}

static void lose_secret(struct kill_place *place)
{
	place->meddled = true;
	take_away(place, "keys/state");
}

static void lose_ballast(struct kill_place *place)
{
	take_away(place, "state/ballast");
}

/* The first letter of the word in all of the state's file: how often it is there. */
static size_t write_letter(const struct kill_place *place, const char *word, char letter)
{
	char path[KILL_PLACE_PATH];
	struct stat status;
	size_t found = 0;
	kill_place_path(place, "state/data.mdb", path);
	int file = open(path, O_RDWR | O_CLOEXEC);
	assert_true(file >= 0 && fstat(file, &status) == 0);
	SCOPED(support_free) char *bytes = malloc((size_t)status.st_size);
	assert_int_equal(pread(file, bytes, (size_t)status.st_size, 0), status.st_size);
	const char *end = bytes + status.st_size;
	for (const char *at = bytes; (at = memmem(at, (size_t)(end - at), word, strlen(word))) != NULL;
		at++) {
		assert_int_equal(pwrite(file, &letter, 1, at - bytes), 1);
		found++;
	}
	close(file);
	return found;
}

/*
 * A key's name, which only the sweep comes by when nobody asks: to another that stands in the same order, or a start
 * would find it.
 */
static void change_state(struct kill_place *place)
{
	kill_server_begin(&place->server);
	kill_server_stop(&place->server);
	place->meddled = true;
	assert_true(write_letter(place, "maker+", 'n') > 0);
}

/* Served until the sweep has found it and the next one made it anew. */
static void expect_given_up(struct kill_place *place)
{
	struct kill_server *server = &place->server;
	for (unsigned tries = 0; tries < 100 && write_letter(place, "naker+", 'n') > 0; tries++) {
		kill_server_begin(server);
		kill_place_sleep(20000 * (tries + 1));
		kill(server->pid, SIGTERM);
		int status = kill_server_end(server);
		assert_true(status == 0 || kill_server_refused(server, status));
	}
	assert_int_equal(write_letter(place, "naker+", 'n'), 0);
}

/* ---- phases ---- */

enum course {
	COURSE_INIT,
	COURSE_START, /* killed before it serves, or at once then */
	COURSE_END,   /* as it ends by itself */
	COURSE_WORK,
	COURSE_STOP,
	COURSE_TIME, /* after a while, wherever it is */
};

struct phase {
	const char *name;
	enum course course;
	enum kill_aim_from from;
	size_t within; /* so many calls, or microseconds for a course of time; what is seen to be more counts */
	void (*before)(struct kill_place *place);
	const char *option;
	const char *until; /* of init: what is there once this phase is over */
	bool slow;         /* not in a sample */
};

static const struct phase phases[] = {
	{.name = "init: the log", .course = COURSE_INIT, .within = 110, .until = "keys"},
	{.name = "init: keys", .course = COURSE_INIT, .within = 110, .until = "keys/system.pub"},
	{.name = "init: first entry", .course = COURSE_INIT, .within = 110, .until = "last-signed"},
	{.name = "init: checkpoint and end", .course = COURSE_INIT, .within = 110},
	{.name = "open", .course = COURSE_START, .within = 30},
	{.name = "rebuild: state lost", .course = COURSE_START, .within = 60, .before = lose_state},
	{.name = "rebuild: asked for", .course = COURSE_START, .within = 60, .option = "--rebuild"},
	{.name = "rebuild: secret lost", .course = COURSE_START, .within = 60, .before = lose_secret},
	{.name = "ballast",
		.course = COURSE_START,
		.from = KILL_AIM_BALLAST,
		.within = 3,
		.before = lose_ballast},
	{.name = "sweep finds, state given up",
		.course = COURSE_END,
		.from = KILL_AIM_WORDS,
		.within = 30,
		.before = change_state},
	{.name = "work, at a call", .course = COURSE_WORK, .within = 200},
	/* flushed, in the log, shown, answered, while the next group is being decided */
	{.name = "work, between the stages", .course = COURSE_WORK, .from = KILL_AIM_FLUSH, .within = 24},
	/* before the log has what was said, or after it has what was erased, and before either is answered */
	{.name = "work, said or erased", .course = COURSE_WORK, .from = KILL_AIM_KEY, .within = 12},
	{.name = "checkpoint, under work",
		.course = COURSE_WORK,
		.from = KILL_AIM_GUARD,
		.within = 24,
		.slow = true},
	{.name = "checkpoint, on stopping", .course = COURSE_STOP, .from = KILL_AIM_GUARD, .within = 24},
	{.name = "stop", .course = COURSE_STOP, .within = 60},
	{.name = "work, at any time", .course = COURSE_TIME, .within = ANY_TIME_US},
};

enum { PHASES = sizeof phases / sizeof phases[0] };
struct tally {
	size_t kills;
	size_t through; /* lives that came to the end of the phase */
	size_t whole;   /* the most calls that such a life was seen to make */
	size_t places;
	bool hit[POINTS_MAX];
};

/* What the children share with their parent. */
static struct trial {
	const struct kill_place *set_up;
	struct support_random random;
	size_t wanted; /* kills */
	size_t kills;
	size_t lives;
	size_t requests;
	size_t answered;
	struct kill_said_count said;
	struct tally tallies[PHASES];
} * trial;

static size_t choose_point(const struct kill_place *place, size_t phase)
{
	size_t whole = trial->tallies[phase].whole;
	size_t within = whole > 0 ? whole + 1 : phases[phase].within;
	return support_random_below(place->random, within);
}

static void count(size_t phase, size_t point, bool struck, size_t seen)
{
	struct tally *tally = &trial->tallies[phase];
	trial->kills += struck;
	tally->kills += struck;
	tally->through += !struck;
	if (!struck && seen > tally->whole)
		tally->whole = seen;
	if (struck && point < POINTS_MAX) {
		tally->places += !tally->hit[point];
		tally->hit[point] = true;
	}
}

static void print_tallies(double seconds)
{
	print_message("%zu kills in %.1f s:\n", trial->kills, seconds);
	for (size_t index = 0; index < PHASES; index++) {
		const struct tally *tally = &trial->tallies[index];
		print_message("  %-30s %5zu killed at %3zu different calls, %4zu came through\n",
			phases[index].name, tally->kills, tally->places, tally->through);
	}
	print_message("%zu requests, %zu of them answered before the last kill of their ledger\n",
		trial->requests, trial->answered);
	print_message("%zu notes that can be read, %zu erased\n", trial->said.there, trial->said.erased);
}

/* ---- init ---- */

/* It is refused with words, or is whose it should be: nobody finds a service whose first entry he can write. (I3, J4) */
static void check_left(struct kill_server *server, bool complete)
{
	const struct recourse_audit_options options = {.directory = server->directory};
	struct recourse_audit report;
	kill_server_init(server);
	int status = kill_server_end(server);
	assert_true(status == 0 ? !complete : kill_server_refused(server, status));
	complete = complete || status == 0;
	kill_server_serve(server, NULL);
	if (!kill_server_wait_ready(server)) {
		status = kill_server_end(server);
		if (complete || !kill_server_refused(server, status))
			kill_server_show(server);
		assert_true(!complete && kill_server_refused(server, status));
		return;
	}
	kill_server_play(server, "admin party.register party=M kinds=merchant\n");
	kill_server_stop(server);
	assert_ok(recourse_ledger_audit(&options, &report));
}

static size_t phase_of_init(const struct kill_server *server)
{
	size_t phase;
	char path[KILL_PLACE_PATH];
	for (phase = 0; phases[phase].until != NULL; phase++) {
		snprintf(path, sizeof path, "%s/%s", server->directory, phases[phase].until);
		if (access(path, F_OK) != 0)
			break;
	}
	return phase;
}

static void init_and_die(struct kill_place *place, size_t phase)
{
	struct kill_server server;
	char command[2 * SUPPORT_PATH_MAX];
	size_t point = choose_point(place, phase);
	kill_server_find(&server, &place->directory, "unmade");
	kill_aim_at(&server.aim, KILL_AIM_ANY, (long)point);
	kill_server_init(&server);
	int status = kill_server_end(&server);
	bool struck = server.aim.struck;
	assert_true(struck || status == 0);
	count(struck ? phase_of_init(&server) : phase, point, struck, server.aim.seen);
	check_left(&server, !struck);
	snprintf(command, sizeof command, "rm -rf '%s'", server.directory);
	assert_int_equal(system(command), 0);
}

/* ---- a life of a ledger ---- */

static void aim(struct kill_place *place, size_t phase, size_t point)
{
	kill_aim_at(&place->server.aim, phases[phase].from, (long)point);
}

/* It ends by itself, or is killed; anything else fails the test. Whether it was struck is counted. */
static void end_life(struct kill_place *place, size_t phase, size_t point)
{
	struct kill_server *server = &place->server;
	enum course course = phases[phase].course;
	int status = kill_server_end(server);
	bool may_end = course == COURSE_STOP ? status == 0
					     : course == COURSE_END && kill_server_refused(server, status);
	if (status != SIGKILL && !may_end)
		kill_server_show(server);
	assert_true(status == SIGKILL || may_end);
	bool any_time = course == COURSE_TIME;
	count(phase, any_time ? POINTS_MAX : point, any_time || server->aim.struck, server->aim.seen);
}

static void start_and_die(struct kill_place *place, size_t phase, size_t point)
{
	struct kill_server *server = &place->server;
	aim(place, phase, point);
	kill_server_serve(server, phases[phase].option);
	bool ready = kill_server_wait_ready(server);
	place->meddled = place->meddled && !ready;
	if (ready && phases[phase].course == COURSE_START)
		kill(server->pid, SIGKILL);
	else if (ready)
		assert_false(kill_server_wait_ready(server));
	end_life(place, phase, point);
	if (phases[phase].course == COURSE_END)
		expect_given_up(place);
}

static void work_and_die(struct kill_place *place, size_t phase, size_t point)
{
	struct kill_server *server = &place->server;
	kill_server_begin(server);
	place->meddled = false;
	kill_place_check(place);
	kill_place_connect(place, IMPATIENT_MS);
	kill_work_begin(&place->work);
	if (phases[phase].course == COURSE_TIME) {
		kill_place_sleep(point);
		kill(server->pid, SIGKILL);
	} else if (phases[phase].course == COURSE_STOP) {
		kill_place_sleep(support_random_below(place->random, 20000));
		aim(place, phase, point);
		kill(server->pid, SIGTERM);
	} else {
		aim(place, phase, point);
	}
	end_life(place, phase, point);
	kill_work_end(&place->work);
	kill_place_disconnect(place);
}

static void live_and_die(struct kill_place *place, size_t phase)
{
	enum course course = phases[phase].course;
	if (course == COURSE_INIT) {
		init_and_die(place, phase);
		return;
	}
	size_t point = choose_point(place, phase);
	if (phases[phase].before != NULL)
		phases[phase].before(place);
	if (course == COURSE_START || course == COURSE_END)
		start_and_die(place, phase, point);
	else
		work_and_die(place, phase, point);
	kill_place_audit(place);
}

/* ---- clients whose service is gone ---- */

/* Before the kill and after it, with the connection broken and with one that never comes. */
static void outlive(void *context)
{
	struct kill_place *place = kill_place_copy(trial->set_up);
	alarm(ROUND_SECONDS);
	kill_server_begin(&place->server);
	kill_place_connect(place, IMPATIENT_MS);
	kill_work_begin(&place->work);
	/* a busy machine may take its time over the first answer */
	for (unsigned tries = 0; tries < 1000 && kill_work_answered(&place->work) == 0; tries++)
		kill_place_sleep(10000);
	kill_place_sleep(50000);
	kill_server_kill(&place->server);
	kill_place_sleep(4000 * IMPATIENT_MS);
	size_t answered = kill_work_answered(&place->work);
	kill_work_end(&place->work);
	assert_int_equal(kill_work_answered(&place->work), answered);
	assert_true(answered > 0 && answered < kill_work_count(&place->work));
	kill_place_disconnect(place);
	kill_place_free(place);
}

static void clients_outlive_the_service(void **state)
{
	assert_int_equal(child_run(outlive, NULL), 0);
}

/* ---- killing ---- */

/* In turn; in a long run at random by turns, so that any follows any. What is slow waits for its turn there. */
static size_t choose_phase(size_t life)
{
	bool sample = trial->wanted <= KILLS_SAMPLE;
	bool at_random = !sample && life % 2 == 1;
	size_t phase = sample ? life % PHASES : life / 2 % PHASES;
	if (at_random)
		phase = support_random_below(&trial->random, PHASES);
	return phases[phase].slow && (at_random || sample) ? PHASES - 1 : phase;
}

/*
 * One ledger, in a process of its own: nng 1.5.2 may come to wait for ever for a connection that was broken, and all
 * that are closed after it wait too.
 */
static void live_often(void *context)
{
	struct kill_place *place = kill_place_copy(trial->set_up);
	alarm(ROUND_SECONDS);
	while (kill_work_count(&place->work) < REQUESTS_ROUND && trial->kills < trial->wanted)
		live_and_die(place, choose_phase(trial->lives++));
	trial->answered += kill_work_answered(&place->work);
	trial->requests += kill_work_count(&place->work);
	kill_place_finish(place);
	trial->said.there += place->said.there;
	trial->said.erased += place->said.erased;
	kill_place_free(place);
}

static void survives_being_killed(void **state)
{
	const char *given = getenv("KILLS");
	uint64_t begin = host_clock_monotonic();
	trial->wanted = given != NULL ? strtoul(given, NULL, 10) : support_times(KILLS_SAMPLE, KILLS_ALL);
	for (size_t told = TOLD_EACH; trial->kills < trial->wanted;) {
		assert_int_equal(child_run(live_often, NULL), 0);
		if (trial->kills < told && trial->kills < trial->wanted)
			continue;
		print_tallies((double)(host_clock_monotonic() - begin) / HOST_CLOCK_SECOND);
		told += TOLD_EACH;
	}
	for (size_t phase = 0; phase < PHASES && trial->wanted >= EACH_IS_REACHED; phase++)
		assert_true(trial->tallies[phase].kills > 0);
}

static int set_up(void **state)
{
	trial = child_share(sizeof *trial);
	trial->random = support_random_start();
	*state = kill_place_make(&trial->random);
	trial->set_up = *state;
	return 0;
}

static int tear_down(void **state)
{
	kill_place_free(*state);
	child_unshare(trial, sizeof *trial);
	return 0;
}

int main(void)
{
	child_prefer_memory();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_outlive_the_service),
		cmocka_unit_test(survives_being_killed),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
