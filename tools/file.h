/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/* Whole files. After IO, errno says why. */
enum { FILE_PATH_MAX = 4096 };

/* Appends what is in the file; "-" is standard input. IO, TOO_LARGE beyond `size_max`, MEMORY. */
enum recourse_error file_read(const char *path, size_t size_max, struct buffer *out);

/* Makes or replaces the file in one step, durably: nobody sees half of it. "-" is standard output. IO. */
enum recourse_error file_replace(const char *path, slice data);

/*
 * The same piece by piece, for what is too large to hold: open, write, then keep or drop. What was dropped was
 * never there (but for "-" and special files, which can not take anything back).
 */
struct file_new {
	const char *path;
	char aside[FILE_PATH_MAX]; /* empty where the bytes go straight to the path */
	int descriptor;
};
enum recourse_error file_new_open(const char *path, struct file_new *file);
enum recourse_error file_new_write(struct file_new *file, slice data);
enum recourse_error file_new_keep(struct file_new *file);
void file_new_drop(struct file_new *file);

/* Makes the directories above `path`, mode 0700, where they are missing. IO. */
enum recourse_error file_make_parents(const char *path);

/*
 * A value that is given as such, or as "@FILE" for the first line of a file. MEMORY, IO, TOO_LARGE. The text
 * is appended without its newline.
 */
enum recourse_error file_value(const char *given, struct buffer *out);
