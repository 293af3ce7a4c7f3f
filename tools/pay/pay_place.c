/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_place.h"

#include "base/descriptor.h"
#include "base/try.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum recourse_error pay_place_open(struct pay_place *place, const char *path)
{
	struct stat status;
	*place = (struct pay_place){.path = path};
	if (lstat(path, &status) == 0)
		return RECOURSE_EXISTS;
	size_t size = strlen(path);
	while (size > 1 && path[size - 1] == '/')
		size--;
	int written = snprintf(place->aside, sizeof place->aside, "%.*s.XXXXXX", (int)size, path);
	if (written < 0 || (size_t)written >= sizeof place->aside) {
		place->aside[0] = '\0';
		errno = ENAMETOOLONG;
		return RECOURSE_IO;
	}
	if (mkdtemp(place->aside) != NULL)
		return RECOURSE_OK;
	place->aside[0] = '\0';
	return RECOURSE_IO;
}

static bool path_of(const struct pay_place *place, const char *name, char path[static FILE_PATH_MAX])
{
	int size = snprintf(path, FILE_PATH_MAX, "%s/%s", place->aside, name);
	errno = ENAMETOOLONG;
	return size > 0 && size < FILE_PATH_MAX;
}

enum recourse_error pay_place_write(
	struct pay_place *place, const char *name, slice data, struct buffer *back)
{
	char path[FILE_PATH_MAX];
	if (place->count == PAY_PLACE_FILES_MAX)
		return RECOURSE_FIELD_LIMIT;
	if (!path_of(place, name, path))
		return RECOURSE_IO;
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return RECOURSE_IO;
	place->names[place->count] = strdup(name);
	if (place->names[place->count] == NULL) {
		close(file);
		unlink(path);
		return RECOURSE_MEMORY;
	}
	place->count++;
	TRY(descriptor_finish(file, data));
	return file_read(path, data.size, back);
}

enum recourse_error pay_place_keep(struct pay_place *place)
{
	char path[FILE_PATH_MAX];
	enum recourse_error error = RECOURSE_OK;
	if (!path_of(place, ".", path) || descriptor_sync_directory_of(path) != RECOURSE_OK)
		error = RECOURSE_IO;
	/* An empty directory gives way to another one; only one of two that make it here has it. */
	bool made = error == RECOURSE_OK && mkdir(place->path, 0700) == 0;
	if (error == RECOURSE_OK && !made)
		error = errno == EEXIST ? RECOURSE_EXISTS : RECOURSE_IO;
	if (made && rename(place->aside, place->path) != 0) {
		error = errno == ENOTEMPTY || errno == EEXIST ? RECOURSE_EXISTS : RECOURSE_IO;
		int reason = errno;
		(void)rmdir(place->path);
		errno = reason;
	}
	if (error != RECOURSE_OK) {
		pay_place_drop(place);
		return error;
	}
	place->aside[0] = '\0';
	pay_place_drop(place);
	return descriptor_sync_directory_of(place->path);
}

void pay_place_drop(struct pay_place *place)
{
	int reason = errno;
	for (size_t index = 0; index < place->count; index++) {
		char path[FILE_PATH_MAX];
		if (place->aside[0] != '\0' && path_of(place, place->names[index], path))
			(void)unlink(path);
		free(place->names[index]);
	}
	place->count = 0;
	if (place->aside[0] != '\0')
		(void)rmdir(place->aside);
	place->aside[0] = '\0';
	errno = reason;
}
