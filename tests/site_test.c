/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "store/site.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path_of(void **state, const char *name)
{
	static char path[SUPPORT_PATH_MAX];
	support_directory_path(*state, name, path);
	return path;
}

static int make(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	return file;
}

static void test_notices_what_is_removed_or_replaced(void **state)
{
	const char *path = path_of(state, "file");
	char moved[SUPPORT_PATH_MAX];
	struct site site = {0};
	support_directory_path(*state, "moved", moved);
	int file = make(path);
	assert_ok(site_check(&site));
	assert_ok(site_note(path, file, &site));
	assert_ok(site_check(&site));

	assert_int_equal(rename(path, moved), 0);
	assert_error(site_check(&site), RECOURSE_STORE_FAILED);
	close(make(path));
	assert_error(site_check(&site), RECOURSE_STORE_FAILED);
	assert_int_equal(rename(moved, path), 0);
	assert_ok(site_check(&site));
	assert_int_equal(unlink(path), 0);
	assert_error(site_check(&site), RECOURSE_STORE_FAILED);
	close(file);
}

/* What was opened is what counts, not what is there when it is noted. */
static void test_notes_what_was_opened(void **state)
{
	const char *path = path_of(state, "file");
	struct site site = {0};
	int file = make(path);
	assert_int_equal(unlink(path), 0);
	close(make(path));
	assert_error(site_note(path, file, &site), RECOURSE_STORE_FAILED);
	assert_ok(site_note(path, -1, &site));
	close(file);
	assert_error(site_note(path, file, &site), RECOURSE_IO);
	assert_int_equal(unlink(path), 0);
	assert_error(site_note(path, -1, &site), RECOURSE_IO);
}

static void test_finds_the_first_that_changed(void **state)
{
	struct site sites[3] = {0};
	assert_null(site_find_changed(sites, 3));
	for (size_t index = 1; index < 3; index++) {
		close(make(path_of(state, index == 1 ? "b" : "c")));
		assert_ok(site_note(path_of(state, index == 1 ? "b" : "c"), -1, &sites[index]));
	}
	assert_null(site_find_changed(sites, 3));
	assert_int_equal(unlink(sites[2].path), 0);
	assert_ptr_equal(site_find_changed(sites, 3), &sites[2]);
	assert_int_equal(unlink(sites[1].path), 0);
	assert_ptr_equal(site_find_changed(sites, 3), &sites[1]);
}

static void test_looks_at_links_modes_and_owners(void **state)
{
	static const struct {
		mode_t mode;
		enum site_standing standing;
	} modes[] = {{0700, SITE_FIT}, {0755, SITE_FIT}, {0770, SITE_SHARED}, {0775, SITE_SHARED},
		{0702, SITE_OPEN}, {0777, SITE_OPEN}, {01777, SITE_SHARED}};
	const char *path = path_of(state, "name");
	assert_int_equal(site_look(path), SITE_FIT);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_int_equal(site_look(path), SITE_LINK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t index = 0; index < sizeof modes / sizeof modes[0]; index++) {
		assert_int_equal(chmod(path, modes[index].mode), 0);
		assert_int_equal(site_look(path), modes[index].standing);
	}
	/* what is root's is nobody's to replace but root's; only root may give something away */
	uid_t user = geteuid();
	assert_int_equal(seteuid(user == 0 ? 65534 : user), 0);
	assert_int_equal(site_look("/"), SITE_FIT);
	assert_int_equal(seteuid(user), 0);
	if (chown(path, geteuid() + 1, (gid_t)-1) == 0)
		assert_int_equal(site_look(path), SITE_FOREIGN);
}

static void test_has_words(void **state)
{
	for (enum site_standing standing = SITE_FIT; standing <= SITE_OPEN; standing++)
		assert_true(strlen(site_words(standing)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(test_notices_what_is_removed_or_replaced),
		DIRECTORY_TEST(test_notes_what_was_opened),
		DIRECTORY_TEST(test_finds_the_first_that_changed),
		DIRECTORY_TEST(test_looks_at_links_modes_and_owners),
		cmocka_unit_test(test_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
