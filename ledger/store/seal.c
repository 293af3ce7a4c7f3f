/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seal.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/endian.h"
#include "base/try.h"
#include "store/directory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beside its place: a file that was there before its bytes could be as long and of zeroes, after a power cut. */
static enum recourse_error make_secret(const char *path, struct seal *seal)
{
	SCOPED(descriptor_close) const int directory = descriptor_directory_of(path);
	if (directory < 0)
		return RECOURSE_IO;
	crypto_random(seal->secret, sizeof seal->secret);
	TRY(descriptor_replace(
		directory, strrchr(path, '/') + 1, slice_of(seal->secret, sizeof seal->secret)));
	return fsync(directory) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

enum recourse_error seal_read_secret(const char *directory, bool to_read, struct seal *seal)
{
	char path[DIRECTORY_PATH_SIZE];
	struct stat status;
	size_t size = 0;
	TRY(directory_path(directory, "keys", path));
	if (!to_read && mkdir(path, 0700) != 0 && errno != EEXIST)
		return RECOURSE_IO;
	TRY(directory_path(directory, "keys/state", path));
	SCOPED(descriptor_close)
	const int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	seal->blind = to_read && file < 0;
	if (seal->blind)
		return RECOURSE_OK;
	if (file < 0)
		return errno == ENOENT ? make_secret(path, seal) : RECOURSE_IO;
	if (fstat(file, &status) != 0)
		return RECOURSE_IO;
	if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
		(status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return RECOURSE_NOT_PERMITTED;
	TRY(descriptor_read(file, seal->secret, sizeof seal->secret, &size));
	seal->blind = to_read && size < sizeof seal->secret;
	if (seal->blind || size == sizeof seal->secret)
		return RECOURSE_OK;
	return make_secret(path, seal);
}

/* Size of key ‖ key ‖ value: so many of the bytes. */
static size_t lay_out(slice key, slice value, uint8_t bytes[static SEAL_ROOM])
{
	assert(key.size <= SEAL_KEY_MAX && value.size <= SEAL_VALUE_MAX);
	little_endian_write(bytes, key.size, 2);
	memcpy(bytes + 2, key.data, key.size);
	if (value.size > 0)
		memcpy(bytes + 2 + key.size, value.data, value.size);
	return 2 + key.size + value.size;
}

slice seal_close(const struct seal *seal, slice key, slice value, uint8_t bytes[static SEAL_ROOM])
{
	size_t size = lay_out(key, value, bytes);
	uint64_t number = crypto_short_hash(seal->secret, slice_of(bytes, size));
	little_endian_write(bytes + size, number, SEAL_SIZE);
	return slice_of(bytes + 2 + key.size, value.size + SEAL_SIZE);
}

uint64_t seal_of(slice stored)
{
	return stored.size < SEAL_SIZE ? 0
				       : little_endian_read(stored.data + stored.size - SEAL_SIZE, SEAL_SIZE);
}

enum recourse_error seal_open(const struct seal *seal, slice key, slice stored, slice *value)
{
	uint8_t bytes[SEAL_ROOM];
	/* nothing longer was ever put */
	if (stored.size < SEAL_SIZE || stored.size > SEAL_VALUE_MAX + SEAL_SIZE || key.size > SEAL_KEY_MAX)
		return RECOURSE_STORE_CORRUPT;
	*value = slice_of(stored.data, stored.size - SEAL_SIZE);
	if (seal->blind)
		return RECOURSE_OK;
	size_t size = lay_out(key, *value, bytes);
	return crypto_short_hash(seal->secret, slice_of(bytes, size)) == seal_of(stored)
		       ? RECOURSE_OK
		       : RECOURSE_STORE_CORRUPT;
}
