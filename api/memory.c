/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include "base/descriptor.h"
#include "base/try.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum recourse_error read_whole(int descriptor, struct buffer *text)
{
	for (;;) {
		uint8_t *room = buffer_reserve(text, NOTE_SIZE_MAX);
		if (room == NULL)
			return RECOURSE_MEMORY;
		ssize_t got = read(descriptor, room, NOTE_SIZE_MAX);
		if (got == 0)
			return RECOURSE_OK;
		if (got < 0 && errno != EINTR)
			return RECOURSE_IO;
		if (got > 0)
			text->size += (size_t)got;
		if (text->size > NOTE_SIZE_MAX)
			return RECOURSE_NOTE_MALFORMED;
	}
}

enum recourse_error memory_read(
	const char *path, const struct key_public *log_key, struct checkpoint *checkpoint)
{
	*checkpoint = (struct checkpoint){0};
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return errno == ENOENT ? RECOURSE_OK : RECOURSE_IO;
	struct buffer note = {0};
	enum recourse_error error = read_whole(descriptor, &note);
	close(descriptor);
	if (error == RECOURSE_OK)
		error = checkpoint_open(buffer_slice(&note), log_key, checkpoint);
	buffer_free(&note);
	return error;
}

static enum recourse_error replace(const char *beside, const char *path, int descriptor, slice note)
{
	if (descriptor_finish(descriptor, note) != RECOURSE_OK || rename(beside, path) != 0) {
		unlink(beside);
		return RECOURSE_IO;
	}
	return descriptor_sync_directory_of(path);
}

/* A name of its own for each writer: two programs may share one memory. */
enum recourse_error memory_write(const char *path, slice note)
{
	struct buffer beside = {0};
	buffer_append_format(&beside, "%s.XXXXXX", path);
	buffer_append(&beside, "", 1);
	if (buffer_failed(&beside)) {
		buffer_free(&beside);
		return RECOURSE_MEMORY;
	}
	enum recourse_error error = RECOURSE_IO;
	int descriptor = mkostemp((char *)beside.data, O_CLOEXEC);
	if (descriptor >= 0)
		error = replace((const char *)beside.data, path, descriptor, note);
	buffer_free(&beside);
	return error;
}
