/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"

/*
 * SHA-256, Ed25519, sealing, randomness and base64: the only file that knows libsodium and OpenSSL's libcrypto, of which the
 * latter hashes, with the processor's own instructions for it.
 *
 * Every kind of thing that is hashed or signed begins with its own label, so that no signature or
 * hash of one kind can be passed off as another:
 *
 *   "recourse-request-v1\n" ‖ payload       what a caller signs, and what the request hash covers
 *   00 ‖ entry, 01 ‖ left ‖ right           tree hashes (RFC 6962)
 *   the note's text                         checkpoints (C2SP signed note)
 *   "cosignature/v1\n" …                    cosignatures (C2SP)
 *   "recourse-content-v1\n" …               what makes two requests the same
 *   "recourse-record-v1\n" …                the links between the records of requests
 *   "recourse-salt-v1\n" …                  the salts of a request's entries
 *   "recourse-note-v1\n" …                  what a note of a command commits to
 *   "recourse-note-random-v1\n" …           what the random of a client's note follows from, signed and hashed
 *   "recourse-account-v1\n" …               what stands for an account's number, under the platform's key
 *   "recourse-message-id-v1\n" …            what a file of payments is called
 *   "recourse-payment-id-v1\n" …            the check in what a payment is called towards who pays it
 *   "recourse-sealed-v1\n" …                what is authenticated beside the text of one, sealed
 *   "recourse-backup-v1\n" …                each block of a piece of a backup; and which key sealed one
 */
enum {
	CRYPTO_HASH_SIZE = 32,
	CRYPTO_SEED_SIZE = 32,
	CRYPTO_PUBLIC_SIZE = 32,
	CRYPTO_SIGNATURE_SIZE = 64,
	CRYPTO_MESSAGE_MAX = 2 * 1024 * 1024, /* label and message together, signing and verifying */
};

/* Must be called once before anything else here; safe to call again, from any thread. */
enum recourse_error crypto_start(void);

struct crypto_hash {
	uint8_t bytes[CRYPTO_HASH_SIZE];
};

static inline bool crypto_hash_equal(const struct crypto_hash *a, const struct crypto_hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* These two take no memory that they need: where there is none they are slower. */
void crypto_sha256(slice data, struct crypto_hash *hash);

/* SHA-256 of label ‖ data. */
void crypto_sha256_labelled(slice label, slice data, struct crypto_hash *hash);

/*
 * The same of what is too large to hold, piece by piece: open, add, end, which says the hash of all that was added and
 * frees it; or free, where the hash is not wanted. NULL is fine to free. MEMORY.
 */
struct crypto_stream;
enum recourse_error crypto_stream_open(struct crypto_stream **stream);
void crypto_stream_add(struct crypto_stream *stream, slice data);
void crypto_stream_end(struct crypto_stream *stream, struct crypto_hash *hash);
void crypto_stream_free(struct crypto_stream *stream);

/*
 * A signing key, in memory that is locked, guarded and kept out of core dumps. crypto_key_free()
 * wipes it; NULL is fine. The seed that is handed in is the caller's to wipe: crypto_wipe().
 */
struct crypto_key;
enum recourse_error crypto_key_open(const uint8_t seed[static CRYPTO_SEED_SIZE], struct crypto_key **key);
void crypto_key_free(struct crypto_key *key);
void crypto_key_public(const struct crypto_key *key, uint8_t public_key[static CRYPTO_PUBLIC_SIZE]);

/*
 * Signature over label ‖ message. MEMORY when the two exceed CRYPTO_MESSAGE_MAX or no memory is left.
 * Not called crypto_sign(): libsodium exports that name.
 */
enum recourse_error crypto_key_sign(const struct crypto_key *key, slice label, slice message,
	uint8_t signature[static CRYPTO_SIGNATURE_SIZE]);

/*
 * SIGNATURE_INVALID unless it verifies over label ‖ message. Non-canonical S and small-order points
 * never verify. A signature identifies nothing: many are valid for one message. MEMORY as above.
 */
enum recourse_error crypto_verify(const uint8_t public_key[static CRYPTO_PUBLIC_SIZE], slice label,
	slice message, const uint8_t signature[static CRYPTO_SIGNATURE_SIZE]);

/*
 * Whether a public key can be anybody's: a point of the curve in its one form, in the group of large order. For any other
 * a signature may verify that nobody made (RFC 8032, 5.1.7; "Taming the many EdDSAs", 2020).
 */
bool crypto_public_sound(const uint8_t public_key[static CRYPTO_PUBLIC_SIZE]);

/* HMAC-SHA-256 of label ‖ data: what it is of only who has the key can try out. */
enum { CRYPTO_MARK_KEY_SIZE = 32 };
void crypto_mark(const uint8_t key[static CRYPTO_MARK_KEY_SIZE], slice label, slice data,
	uint8_t mark[static CRYPTO_HASH_SIZE]);

/* SipHash-2-4: that it is right only who has the key can say. For small things that never leave this machine. */
uint64_t crypto_short_hash(const uint8_t key[static 16], slice data);

/*
 * XChaCha20-Poly1305: `sealed` takes the text's bytes and CRYPTO_SEAL_EXTRA more, among them a nonce that is drawn anew
 * each time. What is beside it is not sealed, and has to be the same for opening it.
 */
enum {
	CRYPTO_SEAL_KEY_SIZE = 32,
	CRYPTO_SEAL_EXTRA = 24 + 16, /* nonce in front, tag behind */
};
void crypto_seal(const uint8_t key[static CRYPTO_SEAL_KEY_SIZE], slice beside, slice text, uint8_t *sealed);

/* `text` has room for what was sealed less CRYPTO_SEAL_EXTRA. False where anything of the four is another. */
bool crypto_unseal(const uint8_t key[static CRYPTO_SEAL_KEY_SIZE], slice beside, slice sealed,
	uint8_t *text) RECOURSE_CHECK;

/*
 * The same of what is too large to hold, in pieces (libsodium's secretstream): each is opened in its place and order only, and
 * what was sealed as the last one says so. `sealed` takes the text's bytes and CRYPTO_FLOW_EXTRA more. Wipe it afterwards.
 */
enum {
	CRYPTO_FLOW_KEY_SIZE = 32,
	CRYPTO_FLOW_HEADER_SIZE = 24,
	CRYPTO_FLOW_EXTRA = 17,
};
struct crypto_flow {
	uint64_t opaque[7];
};
void crypto_flow_begin(struct crypto_flow *flow, const uint8_t key[static CRYPTO_FLOW_KEY_SIZE],
	uint8_t header[static CRYPTO_FLOW_HEADER_SIZE]);
void crypto_flow_seal(struct crypto_flow *flow, bool last, slice text, uint8_t *sealed);
bool crypto_flow_resume(struct crypto_flow *flow, const uint8_t key[static CRYPTO_FLOW_KEY_SIZE],
	const uint8_t header[static CRYPTO_FLOW_HEADER_SIZE]) RECOURSE_CHECK;
/* False where it is not the next one, as it was sealed. `text` has room for what was sealed less CRYPTO_FLOW_EXTRA. */
bool crypto_flow_open(struct crypto_flow *flow, slice sealed, uint8_t *text, bool *last) RECOURSE_CHECK;

void crypto_random(void *bytes, size_t size);
void crypto_wipe(void *bytes, size_t size);

/* Standard alphabet with padding. `text` has room for crypto_base64_size(size) with the NUL; `out` gets none. */
size_t crypto_base64_size(size_t size);
void crypto_base64_encode(slice bytes, char *text);
void crypto_base64_append(slice bytes, struct buffer *out);

/*
 * Canonical base64 only: padded, no blanks, unused bits zero. FIELD_FORMAT otherwise, FIELD_LIMIT
 * when the result exceeds `capacity`. `*size` is what was written.
 */
enum recourse_error crypto_base64_decode(slice text, uint8_t *bytes, size_t capacity, size_t *size);

/* Whether that gives exactly so many bytes. */
bool crypto_base64_exact(slice text, uint8_t *bytes, size_t size) RECOURSE_CHECK;

/* Whether it would accept the text, given the room. */
bool crypto_base64_valid(slice text);
