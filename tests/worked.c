/* SPDX-License-Identifier: Apache-2.0 */
#include "worked.h"
#include "support.h"

struct worked worked;

void worked_seed(uint8_t first, uint8_t seed[static CRYPTO_SEED_SIZE])
{
	for (size_t index = 0; index < CRYPTO_SEED_SIZE; index++)
		seed[index] = (uint8_t)(first + index);
}

static void open_secret(const char *name, uint8_t first, struct key_secret *key)
{
	uint8_t seed[CRYPTO_SEED_SIZE];
	worked_seed(first, seed);
	assert_ok(key_open_seed(slice_text(name), seed, key));
}

int worked_start(void **state)
{
	assert_int_equal(support_crypto(state), 0);
	assert_ok(key_parse(slice_text(LOG_VKEY), &worked.log));
	assert_ok(key_parse(slice_text(WITNESS_VKEY), &worked.witness));
	open_secret("example.com/ledger", 0, &worked.log_secret);
	open_secret("witness.example/w1", 0x20, &worked.witness_secret);
	return 0;
}

int worked_stop(void **state)
{
	key_close(&worked.log_secret);
	key_close(&worked.witness_secret);
	return 0;
}
