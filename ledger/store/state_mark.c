/* SPDX-License-Identifier: Apache-2.0 */
#include "store/state_mark.h"

#include "base/descriptor.h"
#include "base/try.h"
#include "store/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char name[] = "mark";

slice state_mark_read(const char *directory, uint8_t bytes[static STATE_MARK_SIZE_MAX])
{
	char path[DIRECTORY_PATH_SIZE];
	size_t size = 0;

	if (directory_path(directory, name, path) != RECOURSE_OK)
		return slice_of(NULL, 0);
	SCOPED(descriptor_close)
	const int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file < 0 || descriptor_read(file, bytes, STATE_MARK_SIZE_MAX, &size) != RECOURSE_OK)
		return slice_of(NULL, 0);
	return slice_of(bytes, size);
}

static enum recourse_error refused_by_system(void)
{
	return descriptor_full(errno) ? RECOURSE_STORE_FULL : RECOURSE_IO;
}

enum recourse_error state_mark_set(const char *directory, slice mark)
{
	SCOPED(descriptor_close) const int names = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* the other names first: what the mark is believed of may be new, in the place of another */
	if (names < 0 || fsync(names) != 0)
		return refused_by_system();
	if (descriptor_replace(names, name, mark) != RECOURSE_OK)
		return refused_by_system();
	return fsync(names) == 0 ? RECOURSE_OK : refused_by_system();
}
