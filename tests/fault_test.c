/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "proof/guard.h"
#include "ledger.h"
#include "kit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/*
 * Disks that are full, slow to say so, or broken: each write and each sync of a commit, of a signature and of a
 * start fails in turn, in a process of its own that then stops as a service would. Whatever the call said, the ledger
 * opened again must have all of the request or nothing, and what it said must be true:
 *
 *   OK           it is there
 *   STORE_FULL   it is not there, and the same request is taken once there is room
 *   any other    the process takes nothing more; opening again and asking with the same id finds out
 */

/* ---- a disk that fails: LMDB and the guard call these in place of the C library's ---- */

enum call { CALL_NONE, CALL_WRITE, CALL_SYNC, CALL_RENAME };

struct fault {
	const char *title;
	enum call call;
	int error;    /* 0: only half is written */
	bool lasting; /* so do all calls after it */
};

/* It changes, since a function that stands in for write() has no other way to be told. */
static struct {
	struct fault fault;
	bool armed;
	unsigned int passing; /* calls that go well before one fails */
	unsigned int struck;
} disk;

static void disk_arm(const struct fault *fault, unsigned int passing)
{
	disk.fault = *fault;
	disk.passing = passing;
	disk.struck = 0;
	disk.armed = true;
}

static void disk_disarm(void)
{
	disk.armed = false;
}

static bool strikes(enum call call)
{
	if (!disk.armed || call != disk.fault.call)
		return false;
	if (disk.passing > 0) {
		disk.passing--;
		return false;
	}
	disk.struck++;
	disk.armed = disk.fault.lasting;
	errno = disk.fault.error;
	return true;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset)
{
	if (!strikes(CALL_WRITE))
		return syscall(SYS_pwrite64, file, bytes, size, offset);
	return disk.fault.error != 0 ? -1 : syscall(SYS_pwrite64, file, bytes, size / 2, offset);
}

ssize_t write(int file, const void *bytes, size_t size)
{
	if (!strikes(CALL_WRITE))
		return syscall(SYS_write, file, bytes, size);
	return disk.fault.error != 0 ? -1 : syscall(SYS_write, file, bytes, size / 2);
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
	if (!strikes(CALL_WRITE))
		return syscall(SYS_writev, file, parts, count);
	return disk.fault.error != 0 ? -1 : syscall(SYS_write, file, parts[0].iov_base, parts[0].iov_len / 2);
}

int fdatasync(int file)
{
	return strikes(CALL_SYNC) ? -1 : (int)syscall(SYS_fdatasync, file);
}

int fsync(int file)
{
	return strikes(CALL_SYNC) ? -1 : (int)syscall(SYS_fsync, file);
}

int renameat(int from, const char *old, int to, const char *new)
{
	return strikes(CALL_RENAME) ? -1 : (int)syscall(SYS_renameat, from, old, to, new);
}

static const struct fault faults[] = {
	{.title = "disk full", .call = CALL_WRITE, .error = ENOSPC, .lasting = true},
	{.title = "disk full for a moment", .call = CALL_WRITE, .error = ENOSPC},
	{.title = "quota", .call = CALL_WRITE, .error = EDQUOT, .lasting = true},
	{.title = "file too large", .call = CALL_WRITE, .error = EFBIG},
	{.title = "write fails", .call = CALL_WRITE, .error = EIO},
	{.title = "write fails for good", .call = CALL_WRITE, .error = EIO, .lasting = true},
	{.title = "half is written", .call = CALL_WRITE},
	{.title = "sync fails", .call = CALL_SYNC, .error = EIO},
	{.title = "sync fails for good", .call = CALL_SYNC, .error = EIO, .lasting = true},
	{.title = "full shows at the sync", .call = CALL_SYNC, .error = ENOSPC},
	{.title = "rename fails", .call = CALL_RENAME, .error = EIO},
};

/* ---- the ledger, in memory that children share ---- */

struct place {
	struct kit kit; /* its ledger is open in a child only */
	const struct fault *fault;
	unsigned int passing;
	char payload[1000];
	uint64_t before; /* entries, or what the newest checkpoint covers */
	uint64_t after;
	enum recourse_error result;
	enum recourse_error again;
	unsigned int struck;
	unsigned int taken;
	bool impossible;
};

static int setup(void **state)
{
	struct place *place = child_share(sizeof *place);
	kit_start(&place->kit);
	kit_golden(&place->kit);
	assert_ok(recourse_ledger_sign(place->kit.ledger));
	kit_close(&place->kit);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	kit_end(&place->kit);
	child_unshare(place, sizeof *place);
	return 0;
}

/* The ledger that it leaves there was its own. */
static void in_child(struct place *place, void (*act)(void *context))
{
	int status = child_run(act, place);
	place->kit.ledger = NULL;
	if (status != 0)
		print_error("%s, after %u calls: status %#x\n",
			place->fault == NULL ? "" : place->fault->title, place->passing,
			(unsigned int)status);
	assert_int_equal(status, 0);
}

static void write_payload(struct place *place)
{
	char words[100];
	char id[32];
	unsigned long long number = ++place->kit.requests;
	snprintf(id, sizeof id, "fault-%llu", number);
	snprintf(words, sizeof words, "deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=b-%llu",
		number);
	SCOPED(support_free)
	char *payload = kit_words(&place->kit, id, words, place->kit.now + UINT64_C(3600000000000));
	assert_true(strlen(payload) < sizeof place->payload);
	snprintf(place->payload, sizeof place->payload, "%s", payload);
}

static enum recourse_error commit(struct place *place, struct recourse_request *request)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{3}};
	return recourse_ledger_commit(place->kit.ledger, &request, 1, place->kit.now, salts);
}

/* ---- a commit ---- */

static void commit_under_fault(void *context)
{
	struct place *place = context;
	struct recourse_request *request = NULL;
	kit_reopen(&place->kit, false);
	place->before = kit_entries(&place->kit);
	assert_ok(kit_prepare(&place->kit, "bank", place->payload, &request));
	disk_arm(place->fault, place->passing);
	place->result = commit(place, request);
	disk_disarm();
	place->struck = disk.struck;
	place->again = commit(place, request);
}

static void ask_again(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	place->after = kit_entries(&place->kit);
	assert_ok(kit_send(&place->kit, "bank", place->payload, NULL));
	assert_int_equal(kit_entries(&place->kit), place->before + 1);
	kit_audit(&place->kit);
}

static void check_commit(const struct place *place)
{
	bool there = place->after == place->before + 1;
	assert_true(there || place->after == place->before);
	switch ((int)place->result) {
	case RECOURSE_OK:
		assert_ok(place->again);
		assert_true(there);
		break;
	case RECOURSE_STORE_FULL:
		/* taken the second time, or the store takes nothing more and it never was */
		assert_true(place->again == RECOURSE_OK ? there : !there);
		break;
	case RECOURSE_OUTCOME_UNKNOWN:
		assert_true(place->again != RECOURSE_OK && place->again != RECOURSE_STORE_FULL);
		break;
	default:
		assert_true(place->result >= RECOURSE_STORE_FAILED);
	}
}

static void a_commit_fails_at_each_call(void **state)
{
	struct place *place = *state;
	for (size_t index = 0; index < sizeof faults / sizeof faults[0]; index++) {
		unsigned int unknown = 0;
		unsigned int full = 0;
		place->fault = &faults[index];
		place->passing = 0;
		do {
			write_payload(place);
			in_child(place, commit_under_fault);
			in_child(place, ask_again);
			check_commit(place);
			full += place->result == RECOURSE_STORE_FULL;
			unknown += place->result == RECOURSE_OUTCOME_UNKNOWN;
			place->passing++;
		} while (place->struck > 0);
		print_message("%s: at %u calls, %u times full, %u times unknown\n", place->fault->title,
			place->passing - 1, full, unknown);
		assert_true(place->passing > 1 || place->fault->call == CALL_RENAME);
		assert_int_equal(place->result, RECOURSE_OK);
	}
}

/* ---- a signature ---- */

static uint64_t newest_checkpoint(const struct place *place)
{
	SCOPED(log_snapshot_end) struct log_snapshot *log;
	struct checkpoint checkpoint;
	slice text;
	slice note;
	assert_ok(log_snapshot_open(place->kit.ledger->log, &log));
	assert_ok(log_read_checkpoint(log, UINT64_MAX, &note));
	assert_ok(note_text(note, &text));
	assert_ok(checkpoint_parse(text, &checkpoint));
	return checkpoint.size;
}

static void sign_under_fault(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	assert_ok(kit_send(&place->kit, "bank", place->payload, NULL));
	place->before = newest_checkpoint(place);
	disk_arm(place->fault, place->passing);
	place->result = recourse_ledger_sign(place->kit.ledger);
	disk_disarm();
	place->struck = disk.struck;
}

/* No checkpoint may be there that the guard does not know. */
static void look_and_sign_again(void *context)
{
	struct place *place = context;
	struct checkpoint guard;
	kit_reopen(&place->kit, false);
	uint64_t newest = newest_checkpoint(place);
	uint64_t entries = kit_entries(&place->kit);
	assert_ok(guard_read(place->kit.ledger->guard, &guard));
	assert_true(newest <= guard.size);
	if (place->result == RECOURSE_OK)
		assert_int_equal(newest, entries);
	else if (guard.size < entries)
		assert_int_equal(newest, place->before);
	assert_ok(recourse_ledger_sign(place->kit.ledger));
	assert_int_equal(newest_checkpoint(place), kit_entries(&place->kit));
	kit_audit(&place->kit);
}

static void a_signature_fails_at_each_call(void **state)
{
	struct place *place = *state;
	for (size_t index = 0; index < sizeof faults / sizeof faults[0]; index++) {
		place->fault = &faults[index];
		place->passing = 0;
		do {
			write_payload(place);
			in_child(place, sign_under_fault);
			assert_true(place->struck == 0 || place->fault->error == 0 ||
				    place->result != RECOURSE_OK);
			in_child(place, look_and_sign_again);
			place->passing++;
		} while (place->struck > 0);
		print_message("%s: at %u calls\n", place->fault->title, place->passing - 1);
		assert_true(place->passing > 1);
		assert_ok(place->result);
	}
}

static void sign_without_guard(void *context)
{
	struct place *place = context;
	struct recourse_ledger_options options = {
		.directory = place->kit.directory.path,
		.log_key = place->kit.log_key,
		.guard = "/proc/self/nowhere/last-signed",
	};
	assert_ok(recourse_ledger_open(&options, &place->kit.ledger));
	place->before = newest_checkpoint(place);
	kit_play(&place->kit, "deposit M 1.00 no-guard");
	place->result = recourse_ledger_sign(place->kit.ledger);
	assert_error(place->result, RECOURSE_IO);
	assert_int_equal(newest_checkpoint(place), place->before);
}

static void no_guard_no_signature(void **state)
{
	struct place *place = *state;
	in_child(place, sign_without_guard);
	in_child(place, look_and_sign_again);
}

/* ---- a start ---- */

static void start_under_fault(void *context)
{
	struct place *place = context;
	struct recourse_ledger_options options = {
		.directory = place->kit.directory.path,
		.log_key = place->kit.log_key,
		.rebuild = true,
	};
	disk_arm(place->fault, place->passing);
	place->result = recourse_ledger_open(&options, &place->kit.ledger);
	place->struck = disk.struck;
}

static void look_after(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	assert_int_equal(kit_entries(&place->kit), place->before);
	kit_audit(&place->kit);
}

static void count(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	place->before = kit_entries(&place->kit);
}

static void a_start_fails_at_each_call(void **state)
{
	struct place *place = *state;
	in_child(place, count);
	for (size_t index = 0; index < sizeof faults / sizeof faults[0]; index++) {
		place->fault = &faults[index];
		place->passing = 0;
		do {
			in_child(place, start_under_fault);
			in_child(place, look_after);
			place->passing++;
		} while (place->struck > 0);
		assert_ok(place->result);
	}
}

/* ---- real ones ---- */

static void set_limit(rlim_t size)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static rlim_t log_size(const struct place *place)
{
	char path[SUPPORT_PATH_MAX];
	struct stat status;
	support_directory_path(&place->kit.directory, "log/data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	return (rlim_t)status.st_size;
}

/* Until the log may not grow any more; then the limit is lifted and the last one sent again. */
static void fill_file(void *context)
{
	struct place *place = context;
	struct recourse_request *request = NULL;
	kit_reopen(&place->kit, false);
	place->before = kit_entries(&place->kit);
	signal(SIGXFSZ, SIG_IGN);
	set_limit(log_size(place));
	do {
		recourse_request_release(request);
		write_payload(place);
		assert_ok(kit_prepare(&place->kit, "bank", place->payload, &request));
		place->result = commit(place, request);
		place->taken += place->result == RECOURSE_OK;
	} while (place->result == RECOURSE_OK && place->taken < 10000);
	set_limit(RLIM_INFINITY);
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
	uint64_t added = place->after - place->before;
	if (place->result == RECOURSE_STORE_FULL) {
		assert_ok(place->again);
		assert_int_equal(added, place->taken + 1);
	} else {
		/* a write that the limit cut in two, which LMDB tells as another error; or the state's file */
		assert_error(place->result, RECOURSE_OUTCOME_UNKNOWN);
		assert_error(place->again, RECOURSE_OUTCOME_UNKNOWN);
		assert_true(added == place->taken || added == place->taken + 1);
	}
}

static bool mount_small_disk(const char *path)
{
	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return false;
	return mkdir(path, 0700) == 0 && mount("none", path, "tmpfs", 0, "size=80m,mode=0700") == 0;
}

static void write_ballast(const char *path, size_t size)
{
	static const char bytes[1 << 20];
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	for (size_t written = 0; written < size; written += sizeof bytes)
		assert_int_equal(write(file, bytes, sizeof bytes), sizeof bytes);
	assert_int_equal(close(file), 0);
}

/* Below the room that the log keeps spare: refused, until a file is taken away. */
static void use_small_disk(void *context)
{
	struct place *place = context;
	struct place *small = calloc(1, sizeof *small);
	struct recourse_request *request = NULL;
	char path[SUPPORT_PATH_MAX];
	char ballast[SUPPORT_PATH_MAX];
	support_directory_path(&place->kit.directory, "small", path);
	support_directory_path(&place->kit.directory, "small/ballast", ballast);
	place->impossible = !mount_small_disk(path);
	if (place->impossible)
		return;
	assert_int_equal(setenv("TMPDIR", path, 1), 0);
	kit_start(&small->kit);
	kit_golden(&small->kit);
	write_ballast(ballast, 20 << 20);
	write_payload(small);
	assert_ok(kit_prepare(&small->kit, "bank", small->payload, &request));
	assert_error(commit(small, request), RECOURSE_STORE_FULL);
	assert_error(recourse_ledger_sign(small->kit.ledger), RECOURSE_STORE_FULL);
	assert_int_equal(unlink(ballast), 0);
	assert_ok(commit(small, request));
	recourse_request_release(request);
	kit_play(&small->kit, "= 2010 M 1.00");
	kit_audit(&small->kit);
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
		cmocka_unit_test_setup_teardown(a_commit_fails_at_each_call, setup, teardown),
		cmocka_unit_test_setup_teardown(a_signature_fails_at_each_call, setup, teardown),
		cmocka_unit_test_setup_teardown(no_guard_no_signature, setup, teardown),
		cmocka_unit_test_setup_teardown(a_start_fails_at_each_call, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_may_not_grow, setup, teardown),
		cmocka_unit_test_setup_teardown(a_small_disk, setup, teardown),
	};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
