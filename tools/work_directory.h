/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes an empty directory, mode 0700: `wanted`, which must not be there yet, or with NULL a new one below
 * TMPDIR (/tmp). `path` takes its absolute path. False with errno set.
 */
bool work_directory_make(const char *wanted, char *path, size_t size);

/* Says from errno why it was not made, and what to do where one is there already. */
void work_directory_problem(const char *wanted);

/* Removes it with all that is in it; symbolic links are removed, not followed. What can not be removed stays. */
void work_directory_remove(const char *path);
