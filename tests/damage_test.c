/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "../tools/damage.h"
#include "kit.h"
#include "store/lmdb_file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sanitizers have comparisons of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { COMPARES_ITSELF = true };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { COMPARES_ITSELF = true };
#else
enum { COMPARES_ITSELF = false };
#endif
#else
enum { COMPARES_ITSELF = false };
#endif

/* How a process ends whose pages are taken away, and how one that errs. */

struct scene {
	struct support_directory directory;
	char words[SUPPORT_PATH_MAX]; /* what is said goes there */
};

static void listen(const struct scene *scene)
{
	int file = open(scene->words, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(file >= 0 && dup2(file, STDERR_FILENO) == STDERR_FILENO);
	signal(SIGSEGV, SIG_DFL); /* not cmocka's */
	signal(SIGBUS, SIG_DFL);
	damage_watch();
}

static void cut(const struct kit *kit, const char *name)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, name, path);
	assert_int_equal(truncate(path, 0), 0);
}

static void read_what_is_cut(void *context)
{
	struct kit kit;
	struct recourse_bytes bytes = {0};
	listen(context);
	kit_start(&kit);
	cut(&kit, "log/data.mdb");
	_exit(recourse_ledger_entry(kit.ledger, 0, &bytes) == RECOURSE_OK ? 0 : 1);
}

static MDB_env *open_store(
	const struct scene *scene, unsigned int flags, MDB_txn **transaction, MDB_dbi *table)
{
	char path[SUPPORT_PATH_MAX];
	MDB_env *environment;
	support_directory_path(&scene->directory, "XXXXXX", path);
	assert_non_null(mkdtemp(path));
	assert_int_equal(lmdb_file_open(path, MDB_NOSYNC, 0, &environment), 0);
	assert_int_equal(mdb_txn_begin(environment, NULL, 0, transaction), 0);
	assert_int_equal(mdb_dbi_open(*transaction, NULL, flags, table), 0);
	return environment;
}

static int put(MDB_txn *transaction, MDB_dbi table, const char *text)
{
	MDB_val row = lmdb_file_value(slice_text(text));
	return mdb_put(transaction, table, &row, &row, 0);
}

/* The first leaf of a store, whose offsets end behind the beginning of its nodes. */
static void lie(MDB_env *environment)
{
	enum { PAGE = 4096, FIRST = 2, LOWER = 12 };
	uint16_t bounds[2];
	mdb_filehandle_t file;
	assert_int_equal(mdb_env_get_fd(environment, &file), 0);
	assert_int_equal(pread(file, bounds, sizeof bounds, FIRST * PAGE + LOWER), sizeof bounds);
	bounds[0] = (uint16_t)(bounds[1] + 2);
	assert_int_equal(pwrite(file, bounds, sizeof bounds, FIRST * PAGE + LOWER), sizeof bounds);
}

static void write_to_what_lies(void *context)
{
	MDB_txn *transaction;
	MDB_dbi table;
	listen(context);
	MDB_env *environment = open_store(context, 0, &transaction, &table);
	assert_int_equal(put(transaction, table, "a"), 0);
	assert_int_equal(mdb_txn_commit(transaction), 0);
	lie(environment);
	assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), 0);
	_exit(put(transaction, table, "b") == 0 ? 0 : 1);
}

static void *nobodys_page(void)
{
	return mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* As if an offset in a page had led LMDB there: itself, or what it has compared. */
static void lead_astray(const struct scene *scene, unsigned int flags)
{
	MDB_txn *transaction;
	MDB_dbi table;
	MDB_val value;
	listen(scene);
	(void)open_store(scene, flags, &transaction, &table);
	assert_int_equal(put(transaction, table, "8 bytes."), 0);
	MDB_val key = {.mv_size = sizeof(size_t), .mv_data = nobodys_page()};
	_exit(mdb_get(transaction, table, &key, &value) == 0 ? 0 : 1);
}

static void lead_itself_astray(void *context)
{
	lead_astray(context, MDB_INTEGERKEY);
}

static void lead_what_compares_astray(void *context)
{
	lead_astray(context, 0);
}

static void give_up(void *context)
{
	struct kit kit;
	listen(context);
	kit_start(&kit);
	abort();
}

static void err(void *context)
{
	struct kit kit;
	listen(context);
	kit_start(&kit);
	_exit(*(volatile char *)nobodys_page());
}

static void read_without_lock(void *context)
{
	struct kit kit;
	struct recourse_bytes bytes = {0};
	listen(context);
	kit_start(&kit);
	cut(&kit, "log/lock.mdb");
	_exit(recourse_ledger_entry(kit.ledger, 0, &bytes) == RECOURSE_OK ? 0 : 1);
}

static void read_after_closing(void *context)
{
	struct kit kit;
	struct recourse_bytes bytes = {0};
	listen(context);
	kit_start(&kit);
	assert_ok(recourse_ledger_entry(kit.ledger, 0, &bytes));
	for (int again = 0; again < 20; again++)
		kit_reopen(&kit, false);
	cut(&kit, "state/data.mdb");
	_exit(recourse_ledger_standing(kit.ledger, &(struct recourse_standing){0}) == RECOURSE_OK ? 0 : 1);
}

static void said(const struct scene *scene, const char *words)
{
	char text[1024] = "";
	FILE *file = fopen(scene->words, "r");
	assert_non_null(file);
	size_t size = fread(text, 1, sizeof text - 1, file);
	text[size] = '\0';
	fclose(file);
	if (words == NULL)
		assert_null(strstr(text, "a page of"));
	else
		assert_non_null(strstr(text, words));
}

static void test_ends_with_words(void **state)
{
	static void (*const led[])(void *context) = {
		write_to_what_lies,
		lead_itself_astray,
		lead_what_compares_astray,
	};
	struct scene scene;
	support_directory_make(&scene.directory);
	support_directory_path(&scene.directory, "words", scene.words);
	int status = child_run(read_what_is_cut, &scene);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 69);
	said(&scene, "/log/data.mdb can not be read");
	said(&scene, "[IO]");
	status = child_run(read_without_lock, &scene);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 69);
	said(&scene, "/log/lock.mdb can not be read");
	status = child_run(read_after_closing, &scene);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 69);
	said(&scene, "/state/data.mdb can not be read");
	for (size_t index = 0; index < (COMPARES_ITSELF ? 2 : 3); index++) {
		status = child_run(led[index], &scene);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 65);
		said(&scene, "a page of the log or the state is not what was written");
		said(&scene, "[STORE_CORRUPT]");
	}
	support_directory_remove(&scene.directory);
}

static void test_an_error_stays_one(void **state)
{
	struct scene scene;
	support_directory_make(&scene.directory);
	support_directory_path(&scene.directory, "words", scene.words);
	int status = child_run(err, &scene);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	said(&scene, NULL);
	status = child_run(give_up, &scene);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	said(&scene, NULL);
	support_directory_remove(&scene.directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_with_words),
		cmocka_unit_test(test_an_error_stays_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
