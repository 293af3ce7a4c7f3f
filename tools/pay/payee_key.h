/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "exit_code.h"

/*
 * The key of accounts (payee_mark.h) in its file: a line with a label and the key in hexadecimal digits, which nobody else may
 * read. Each names what is wrong.
 */

/* Makes one; what is there already is never overwritten. CREATE. */
enum exit_code payee_key_make(const char *path);

/* CONFIGURATION where it is none, or others can read it. The caller wipes it. */
enum exit_code payee_key_read(const char *path, uint8_t key[static CRYPTO_MARK_KEY_SIZE]);
