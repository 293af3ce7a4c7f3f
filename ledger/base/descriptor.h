/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/* Files that the system has opened. What a signal cuts short goes on. */

/* All of it. IO. */
enum recourse_error descriptor_write(int descriptor, slice bytes);

/* All of it through to the disk, and closes, also where that fails. IO, and errno says what of it failed. */
enum recourse_error descriptor_finish(int descriptor, slice bytes);

/* Whether what errno says is that there is no room: of the disk, of a quota, or by a limit on the size of files. */
bool descriptor_full(int code);

/* The directory in which a file of that path is or would be; below 0 where it can not be opened. */
int descriptor_directory_of(const char *path);

/* The names in that directory, through to the disk. IO. */
enum recourse_error descriptor_sync_directory_of(const char *path);

/*
 * That file of the directory has these bytes from now on, mode 0600: they are written to NAME.new, through to the disk,
 * which then takes its place. That the names are on the disk is for fsync() of the directory. IO, and errno says why.
 */
enum recourse_error descriptor_replace(int directory, const char *name, slice bytes);

/* At most that many bytes; fewer where the file ends before. IO. */
enum recourse_error descriptor_read(int descriptor, void *bytes, size_t capacity, size_t *size);

/* All of the bytes, from that place of the file on. STORE_FULL, IO. */
enum recourse_error descriptor_write_at(int descriptor, slice bytes, uint64_t place);

/* At most that many bytes from there; fewer where the file ends before. IO. */
enum recourse_error descriptor_read_at(
	int descriptor, void *bytes, size_t capacity, uint64_t place, size_t *size);

/*
 * The three descriptors that every process has are open from now on: what was started without them would else have the
 * first files that it opens there, and write its messages into them. One that was missing gives nothing and takes nothing
 * (EBADF). False where that can not be had. To be called before anything else is opened.
 */
bool descriptor_keep_standard(void);

/* For SCOPED. None is -1. */
void descriptor_close(const int *descriptor);
