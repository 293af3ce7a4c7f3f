/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

/* For fault_test.c alone: what it says of a system that fails, which stands in for the C library's calls. */

/* ---- a system that fails: LMDB and this code call these in place of the C library's ---- */

enum call {
	CALL_WRITE,
	CALL_META, /* a write to one of the two pages with which all of LMDB's files begin: what makes a commit count */
	CALL_SYNC,
	CALL_RENAME,
	CALL_OPEN,
	CALL_ALLOCATE,
	CALL_MAP,
	CALL_LOCK,
	CALL_SPACE,
	CALL_COUNT
};

enum { HALF = 0, CUT = -1, LATE = -2, ERRORS = 8, META_PAGES_SIZE = 8192 };

/*
 * HALF: only half is done. CUT: likewise, and there is no room for more. LATE: it is done, and the disk said to be full;
 * taking it back fails, where all calls do.
 */
static const struct {
	const char *title;
	int errors[ERRORS]; /* to the first 0 that is not the first */
} calls[CALL_COUNT] = {
	[CALL_WRITE] = {"write", {HALF, CUT, ENOSPC, EDQUOT, EFBIG, EIO, ENOMEM, EPERM}},
	[CALL_META] = {"meta page", {HALF, LATE, CUT, ENOSPC, EDQUOT, EFBIG, EIO, ENOMEM}},
	[CALL_SYNC] = {"sync", {EIO, ENOSPC, EDQUOT, EROFS, EINVAL}},
	[CALL_RENAME] = {"rename", {EIO, ENOSPC, EDQUOT, EROFS, EACCES, ENOMEM}},
	[CALL_OPEN] = {"open", {EMFILE, ENFILE, EACCES, ENOSPC, EDQUOT, EROFS, EIO, ENOMEM}},
	[CALL_ALLOCATE] = {"allocate", {EIO, ENOSPC, EDQUOT, EFBIG, EINVAL}},
	[CALL_MAP] = {"map", {ENOMEM, EAGAIN, ENFILE}},
	[CALL_LOCK] = {"lock", {ENOLCK, EWOULDBLOCK, EIO}},
	[CALL_SPACE] = {"space", {EIO, ENOMEM, EOVERFLOW}},
};

struct fault {
	enum call call;
	int error;
	bool lasting; /* so do all calls after it */
};

/* It changes, since a function that stands in for write() has no other way to be told. */
static struct {
	struct fault fault;
	bool armed;
	unsigned int passing; /* calls that go well before one fails */
	unsigned int struck;
	bool at_log;    /* the first that was struck was the log's, */
	bool at_latest; /* of these the file with the latest groups */
} disk;

static void disk_arm(const struct fault *fault, unsigned int passing)
{
	disk.fault = *fault;
	disk.passing = passing;
	disk.struck = 0;
	disk.at_log = disk.at_latest = false;
	disk.armed = true;
}

static void disk_disarm(void)
{
	disk.armed = false;
}

static bool is_full(int error)
{
	return error == CUT || error == ENOSPC || error == EDQUOT || error == EFBIG;
}

static bool is_file(int file, const char *name)
{
	char link[64];
	char path[SUPPORT_PATH_MAX] = {0};
	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	return readlink(link, path, sizeof path - 1) > 0 && strstr(path, name) != NULL;
}

static void note_where(int file)
{
	disk.at_latest = is_file(file, "/log/latest");
	disk.at_log = disk.at_latest || is_file(file, "/log/data.mdb");
}

static bool strikes(enum call call, int file)
{
	if (!disk.armed || call != disk.fault.call)
		return false;
	if (disk.passing > 0) {
		disk.passing--;
		return false;
	}
	if (disk.struck++ == 0)
		note_where(file);
	disk.armed = disk.fault.lasting;
	errno = disk.fault.error > 0 ? disk.fault.error : ENOSPC;
	return true;
}

static bool half(void)
{
	return disk.fault.error == HALF || disk.fault.error == CUT;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset)
{
	enum call call = offset < META_PAGES_SIZE ? CALL_META : CALL_WRITE;
	if (!strikes(call, file))
		return syscall(SYS_pwrite64, file, bytes, size, offset);
	if (half())
		return syscall(SYS_pwrite64, file, bytes, size / 2, offset);
	if (disk.fault.error == LATE && disk.struck == 1)
		(void)syscall(SYS_pwrite64, file, bytes, size, offset);
	errno = disk.fault.error == LATE ? ENOSPC : disk.fault.error;
	return -1;
}

ssize_t write(int file, const void *bytes, size_t size)
{
	if (!strikes(CALL_WRITE, file))
		return syscall(SYS_write, file, bytes, size);
	return half() ? syscall(SYS_write, file, bytes, size / 2) : -1;
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
	if (!strikes(CALL_WRITE, file))
		return syscall(SYS_writev, file, parts, count);
	return half() ? syscall(SYS_write, file, parts[0].iov_base, parts[0].iov_len / 2) : -1;
}

int fallocate(int file, int mode, off_t offset, off_t size)
{
	bool none = disk.fault.error == CUT && disk.struck > 0;
	errno = ENOSPC;
	return none ? -1 : (int)syscall(SYS_fallocate, file, mode, offset, size);
}

int fdatasync(int file)
{
	return strikes(CALL_SYNC, file) ? -1 : (int)syscall(SYS_fdatasync, file);
}

int fsync(int file)
{
	return strikes(CALL_SYNC, file) ? -1 : (int)syscall(SYS_fsync, file);
}

int renameat(int from, const char *old, int to, const char *new)
{
	return strikes(CALL_RENAME, from) ? -1 : (int)syscall(SYS_renameat, from, old, to, new);
}

int openat(int directory, const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
	va_end(rest);
	/* only what is made needs room */
	bool struck = ((flags & O_CREAT) != 0 || !is_full(disk.fault.error)) && strikes(CALL_OPEN, -1);
	return struck ? -1 : (int)syscall(SYS_openat, directory, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
	va_end(rest);
	return openat(AT_FDCWD, path, flags, mode);
}

int ftruncate(int file, off_t size)
{
	return strikes(CALL_ALLOCATE, file) ? -1 : (int)syscall(SYS_ftruncate, file, size);
}

int posix_fallocate(int file, off_t offset, off_t size)
{
	if (strikes(CALL_ALLOCATE, file))
		return errno;
	return syscall(SYS_fallocate, file, 0, offset, size) == 0 ? 0 : errno;
}

/* The disk has room when the ballast is given up. */
int unlink(const char *path)
{
	if (strstr(path, "/state/ballast") != NULL && is_full(disk.fault.error))
		disk.armed = false;
	return (int)syscall(SYS_unlink, path);
}

/* A sanitizer's own start calls it, before it can follow what is called. */
__attribute__((no_sanitize("thread"))) void *mmap(
	void *address, size_t size, int protection, int flags, int file, off_t offset)
{
	long mapped = -1;
	if (file < 0 || !strikes(CALL_MAP, file))
		mapped = syscall(SYS_mmap, address, size, protection, flags, file, offset);
	union {
		long number;
		void *memory;
	} result = {.number = mapped};
	return mapped == -1 ? MAP_FAILED : result.memory;
}

int flock(int file, int operation)
{
	return strikes(CALL_LOCK, file) ? -1 : (int)syscall(SYS_flock, file, operation);
}

int fstatvfs(int file, struct statvfs *status)
{
	struct statfs told;
	if (strikes(CALL_SPACE, file) || fstatfs(file, &told) != 0)
		return -1;
	*status = (struct statvfs){
		.f_frsize = (unsigned long)told.f_frsize,
		.f_bavail = told.f_bavail,
	};
	return 0;
}
