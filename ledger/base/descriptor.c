/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum recourse_error descriptor_write(int descriptor, slice bytes)
{
	while (bytes.size > 0) {
		ssize_t written = write(descriptor, bytes.data, bytes.size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return RECOURSE_IO;
		bytes = slice_from(bytes, (size_t)written);
	}
	return RECOURSE_OK;
}

enum recourse_error descriptor_finish(int descriptor, slice bytes)
{
	bool written = descriptor_write(descriptor, bytes) == RECOURSE_OK && fsync(descriptor) == 0;
	int reason = errno;
	bool closed = close(descriptor) == 0;
	if (!written)
		errno = reason;
	return written && closed ? RECOURSE_OK : RECOURSE_IO;
}

bool descriptor_full(int code)
{
	return code == ENOSPC || code == EDQUOT || code == EFBIG;
}

int descriptor_directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	/* Up to behind the slash, so that "/file" gives "/". */
	char *directory_path = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash + 1 - path));
	if (directory_path == NULL)
		return -1;
	int directory = open(directory_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory_path);
	return directory;
}

enum recourse_error descriptor_sync_directory_of(const char *path)
{
	return descriptor_finish(descriptor_directory_of(path), slice_of(NULL, 0));
}

enum recourse_error descriptor_replace(int directory, const char *name, slice bytes)
{
	char beside[NAME_MAX + 1];
	if ((size_t)snprintf(beside, sizeof beside, "%s.new", name) >= sizeof beside)
		return RECOURSE_IO;
	int file = openat(
		directory, beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (file < 0)
		return RECOURSE_IO;
	enum recourse_error error = descriptor_finish(file, bytes);
	if (error == RECOURSE_OK && renameat(directory, beside, directory, name) != 0)
		error = RECOURSE_IO;
	int reason = errno;
	if (error != RECOURSE_OK)
		unlinkat(directory, beside, 0);
	errno = reason;
	return error;
}

enum recourse_error descriptor_write_at(int descriptor, slice bytes, uint64_t place)
{
	while (bytes.size > 0) {
		ssize_t written = pwrite(descriptor, bytes.data, bytes.size, (off_t)place);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 && descriptor_full(errno) ? RECOURSE_STORE_FULL : RECOURSE_IO;
		place += (uint64_t)written;
		bytes = slice_from(bytes, (size_t)written);
	}
	return RECOURSE_OK;
}

/* From there on, or, where it is `HERE`, from where the descriptor is. */
enum { HERE = -1 };
static enum recourse_error read_from(
	int descriptor, uint8_t *bytes, size_t capacity, off_t place, size_t *size)
{
	*size = 0;
	while (*size < capacity) {
		size_t left = capacity - *size;
		ssize_t count = place == HERE ? read(descriptor, bytes + *size, left)
					      : pread(descriptor, bytes + *size, left, place + (off_t)*size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return RECOURSE_IO;
		if (count == 0)
			break;
		*size += (size_t)count;
	}
	return RECOURSE_OK;
}

enum recourse_error descriptor_read(int descriptor, void *bytes, size_t capacity, size_t *size)
{
	return read_from(descriptor, bytes, capacity, HERE, size);
}

enum recourse_error descriptor_read_at(
	int descriptor, void *bytes, size_t capacity, uint64_t place, size_t *size)
{
	*size = 0;
	return place > INT64_MAX ? RECOURSE_IO : read_from(descriptor, bytes, capacity, (off_t)place, size);
}

bool descriptor_keep_standard(void)
{
	for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
		bool there = fcntl(descriptor, F_GETFD) >= 0;
		if (!there && open("/dev/null", O_RDONLY) != descriptor)
			return false;
	}
	return true;
}

void descriptor_close(const int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}
