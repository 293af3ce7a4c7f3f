/* SPDX-License-Identifier: Apache-2.0 */
#include "secret_file.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/text.h"
#include "base/try.h"
#include "file.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_SIZE_MAX = 128 };

static size_t text_size(const struct secret_file *kind)
{
	return strlen(kind->label) + (size_t)2 * SECRET_FILE_SIZE + 1;
}

enum exit_code secret_file_make(const struct secret_file *kind, const char *path)
{
	uint8_t secret[SECRET_FILE_SIZE];
	char text[TEXT_SIZE_MAX];
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0 && errno == EEXIST) {
		output_problem("%s is there already, and keys are never overwritten [EXISTS]", path);
		output_next("choose another path");
		return EXIT_CODE_CREATE;
	}
	crypto_random(secret, sizeof secret);
	const size_t label = strlen(kind->label);
	memcpy(text, kind->label, label);
	text_to_hex(secret, sizeof secret, text + label);
	text[text_size(kind) - 1] = '\n';
	enum recourse_error error =
		file < 0 ? RECOURSE_IO : descriptor_finish(file, slice_of(text, text_size(kind)));
	if (error == RECOURSE_OK)
		error = descriptor_sync_directory_of(path);
	crypto_wipe(secret, sizeof secret);
	crypto_wipe(text, sizeof text);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	enum exit_code code = output_unwritten(error, path);
	if (file >= 0)
		(void)unlink(path);
	return code;
}

enum exit_code secret_file_read(
	const struct secret_file *kind, const char *path, uint8_t secret[static SECRET_FILE_SIZE])
{
	struct stat status;
	SCOPED(buffer_free) struct buffer text = {.secret = true};
	enum recourse_error error = file_read(path, text_size(kind), &text);
	if (error == RECOURSE_IO)
		return output_unread(error, path);
	if (stat(path, &status) == 0 && (status.st_mode & 077) != 0) {
		output_problem("%s can be read by others [KEY_MALFORMED]", path);
		output_next("chmod 600 %s, or make another key where others may have read it", path);
		return EXIT_CODE_CONFIGURATION;
	}
	slice rest = buffer_slice(&text);
	bool sound =
		error == RECOURSE_OK && rest.size == text_size(kind) && slice_take(&rest, kind->label) &&
		rest.data[rest.size - 1] == '\n' &&
		text_from_hex(slice_of(rest.data, rest.size - 1), secret, SECRET_FILE_SIZE) == RECOURSE_OK;
	if (sound)
		return EXIT_CODE_OK;
	output_problem("%s is no %s [KEY_MALFORMED]", path, kind->what);
	output_next("%s makes one", kind->made);
	return EXIT_CODE_CONFIGURATION;
}
