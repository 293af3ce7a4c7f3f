/* SPDX-License-Identifier: Apache-2.0 */
#include "kit_child.h"
#include "ledger.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Files and disks that are really full, until there is room again: writes are refused, nothing is lost or done by half,
 * and no hand is needed.
 */

enum { MARGIN = (64 << 20) + (128 << 10) };
enum { DISK_SIZE = 80 << 20, FILLER_SIZE = 20 << 20, BALLAST_SIZE = 2 << 20, READERS = 200 };

struct place {
	struct kit kit; /* its ledger is open in a child only */
	char payload[KIT_CHILD_PAYLOAD_MAX];
	uint64_t before; /* entries */
	uint64_t after;
	enum recourse_error result;
	enum recourse_error again;
	unsigned int taken;
	bool impossible;
};

static int setup(void **state)
{
	*state = kit_child_make(sizeof(struct place));
	return 0;
}

static int teardown(void **state)
{
	kit_child_end(*state, sizeof(struct place));
	return 0;
}

static void in_child(struct place *place, void (*act)(void *context))
{
	assert_int_equal(kit_child_run(place, act), 0);
}

static enum recourse_error commit(struct place *place, struct recourse_request *request)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{3}};
	return recourse_ledger_commit(place->kit.ledger, &request, 1, place->kit.now, salts);
}

static rlim_t log_size(const struct place *place)
{
	char path[SUPPORT_PATH_MAX];
	struct stat status;
	support_directory_path(&place->kit.directory, "log/data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	return (rlim_t)status.st_size;
}

/* Until the log may not grow by what is kept spare; then the limit is lifted and the last one sent again. */
static void fill_file(void *context)
{
	struct place *place = context;
	struct recourse_request *request = NULL;
	kit_reopen(&place->kit, false);
	place->before = kit_entries(&place->kit);
	support_limit_files(log_size(place) + MARGIN);
	do {
		recourse_request_release(request);
		kit_child_payload(&place->kit, place->payload);
		assert_ok(kit_prepare(&place->kit, "bank", place->payload, &request));
		place->result = commit(place, request);
		place->taken += place->result == RECOURSE_OK;
	} while (place->result == RECOURSE_OK && place->taken < 10000);
	support_limit_files(RLIM_INFINITY);
	place->again = commit(place, request);
}

static void count_taken(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	place->after = kit_entries(&place->kit);
	kit_audit(&place->kit);
}

static void a_file_may_not_grow(void **state)
{
	struct place *place = *state;
	in_child(place, fill_file);
	in_child(place, count_taken);
	print_message("%u taken, then %s, then %s\n", place->taken, recourse_error_name(place->result),
		recourse_error_name(place->again));
	assert_error(place->result, RECOURSE_STORE_FULL);
	assert_ok(place->again);
	assert_int_equal(place->after - place->before, place->taken + 1);
}

static bool mount_small_disk(const char *path)
{
	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return false;
	return mkdir(path, 0700) == 0 && mount("none", path, "tmpfs", 0, "size=80m,mode=0700") == 0;
}

/* A file of that size, or as large as the disk lets it be. */
static void write_filler(const char *path, size_t size)
{
	static const char bytes[1 << 16];
	ssize_t count = 1;
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	for (size_t written = 0; written < size && count > 0; written += sizeof bytes)
		count = write(file, bytes, sizeof bytes);
	assert_int_equal(close(file), 0);
}

/* Places of readers that nobody had taken before, too. */
static void read_much(const struct place *small)
{
	struct log_snapshot *log[READERS];
	struct state_view *state[READERS];
	for (size_t index = 0; index < READERS; index++) {
		assert_ok(log_snapshot_open(small->kit.ledger->log, &log[index]));
		assert_ok(state_snapshot_open(small->kit.ledger->state, &state[index]));
	}
	for (size_t index = 0; index < READERS; index++) {
		log_read_close(log[index]);
		state_snapshot_close(state[index]);
	}
}

/* What the service says of itself, to whom it may concern. */
static void expect_room(struct kit *kit, const char *room)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes info = {0};
	struct recourse_slice none = {0};
	assert_ok(
		recourse_ledger_public(kit->ledger, slice_text("service.info"), none, &info, &kit->refusal));
	assert_non_null(memmem(info.data, info.size, room, strlen(room)));
}

/* Below the room that is kept spare, and full: what writes is refused and what reads is answered, until there is room. */
static void fill_and_empty(struct place *small, const char *filler)
{
	struct recourse_request *request = NULL;
	expect_room(&small->kit, "enough");
	kit_child_payload(&small->kit, small->payload);
	assert_ok(kit_prepare(&small->kit, "bank", small->payload, &request));
	for (size_t size = FILLER_SIZE; size <= DISK_SIZE; size += DISK_SIZE - FILLER_SIZE) {
		write_filler(filler, size);
		assert_error(commit(small, request), RECOURSE_STORE_FULL);
		assert_error(recourse_ledger_sign(small->kit.ledger), RECOURSE_STORE_FULL);
		expect_room(&small->kit, "short");
	}
	read_much(small);
	assert_int_equal(unlink(filler), 0);
	assert_ok(commit(small, request));
	assert_ok(recourse_ledger_sign(small->kit.ledger));
	expect_room(&small->kit, "enough");
	recourse_request_release(request);
	kit_play(&small->kit, "= 2010 M 1.00");
	kit_audit(&small->kit);
}

static void open_with_ballast(struct place *small)
{
	const struct recourse_ledger_options options = {
		.directory = small->kit.directory.path,
		.log_key = small->kit.log_key,
		.spare_bytes = 1 << 20,
		.ballast_bytes = BALLAST_SIZE,
	};
	assert_ok(recourse_ledger_open(&options, &small->kit.ledger));
}

/* A start that has to make its state, on a disk with room for nothing: the ballast's is enough, and is taken again. */
static void start_when_full(struct place *small, const char *filler)
{
	char state[SUPPORT_PATH_MAX];
	char ballast[SUPPORT_PATH_MAX];
	struct stat status;
	support_directory_path(&small->kit.directory, "state/data.mdb", state);
	support_directory_path(&small->kit.directory, "state/ballast", ballast);
	kit_close(&small->kit);
	open_with_ballast(small);
	assert_int_equal(stat(ballast, &status), 0);
	assert_true(status.st_blocks * (blkcnt_t)512 >= BALLAST_SIZE);
	kit_close(&small->kit);
	assert_int_equal(unlink(state), 0);
	write_filler(filler, DISK_SIZE);
	open_with_ballast(small);
	assert_false(recourse_ledger_ballast(small->kit.ledger));
	assert_int_equal(stat(ballast, &status), -1);
	kit_play(&small->kit, "= 2010 M 1.00");
	assert_int_equal(unlink(filler), 0);
	kit_play(&small->kit, "deposit M 2.00 room-again\n= 2010 M 3.00");
	assert_true(recourse_ledger_ballast(small->kit.ledger));
	assert_int_equal(stat(ballast, &status), 0);
	kit_audit(&small->kit);
}

static void use_small_disk(void *context)
{
	struct place *place = context;
	struct place *small = calloc(1, sizeof *small);
	char path[SUPPORT_PATH_MAX];
	char filler[SUPPORT_PATH_MAX];
	support_directory_path(&place->kit.directory, "small", path);
	support_directory_path(&place->kit.directory, "small/filler", filler);
	place->impossible = !mount_small_disk(path);
	if (place->impossible)
		return;
	assert_int_equal(setenv("TMPDIR", path, 1), 0);
	kit_start(&small->kit);
	kit_golden(&small->kit);
	fill_and_empty(small, filler);
	start_when_full(small, filler);
	kit_end(&small->kit);
}

static void a_small_disk(void **state)
{
	struct place *place = *state;
	in_child(place, use_small_disk);
	if (!place->impossible)
		return;
	print_message("no disk may be mounted here\n");
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_may_not_grow, setup, teardown),
		cmocka_unit_test_setup_teardown(a_small_disk, setup, teardown),
	};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
