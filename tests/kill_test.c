/* SPDX-License-Identifier: Apache-2.0 */
#include "host_clock.h"
#include "proof/key.h"
#include "kill_server.h"
#include "kill_work.h"
#include "base/slice.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * A service killed by SIGKILL at any moment, again and again: while it works, while it starts, while it makes its
 * state anew, while it signs. Nothing that it acknowledged may be lost, nothing that was sent twice be done twice,
 * and no checkpoint be taken back.
 *
 *   KILLS=n   how often (30; 200 in a trial; 20 under a sanitizer)
 *   SEED=n    for the same work and the same delays; what the machine does meanwhile is its own affair
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
	KILLS_SAMPLE = 20,
	KILLS_ALL = 20,
	IMPATIENT_MS = 1000,
#else
	KILLS_SAMPLE = 30,
	KILLS_ALL = 200,
	IMPATIENT_MS = 120, /* so long the workers wait in vain after each kill */
#endif
	PATIENT_MS = 20000,
	REPEATED_EACH_TIME = 8,
	SIGN_INTERVAL_US = 1000000,
};

#define ORIGIN "example.com/ledger"

struct tally {
	size_t kills;
	size_t starting;   /* before it served anything */
	size_t rebuilding; /* of these, with the state thrown away */
	size_t signing;    /* about the time when a checkpoint is due */
	size_t states;     /* thrown away or damaged */
};

struct place {
	struct support_directory directory;
	struct kill_server server;
	struct kill_work work;
	struct support_random random;
	struct tally tally;
	char vkey[KEY_TEXT_SIZE];
	char memory[SUPPORT_PATH_MAX];
	char old_state[SUPPORT_PATH_MAX];
	uint64_t setup_entries;
	uint64_t setup_requests;
	uint8_t *entries; /* how many replies claim each */
	uint8_t *requests;
	size_t claimed;
};

/*
 * A connection that breaks at the wrong moment makes nng 1.5.2 forget the message that was on its way: seen once in
 * hundreds of kills. The sanitizer is told which library's leaks those are; it calls this by its name.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libnng\n";
}

/* ---- clients ---- */

static struct recourse_client *connect_as(
	const struct place *place, const char *key, const char *memory, uint32_t timeout_ms)
{
	char path[SUPPORT_PATH_MAX + 32];
	struct recourse_client *client;
	snprintf(path, sizeof path, "%s/keys/%s", place->server.directory, key);
	const struct recourse_client_options options = {
		.url = place->server.url,
		.key_file = path,
		.log_key = place->vkey,
		.memory = memory,
		.timeout_ms = timeout_ms,
	};
	assert_ok(recourse_client_open(&options, &client));
	return client;
}

static void connect_all(struct place *place, uint32_t timeout_ms)
{
	place->work.clients = (struct kill_clients){
		.admin = connect_as(place, "admin", place->memory, timeout_ms),
		.bank = connect_as(place, "bank", NULL, timeout_ms),
		.maker = connect_as(place, "maker", NULL, timeout_ms),
	};
}

static void *close_clients(void *argument)
{
	SCOPED(support_free) struct kill_clients *clients = argument;
	recourse_client_close(clients->admin);
	recourse_client_close(clients->bank);
	recourse_client_close(clients->maker);
	return NULL;
}

/* Aside: closing takes its time where the service was killed. */
static void disconnect(const struct place *place)
{
	pthread_t thread;
	struct kill_clients *copy = malloc(sizeof *copy);
	assert_non_null(copy);
	*copy = place->work.clients;
	assert_int_equal(pthread_create(&thread, NULL, close_clients, copy), 0);
	pthread_detach(thread);
}

static uint64_t number_in(const char *json, const char *name)
{
	const char *found = strstr(json, name);
	assert_non_null(found);
	return strtoull(found + strlen(name), NULL, 10);
}

static void read_vkey(const struct place *place, char vkey[static KEY_TEXT_SIZE])
{
	char path[SUPPORT_PATH_MAX + 32];
	SCOPED(recourse_bytes_free) struct recourse_bytes text = {0};
	snprintf(path, sizeof path, "%s/keys/log", place->server.directory);
	assert_ok(recourse_key_vkey(path, &text));
	snprintf(vkey, KEY_TEXT_SIZE, "%.*s", (int)text.size, (const char *)text.data);
}

static void audit(const struct place *place, struct recourse_audit *report)
{
	const struct recourse_audit_options options = {.directory = place->server.directory};
	enum recourse_error error = recourse_ledger_audit(&options, report);
	if (error != RECOURSE_OK)
		print_error("entry %llu: %s\n", (unsigned long long)report->first_wrong, report->what);
	assert_ok(error);
	assert_true(report->state_compared);
}

static void set_up_ledger(struct place *place)
{
	static const char steps[] = "admin party.register party=Y kinds=issuer\n"
				    "admin party.register party=bank kinds=custodian\n"
				    "repeat n 0 to 3\n"
				    "  admin party.register party=M$n kinds=merchant\n"
				    "end\n"
				    "admin unit.define unit=L digits=3 name=litre\n"
				    "admin key.register party=bank key=@bank roles=custodian\n"
				    "admin key.register party=platform key=@maker roles=operator\n";
	struct recourse_audit report;
	read_vkey(place, place->vkey);
	kill_server_start(&place->server);
	kill_server_wait_ready(&place->server);
	kill_server_play(&place->server, steps);
	kill_server_stop(&place->server);
	audit(place, &report);
	place->setup_entries = report.entries;
	place->setup_requests = report.requests;
}

static struct place *make_place(void)
{
	struct place *place = calloc(1, sizeof *place);
	char list[SUPPORT_PATH_MAX];
	assert_non_null(place);
	place->random = support_random_start();
	support_directory_make(&place->directory);
	support_directory_path(&place->directory, "acknowledged", list);
	support_directory_path(&place->directory, "memory", place->memory);
	support_directory_path(&place->directory, "old-state", place->old_state);
	kill_work_make(&place->work, list, &place->random);
	kill_server_make(&place->server, &place->directory, ORIGIN);
	set_up_ledger(place);
	return place;
}

static void free_place(struct place *place)
{
	kill_work_free(&place->work);
	support_directory_remove(&place->directory);
	free(place);
}

/* ---- what happens to the state between two lives ---- */

static void state_path(const struct place *place, const char *name, char path[static SUPPORT_PATH_MAX + 32])
{
	snprintf(path, SUPPORT_PATH_MAX + 32, "%s/state/%s", place->server.directory, name);
}

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

static void throw_away(const struct place *place)
{
	static const char *const files[] = {"data.mdb", "lock.mdb", "mark", "writer.lock", ""};
	char path[SUPPORT_PATH_MAX + 32];
	for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
		state_path(place, files[index], path);
		remove(path);
	}
}

static void cut_short(const struct place *place, off_t divisor)
{
	char path[SUPPORT_PATH_MAX + 32];
	struct stat status;
	state_path(place, "data.mdb", path);
	if (stat(path, &status) == 0)
		assert_int_equal(truncate(path, divisor == 0 ? 0 : status.st_size / divisor), 0);
}

/* The state of some life before this one, if there was one yet; and this one is put by for later. */
static void set_back(const struct place *place)
{
	char path[SUPPORT_PATH_MAX + 32];
	state_path(place, "data.mdb", path);
	if (access(path, F_OK) != 0)
		return;
	if (access(place->old_state, F_OK) == 0)
		copy_file(place->old_state, path);
	else
		copy_file(path, place->old_state);
}

/* Returns whether there is none left to start with. */
static bool meddle(struct place *place)
{
	uint64_t what = support_random_below(&place->random, 20);
	place->tally.states += what < 6;
	if (what < 3)
		throw_away(place);
	else if (what == 3)
		cut_short(place, 0);
	else if (what == 4)
		cut_short(place, 2);
	else if (what == 5)
		set_back(place);
	return what < 5;
}

/* ---- one life ---- */

static void sleep_us(uint64_t microseconds)
{
	const struct timespec time = {
		.tv_sec = (time_t)(microseconds / 1000000), .tv_nsec = (long)(microseconds % 1000000) * 1000};
	nanosleep(&time, NULL);
}

static void check_cheaply(struct place *place)
{
	connect_all(place, PATIENT_MS);
	SCOPED(recourse_bytes_free) struct recourse_bytes note;
	assert_ok(recourse_client_checkpoint(place->work.clients.admin, &note));
	kill_work_repeat_some(&place->work, &place->random, REPEATED_EACH_TIME);
	disconnect(place);
}

static void work_until_killed(struct place *place)
{
	uint64_t delay_us = 1000 + support_random_below(&place->random, 59000);
	if (support_random_below(&place->random, 16) == 0) {
		delay_us = SIGN_INTERVAL_US - 60000 + support_random_below(&place->random, 100000);
		place->tally.signing++;
	}
	connect_all(place, IMPATIENT_MS);
	kill_work_begin(&place->work);
	sleep_us(delay_us);
	kill_server_kill(&place->server);
	kill_work_end(&place->work);
	disconnect(place);
}

static void live_and_die(struct place *place)
{
	bool rebuilds = meddle(place);
	kill_server_start(&place->server);
	if (support_random_below(&place->random, 4) == 0) {
		sleep_us(support_random_below(&place->random, rebuilds ? 100000 : 25000));
		place->tally.starting++;
		place->tally.rebuilding += rebuilds;
		kill_server_kill(&place->server);
	} else {
		kill_server_wait_ready(&place->server);
		check_cheaply(place);
		work_until_killed(place);
	}
	place->tally.kills++;
}

/* ---- the end ---- */

static void expect_balance(struct recourse_client *client, const char *account, int64_t fen)
{
	struct recourse_refusal refusal;
	SCOPED(recourse_bytes_free) struct recourse_bytes params = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes result = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes json = {0};
	char expected[64];
	assert_ok(recourse_item_from_json(slice_text(account), &params, &refusal));
	assert_ok(recourse_client_query(
		client, "account.balance", slice_of(params.data, params.size), &result, &refusal));
	assert_ok(recourse_item_to_json(slice_of(result.data, result.size), false, &json));
	snprintf(expected, sizeof expected, "\"balance\":\"%lld.%02lld\"", (long long)(fen / 100),
		(long long)(fen % 100));
	SCOPED(support_free) char *text = strndup((const char *)json.data, json.size);
	if (strstr(text, expected) == NULL)
		print_error("%s: expected %s: %s\n", account, expected, text);
	assert_non_null(strstr(text, expected));
}

static void check_balances(struct place *place, struct recourse_client *admin)
{
	char account[128];
	for (uint32_t number = 0; number < KILL_WORK_WORKERS; number++) {
		snprintf(account, sizeof account, "{\"code\":2010,\"party\":\"M%u\",\"unit\":\"CNY\"}",
			number);
		expect_balance(admin, account, kill_work_available(&place->work, number));
	}
	expect_balance(
		admin, "{\"code\":1010,\"party\":\"bank\",\"unit\":\"CNY\"}", kill_work_cash(&place->work));
}

/* No two requests may claim the same entry or the same number. */
static void claim(void *context, const char *reply)
{
	struct place *place = context;
	uint64_t first = number_in(reply, "\"first_entry\":");
	uint64_t accepted = number_in(reply, "\"accepted\":");
	uint64_t request = number_in(reply, "\"request\":");
	assert_true(first >= place->setup_entries && request >= place->setup_requests);
	assert_true(request < place->setup_requests + kill_work_count(&place->work));
	assert_int_equal(place->requests[request - place->setup_requests]++, 0);
	for (uint64_t entry = first; entry < first + accepted; entry++) {
		assert_true(entry < ((uint64_t)1 << 24));
		assert_int_equal(place->entries[entry]++, 0);
		place->claimed++;
	}
}

static void check_fully(struct place *place)
{
	place->entries = calloc((size_t)1 << 24, 1);
	place->requests = calloc(kill_work_count(&place->work) + 1, 1);
	assert_true(place->entries != NULL && place->requests != NULL);
	kill_server_start(&place->server);
	kill_server_wait_ready(&place->server);
	connect_all(place, PATIENT_MS);
	SCOPED(recourse_bytes_free) struct recourse_bytes note;
	kill_work_finish(&place->work);
	kill_work_repeat_all(&place->work, claim, place);
	check_balances(place, place->work.clients.admin);
	assert_ok(recourse_client_checkpoint(place->work.clients.admin, &note));
	disconnect(place);
	kill_server_stop(&place->server);
	free(place->entries);
	free(place->requests);
}

/* Every entry is claimed by a reply, every request is on the list: there is nothing that nobody asked for. */
static void check_audited(struct place *place)
{
	struct recourse_audit report;
	audit(place, &report);
	assert_int_equal(report.requests, place->setup_requests + kill_work_count(&place->work));
	assert_int_equal(report.entries, place->setup_entries + place->claimed);
	print_message("%llu requests, %llu entries, %llu checkpoints, audited\n",
		(unsigned long long)report.requests, (unsigned long long)report.entries,
		(unsigned long long)report.checkpoints);
}

/* ---- clients whose service is gone ---- */

/* Before the kill and after it, with the connection broken and with one that never comes. */
static void clients_outlive_the_service(void **state)
{
	struct place *place = make_place();
	kill_server_start(&place->server);
	kill_server_wait_ready(&place->server);
	connect_all(place, IMPATIENT_MS);
	kill_work_begin(&place->work);
	/* a busy machine may take its time over the first answer */
	for (unsigned tries = 0; tries < 1000 && kill_work_answered(&place->work) == 0; tries++)
		sleep_us(10000);
	sleep_us(50000);
	kill_server_kill(&place->server);
	sleep_us(4000 * IMPATIENT_MS);
	size_t answered = kill_work_answered(&place->work);
	kill_work_end(&place->work);
	assert_int_equal(kill_work_answered(&place->work), answered);
	assert_true(answered > 0 && answered < kill_work_count(&place->work));
	disconnect(place);
	free_place(place);
}

/* ---- killing ---- */

static void survives_being_killed(void **state)
{
	const char *given = getenv("KILLS");
	size_t kills = given != NULL ? strtoul(given, NULL, 10) : support_times(KILLS_SAMPLE, KILLS_ALL);
	struct place *place = make_place();
	uint64_t begin = host_clock_monotonic();
	while (place->tally.kills < kills)
		live_and_die(place);
	double seconds = (double)(host_clock_monotonic() - begin) / HOST_CLOCK_SECOND;
	print_message("%zu kills in %.1f s: %zu while starting (%zu of them with no state), %zu about a "
		      "checkpoint; "
		      "%zu states meddled with\n",
		place->tally.kills, seconds, place->tally.starting, place->tally.rebuilding,
		place->tally.signing, place->tally.states);
	print_message("%zu requests, %zu of them answered before the last kill, %zu sent twice at once\n",
		kill_work_count(&place->work), kill_work_answered(&place->work), place->work.duplicates);
	assert_true(kill_work_answered(&place->work) > 0 || kills < KILLS_SAMPLE);
	check_fully(place);
	check_audited(place);
	free_place(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_outlive_the_service),
		cmocka_unit_test(survives_being_killed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
