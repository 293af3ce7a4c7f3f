/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/guard.h"

#include "base/descriptor.h"
#include "base/try.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* The guard's file seen from its directory, which is held open so that all steps mean the same one. */
struct place {
	int directory;
	char *name;
	char *new_name;
};

static const char *name_in(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

static int open_directory_of(const char *path)
{
	size_t size = (size_t)(name_in(path) - path);
	char *directory_path = size > 0 ? strndup(path, size) : strdup(".");
	if (directory_path == NULL)
		return -1;
	int directory = open(directory_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory_path);
	return directory;
}

/* Two signers with one guard take turns: otherwise both could pass the check and then sign apart. */
static enum recourse_error lock_directory(int directory)
{
	while (flock(directory, LOCK_EX) != 0) {
		if (errno != EINTR)
			return RECOURSE_IO;
	}
	return RECOURSE_OK;
}

static void place_close(struct place *place)
{
	free(place->new_name);
	free(place->name);
	if (place->directory >= 0)
		close(place->directory);
}

/* Closed by who opened it, also where this fails. */
static enum recourse_error place_open(const char *path, struct place *place)
{
	place->directory = open_directory_of(path);
	place->name = strdup(name_in(path));
	if (place->name == NULL || asprintf(&place->new_name, "%s.new", name_in(path)) < 0) {
		place->new_name = NULL;
		return RECOURSE_MEMORY;
	}
	return place->directory < 0 ? RECOURSE_IO : lock_directory(place->directory);
}

static enum recourse_error read_at(int directory, const char *name, struct checkpoint *last)
{
	/* Without O_NOFOLLOW a dangling link would look like a guard that was never there. */
	SCOPED(descriptor_close)
	const int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file < 0 && errno == ENOENT) {
		*last = (struct checkpoint){.size = 0};
		return RECOURSE_OK;
	}
	if (file < 0)
		return RECOURSE_IO;

	/* One byte more than the longest form, so that a longer file can not pass for its beginning. */
	uint8_t bytes[CHECKPOINT_TEXT_SIZE];
	size_t size;
	TRY(descriptor_read(file, bytes, sizeof bytes, &size));
	return checkpoint_parse(slice_of(bytes, size), last) == RECOURSE_OK ? RECOURSE_OK
									    : RECOURSE_STORE_CORRUPT;
}

enum recourse_error guard_read(const char *path, struct checkpoint *last)
{
	return read_at(AT_FDCWD, path, last);
}

static enum recourse_error compare(const struct checkpoint *last, const struct checkpoint *next)
{
	if (strcmp(last->origin, next->origin) != 0)
		return RECOURSE_FORK;
	if (next->size < last->size)
		return RECOURSE_ROLLBACK;
	if (next->size == last->size && !crypto_hash_equal(&next->root, &last->root))
		return RECOURSE_FORK;
	return RECOURSE_OK;
}

static enum recourse_error write_at(const struct place *place, slice text)
{
	int file = openat(place->directory, place->new_name,
		O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file < 0)
		return RECOURSE_IO;
	enum recourse_error error = descriptor_write(file, text);
	if (error == RECOURSE_OK && fsync(file) != 0)
		error = RECOURSE_IO;
	if (close(file) != 0)
		error = RECOURSE_IO;
	return error;
}

static enum recourse_error replace(const struct place *place, const struct checkpoint *next)
{
	char text[CHECKPOINT_TEXT_SIZE];
	size_t size = checkpoint_format(next, text);
	enum recourse_error error = write_at(place, slice_of(text, size));
	if (error == RECOURSE_OK &&
		renameat(place->directory, place->new_name, place->directory, place->name) != 0)
		error = RECOURSE_IO;
	if (error != RECOURSE_OK)
		unlinkat(place->directory, place->new_name, 0);
	return error;
}

enum recourse_error guard_advance(const char *path, const struct checkpoint *next)
{
	assert(key_name_valid(slice_text(next->origin)) && next->size <= INT64_MAX);
	SCOPED(place_close) struct place place = {.directory = -1};
	struct checkpoint last;
	TRY(place_open(path, &place));
	TRY(read_at(place.directory, place.name, &last));
	bool first = last.origin[0] == '\0';
	if (!first)
		TRY(compare(&last, next));
	if (first || last.size != next->size)
		TRY(replace(&place, next));
	/* Also for a repetition: the rename that it finds may not have reached the disk yet. */
	return fsync(place.directory) == 0 ? RECOURSE_OK : RECOURSE_IO;
}
