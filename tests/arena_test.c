/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "base/arena.h"

#include <string.h>

static void memory_is_zeroed_aligned_and_apart(void **state)
{
	struct arena arena = {0};
	unsigned char *pieces[500];
	for (size_t index = 0; index < 500; index++) {
		size_t size = index * 7 % 900;
		pieces[index] = arena_allocate(&arena, size);
		assert_non_null(pieces[index]);
		assert_int_equal((uintptr_t)pieces[index] % _Alignof(max_align_t), 0);
		for (size_t offset = 0; offset < size; offset++)
			assert_int_equal(pieces[index][offset], 0);
		memset(pieces[index], (int)(index % 255 + 1), size);
	}
	for (size_t index = 0; index < 500; index++)
		for (size_t offset = 0; offset < index * 7 % 900; offset++)
			assert_int_equal(pieces[index][offset], index % 255 + 1);
	arena_free(&arena);
	assert_null(arena.newest);
}

static void memory_is_zeroed_again_after_clear(void **state)
{
	SCOPED(arena_free) struct arena arena = {0};
	unsigned char *first = arena_allocate(&arena, 1000);
	assert_non_null(first);
	memset(first, 0xFF, 1000);
	arena_clear(&arena);
	unsigned char *again = arena_allocate(&arena, 1000);
	assert_ptr_equal(again, first);
	for (size_t offset = 0; offset < 1000; offset++)
		assert_int_equal(again[offset], 0);
}

static void a_copy_is_apart_and_ends_with_a_zero(void **state)
{
	SCOPED(arena_free) struct arena arena = {0};
	char text[] = "abc";
	slice copy;
	assert_ok(arena_copy(&arena, slice_of(text, 3), &copy));
	text[0] = 'x';
	assert_true(slice_is(copy, "abc"));
	assert_int_equal(copy.data[3], 0);
	assert_ok(arena_copy(&arena, slice_of(NULL, 0), &copy));
	assert_true(copy.size == 0 && copy.data[0] == 0);
	assert_error(arena_copy(&arena, slice_of(NULL, SIZE_MAX / 2), &copy), RECOURSE_MEMORY);
}

static void clear_keeps_the_largest_chunk(void **state)
{
	SCOPED(arena_free) struct arena arena = {0};
	assert_non_null(arena_allocate(&arena, 10));
	assert_non_null(arena_allocate(&arena, 20u << 20));
	/* Finds no room behind it: the next chunk is as large. */
	unsigned char *newest = arena_allocate(&arena, 9u << 20);
	assert_non_null(newest);
	arena_clear(&arena);
	assert_ptr_equal(arena_allocate(&arena, 20u << 20), newest);
}

static void clearing_nothing_is_fine(void **state)
{
	SCOPED(arena_free) struct arena arena = {0};
	arena_clear(&arena);
	assert_null(arena.newest);
}

static void nothing_asked_for_is_a_pointer_of_its_own(void **state)
{
	SCOPED(arena_free) struct arena arena = {0};
	void *one = arena_allocate(&arena, 0);
	void *other = arena_allocate(&arena, 0);
	assert_non_null(one);
	assert_ptr_not_equal(one, other);
}

static void an_impossible_size_is_null_and_harmless(void **state)
{
	SCOPED(arena_free) struct arena arena = {0};
	assert_null(arena_allocate(&arena, SIZE_MAX));
	assert_null(arena_allocate(&arena, SIZE_MAX / 2));
	assert_non_null(arena_allocate(&arena, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(memory_is_zeroed_again_after_clear),
		cmocka_unit_test(a_copy_is_apart_and_ends_with_a_zero),
		cmocka_unit_test(clear_keeps_the_largest_chunk),
		cmocka_unit_test(clearing_nothing_is_fine),
		cmocka_unit_test(nothing_asked_for_is_a_pointer_of_its_own),
		cmocka_unit_test(an_impossible_size_is_null_and_harmless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
