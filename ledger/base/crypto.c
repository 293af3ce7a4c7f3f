/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crypto.h"

#include "base/try.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>

enum {
	BASE64_PIECE = 1024, /* characters that are checked at a time; a multiple of 4 */
};

static_assert(CRYPTO_HASH_SIZE == crypto_hash_sha256_BYTES, "SHA-256");
static_assert(CRYPTO_SEED_SIZE == crypto_sign_ed25519_SEEDBYTES, "Ed25519 seed");
static_assert(CRYPTO_PUBLIC_SIZE == crypto_sign_ed25519_PUBLICKEYBYTES, "Ed25519 public key");
static_assert(CRYPTO_SIGNATURE_SIZE == crypto_sign_ed25519_BYTES, "Ed25519 signature");

struct crypto_key {
	uint8_t secret[crypto_sign_ed25519_SECRETKEYBYTES];
};

/*
 * libcrypto's SHA-256, looked up once; NULL where it is not to be had. Without the machine's openssl.cnf, which could put
 * another library in its place. Each thread keeps what it hashes with until it ends: to make it anew takes as long as to hash
 * 300 bytes.
 */
static EVP_MD *sha256;
static CRYPTO_THREAD_LOCAL contexts;

static void free_context(void *context)
{
	EVP_MD_CTX_free(context);
}

static void find_sha256(void)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1 &&
		CRYPTO_THREAD_init_local(&contexts, free_context) == 1)
		sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
}

enum recourse_error crypto_start(void)
{
	static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
	bool looked = CRYPTO_THREAD_run_once(&once, find_sha256) == 1;
	return looked && sodium_init() >= 0 ? RECOURSE_OK : RECOURSE_INTERNAL;
}

static EVP_MD_CTX *own_context(void)
{
	EVP_MD_CTX *context = sha256 == NULL ? NULL : CRYPTO_THREAD_get_local(&contexts);
	if (context != NULL || sha256 == NULL)
		return context;
	context = EVP_MD_CTX_new();
	if (context != NULL && CRYPTO_THREAD_set_local(&contexts, context) == 1)
		return context;
	EVP_MD_CTX_free(context);
	return NULL;
}

/* By the processor's own instructions. False where there is no memory for it. */
static bool hash_fast(slice label, slice data, struct crypto_hash *hash)
{
	EVP_MD_CTX *context = own_context();
	return context != NULL && EVP_DigestInit_ex2(context, sha256, NULL) == 1 &&
	       EVP_DigestUpdate(context, label.data, label.size) == 1 &&
	       EVP_DigestUpdate(context, data.data, data.size) == 1 &&
	       EVP_DigestFinal_ex(context, hash->bytes, NULL) == 1;
}

void crypto_sha256(slice data, struct crypto_hash *hash)
{
	crypto_sha256_labelled(slice_of(NULL, 0), data, hash);
}

/* libsodium has the same hash four times as slowly, and takes no memory for it. */
void crypto_sha256_labelled(slice label, slice data, struct crypto_hash *hash)
{
	if (hash_fast(label, data, hash))
		return;
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, label.data, label.size);
	crypto_hash_sha256_update(&state, data.data, data.size);
	crypto_hash_sha256_final(&state, hash->bytes);
}

struct crypto_stream {
	EVP_MD_CTX *fast; /* NULL: libsodium's */
	crypto_hash_sha256_state slow;
};

enum recourse_error crypto_stream_open(struct crypto_stream **stream)
{
	*stream = calloc(1, sizeof **stream);
	if (*stream == NULL)
		return RECOURSE_MEMORY;
	EVP_MD_CTX *context = sha256 == NULL ? NULL : EVP_MD_CTX_new();
	if (context != NULL && EVP_DigestInit_ex2(context, sha256, NULL) == 1) {
		(*stream)->fast = context;
		return RECOURSE_OK;
	}
	EVP_MD_CTX_free(context);
	crypto_hash_sha256_init(&(*stream)->slow);
	return RECOURSE_OK;
}

void crypto_stream_add(struct crypto_stream *stream, slice data)
{
	if (stream->fast == NULL) {
		crypto_hash_sha256_update(&stream->slow, data.data, data.size);
		return;
	}
	/* Once it has begun it needs nothing more, and can not fail. */
	int added = EVP_DigestUpdate(stream->fast, data.data, data.size);
	assert(added == 1);
}

void crypto_stream_end(struct crypto_stream *stream, struct crypto_hash *hash)
{
	if (stream->fast != NULL) {
		int ended = EVP_DigestFinal_ex(stream->fast, hash->bytes, NULL);
		assert(ended == 1);
	} else {
		crypto_hash_sha256_final(&stream->slow, hash->bytes);
	}
	crypto_stream_free(stream);
}

void crypto_stream_free(struct crypto_stream *stream)
{
	if (stream != NULL)
		EVP_MD_CTX_free(stream->fast);
	free(stream);
}

enum recourse_error crypto_key_open(const uint8_t seed[static CRYPTO_SEED_SIZE], struct crypto_key **key)
{
	*key = NULL;
	struct crypto_key *opened = sodium_malloc(sizeof *opened);
	if (opened == NULL)
		return RECOURSE_MEMORY;

	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	if (crypto_sign_ed25519_seed_keypair(public_key, opened->secret, seed) != 0 ||
		sodium_mprotect_readonly(opened) != 0) {
		sodium_free(opened);
		return RECOURSE_MEMORY;
	}
	*key = opened;
	return RECOURSE_OK;
}

void crypto_key_free(struct crypto_key *key)
{
	sodium_free(key);
}

void crypto_key_public(const struct crypto_key *key, uint8_t public_key[static CRYPTO_PUBLIC_SIZE])
{
	int derived = crypto_sign_ed25519_sk_to_pk(public_key, key->secret);
	assert(derived == 0);
	(void)derived;
}

/* Label and message side by side, because Ed25519 reads what it signs twice. */
static enum recourse_error join(slice label, slice message, struct buffer *joined)
{
	if (label.size > CRYPTO_MESSAGE_MAX || message.size > CRYPTO_MESSAGE_MAX - label.size)
		return RECOURSE_MEMORY;
	buffer_append(joined, label.data, label.size);
	buffer_append(joined, message.data, message.size);
	return buffer_failed(joined) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error crypto_key_sign(const struct crypto_key *key, slice label, slice message,
	uint8_t signature[static CRYPTO_SIGNATURE_SIZE])
{
	SCOPED(buffer_free) struct buffer joined = {.secret = true};
	TRY(join(label, message, &joined));
	int result = crypto_sign_ed25519_detached(signature, NULL, joined.data, joined.size, key->secret);
	return result == 0 ? RECOURSE_OK : RECOURSE_INTERNAL;
}

enum recourse_error crypto_verify(const uint8_t public_key[static CRYPTO_PUBLIC_SIZE], slice label,
	slice message, const uint8_t signature[static CRYPTO_SIGNATURE_SIZE])
{
	SCOPED(buffer_free) struct buffer joined = {.secret = true};
	TRY(join(label, message, &joined));
	int result = crypto_sign_ed25519_verify_detached(signature, joined.data, joined.size, public_key);
	return result == 0 ? RECOURSE_OK : RECOURSE_SIGNATURE_INVALID;
}

bool crypto_public_sound(const uint8_t public_key[static CRYPTO_PUBLIC_SIZE])
{
	return crypto_core_ed25519_is_valid_point(public_key) == 1;
}

void crypto_mark(const uint8_t key[static CRYPTO_MARK_KEY_SIZE], slice label, slice data,
	uint8_t mark[static CRYPTO_HASH_SIZE])
{
	crypto_auth_hmacsha256_state state;
	static_assert(crypto_auth_hmacsha256_BYTES == CRYPTO_HASH_SIZE, "HMAC-SHA-256");
	crypto_auth_hmacsha256_init(&state, key, CRYPTO_MARK_KEY_SIZE);
	crypto_auth_hmacsha256_update(&state, label.data, label.size);
	crypto_auth_hmacsha256_update(&state, data.data, data.size);
	crypto_auth_hmacsha256_final(&state, mark);
	crypto_wipe(&state, sizeof state);
}

uint64_t crypto_short_hash(const uint8_t key[static 16], slice data)
{
	uint64_t hash;
	static_assert(
		sizeof hash == crypto_shorthash_BYTES && crypto_shorthash_KEYBYTES == 16, "SipHash-2-4");
	crypto_shorthash((unsigned char *)&hash, data.data, data.size, key);
	return hash;
}

enum { NONCE_SIZE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
static_assert(CRYPTO_SEAL_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "XChaCha20-Poly1305");
static_assert(CRYPTO_SEAL_EXTRA == NONCE_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES, "nonce and tag");

void crypto_seal(const uint8_t key[static CRYPTO_SEAL_KEY_SIZE], slice beside, slice text, uint8_t *sealed)
{
	crypto_random(sealed, NONCE_SIZE);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(
		sealed + NONCE_SIZE, NULL, text.data, text.size, beside.data, beside.size, NULL, sealed, key);
}

bool crypto_unseal(const uint8_t key[static CRYPTO_SEAL_KEY_SIZE], slice beside, slice sealed, uint8_t *text)
{
	if (sealed.size < CRYPTO_SEAL_EXTRA)
		return false;
	return crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, sealed.data + NONCE_SIZE,
		       sealed.size - NONCE_SIZE, beside.data, beside.size, sealed.data, key) == 0;
}

typedef crypto_secretstream_xchacha20poly1305_state flow_state;
static_assert(sizeof(flow_state) <= sizeof(struct crypto_flow), "room for libsodium's");
static_assert(CRYPTO_FLOW_KEY_SIZE == crypto_secretstream_xchacha20poly1305_KEYBYTES, "secretstream");
static_assert(CRYPTO_FLOW_HEADER_SIZE == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "secretstream");
static_assert(CRYPTO_FLOW_EXTRA == crypto_secretstream_xchacha20poly1305_ABYTES, "secretstream");

void crypto_flow_begin(struct crypto_flow *flow, const uint8_t key[static CRYPTO_FLOW_KEY_SIZE],
	uint8_t header[static CRYPTO_FLOW_HEADER_SIZE])
{
	(void)crypto_secretstream_xchacha20poly1305_init_push((flow_state *)flow->opaque, header, key);
}

void crypto_flow_seal(struct crypto_flow *flow, bool last, slice text, uint8_t *sealed)
{
	unsigned char tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
				 : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
	(void)crypto_secretstream_xchacha20poly1305_push(
		(flow_state *)flow->opaque, sealed, NULL, text.data, text.size, NULL, 0, tag);
}

bool crypto_flow_resume(struct crypto_flow *flow, const uint8_t key[static CRYPTO_FLOW_KEY_SIZE],
	const uint8_t header[static CRYPTO_FLOW_HEADER_SIZE])
{
	return crypto_secretstream_xchacha20poly1305_init_pull((flow_state *)flow->opaque, header, key) == 0;
}

bool crypto_flow_open(struct crypto_flow *flow, slice sealed, uint8_t *text, bool *last)
{
	unsigned char tag = 0;
	if (sealed.size < CRYPTO_FLOW_EXTRA ||
		crypto_secretstream_xchacha20poly1305_pull((flow_state *)flow->opaque, text, NULL, &tag,
			sealed.data, sealed.size, NULL, 0) != 0)
		return false;
	*last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return *last || tag == crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
}

void crypto_random(void *bytes, size_t size)
{
	randombytes_buf(bytes, size);
}

void crypto_wipe(void *bytes, size_t size)
{
	sodium_memzero(bytes, size);
}

size_t crypto_base64_size(size_t size)
{
	return sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL);
}

void crypto_base64_encode(slice bytes, char *text)
{
	sodium_bin2base64(
		text, crypto_base64_size(bytes.size), bytes.data, bytes.size, sodium_base64_VARIANT_ORIGINAL);
}

void crypto_base64_append(slice bytes, struct buffer *out)
{
	size_t size = crypto_base64_size(bytes.size);
	uint8_t *room = buffer_reserve(out, size);
	if (room == NULL)
		return;
	crypto_base64_encode(bytes, (char *)room);
	out->size += size - 1;
}

/* What well-formed text of that length and padding holds. */
static size_t decoded_size(slice text)
{
	if (text.size < 4)
		return 0;
	size_t size = text.size / 4 * 3;
	if (text.data[text.size - 1] != '=')
		return size;
	return text.data[text.size - 2] == '=' ? size - 2 : size - 1;
}

/* libsodium 1.0.18 takes every byte from 80 up for '/'. */
static bool is_ascii(slice text)
{
	uint8_t bits = 0;
	for (size_t i = 0; i < text.size; i++)
		bits |= text.data[i];
	return bits < 0x80;
}

enum recourse_error crypto_base64_decode(slice text, uint8_t *bytes, size_t capacity, size_t *size)
{
	*size = 0;
	if (text.size % 4 != 0 || !is_ascii(text))
		return RECOURSE_FIELD_FORMAT;
	if (text.size == 0)
		return RECOURSE_OK;
	if (decoded_size(text) > capacity)
		return RECOURSE_FIELD_LIMIT;

	size_t written = 0;
	if (sodium_base642bin(bytes, capacity, (const char *)text.data, text.size, NULL, &written, NULL,
		    sodium_base64_VARIANT_ORIGINAL) != 0)
		return RECOURSE_FIELD_FORMAT;
	*size = written;
	return RECOURSE_OK;
}

bool crypto_base64_exact(slice text, uint8_t *bytes, size_t size)
{
	size_t written;
	return crypto_base64_decode(text, bytes, size, &written) == RECOURSE_OK && written == size;
}

bool crypto_base64_valid(slice text)
{
	uint8_t bytes[BASE64_PIECE / 4 * 3];
	size_t size = 0;
	while (text.size > BASE64_PIECE) {
		if (crypto_base64_decode(slice_of(text.data, BASE64_PIECE), bytes, sizeof bytes, &size) !=
			RECOURSE_OK)
			return false;
		/* Padding belongs at the end of the whole only. */
		if (size != sizeof bytes)
			return false;
		text = slice_from(text, BASE64_PIECE);
	}
	return crypto_base64_decode(text, bytes, sizeof bytes, &size) == RECOURSE_OK;
}
