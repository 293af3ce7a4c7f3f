/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FILE_H
#define FILE_H

#include "buffer.h"

/* Whole files. After IO, errno says why. */

/* Appends what is in the file; "-" is standard input. IO, TOO_LARGE beyond `size_max`, MEMORY. */
enum recourse_error file_read(const char *path, size_t size_max, struct buffer *out) RECOURSE_CHECK;

/* Makes or replaces the file in one step, durably: nobody sees half of it. "-" is standard output. IO. */
enum recourse_error file_replace(const char *path, slice data) RECOURSE_CHECK;

/* Makes the directories above `path`, mode 0700, where they are missing. IO. */
enum recourse_error file_make_parents(const char *path) RECOURSE_CHECK;

/*
 * A value that is given as such, or as "@FILE" for the first line of a file. MEMORY, IO, TOO_LARGE. The text
 * is appended without its newline.
 */
enum recourse_error file_value(const char *given, struct buffer *out) RECOURSE_CHECK;

#endif
