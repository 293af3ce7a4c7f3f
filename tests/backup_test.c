/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"
#include "backup_file.h"
#include "base/descriptor.h"
#include "store/log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Pieces of backups: the file's form by itself, and what is found in one that was written anew with other content. */

static const uint8_t key[BACKUP_KEY_SIZE] = {7};

/* What lies below a directory of that name is on a network file system. */
int statfs(const char *path, struct statfs *status)
{
	enum { NFS = 0x6969 };
	int result = (int)syscall(SYS_statfs, path, status);
	if (result == 0 && strstr(path, "network") != NULL)
		status->f_type = NFS;
	return result;
}

struct piece {
	char path[SUPPORT_PATH_MAX];
	struct buffer bytes; /* as the file has them */
};

static void read_file(struct piece *piece)
{
	SCOPED(descriptor_close) int file = open(piece->path, O_RDONLY | O_CLOEXEC);
	size_t size;
	assert_true(file >= 0);
	buffer_clear(&piece->bytes);
	uint8_t *to = buffer_reserve(&piece->bytes, 1 << 20);
	assert_ok(descriptor_read(file, to, 1 << 20, &size));
	piece->bytes.size = size;
}

/* With so many bytes in it, each other than its neighbours. */
static void write_piece(struct piece *piece, const uint8_t *with, size_t size)
{
	SCOPED(support_free) uint8_t *bytes = malloc(size + 1);
	struct backup_writer writer;
	int file = open(piece->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(file >= 0 && bytes != NULL);
	for (size_t index = 0; index < size; index++)
		bytes[index] = (uint8_t)(index * 7 + index / 256);
	assert_ok(backup_file_write_begin(&writer, file, with));
	for (size_t done = 0; done < size; done += 1000)
		assert_ok(backup_file_write(
			&writer, slice_of(bytes + done, size - done < 1000 ? size - done : 1000)));
	assert_ok(backup_file_write_end(&writer));
	backup_file_write_free(&writer);
	assert_int_equal(close(file), 0);
	read_file(piece);
}

/* What is found in the file, of which so many bytes are wanted. */
static enum recourse_backup_fault find_in(const struct piece *piece, const uint8_t *with, size_t size)
{
	SCOPED(support_free) uint8_t *bytes = malloc(size + 1);
	struct backup_finding finding = {.fault = RECOURSE_BACKUP_SOUND};
	struct backup_reader reader = {.file = -1};
	int file = open(piece->path, O_RDONLY | O_CLOEXEC);
	assert_true(file >= 0 && bytes != NULL);
	enum recourse_error error = backup_file_read_begin(&reader, file, with, &finding);
	if (error == RECOURSE_OK)
		error = backup_file_read(&reader, bytes, size);
	if (error == RECOURSE_OK)
		error = backup_file_read_end(&reader);
	assert_int_equal(error, finding.fault == RECOURSE_BACKUP_SOUND ? RECOURSE_OK : RECOURSE_AUDIT_FAILED);
	for (size_t index = 0; error == RECOURSE_OK && index < size; index++)
		assert_int_equal(bytes[index], (uint8_t)(index * 7 + index / 256));
	backup_file_read_free(&reader);
	close(file);
	return finding.fault;
}

static enum recourse_backup_fault find(
	const struct piece *piece, const uint8_t *with, slice bytes, size_t size)
{
	support_write_file(piece->path, bytes);
	return find_in(piece, with, size);
}

static void start(void **state, struct piece *piece)
{
	*piece = (struct piece){.bytes = {0}};
	support_directory_path(*state, "piece", piece->path);
}

static void test_sizes(void **state)
{
	static const size_t sizes[] = {0, 1, 999, BACKUP_BLOCK_MAX - 1, BACKUP_BLOCK_MAX,
		BACKUP_BLOCK_MAX + 1, 3 * BACKUP_BLOCK_MAX, 200000};
	struct piece piece;
	start(state, &piece);
	for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
		for (int sealed = 0; sealed < 2; sealed++) {
			const uint8_t *with = sealed ? key : NULL;
			write_piece(&piece, with, sizes[index]);
			assert_int_equal(find_in(&piece, with, sizes[index]), RECOURSE_BACKUP_SOUND);
			assert_int_not_equal(find_in(&piece, with, sizes[index] + 1), RECOURSE_BACKUP_SOUND);
			if (sizes[index] > 0)
				assert_int_not_equal(
					find_in(&piece, with, sizes[index] - 1), RECOURSE_BACKUP_SOUND);
		}
	}
	buffer_free(&piece.bytes);
}

/* At each byte; also between two blocks, where nothing but the last one's mark is lacking. */
static void test_cut(void **state)
{
	enum { SIZE = BACKUP_BLOCK_MAX + 300 };
	struct piece piece;
	start(state, &piece);
	for (int sealed = 0; sealed < 2; sealed++) {
		const uint8_t *with = sealed ? key : NULL;
		const size_t second =
			BACKUP_HEADER_SIZE + 4 + BACKUP_BLOCK_MAX + (sealed ? CRYPTO_FLOW_EXTRA : 33);
		write_piece(&piece, with, SIZE);
		for (size_t size = 0; size < piece.bytes.size;
			size += size < 200 || size >= second - 40 ? 1 : 701)
			assert_int_equal(find(&piece, with, slice_of(piece.bytes.data, size), SIZE),
				RECOURSE_BACKUP_CUT);
		assert_int_equal(find(&piece, with, slice_of(piece.bytes.data, second), BACKUP_BLOCK_MAX),
			RECOURSE_BACKUP_CUT);
	}
	buffer_free(&piece.bytes);
}

static void test_changed(void **state)
{
	enum { SIZE = BACKUP_BLOCK_MAX + 300 };
	struct piece piece;
	start(state, &piece);
	for (int sealed = 0; sealed < 2; sealed++) {
		const uint8_t *with = sealed ? key : NULL;
		write_piece(&piece, with, SIZE);
		for (size_t at = 0; at < piece.bytes.size; at += at < 200 ? 1 : 997) {
			piece.bytes.data[at] ^= 0x20;
			assert_int_not_equal(
				find(&piece, with, buffer_slice(&piece.bytes), SIZE), RECOURSE_BACKUP_SOUND);
			if (at >= BACKUP_HEADER_SIZE + 4)
				assert_int_equal(find_in(&piece, with, SIZE), RECOURSE_BACKUP_CHANGED);
			piece.bytes.data[at] ^= 0x20;
		}
		buffer_append(&piece.bytes, "", 1);
		assert_int_equal(
			find(&piece, with, buffer_slice(&piece.bytes), SIZE), RECOURSE_BACKUP_CHANGED);
	}
	buffer_free(&piece.bytes);
}

/* Each block is one that was written, and stands where another was. */
static void test_exchanged(void **state)
{
	enum { SIZE = 3 * BACKUP_BLOCK_MAX };
	struct piece piece;
	start(state, &piece);
	for (int sealed = 0; sealed < 2; sealed++) {
		const uint8_t *with = sealed ? key : NULL;
		const size_t block = 4 + BACKUP_BLOCK_MAX + (sealed ? CRYPTO_FLOW_EXTRA : 33);
		SCOPED(support_free) uint8_t *first = malloc(block);
		write_piece(&piece, with, SIZE);
		uint8_t *blocks = piece.bytes.data + BACKUP_HEADER_SIZE;
		assert_non_null(first);
		memcpy(first, blocks, block);
		memcpy(blocks, blocks + block, block);
		memcpy(blocks + block, first, block);
		assert_int_equal(
			find(&piece, with, buffer_slice(&piece.bytes), SIZE), RECOURSE_BACKUP_CHANGED);
		/* and left out */
		write_piece(&piece, with, SIZE);
		memmove(blocks, blocks + block, piece.bytes.size - BACKUP_HEADER_SIZE - block);
		piece.bytes.size -= block;
		assert_int_equal(find(&piece, with, buffer_slice(&piece.bytes), SIZE - BACKUP_BLOCK_MAX),
			RECOURSE_BACKUP_CHANGED);
	}
	buffer_free(&piece.bytes);
}

static void test_keys(void **state)
{
	static const uint8_t other[BACKUP_KEY_SIZE] = {8};
	struct piece piece;
	start(state, &piece);
	write_piece(&piece, key, 100);
	assert_int_equal(find_in(&piece, other, 100), RECOURSE_BACKUP_KEY);
	assert_int_equal(find_in(&piece, NULL, 100), RECOURSE_BACKUP_KEY);
	write_piece(&piece, NULL, 100);
	assert_int_equal(find_in(&piece, key, 100), RECOURSE_BACKUP_KEY);
	support_write_file(piece.path,
		slice_text("# this is a text, and was never a piece of a backup; it is long enough"));
	assert_int_equal(find_in(&piece, NULL, 100), RECOURSE_BACKUP_STRANGE);
	buffer_free(&piece.bytes);
}

/* ---- of a ledger ---- */

static enum recourse_error back_up(
	struct kit *kit, const char *place, const char *previous, struct piece *piece)
{
	struct recourse_backup backup;
	support_directory_path(&kit->directory, place, piece->path);
	const struct recourse_backup_write_options options = {.directory = kit->directory.path,
		.previous = previous,
		.file = piece->path,
		.made = kit->now};
	enum recourse_error error = recourse_backup_write(&options, &backup);
	if (error == RECOURSE_OK)
		read_file(piece);
	return error;
}

static enum recourse_error check(const struct piece *piece, struct recourse_backup *backup)
{
	size_t file;
	const char *const files[] = {piece->path};
	const struct recourse_backup_read_options options = {.files = files, .count = 1};
	return recourse_backup_read(&options, backup, &file);
}

/* Written anew, block by block, with one byte changed: by whoever can write there, and knows the form. */
static void write_anew(const struct piece *piece, size_t at)
{
	struct backup_finding finding = {.fault = RECOURSE_BACKUP_SOUND};
	struct backup_reader reader;
	struct backup_writer writer;
	uint8_t byte;
	SCOPED(descriptor_close) int from = open(piece->path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(unlink(piece->path), 0);
	SCOPED(descriptor_close) int to = open(piece->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_ok(backup_file_read_begin(&reader, from, NULL, &finding));
	assert_ok(backup_file_write_begin(&writer, to, NULL));
	for (size_t index = 0; !(reader.last && reader.taken == reader.bytes.size); index++) {
		assert_ok(backup_file_read(&reader, &byte, 1));
		byte ^= index == at;
		assert_ok(backup_file_write(&writer, slice_of(&byte, 1)));
	}
	assert_ok(backup_file_write_end(&writer));
	backup_file_read_free(&reader);
	backup_file_write_free(&writer);
}

/* The form is right throughout, and the content is not: found by the chain, wherever that is. */
static void test_written_anew(void **state)
{
	struct kit *kit = *state;
	struct piece piece = {.bytes = {0}};
	struct recourse_backup backup;
	assert_ok(recourse_ledger_sign(kit->ledger));
	kit_close(kit);
	assert_ok(back_up(kit, "piece", NULL, &piece));
	assert_ok(check(&piece, &backup));
	assert_true(backup.end.entries > 10 && backup.end.signed_size == backup.end.entries);
	const size_t made = 5 + 1 + 4 * 8 + 4 * 32 + 32 - 32; /* when it was made is the maker's word alone */
	size_t tried = 0;
	for (size_t at = 0; at + 1000 < piece.bytes.size; at += 1 + piece.bytes.size / 300) {
		if (at >= made && at < made + 8)
			continue;
		support_write_file(piece.path, buffer_slice(&piece.bytes));
		write_anew(&piece, at);
		enum recourse_error error = check(&piece, &backup);
		if (error == RECOURSE_OK) {
			/* a signature of a request, which the audit looks at */
			tried++;
			continue;
		}
		assert_error(error, RECOURSE_AUDIT_FAILED);
		assert_int_not_equal(backup.fault, RECOURSE_BACKUP_SOUND);
		assert_int_not_equal(backup.fault, RECOURSE_BACKUP_CUT);
		assert_true(backup.what[0] != '\0');
	}
	print_message("%zu of 300 left to the audit\n", tried);
	assert_true(tried < 60);
	buffer_free(&piece.bytes);
}

/* What a network file system says is on its disk may not be. */
static void test_network(void **state)
{
	struct kit *kit = *state;
	struct piece piece = {.bytes = {0}};
	char place[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, "network", place);
	assert_int_equal(mkdir(place, 0700), 0);
	kit_close(kit);
	assert_error(back_up(kit, "network/piece", NULL, &piece), RECOURSE_NOT_PERMITTED);
	assert_int_equal(access(piece.path, F_OK), -1);
	assert_ok(back_up(kit, "piece", NULL, &piece));
	buffer_free(&piece.bytes);
}

static void read_until_killed(const struct kit *kit, int ready)
{
	struct log *log;
	struct log_snapshot *snapshot;
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, "log", path);
	const struct log_options options = {.directory = path, .read_only = true};
	assert_ok(log_open(&options, &log));
	assert_ok(log_snapshot_open(log, &snapshot));
	assert_int_equal(write(ready, "x", 1), 1);
	for (;;)
		pause();
}

static off_t size_of_log(const struct kit *kit)
{
	struct stat status;
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&kit->directory, "log/data.mdb", path);
	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

/* What a backup saw when it was killed is not kept for as long as the ledger is served: the log does not grow by that. */
static void test_killed(void **state)
{
	enum { REQUESTS = 400, GROWTH_MAX = 2 << 20 };
	struct kit *kit = *state;
	int ready[2];
	char byte;
	assert_int_equal(pipe(ready), 0);
	kit_close(kit);
	pid_t child = fork();
	if (child == 0)
		read_until_killed(kit, ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	kit_reopen(kit, false);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	const off_t before = size_of_log(kit);
	for (int request = 0; request < REQUESTS; request++) {
		kit_play(kit, "admin party.register party=later-%d kinds=merchant", request);
		if (request % 10 == 0)
			assert_ok(recourse_ledger_sign(kit->ledger));
	}
	print_message("grew by %lld bytes\n", (long long)(size_of_log(kit) - before));
	assert_true(size_of_log(kit) - before < GROWTH_MAX);
	close(ready[0]);
	close(ready[1]);
}

/* A piece goes on from the one before, where that is; and is no piece of a ledger that never was there. */
static void test_goes_on(void **state)
{
	struct kit *kit = *state;
	struct piece first = {.bytes = {0}};
	struct piece second = {.bytes = {0}};
	struct recourse_backup backup;
	kit_close(kit);
	assert_ok(back_up(kit, "first", NULL, &first));
	kit_reopen(kit, false);
	kit_play(kit, "admin party.register party=later kinds=merchant");
	kit_close(kit);
	assert_ok(back_up(kit, "second", first.path, &second));
	assert_error(check(&second, &backup), RECOURSE_AUDIT_FAILED);
	assert_int_equal(backup.fault, RECOURSE_BACKUP_STRANGE);
	const char *const files[] = {first.path, second.path};
	const struct recourse_backup_read_options options = {.files = files, .count = 2};
	size_t file;
	assert_ok(recourse_backup_read(&options, &backup, &file));
	assert_int_equal(backup.end.entries, backup.before.entries + 1);
	buffer_free(&first.bytes);
	buffer_free(&second.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DIRECTORY_TEST(test_sizes),
		DIRECTORY_TEST(test_cut),
		DIRECTORY_TEST(test_changed),
		DIRECTORY_TEST(test_exchanged),
		DIRECTORY_TEST(test_keys),
		KIT_TEST(test_written_anew),
		KIT_TEST(test_network),
		KIT_TEST(test_goes_on),
		KIT_TEST(test_killed),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
