/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/bank/bank_ahead.h"
#include "bank_said.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

/*
 * What a thread reads ahead is visited as if it were read by who visits it: the same items and statements, in the same order, by the
 * same thread, and the same verdict; a file with a mistake, and one that is not there, are told alike.
 */
enum {
	SEVERAL = 3000, /* items: more than are read ahead */
	LATE_US = 50000
};

struct visited {
	pthread_t by;
	uint64_t items;
	uint64_t statements;
	uint64_t behind; /* items, when the last statement came */
	struct buffer ids;
};

static void visit_item(void *context, const struct bank_item *item)
{
	struct visited *visited = context;
	assert_true(pthread_equal(visited->by, pthread_self()));
	if (visited->items == 0)
		usleep(LATE_US); /* all that is read ahead is read by then */
	buffer_append_format(&visited->ids, "%s %lld\n", item->payment_id, (long long)item->steps);
	visited->items++;
}

static void visit_statement(void *context, const struct bank_statement *statement)
{
	struct visited *visited = context;
	assert_true(pthread_equal(visited->by, pthread_self()));
	assert_int_equal(statement->entries, visited->items - visited->behind);
	visited->behind = visited->items;
	visited->statements++;
}

static void start(struct visited *visited, struct bank_reading *reading)
{
	*visited = (struct visited){.by = pthread_self()};
	*reading = (struct bank_reading){
		.visit = {.item = visit_item, .statement = visit_statement, .context = visited}};
}

static void write_payment(struct buffer *entries, unsigned number, const char *amount)
{
	buffer_append_format(entries, PAYMENT("E-%u", "%s"), amount, number, amount);
}

/* So many payments of 1.00; the last of them has another amount, which its balance does not know. */
static void write_file(const char *path, unsigned count, bool right)
{
	SCOPED(buffer_free) struct buffer entries = {0};
	SCOPED(buffer_free) struct buffer file = {0};
	char opening[32];
	for (unsigned index = 0; index < count; index++)
		write_payment(&entries, index, index + 1 == count && !right ? "2.00" : "1.00");
	buffer_append(&entries, "", 1);
	snprintf(opening, sizeof opening, "%u.00", count);
	bank_said_statement(&file, opening, "0.00", (const char *)entries.data);
	slice bytes = buffer_slice(&file);
	while (bytes.size > 0 && bytes.data[bytes.size - 1] == '\0')
		bytes.size--;
	support_write_file(path, bytes);
}

static void test_is_visited_alike(void **state)
{
	static const unsigned counts[] = {0, 1, 255, 256, 257, 1024, SEVERAL};
	char path[SUPPORT_PATH_MAX];
	support_directory_path(*state, "file", path);
	for (size_t index = 0; index < 2 * sizeof counts / sizeof counts[0]; index++) {
		struct bank_reading readings[2];
		struct visited visited[2];
		bool right = index % 2 == 0 || counts[index / 2] == 0;
		write_file(path, counts[index / 2], right);
		start(&visited[0], &readings[0]);
		start(&visited[1], &readings[1]);
		assert_ok(bank_read_file(path, UINT64_MAX, NULL, &readings[0]));
		assert_ok(bank_ahead_read(path, UINT64_MAX, NULL, &readings[1]));
		assert_int_equal(bank_reading_sound(&readings[0]), right);
		assert_int_equal(readings[1].problems.count, readings[0].problems.count);
		assert_int_equal(readings[1].items, readings[0].items);
		assert_int_equal(readings[1].kind, readings[0].kind);
		assert_true(crypto_hash_equal(&readings[1].hash, &readings[0].hash));
		assert_true(visited[1].items == visited[0].items || !right);
		assert_true(visited[1].statements == visited[0].statements || !right);
		slice ids = buffer_slice(&visited[1].ids);
		assert_true(ids.size <= visited[0].ids.size);
		assert_true(slice_equal(ids, slice_of(visited[0].ids.data, ids.size)));
		assert_int_equal(right ? ids.size : visited[0].ids.size, visited[0].ids.size);
		for (size_t of = 0; of < 2; of++) {
			buffer_free(&visited[of].ids);
			bank_reading_free(&readings[of]);
		}
	}
}

static void test_what_is_not_there(void **state)
{
	char path[SUPPORT_PATH_MAX];
	struct bank_reading reading;
	struct visited visited;
	support_directory_path(*state, "nothing", path);
	start(&visited, &reading);
	errno = 0;
	assert_int_equal(bank_ahead_read(path, UINT64_MAX, NULL, &reading), RECOURSE_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(visited.items + visited.statements, 0);
	write_file(path, 10, true);
	assert_int_equal(bank_ahead_read(path, 100, NULL, &reading), RECOURSE_TOO_LARGE);
	bank_reading_free(&reading);
	buffer_free(&visited.ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_is_visited_alike, support_directory_set_up, support_directory_tear_down),
		cmocka_unit_test_setup_teardown(
			test_what_is_not_there, support_directory_set_up, support_directory_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
