/* SPDX-License-Identifier: Apache-2.0 */
#include "worked.h"
#include "support.h"

struct worked worked;

void worked_seed(uint8_t first, uint8_t seed[static CRYPTO_SEED_SIZE])
{
	for (size_t index = 0; index < CRYPTO_SEED_SIZE; index++)
		seed[index] = (uint8_t)(first + index);
}

int worked_start(void **state)
{
	uint8_t seed[CRYPTO_SEED_SIZE];
	assert_int_equal(support_crypto(state), 0);
	assert_ok(key_parse(slice_text(LOG_VKEY), &worked.log));
	worked_seed(0, seed);
	assert_ok(key_open_seed(slice_text("example.com/ledger"), seed, &worked.log_secret));
	return 0;
}

int worked_stop(void **state)
{
	key_close(&worked.log_secret);
	return 0;
}
