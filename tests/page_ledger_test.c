/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "image.h"
#include "page_shape.h"
#include "store/log_key.h"
#include "store/page_check.h"
#include "audit_both.h"

#include "base/buffer.h"
#include "base/endian.h"

#include <dirent.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file names the size it was last mapped with, up to a terabyte: more than there is room for under the thread sanitizer. */
#define MAP ((size_t)1 << 36)

/*
 * What is made of a ledger whose stores have damaged pages: by who opens it to write, after it was left well
 * and when nobody knows; by the audit, which says yes or no, and yes only where every reader sees what it
 * saw.
 */

static const char *const log_names[] = {"added", "checkpoints", "hashes"};

static char told[8192];

static void keep(void *context, const char *what)
{
	snprintf(told, sizeof told, "%s", what);
}

static enum recourse_error opens(struct kit *kit)
{
	const struct recourse_ledger_options options = {.directory = kit->directory.path,
		.log_key = kit->log_key,
		.system_key = kit->system_key,
		.tell = keep};
	told[0] = '\0';
	enum recourse_error error = recourse_ledger_open(&options, &kit->ledger);
	if (error == RECOURSE_OK)
		kit_close(kit);
	return error;
}

static enum recourse_error audits(struct kit *kit, struct recourse_audit *audit)
{
	const struct recourse_audit_options options = {.directory = kit->directory.path};
	return audit_both(&options, audit);
}

/* A ledger with some hundreds of entries, closed. */
static void start(struct kit *kit)
{
	SCOPED(buffer_free) struct buffer commands = {0};
	kit_start(kit);
	kit_golden(kit);
	for (int party = 0; party < 200; party++) {
		buffer_append_format(&commands,
			"%s{\"command\":\"party.register\",\"party\":\"party-%d\",\"kinds\":[\"merchant\"]}",
			party == 0 ? "[" : ",", party);
	}
	buffer_append_format(&commands, "]");
	assert_ok(kit_submit(kit, "admin", (const char *)commands.data));
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
}

/*
 * A leaf says that it has a row more, which is the space between its offsets and its rows. What has not its own number is the
 * inside of a long row.
 */
static bool damage(const struct image *image, size_t page)
{
	const uint8_t *at = image->bytes + page * PAGE_SHAPE_SIZE;
	uint64_t lower = little_endian_read(at + 12, 2);
	uint8_t bytes[2];
	if (little_endian_read(at, 8) != page || little_endian_read(at + 10, 2) != 2 ||
		lower + 2 > little_endian_read(at + 14, 2))
		return false;
	little_endian_write(bytes, lower + 2, 2);
	image_write(image, page * PAGE_SHAPE_SIZE + 12, bytes, 2);
	return true;
}

/* As if nobody had written there: a disk that decays. */
static void set_times(const struct image *image, const struct stat *status)
{
	const struct timespec times[] = {status->st_atim, status->st_mtim};
	assert_int_equal(futimens(image->file, times), 0);
}

static void test_start_and_audit(void **state)
{
	struct kit kit;
	struct image image;
	struct stat status;
	struct recourse_audit audit;
	size_t found_at_start = 0;
	size_t found_later = 0;
	start(&kit);
	image_load(&image, &kit, "log/data.mdb");
	assert_int_equal(fstat(image.file, &status), 0);
	for (size_t page = 2; page < image.size / PAGE_SHAPE_SIZE; page++) {
		if (!damage(&image, page))
			continue;
		set_times(&image, &status);
		bool decayed = opens(&kit) == RECOURSE_STORE_CORRUPT;
		assert_int_equal(decayed, strstr(told, "log is damaged: page") != NULL);
		enum recourse_error error = audits(&kit, &audit);
		assert_int_equal(error == RECOURSE_AUDIT_FAILED, strstr(audit.what, "damaged: page") != NULL);
		/* the same, written to by somebody: all of it is looked at */
		assert_true(damage(&image, page));
		for (int again = 0; again < 2; again++)
			assert_error(
				opens(&kit), error == RECOURSE_OK ? RECOURSE_OK : RECOURSE_STORE_CORRUPT);
		assert_true(error == RECOURSE_AUDIT_FAILED || !decayed);
		found_at_start += decayed;
		found_later += !decayed && error == RECOURSE_AUDIT_FAILED;
		image_restore(&image);
		set_times(&image, &status);
		assert_ok(opens(&kit));
	}
	assert_true(found_at_start > 0);
	assert_true(found_later > 0);
	image_free(&image);
	kit_end(&kit);
}

/* A state that was copied here is looked at whole, and made again where a page of it is damaged. */
static void test_damaged_state_is_made_again(void **state)
{
	struct kit kit;
	struct image image;
	struct recourse_audit audit;
	size_t said = 0;
	start(&kit);
	image_load(&image, &kit, "state/data.mdb");
	for (size_t page = 2; page < image.size / PAGE_SHAPE_SIZE; page++) {
		image_restore(&image);
		if (!damage(&image, page))
			continue;
		enum recourse_error error = audits(&kit, &audit);
		bool finding = strstr(audit.what, "the state beside the log is damaged: page") != NULL;
		assert_int_equal(error == RECOURSE_AUDIT_FAILED, finding);
		kit_copy(&kit, "log/data.mdb", &kit, "log/copy");
		char from[SUPPORT_PATH_MAX];
		char to[SUPPORT_PATH_MAX];
		support_directory_path(&kit.directory, "log/copy", from);
		support_directory_path(&kit.directory, "log/data.mdb", to);
		assert_int_equal(rename(from, to), 0);
		assert_ok(opens(&kit));
		bool told_so = strstr(told, "state is damaged: page") != NULL;
		assert_int_equal(told_so, finding);
		said += told_so;
		assert_ok(audits(&kit, &audit));
		assert_true(audit.state_compared);
		image_free(&image);
		image_load(&image, &kit, "state/data.mdb");
	}
	assert_true(said > 0);
	image_free(&image);
	kit_end(&kit);
}

/* ---- while it is open ---- */

/* How many pieces there were; the error that ended them. */
static size_t inspect(struct kit *kit, enum recourse_error *error)
{
	size_t pieces = 0;
	bool done = false;
	*error = RECOURSE_OK;
	for (; *error == RECOURSE_OK && !done; pieces++)
		*error = recourse_ledger_inspect(kit->ledger, &done);
	return pieces;
}

static void open_and_inspect(struct kit *kit)
{
	const struct recourse_ledger_options options = {.directory = kit->directory.path,
		.log_key = kit->log_key,
		.system_key = kit->system_key,
		.tell = keep};
	enum recourse_error error;
	told[0] = '\0';
	assert_ok(recourse_ledger_open(&options, &kit->ledger));
	for (int round = 0; round < 2; round++) {
		assert_int_equal(inspect(kit, &error), 2);
		assert_ok(error);
	}
	assert_string_equal(told, "");
}

/* Each leaf that is in use is come by, of the log and of the state: what the audit finds, or makes again. */
static void test_inspection(void **state)
{
	static const char *const files[] = {"log/data.mdb", "state/data.mdb"};
	struct kit kit;
	start(&kit);
	open_and_inspect(&kit);
	for (size_t index = 0; index < 2; index++) {
		size_t found = 0;
		size_t all = 0;
		struct image image;
		image_load(&image, &kit, files[index]);
		for (size_t page = 2; page < image.size / PAGE_SHAPE_SIZE; page++) {
			enum recourse_error error;
			struct page_fault fault = {.page = 0};
			struct page_check check = {.descriptor = image.file,
				.transaction = PAGE_META_NEWEST,
				.tables = log_names,
				.with_bytes = "added",
				.row = "head",
				.table_count = index == 0 ? 3 : 0,
				.fault = &fault};
			if (!damage(&image, page))
				continue;
			told[0] = '\0';
			inspect(&kit, &error);
			assert_int_equal(error, page_check_all(&check));
			assert_int_equal(
				error == RECOURSE_STORE_CORRUPT, strstr(told, "is damaged: page") != NULL);
			found += error != RECOURSE_OK;
			all++;
			image_restore(&image);
			inspect(&kit, &error);
			assert_true(error == RECOURSE_OK);
		}
		print_message("%s: %zu of %zu leaves are in use, and found\n", files[index], found, all);
		assert_true(found > 5);
		image_free(&image);
	}
	kit_end(&kit);
}

/* ---- rows in the log that no entry explains, as LMDB itself would write them ---- */

static const struct unexplained {
	const char *table; /* NULL: beside them */
	uint64_t put;      /* under this number, of what was added with so many entries and requests; */
	uint64_t
		remove; /* and UINT64_MAX, or this one is taken away, so that there are as many as there should be */
	size_t size;
} unexplained[] = {
	{"hashes", 1000, UINT64_MAX, 32},
	{"hashes", UINT64_C(1) << 56 | 7, UINT64_MAX, 1024},
	{"hashes", UINT64_C(1) << 56, UINT64_MAX, 992},
	{"added", 1000000, UINT64_MAX, 100},
	{"added", 1000000, 5, 100},
	{"added", 5, 7, 100},
	{NULL, 1, UINT64_MAX, 64},
	{"more", 0, UINT64_MAX, 1},
};

struct writing {
	const struct kit *kit;
	const struct unexplained *row;
};

/* The first row with so many entries. */
static void remove_added(MDB_txn *transaction, MDB_dbi table, uint64_t entries)
{
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val value;
	assert_int_equal(mdb_cursor_open(transaction, table, &cursor), MDB_SUCCESS);
	assert_int_equal(log_key_find_entries(cursor, entries, &key, &value), MDB_SUCCESS);
	assert_int_equal(mdb_cursor_del(cursor, 0), MDB_SUCCESS);
	mdb_cursor_close(cursor);
}

static void write_row(void *context)
{
	static uint8_t bytes[1024];
	const struct writing *writing = context;
	const struct unexplained *row = writing->row;
	uint8_t added[LOG_KEY_SIZE];
	uint64_t put = row->put;
	const struct log_key last = {put, put, LOG_KEY_REQUEST};
	bool is_added = row->table != NULL && strcmp(row->table, "added") == 0;
	MDB_val key =
		is_added ? log_key_write(&last, added) : (MDB_val){.mv_data = &put, .mv_size = sizeof put};
	MDB_val value = {.mv_data = bytes, .mv_size = row->size};
	MDB_env *environment;
	MDB_txn *transaction;
	MDB_dbi table;
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&writing->kit->directory, "log", path);
	assert_int_equal(mdb_env_create(&environment), MDB_SUCCESS);
	assert_int_equal(mdb_env_set_maxdbs(environment, 5), MDB_SUCCESS);
	assert_int_equal(mdb_env_set_mapsize(environment, MAP), MDB_SUCCESS);
	assert_int_equal(mdb_env_open(environment, path, MDB_NOLOCK, 0600), MDB_SUCCESS);
	assert_int_equal(mdb_txn_begin(environment, NULL, 0, &transaction), MDB_SUCCESS);
	unsigned int flags = row->table == NULL ? 0 : is_added ? MDB_CREATE : MDB_INTEGERKEY | MDB_CREATE;
	assert_int_equal(mdb_dbi_open(transaction, row->table, flags, &table), MDB_SUCCESS);
	assert_int_equal(mdb_put(transaction, table, &key, &value, 0), MDB_SUCCESS);
	if (row->remove != UINT64_MAX)
		remove_added(transaction, table, row->remove);
	assert_int_equal(mdb_txn_commit(transaction), MDB_SUCCESS);
	mdb_env_close(environment);
}

static void test_unexplained_rows(void **state)
{
	struct kit kit;
	struct image image;
	struct recourse_audit audit;
	start(&kit);
	image_load(&image, &kit, "log/data.mdb");
	for (size_t index = 0; index < sizeof unexplained / sizeof unexplained[0]; index++) {
		struct writing writing = {.kit = &kit, .row = &unexplained[index]};
		assert_int_equal(child_run(write_row, &writing), 0);
		assert_error(audits(&kit, &audit), RECOURSE_AUDIT_FAILED);
		assert_non_null(strstr(audit.what, "the log's store is damaged"));
		assert_error(opens(&kit), RECOURSE_STORE_CORRUPT);
		image_restore(&image);
	}
	assert_ok(audits(&kit, &audit));
	image_free(&image);
	kit_end(&kit);
}

/* ---- shaped logs ---- */

struct trial {
	struct kit *kit;
	const char *scratch;
	struct shared {
		struct recourse_audit audit;
		enum recourse_error error;
		struct crypto_hash seen;
	} * shared;
};

static void audit_one(void *context)
{
	struct trial *trial = context;
	const struct recourse_audit_options options = {
		.directory = trial->kit->directory.path, .scratch = trial->scratch};
	trial->shared->error = audit_both(&options, &trial->shared->audit);
}

static void read_table(MDB_txn *transaction, const char *name, struct buffer *all)
{
	MDB_dbi table;
	MDB_cursor *cursor;
	MDB_val key;
	MDB_val value;
	MDB_stat stat;
	assert_int_equal(mdb_dbi_open(transaction, name, 0, &table), MDB_SUCCESS);
	assert_int_equal(mdb_stat(transaction, table, &stat), MDB_SUCCESS);
	assert_int_equal(mdb_cursor_open(transaction, table, &cursor), MDB_SUCCESS);
	buffer_append(all, &stat.ms_entries, sizeof stat.ms_entries);
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) {
		MDB_val found;
		buffer_append(all, key.mv_data, key.mv_size);
		buffer_append(all, &value.mv_size, sizeof value.mv_size);
		buffer_append(all, value.mv_data, value.mv_size);
		if (name != NULL) {
			assert_int_equal(mdb_get(transaction, table, &key, &found), MDB_SUCCESS);
			assert_ptr_equal(found.mv_data, value.mv_data);
		}
	}
}

/* All that any reader sees of the log. */
static void read_log(void *context)
{
	struct trial *trial = context;
	struct buffer all = {0};
	MDB_env *environment;
	MDB_txn *transaction;
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&trial->kit->directory, "log", path);
	assert_int_equal(mdb_env_create(&environment), MDB_SUCCESS);
	assert_int_equal(mdb_env_set_maxdbs(environment, 5), MDB_SUCCESS);
	assert_int_equal(mdb_env_set_mapsize(environment, MAP), MDB_SUCCESS);
	assert_int_equal(mdb_env_open(environment, path, MDB_RDONLY | MDB_NOLOCK, 0600), MDB_SUCCESS);
	assert_int_equal(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction), MDB_SUCCESS);
	for (size_t index = 0; index < sizeof log_names / sizeof log_names[0]; index++)
		read_table(transaction, log_names[index], &all);
	crypto_sha256(buffer_slice(&all), &trial->shared->seen);
}

static void remove_file(const struct kit *kit, const char *name)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, name, path);
	assert_int_equal(unlink(path), 0);
}

static void is_empty(const char *path)
{
	size_t count = 0;
	DIR *directory = opendir(path);
	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	assert_int_equal(count, 2);
}

/* That it is of another version is an answer, too: the first pages, or the head, say of which they are. */
static bool answered(const struct shared *shared, int status)
{
	return status == 0 && (shared->error == RECOURSE_OK || shared->error == RECOURSE_AUDIT_FAILED ||
				      shared->error == RECOURSE_VERSION_UNKNOWN);
}

/* Yes or no, and yes only where nothing that any reader sees has changed; nothing is left in the scratch directory. */
static void judge(struct trial *trial, const struct crypto_hash *before, const char *how, size_t *found)
{
	struct shared *shared = trial->shared;
	int status = child_run(audit_one, trial);
	if (!answered(shared, status))
		print_message("%s: ended with %d, %s\n", how, status, recourse_error_name(shared->error));
	assert_true(answered(shared, status));
	is_empty(trial->scratch);
	*found += shared->error != RECOURSE_OK;
	if (shared->error != RECOURSE_OK)
		return;
	status = child_run(read_log, trial);
	if (status != 0 || !crypto_hash_equal(&shared->seen, before))
		print_message("%s: verified, and is another log (%d)\n", how, status);
	assert_int_equal(status, 0);
	assert_true(crypto_hash_equal(&shared->seen, before));
}

static void test_shaped_logs(void **state)
{
	struct support_random random = support_random_start();
	struct support_directory scratch;
	struct kit kit;
	struct image image;
	struct trial trial = {.kit = &kit, .shared = child_share(sizeof *trial.shared)};
	size_t times = support_times(60, 10000);
	size_t found = 0;
	support_directory_make(&scratch);
	trial.scratch = scratch.path;
	start(&kit);
	remove_file(&kit, "state/data.mdb");
	image_load(&image, &kit, "log/data.mdb");
	assert_int_equal(child_run(read_log, &trial), 0);
	const struct crypto_hash before = trial.shared->seen;
	uint8_t *shaped = malloc(image.size + PAGE_SHAPE_SIZE);
	assert_non_null(shaped);
	for (size_t time = 0; time < times; time++) {
		size_t size = image.size;
		memcpy(shaped, image.bytes, size);
		const char *how = page_shape(&random, shaped, &size);
		image_write(&image, 0, shaped, image.size);
		assert_int_equal(ftruncate(image.file, (off_t)size), 0);
		judge(&trial, &before, how, &found);
		assert_int_equal(ftruncate(image.file, (off_t)image.size), 0);
	}
	print_message("%zu shaped, %zu found\n", times, found);
	assert_true(found > times / 4);
	free(shaped);
	child_unshare(trial.shared, sizeof *trial.shared);
	image_free(&image);
	support_directory_remove(&scratch);
	kit_end(&kit);
}

int main(void)
{
	child_prefer_memory();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start_and_audit),
		cmocka_unit_test(test_damaged_state_is_made_again),
		cmocka_unit_test(test_inspection),
		cmocka_unit_test(test_unexplained_rows),
		cmocka_unit_test(test_shaped_logs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
