/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include "backup_log.h"
#include "base/descriptor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* ---- erasures ---- */

/* What was erased is erased in copies of the keys, too, as far as they are at hand (I2). */

/* The state is of this log, and has followed it as far as it went when it was opened. */
static enum recourse_error check_followed(struct recourse_ledger *ledger, struct state_view *view)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	struct state_position position;
	struct crypto_hash leaf;
	slice entry;
	state_position(view, &position);
	if (position.requests < ledger->head.requests || position.entries == 0)
		return RECOURSE_QUERY_NOT_FOUND;
	/* state first: the log then has at least what the state has */
	TRY(log_snapshot_open(ledger->log, &log));
	TRY(log_read_entry(log, position.entries - 1, &entry));
	tree_leaf(entry, &leaf);
	return memcmp(position.log_id, leaf.bytes, sizeof position.log_id) == 0 ? RECOURSE_OK
										: RECOURSE_QUERY_NOT_FOUND;
}

enum recourse_error recourse_ledger_erase_in(
	struct recourse_ledger *ledger, const char *path, uint64_t *count)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	SCOPED(sealing_free) struct sealing erased = {.keys = {0}};
	*count = 0;
	TRY(state_snapshot_open(ledger->state, &view));
	TRY(check_followed(ledger, view));
	TRY(sealing_erased(&erased, view, 0));
	const uint64_t *keys = (const void *)erased.keys.data;
	return notes_erase_in(path, keys, erased.keys.size / sizeof *keys, count);
}

/* ---- what is common ---- */

static enum recourse_error tell_finding(
	enum recourse_error error, const struct backup_finding *finding, struct recourse_backup *backup)
{
	backup->fault = finding->fault;
	memcpy(backup->what, finding->what, sizeof backup->what);
	return error;
}

static enum recourse_error open_log(const char *directory, struct log **log, struct log_head *head)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	char path[DIRECTORY_PATH_SIZE];
	const struct log_options options = {.directory = path, .read_only = true};
	TRY(crypto_start());
	TRY(directory_path(directory, "log", path));
	TRY(log_open(&options, log));
	TRY(log_snapshot_open(*log, &snapshot));
	return log_read_head(snapshot, head);
}

static void close_log(struct log **log)
{
	log_close(*log);
}

static enum recourse_error name_backup(
	struct log *log, struct backup_finding *finding, struct recourse_backup *backup)
{
	struct key_public key;
	TRY(backup_log_name(log, finding, &key));
	snprintf(backup->origin, sizeof backup->origin, "%s", key.name);
	(void)key_format(&key, backup->log_key);
	return RECOURSE_OK;
}
static_assert(KEY_TEXT_SIZE <= sizeof((struct recourse_backup *)0)->log_key, "a vkey");

enum recourse_error recourse_backup_look(const char *directory, struct recourse_backup *backup)
{
	SCOPED(close_log) struct log *log = NULL;
	struct backup_finding finding = {.fault = RECOURSE_BACKUP_SOUND};
	struct log_head head;
	*backup = (struct recourse_backup){.made = 0};
	TRY(open_log(directory, &log, &head));
	backup->end.entries = head.entries;
	backup->end.requests = head.requests;
	backup->end.time = head.time;
	memcpy(backup->end.last, head.last.bytes, sizeof backup->end.last);
	return tell_finding(name_backup(log, &finding, backup), &finding, backup);
}

/* ---- reading pieces ---- */

static enum recourse_error open_piece(const char *path, int *file)
{
	*file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return *file >= 0 ? RECOURSE_OK : RECOURSE_IO;
}

static enum recourse_error pass_file(const char *path, const uint8_t *key, struct backup_chain *chain,
	const struct backup_target *target, struct crypto_hash *previous, struct recourse_backup *backup)
{
	SCOPED(backup_file_read_free) struct backup_reader reader = {.file = -1};
	SCOPED(descriptor_close) int file = -1;
	*backup = (struct recourse_backup){.made = 0};
	TRY(open_piece(path, &file));
	TRY(backup_file_read_begin(&reader, file, key, chain->finding));
	return backup_piece_pass(&reader, chain, target, previous, backup);
}

static enum recourse_error pass_files(const struct recourse_backup_read_options *options,
	struct backup_chain *chain, const struct backup_target *target, struct recourse_backup *backup,
	size_t *file)
{
	struct crypto_hash previous = {.bytes = {0}};
	for (*file = 0; *file < options->count; ++*file) {
		TRY(pass_file(options->files[*file], options->key, chain, target, &previous, backup));
		if (options->each != NULL)
			options->each(options->context, *file, backup);
	}
	return RECOURSE_OK;
}

/* A new one; its log is open to write. */
static enum recourse_error make_log(const char *directory, struct log **log)
{
	char path[DIRECTORY_PATH_SIZE];
	const struct log_options options = {.directory = path};
	TRY(recourse_ledger_create(directory));
	TRY(directory_path(directory, "log", path));
	return log_open(&options, log);
}

enum recourse_error recourse_backup_read(
	const struct recourse_backup_read_options *options, struct recourse_backup *backup, size_t *file)
{
	struct backup_finding finding = {.fault = RECOURSE_BACKUP_SOUND};
	struct backup_chain chain = {.finding = &finding};
	SCOPED(close_log) struct log *log = NULL;
	SCOPED(backup_log_free) struct backup_log_writer writer = {.log = NULL};
	*file = options->count;
	*backup = (struct recourse_backup){.made = 0};
	TRY(crypto_start());
	if (options->directory == NULL)
		return tell_finding(pass_files(options, &chain, NULL, backup, file), &finding, backup);
	TRY(make_log(options->directory, &log));
	backup_log_begin(&writer, log);
	const struct backup_target target = backup_log_target(&writer);
	return tell_finding(pass_files(options, &chain, &target, backup, file), &finding, backup);
}

/* ---- a copy ---- */

enum recourse_error recourse_backup_copy(
	const char *directory, const char *to, struct recourse_backup *backup)
{
	struct backup_finding finding = {.fault = RECOURSE_BACKUP_SOUND};
	struct backup_chain chain = {.finding = &finding};
	SCOPED(close_log) struct log *from = NULL;
	SCOPED(close_log) struct log *log = NULL;
	SCOPED(backup_log_free) struct backup_log_writer writer = {.log = NULL};
	struct log_head head;
	*backup = (struct recourse_backup){.made = 0};
	TRY(open_log(directory, &from, &head));
	enum recourse_error error = name_backup(from, &finding, backup);
	if (error != RECOURSE_OK)
		return tell_finding(error, &finding, backup);
	TRY(make_log(to, &log));
	backup_log_begin(&writer, log);
	const struct backup_target target = backup_log_target(&writer);
	error = backup_log_pass(from, &head, &chain, &target);
	backup_chain_head(&chain, &backup->end);
	return tell_finding(error, &finding, backup);
}

/* ---- writing a piece ---- */

struct writing {
	const struct recourse_backup_write_options *options;
	struct backup_finding finding;
	struct backup_chain chain; /* where the piece begins */
	struct crypto_hash previous;
	struct log *log;
	struct log_head head; /* where it is to end */
};

/* Where the one before ended. */
static enum recourse_error look_before(struct writing *writing)
{
	SCOPED(backup_file_read_free) struct backup_reader reader = {.file = -1};
	SCOPED(descriptor_close) int file = -1;
	struct recourse_backup before = {.made = 0};
	if (writing->options->previous == NULL)
		return RECOURSE_OK;
	TRY(open_piece(writing->options->previous, &file));
	TRY(backup_file_read_begin(&reader, file, writing->options->key, &writing->finding));
	TRY(backup_piece_look(&reader, &before));
	writing->previous = reader.link;
	return backup_log_stand(writing->log, &before.end, before.log_key, &writing->chain);
}

static enum recourse_error write_content(
	struct writing *writing, struct backup_writer *writer, const struct recourse_backup *backup)
{
	struct backup_chain chain = writing->chain;
	const struct backup_target target = backup_piece_target(writer);
	TRY(backup_piece_begin(writer, backup, &writing->previous));
	return backup_log_pass(writing->log, &writing->head, &chain, &target);
}

static enum recourse_error write_file(struct writing *writing, int file, const struct recourse_backup *backup)
{
	SCOPED(backup_file_write_free) struct backup_writer writer = {.file = -1};
	TRY(backup_file_write_begin(&writer, file, writing->options->key));
	TRY(write_content(writing, &writer, backup));
	if (fsync(file) == 0)
		return RECOURSE_OK;
	return descriptor_full(errno) ? RECOURSE_STORE_FULL : RECOURSE_IO;
}

/* As it came out, by the same eyes as when it is restored. */
static enum recourse_error read_back(struct writing *writing, struct recourse_backup *backup)
{
	struct backup_chain chain = writing->chain;
	struct crypto_hash previous = writing->previous;
	const struct recourse_backup_write_options *options = writing->options;
	TRY(pass_file(options->file, options->key, &chain, NULL, &previous, backup));
	return group_head_equal(&chain.head, &writing->head) ? RECOURSE_OK : RECOURSE_STORE_FAILED;
}

static enum recourse_error make_file(struct writing *writing, struct recourse_backup *backup)
{
	const char *path = writing->options->file;
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file < 0)
		return errno == EEXIST          ? RECOURSE_EXISTS
		       : descriptor_full(errno) ? RECOURSE_STORE_FULL
						: RECOURSE_IO;
	enum recourse_error error = write_file(writing, file, backup);
	if (close(file) != 0 && error == RECOURSE_OK)
		error = RECOURSE_IO;
	if (error == RECOURSE_OK)
		error = read_back(writing, backup);
	if (error == RECOURSE_OK)
		error = descriptor_sync_directory_of(path);
	int reason = errno;
	if (error != RECOURSE_OK)
		(void)unlink(path);
	errno = reason;
	return error;
}

/* A checkpoint of what the one before ended with is something new, too. */
static enum recourse_error is_level(struct writing *writing, bool *level)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	uint64_t size;
	slice note;
	*level = writing->chain.head.requests == writing->head.requests;
	if (!*level)
		return RECOURSE_OK;
	TRY(log_snapshot_open(writing->log, &snapshot));
	enum recourse_error error =
		log_read_checkpoint_from(snapshot, writing->chain.signed_size + 1, &size, &note);
	*level = error == RECOURSE_QUERY_NOT_FOUND || size != writing->head.entries;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error write_piece(struct writing *writing, struct recourse_backup *backup)
{
	bool level;
	TRY(name_backup(writing->log, &writing->finding, backup));
	TRY(look_before(writing));
	backup_chain_head(&writing->chain, &backup->before);
	backup->end = backup->before;
	backup->made = writing->options->made;
	backup->sealed = writing->options->key != NULL;
	TRY(is_level(writing, &level));
	return level ? RECOURSE_OK : make_file(writing, backup);
}

enum recourse_error recourse_backup_write(
	const struct recourse_backup_write_options *options, struct recourse_backup *backup)
{
	struct writing writing = {.options = options};
	char place[DIRECTORY_PATH_SIZE];
	*backup = (struct recourse_backup){.made = 0};
	writing.chain.finding = &writing.finding;
	const char *slash = strrchr(options->file, '/');
	if (slash == NULL || (size_t)snprintf(place, sizeof place, "%.*s", (int)(slash - options->file),
				     options->file) >= sizeof place)
		return RECOURSE_IO;
	TRY(directory_check_local(place));
	SCOPED(close_log) struct log *log = NULL;
	TRY(open_log(options->directory, &log, &writing.head));
	writing.log = log;
	return tell_finding(write_piece(&writing, backup), &writing.finding, backup);
}
