/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ballast.h"

#include "base/descriptor.h"
#include "base/try.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum recourse_error ballast_find(struct ballast *ballast, const char *directory, uint64_t size)
{
	struct stat status;

	ballast->size = size;
	TRY(directory_path(directory, "ballast", ballast->path));
	ballast->there = stat(ballast->path, &status) == 0 && (uint64_t)status.st_size >= size;
	return RECOURSE_OK;
}

bool ballast_missing(const struct ballast *ballast)
{
	return ballast->size > 0 && !ballast->there;
}

/* Allocated, not only as long: a hole would give nothing back. */
static bool allocate(const struct ballast *ballast)
{
	SCOPED(descriptor_close)
	const int file = open(ballast->path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	return file >= 0 && posix_fallocate(file, 0, (off_t)ballast->size) == 0;
}

void ballast_make(struct ballast *ballast)
{
	ballast->there = allocate(ballast);
	if (!ballast->there)
		unlink(ballast->path);
}

bool ballast_give_up(struct ballast *ballast)
{
	ballast->there = false;
	return unlink(ballast->path) == 0;
}
