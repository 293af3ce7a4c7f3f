/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/instant.h"
#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "backup_online.h"
#include "moment.h"
#include "options.h"
#include "output.h"
#include "recourse_ledger.h"
#include "table.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Sealed texts and their keys (I2), each copied to a place of its own, where a name says of which ledger a copy is, when it
 * was made, and until which day it is kept:
 *
 *     notes.keys-1f2e3d4c-2026-11-30T071500Z-until-2027-01-04
 */
enum {
	DAYS_PRESET = 35,
	DAYS_MAX = 36500,
	MADE_SIZE = 18,
	DAY_SIZE = 10,
	PIECE_SIZE = 1 << 16,
};
static const char *const kinds[] = {"notes.keys", "notes.texts"};

struct backup {
	struct backup_online log; /* of the log itself */
	const char *keys;
	const char *texts;
	const char *days;
	const char *directory;
	bool json;
	struct recourse_ledger *ledger; /* NULL: none is open */
	char id[BACKUP_ID_SIZE + 1];    /* its, then */
	char today[DAY_SIZE + 1];
	uint64_t deleted;
	uint64_t erased;
};

/* ---- names ---- */

struct copy {
	size_t kind;
	char ledger[BACKUP_ID_SIZE + 1];
	char made[MADE_SIZE + 1];
	char until[DAY_SIZE + 1];
};

static void write_day(uint64_t instant, char day[static DAY_SIZE + 1])
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(instant, text);
	snprintf(day, DAY_SIZE + 1, "%.10s", text);
}

/* Without colons, which not every file system takes. */
static void write_made(uint64_t now, char made[static MADE_SIZE + 1])
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(now - now % INSTANT_SECOND, text);
	snprintf(made, MADE_SIZE + 1, "%.13s%.2s%.2sZ", text, text + 14, text + 17);
}

static bool is_day(const char *text)
{
	char instant[INSTANT_TEXT_SIZE];
	uint64_t parsed;
	snprintf(instant, sizeof instant, "%.10sT00:00:00Z", text);
	return strlen(text) == DAY_SIZE && instant_parse(slice_text(instant), &parsed) == RECOURSE_OK;
}

static bool read_name(const char *name, struct copy *copy)
{
	for (copy->kind = 0; copy->kind < 2; copy->kind++) {
		int end = 0;
		slice rest = slice_text(name);
		if (!slice_take(&rest, kinds[copy->kind]))
			continue;
		const char *text = (const char *)rest.data;
		return sscanf(text, "-%8[0-9a-f]-%18[0-9TZ-]-until-%10[0-9-]%n", copy->ledger, copy->made,
			       copy->until, &end) == 3 &&
		       end > 0 && text[end] == '\0' && strlen(copy->ledger) == BACKUP_ID_SIZE &&
		       is_day(copy->until);
	}
	return false;
}

/* It is kept through that day. */
static bool is_over(const struct backup *backup, const struct copy *copy)
{
	return strcmp(copy->until, backup->today) < 0;
}

static enum exit_code fail(const char *path)
{
	return output_unwritten(RECOURSE_IO, path);
}

/* ---- making one ---- */

static enum exit_code open_ledger(struct backup *backup, const char *directory)
{
	const struct recourse_ledger_options options = {.directory = directory, .read_only = true};
	enum recourse_error error = recourse_ledger_open(&options, &backup->ledger);
	if (error != RECOURSE_OK)
		return output_unopened(error, directory, directory);
	backup_place_id(recourse_ledger_origin(backup->ledger), backup->id);
	return EXIT_CODE_OK;
}

/* Whoever has both reads everything; and a ledger's own directory is no place for a copy of it. */
static enum exit_code check_apart(size_t kind, const char *place)
{
	enum exit_code code = EXIT_CODE_OK;
	DIR *directory = opendir(place);
	if (directory == NULL)
		return fail(place);
	for (struct dirent *file = readdir(directory); file != NULL; file = readdir(directory)) {
		const char *other = kinds[1 - kind];
		if (strncmp(file->d_name, other, strlen(other)) != 0 && strcmp(file->d_name, "log") != 0)
			continue;
		output_problem("%s has %s: texts and keys are kept apart, and apart from the ledger", place,
			file->d_name);
		output_next("another place, on another disk, that other people can read");
		code = EXIT_CODE_CREATE;
		break;
	}
	closedir(directory);
	return code;
}

static enum recourse_error copy_bytes(int from, int to)
{
	uint8_t piece[PIECE_SIZE];
	size_t size;
	enum recourse_error error;
	do {
		error = descriptor_read(from, piece, sizeof piece, &size);
		if (error == RECOURSE_OK)
			error = descriptor_write(to, slice_of(piece, size));
	} while (error == RECOURSE_OK && size > 0);
	crypto_wipe(piece, sizeof piece);
	return error;
}

/* Nobody finds half of it under its name. */
static enum exit_code copy_file(const char *from, const char *to)
{
	char aside[PATH_MAX];
	SCOPED(descriptor_close) int source = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (source < 0)
		return fail(from);
	if ((size_t)snprintf(aside, sizeof aside, "%s.new", to) >= sizeof aside)
		return output_usage("backup: the name is too long: %s", to);
	(void)unlink(aside);
	int target = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (target < 0)
		return fail(aside);
	enum recourse_error copied = copy_bytes(source, target);
	enum recourse_error finished = descriptor_finish(target, slice_of(NULL, 0));
	if (copied == RECOURSE_OK && finished == RECOURSE_OK && rename(aside, to) == 0 &&
		descriptor_sync_directory_of(to) == RECOURSE_OK)
		return EXIT_CODE_OK;
	enum exit_code code = fail(to);
	(void)unlink(aside);
	return code;
}

static enum exit_code make(struct backup *backup, size_t kind, const char *directory, const char *place)
{
	char from[PATH_MAX];
	char to[PATH_MAX];
	struct copy copy;
	uint64_t days = DAYS_PRESET;
	uint64_t now = moment_now();
	if (!options_number("days", backup->days, 0, DAYS_MAX, &days))
		return EXIT_CODE_USAGE;
	enum exit_code code = open_ledger(backup, directory);
	if (code == EXIT_CODE_OK)
		code = check_apart(kind, place);
	if (code != EXIT_CODE_OK)
		return code;
	write_made(now, copy.made);
	write_day(now + days * INSTANT_DAY, copy.until);
	if ((size_t)snprintf(from, sizeof from, "%s/%s", directory, kinds[kind]) >= sizeof from ||
		(size_t)snprintf(to, sizeof to, "%s/%s-%s-%s-until-%s", place, kinds[kind], backup->id,
			copy.made, copy.until) >= sizeof to)
		return output_usage("backup: the name is too long: %s", place);
	code = copy_file(from, to);
	if (code == EXIT_CODE_OK)
		printf("%s\n", to);
	return code;
}

/* ---- those that are there ---- */

typedef enum exit_code visit(
	struct backup *backup, const char *place, const char *name, const struct copy *copy, void *context);

/* In the order of their names, all of them, whatever becomes of one; what has another name is not ours. */
static enum exit_code visit_all(struct backup *backup, const char *place, visit *act, void *context)
{
	struct dirent **files;
	enum exit_code code = EXIT_CODE_OK;
	int count = scandir(place, &files, NULL, alphasort);
	if (count < 0)
		return fail(place);
	write_day(moment_now(), backup->today);
	for (int index = 0; index < count; index++) {
		struct copy copy;
		if (read_name(files[index]->d_name, &copy)) {
			enum exit_code one = act(backup, place, files[index]->d_name, &copy, context);
			code = code == EXIT_CODE_OK ? one : code;
		}
		free(files[index]);
	}
	free(files);
	return code;
}

static enum exit_code add_row(
	struct backup *backup, const char *place, const char *name, const struct copy *copy, void *context)
{
	struct table *table = context;
	(void)place;
	table_cell(table, slice_text(name));
	table_cell(table, slice_text(copy->until));
	table_cell(table, slice_text(is_over(backup, copy) ? "over: recourse backup prune" : "kept"));
	return EXIT_CODE_OK;
}

static enum exit_code add_item(
	struct backup *backup, const char *place, const char *name, const struct copy *copy, void *context)
{
	struct buffer *out = context;
	(void)place;
	item_write_map(out, 3);
	item_write_pair_text(out, "file", slice_text(name));
	item_write_key(out, "over");
	item_write_boolean(out, is_over(backup, copy));
	item_write_pair_text(out, "until", slice_text(copy->until));
	return EXIT_CODE_OK;
}

static enum exit_code count_one(
	struct backup *backup, const char *place, const char *name, const struct copy *copy, void *context)
{
	(void)backup, (void)place, (void)name, (void)copy;
	++*(uint64_t *)context;
	return EXIT_CODE_OK;
}

static enum exit_code list_json(struct backup *backup, const char *place)
{
	SCOPED(buffer_free) struct buffer out = {0};
	uint64_t count = 0;
	enum exit_code code = visit_all(backup, place, count_one, &count);
	item_write_map(&out, 1);
	item_write_key(&out, "backups");
	item_write_array(&out, count);
	if (code == EXIT_CODE_OK)
		code = visit_all(backup, place, add_item, &out);
	return code == EXIT_CODE_OK ? output_json(buffer_slice(&out)) : code;
}

static enum exit_code list(struct backup *backup, const char *place)
{
	SCOPED(table_free) struct table table = {0};
	if (backup->json)
		return list_json(backup, place);
	table_column(&table, slice_text("file"));
	table_column(&table, slice_text("kept until"));
	table_column(&table, slice_text(""));
	enum exit_code code = visit_all(backup, place, add_row, &table);
	if (code == EXIT_CODE_OK && table_print(&table, stdout, table_room(stdout)) != RECOURSE_OK)
		return EXIT_CODE_UNAVAILABLE;
	return code;
}

/* ---- those whose days are over ---- */

/* Bytes of keys, before their name goes. */
static enum recourse_error overwrite(const char *path)
{
	static const uint8_t zeroes[PIECE_SIZE];
	struct stat status;
	SCOPED(descriptor_close) int file = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) != 0)
		return RECOURSE_IO;
	for (off_t done = 0; done < status.st_size; done += PIECE_SIZE) {
		size_t left = (size_t)(status.st_size - done);
		TRY(descriptor_write(file, slice_of(zeroes, left < PIECE_SIZE ? left : PIECE_SIZE)));
	}
	return fsync(file) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

static enum exit_code delete (struct backup *backup, const char *path, const struct copy *copy) {
	if (copy->kind == 0 && overwrite(path) != RECOURSE_OK) return fail(path);
	if (unlink(path) != 0 || descriptor_sync_directory_of(path) != RECOURSE_OK) return fail(path);
	backup->deleted++;
	return EXIT_CODE_OK;
}

static enum exit_code erase_in(struct backup *backup, const char *path)
{
	uint64_t count;
	enum recourse_error error = recourse_ledger_erase_in(backup->ledger, path, &count);
	if (error == RECOURSE_QUERY_NOT_FOUND) {
		output_problem("%s: its state has not followed its log", backup->directory);
		output_next("serve it, and prune again");
		return EXIT_CODE_UNAVAILABLE;
	}
	if (error != RECOURSE_OK)
		return output_unread(error, path);
	backup->erased += count;
	return EXIT_CODE_OK;
}

static enum exit_code prune_one(
	struct backup *backup, const char *place, const char *name, const struct copy *copy, void *context)
{
	char path[PATH_MAX];
	(void)context;
	if ((size_t)snprintf(path, sizeof path, "%s/%s", place, name) >= sizeof path)
		return output_usage("backup: the name is too long: %s", place);
	if (is_over(backup, copy))
		return delete (backup, path, copy);
	bool ours = backup->ledger != NULL && strcmp(copy->ledger, backup->id) == 0;
	return ours && copy->kind == 0 ? erase_in(backup, path) : EXIT_CODE_OK;
}

static enum exit_code prune(struct backup *backup, const char *place)
{
	enum exit_code code = EXIT_CODE_OK;
	if (backup->directory != NULL)
		code = open_ledger(backup, backup->directory);
	if (code == EXIT_CODE_OK)
		code = visit_all(backup, place, prune_one, NULL);
	if (code == EXIT_CODE_OK)
		printf("deleted %" PRIu64 ", erased %" PRIu64 " keys in others\n", backup->deleted,
			backup->erased);
	return code;
}

/* Texts and keys, where asked for, each to a place of its own: after the log, which has what they are of. */
static enum exit_code back_up(struct backup *backup, const char *directory, const char *place)
{
	if (backup->log.for_auditor && (backup->keys != NULL || backup->texts != NULL))
		return output_usage("backup: an auditor gets neither texts nor keys");
	enum exit_code code = backup_online_make(&backup->log, directory, place);
	if (code == EXIT_CODE_OK && backup->texts != NULL)
		code = make(backup, 1, directory, backup->texts);
	recourse_ledger_close(backup->ledger);
	backup->ledger = NULL;
	if (code == EXIT_CODE_OK && backup->keys != NULL)
		code = make(backup, 0, directory, backup->keys);
	return code;
}

static enum exit_code run(struct backup *backup, const struct options_rest *rest)
{
	char *const *words = rest->arguments;
	backup->log.json = backup->json;
	if (rest->count == 3 && strcmp(words[0], "keys") == 0)
		return make(backup, 0, words[1], words[2]);
	if (rest->count == 3 && strcmp(words[0], "texts") == 0)
		return make(backup, 1, words[1], words[2]);
	if (rest->count == 2 && strcmp(words[0], "list") == 0)
		return list(backup, words[1]);
	if (rest->count == 2 && strcmp(words[0], "prune") == 0)
		return prune(backup, words[1]);
	if (rest->count == 2 && strcmp(words[0], "check") == 0)
		return backup_online_check(&backup->log, words[1]);
	if (rest->count == 2 && strcmp(words[0], "seal-key") == 0)
		return backup_place_make_key(words[1]);
	if (rest->count == 2)
		return back_up(backup, words[0], words[1]);
	return output_usage(
		"backup: say DIR and TO; keys or texts, DIR and PLACE; or check, list or prune, and PLACE");
}

int backup_main(int argc, char **argv)
{
	struct backup backup = {.ledger = NULL};
	const struct options_flag flags[] = {
		{.name = "days",
			.argument = "N",
			.value = &backup.days,
			.help = "keys, texts: how many days it is kept (35)"},
		{.name = "ledger",
			.argument = "DIR",
			.value = &backup.directory,
			.help = "prune: whose erasures are done again in the keys that stay"},
		{.name = "for-auditor",
			.given = &backup.log.for_auditor,
			.help = "TO is made: a ledger's log alone, for recourse verify"},
		{.name = "seal-key",
			.argument = "FILE",
			.value = &backup.log.key,
			.help = "seal what is written to TO, and open what is read there, with this key"},
		{.name = "texts",
			.argument = "PLACE",
			.value = &backup.texts,
			.help = "and copy the sealed texts to another place"},
		{.name = "keys",
			.argument = "PLACE",
			.value = &backup.keys,
			.help = "and copy the texts' keys to a third one"},
		{.name = "json", .given = &backup.json, .help = "DIR TO, check, list: as JSON, a line each"},
	};
	const struct options options = {
		.name = "backup",
		.usage = "DIR TO [--seal-key FILE] [--texts PLACE] [--keys PLACE]\nDIR TO --for-auditor\n"
			 "check TO [--seal-key FILE]\nseal-key FILE\n"
			 "keys DIR PLACE [--days N]\ntexts DIR PLACE [--days N]\nlist PLACE [--json]\n"
			 "prune PLACE [--ledger DIR]",
		.about = "Copies the log of a ledger that may be served meanwhile, as far as it has come: "
			 "what TO "
			 "does not have\n"
			 "of it yet becomes one more piece there, checked as it is written. No secret key "
			 "goes "
			 "along, and no text.\n"
			 "`check` says of each piece how far it comes. `recourse restore` makes a ledger of "
			 "them "
			 "again.\n\n"
			 "`keys` and `texts` copy the keys of sealed texts, or the texts: each to a place of "
			 "its "
			 "own. Such a copy's\n"
			 "name says until which day it is kept. `prune` deletes those whose day has passed, "
			 "and "
			 "erases in the keys\n"
			 "that stay what the ledger says is erased.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code))
		code = run(&backup, &rest);
	recourse_ledger_close(backup.ledger);
	return (int)code;
}
