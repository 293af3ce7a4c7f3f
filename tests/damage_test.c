/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "../tools/damage.h"
#include "kit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void err(void *context)
{
	struct kit kit;
	listen(context);
	kit_start(&kit);
	/* nobody may look at these */
	char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	_exit(*(volatile char *)page);
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
