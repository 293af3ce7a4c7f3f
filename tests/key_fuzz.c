/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/key.h"
#include "fuzz.h"

static void check_public(slice text)
{
	struct key_public key;
	if (key_parse(text, &key) != RECOURSE_OK)
		return;
	char again[KEY_TEXT_SIZE];
	size_t size = key_format(&key, again);
	require(slice_equal(slice_of(again, size), text));

	struct key_public made;
	require(key_make(slice_text(key.name), key.type, key.bytes, &made) == RECOURSE_OK &&
		memcmp(&made, &key, sizeof key) == 0);
	size = key_handle(&key, again);
	require(slice_equal(slice_of(again, size), slice_of(text.data, size)));
}

static void check_secret(slice text)
{
	struct key_secret key;
	if (key_open_text(text, &key) != RECOURSE_OK)
		return;
	/* The last 44 characters are the type and the seed. */
	require(text.size > 44);
	uint8_t encoded[1 + CRYPTO_SEED_SIZE];
	size_t size = 0;
	slice base64 = slice_of(text.data + text.size - 44, 44);
	require(crypto_base64_decode(base64, encoded, sizeof encoded, &size) == RECOURSE_OK &&
		size == sizeof encoded && encoded[0] == KEY_TYPE_ED25519);
	char again[KEY_TEXT_SIZE];
	size = key_format_secret(slice_text(key.public_key.name), encoded + 1, again);
	require(slice_equal(slice_of(again, size), text));
	key_close(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	require(crypto_start() == RECOURSE_OK);
	check_public(slice_of(data, size));
	check_secret(slice_of(data, size));
	return 0;
}
