/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notes.h"

#include "base/descriptor.h"
#include "base/endian.h"
#include "base/try.h"
#include "store/notes_keys.h"
#include "store/notes_texts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEYS, TEXTS };
static const struct {
	const char *name;
	const uint8_t *head;
	size_t head_size;
} files[] = {
	[KEYS] = {"notes.keys", notes_keys_head, sizeof notes_keys_head},
	[TEXTS] = {"notes.texts", notes_texts_head, sizeof notes_texts_head},
};

/* ---- the files ---- */

static void say(const struct notes *notes, size_t which, notes_tell *tell, void *context, const char *what)
{
	char path[DIRECTORY_PATH_SIZE];
	if (tell != NULL && directory_path(notes->directory, files[which].name, path) == RECOURSE_OK)
		tell(context, path, what);
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
	return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/*
 * Whether it is ours: STORE_CORRUPT, IO where that can not be said. One that a stop cut off within its first bytes, or of
 * which these did not come to the disk, has nothing in it yet (QUERY_NOT_FOUND).
 */
static enum recourse_error check_head(int file, size_t which)
{
	uint8_t head[NOTES_TEXTS_BLOCK];
	size_t size;
	TRY(descriptor_read_at(file, head, files[which].head_size, 0, &size));
	if (all_zero(head, size) ||
		(size < files[which].head_size && memcmp(head, files[which].head, size) == 0))
		return RECOURSE_QUERY_NOT_FOUND;
	if (size == files[which].head_size && memcmp(head, files[which].head, size) == 0)
		return RECOURSE_OK;
	/* what it is, in words, which end with a version */
	const size_t said = strlen((const char *)files[which].head);
	bool other = size >= said && memcmp(head, files[which].head, said - strlen("1\n")) == 0 &&
		     memcmp(head, files[which].head, said) != 0;
	return other ? RECOURSE_VERSION_UNKNOWN : RECOURSE_STORE_CORRUPT;
}

/* −1 where it is not there. */
static enum recourse_error open_file(const char *directory, size_t which, int flags, int *file)
{
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(directory, files[which].name, path));
	*file = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	return *file >= 0 || errno == ENOENT ? RECOURSE_OK : RECOURSE_IO;
}

static enum recourse_error note_site(struct notes *notes, size_t which, int file)
{
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(notes->directory, files[which].name, path));
	return site_note(path, file, &notes->sites[which]);
}

/* One that came from elsewhere may have come with another mode. */
static enum recourse_error keep_private(
	struct notes *notes, size_t which, int file, notes_tell *tell, void *context)
{
	struct stat status;
	if (fstat(file, &status) != 0)
		return RECOURSE_IO;
	if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return RECOURSE_OK;
	bool kept = fchmod(file, S_IRUSR | S_IWUSR) == 0;
	say(notes, which, tell, context,
		kept ? "could be read by others than its owner; now it can not"
		     : "can be read by others than its owner");
	return RECOURSE_OK;
}

static enum recourse_error look_into(
	struct notes *notes, size_t which, int file, notes_tell *tell, void *context)
{
	TRY(check_head(file, which));
	TRY(keep_private(notes, which, file, tell, context));
	return note_site(notes, which, file);
}

static enum recourse_error open_existing(
	struct notes *notes, size_t which, int *file, notes_tell *tell, void *context)
{
	enum recourse_error error = open_file(notes->directory, which, O_RDWR, file);
	if (error == RECOURSE_OK && *file >= 0)
		error = look_into(notes, which, *file, tell, context);
	if (error == RECOURSE_OK)
		return error;
	if (error == RECOURSE_VERSION_UNKNOWN)
		say(notes, which, tell, context, "is of another version of this program");
	if (error == RECOURSE_STORE_CORRUPT)
		say(notes, which, tell, context,
			"is damaged: it does not begin as it should; what was said can not be read, and no "
			"more be said");
	if (error == RECOURSE_IO)
		say(notes, which, tell, context,
			"can not be read; what was said can not be read, and no more be said");
	notes->lost = notes->lost || error == RECOURSE_STORE_CORRUPT || error == RECOURSE_IO;
	/* keys of a file that is damaged can be erased all the same */
	if (error != RECOURSE_STORE_CORRUPT)
		descriptor_close(file);
	if (error != RECOURSE_STORE_CORRUPT)
		*file = -1;
	return error == RECOURSE_VERSION_UNKNOWN ? error : RECOURSE_OK;
}

enum recourse_error notes_open(const char *directory, notes_tell *tell, void *context, struct notes *notes)
{
	*notes = (struct notes){.keys = -1, .texts = -1, .uncut = true};
	snprintf(notes->directory, sizeof notes->directory, "%s", directory);
	TRY(open_existing(notes, KEYS, &notes->keys, tell, context));
	return open_existing(notes, TEXTS, &notes->texts, tell, context);
}

void notes_lose(struct notes *notes, notes_tell *tell, void *context)
{
	notes->lost = true;
	say(notes, KEYS, tell, context,
		"can not be written: what is to be erased in it is there; what was said can not be read, and "
		"no more be said");
}

static enum recourse_error sync_file(int file)
{
	return fdatasync(file) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

/* Makes one that is not there, the name through to the disk, too. */
static enum recourse_error need_file(struct notes *notes, size_t which, int *file)
{
	if (*file >= 0)
		return RECOURSE_OK;
	TRY(open_file(notes->directory, which, O_RDWR | O_CREAT, file));
	slice head = slice_of(files[which].head, files[which].head_size);
	enum recourse_error error = descriptor_write_at(*file, head, 0);
	if (error == RECOURSE_OK)
		error = sync_file(*file);
	if (error == RECOURSE_OK)
		error = note_site(notes, which, *file);
	if (error == RECOURSE_OK)
		error = descriptor_sync_directory_of(notes->sites[which].path);
	if (error == RECOURSE_OK)
		return error;
	close(*file);
	*file = -1;
	notes->sites[which] = (struct site){0};
	return error;
}

void notes_close(struct notes *notes)
{
	if (notes->directory[0] == '\0')
		return;
	descriptor_close(&notes->keys);
	descriptor_close(&notes->texts);
	*notes = (struct notes){0};
}

const char *notes_find_changed(const struct notes *notes)
{
	const struct site *changed = site_find_changed(notes->sites, 2);
	return changed == NULL ? NULL : changed->path;
}

/* ---- sealing ---- */

/* What is authenticated beside a text: whose it is, of which entry, and what it was said to be. */
static void write_beside(const char *origin, const struct notes_text *text, struct buffer *out)
{
	uint8_t entry[8];
	big_endian_write(entry, text->entry, sizeof entry);
	buffer_append_text(out, "recourse-sealed-v1\n");
	buffer_append(out, origin, strlen(origin) + 1);
	buffer_append(out, entry, sizeof entry);
	buffer_append(out, text->commitment.bytes, sizeof text->commitment.bytes);
}

static enum recourse_error seal(const uint8_t key[static CRYPTO_SEAL_KEY_SIZE], const char *origin,
	const struct notes_text *text, struct buffer *out)
{
	uint8_t said[NOTE_TEXT_RANDOM_SIZE + NOTE_TEXT_SIZE_MAX];
	uint8_t sealed[sizeof said + CRYPTO_SEAL_EXTRA];
	SCOPED(buffer_free) struct buffer beside = {0};
	size_t size = NOTE_TEXT_RANDOM_SIZE + text->text.size;
	write_beside(origin, text, &beside);
	if (buffer_failed(&beside))
		return RECOURSE_MEMORY;
	memcpy(said, text->random, NOTE_TEXT_RANDOM_SIZE);
	memcpy(said + NOTE_TEXT_RANDOM_SIZE, text->text.data, text->text.size);
	crypto_seal(key, buffer_slice(&beside), slice_of(said, size), sealed);
	crypto_wipe(said, size);
	notes_texts_encode(text->entry, slice_of(sealed, size + CRYPTO_SEAL_EXTRA), out);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error seal_one(struct notes *notes, const char *origin, const struct notes_text *text,
	struct buffer *out, bool *made)
{
	uint8_t key[CRYPTO_SEAL_KEY_SIZE];
	bool new = false;
	enum recourse_error error = notes_keys_need(notes->keys, text->key, key, &new);
	if (error == RECOURSE_OK)
		error = seal(key, origin, text, out);
	crypto_wipe(key, sizeof key);
	*made = *made || new;
	return error;
}

static enum recourse_error cut_texts(int file, uint64_t entries)
{
	uint64_t place;
	off_t end = lseek(file, 0, SEEK_END);
	TRY(notes_texts_find(file, entries, &place));
	if (end >= 0 && (uint64_t)end <= place)
		return RECOURSE_OK;
	return ftruncate(file, (off_t)place) == 0 ? sync_file(file) : RECOURSE_IO;
}

static enum recourse_error cut_keys(int file, uint64_t last)
{
	bool any;
	TRY(notes_keys_cut(file, last, &any));
	return any ? sync_file(file) : RECOURSE_OK;
}

enum recourse_error notes_cut(struct notes *notes, uint64_t entries, uint64_t last_key)
{
	if (!notes->lost && notes->texts >= 0)
		TRY(cut_texts(notes->texts, entries));
	if (!notes->lost && notes->keys >= 0)
		TRY(cut_keys(notes->keys, last_key));
	notes->uncut = false;
	return RECOURSE_OK;
}

enum recourse_error notes_keep(
	struct notes *notes, const char *origin, const struct notes_text *texts, size_t count)
{
	SCOPED(buffer_free) struct buffer sealed = {0};
	bool made = false;
	uint64_t end;
	if (count == 0)
		return RECOURSE_OK;
	assert(!notes->lost && !notes->uncut);
	TRY(need_file(notes, KEYS, &notes->keys));
	TRY(need_file(notes, TEXTS, &notes->texts));
	notes->uncut = true; /* whatever becomes of it */
	for (size_t index = 0; index < count; index++)
		TRY(seal_one(notes, origin, &texts[index], &sealed, &made));
	if (made)
		TRY(sync_file(notes->keys));
	TRY(notes_texts_end(notes->texts, &end));
	TRY(descriptor_write_at(notes->texts, buffer_slice(&sealed), end));
	return sync_file(notes->texts);
}

void notes_kept(struct notes *notes)
{
	notes->uncut = false;
}

enum recourse_error notes_erase(struct notes *notes, const uint64_t *keys, size_t count)
{
	bool any = false;
	for (size_t index = 0; index < count && notes->keys >= 0; index++) {
		bool there;
		TRY(notes_keys_erase(notes->keys, keys[index], &there));
		any = any || there;
	}
	return any ? sync_file(notes->keys) : RECOURSE_OK;
}

enum recourse_error notes_erase_in(const char *path, const uint64_t *keys, size_t count, uint64_t *erased)
{
	SCOPED(descriptor_close) int file = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	*erased = 0;
	if (file < 0)
		return RECOURSE_IO;
	enum recourse_error error = check_head(file, KEYS);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	TRY(error);
	for (size_t index = 0; index < count; index++) {
		bool there;
		TRY(notes_keys_erase(file, keys[index], &there));
		*erased += there;
	}
	return *erased > 0 ? sync_file(file) : RECOURSE_OK;
}

/* ---- reading ---- */

static enum recourse_error read_key(
	const char *directory, uint64_t number, uint8_t key[static CRYPTO_SEAL_KEY_SIZE])
{
	SCOPED(descriptor_close) int file = -1;
	TRY(open_file(directory, KEYS, O_RDONLY, &file));
	return file < 0 ? RECOURSE_QUERY_NOT_FOUND : notes_keys_read(file, number, key);
}

static enum recourse_error read_sealed(const char *directory, uint64_t entry, struct buffer *sealed)
{
	SCOPED(descriptor_close) int file = -1;
	TRY(open_file(directory, TEXTS, O_RDONLY, &file));
	return file < 0 ? RECOURSE_QUERY_NOT_FOUND : notes_texts_read(file, entry, sealed);
}

static enum recourse_error open_sealed(const uint8_t key[static CRYPTO_SEAL_KEY_SIZE], const char *origin,
	slice sealed, struct notes_text *text, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer beside = {0};
	SCOPED(buffer_free) struct buffer said = {.secret = true};
	if (sealed.size < CRYPTO_SEAL_EXTRA + NOTE_TEXT_RANDOM_SIZE)
		return RECOURSE_QUERY_NOT_FOUND;
	write_beside(origin, text, &beside);
	uint8_t *room = buffer_reserve(&said, sealed.size);
	if (room == NULL || buffer_failed(&beside))
		return RECOURSE_MEMORY;
	if (!crypto_unseal(key, buffer_slice(&beside), sealed, room))
		return RECOURSE_QUERY_NOT_FOUND;
	memcpy(text->random, room, NOTE_TEXT_RANDOM_SIZE);
	buffer_append(
		out, room + NOTE_TEXT_RANDOM_SIZE, sealed.size - CRYPTO_SEAL_EXTRA - NOTE_TEXT_RANDOM_SIZE);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error notes_read(
	const char *directory, const char *origin, struct notes_text *text, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer sealed = {0};
	uint8_t key[CRYPTO_SEAL_KEY_SIZE];
	enum recourse_error error = read_sealed(directory, text->entry, &sealed);
	if (error == RECOURSE_OK)
		error = read_key(directory, text->key, key);
	if (error == RECOURSE_OK)
		error = open_sealed(key, origin, buffer_slice(&sealed), text, out);
	crypto_wipe(key, sizeof key);
	return error == RECOURSE_IO ? RECOURSE_QUERY_NOT_FOUND : error;
}
