/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/descriptor.h"
#include "base/text.h"
#include "base/try.h"
#include "file.h"
#include "options.h"
#include "output.h"
#include "payee_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The key: one line, and nobody else's to read. */
static const char key_label[] = "recourse-account-key-v1 ";
enum {
	KEY_FILE_SIZE = sizeof key_label - 1 + 2 * CRYPTO_MARK_KEY_SIZE + 1,
	ACCOUNTS_SIZE_MAX = 64 * 1024 * 1024,
};

static enum exit_code make_key(const char *path)
{
	uint8_t key[CRYPTO_MARK_KEY_SIZE];
	char text[KEY_FILE_SIZE + 1];
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0 && errno == EEXIST) {
		output_problem("%s is there already, and keys are never overwritten [EXISTS]", path);
		output_next("choose another path");
		return EXIT_CODE_CREATE;
	}
	crypto_random(key, sizeof key);
	memcpy(text, key_label, sizeof key_label - 1);
	text_to_hex(key, sizeof key, text + sizeof key_label - 1);
	text[KEY_FILE_SIZE - 1] = '\n';
	enum recourse_error error =
		file < 0 ? RECOURSE_IO : descriptor_finish(file, slice_of(text, KEY_FILE_SIZE));
	if (error == RECOURSE_OK)
		error = descriptor_sync_directory_of(path);
	crypto_wipe(key, sizeof key);
	crypto_wipe(text, sizeof text);
	if (error != RECOURSE_OK) {
		output_file_error(error, path);
		if (file >= 0)
			(void)unlink(path);
		return EXIT_CODE_CREATE;
	}
	output_text(stderr,
		"%s is secret, and no part of the ledger: keep a copy in a safe place. Accounts are\n"
		"told as equal by this key only.\n",
		path);
	return EXIT_CODE_OK;
}

static enum exit_code read_key(const char *path, uint8_t key[static CRYPTO_MARK_KEY_SIZE])
{
	struct stat status;
	SCOPED(buffer_free) struct buffer text = {.secret = true};
	enum recourse_error error = file_read(path, KEY_FILE_SIZE, &text);
	if (error == RECOURSE_IO) {
		output_file_error(error, path);
		return EXIT_CODE_CONFIGURATION;
	}
	if (stat(path, &status) == 0 && (status.st_mode & 077) != 0) {
		output_problem("%s can be read by others [KEY_MALFORMED]", path);
		output_next("chmod 600 %s, or make another key where others may have read it", path);
		return EXIT_CODE_CONFIGURATION;
	}
	slice rest = buffer_slice(&text);
	bool sound =
		error == RECOURSE_OK && rest.size == KEY_FILE_SIZE && slice_take(&rest, key_label) &&
		rest.data[rest.size - 1] == '\n' &&
		text_from_hex(slice_of(rest.data, rest.size - 1), key, CRYPTO_MARK_KEY_SIZE) == RECOURSE_OK;
	if (sound)
		return EXIT_CODE_OK;
	output_problem("%s is no key for accounts [KEY_MALFORMED]", path);
	output_next("recourse payee key FILE makes one");
	return EXIT_CODE_CONFIGURATION;
}

/* One line each. What is wrong is said by the line's number: nothing of an account is shown. */
static enum exit_code hash_lines(
	const uint8_t key[static CRYPTO_MARK_KEY_SIZE], slice lines, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer plain = {.secret = true};
	for (unsigned long number = 1; lines.size > 0; number++) {
		slice line = lines;
		uint8_t mark[CRYPTO_HASH_SIZE];
		char hex[2 * sizeof mark + 1];
		if (!slice_take_until(&lines, '\n', &line))
			lines.size = 0;
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
	enum exit_code code = read_key(path, key);
	if (code == EXIT_CODE_OK) {
		enum recourse_error error = file_read("-", ACCOUNTS_SIZE_MAX, &lines);
		if (error != RECOURSE_OK)
			code = output_file_error(error, "standard input");
		else if (lines.size == 0)
			code = output_usage("payee hash: accounts come from standard input, one a line");
	}
	if (code == EXIT_CODE_OK)
		code = hash_lines(key, buffer_slice(&lines), &out);
	crypto_wipe(key, sizeof key);
	if (code == EXIT_CODE_OK && buffer_failed(&out))
		return output_error(RECOURSE_MEMORY, NULL, "payee hash");
	if (code == EXIT_CODE_OK && file_replace("-", buffer_slice(&out)) != RECOURSE_OK)
		return output_file_error(RECOURSE_IO, "standard output");
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
		return (int)make_key(rest.arguments[1]);
	if (rest.count == 1 && strcmp(rest.arguments[0], "hash") == 0)
		return (int)hash(key);
	return (int)output_usage(
		"payee: say `recourse payee key FILE` or `recourse payee hash --key FILE <ACCOUNTS`");
}
