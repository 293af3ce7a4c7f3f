/* SPDX-License-Identifier: Apache-2.0 */
#include "store/directory.h"

#include "base/descriptor.h"
#include "base/try.h"

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

static enum recourse_error take(int descriptor)
{
	if (flock(descriptor, LOCK_EX | LOCK_NB) == 0)
		return RECOURSE_OK;
	return errno == EWOULDBLOCK ? RECOURSE_STORE_LOCKED : RECOURSE_IO;
}

static enum recourse_error take_both(const char *directory, struct directory_lock *lock)
{
	struct stat status;

	lock->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock->directory < 0)
		return RECOURSE_IO;
	TRY(take(lock->directory));
	/* O_NONBLOCK only so that a pipe of that name does not hold us up. */
	lock->file = openat(lock->directory, "writer.lock",
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (lock->file < 0 || fstat(lock->file, &status) != 0 || !S_ISREG(status.st_mode))
		return RECOURSE_IO;
	return take(lock->file);
}

enum recourse_error directory_lock(const char *directory, struct directory_lock *lock)
{
	struct directory_lock taken = DIRECTORY_UNLOCKED;
	enum recourse_error error = take_both(directory, &taken);

	if (error == RECOURSE_OK)
		*lock = taken;
	else
		directory_unlock(&taken);
	return error;
}

static void release(int descriptor)
{
	if (descriptor < 0)
		return;
	/* Not by close() alone: a child that inherited the descriptor would keep the lock. */
	(void)flock(descriptor, LOCK_UN);
	close(descriptor);
}

void directory_unlock(struct directory_lock *lock)
{
	release(lock->file);
	release(lock->directory);
	*lock = DIRECTORY_UNLOCKED;
}

bool directory_locked(const struct directory_lock *lock)
{
	return lock->file >= 0;
}

bool directory_has_writer(const char *directory)
{
	SCOPED(descriptor_close) const int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return file >= 0 && flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
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
