/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Unsigned numbers as bytes, the least significant first: how the stores' own records spell them. */
static inline void little_endian_write(uint8_t *bytes, uint64_t value, size_t size)
{
	for (size_t index = 0; index < size; index++)
		bytes[index] = (uint8_t)(value >> (8 * index));
}

static inline uint64_t little_endian_read(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;
	for (size_t index = 0; index < size; index++)
		value |= (uint64_t)bytes[index] << (8 * index);
	return value;
}

/* The same, the most significant first: how CBOR, keys that are in order and what is hashed spell them. */
static inline void big_endian_write(uint8_t *bytes, uint64_t value, size_t size)
{
	for (size_t index = 0; index < size; index++)
		bytes[index] = (uint8_t)(value >> (8 * (size - 1 - index)));
}

static inline uint64_t big_endian_read(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;
	for (size_t index = 0; index < size; index++)
		value = value << 8 | bytes[index];
	return value;
}
