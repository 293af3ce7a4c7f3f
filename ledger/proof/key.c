/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/key.h"

#include "base/descriptor.h"
#include "base/try.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ENCODED_SIZE = 1 + CRYPTO_PUBLIC_SIZE, /* type and key, or type and seed, before base64 */
	ENCODED_TEXT_SIZE = 44 + 1,
	LINE_SIZE = KEY_TEXT_SIZE + 1, /* room to see that a file goes on behind the longest line */
};

static_assert(CRYPTO_SEED_SIZE == CRYPTO_PUBLIC_SIZE, "seed and public key share one text form");

static const char SECRET_PREFIX[] = "PRIVATE+KEY+";

/* Unicode's white space beyond the controls, in UTF-8. */
static const char *const BLANKS[] = {" ", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
	"\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87",
	"\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf",
	"\xe2\x81\x9f", "\xe3\x80\x80"};

bool key_name_valid(slice name)
{
	if (name.size == 0 || name.size > KEY_NAME_SIZE || !text_is_clean(name) ||
		memchr(name.data, '+', name.size) != NULL)
		return false;
	for (size_t i = 0; i < sizeof BLANKS / sizeof BLANKS[0]; i++) {
		if (memmem(name.data, name.size, BLANKS[i], strlen(BLANKS[i])) != NULL)
			return false;
	}
	return true;
}

static void identify(struct key_public *key)
{
	uint8_t bytes[2 + CRYPTO_PUBLIC_SIZE] = {'\n', key->type};
	memcpy(bytes + 2, key->bytes, sizeof key->bytes);
	struct crypto_hash hash;
	crypto_sha256_labelled(slice_text(key->name), slice_of(bytes, sizeof bytes), &hash);
	memcpy(key->id, hash.bytes, sizeof key->id);
}

enum recourse_error key_make(
	slice name, uint8_t type, const uint8_t bytes[static CRYPTO_PUBLIC_SIZE], struct key_public *key)
{
	if ((type != KEY_TYPE_ED25519 && type != KEY_TYPE_COSIGNATURE) || !key_name_valid(name))
		return RECOURSE_KEY_MALFORMED;

	struct key_public made = {.type = type};
	memcpy(made.name, name.data, name.size);
	memcpy(made.bytes, bytes, sizeof made.bytes);
	identify(&made);
	*key = made;
	return RECOURSE_OK;
}

size_t key_handle(const struct key_public *key, char text[static KEY_HANDLE_SIZE + 1])
{
	size_t size = strlen(key->name);
	assert(size <= KEY_NAME_SIZE);
	memcpy(text, key->name, size);
	text[size] = '+';
	text_to_hex(key->id, sizeof key->id, text + size + 1);
	return size + 1 + 2 * sizeof key->id;
}

/* handle+base64(type ‖ bytes): the part that public and secret form share. */
static size_t format_encoded(const struct key_public *key, uint8_t type,
	const uint8_t bytes[static CRYPTO_PUBLIC_SIZE], char *text)
{
	uint8_t encoded[ENCODED_SIZE] = {type};
	memcpy(encoded + 1, bytes, sizeof encoded - 1);
	size_t size = key_handle(key, text);
	text[size++] = '+';
	crypto_base64_encode(slice_of(encoded, sizeof encoded), text + size);
	crypto_wipe(encoded, sizeof encoded);
	return size + ENCODED_TEXT_SIZE - 1;
}

size_t key_format(const struct key_public *key, char text[static KEY_TEXT_SIZE])
{
	return format_encoded(key, key->type, key->bytes, text);
}

/* Splits name+hex8+base64 and decodes the last; hex8 is left to the comparison with what is formatted. */
static enum recourse_error parse_encoded(slice text, slice *name, uint8_t encoded[static ENCODED_SIZE])
{
	slice id;
	bool parsed = slice_take_until(&text, '+', name) && slice_take_until(&text, '+', &id) &&
		      crypto_base64_exact(text, encoded, ENCODED_SIZE);
	return parsed ? RECOURSE_OK : RECOURSE_KEY_MALFORMED;
}

enum recourse_error key_parse(slice vkey, struct key_public *key)
{
	slice name;
	uint8_t encoded[ENCODED_SIZE];
	TRY(parse_encoded(vkey, &name, encoded));

	struct key_public parsed;
	TRY(key_make(name, encoded[0], encoded + 1, &parsed));

	/* A wrong id, and every second way of writing the same key, differ from the one right form. */
	char text[KEY_TEXT_SIZE];
	size_t size = key_format(&parsed, text);
	if (!slice_equal(vkey, slice_of(text, size)) || !crypto_public_sound(parsed.bytes))
		return RECOURSE_KEY_MALFORMED;
	*key = parsed;
	return RECOURSE_OK;
}

enum recourse_error key_open_seed(
	slice name, const uint8_t seed[static CRYPTO_SEED_SIZE], struct key_secret *key)
{
	struct key_secret opened = {.signer = NULL};
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	TRY(crypto_key_open(seed, &opened.signer));
	crypto_key_public(opened.signer, public_key);
	enum recourse_error error = key_make(name, KEY_TYPE_ED25519, public_key, &opened.public_key);
	if (error != RECOURSE_OK)
		crypto_key_free(opened.signer);
	else
		*key = opened;
	return error;
}

void key_close(struct key_secret *key)
{
	crypto_key_free(key->signer);
	*key = (struct key_secret){.signer = NULL};
}

static size_t format_secret(const struct key_public *key, const uint8_t seed[static CRYPTO_SEED_SIZE],
	char text[static KEY_TEXT_SIZE])
{
	size_t prefix_size = sizeof SECRET_PREFIX - 1;
	memcpy(text, SECRET_PREFIX, prefix_size);
	return prefix_size + format_encoded(key, KEY_TYPE_ED25519, seed, text + prefix_size);
}

size_t key_format_secret(
	slice name, const uint8_t seed[static CRYPTO_SEED_SIZE], char text[static KEY_TEXT_SIZE])
{
	SCOPED(key_close) struct key_secret key = {.signer = NULL};
	text[0] = '\0';
	return key_open_seed(name, seed, &key) == RECOURSE_OK ? format_secret(&key.public_key, seed, text)
							      : 0;
}

static enum recourse_error open_encoded(
	slice text, slice name, const uint8_t encoded[static ENCODED_SIZE], struct key_secret *key)
{
	if (encoded[0] != KEY_TYPE_ED25519)
		return RECOURSE_KEY_MALFORMED;
	struct key_secret opened;
	TRY(key_open_seed(name, encoded + 1, &opened));

	char formatted[KEY_TEXT_SIZE];
	size_t size = format_secret(&opened.public_key, encoded + 1, formatted);
	bool same = slice_equal(text, slice_of(formatted, size));
	crypto_wipe(formatted, sizeof formatted);
	if (!same) {
		key_close(&opened);
		return RECOURSE_KEY_MALFORMED;
	}
	*key = opened;
	return RECOURSE_OK;
}

enum recourse_error key_open_text(slice text, struct key_secret *key)
{
	slice name;
	slice rest = text;
	uint8_t encoded[ENCODED_SIZE];
	if (!slice_take(&rest, SECRET_PREFIX))
		return RECOURSE_KEY_MALFORMED;
	enum recourse_error error = parse_encoded(rest, &name, encoded);
	if (error == RECOURSE_OK)
		error = open_encoded(text, name, encoded, key);
	crypto_wipe(encoded, sizeof encoded);
	return error;
}

/* Makes a file that was not there and writes it and its name through to the disk; on failure it is gone again. */
static enum recourse_error write_new(const char *path, mode_t mode, slice line)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file < 0)
		return errno == EEXIST ? RECOURSE_EXISTS : RECOURSE_IO;
	bool permitted = fchmod(file, mode) == 0;
	bool written = descriptor_finish(file, line) == RECOURSE_OK;
	if (permitted && written && descriptor_sync_directory_of(path) == RECOURSE_OK)
		return RECOURSE_OK;
	unlink(path);
	return RECOURSE_IO;
}

static enum recourse_error write_pair(const char *path, slice secret, slice vkey)
{
	SCOPED(buffer_free) struct buffer public_path = {0};
	buffer_append_format(&public_path, "%s.pub", path);
	if (buffer_failed(&public_path))
		return RECOURSE_MEMORY;
	TRY(write_new(path, 0600, secret));
	enum recourse_error error = write_new((const char *)public_path.data, 0644, vkey);
	if (error != RECOURSE_OK)
		unlink(path);
	return error;
}

enum recourse_error key_create(const char *path, slice name, struct key_public *key)
{
	SCOPED(key_close) struct key_secret created = {0};
	uint8_t seed[CRYPTO_SEED_SIZE];
	char secret[KEY_TEXT_SIZE];
	char vkey[KEY_TEXT_SIZE];
	crypto_random(seed, sizeof seed);
	enum recourse_error error = key_open_seed(name, seed, &created);
	if (error == RECOURSE_OK) {
		size_t secret_size = format_secret(&created.public_key, seed, secret);
		size_t vkey_size = key_format(&created.public_key, vkey);
		/* A line each: the newline takes the place of the NUL. */
		secret[secret_size] = '\n';
		vkey[vkey_size] = '\n';
		error = write_pair(path, slice_of(secret, secret_size + 1), slice_of(vkey, vkey_size + 1));
	}
	if (error == RECOURSE_OK)
		*key = created.public_key;
	crypto_wipe(secret, sizeof secret);
	crypto_wipe(seed, sizeof seed);
	return error;
}

/* Reads one line, whose newline may be missing, into `text`. More than fits is no key. */
static enum recourse_error read_line(int file, char text[static LINE_SIZE], slice *line)
{
	size_t size;
	TRY(descriptor_read(file, text, LINE_SIZE, &size));
	if (size > 0 && text[size - 1] == '\n')
		size--;
	*line = slice_of(text, size);
	return RECOURSE_OK;
}

static enum recourse_error check_private(int file)
{
	struct stat status;
	if (fstat(file, &status) != 0)
		return RECOURSE_IO;
	bool ours = status.st_uid == geteuid();
	bool shared = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
	return S_ISREG(status.st_mode) && ours && !shared ? RECOURSE_OK : RECOURSE_NOT_PERMITTED;
}

static enum recourse_error open_private(int file, char text[static LINE_SIZE], struct key_secret *key)
{
	slice line;
	TRY(check_private(file));
	TRY(read_line(file, text, &line));
	return key_open_text(line, key);
}

enum recourse_error key_open_file(const char *path, struct key_secret *key)
{
	/* O_NONBLOCK: a FIFO in its place must not make us wait for a writer. */
	SCOPED(descriptor_close)
	const int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file < 0)
		return errno == ELOOP ? RECOURSE_NOT_PERMITTED : RECOURSE_IO;
	char text[LINE_SIZE];
	enum recourse_error error = open_private(file, text, key);
	crypto_wipe(text, sizeof text);
	return error;
}

enum recourse_error key_read_public(const char *path, struct key_public *key)
{
	SCOPED(descriptor_close) const int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char text[LINE_SIZE];
	slice line;
	if (file < 0)
		return RECOURSE_IO;
	TRY(read_line(file, text, &line));
	return key_parse(line, key);
}
