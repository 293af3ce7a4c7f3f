/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * Seals of the state's rows. LMDB has no checksums, and whoever can write the file can write what it says: one number
 * changed in it would be believed, and signed. So a row is kept as its value and eight bytes behind it that follow from
 * key and value by a secret (SipHash-2-4, libsodium's short hash). They are no part of what the state says: neither
 * readers nor its digest see them.
 *
 *     stored = value ‖ SipHash(secret, size of key ‖ key ‖ value)
 *
 * A row that is wrong is found when it is read. An old row that was put back is right by itself: it is found by the
 * sum of all seals, which the state's head keeps (state_sweep()).
 */
enum {
	SEAL_SECRET_SIZE = 16,
	SEAL_SIZE = 8,
	SEAL_KEY_MAX = 400,
	SEAL_VALUE_MAX = 4096,
};
struct seal {
	uint8_t secret[SEAL_SECRET_SIZE];
	bool blind; /* who has not the secret: seals are there and not looked at */
};

/*
 * The secret in the file keys/state of the ledger's directory, for the owner's eyes only. Where there is none one is made, and the state, whose seals do not
 * fit it then, is made again from the log; or, to read, nothing is, and who reads is blind. NOT_PERMITTED for a file that
 * others may read or write, IO.
 */
enum recourse_error seal_read_secret(const char *directory, bool to_read, struct seal *seal);

/*
 * The value as it is stored, in `bytes`; the number behind it; the value without it, STORE_CORRUPT where that number is not
 * what it should be.
 */
enum { SEAL_ROOM = 2 + SEAL_KEY_MAX + SEAL_VALUE_MAX + SEAL_SIZE };
slice seal_close(const struct seal *seal, slice key, slice value, uint8_t bytes[static SEAL_ROOM]);
uint64_t seal_of(slice stored);
enum recourse_error seal_open(const struct seal *seal, slice key, slice stored, slice *value);
