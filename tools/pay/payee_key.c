/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/payee_key.h"

#include "output.h"
#include "secret_file.h"

#include <assert.h>

static_assert((int)SECRET_FILE_SIZE == (int)CRYPTO_MARK_KEY_SIZE, "the key of accounts");
static const struct secret_file kind = {
	.label = "recourse-account-key-v1 ", .what = "key for accounts", .made = "recourse payee key FILE"};

enum exit_code payee_key_make(const char *path)
{
	enum exit_code code = secret_file_make(&kind, path);
	if (code == EXIT_CODE_OK)
		output_text(stderr,
			"%s is secret, and no part of the ledger: keep a copy in a safe place. Accounts are\n"
			"told as equal by this key only.\n",
			path);
	return code;
}

enum exit_code payee_key_read(const char *path, uint8_t key[static CRYPTO_MARK_KEY_SIZE])
{
	return secret_file_read(&kind, path, key);
}
