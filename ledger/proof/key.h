/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"

/*
 * Keys in the form of Go's and C2SP's signed notes, for the log and for parties alike.
 *
 *   public (vkey)   name+hex8+base64(type ‖ 32 bytes)             type 01 Ed25519, 04 cosignature
 *   secret          PRIVATE+KEY+name+hex8+base64(01 ‖ seed)
 *   key id          first 4 bytes of SHA-256(name ‖ 0A ‖ type ‖ public key), in hex: hex8
 *
 * In the ledger and on the wire a key is called by `name+hex8`, its handle. Split at the first two
 * '+' only: base64 has '+' too. Names: 1..KEY_NAME_SIZE of text without '+', blanks or controls.
 * Source: https://c2sp.org/signed-note
 */
enum {
	KEY_NAME_SIZE = 100,
	KEY_HANDLE_SIZE = KEY_NAME_SIZE + 1 + 8,
	KEY_TEXT_SIZE = KEY_HANDLE_SIZE + 1 + 44 + 12 + 1,
	KEY_TYPE_ED25519 = 1,
	KEY_TYPE_COSIGNATURE = 4,
};

struct key_public {
	char name[KEY_NAME_SIZE + 1]; /* NUL-terminated, zero-filled */
	uint8_t type;                 /* KEY_TYPE_… */
	uint8_t id[4];
	uint8_t bytes[CRYPTO_PUBLIC_SIZE];
};

/* KEY_MALFORMED for any deviation: a wrong id, other type, non-canonical base64, trailing bytes, bytes that are nobody's key. */
enum recourse_error key_parse(slice vkey, struct key_public *key);

/* Fills everything from name, type and bytes. KEY_MALFORMED for a bad name or type. */
enum recourse_error key_make(
	slice name, uint8_t type, const uint8_t bytes[static CRYPTO_PUBLIC_SIZE], struct key_public *key);

/* vkey and handle as text; both NUL-terminated, the length is returned. */
size_t key_format(const struct key_public *key, char text[static KEY_TEXT_SIZE]);
size_t key_handle(const struct key_public *key, char text[static KEY_HANDLE_SIZE + 1]);

bool key_name_valid(slice name);

/* A secret key with its public side. Owned by the caller: key_close(). */
struct key_secret {
	struct key_public public_key;
	struct crypto_key *signer;
};

/* From the secret text form. KEY_MALFORMED, MEMORY. The text is the caller's to wipe. */
enum recourse_error key_open_text(slice text, struct key_secret *key);
void key_close(struct key_secret *key);

/* From a seed, for tests and for key_create(). */
enum recourse_error key_open_seed(
	slice name, const uint8_t seed[static CRYPTO_SEED_SIZE], struct key_secret *key);

/* The secret text form, NUL-terminated. Wipe it after use. 0 and no text: bad name, or no memory. */
size_t key_format_secret(
	slice name, const uint8_t seed[static CRYPTO_SEED_SIZE], char text[static KEY_TEXT_SIZE]);

/*
 * Makes a new key: PATH (secret, mode 0600) and PATH.pub (vkey, mode 0644), each one line, durable
 * before this returns. Never overwrites: EXISTS when either is there. IO, KEY_MALFORMED (bad name).
 */
enum recourse_error key_create(const char *path, slice name, struct key_public *key);

/*
 * Opens a secret key file. Refuses a symbolic link, a file that is not ours or that others may read
 * (NOT_PERMITTED), a malformed one (KEY_MALFORMED); IO when it can not be read.
 */
enum recourse_error key_open_file(const char *path, struct key_secret *key);

/* Reads a vkey file (one line). KEY_MALFORMED, IO. */
enum recourse_error key_read_public(const char *path, struct key_public *key);
