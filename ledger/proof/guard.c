/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/guard.h"

#include "base/descriptor.h"
#include "base/descriptor.h"
#include "base/try.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/* Two signers with one guard take turns: otherwise both could pass the check and then sign apart. */
static enum recourse_error lock_directory(int directory)
{
	while (flock(directory, LOCK_EX) != 0) {
		if (errno != EINTR)
			return RECOURSE_IO;
	}
	return RECOURSE_OK;
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

/* There may be room later: nothing was signed, and the file that was there still is. */
static enum recourse_error refused_by_system(void)
{
	return descriptor_full(errno) ? RECOURSE_STORE_FULL : RECOURSE_IO;
}

static enum recourse_error replace(int directory, const char *name, const struct checkpoint *next)
{
	char text[CHECKPOINT_TEXT_SIZE];
	slice note = slice_of(text, checkpoint_format(next, text));
	return descriptor_replace(directory, name, note) == RECOURSE_OK ? RECOURSE_OK : refused_by_system();
}

enum recourse_error guard_advance(const char *path, const struct checkpoint *next)
{
	assert(key_name_valid(slice_text(next->origin)) && next->size <= INT64_MAX);
	/* Held open so that all steps mean the same one. */
	SCOPED(descriptor_close) const int directory = descriptor_directory_of(path);
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	struct checkpoint last;
	if (directory < 0)
		return RECOURSE_IO;
	TRY(lock_directory(directory));
	TRY(read_at(directory, name, &last));
	bool first = last.origin[0] == '\0';
	if (!first)
		TRY(compare(&last, next));
	if (first || last.size != next->size)
		TRY(replace(directory, name, next));
	/* Also for a repetition: the rename that it finds may not have reached the disk yet. */
	return fsync(directory) == 0 ? RECOURSE_OK : refused_by_system();
}
