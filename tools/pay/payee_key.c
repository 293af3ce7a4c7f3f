/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/payee_key.h"

#include "base/descriptor.h"
#include "base/text.h"
#include "base/try.h"
#include "file.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The key: one line, and nobody else's to read. */
static const char key_label[] = "recourse-account-key-v1 ";
enum { KEY_FILE_SIZE = sizeof key_label - 1 + 2 * CRYPTO_MARK_KEY_SIZE + 1 };

enum exit_code payee_key_make(const char *path)
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
		enum exit_code code = output_unwritten(error, path);
		if (file >= 0)
			(void)unlink(path);
		return code;
	}
	output_text(stderr,
		"%s is secret, and no part of the ledger: keep a copy in a safe place. Accounts are\n"
		"told as equal by this key only.\n",
		path);
	return EXIT_CODE_OK;
}

enum exit_code payee_key_read(const char *path, uint8_t key[static CRYPTO_MARK_KEY_SIZE])
{
	struct stat status;
	SCOPED(buffer_free) struct buffer text = {.secret = true};
	enum recourse_error error = file_read(path, KEY_FILE_SIZE, &text);
	if (error == RECOURSE_IO)
		return output_unread(error, path);
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
