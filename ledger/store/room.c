/* SPDX-License-Identifier: Apache-2.0 */
#include "store/room.h"

#include "base/try.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum { SPARE_PRESET = 64 * 1024 * 1024 };

static uint64_t under_limit(rlim_t limit, uint64_t size)
{
	if (limit == RLIM_INFINITY)
		return UINT64_MAX;
	return limit > size ? limit - size : 0;
}

static enum recourse_error room_left(int file, uint64_t *bytes)
{
	struct statvfs disk;
	struct stat status;
	struct rlimit limit;

	if (fstatvfs(file, &disk) != 0 || fstat(file, &status) != 0 || getrlimit(RLIMIT_FSIZE, &limit) != 0)
		return RECOURSE_IO;
	uint64_t on_disk = (uint64_t)disk.f_bavail * disk.f_frsize;
	uint64_t in_file = under_limit(limit.rlim_cur, (uint64_t)status.st_size);
	*bytes = on_disk < in_file ? on_disk : in_file;
	return RECOURSE_OK;
}

uint64_t room_spare(uint64_t given)
{
	return given != 0 ? given : SPARE_PRESET;
}

enum recourse_error room_check(int file, uint64_t spare)
{
	uint64_t left;

	TRY(room_left(file, &left));
	return left >= room_spare(spare) ? RECOURSE_OK : RECOURSE_STORE_FULL;
}
