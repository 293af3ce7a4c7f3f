/* SPDX-License-Identifier: Apache-2.0 */
#include "backup_online.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/instant.h"
#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "moment.h"
#include "output.h"
#include "work_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* ---- what is said ---- */

static void say_json(const char *path, const struct recourse_backup *piece)
{
	SCOPED(buffer_free) struct buffer out = {0};
	char made[INSTANT_TEXT_SIZE];
	char root[2 * 32 + 1];
	const struct recourse_backup_head *end = &piece->end;
	instant_format(piece->made - piece->made % INSTANT_SECOND, made);
	text_to_hex(end->root, sizeof end->root, root);
	item_write_map(&out, 9);
	item_write_pair_text(&out, "file", slice_text(path));
	item_write_pair_text(&out, "origin", slice_text(piece->origin));
	item_write_pair_text(&out, "made", slice_text(made));
	item_write_key(&out, "sealed");
	item_write_boolean(&out, piece->sealed);
	item_write_pair_integer(&out, "from_request", (int64_t)piece->before.requests);
	item_write_pair_integer(&out, "requests", (int64_t)end->requests);
	item_write_pair_integer(&out, "entries", (int64_t)end->entries);
	item_write_pair_integer(&out, "signed_entries", (int64_t)end->signed_size);
	item_write_pair_text(&out, "root", slice_text(root));
	(void)output_json(buffer_slice(&out));
}

void backup_online_say(const char *path, const struct recourse_backup *piece, bool json)
{
	if (json) {
		say_json(path, piece);
		return;
	}
	output_text(stdout,
		"%s: %" PRIu64 " entries more, %" PRIu64 " in all, of which %" PRIu64
		" are under a checkpoint%s\n",
		path, piece->end.entries - piece->before.entries, piece->end.entries, piece->end.signed_size,
		piece->sealed ? "; sealed" : "");
}

static enum exit_code tell_error(enum recourse_error error, const char *path, const char *what)
{
	if (error == RECOURSE_NOT_PERMITTED) {
		output_problem("%s lies on a network file system, or another that may not keep what it takes "
			       "[NOT_PERMITTED]",
			path);
		output_next(
			"make it on a disk of this machine, copy it there afterwards, and check that copy: "
			"recourse backup check");
		return EXIT_CODE_CREATE;
	}
	if (error == RECOURSE_STORE_FULL) {
		output_problem("%s: the disk is full; nothing is left of what was begun [STORE_FULL]", path);
		output_next("give it room, and do the same again");
		return EXIT_CODE_CREATE;
	}
	if (error == RECOURSE_IO)
		return output_unwritten(error, path);
	return output_error(error, NULL, what);
}

/* ---- the copy for an auditor ---- */

static enum exit_code copy(const struct backup_online *log, const char *directory, const char *to)
{
	struct recourse_backup backup;
	char path[PATH_MAX];
	if (log->key != NULL)
		return output_usage(
			"backup: a copy for an auditor is not sealed: recourse verify is to read it");
	if (!work_directory_make(to, path, sizeof path)) {
		work_directory_problem(to);
		return EXIT_CODE_CREATE;
	}
	enum recourse_error error = recourse_backup_copy(directory, path, &backup);
	if (error == RECOURSE_OK &&
		backup_place_never(path, backup.end.entries, "It is an auditor's copy.") == EXIT_CODE_OK) {
		if (log->json)
			say_json(to, &backup);
		else
			output_text(stdout,
				"%s: %" PRIu64
				" entries, no key and no text; the auditor says: recourse verify "
				"%s\n",
				to, backup.end.entries, to);
		return EXIT_CODE_OK;
	}
	int reason = errno;
	work_directory_remove(path);
	errno = reason;
	return error == RECOURSE_AUDIT_FAILED ? backup_place_tell(directory, &backup)
					      : tell_error(error, to, "backup");
}

/* ---- one more piece ---- */

struct making {
	const struct backup_online *log;
	const char *directory;
	const char *place;
	char id[BACKUP_ID_SIZE + 1];
	char half[PATH_MAX];
	struct backup_pieces before;
	uint8_t key[RECOURSE_BACKUP_KEY_SIZE];
};

/* Never over another: a name that is there stays what it is. */
static enum exit_code name_piece(struct making *making, const struct recourse_backup *piece)
{
	char path[PATH_MAX];
	if ((size_t)snprintf(path, sizeof path, "%s/backup-%s-%012" PRIu64 "-%012" PRIu64 ".piece",
		    making->place, making->id, piece->before.requests, piece->end.requests) >= sizeof path)
		return output_usage("backup: the name is too long: %s", making->place);
	if (renameat2(AT_FDCWD, making->half, AT_FDCWD, path, RENAME_NOREPLACE) != 0 ||
		descriptor_sync_directory_of(path) != RECOURSE_OK) {
		int reason = errno;
		(void)unlink(making->half);
		errno = reason;
		return output_unwritten(RECOURSE_IO, path);
	}
	backup_online_say(path, piece, making->log->json);
	return EXIT_CODE_OK;
}

static enum exit_code write_piece(struct making *making)
{
	struct recourse_backup piece;
	const size_t count = making->before.count;
	const char *previous = count > 0 ? making->before.paths[count - 1] : NULL;
	const struct recourse_backup_write_options options = {
		.directory = making->directory,
		.previous = previous,
		.file = making->half,
		.key = making->log->key == NULL ? NULL : making->key,
		.made = moment_now(),
	};
	(void)unlink(making->half); /* of one that was killed: nobody else is here */
	enum recourse_error error = recourse_backup_write(&options, &piece);
	if (error == RECOURSE_AUDIT_FAILED)
		return backup_place_tell(previous == NULL ? making->directory : previous, &piece);
	if (error != RECOURSE_OK)
		return tell_error(error, making->place, "backup");
	if (access(making->half, F_OK) == 0)
		return name_piece(making, &piece);
	output_text(stderr, "nothing new: %s has all of %s, %" PRIu64 " entries\n", making->place,
		making->directory, piece.end.entries);
	return EXIT_CODE_OK;
}

static enum exit_code find_before(struct making *making)
{
	struct recourse_backup ledger;
	enum recourse_error error = recourse_backup_look(making->directory, &ledger);
	if (error == RECOURSE_AUDIT_FAILED)
		return backup_place_tell(making->directory, &ledger);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, making->directory);
	backup_place_id(ledger.origin, making->id);
	if ((size_t)snprintf(making->half, sizeof making->half, "%s/backup-%s.half", making->place,
		    making->id) >= sizeof making->half)
		return output_usage("backup: the name is too long: %s", making->place);
	enum exit_code code = backup_place_read(making->place, making->id, &making->before);
	if (code != EXIT_CODE_OK || making->before.lacking[0] == '\0')
		return code;
	output_problem("%s: %s", making->place, making->before.lacking);
	output_next("put the missing piece back, or begin anew in an empty place");
	return EXIT_CODE_DATA;
}

enum exit_code backup_online_make(const struct backup_online *log, const char *directory, const char *place)
{
	struct making making = {.log = log, .directory = directory, .place = place};
	SCOPED(descriptor_close) int held = -1;
	enum exit_code code = backup_place_apart(directory, place);
	if (code == EXIT_CODE_OK && log->for_auditor)
		return copy(log, directory, place);
	if (code == EXIT_CODE_OK)
		code = backup_place_key(log->key, making.key);
	if (code == EXIT_CODE_OK)
		code = backup_place_hold(place, &held);
	if (code == EXIT_CODE_OK)
		code = find_before(&making);
	if (code == EXIT_CODE_OK)
		code = write_piece(&making);
	backup_place_free(&making.before);
	crypto_wipe(making.key, sizeof making.key);
	return code;
}

/* ---- checking ---- */

struct checking {
	const struct backup_online *log;
	const struct backup_pieces *pieces;
};

static void say_piece(void *context, size_t file, const struct recourse_backup *piece)
{
	const struct checking *checking = context;
	backup_online_say(checking->pieces->paths[file], piece, checking->log->json);
}

static enum exit_code check_pieces(struct checking *checking, const char *place)
{
	const struct backup_pieces *pieces = checking->pieces;
	uint8_t key[RECOURSE_BACKUP_KEY_SIZE];
	struct recourse_backup piece;
	size_t file;
	enum exit_code code = backup_place_key(checking->log->key, key);
	if (code != EXIT_CODE_OK)
		return code;
	const struct recourse_backup_read_options options = {
		.files = (const char *const *)pieces->paths,
		.count = pieces->count,
		.key = checking->log->key == NULL ? NULL : key,
		.each = say_piece,
		.context = checking,
	};
	enum recourse_error error = recourse_backup_read(&options, &piece, &file);
	crypto_wipe(key, sizeof key);
	if (error == RECOURSE_AUDIT_FAILED)
		return backup_place_tell(pieces->paths[file], &piece);
	return error == RECOURSE_OK
		       ? EXIT_CODE_OK
		       : tell_error(error, file < pieces->count ? pieces->paths[file] : place, "backup");
}

enum exit_code backup_online_check(const struct backup_online *log, const char *place)
{
	struct backup_pieces pieces;
	struct checking checking = {.log = log, .pieces = &pieces};
	enum exit_code code = backup_place_read(place, NULL, &pieces);
	if (code == EXIT_CODE_OK && pieces.count == 0) {
		output_problem("%s has no backup", place);
		output_next("recourse backup DIR %s makes one", place);
		code = EXIT_CODE_DATA;
	}
	if (code == EXIT_CODE_OK)
		code = check_pieces(&checking, place);
	backup_place_free(&pieces);
	return code;
}
