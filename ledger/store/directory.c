/* SPDX-License-Identifier: Apache-2.0 */
#include "store/directory.h"

#include "base/try.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* From linux/magic.h and the file systems' own sources; that header does not have them all. */
static const uint32_t network_file_systems[] = {
	0x00006969, /* NFS */
	0x0000517B, /* SMB */
	0xFF534D42, /* CIFS */
	0xFE534D42, /* SMB2 */
	0x65735546, /* FUSE: sshfs and the like; nothing tells the local ones apart */
	0x01021997, /* 9P */
	0x5346414F, /* AFS */
	0x6B414653, /* AFS of the kernel */
	0x73757245, /* Coda */
	0x00C36400, /* Ceph */
	0x0000564C, /* NCP */
	0x0BD00BD0, /* Lustre */
	0x47504653, /* GPFS */
	0x01161970, /* GFS2 */
	0x7461636F, /* OCFS2 */
	0x786F4256, /* VirtualBox shared folders */
};

enum recourse_error directory_path(
	const char *directory, const char *part, char path[static DIRECTORY_PATH_SIZE])
{
	int length = snprintf(path, DIRECTORY_PATH_SIZE, "%s/%s", directory, part);
	return length < 0 || length >= DIRECTORY_PATH_SIZE ? RECOURSE_IO : RECOURSE_OK;
}

enum recourse_error directory_lock(const char *directory, int *lock)
{
	char path[DIRECTORY_PATH_SIZE];
	struct stat status;

	TRY(directory_path(directory, "writer.lock", path));
	/* O_NONBLOCK only so that a pipe of that name does not hold us up. */
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (file < 0)
		return RECOURSE_IO;
	bool regular = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
	if (regular && flock(file, LOCK_EX | LOCK_NB) == 0) {
		*lock = file;
		return RECOURSE_OK;
	}
	enum recourse_error error = regular && errno == EWOULDBLOCK ? RECOURSE_STORE_LOCKED : RECOURSE_IO;
	close(file);
	return error;
}

void directory_unlock(int lock)
{
	assert(lock >= 0);
	/* Not by close() alone: a child that inherited the descriptor would keep the lock. */
	(void)flock(lock, LOCK_UN);
	close(lock);
}

enum recourse_error directory_check_local(const char *directory)
{
	struct statfs status;

	if (statfs(directory, &status) != 0)
		return RECOURSE_IO;
	size_t count = sizeof network_file_systems / sizeof network_file_systems[0];
	for (size_t index = 0; index < count; index++) {
		if ((uint32_t)status.f_type == network_file_systems[index])
			return RECOURSE_NOT_PERMITTED;
	}
	return RECOURSE_OK;
}
