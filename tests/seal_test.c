/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"

#include "base/crypto.h"
#include "base/try.h"
#include "store/lmdb_file.h"
#include "recourse_ledger.h"
#include "store/seal.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What was changed in the state's file behind the program's back: a byte of a value, of a key, of a seal, of the head; a row
 * taken out; an old row put back, which is right by itself. No such state is believed: who reads the row is told, the
 * sweep comes by, and the next one to open it finds it empty. (J4)
 */
enum { ROWS = 200, PIECE = 7 };

static void put_rows(struct state_view *view, const char *value, uint64_t entries)
{
	for (int row = 0; row < ROWS; row++) {
		char key[16];
		snprintf(key, sizeof key, "row-%03d", row);
		state_place_put(view, key, value);
	}
	state_place_commit(view, entries);
}

/* All of it, in pieces. */
static enum recourse_error sweep(struct state *opened)
{
	bool whole = false;
	enum recourse_error error = RECOURSE_OK;
	while (error == RECOURSE_OK && !whole)
		error = state_sweep(opened, PIECE, &whole);
	return error;
}

static void begin(const struct state_place *place)
{
	struct state *opened = state_place_open(place, NULL);
	put_rows(state_writer(opened), "before", 3);
	put_rows(state_writer(opened), "after", 4);
	assert_ok(sweep(opened));
	state_close(opened);
}

/* It is not believed, and made anew. */
static void expect_disowned(const struct state_place *place)
{
	struct state *opened = state_place_open(place, NULL);
	assert_error(sweep(opened), RECOURSE_STORE_CORRUPT);
	/* nothing more rests on it, and there is no way back */
	assert_error(sweep(opened), RECOURSE_STORE_CORRUPT);
	state_close(opened);
	assert_error(state_place_open_to_read(place, NULL, &opened), RECOURSE_QUERY_NOT_FOUND);
	opened = state_place_open(place, NULL);
	assert_int_equal(state_place_entries(state_writer(opened)), 0);
	state_place_expect(state_writer(opened), "row-007", NULL);
	put_rows(state_writer(opened), "anew", 5);
	assert_ok(sweep(opened));
	state_close(opened);
}

/* LMDB itself, as anybody has it. */
struct raw {
	MDB_env *environment;
	MDB_txn *transaction;
	MDB_dbi table;
};

static struct raw raw_open(const struct state_place *place)
{
	struct raw raw;
	assert_int_equal(lmdb_file_open(place->directory, 0, 0, &raw.environment), 0);
	assert_int_equal(mdb_txn_begin(raw.environment, NULL, 0, &raw.transaction), 0);
	assert_int_equal(mdb_dbi_open(raw.transaction, NULL, 0, &raw.table), 0);
	return raw;
}

static void raw_close(struct raw *raw)
{
	assert_int_equal(lmdb_file_commit(&raw->transaction), 0);
	mdb_env_close(raw->environment);
}

static size_t raw_get(const struct raw *raw, slice key, uint8_t bytes[static 256])
{
	MDB_val name = lmdb_file_value(key);
	MDB_val stored;
	assert_int_equal(mdb_get(raw->transaction, raw->table, &name, &stored), 0);
	memcpy(bytes, stored.mv_data, stored.mv_size);
	return stored.mv_size;
}

static void raw_put(const struct raw *raw, slice key, slice value)
{
	MDB_val name = lmdb_file_value(key);
	MDB_val stored = lmdb_file_value(value);
	assert_int_equal(mdb_put(raw->transaction, raw->table, &name, &stored, 0), 0);
}

static void test_each_byte_counts(void **state)
{
	const struct state_place *place = *state;
	size_t size = strlen("after") + SEAL_SIZE;
	for (size_t byte = 0; byte <= size; byte++) {
		uint8_t bytes[256];
		slice found;
		begin(place);
		struct raw raw = raw_open(place);
		assert_int_equal(raw_get(&raw, slice_text("row-007"), bytes), size);
		bytes[byte] ^= 1; /* the last one is a byte more */
		raw_put(&raw, slice_text("row-007"), slice_of(bytes, byte < size ? size : size + 1));
		raw_close(&raw);
		struct state *opened = state_place_open(place, NULL);
		assert_error(state_get(state_writer(opened), slice_text("row-007"), &found),
			RECOURSE_STORE_CORRUPT);
		state_place_expect(state_writer(opened), "row-008", "after");
		state_close(opened);
		opened = state_place_open(place, NULL);
		assert_int_equal(state_place_entries(state_writer(opened)), 0); /* the writer came upon it */
		state_close(opened);
	}
}

static void test_swept_and_disowned(void **state)
{
	const struct state_place *place = *state;
	for (int way = 0; way < 4; way++) {
		uint8_t bytes[256];
		uint8_t old[256];
		begin(place);
		struct raw raw = raw_open(place);
		size_t size = raw_get(&raw, slice_text("row-007"), bytes);
		MDB_val name = lmdb_file_value(slice_text("row-007"));
		raw_close(&raw);
		struct state *opened = state_place_open(place, NULL);
		put_rows(state_writer(opened), "latest", 5);
		state_close(opened);
		raw = raw_open(place);
		(void)raw_get(&raw, slice_text("row-007"), old);
		if (way == 0) /* an old row: it is right, and out of its time */
			raw_put(&raw, slice_text("row-007"), slice_of(bytes, size));
		else if (way == 1) /* under another's name */
			raw_put(&raw, slice_text("row-008x"), slice_of(bytes, size));
		else if (way == 2) /* gone */
			assert_int_equal(mdb_del(raw.transaction, raw.table, &name, NULL), 0);
		else /* no seal at all */
			raw_put(&raw, slice_text("row-007"), slice_text("latest"));
		raw_close(&raw);
		expect_disowned(place);
	}
}

/* The head is a row like others: it is looked at before anything, and what it says of another time is no state. */
static void test_head(void **state)
{
	const struct state_place *place = *state;
	const slice head = slice_of((const uint8_t *)"\0state", 6);
	uint8_t bytes[256];
	begin(place);
	struct raw raw = raw_open(place);
	size_t size = raw_get(&raw, head, bytes);
	bytes[8] ^= 1; /* entries */
	raw_put(&raw, head, slice_of(bytes, size));
	raw_close(&raw);
	struct state *opened = state_place_open(place, NULL);
	assert_int_equal(state_place_entries(state_writer(opened)), 0);
	state_close(opened);
}

/* In the file under a state that is open, as whoever can write the file can. */
static void overwrite(const struct state_place *place, const char *old, const char *new)
{
	char path[SUPPORT_PATH_MAX + 16];
	size_t size = strlen(old);
	snprintf(path, sizeof path, "%s/data.mdb", place->directory);
	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	static char bytes[1 << 20];
	size_t end = fread(bytes, 1, sizeof bytes, file);
	size_t found = 0;
	for (size_t at = 0; at + size <= end; at++) {
		if (memcmp(bytes + at, old, size) != 0)
			continue;
		assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
		assert_int_equal(fwrite(new, 1, size, file), size);
		found++;
	}
	assert_true(found > 0);
	assert_int_equal(fclose(file), 0);
}

static uint64_t opened_so_far(const struct state *opened)
{
	struct recourse_seals seals;
	state_seals(opened, &seals);
	return seals.opened;
}

/* A group looks at a row once; what one that was given up has seen the next does not believe, nor what came to rest. */
static void test_seen_in_a_group(void **state)
{
	struct state_view *view = state_place_view(state);
	const struct state_place *place = *state;
	slice found;
	put_rows(view, "before", 3);
	state_place_put(view, "other", "x");
	uint64_t count = opened_so_far(place->opened);
	for (int times = 0; times < 5; times++)
		state_place_expect(view, "row-007", "before");
	assert_int_equal(opened_so_far(place->opened), count + 1);
	state_discard(view);
	for (int times = 0; times < 5; times++)
		state_place_expect(view, "row-007", "before");
	assert_int_equal(opened_so_far(place->opened), count + 6);
	overwrite(place, "row-007before", "row-007beyond");
	state_place_put(view, "other", "x");
	assert_error(state_get(view, slice_text("row-007"), &found), RECOURSE_STORE_CORRUPT);
	state_discard(view);
}

/* What is written between two pieces is in the sum, wherever the sweep stands. */
static void test_sweeps_while_written(void **state)
{
	struct state_view *view = state_place_view(state);
	const struct state_place *place = *state;
	struct support_random random = support_random_start();
	size_t walks = 0;
	for (uint64_t round = 1; round < 2000; round++) {
		bool whole;
		char key[16];
		char value[32];
		for (int change = 0; change < 5; change++) {
			snprintf(key, sizeof key, "row-%03u", (unsigned)support_random_below(&random, ROWS));
			snprintf(value, sizeof value, "%u", (unsigned)support_random_below(&random, 100000));
			if (support_random_below(&random, 4) == 0)
				state_place_remove_key(view, key);
			else
				state_place_put(view, key, value);
		}
		if (support_random_below(&random, 20) == 0)
			state_discard(view);
		state_place_commit(view, round);
		assert_ok(state_sweep(place->opened, PIECE, &whole));
		walks += whole;
	}
	assert_true(walks > 20);
	assert_ok(state_reset(place->opened));
	assert_ok(sweep(place->opened));
}

static void test_secret(void **state)
{
	const struct state_place *place = *state;
	const char *directory = place->root.path;
	char path[SUPPORT_PATH_MAX];
	struct seal first = {.blind = true};
	struct seal again = {.blind = true};
	struct seal reader = {.blind = false};
	assert_ok(seal_read_secret(directory, true, &reader));
	assert_true(reader.blind);
	assert_ok(seal_read_secret(directory, false, &first));
	assert_ok(seal_read_secret(directory, false, &again));
	assert_memory_equal(&first, &again, sizeof first);
	assert_false(first.blind);
	assert_ok(seal_read_secret(directory, true, &reader));
	assert_memory_equal(&first, &reader, sizeof first);
	/* under another secret nothing of the old state is right */
	begin(place);
	struct state_options options = {.directory = place->directory, .seal = first};
	struct state *opened;
	assert_ok(state_open(&options, &opened));
	assert_int_equal(state_place_entries(state_writer(opened)), 0);
	state_close(opened);
	support_directory_path(&place->root, "keys/state", path);
	assert_int_equal(chmod(path, 0640), 0);
	assert_error(seal_read_secret(directory, false, &again), RECOURSE_NOT_PERMITTED);
	assert_int_equal(chmod(path, 0600), 0);
	/* whoever looks at it does not wait for who would write to a pipe of its name */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_error(seal_read_secret(directory, true, &reader), RECOURSE_NOT_PERMITTED);
	assert_error(seal_read_secret(directory, false, &again), RECOURSE_NOT_PERMITTED);
	assert_int_equal(unlink(path), 0);
	support_write_file(path, slice_of(first.secret, sizeof first.secret));
	assert_int_equal(chmod(path, 0600), 0);
	/* one that was cut short is made anew, and only by who writes */
	assert_int_equal(truncate(path, 5), 0);
	assert_ok(seal_read_secret(directory, true, &reader));
	assert_true(reader.blind);
	assert_ok(seal_read_secret(directory, false, &again));
	assert_memory_not_equal(first.secret, again.secret, sizeof first.secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_PLACE_TEST(test_each_byte_counts),
		STATE_PLACE_TEST(test_swept_and_disowned),
		STATE_PLACE_TEST(test_head),
		STATE_OPENED_TEST(test_seen_in_a_group),
		STATE_OPENED_TEST(test_sweeps_while_written),
		STATE_PLACE_TEST(test_secret),
	};
	if (crypto_start() != RECOURSE_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
