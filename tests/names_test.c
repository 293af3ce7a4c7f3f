/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"
#include "base/instant.h"
#include "store/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What a ledger does whose files are removed or replaced while it is open, or which others may replace. */

static char told[8192];

static void keep(void *context, const char *what)
{
	snprintf(told, sizeof told, "%s", what);
}

static enum recourse_error open_with(struct kit *kit, const char *guard)
{
	const struct recourse_ledger_options options = {.directory = kit->directory.path,
		.log_key = kit->log_key,
		.system_key = kit->system_key,
		.guard = guard,
		.tell = keep};
	told[0] = '\0';
	return recourse_ledger_open(&options, &kit->ledger);
}

static const char *path_of(const struct kit *kit, const char *name)
{
	static char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, name, path);
	return path;
}

static void copy_file(const char *from, const char *to)
{
	char command[3 * SUPPORT_PATH_MAX];
	snprintf(command, sizeof command, "cp -a %s %s", from, to);
	assert_int_equal(system(command), 0);
}

static enum recourse_error commits(struct kit *kit, const char *id)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE];
	struct recourse_request *request = NULL;
	char words[80];
	snprintf(words, sizeof words, "party.register party=%s kinds=merchant", id);
	SCOPED(support_free) char *payload = kit_words(kit, id, words, kit->now + INSTANT_HOUR);
	assert_ok(kit_prepare(kit, "admin", payload, &request));
	enum recourse_error error = recourse_ledger_commit(kit->ledger, &request, 1, kit->now, salts);
	recourse_request_release(request);
	return error;
}

/* The files that the first note makes; what is in them of entries that the log does not have goes. */
static void make_notes(const struct kit *kit)
{
	struct notes notes;
	const struct notes_text text = {.entry = 1000000, .key = 1, .text = slice_text("said")};
	assert_ok(notes_open(kit->directory.path, NULL, NULL, &notes));
	assert_ok(notes_cut(&notes, text.entry, 0));
	assert_ok(notes_keep(&notes, kit->origin, &text, 1));
	notes_close(&notes);
}

static void each_is_missed(struct kit *kit, const char *name, bool replaced)
{
	char path[SUPPORT_PATH_MAX];
	char aside[SUPPORT_PATH_MAX];
	snprintf(path, sizeof path, "%s", path_of(kit, name));
	support_directory_path(&kit->directory, "aside", aside);
	assert_ok(open_with(kit, NULL));
	assert_ok(recourse_ledger_sign(kit->ledger));
	assert_ok(recourse_ledger_check_names(kit->ledger));

	assert_int_equal(rename(path, aside), 0);
	if (replaced)
		copy_file(aside, path);
	told[0] = '\0';
	assert_error(recourse_ledger_check_names(kit->ledger), RECOURSE_STORE_FAILED);
	assert_non_null(strstr(told, name));
	assert_error(recourse_ledger_sign(kit->ledger), RECOURSE_STORE_FAILED);
	assert_error(commits(kit, "X"), RECOURSE_STORE_FAILED);
	kit_close(kit);
}

static void test_misses_each_name(void **state)
{
	static const char *const names[] = {"log", "log/data.mdb", "log/latest", "log/lock.mdb",
		"log/writer.lock", "state", "state/data.mdb", "state/lock.mdb", "state/writer.lock",
		"last-signed", "notes.keys", "notes.texts"};
	for (size_t index = 0; index < 2 * sizeof names / sizeof names[0]; index++) {
		struct kit kit;
		kit_start(&kit);
		assert_ok(commits(&kit, "A")); /* among few: of which there is a file */
		assert_ok(commits(&kit, "B"));
		kit_close(&kit);
		make_notes(&kit);
		each_is_missed(&kit, names[index / 2], index % 2 == 1);
		kit_end(&kit);
	}
}

static void test_misses_the_directory(void **state)
{
	struct kit *kit = *state;
	char moved[SUPPORT_PATH_MAX + 8];
	snprintf(moved, sizeof moved, "%s.moved", kit->directory.path);
	assert_int_equal(rename(kit->directory.path, moved), 0);
	assert_error(recourse_ledger_check_names(kit->ledger), RECOURSE_STORE_FAILED);
	assert_int_equal(rename(moved, kit->directory.path), 0);
	assert_ok(recourse_ledger_check_names(kit->ledger));
}

static void is_refused(struct kit *kit, const char *guard, const char *words)
{
	assert_error(open_with(kit, guard), RECOURSE_NOT_PERMITTED);
	assert_non_null(strstr(told, words));
}

static void test_refuses_links(void **state)
{
	static const char *const names[] = {"log", "state", "log/data.mdb", "state/data.mdb", "log/latest",
		"log/writer.lock", "notes.keys", "notes.texts"};
	struct kit *kit = *state;
	char path[SUPPORT_PATH_MAX];
	char aside[SUPPORT_PATH_MAX];
	kit_close(kit);
	make_notes(kit);
	support_directory_path(&kit->directory, "aside", aside);
	for (size_t index = 0; index < sizeof names / sizeof names[0]; index++) {
		snprintf(path, sizeof path, "%s", path_of(kit, names[index]));
		assert_int_equal(rename(path, aside), 0);
		assert_int_equal(symlink(aside, path), 0);
		is_refused(kit, NULL, "is a symbolic link");
		assert_int_equal(unlink(path), 0);
		assert_int_equal(rename(aside, path), 0);
	}
	assert_ok(open_with(kit, NULL));
	assert_string_equal(told, "");
}

/* Which link leads to the ledger is for the operator to say. */
static void test_is_found_through_a_link(void **state)
{
	struct kit *kit = *state;
	struct support_directory there = kit->directory;
	kit_close(kit);
	snprintf(kit->directory.path, sizeof kit->directory.path, "%.200s.link", there.path);
	assert_int_equal(symlink(there.path, kit->directory.path), 0);
	assert_ok(open_with(kit, NULL));
	assert_string_equal(told, "");
	assert_int_equal(unlink(kit->directory.path), 0);
	assert_error(recourse_ledger_check_names(kit->ledger), RECOURSE_STORE_FAILED);
	kit->directory = there;
}

static void test_refuses_what_others_may_replace(void **state)
{
	struct kit *kit = *state;
	kit_close(kit);
	assert_int_equal(chmod(path_of(kit, "log"), 0777), 0);
	is_refused(kit, NULL, "can be written by everybody");
	assert_int_equal(chmod(path_of(kit, "log"), 0770), 0);
	assert_ok(open_with(kit, NULL));
	assert_non_null(strstr(told, "can be written by its group"));
	kit_close(kit);
	assert_int_equal(chmod(path_of(kit, "log"), 0700), 0);
	if (chown(path_of(kit, "state"), geteuid() + 1, (gid_t)-1) == 0) {
		is_refused(kit, NULL, "belongs to another user");
		assert_int_equal(chown(path_of(kit, "state"), geteuid(), (gid_t)-1), 0);
	}
	assert_int_equal(mkdir(path_of(kit, "open"), 0700), 0);
	assert_int_equal(chmod(path_of(kit, "open"), 0777), 0);
	is_refused(kit, path_of(kit, "open/guard"), "can be written by everybody");
	is_refused(kit, path_of(kit, "log/guard"), "lies within a store");
	assert_ok(open_with(kit, NULL));
}

static void test_an_auditor_may_read_anything(void **state)
{
	struct kit *kit = *state;
	struct recourse_audit audit;
	const struct recourse_audit_options options = {.directory = kit->directory.path};
	kit_close(kit);
	assert_int_equal(chmod(path_of(kit, "log"), 0777), 0);
	assert_ok(recourse_ledger_audit(&options, &audit));
	assert_int_equal(chmod(path_of(kit, "log"), 0700), 0);
	kit_reopen(kit, false);
}

/* Looking at all names must cost little beside a group, which waits for a disk. */
static void test_costs_little(void **state)
{
	enum { TIMES = 1000 };
	struct kit *kit = *state;
	struct timespec begun;
	struct timespec ended;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (int time = 0; time < TIMES; time++)
		assert_ok(recourse_ledger_check_names(kit->ledger));
	clock_gettime(CLOCK_MONOTONIC, &ended);
	double each = ((double)(ended.tv_sec - begun.tv_sec) * 1e6 +
			      (double)(ended.tv_nsec - begun.tv_nsec) / 1e3) /
		      TIMES;
	print_message("%.1f us for all names\n", each);
	assert_true(each < 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_misses_each_name),
		KIT_TEST(test_misses_the_directory),
		KIT_TEST(test_refuses_links),
		KIT_TEST(test_is_found_through_a_link),
		KIT_TEST(test_refuses_what_others_may_replace),
		KIT_TEST(test_an_auditor_may_read_anything),
		KIT_TEST(test_costs_little),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
