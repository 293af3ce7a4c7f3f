/* SPDX-License-Identifier: Apache-2.0 */
#include "power_life.h"

#include "../tools/subcommand.h"
#include "base/instant.h"
#include "clock_note.h"
#include "ledger.h"
#include "store/log_latest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char boot_after_that[] = "33333333-3333-4333-8333-333333333333\n";

enum { BALLAST_SIZE = 8192, GROUP_SIZE = 5, GROUPS_IN_STEPS = 4 };

void power_life_path(char path[static SUPPORT_PATH_MAX], const char *directory, const char *name)
{
	assert_true(snprintf(path, SUPPORT_PATH_MAX, "%s/%s", directory, name) < SUPPORT_PATH_MAX);
}

static void mark(struct power *power)
{
	assert_true(power->mark_count + 1 < sizeof power->marks / sizeof power->marks[0]);
	power->marks[++power->mark_count] = power->now;
	power_append(&power->record, POWER_MARK, 0);
}

enum recourse_error power_life_hash_state(struct recourse_ledger *ledger, uint64_t *hash)
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
	assert_true(head->requests < POWER_REQUESTS_MAX && head->entries <= POWER_ENTRIES_MAX);
	assert_ok(power_life_hash_state(power->kit.ledger, &power->kept.state_of[head->requests]));
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

enum recourse_error power_life_open(struct power *power, bool rebuild)
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
	assert_ok(power_life_open(power, rebuild));
	mark(power);
}

/*
 * The power goes while the latest groups are in a file of their own, of which all had come to the disk, the first last. In
 * the next boot they are added again; where that is cut off, too, it begins anew.
 */
static void come_back(struct power *power)
{
	static uint8_t bytes[LOG_LATEST_SIZE];
	char path[SUPPORT_PATH_MAX];
	size_t front = LOG_LATEST_PAGE;
	power_life_path(path, power->place, "log/latest");
	int file = open(path, O_RDWR | O_DSYNC | O_CLOEXEC);
	assert_int_equal(pread(file, bytes, sizeof bytes, 0), sizeof bytes);
	kit_close(&power->kit);
	assert_int_equal(
		pwrite(file, bytes + front, sizeof bytes - front, (off_t)front), sizeof bytes - front);
	assert_int_equal(pwrite(file, bytes, front, 0), front);
	close(file);
	support_write_file(power->boots[0], slice_text(boot_after_that));
	assert_ok(power_life_open(power, false));
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

enum recourse_error power_life_send(struct power *power, const struct payload *payload)
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

void power_life_payload_free(struct payload *payload)
{
	free(payload->text);
}

struct payload power_life_payload(struct power *power, const char *id, const char *words)
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
	power_life_path(path, power->place, "keys/admin");
	assert_ok(key_open_file(path, &power->admin));
	power->kit.now = power->kit.ledger->head.time;
	SCOPED(power_life_payload_free)
	struct payload payload =
		power_life_payload(power, "hand-over", "key.register party=P key=@admin roles=admin");
	assert_ok(power_life_send(power, &payload));
	acknowledge(power, POWER_REQUESTS_MAX);
}

static void prepare_group(struct power *power, struct recourse_request *requests[static GROUP_SIZE])
{
	char id[32];
	char words[100];
	for (size_t index = 0; index < GROUP_SIZE; index++) {
		snprintf(id, sizeof id, "group-%llu", (unsigned long long)++power->kit.requests);
		snprintf(words, sizeof words, "party.register party=%s kinds=merchant", id);
		SCOPED(power_life_payload_free)
		struct payload payload = power_life_payload(power, id, words);
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

/* It is acknowledged once the log has it, and shown then. */
static enum recourse_error keep_ahead(struct power *power)
{
	bool ahead;
	TRY(recourse_ledger_append(power->kit.ledger, &ahead));
	assert_true(ahead);
	power->now.acknowledged += GROUP_SIZE;
	mark(power);
	return recourse_ledger_show(power->kit.ledger);
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
			assert_ok(recourse_ledger_settle(
				ledger, group % 2 == 0 ? keep_ahead(power) : recourse_ledger_keep(ledger)));
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

/* Texts by new keys and by keys that are there, erased, and said again. */
static void say_and_erase(struct power *power)
{
	static const char *const said[] = {
		"agent contact.record claim=claim-A channel=phone direction=in note=\"she says: never used\"",
		"agent contact.record claim=claim-B channel=app direction=in note=\"he says: at home\"",
		"agent contact.record claim=claim-A channel=mail direction=in note=\"she writes\"",
		"maker note.erase claim=claim-A reason=asked-for",
		"checker proposal.approve proposal=$last",
		"agent contact.record claim=claim-A channel=phone direction=in note=\"once more\"",
	};
	for (size_t index = 0; index < sizeof said / sizeof said[0]; index++) {
		kit_play(&power->kit, "%s", said[index]);
		acknowledge(power, 1);
	}
}

void power_life_live(struct power *power)
{
	init(power);
	assert_ok(power_life_open(power, false));
	hand_over(power);
	kit_golden(&power->kit);
	acknowledge(power, 1);
	sign(power);
	note(power);
	kit_golden_each(&power->kit, after_step, power);
	say_and_erase(power);
	come_back(power);
	acknowledge(power, 1);
	reopen(power, false);
	send_group(power);
	sign(power);
	send_groups_in_steps(power);
	reopen(power, true);
	note(power);
	power->now.sent += POWER_REQUESTS_MAX;
	mark(power);
	kit_wait(&power->kit, UINT64_C(400) * 86400);
	acknowledge(power, GROUP_SIZE);
	send_group(power);
	sign(power);
	kit_close(&power->kit);
	assert_ok(power_life_open(power, false));
}

void power_life_keep(struct power *power)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
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
