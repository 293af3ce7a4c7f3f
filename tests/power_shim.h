/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "power_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/*
 * What is asked of the disk below one directory is done and recorded: all libraries of the one test program that
 * includes this call these in place of the C library's. No store maps what it writes but LMDB the places of its readers,
 * which mean nothing after a boot and are not recorded; with more of it msync() would have to be here, and is an error.
 */

/* They change, since a function that stands in for write() has no other way to be told. */
static struct {
	struct power_record *record; /* NULL: nothing is recorded */
	ino_t inodes[POWER_NODES_MAX];
	const char *boot; /* the file that says which boot this is; NULL: the kernel's */
} shim;

/* The newest of that number: it may have been another's, who was removed. */
static bool find_inode(ino_t inode, unsigned int *node)
{
	for (unsigned int count = shim.record->node_count; count-- > 0;) {
		if (shim.inodes[count] == inode) {
			*node = count;
			return true;
		}
	}
	return false;
}

static bool find_file(int file, unsigned int *node)
{
	struct stat status;
	return shim.record != NULL && fstat(file, &status) == 0 && find_inode(status.st_ino, node);
}

/* The directory that a path's name is in, and the name. */
static bool find_name_of(int at, const char *path, unsigned int *node, char name[static POWER_NAME_SIZE])
{
	char parent[PATH_MAX];
	struct stat status;
	if (shim.record == NULL)
		return false;
	const char *slash = strrchr(path, '/');
	const char *last = slash == NULL ? path : slash + 1;
	snprintf(parent, sizeof parent, "%.*s", slash == NULL ? 1 : (int)(slash - path),
		slash == NULL ? "." : path);
	if (fstatat(at, parent, &status, 0) != 0 || !find_inode(status.st_ino, node))
		return false;
	assert_true(strlen(last) < POWER_NAME_SIZE);
	strcpy(name, last);
	return true;
}

static unsigned int add_node(ino_t inode, bool directory)
{
	unsigned int node = shim.record->node_count++;
	assert_true(node < POWER_NODES_MAX);
	shim.inodes[node] = inode;
	shim.record->directories[node] = directory;
	return node;
}

static void record_made(int at, const char *path)
{
	char name[POWER_NAME_SIZE];
	unsigned int parent;
	struct stat status;
	if (!find_name_of(at, path, &parent, name))
		return;
	assert_int_equal(fstatat(at, path, &status, AT_SYMLINK_NOFOLLOW), 0);
	struct power_call *call = power_append(shim.record, POWER_MAKE, parent);
	strcpy(call->name, name);
	call->made = add_node(status.st_ino, S_ISDIR(status.st_mode));
}

static void record_truncate(int file, off_t size)
{
	unsigned int node;
	if (find_file(file, &node))
		power_append(shim.record, POWER_TRUNCATE, node)->offset = (uint64_t)size;
}

static void record_write(int file, const void *bytes, size_t size, off_t offset)
{
	unsigned int node;
	if (!find_file(file, &node))
		return;
	struct power_call *call = power_append(shim.record, POWER_WRITE, node);
	call->offset = (uint64_t)offset;
	call->size = size;
	if (bytes != NULL) {
		call->bytes = malloc(size);
		memcpy(call->bytes, bytes, size);
	}
	if ((fcntl(file, F_GETFL) & O_DSYNC) != 0)
		power_append(shim.record, POWER_THROUGH, node);
}

static void record_sync(int file)
{
	unsigned int node;
	if (find_file(file, &node))
		power_append(shim.record, POWER_SYNC, node);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset)
{
	ssize_t written = syscall(SYS_pwrite64, file, bytes, size, offset);
	if (written > 0)
		record_write(file, bytes, (size_t)written, offset);
	return written;
}

ssize_t write(int file, const void *bytes, size_t size)
{
	ssize_t written = syscall(SYS_write, file, bytes, size);
	if (written > 0 && shim.record != NULL)
		record_write(file, bytes, (size_t)written, lseek(file, 0, SEEK_CUR) - written);
	return written;
}

/* LMDB's pages: each is a write of its own. */
ssize_t writev(int file, const struct iovec *parts, int count)
{
	ssize_t written = syscall(SYS_writev, file, parts, count);
	off_t offset = shim.record != NULL && written > 0 ? lseek(file, 0, SEEK_CUR) - written : 0;
	ssize_t left = shim.record != NULL ? written : 0;
	for (int part = 0; part < count && left > 0; part++) {
		size_t size = parts[part].iov_len < (size_t)left ? parts[part].iov_len : (size_t)left;
		record_write(file, parts[part].iov_base, size, offset);
		offset += (off_t)size;
		left -= (ssize_t)size;
	}
	return written;
}

int fdatasync(int file)
{
	record_sync(file);
	return 0;
}

int fsync(int file)
{
	record_sync(file);
	return file < 0 ? -1 : 0;
}

int msync(void *bytes, size_t size, int flags)
{
	(void)bytes;
	(void)size;
	(void)flags;
	abort();
}

int ftruncate(int file, off_t size)
{
	int result = (int)syscall(SYS_ftruncate, file, size);
	if (result == 0)
		record_truncate(file, size);
	return result;
}

int posix_fallocate(int file, off_t offset, off_t size)
{
	if (syscall(SYS_fallocate, file, 0, offset, size) != 0)
		return errno;
	record_write(file, NULL, (size_t)size, offset);
	return 0;
}

int openat(int directory, const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
	va_end(rest);
	bool boot = shim.boot != NULL && strcmp(path, "/proc/sys/kernel/random/boot_id") == 0;
	bool there = shim.record == NULL || faccessat(directory, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	int file = (int)syscall(SYS_openat, directory, boot ? shim.boot : path, flags, mode);
	if (file >= 0 && (flags & O_CREAT) != 0 && !there)
		record_made(directory, path);
	else if (file >= 0 && (flags & O_TRUNC) != 0)
		record_truncate(file, 0);
	return file;
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
	va_end(rest);
	return openat(AT_FDCWD, path, flags, mode);
}

int mkdir(const char *path, mode_t mode)
{
	int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
	if (result == 0)
		record_made(AT_FDCWD, path);
	return result;
}

int renameat(int from, const char *old, int to, const char *new)
{
	char name[POWER_NAME_SIZE];
	struct stat status;
	unsigned int node;
	bool known = find_name_of(from, old, &node, name) && fstatat(from, old, &status, 0) == 0;
	int result = (int)syscall(SYS_renameat, from, old, to, new);
	if (result != 0 || !known)
		return result;
	struct power_call *call = power_append(shim.record, POWER_RENAME, node);
	strcpy(call->name, name);
	/* no store has its files change their directory */
	assert_true(find_name_of(to, new, &node, call->to) && node == call->node);
	assert_true(find_inode(status.st_ino, &call->made));
	return result;
}

int rename(const char *old, const char *new)
{
	return renameat(AT_FDCWD, old, AT_FDCWD, new);
}

int unlinkat(int directory, const char *path, int flags)
{
	char name[POWER_NAME_SIZE];
	unsigned int node;
	int result = (int)syscall(SYS_unlinkat, directory, path, flags);
	if (result == 0 && find_name_of(directory, path, &node, name))
		strcpy(power_append(shim.record, POWER_REMOVE, node)->name, name);
	return result;
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}
