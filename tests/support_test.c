/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first numbers of the reference splitmix64 for the seed 0. */
static void random_is_splitmix64(void **state)
{
	static const uint64_t expected[] = {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f};
	struct support_random random = {.state = 0};
	for (size_t index = 0; index < sizeof expected / sizeof expected[0]; index++)
		assert_true(support_random(&random) == expected[index]);
}

static void below_reaches_all_and_no_more(void **state)
{
	struct support_random random = support_random_start();
	unsigned counts[7] = {0};
	for (unsigned round = 0; round < 7000; round++) {
		uint64_t value = support_random_below(&random, 7);
		assert_true(value < 7);
		counts[value]++;
	}
	for (size_t index = 0; index < 7; index++)
		assert_in_range(counts[index], 700, 1300);
	assert_true(support_random_below(&random, 1) == 0);
}

static void fill_writes_every_byte_and_no_other(void **state)
{
	struct support_random random = {.state = 1};
	for (size_t size = 0; size <= 20; size++) {
		uint8_t seen[21] = {0};
		for (unsigned round = 0; round < 64; round++) {
			uint8_t bytes[21] = {0};
			support_random_fill(&random, bytes, size);
			for (size_t index = 0; index < sizeof bytes; index++)
				seen[index] |= bytes[index];
		}
		for (size_t index = 0; index < sizeof seen; index++)
			assert_int_equal(seen[index] != 0, index < size);
	}
}

static void a_directory_goes_with_all_in_it(void **state)
{
	struct support_directory directory;
	struct support_directory kept;
	char path[SUPPORT_PATH_MAX];
	char link_path[SUPPORT_PATH_MAX];
	struct stat status;
	support_directory_make(&directory);
	support_directory_make(&kept);
	assert_string_not_equal(directory.path, kept.path);
	support_directory_path(&directory, "inner", path);
	assert_int_equal(mkdir(path, 0700), 0);
	support_directory_path(&directory, "inner/link", link_path);
	assert_int_equal(symlink(kept.path, link_path), 0);
	support_directory_path(&kept, "file", path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);

	support_directory_remove(&directory);
	assert_int_equal(stat(directory.path, &status), -1);
	assert_int_equal(stat(path, &status), 0);
	support_directory_remove(&kept);
	assert_int_equal(stat(kept.path, &status), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_is_splitmix64),
		cmocka_unit_test(below_reaches_all_and_no_more),
		cmocka_unit_test(fill_writes_every_byte_and_no_other),
		cmocka_unit_test(a_directory_goes_with_all_in_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
