/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "backup_online.h"
#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/try.h"
#include "beside.h"
#include "file.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "proof/guard.h"
#include "service.h"
#include "work_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/*
 * A ledger from its backups. It is made as DIR.half, and becomes DIR when all of it was audited; whatever goes wrong, DIR is
 * not there, and what there was of DIR.half is gone.
 *
 *   pieces ──> DIR.half/log ──> audit, with the guard ──> texts, keys ──> state, erasures done again ──> DIR
 *
 * What was signed after the backup is not in it: so whoever restores says what was signed last, by the guard, or the ledger is
 * one to be read, which never signs (never-sign).
 */
enum { EVIDENCE_SIZE_MAX = 1 << 20, TEXTS_SIZE_MAX = INT_MAX, HALF_SIZE = PATH_MAX - 32 };

struct restore {
	const char *place;
	const char *directory;
	const char *guard;
	const char *given_key;
	const char *seal_key;
	const char *texts;
	const char *keys;
	const char *shown;
	bool to_read;
	bool json;
	char half[HALF_SIZE]; /* empty: it was not made */
	struct backup_pieces pieces;
	struct recourse_backup last;
	struct buffer guard_text;
	struct checkpoint signed_last;
	struct buffer log_key;
	struct progress progress;
};

/* ---- the pieces ---- */

static enum exit_code fail(enum recourse_error error, const char *path)
{
	if (error == RECOURSE_STORE_FULL) {
		output_problem("%s: the disk is full; nothing is left of what was begun [STORE_FULL]", path);
		output_next("give it room, and do the same again");
		return EXIT_CODE_CREATE;
	}
	return output_unwritten(error, path);
}

static enum exit_code read_pieces(struct restore *restore)
{
	uint8_t key[RECOURSE_BACKUP_KEY_SIZE];
	size_t file;
	enum exit_code code = backup_place_key(restore->seal_key, key);
	if (code != EXIT_CODE_OK)
		return code;
	const struct recourse_backup_read_options options = {
		.files = (const char *const *)restore->pieces.paths,
		.count = restore->pieces.count,
		.key = restore->seal_key == NULL ? NULL : key,
		.directory = restore->half,
	};
	enum recourse_error error = recourse_backup_read(&options, &restore->last, &file);
	crypto_wipe(key, sizeof key);
	if (error == RECOURSE_AUDIT_FAILED)
		return backup_place_tell(restore->pieces.paths[file], &restore->last);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	return fail(error, file < restore->pieces.count ? restore->pieces.paths[file] : restore->half);
}

/* ---- what was signed last ---- */

static enum exit_code refuse_guard(const struct restore *restore)
{
	output_problem("%s is neither a guard nor a checkpoint of %s", restore->guard, restore->last.origin);
	output_next("the guard is `last-signed` in the directory of the ledger that is lost, or where serve "
		    "--guard had it; or name the newest checkpoint that anybody has of it");
	return EXIT_CODE_DATA;
}

/* A checkpoint that somebody kept does as well, if it is the newest. */
static enum exit_code read_guard(struct restore *restore)
{
	struct key_public key;
	slice text;
	if (restore->guard == NULL)
		return EXIT_CODE_OK;
	enum recourse_error error = file_read(restore->guard, EVIDENCE_SIZE_MAX, &restore->guard_text);
	if (error != RECOURSE_OK)
		return output_unread(error, restore->guard);
	const slice given = buffer_slice(&restore->guard_text);
	if (key_parse(slice_text(restore->last.log_key), &key) != RECOURSE_OK)
		return output_error(RECOURSE_KEY_MALFORMED, NULL, "restore");
	error = note_text(given, &text) == RECOURSE_OK ? checkpoint_open(given, &key, &restore->signed_last)
						       : checkpoint_parse(given, &restore->signed_last);
	return error == RECOURSE_OK && strcmp(restore->signed_last.origin, restore->last.origin) == 0
		       ? EXIT_CODE_OK
		       : refuse_guard(restore);
}

static bool lags(const struct restore *restore)
{
	return restore->signed_last.size > restore->last.end.entries;
}

static enum exit_code check_guard(struct restore *restore)
{
	enum exit_code code = read_guard(restore);
	if (code != EXIT_CODE_OK || !lags(restore) || restore->to_read)
		return code;
	output_problem(
		"%" PRIu64 " entries were signed, and the backup has %" PRIu64
		": what would go on from there is another history than the one that was signed [ROLLBACK]",
		restore->signed_last.size, restore->last.end.entries);
	output_next("look for a newer piece, or the log itself; if there is none, restore it with --to-read, "
		    "and go "
		    "on as OPERATION.md says (A guard that is newer)");
	return EXIT_CODE_REFUSED;
}

static enum exit_code check_key(const struct restore *restore)
{
	if (restore->log_key.size == 0 ||
		strcmp((const char *)restore->log_key.data, restore->last.log_key) == 0)
		return EXIT_CODE_OK;
	output_problem("%s is of another ledger than --log-key: of %s, %s", restore->place,
		restore->last.origin, restore->last.log_key);
	output_next("name the place of the backups of yours");
	return EXIT_CODE_REFUSED;
}

/* ---- the audit ---- */

static enum exit_code audit(struct restore *restore)
{
	struct recourse_audit report = {0};
	struct beside thread;
	const struct recourse_beside beside = beside_place(&thread);
	const struct recourse_evidence guard = {
		.name = restore->guard, .text = buffer_slice(&restore->guard_text)};
	const struct recourse_audit_options options = {
		.directory = restore->half,
		.log_key = restore->last.log_key,
		.evidence = &guard,
		.evidence_count = restore->guard != NULL && !lags(restore) ? 1 : 0,
		.progress = progress_update,
		.progress_context = &restore->progress,
		.beside = &beside,
	};
	enum recourse_error error = recourse_ledger_audit(&options, &report);
	progress_finish(&restore->progress);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	if (error != RECOURSE_AUDIT_FAILED || !report.failed)
		return output_error(error, NULL, "restore");
	output_problem("%s does not verify: %s%s", restore->place,
		report.entry_known ? "" : "the ledger: ", report.what);
	output_next("take another copy of the backups; the log's own key was needed to write this");
	return EXIT_CODE_REFUSED;
}

/* ---- what is beside the log ---- */

static enum exit_code put(struct restore *restore, const char *from, const char *name)
{
	SCOPED(buffer_free) struct buffer bytes = {.secret = true};
	char path[PATH_MAX];
	if (from == NULL)
		return EXIT_CODE_OK;
	enum recourse_error error = file_read(from, TEXTS_SIZE_MAX, &bytes);
	if (error != RECOURSE_OK)
		return output_unread(error, from);
	if ((size_t)snprintf(path, sizeof path, "%s/%s", restore->half, name) >= sizeof path)
		return output_usage("restore: the name is too long: %s", restore->directory);
	error = file_replace(path, buffer_slice(&bytes));
	return error == RECOURSE_OK ? EXIT_CODE_OK : fail(error, path);
}

static enum exit_code write_guard(const struct restore *restore)
{
	char path[PATH_MAX];
	if (restore->to_read)
		return backup_place_never(restore->half, restore->last.end.entries,
			lags(restore) ? "More than that were signed." : "What was signed last was not said.");
	snprintf(path, sizeof path, "%s/last-signed", restore->half);
	enum recourse_error error = guard_advance(path, &restore->signed_last);
	return error == RECOURSE_OK ? EXIT_CODE_OK : fail(error, path);
}

static void tell(void *context, const char *what)
{
	(void)context;
	output_problem("%s", what);
}

/* Makes the state, and does in the keys again what the log says is erased. */
static enum exit_code open_once(struct restore *restore)
{
	struct recourse_ledger *ledger = NULL;
	const struct recourse_ledger_options options = {.directory = restore->half, .tell = tell};
	enum recourse_error error = recourse_ledger_open(&options, &ledger);
	recourse_ledger_close(ledger);
	if (error == RECOURSE_STORE_FULL || error == RECOURSE_IO)
		return fail(error, restore->half);
	return error == RECOURSE_OK ? EXIT_CODE_OK : output_error(error, NULL, "restore");
}

/* ---- the whole ---- */

static enum exit_code make_half(struct restore *restore)
{
	char name[PATH_MAX];
	const char *directory = restore->directory;
	size_t size = strlen(directory);
	while (size > 1 && directory[size - 1] == '/')
		size--;
	if (access(directory, F_OK) == 0 || errno != ENOENT) {
		errno = EEXIST;
		work_directory_problem(directory);
		return EXIT_CODE_CREATE;
	}
	if ((size_t)snprintf(name, sizeof name, "%.*s.half", (int)size, directory) >= sizeof name)
		return output_usage("restore: the name is too long: %s", directory);
	if (work_directory_make(name, restore->half, sizeof restore->half))
		return EXIT_CODE_OK;
	restore->half[0] = '\0';
	work_directory_problem(name);
	if (errno == EEXIST)
		output_next("it is what a restore that was killed left: remove it");
	return EXIT_CODE_CREATE;
}

static enum exit_code rename_half(struct restore *restore)
{
	if (renameat2(AT_FDCWD, restore->half, AT_FDCWD, restore->directory, RENAME_NOREPLACE) != 0)
		return output_unwritten(RECOURSE_IO, restore->directory);
	restore->half[0] = '\0';
	return descriptor_sync_directory_of(restore->directory) == RECOURSE_OK
		       ? EXIT_CODE_OK
		       : output_unwritten(RECOURSE_IO, restore->directory);
}

static void say(const struct restore *restore)
{
	backup_online_say(restore->directory, &restore->last, restore->json);
	if (restore->json)
		return;
	if (restore->to_read)
		printf("  it is to be read, and never signs: never-sign in it says why\n");
	else
		printf("  every entry was verified; serve it with its keys (--keys, or %s/keys). What was "
		       "acknowledged\n"
		       "  after the backup is lost: ask those who have receipts\n",
			restore->directory);
}

typedef enum exit_code step(struct restore *restore);

static enum exit_code put_beside(struct restore *restore)
{
	enum exit_code code = put(restore, restore->texts, "notes.texts");
	return code == EXIT_CODE_OK ? put(restore, restore->keys, "notes.keys") : code;
}

static enum exit_code check_said(struct restore *restore)
{
	enum exit_code code = check_key(restore);
	return code == EXIT_CODE_OK ? check_guard(restore) : code;
}

static enum exit_code finish(struct restore *restore)
{
	enum exit_code code = write_guard(restore);
	return code == EXIT_CODE_OK ? rename_half(restore) : code;
}

static enum exit_code find_pieces(struct restore *restore)
{
	enum exit_code code = backup_place_read(restore->place, NULL, &restore->pieces);
	if (code != EXIT_CODE_OK || restore->pieces.count > 0)
		return code;
	output_problem("%s has no backup", restore->place);
	output_next("name the directory that `recourse backup DIR TO` wrote to");
	return EXIT_CODE_DATA;
}

static enum exit_code run(struct restore *restore)
{
	static step *const steps[] = {
		find_pieces, make_half, read_pieces, check_said, audit, put_beside, open_once, finish};
	enum exit_code code = EXIT_CODE_OK;
	if (restore->guard == NULL && !restore->to_read) {
		output_problem("restore: what was signed last? A backup does not know what came after it");
		output_next("--guard FILE: `last-signed` of the ledger that is lost, or the newest "
			    "checkpoint of it; "
			    "or --to-read, and it never signs");
		return EXIT_CODE_USAGE;
	}
	if (restore->given_key != NULL)
		code = service_log_key(restore->given_key, &restore->log_key);
	for (size_t index = 0; code == EXIT_CODE_OK && index < sizeof steps / sizeof steps[0]; index++)
		code = steps[index](restore);
	if (restore->half[0] != '\0')
		work_directory_remove(restore->half);
	if (code == EXIT_CODE_OK)
		say(restore);
	return code;
}

int restore_main(int argc, char **argv)
{
	struct restore restore = {.to_read = false};
	const struct options_flag flags[] = {
		{.name = "guard",
			.argument = "FILE",
			.value = &restore.guard,
			.help = "what was signed last: `last-signed` of the ledger that is lost, or a "
				"checkpoint"},
		{.name = "to-read", .given = &restore.to_read, .help = "a ledger that never signs"},
		{.name = "log-key",
			.argument = "VKEY|@FILE",
			.value = &restore.given_key,
			.help = "the log's key as you know it: backups of another ledger are refused"},
		{.name = "seal-key",
			.argument = "FILE",
			.value = &restore.seal_key,
			.help = "that they were sealed with"},
		{.name = "texts",
			.argument = "FILE",
			.value = &restore.texts,
			.help = "a copy of the sealed texts, by `recourse backup texts`"},
		{.name = "keys",
			.argument = "FILE",
			.value = &restore.keys,
			.help = "a copy of their keys; what the log says is erased is erased in it again"},
		{.name = "progress",
			.argument = "bar|json|none",
			.value = &restore.shown,
			.help = "on standard error (bar, on a terminal)"},
		{.name = "json", .given = &restore.json, .help = "what was restored as one JSON object"},
	};
	const struct options options = {
		.name = "restore",
		.usage = "FROM DIR --guard FILE|--to-read [--log-key VKEY|@FILE] [--seal-key FILE]",
		.about = "Makes a ledger in a new directory from the backups in FROM. All of it is audited "
			 "before "
			 "DIR is there;\n"
			 "nothing is overwritten. A ledger that lacks what was signed is never one that "
			 "signs.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count != 2)
		return (int)output_usage("restore: name the place of the backups, and a directory to make");
	if (!progress_start(&restore.progress, restore.shown, "restore", "entries"))
		return (int)output_usage("restore: --progress is bar, json or none");
	restore.place = rest.arguments[0];
	restore.directory = rest.arguments[1];
	code = run(&restore);
	backup_place_free(&restore.pieces);
	buffer_free(&restore.guard_text);
	buffer_free(&restore.log_key);
	return (int)code;
}
