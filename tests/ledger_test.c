/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include "base/instant.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opening, closing and the audit's frame: what they refuse, and that they leave nothing behind. */

static void write_file(const struct support_directory *directory, const char *name, const char *content)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(directory, name, path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

static size_t count_names(const struct support_directory *directory)
{
	size_t count = 0;
	DIR *names = opendir(directory->path);
	assert_non_null(names);
	while (readdir(names) != NULL)
		count++;
	closedir(names);
	return count - 2; /* itself and its parent */
}

static enum recourse_error open_with(struct kit *kit, const char *log_key, bool read_only)
{
	struct recourse_ledger *ledger = NULL;
	const struct recourse_ledger_options options = {
		.directory = kit->directory.path,
		.log_key = log_key,
		.read_only = read_only,
	};
	enum recourse_error error = recourse_ledger_open(&options, &ledger);
	assert_true((error == RECOURSE_OK) == (ledger != NULL));
	recourse_ledger_close(ledger);
	return error;
}

/* At each step of opening something else is missing; the sanitizer sees what is not given back. */
static void test_failed_opening(void **state)
{
	struct kit *kit = *state;
	char path[SUPPORT_PATH_MAX];
	char other[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, "log", path);
	support_directory_path(&kit->directory, "log-elsewhere", other);
	kit_close(kit);
	assert_error(open_with(kit, "/nowhere/key", false), RECOURSE_IO);
	assert_int_equal(rename(path, other), 0);
	assert_error(open_with(kit, kit->log_key, false), RECOURSE_IO);
	assert_int_equal(rename(other, path), 0);
	assert_ok(open_with(kit, kit->log_key, true));
	assert_ok(open_with(kit, kit->log_key, false));
	support_directory_path(&kit->directory, "state", path);
	support_directory_path(&kit->directory, "state-elsewhere", other);
	assert_int_equal(rename(path, other), 0);
	assert_error(open_with(kit, NULL, true), RECOURSE_QUERY_NOT_FOUND);
	write_file(&kit->directory, "state", "not a directory");
	assert_error(open_with(kit, NULL, false), RECOURSE_IO);
	assert_int_equal(unlink(path), 0);
	kit_reopen(kit, false);
	kit_audit(kit);
}

/*
 * The audit's scratch state is its own, wherever it shall be: here beside something that looks like a store. It never has a
 * name, or one that is killed would leave it behind: nobody wrote to the directory.
 */
static void test_scratch_spares_what_is_there(void **state)
{
	struct kit *kit = *state;
	struct support_directory place;
	struct recourse_audit report;
	char path[SUPPORT_PATH_MAX];
	struct stat status;
	support_directory_make(&place);
	write_file(&place, "data.mdb", "precious");
	const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
	assert_int_equal(utimensat(AT_FDCWD, place.path, long_ago, 0), 0);
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
	const struct recourse_audit_options options = {
		.directory = kit->directory.path, .scratch = place.path};
	assert_ok(recourse_ledger_audit(&options, &report));
	support_directory_path(&place, "data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, strlen("precious"));
	assert_int_equal(count_names(&place), 1);
	assert_int_equal(stat(place.path, &status), 0);
	assert_int_equal(status.st_mtim.tv_sec, 1);
	const struct recourse_audit_options nowhere = {
		.directory = kit->directory.path, .scratch = "/nowhere/at/all"};
	assert_error(recourse_ledger_audit(&nowhere, &report), RECOURSE_IO);
	assert_false(report.failed);
	support_directory_remove(&place);
	kit_reopen(kit, false);
}

/* Says a hold in the maker's name, with no signature at all. */
static enum recourse_error say_unsigned(struct kit *kit, const char *name)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{1}};
	static const uint8_t signature[64] = {0};
	struct recourse_request *request = NULL;
	char handle[256];
	kit_handle(kit->origin, name, handle);
	SCOPED(support_free)
	char *payload = kit_words(kit, name, "deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r",
		kit->now + INSTANT_SECOND);
	const struct recourse_signed call = {
		.key = slice_text(handle),
		.payload = slice_text(payload),
		.signature = slice_of(signature, sizeof signature),
	};
	enum recourse_error error =
		recourse_request_prepare(kit->ledger, &call, kit->now, &request, &kit->refusal);
	if (error == RECOURSE_OK)
		error = recourse_ledger_commit(kit->ledger, &request, 1, kit->now, salts);
	recourse_request_release(request);
	return error;
}

/* Who has a copy can say on it what others would, and nobody can take that for their word. */
static void test_rehearsal(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit report;
	struct recourse_bytes entry;
	struct recourse_ledger_options options = {
		.directory = kit->directory.path, .log_key = kit->log_key, .rehearsal = true};
	struct recourse_audit_options audit = {.directory = kit->directory.path};
	kit_play(kit, "deposit M 5.00 b-1");
	uint64_t from = kit_entries(kit);
	assert_error(say_unsigned(kit, "maker"), RECOURSE_KEY_UNKNOWN);
	kit_close(kit);
	assert_error(recourse_ledger_open(&options, &kit->ledger), RECOURSE_NOT_PERMITTED);
	options.log_key = NULL;
	assert_ok(recourse_ledger_open(&options, &kit->ledger));
	assert_error(say_unsigned(kit, "nobody"), RECOURSE_KEY_UNKNOWN);
	assert_ok(say_unsigned(kit, "maker"));
	assert_int_equal(kit_entries(kit), from + 1);
	assert_ok(recourse_ledger_entry(kit->ledger, from, &entry));
	assert_true(entry.size > 0);
	recourse_bytes_free(&entry);
	assert_error(recourse_ledger_entry(kit->ledger, from + 1, &entry), RECOURSE_QUERY_NOT_FOUND);
	assert_error(recourse_ledger_sign(kit->ledger), RECOURSE_NOT_PERMITTED);
	kit_close(kit);
	assert_error(recourse_ledger_audit(&audit, &report), RECOURSE_AUDIT_FAILED);
	assert_int_equal(report.first_wrong, from);
	audit.rehearsed_from = from + 1;
	assert_error(recourse_ledger_audit(&audit, &report), RECOURSE_AUDIT_FAILED);
	audit.rehearsed_from = from;
	assert_ok(recourse_ledger_audit(&audit, &report));
}

/* Clocks where the host or the service is not as it should be; the rest of them is cases (decide/clocks.case). */
#define HOLD "maker deposit.hold merchant=M amount=1.00 unit=CNY reason=r "

/* A revoked key lets nothing strike, and is no reason to stop for anybody else. */
static void test_revoked_system_key(void **state)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {0xc1, 0x0c};
	struct kit *kit = *state;
	uint64_t fired = 0;
	uint64_t next;
	kit_play(kit, "deposit M 100.00 b-1\n" HOLD "hold=h expires=2016-05-05T00:00:00Z\n"
		      "admin key.revoke key=@system reason=lost\n"
		      "wait 2 days without clocks");
	uint64_t entries = kit_entries(kit);
	assert_error(recourse_ledger_tick(kit->ledger, kit->now, salt, &fired, &next), RECOURSE_KEY_REVOKED);
	assert_int_equal(fired, 0);
	assert_int_equal(kit_entries(kit), entries);
	kit_play(kit, "deposit M 1.00 b-2\naudit");
}

/* The host's clock goes back: nothing stops, nothing is reordered, nothing expires for it. */
static void test_host_clock_goes_back(void **state)
{
	struct kit *kit = *state;
	kit_play(kit, "deposit M 100.00 b-1\n"
		      "wait 1 day without clocks\n" HOLD "hold=a expires=2016-06-04T12:00:00Z");
	kit->now -= 2 * INSTANT_DAY;
	kit_play(kit,
		HOLD "hold=b expires=2016-06-04T12:00:00Z\n" HOLD "hold=c expires=2016-06-04T12:00:00Z\n"
		     "audit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_failed_opening),
		KIT_TEST(test_scratch_spares_what_is_there),
		KIT_TEST(test_rehearsal),
		KIT_TEST(test_revoked_system_key),
		KIT_TEST(test_host_clock_goes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
