/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"

/*
 * What stands for an account in a ledger (ledger/rules/payee/README.md): HMAC-SHA-256, under a key of the platform's, of
 * "recourse-account-v1\n" and the account as it is when all that does not tell one from another is gone.
 */
enum { PAYEE_MARK_ACCOUNT_MAX = 64 };

/*
 * Appends the account's one form: blanks of all kinds and dashes go, full-width characters are the plain ones, a to z are A to Z. NULL:
 * it is appended; else why it is none, in words that have nothing of it: empty, longer than PAYEE_MARK_ACCOUNT_MAX, other
 * characters than ASCII has, control characters, or a number that a spreadsheet has rounded (6.22E+18, …000.0).
 */
const char *payee_mark_plain(slice account, struct buffer *out);

/* Of that form. */
void payee_mark(
	const uint8_t key[static CRYPTO_MARK_KEY_SIZE], slice plain, uint8_t mark[static CRYPTO_HASH_SIZE]);
