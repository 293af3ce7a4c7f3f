/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "exit_code.h"

#include <stddef.h>
#include <stdint.h>

/*
 * A secret of 32 bytes in a file: a line with a label and its hexadecimal digits, which nobody else may read. Each names what
 * is wrong.
 */
enum { SECRET_FILE_SIZE = 32 };

struct secret_file {
	const char *label; /* "recourse-account-key-v1 " */
	const char *what;  /* it is, for people: "key for accounts" */
	const char *made;  /* by: "recourse payee key FILE" */
};

/* Makes one; what is there already is never overwritten. CREATE. */
enum exit_code secret_file_make(const struct secret_file *kind, const char *path);

/* CONFIGURATION where it is none, or others can read it. The caller wipes it. */
enum exit_code secret_file_read(
	const struct secret_file *kind, const char *path, uint8_t secret[static SECRET_FILE_SIZE]);
