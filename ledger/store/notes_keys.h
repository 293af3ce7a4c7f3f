/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"

/*
 * A file of keys, each in a place of its own by its number, from 1 on: number × 32 bytes, the first 32 saying what file
 * it is. A key is overwritten where it lies: no page of an older state keeps it, as LMDB's would. Zeroes are no key.
 */
enum { NOTES_KEYS_PLACE = CRYPTO_SEAL_KEY_SIZE };

/* What a new file begins with: NOTES_KEYS_PLACE bytes. */
extern const uint8_t notes_keys_head[NOTES_KEYS_PLACE];

/* QUERY_NOT_FOUND where there is none, or none any more. IO. */
enum recourse_error notes_keys_read(int file, uint64_t number, uint8_t key[static CRYPTO_SEAL_KEY_SIZE]);

/* The same; one that is not there is made, and not synced. STORE_FULL, IO. */
enum recourse_error notes_keys_need(
	int file, uint64_t number, uint8_t key[static CRYPTO_SEAL_KEY_SIZE], bool *made);

/* Overwrites it, not synced; whether there was one. IO, STORE_FULL. */
enum recourse_error notes_keys_erase(int file, uint64_t number, bool *there);

/* Overwrites those behind the last one and cuts them off, not synced; whether there was anything. IO, STORE_FULL. */
enum recourse_error notes_keys_cut(int file, uint64_t last, bool *any);
