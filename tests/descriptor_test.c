/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/descriptor.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_through_a_pipe(void **state)
{
	int ends[2];
	char bytes[16];
	size_t size;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(descriptor_write(ends[1], slice_text("two")), RECOURSE_OK);
	assert_int_equal(descriptor_write(ends[1], slice_text(" parts")), RECOURSE_OK);
	assert_int_equal(descriptor_write(ends[1], slice_text("")), RECOURSE_OK);
	assert_int_equal(descriptor_read(ends[0], bytes, 5, &size), RECOURSE_OK);
	assert_int_equal(size, 5);
	descriptor_close(&ends[1]);
	assert_int_equal(descriptor_read(ends[0], bytes + 5, sizeof bytes - 5, &size), RECOURSE_OK);
	assert_int_equal(size, 4);
	assert_memory_equal(bytes, "two parts", 9);
	descriptor_close(&ends[0]);
	assert_int_equal(close(ends[0]), -1);
}

static void test_none(void **state)
{
	const int none = -1;
	char byte;
	size_t size;
	assert_int_equal(descriptor_write(none, slice_text("x")), RECOURSE_IO);
	assert_int_equal(descriptor_read(none, &byte, 1, &size), RECOURSE_IO);
	descriptor_close(&none);
}

static void test_to_the_disk(void **state)
{
	char path[] = "/tmp/descriptor_test.XXXXXX";
	char bytes[8];
	size_t size;
	int file = mkstemp(path);
	assert_int_equal(descriptor_finish(file, slice_text("kept")), RECOURSE_OK);
	assert_int_equal(close(file), -1);
	assert_int_equal(descriptor_finish(-1, slice_text("x")), RECOURSE_IO);

	int directory = descriptor_directory_of(path);
	file = openat(directory, path + strlen("/tmp/"), O_RDONLY);
	assert_int_equal(descriptor_read(file, bytes, sizeof bytes, &size), RECOURSE_OK);
	assert_true(slice_is(slice_of(bytes, size), "kept"));
	close(file);
	close(directory);
	unlink(path);
	assert_true(descriptor_directory_of("/nowhere/file") < 0);
	directory = descriptor_directory_of("here");
	assert_true(directory >= 0);
	close(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_through_a_pipe),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_to_the_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
