/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/text.h"
#include "base/try.h"
#include "file.h"
#include "options.h"
#include "output.h"
#include "pay/payee_key.h"
#include "pay/payee_mark.h"

enum { ACCOUNTS_SIZE_MAX = 64 * 1024 * 1024 };

/* One line each. What is wrong is said by the line's number: nothing of an account is shown. */
static enum exit_code hash_lines(
	const uint8_t key[static CRYPTO_MARK_KEY_SIZE], slice lines, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer plain = {.secret = true};
	slice line;
	for (unsigned long number = 1; slice_take_part(&lines, '\n', &line); number++) {
		uint8_t mark[CRYPTO_HASH_SIZE];
		char hex[2 * sizeof mark + 1];
		if (line.size > 0 && line.data[line.size - 1] == '\r')
			line.size--;
		buffer_clear(&plain);
		const char *why = payee_mark_plain(line, &plain);
		if (why != NULL) {
			output_problem("line %lu: %s [FIELD_FORMAT]", number, why);
			return EXIT_CODE_DATA;
		}
		payee_mark(key, buffer_slice(&plain), mark);
		text_to_hex(mark, sizeof mark, hex);
		buffer_append_format(out, "%s\n", hex);
	}
	return EXIT_CODE_OK;
}

static enum exit_code hash(const char *path)
{
	uint8_t key[CRYPTO_MARK_KEY_SIZE];
	SCOPED(buffer_free) struct buffer lines = {.secret = true};
	SCOPED(buffer_free) struct buffer out = {0};
	if (path == NULL)
		return output_usage(
			"payee hash: under which key? --key FILE; recourse payee key FILE makes one");
	enum exit_code code = payee_key_read(path, key);
	if (code == EXIT_CODE_OK) {
		enum recourse_error error = file_read("-", ACCOUNTS_SIZE_MAX, &lines);
		if (error != RECOURSE_OK)
			code = output_unread(error, "standard input");
		else if (lines.size == 0)
			code = output_usage("payee hash: accounts come from standard input, one a line");
	}
	if (code == EXIT_CODE_OK)
		code = hash_lines(key, buffer_slice(&lines), &out);
	crypto_wipe(key, sizeof key);
	if (code == EXIT_CODE_OK && buffer_failed(&out))
		return output_error(RECOURSE_MEMORY, NULL, "payee hash");
	if (code == EXIT_CODE_OK && file_replace("-", buffer_slice(&out)) != RECOURSE_OK)
		return output_unwritten(RECOURSE_IO, "standard output");
	return code;
}

int payee_main(int argc, char **argv)
{
	const char *key = NULL;
	const struct options_flag flags[] = {
		{.name = "key",
			.argument = "FILE",
			.value = &key,
			.help = "of accounts, no part of a ledger"},
	};
	const struct options options = {
		.name = "payee",
		.usage = "key FILE\nhash --key FILE <ACCOUNTS",
		.about = "Makes a key for accounts, or says what stands for each account that comes from "
			 "standard\n"
			 "input, one a line: account_hash of payee.register. Blanks, dashes, full-width "
			 "characters and\n"
			 "small letters make no other account. An argument is no place for one: others can "
			 "see it.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count == 2 && strcmp(rest.arguments[0], "key") == 0 && key == NULL)
		return (int)payee_key_make(rest.arguments[1]);
	if (rest.count == 1 && strcmp(rest.arguments[0], "hash") == 0)
		return (int)hash(key);
	return (int)output_usage(
		"payee: say `recourse payee key FILE` or `recourse payee hash --key FILE <ACCOUNTS`");
}
