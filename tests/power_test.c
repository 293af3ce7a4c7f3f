/* SPDX-License-Identifier: Apache-2.0 */
#include "power_shim.h"

#include "../tools/subcommand.h"
#include "child.h"
#include "base/instant.h"
#include "clock_note.h"
#include "kit.h"
#include "ledger.h"
#include "proof/guard.h"
#include "state_place.h"

#include <inttypes.h>
#include <malloc.h>

/*
 * The power goes, at any moment of a service's life (I3, J4, J6). One is recorded: its directory is made by `init`, it is
 * opened, decides groups, also while the one before is kept, lets clocks strike, signs, notes the time, is closed, opened
 * again and has its state made anew. Then disks that a power cut may leave of it are laid down, each once, in memory, and the service is
 * started on it, in another boot:
 *
 *   what was acknowledged is there: init's keys and opening, requests, the guard and its note
 *   what is there was sent: requests and entries are the first that were, byte for byte
 *   the state is the one that these make, whether it was kept or made again, and all of it is as it was sealed, by a
 *   secret that not everybody has
 *   the next request is taken
 *
 * On every tenth the keys are used, too: the history is signed, and opened once more; some of these are audited.
 *
 *   POWER_STATES=n   how many different ones (500; 10,000 in a trial)
 */

enum {
	STATES_SAMPLE = 500,
	STATES_TRIAL = 10000,
	REORDERINGS_MAX = 1000, /* of one moment, in one round */
	REQUESTS_MAX = 256,
	ENTRIES_MAX = 100,
	THOROUGH_EVERY = 10,
	AUDIT_EVERY = 500,
	BALLAST_SIZE = 8192,
	GROUP_SIZE = 5,
	GROUPS_IN_STEPS = 4,
};

/* What had been said to others. */
struct mark {
	bool made; /* init said so */
	uint64_t acknowledged;
	uint64_t sent;    /* requests, both */
	uint64_t covered; /* entries, by the checkpoint that was given out */
	bool noted;
};

struct kept {
	struct buffer requests[REQUESTS_MAX];
	struct buffer entries[ENTRIES_MAX + 1];
	uint64_t entries_of[REQUESTS_MAX + 1]; /* after so many requests */
	uint64_t state_of[REQUESTS_MAX + 1];   /* its hash; 0: not known yet */
	uint64_t request_count;
};

/* A disk that was tried, and after how many marks at most: one that is right may lack what is acknowledged later. */
struct seen {
	uint64_t hash; /* 0: none */
	size_t marks;
};

/* By init's admin. */
struct payload {
	char *text;
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
};

struct power {
	struct kit kit;
	struct support_directory outside; /* where the files are that say which boot it is */
	char top[SUPPORT_PATH_MAX];
	char place[SUPPORT_PATH_MAX]; /* of the ledger in it */
	char log_key[SUPPORT_PATH_MAX];
	char system_key[SUPPORT_PATH_MAX];
	char guard[SUPPORT_PATH_MAX];
	char note[SUPPORT_PATH_MAX];
	char boots[2][SUPPORT_PATH_MAX];
	struct key_secret admin;
	struct payload next; /* a request that comes after any */
	struct power_record record;
	struct mark marks[2 * REQUESTS_MAX]; /* from 1 on; before them nothing was said */
	size_t mark_count;
	struct mark now;
	struct kept kept;
	struct power_disk disk;
	struct support_random random;
	struct seen *seen; /* in the place that the hash says, or behind it */
	size_t seen_size;
	size_t tried;
	bool thorough; /* what costs as much as all the rest is done, too */
};

/* ---- the record ---- */

static void join(char path[static SUPPORT_PATH_MAX], const char *directory, const char *name)
{
	assert_true(snprintf(path, SUPPORT_PATH_MAX, "%s/%s", directory, name) < SUPPORT_PATH_MAX);
}

static void mark(struct power *power)
{
	assert_true(power->mark_count + 1 < sizeof power->marks / sizeof power->marks[0]);
	power->marks[++power->mark_count] = power->now;
	power_append(&power->record, POWER_MARK, 0);
}

static enum recourse_error hash_state(struct recourse_ledger *ledger, uint64_t *hash)
{
	slice all = slice_of(NULL, 0);
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	SCOPED(state_walk_end) struct state_walk walk = {.cursor = NULL};
	*hash = 1;
	TRY(state_snapshot_open(ledger->state, &view));
	enum recourse_error error = state_walk_first(&walk, view, all, all, STATE_UP);
	for (; error == RECOURSE_OK; error = state_walk_next(&walk))
		*hash = power_hash(power_hash(*hash, walk.key), walk.value);
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static void keep_standing(struct power *power)
{
	const struct log_head *head = &power->kit.ledger->head;
	assert_true(head->requests < REQUESTS_MAX && head->entries <= ENTRIES_MAX);
	assert_ok(hash_state(power->kit.ledger, &power->kept.state_of[head->requests]));
}

/* All that was decided until now is acknowledged, and so many more may have been sent. */
static void acknowledge(struct power *power, uint64_t more)
{
	power->now.acknowledged = power->kit.ledger->head.requests;
	power->now.sent = power->now.acknowledged + more;
	keep_standing(power);
	mark(power);
}

static void sign(struct power *power)
{
	assert_ok(recourse_ledger_sign(power->kit.ledger));
	power->now.covered = power->kit.ledger->head.entries;
	mark(power);
}

static void note(struct power *power)
{
	struct clock_note told = {.time = power->kit.now, .entries = power->kit.ledger->head.entries};
	snprintf(told.origin, sizeof told.origin, "%s", power->kit.origin);
	snprintf(told.boot, sizeof told.boot, "none");
	assert_ok(clock_note_write(power->note, &told));
	power->now.noted = true;
	mark(power);
}

static enum recourse_error open_ledger(struct power *power, bool rebuild)
{
	const struct recourse_ledger_options options = {
		.directory = power->place,
		.log_key = power->thorough ? power->log_key : NULL,
		.system_key = power->thorough ? power->system_key : NULL,
		.rebuild = rebuild,
		.spare_bytes = 1 << 20,
		.ballast_bytes = BALLAST_SIZE,
	};
	return recourse_ledger_open(&options, &power->kit.ledger);
}

static void reopen(struct power *power, bool rebuild)
{
	kit_close(&power->kit);
	assert_ok(open_ledger(power, rebuild));
	mark(power);
}

static void init(struct power *power)
{
	char words[][20] = {
		"init", "--origin", "example.com/ledger", "--test", "--admin-party", "P", "--json"};
	char *arguments[] = {
		words[0], power->place, words[1], words[2], words[3], words[4], words[5], words[6], NULL};
	fflush(stdout);
	int out = dup(STDOUT_FILENO);
	int none = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY | O_CLOEXEC);
	dup2(none, STDOUT_FILENO);
	int status = init_main(8, arguments);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	close(none);
	assert_int_equal(status, 0);
	power->now = (struct mark){.made = true, .acknowledged = 1, .sent = 2, .covered = 1};
	mark(power);
}

static enum recourse_error prepare(
	struct power *power, const struct payload *payload, struct recourse_request **request)
{
	char handle[KEY_HANDLE_SIZE + 1];
	const struct recourse_signed call = {
		.key = slice_of(handle, key_handle(&power->admin.public_key, handle)),
		.payload = slice_text(payload->text),
		.signature = slice_of(payload->signature, sizeof payload->signature),
	};
	return recourse_request_prepare(
		power->kit.ledger, &call, power->kit.now, request, &power->kit.refusal);
}

static const uint8_t salts[GROUP_SIZE][RECOURSE_SALT_SIZE] = {{3}, {4}, {5}, {6}, {7}};

static enum recourse_error commit(struct power *power, struct recourse_request **requests, size_t count)
{
	return recourse_ledger_commit(power->kit.ledger, requests, count, power->kit.now, salts);
}

static enum recourse_error send(struct power *power, const struct payload *payload)
{
	struct recourse_request *request = NULL;
	enum recourse_error error = prepare(power, payload, &request);
	if (error == RECOURSE_OK)
		error = commit(power, &request, 1);
	if (error == RECOURSE_OK)
		error = kit_reply(&power->kit, request, NULL);
	recourse_request_release(request);
	return error;
}

static void payload_free(struct payload *payload)
{
	free(payload->text);
}

static struct payload payload_of(struct power *power, const char *id, const char *words)
{
	struct payload payload = {
		.text = kit_words(&power->kit, id, words, power->kit.now + 12 * INSTANT_HOUR),
	};
	assert_ok(crypto_key_sign(power->admin.signer, slice_text("recourse-request-v1\n"),
		slice_text(payload.text), payload.signature));
	return payload;
}

/* init's admin gives the scenario's its place. */
static void hand_over(struct power *power)
{
	char path[SUPPORT_PATH_MAX];
	join(path, power->place, "keys/admin");
	assert_ok(key_open_file(path, &power->admin));
	power->kit.now = power->kit.ledger->head.time;
	SCOPED(payload_free)
	struct payload payload =
		payload_of(power, "hand-over", "key.register party=P key=@admin roles=admin");
	assert_ok(send(power, &payload));
	acknowledge(power, REQUESTS_MAX);
}

static void prepare_group(struct power *power, struct recourse_request *requests[static GROUP_SIZE])
{
	char id[32];
	char words[100];
	for (size_t index = 0; index < GROUP_SIZE; index++) {
		snprintf(id, sizeof id, "group-%llu", (unsigned long long)++power->kit.requests);
		snprintf(words, sizeof words, "party.register party=%s kinds=merchant", id);
		SCOPED(payload_free)
		struct payload payload = payload_of(power, id, words);
		assert_ok(prepare(power, &payload, &requests[index]));
	}
}

static void release_group(struct recourse_request *requests[static GROUP_SIZE])
{
	for (size_t index = 0; index < GROUP_SIZE; index++)
		recourse_request_release(requests[index]);
}

static void send_group(struct power *power)
{
	struct recourse_request *requests[GROUP_SIZE] = {NULL};
	acknowledge(power, GROUP_SIZE);
	prepare_group(power, requests);
	assert_ok(commit(power, requests, GROUP_SIZE));
	release_group(requests);
	acknowledge(power, 1);
}

/* Each group is decided above the one before, of which nothing is on the disk yet. */
static void send_groups_in_steps(struct power *power)
{
	struct recourse_ledger *ledger = power->kit.ledger;
	struct recourse_request *requests[GROUPS_IN_STEPS][GROUP_SIZE] = {{NULL}};
	for (size_t group = 0; group <= GROUPS_IN_STEPS; group++) {
		acknowledge(power, (size_t)2 * GROUP_SIZE);
		if (group < GROUPS_IN_STEPS) {
			prepare_group(power, requests[group]);
			assert_ok(recourse_ledger_decide(
				ledger, requests[group], GROUP_SIZE, power->kit.now, salts));
		}
		if (group > 0)
			assert_ok(recourse_ledger_settle(ledger, recourse_ledger_keep(ledger)));
		if (group < GROUPS_IN_STEPS)
			recourse_ledger_hand_over(ledger);
	}
	for (size_t group = 0; group < GROUPS_IN_STEPS; group++)
		release_group(requests[group]);
	acknowledge(power, 1);
}

static void after_step(struct kit *kit, const char *commands, void *context)
{
	struct power *power = context;
	acknowledge(power, 1);
	if (power->mark_count % 4 == 0)
		sign(power);
}

static void live(struct power *power)
{
	init(power);
	assert_ok(open_ledger(power, false));
	hand_over(power);
	kit_golden(&power->kit);
	acknowledge(power, 1);
	sign(power);
	note(power);
	kit_golden_each(&power->kit, after_step, power);
	reopen(power, false);
	send_group(power);
	sign(power);
	send_groups_in_steps(power);
	reopen(power, true);
	note(power);
	power->now.sent += REQUESTS_MAX;
	mark(power);
	kit_wait(&power->kit, UINT64_C(400) * 86400);
	acknowledge(power, GROUP_SIZE);
	send_group(power);
	sign(power);
	kit_close(&power->kit);
	assert_ok(open_ledger(power, false));
}

static void keep_history(struct power *power)
{
	SCOPED(log_snapshot_end) struct log_snapshot *log = NULL;
	struct kept *kept = &power->kept;
	struct log_head head;
	slice bytes;
	assert_ok(log_snapshot_open(power->kit.ledger->log, &log));
	assert_ok(log_read_head(log, &head));
	kept->request_count = head.requests;
	for (uint64_t number = 0; number < head.requests; number++) {
		struct submission submission;
		assert_ok(log_read_request(log, number, &bytes));
		buffer_append(&kept->requests[number], bytes.data, bytes.size);
		assert_ok(submission_decode(bytes, &submission));
		kept->entries_of[number + 1] = kept->entries_of[number] + submission.accepted;
	}
	for (uint64_t number = 0; number < head.entries; number++) {
		assert_ok(log_read_entry(log, number, &bytes));
		buffer_append(&kept->entries[number], bytes.data, bytes.size);
	}
	assert_int_equal(kept->entries_of[head.requests], head.entries);
}

/* ---- a start ---- */

#define HOLDS(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			return #condition;                                                                   \
	} while (0)
#define GOES(call)                                                                                           \
	do {                                                                                                 \
		enum recourse_error said = (call);                                                           \
		if (said != RECOURSE_OK) {                                                                   \
			print_error("%s: %s\n", #call, recourse_error_name(said));                           \
			return #call;                                                                        \
		}                                                                                            \
	} while (0)

/* What is there was sent. */
static const char *compare_log(const struct power *power, uint64_t requests, uint64_t entries)
{
	const struct kept *kept = &power->kept;
	SCOPED(log_snapshot_end) struct log_snapshot *log = NULL;
	slice bytes;
	HOLDS(requests <= kept->request_count && entries == kept->entries_of[requests]);
	GOES(log_snapshot_open(power->kit.ledger->log, &log));
	for (uint64_t number = 0; number < requests; number++) {
		GOES(log_read_request(log, number, &bytes));
		HOLDS(slice_equal(bytes, buffer_slice(&kept->requests[number])));
	}
	for (uint64_t number = 0; number < entries; number++) {
		GOES(log_read_entry(log, number, &bytes));
		HOLDS(slice_equal(bytes, buffer_slice(&kept->entries[number])));
	}
	return NULL;
}

static const char *compare_state(struct power *power, uint64_t requests)
{
	uint64_t *expected = &power->kept.state_of[requests];
	uint64_t hash;
	bool whole = false;
	GOES(hash_state(power->kit.ledger, &hash));
	if (*expected == 0)
		*expected = hash;
	HOLDS(hash == *expected);
	GOES(recourse_ledger_sweep(power->kit.ledger, SIZE_MAX, &whole));
	HOLDS(whole);
	return NULL;
}

static const char *compare_files(const struct power *power, const struct mark *told)
{
	struct checkpoint last;
	struct clock_note noted;
	struct seal seal = {.blind = false};
	const struct seal nobody = {.blind = false};
	GOES(guard_read(power->guard, &last));
	HOLDS(last.size >= told->covered && last.size <= power->kit.ledger->head.entries);
	enum recourse_error error = clock_note_read(power->note, &noted);
	HOLDS(error == RECOURSE_OK || (error == RECOURSE_NOT_FOUND && !told->noted));
	GOES(seal_read_secret(power->place, true, &seal));
	HOLDS(!seal.blind && memcmp(seal.secret, nobody.secret, sizeof seal.secret) != 0);
	return NULL;
}

static const char *go_on(struct power *power, uint64_t requests)
{
	if (power->thorough)
		GOES(recourse_ledger_sign(power->kit.ledger));
	GOES(send(power, &power->next));
	HOLDS(power->kit.ledger->head.requests == requests + 1);
	if (!power->thorough)
		return NULL;
	kit_close(&power->kit);
	GOES(open_ledger(power, false));
	HOLDS(power->kit.ledger->head.requests == requests + 1);
	return NULL;
}

static const char *audit(struct power *power)
{
	const struct recourse_audit_options options = {.directory = power->place};
	struct recourse_audit report;
	kit_close(&power->kit);
	enum recourse_error error = recourse_ledger_audit(&options, &report);
	if (error != RECOURSE_OK)
		print_error("%s\n", report.what);
	HOLDS(error == RECOURSE_OK);
	return NULL;
}

#define AGREES(check)                                                                                        \
	do {                                                                                                 \
		const char *wrong = (check);                                                                 \
		if (wrong != NULL)                                                                           \
			return wrong;                                                                        \
	} while (0)

static const char *start(struct power *power, const struct mark *told)
{
	enum recourse_error error = open_ledger(power, false);
	if (!told->made && (error != RECOURSE_OK || recourse_ledger_origin(power->kit.ledger)[0] == '\0'))
		return NULL;
	GOES(error);
	const struct log_head head = power->kit.ledger->head;
	HOLDS(head.requests >= told->acknowledged && (!told->made || head.requests <= told->sent));
	AGREES(compare_log(power, head.requests, head.entries));
	AGREES(compare_state(power, head.requests));
	AGREES(compare_files(power, told));
	AGREES(go_on(power, head.requests));
	return power->tried % AUDIT_EVERY == 0 ? audit(power) : NULL;
}

/* ---- all that may be left ---- */

static struct seen *find_seen(struct power *power, uint64_t hash)
{
	size_t at = hash % power->seen_size;
	while (power->seen[at].hash != 0 && power->seen[at].hash != hash)
		at = (at + 1) % power->seen_size;
	return &power->seen[at];
}

static void clear(const struct power *power)
{
	struct support_directory ledger;
	memcpy(ledger.path, power->place, sizeof ledger.path);
	if (access(ledger.path, F_OK) == 0)
		support_directory_remove(&ledger);
}

static void try_disk(struct power *power, const struct power_point *point, size_t marks)
{
	uint64_t hash = power_disk_hash(&power->record, &power->disk) | 1;
	struct seen *seen = find_seen(power, hash);
	bool known = seen->hash == hash;
	if (known && seen->marks >= marks)
		return;
	*seen = (struct seen){hash, marks};
	power->tried += !known;
	clear(power);
	power_disk_lay(&power->record, &power->disk, power->top);
	/* of init's own time all, since keys are made then */
	power->thorough = power->tried % THOROUGH_EVERY == 0 || marks <= 1;
	const char *wrong = start(power, &power->marks[marks]);
	if (wrong != NULL)
		fail_msg("disk %zu, cut before call %zu of %zu, %" PRIu64
			 " acknowledged: %s does not hold; it was in %s",
			power->tried, point->cut, point->record->count, power->marks[marks].acknowledged,
			wrong, power->place);
	kit_close(&power->kit);
}

/* At each moment as many as are its share. */
static void try_round(struct power *power, size_t states)
{
	struct power_point *point = calloc(1, sizeof *point);
	size_t marks = 0;
	size_t share = 1 + states / power->record.count;
	share = share < REORDERINGS_MAX ? share : REORDERINGS_MAX;
	power_point_start(point, &power->record);
	for (size_t cut = 0; cut <= power->record.count && power->tried < states; cut++) {
		power_point_move(point, cut);
		marks += cut > 0 && power->record.calls[cut - 1].kind == POWER_MARK;
		for (size_t index = 0; index < 2 + share && power->tried < states; index++) {
			enum power_choice choice = index == 0   ? POWER_ALL
						   : index == 1 ? POWER_SURE
								: POWER_ANY;
			power_cut(point, choice, &power->random, &power->disk);
			try_disk(power, point, marks);
		}
	}
	power_point_free(point);
	free(point);
}

static void the_power_goes(void **state)
{
	struct power *power = *state;
	const char *given = getenv("POWER_STATES");
	size_t states =
		given != NULL ? strtoull(given, NULL, 10) : support_times(STATES_SAMPLE, STATES_TRIAL);
	size_t before;
	power->seen_size = 2 * states + 1;
	power->seen = calloc(power->seen_size, sizeof *power->seen);
	assert_non_null(power->seen);
	shim.boot = power->boots[1];
	do {
		before = power->tried;
		try_round(power, states);
	} while (power->tried < states && power->tried > before);
	print_message("%zu calls, %" PRIu64 " entries, %zu different disks\n", power->record.count,
		power->kept.entries_of[power->kept.request_count], power->tried);
	assert_int_equal(power->tried, states);
}

/* ---- the place ---- */

static void write_boot(struct power *power, int boot)
{
	static const char *const ids[] = {STATE_PLACE_BOOT_ONE "\n", STATE_PLACE_BOOT_TWO "\n"};
	join(power->boots[boot], power->outside.path, boot == 0 ? "boot-one" : "boot-two");
	support_write_file(power->boots[boot], slice_text(ids[boot]));
}

static int setup(void **state)
{
	struct power *power = calloc(1, sizeof *power);
	struct stat status;
	assert_non_null(power);
	assert_ok(crypto_start());
	power->random = support_random_start();
	support_directory_make(&power->outside);
	join(power->top, power->outside.path, "top");
	join(power->place, power->top, "ledger");
	join(power->log_key, power->place, "keys/log");
	join(power->system_key, power->place, "keys/system");
	join(power->guard, power->place, "last-signed");
	join(power->note, power->place, "last-signed.clock");
	write_boot(power, 0);
	write_boot(power, 1);
	snprintf(power->kit.origin, sizeof power->kit.origin, "example.com/ledger");
	assert_int_equal(mkdir(power->top, 0700), 0);
	assert_int_equal(stat(power->top, &status), 0);
	shim.record = &power->record;
	shim.boot = power->boots[0];
	power->thorough = true;
	add_node(status.st_ino, true);
	live(power);
	keep_history(power);
	shim.record = NULL;
	power->next = payload_of(power, "next", "party.register party=next kinds=merchant");
	kit_close(&power->kit);
	power_settle(&power->record);
	*state = power;
	return 0;
}

static int teardown(void **state)
{
	struct power *power = *state;
	kit_close(&power->kit);
	for (size_t index = 0; index < REQUESTS_MAX; index++)
		buffer_free(&power->kept.requests[index]);
	for (size_t index = 0; index < ENTRIES_MAX; index++)
		buffer_free(&power->kept.entries[index]);
	power_disk_free(&power->disk);
	power_record_free(&power->record);
	key_close(&power->admin);
	payload_free(&power->next);
	free(power->seen);
	support_directory_remove(&power->outside);
	free(power);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_power_goes, setup, teardown),
	};
	child_prefer_memory();
	/* LMDB's lists, some MiB at each opening: from the system they are zeroes that nobody has to write */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
