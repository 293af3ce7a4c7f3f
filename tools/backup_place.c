/* SPDX-License-Identifier: Apache-2.0 */
#include "backup_place.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/text.h"
#include "file.h"
#include "output.h"
#include "secret_file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static_assert((int)SECRET_FILE_SIZE == (int)RECOURSE_BACKUP_KEY_SIZE, "the key of backups");
static const struct secret_file key_kind = {.label = "recourse-backup-key-v1 ",
	.what = "key for backups",
	.made = "recourse backup seal-key FILE"};

enum exit_code backup_place_key(const char *path, uint8_t key[static RECOURSE_BACKUP_KEY_SIZE])
{
	return path == NULL ? EXIT_CODE_OK : secret_file_read(&key_kind, path, key);
}

enum exit_code backup_place_make_key(const char *path)
{
	enum exit_code code = secret_file_make(&key_kind, path);
	if (code == EXIT_CODE_OK)
		output_text(stderr,
			"%s is secret: keep a copy in a safe place, apart from the backups. Without it they "
			"can\n"
			"not be read by anybody.\n",
			path);
	return code;
}

/* ---- names ---- */

void backup_place_id(const char *origin, char id[static BACKUP_ID_SIZE + 1])
{
	struct crypto_hash hash;
	crypto_sha256(slice_text(origin), &hash);
	text_to_hex(hash.bytes, BACKUP_ID_SIZE / 2, id);
}

static bool read_name(const char *name, char id[static BACKUP_ID_SIZE + 1], uint64_t *from, uint64_t *to)
{
	int end = 0;
	return sscanf(name, "backup-%8[0-9a-f]-%12" SCNu64 "-%12" SCNu64 ".piece%n", id, from, to, &end) ==
		       3 &&
	       end > 0 && name[end] == '\0' && strlen(id) == BACKUP_ID_SIZE && *from <= *to;
}

/* ---- the pieces that are there ---- */

void backup_place_free(struct backup_pieces *pieces)
{
	for (size_t index = 0; index < pieces->count; index++)
		free(pieces->paths[index]);
	free(pieces->paths);
	free(pieces->from);
	free(pieces->to);
	*pieces = (struct backup_pieces){.count = 0};
}

static enum exit_code fail(const char *path)
{
	output_problem("%s: %s [IO]", path, strerror(errno));
	return EXIT_CODE_NO_INPUT;
}

/* They lie in the order of their names, so a gap and what is there twice are seen from one to the next. */
static enum exit_code add(struct backup_pieces *pieces, const char *place, const char *name)
{
	uint64_t from;
	uint64_t to;
	char id[BACKUP_ID_SIZE + 1];
	char path[PATH_MAX];
	if (!read_name(name, id, &from, &to) || (pieces->id[0] != '\0' && strcmp(pieces->id, id) != 0))
		return EXIT_CODE_OK;
	uint64_t before = pieces->count == 0 ? 0 : pieces->to[pieces->count - 1];
	if (from != before && pieces->lacking[0] == '\0')
		snprintf(pieces->lacking, sizeof pieces->lacking,
			"it has no piece from request %" PRIu64 " to %" PRIu64, before, from);
	if ((size_t)snprintf(path, sizeof path, "%s/%s", place, name) >= sizeof path)
		return output_usage("backup: the name is too long: %s", place);
	size_t index = pieces->count;
	pieces->paths[index] = strdup(path);
	if (pieces->paths[index] == NULL)
		return output_error(RECOURSE_MEMORY, NULL, "backup");
	memcpy(pieces->id, id, sizeof id);
	pieces->from[index] = from;
	pieces->to[index] = to;
	pieces->count++;
	return EXIT_CODE_OK;
}

static bool several(struct dirent **files, int count, char first[static BACKUP_ID_SIZE + 1])
{
	char id[BACKUP_ID_SIZE + 1];
	uint64_t from;
	uint64_t to;
	first[0] = '\0';
	for (int index = 0; index < count; index++) {
		if (!read_name(files[index]->d_name, id, &from, &to))
			continue;
		if (first[0] != '\0' && strcmp(first, id) != 0)
			return true;
		memcpy(first, id, sizeof id);
	}
	return false;
}

static enum exit_code add_all(
	struct backup_pieces *pieces, const char *place, const char *id, struct dirent **files, int count)
{
	enum exit_code code = EXIT_CODE_OK;
	char first[BACKUP_ID_SIZE + 1];
	if (id == NULL && several(files, count, first)) {
		output_problem("%s has backups of several ledgers", place);
		output_next("move those of each to a directory of its own");
		return EXIT_CODE_DATA;
	}
	size_t room = (size_t)count + 1;
	pieces->paths = calloc(room, sizeof *pieces->paths);
	pieces->from = calloc(room, sizeof *pieces->from);
	pieces->to = calloc(room, sizeof *pieces->to);
	if (pieces->paths == NULL || pieces->from == NULL || pieces->to == NULL)
		return output_error(RECOURSE_MEMORY, NULL, "backup");
	for (int index = 0; index < count && code == EXIT_CODE_OK; index++)
		code = add(pieces, place, files[index]->d_name);
	return code;
}

enum exit_code backup_place_read(const char *place, const char *id, struct backup_pieces *pieces)
{
	struct dirent **files;
	*pieces = (struct backup_pieces){.count = 0};
	if (id != NULL)
		memcpy(pieces->id, id, sizeof pieces->id);
	int count = scandir(place, &files, NULL, alphasort);
	if (count < 0)
		return fail(place);
	enum exit_code code = add_all(pieces, place, id, files, count);
	for (int index = 0; index < count; index++)
		free(files[index]);
	free(files);
	return code;
}

/* ---- the place ---- */

enum exit_code backup_place_hold(const char *place, int *held)
{
	if (mkdir(place, 0700) != 0 && errno != EEXIST)
		return output_unwritten(RECOURSE_IO, place);
	*held = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*held < 0)
		return output_unwritten(RECOURSE_IO, place);
	if (flock(*held, LOCK_EX | LOCK_NB) == 0)
		return EXIT_CODE_OK;
	output_problem("%s: another backup is being written there", place);
	output_next("wait for it");
	return EXIT_CODE_AGAIN;
}

/* Whether the one is the other, or lies in it. */
static bool within(const char *inner, const char *outer)
{
	size_t size = strlen(outer);
	return strncmp(inner, outer, size) == 0 && (inner[size] == '\0' || inner[size] == '/');
}

/* What is not there yet lies where its parent does. */
static bool resolve(const char *path, char at[static PATH_MAX])
{
	char above[PATH_MAX];
	if (realpath(path, at) != NULL)
		return true;
	if ((size_t)snprintf(above, sizeof above, "%s", path) >= sizeof above)
		return false;
	char *slash = strrchr(above, '/');
	if (slash != NULL)
		slash[slash == above] = '\0';
	return realpath(slash == NULL ? "." : above, at) != NULL;
}

enum exit_code backup_place_apart(const char *ledger, const char *place)
{
	char of[PATH_MAX];
	char at[PATH_MAX];
	if (realpath(ledger, of) == NULL)
		return fail(ledger);
	if (!resolve(place, at))
		return fail(place);
	if (!within(at, of))
		return EXIT_CODE_OK;
	output_problem("%s lies within the ledger %s: what takes the one takes the other", place, ledger);
	output_next("another place, on another disk");
	return EXIT_CODE_CREATE;
}

enum exit_code backup_place_never(const char *directory, uint64_t entries, const char *why)
{
	char path[PATH_MAX];
	char text[300];
	if ((size_t)snprintf(path, sizeof path, "%s/never-sign", directory) >= sizeof path)
		return output_usage("the name is too long: %s", directory);
	int size = snprintf(text, sizeof text,
		"Made to be read, of %" PRIu64 " entries. %s\nNothing is signed by this ledger.\n", entries,
		why);
	enum recourse_error error = file_replace(path, slice_of(text, (size_t)size));
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	return output_unwritten(error, path);
}

/* ---- what is the matter ---- */

static const struct {
	enum exit_code code;
	const char *word;
	const char *next;
} faults[] = {
	[RECOURSE_BACKUP_CUT] = {EXIT_CODE_DATA, "CUT",
		"copy it here again from where it was made; if it is cut there too, take it away: what comes "
		"before it is whole"},
	[RECOURSE_BACKUP_CHANGED] = {EXIT_CODE_REFUSED, "CHANGED",
		"do not use it, and keep it: the disk is damaged, or somebody wrote there. Take another "
		"copy"},
	[RECOURSE_BACKUP_KEY] = {EXIT_CODE_CONFIGURATION, "KEY",
		"name the key that it was sealed with: --seal-key FILE"},
	[RECOURSE_BACKUP_STRANGE] = {EXIT_CODE_DATA, "STRANGE",
		"look where it comes from: each ledger has its own, and each piece goes on from the one "
		"before"},
};

enum exit_code backup_place_tell(const char *path, const struct recourse_backup *backup)
{
	output_problem("%s: %s [%s]", path, backup->what, faults[backup->fault].word);
	output_next("%s", faults[backup->fault].next);
	return faults[backup->fault].code;
}
