/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"
#include "support.h"
#include "worked.h"
#include "base/crypto.h"
#include "base/text.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { BASE64_TESTED_MAX = 3100 };

static void from_hex(const char *hex, uint8_t *bytes, size_t size)
{
	assert_ok(text_from_hex(slice_text(hex), bytes, size));
}

static void assert_hash(const struct crypto_hash *hash, const char *hex)
{
	struct crypto_hash expected;
	from_hex(hex, expected.bytes, sizeof expected.bytes);
	assert_memory_equal(hash->bytes, expected.bytes, sizeof expected.bytes);
}

static void test_sha256(void **state)
{
	struct crypto_hash hash;
	crypto_sha256(slice_of(NULL, 0), &hash);
	assert_hash(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	crypto_sha256(slice_text("abc"), &hash);
	assert_hash(&hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

	struct crypto_hash labelled;
	crypto_sha256_labelled(slice_text("ab"), slice_text("c"), &labelled);
	assert_true(crypto_hash_equal(&hash, &labelled));
	crypto_sha256_labelled(slice_of(NULL, 0), slice_text("abc"), &labelled);
	assert_true(crypto_hash_equal(&hash, &labelled));
	crypto_sha256_labelled(slice_text("abc"), slice_of(NULL, 0), &labelled);
	assert_true(crypto_hash_equal(&hash, &labelled));
	labelled.bytes[CRYPTO_HASH_SIZE - 1] ^= 1;
	assert_false(crypto_hash_equal(&hash, &labelled));
}

/* Whichever library hashes, it is the same hash at each length around the blocks of 64 bytes. */
/* However it is cut into pieces. */
static void test_sha256_piece_by_piece(void **state)
{
	static const uint8_t bytes[3 * 64 + 5] = {1, 2, 3};
	for (size_t piece = 1; piece <= sizeof bytes; piece++) {
		struct crypto_stream *stream;
		struct crypto_hash whole;
		struct crypto_hash pieces;
		assert_ok(crypto_stream_open(&stream));
		for (size_t offset = 0; offset < sizeof bytes; offset += piece) {
			size_t left = sizeof bytes - offset;
			crypto_stream_add(stream, slice_of(bytes + offset, left < piece ? left : piece));
		}
		crypto_stream_end(stream, &pieces);
		crypto_sha256(slice_of(bytes, sizeof bytes), &whole);
		assert_true(crypto_hash_equal(&whole, &pieces));
	}
}

static void test_sha256_of_two_libraries(void **state)
{
	uint8_t bytes[200];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t size = 0; size <= sizeof bytes; size++) {
		struct crypto_hash hash, other;
		crypto_sha256_labelled(
			slice_of(bytes, size / 3), slice_of(bytes + size / 3, size - size / 3), &hash);
		crypto_hash_sha256(other.bytes, bytes, size);
		assert_true(crypto_hash_equal(&hash, &other));
	}
}

struct ed25519_vector {
	const char *seed;
	const char *public_key;
	const char *message;
	const char *signature;
};

/* RFC 8032, section 7.1, tests 1 and 2. */
static const struct ed25519_vector ED25519_VECTORS[] = {
	{
		.seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		.public_key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		.message = "",
		.signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
			     "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
	},
	{
		.seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		.public_key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		.message = "r",
		.signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
			     "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
	},
};

static void check_vector(const struct ed25519_vector *vector)
{
	uint8_t seed[CRYPTO_SEED_SIZE];
	uint8_t expected_public[CRYPTO_PUBLIC_SIZE];
	uint8_t expected_signature[CRYPTO_SIGNATURE_SIZE];
	from_hex(vector->seed, seed, sizeof seed);
	from_hex(vector->public_key, expected_public, sizeof expected_public);
	from_hex(vector->signature, expected_signature, sizeof expected_signature);

	struct crypto_key *key;
	assert_ok(crypto_key_open(seed, &key));
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	crypto_key_public(key, public_key);
	assert_memory_equal(public_key, expected_public, sizeof public_key);

	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	slice message = slice_text(vector->message);
	assert_ok(crypto_key_sign(key, slice_of(NULL, 0), message, signature));
	assert_memory_equal(signature, expected_signature, sizeof signature);
	assert_ok(crypto_verify(public_key, slice_of(NULL, 0), message, signature));
	crypto_key_free(key);
}

static void test_ed25519_vectors(void **state)
{
	for (size_t i = 0; i < sizeof ED25519_VECTORS / sizeof ED25519_VECTORS[0]; i++)
		check_vector(&ED25519_VECTORS[i]);
}

static struct crypto_key *open_some(uint8_t public_key[static CRYPTO_PUBLIC_SIZE])
{
	uint8_t seed[CRYPTO_SEED_SIZE];
	worked_seed(0, seed);
	struct crypto_key *key;
	assert_ok(crypto_key_open(seed, &key));
	crypto_key_public(key, public_key);
	return key;
}

static void test_label_is_joined(void **state)
{
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	struct crypto_key *key = open_some(public_key);
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	assert_ok(crypto_key_sign(key, slice_text("ab"), slice_text("c"), signature));
	assert_ok(crypto_verify(public_key, slice_text("a"), slice_text("bc"), signature));
	assert_ok(crypto_verify(public_key, slice_of(NULL, 0), slice_text("abc"), signature));
	assert_ok(crypto_verify(public_key, slice_text("abc"), slice_of(NULL, 0), signature));
	assert_error(crypto_verify(public_key, slice_of(NULL, 0), slice_text("c"), signature),
		RECOURSE_SIGNATURE_INVALID);
	crypto_key_free(key);
}

static void check_size(const struct crypto_key *key, const uint8_t *public_key, uint8_t *bytes, size_t size,
	enum recourse_error expected)
{
	slice label = slice_text("label\n");
	slice message = slice_of(bytes, size);
	uint8_t signature[CRYPTO_SIGNATURE_SIZE] = {0};
	assert_error(crypto_key_sign(key, label, message, signature), expected);
	assert_error(crypto_verify(public_key, label, message, signature), expected);
	if (expected != RECOURSE_OK || size == 0)
		return;
	bytes[size - 1] ^= 1;
	assert_error(crypto_verify(public_key, label, message, signature), RECOURSE_SIGNATURE_INVALID);
	bytes[size - 1] ^= 1;
}

/* Around the sizes where messages move to the heap, and where they become too long. */
static void test_sizes(void **state)
{
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	struct crypto_key *key = open_some(public_key);
	SCOPED(support_free) uint8_t *bytes = calloc(1, CRYPTO_MESSAGE_MAX + 1);
	assert_non_null(bytes);
	size_t label_size = strlen("label\n");
	for (size_t size = 1024 - label_size - 2; size <= 1024 + 2; size++)
		check_size(key, public_key, bytes, size, RECOURSE_OK);
	check_size(key, public_key, bytes, 0, RECOURSE_OK);
	check_size(key, public_key, bytes, CRYPTO_MESSAGE_MAX - label_size, RECOURSE_OK);
	check_size(key, public_key, bytes, CRYPTO_MESSAGE_MAX - label_size + 1, RECOURSE_MEMORY);
	check_size(key, public_key, bytes, CRYPTO_MESSAGE_MAX + 1, RECOURSE_MEMORY);
	crypto_key_free(key);
}

static void test_flipped_bits(void **state)
{
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	struct crypto_key *key = open_some(public_key);
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	slice label = slice_text("label\n");
	slice message = slice_text("message");
	assert_ok(crypto_key_sign(key, label, message, signature));
	for (size_t bit = 0; bit < sizeof signature * 8; bit++) {
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_error(
			crypto_verify(public_key, label, message, signature), RECOURSE_SIGNATURE_INVALID);
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t bit = 0; bit < sizeof public_key * 8; bit++) {
		public_key[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_error(
			crypto_verify(public_key, label, message, signature), RECOURSE_SIGNATURE_INVALID);
		public_key[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_ok(crypto_verify(public_key, label, message, signature));
	crypto_key_free(key);
}

/* S and S + L, the order of the group, sign the same; only the smaller is a signature. */
static void test_noncanonical_s(void **state)
{
	uint8_t order[32];
	from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010", order, sizeof order);
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	struct crypto_key *key = open_some(public_key);
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	slice message = slice_text("message");
	assert_ok(crypto_key_sign(key, slice_of(NULL, 0), message, signature));

	unsigned carry = 0;
	for (size_t i = 0; i < sizeof order; i++) {
		carry += (unsigned)signature[32 + i] + order[i];
		signature[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	assert_int_equal(carry, 0);
	assert_error(
		crypto_verify(public_key, slice_of(NULL, 0), message, signature), RECOURSE_SIGNATURE_INVALID);
	crypto_key_free(key);
}

/* With the neutral element as key and R, and S = 0, the equation holds for every message. */
static void test_small_order(void **state)
{
	uint8_t neutral[CRYPTO_PUBLIC_SIZE] = {1};
	uint8_t signature[CRYPTO_SIGNATURE_SIZE] = {1};
	assert_error(crypto_verify(neutral, slice_of(NULL, 0), slice_text("message"), signature),
		RECOURSE_SIGNATURE_INVALID);
}

static void write_to(void *key)
{
	signal(SIGSEGV, SIG_DFL);
	*(volatile uint8_t *)key = 0;
}

static void test_key_is_read_only(void **state)
{
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	struct crypto_key *key = open_some(public_key);
	assert_true(WIFSIGNALED(child_run(write_to, key)));
	crypto_key_free(key);
	crypto_key_free(NULL);
}

/* draft-irtf-cfrg-xchacha-03, A.3.1; and any other byte opens nothing. */
static void test_seal(void **state)
{
	static const char text[] =
		"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
		"the future, sunscreen would be it.";
	enum { SIZE = sizeof text - 1, SEALED = SIZE + CRYPTO_SEAL_EXTRA };
	uint8_t key[CRYPTO_SEAL_KEY_SIZE], beside[12], sealed[SEALED], opened[SIZE];
	from_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", key, sizeof key);
	from_hex("50515253c0c1c2c3c4c5c6c7", beside, sizeof beside);
	from_hex("404142434445464748494a4b4c4d4e4f5051525354555657"
		 "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4ed"
		 "a7e"
		 "39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b238356"
		 "5d3"
		 "fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49",
		sealed, sizeof sealed);
	slice context = slice_of(beside, sizeof beside);
	assert_true(crypto_unseal(key, context, slice_of(sealed, sizeof sealed), opened));
	assert_memory_equal(opened, text, SIZE);
	for (size_t at = 0; at < SEALED; at++) {
		sealed[at] ^= 1;
		assert_false(crypto_unseal(key, context, slice_of(sealed, sizeof sealed), opened));
		sealed[at] ^= 1;
	}
	for (size_t size = 0; size < SEALED; size++)
		assert_false(crypto_unseal(key, context, slice_of(sealed, size), opened));
	uint8_t mine[2][SEALED];
	for (size_t one = 0; one < 2; one++) {
		crypto_seal(key, context, slice_of(text, SIZE), mine[one]);
		assert_true(crypto_unseal(key, context, slice_of(mine[one], SEALED), opened));
		assert_memory_equal(opened, text, SIZE);
	}
	assert_memory_not_equal(mine[0], mine[1], SEALED); /* a nonce of its own */
	beside[0] ^= 1;
	assert_false(crypto_unseal(key, context, slice_of(sealed, sizeof sealed), opened));
}

static void test_random_and_wipe(void **state)
{
	uint8_t one[32] = {0};
	uint8_t other[32] = {0};
	static const uint8_t ZERO[32];
	crypto_random(one, sizeof one);
	crypto_random(other, sizeof other);
	assert_memory_not_equal(one, other, sizeof one);
	crypto_wipe(one, sizeof one);
	assert_memory_equal(one, ZERO, sizeof one);
	/* starting once more is no harm */
	assert_ok(crypto_start());
}

/* RFC 4648, section 10. */
static const char *const BASE64_VECTORS[][2] = {
	{"", ""},
	{"f", "Zg=="},
	{"fo", "Zm8="},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy"},
};

static void test_base64_vectors(void **state)
{
	for (size_t i = 0; i < sizeof BASE64_VECTORS / sizeof BASE64_VECTORS[0]; i++) {
		const char *plain = BASE64_VECTORS[i][0];
		const char *encoded = BASE64_VECTORS[i][1];
		char text[16];
		assert_int_equal(crypto_base64_size(strlen(plain)), strlen(encoded) + 1);
		crypto_base64_encode(slice_text(plain), text);
		assert_string_equal(text, encoded);

		uint8_t bytes[16];
		size_t size = 99;
		assert_ok(crypto_base64_decode(slice_text(encoded), bytes, strlen(plain), &size));
		assert_true(slice_is(slice_of(bytes, size), plain));
		assert_true(crypto_base64_valid(slice_text(encoded)));
		if (size == 0)
			continue;
		assert_error(crypto_base64_decode(slice_text(encoded), bytes, strlen(plain) - 1, &size),
			RECOURSE_FIELD_LIMIT);
		assert_int_equal(size, 0);
	}
}

static void test_base64_refused(void **state)
{
	static const char *const REFUSED[] = {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", " Zg==", "Zg==\n",
		"Zg== ", "Zg==Zg==", "Zm-v", "Zm_v", "====", "=Zg=", "Z===", "Zm9v====", "Z g=", "Zm9\xc3"};
	for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++) {
		uint8_t bytes[16];
		size_t size = 99;
		slice text = slice_text(REFUSED[i]);
		assert_error(crypto_base64_decode(text, bytes, sizeof bytes, &size), RECOURSE_FIELD_FORMAT);
		assert_int_equal(size, 0);
		assert_false(crypto_base64_valid(text));
	}
}

/* Every byte at every place of a group: what is accepted is what encoding gives back. */
static void test_base64_every_byte(void **state)
{
	static const char *const GROUPS[] = {"Zm9v", "Zm8=", "Zg=="};
	for (unsigned i = 0; i < 3 * 4 * 256; i++) {
		char text[5];
		memcpy(text, GROUPS[i / 1024], sizeof text);
		text[i / 256 % 4] = (char)(i % 256);
		uint8_t bytes[3];
		size_t size = 0;
		char again[5];
		if (crypto_base64_decode(slice_of(text, 4), bytes, sizeof bytes, &size) != RECOURSE_OK)
			continue;
		crypto_base64_encode(slice_of(bytes, size), again);
		assert_memory_equal(again, text, 4);
	}
}

static void check_base64(size_t size)
{
	uint8_t bytes[BASE64_TESTED_MAX];
	uint8_t decoded[BASE64_TESTED_MAX];
	char text[BASE64_TESTED_MAX * 4 / 3 + 5];
	crypto_random(bytes, size);
	crypto_base64_encode(slice_of(bytes, size), text);
	slice encoded = slice_text(text);
	size_t decoded_size = 0;
	assert_ok(crypto_base64_decode(encoded, decoded, size, &decoded_size));
	assert_int_equal(decoded_size, size);
	assert_memory_equal(decoded, bytes, size);

	assert_true(crypto_base64_valid(encoded));
	for (size_t cut = 1; cut < 4 && cut < encoded.size; cut++)
		assert_false(crypto_base64_valid(slice_of(text, encoded.size - cut)));
	text[encoded.size / 2] = '=';
	if (encoded.size > 4)
		assert_false(crypto_base64_valid(encoded));
	text[encoded.size / 2] = '\n';
	if (encoded.size > 4)
		assert_false(crypto_base64_valid(encoded));
}

static void test_base64_round_trip(void **state)
{
	for (size_t size = 1; size <= 64; size++)
		check_base64(size);
	for (size_t size = 760; size <= 776; size++)
		check_base64(size);
	for (size_t size = BASE64_TESTED_MAX - 40; size <= BASE64_TESTED_MAX; size++)
		check_base64(size);
}

/* Padding may not stand inside, not even where checking pauses. */
static void test_base64_padding_inside(void **state)
{
	char text[4096];
	for (size_t position = 4; position < sizeof text; position += 4) {
		memset(text, 'A', sizeof text);
		text[position - 1] = '=';
		assert_false(crypto_base64_valid(slice_of(text, sizeof text)));
		text[position - 2] = '=';
		assert_false(crypto_base64_valid(slice_of(text, sizeof text)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_sha256_piece_by_piece),
		cmocka_unit_test(test_sha256_of_two_libraries),
		cmocka_unit_test(test_ed25519_vectors),
		cmocka_unit_test(test_label_is_joined),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_noncanonical_s),
		cmocka_unit_test(test_small_order),
		cmocka_unit_test(test_key_is_read_only),
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_random_and_wipe),
		cmocka_unit_test(test_base64_vectors),
		cmocka_unit_test(test_base64_refused),
		cmocka_unit_test(test_base64_every_byte),
		cmocka_unit_test(test_base64_round_trip),
		cmocka_unit_test(test_base64_padding_inside),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
