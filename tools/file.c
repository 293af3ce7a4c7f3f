/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PIECE_SIZE = 64 * 1024,
	VALUE_SIZE_MAX = 64 * 1024,
};

static enum recourse_error read_all(int descriptor, size_t size_max, struct buffer *out)
{
	size_t start = out->size;
	for (;;) {
		uint8_t *room = buffer_reserve(out, PIECE_SIZE);
		if (room == NULL)
			return RECOURSE_MEMORY;
		ssize_t size = read(descriptor, room, PIECE_SIZE);
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return RECOURSE_IO;
		if (size == 0)
			return RECOURSE_OK;
		out->size += (size_t)size;
		if (out->size - start > size_max)
			return RECOURSE_TOO_LARGE;
	}
}

enum recourse_error file_read(const char *path, size_t size_max, struct buffer *out)
{
	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, size_max, out);
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return RECOURSE_IO;
	enum recourse_error error = read_all(descriptor, size_max, out);
	int reason = errno;
	close(descriptor);
	errno = reason;
	return error;
}

/* The mode that open() would have given: mkstemp() makes it 0600. */
static mode_t usual_mode(void)
{
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* /dev/stdout, /dev/null and pipes are written to; a rename would put a file in their place. */
static bool is_special(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

enum recourse_error file_new_open(const char *path, struct file_new *file)
{
	*file = (struct file_new){.path = path, .descriptor = STDOUT_FILENO};
	if (strcmp(path, "-") == 0)
		return fflush(stdout) == 0 ? RECOURSE_OK : RECOURSE_IO;
	if (is_special(path)) {
		file->descriptor = open(path, O_WRONLY | O_CLOEXEC);
		return file->descriptor < 0 ? RECOURSE_IO : RECOURSE_OK;
	}
	if ((size_t)snprintf(file->aside, sizeof file->aside, "%s.XXXXXX", path) >= sizeof file->aside)
		return RECOURSE_IO;
	file->descriptor = mkostemp(file->aside, O_CLOEXEC);
	return file->descriptor < 0 ? RECOURSE_IO : RECOURSE_OK;
}

enum recourse_error file_new_write(struct file_new *file, slice data)
{
	return descriptor_write(file->descriptor, data);
}

static enum recourse_error finish(struct file_new *file)
{
	enum recourse_error error = RECOURSE_OK;
	if (file->aside[0] != '\0' &&
		(fchmod(file->descriptor, usual_mode()) != 0 || fsync(file->descriptor) != 0))
		error = RECOURSE_IO;
	int descriptor = file->descriptor;
	file->descriptor = STDOUT_FILENO;
	if (descriptor != STDOUT_FILENO && close(descriptor) != 0 && error == RECOURSE_OK)
		error = RECOURSE_IO;
	if (error == RECOURSE_OK && file->aside[0] != '\0' && rename(file->aside, file->path) != 0)
		error = RECOURSE_IO;
	return error;
}

enum recourse_error file_new_keep(struct file_new *file)
{
	enum recourse_error error = finish(file);
	if (error != RECOURSE_OK)
		file_new_drop(file);
	return error;
}

void file_new_drop(struct file_new *file)
{
	int reason = errno;
	if (file->descriptor != STDOUT_FILENO)
		close(file->descriptor);
	if (file->aside[0] != '\0')
		unlink(file->aside);
	errno = reason;
}

enum recourse_error file_replace(const char *path, slice data)
{
	struct file_new file;
	enum recourse_error error = file_new_open(path, &file);
	if (error != RECOURSE_OK)
		return error;
	error = file_new_write(&file, data);
	if (error == RECOURSE_OK)
		return file_new_keep(&file);
	file_new_drop(&file);
	return error;
}

enum recourse_error file_make_parents(const char *path)
{
	char directory[PATH_MAX];
	if ((size_t)snprintf(directory, sizeof directory, "%s", path) >= sizeof directory)
		return RECOURSE_IO;
	for (char *slash = strchr(directory + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(directory, 0700) != 0 && errno != EEXIST)
			return RECOURSE_IO;
		*slash = '/';
	}
	return RECOURSE_OK;
}

enum recourse_error file_value(const char *given, struct buffer *out)
{
	struct buffer content = {0};
	if (given[0] != '@') {
		buffer_append_text(out, given);
		return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
	}
	enum recourse_error error = file_read(given + 1, VALUE_SIZE_MAX, &content);
	if (error == RECOURSE_OK && content.size > 0) {
		const uint8_t *newline = memchr(content.data, '\n', content.size);
		buffer_append(
			out, content.data, newline == NULL ? content.size : (size_t)(newline - content.data));
	}
	if (error == RECOURSE_OK && buffer_failed(out))
		error = RECOURSE_MEMORY;
	buffer_free(&content);
	return error;
}
