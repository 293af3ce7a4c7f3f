/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/payment_id.h"

#include "base/crypto.h"
#include "base/endian.h"
#include "base/try.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define LABEL "recourse-payment-id-v1\n"

const char *const payment_id_alphabets[] = {"upper", "lower", "hex", "digits", NULL};

static const struct alphabet {
	const char *digits;
	uint32_t base;
	uint32_t width; /* of a number */
	uint32_t group; /* so many digits are a number of 32 bits, */
	uint32_t most;  /* and how many such numbers there are: base to the power of that */
} alphabets[PAYMENT_ID_ALPHABETS] = {
	[PAYMENT_ID_UPPER] = {"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 36, 8, 6, 2176782336},
	[PAYMENT_ID_LOWER] = {"0123456789abcdefghijklmnopqrstuvwxyz", 36, 8, 6, 2176782336},
	[PAYMENT_ID_HEX] = {"0123456789abcdef", 16, 10, 7, 268435456},
	[PAYMENT_ID_DIGITS] = {"0123456789", 10, 12, 9, 1000000000},
};

/* The hash becomes what is left of it; the remainder is its last digits, as many of them as are one number. */
enum { PARTS = CRYPTO_HASH_SIZE / 4 };
static uint32_t take_digits(uint32_t number[static PARTS], uint32_t most)
{
	uint64_t left = 0;
	for (size_t index = 0; index < PARTS; index++) {
		left = left << 32 | number[index];
		number[index] = (uint32_t)(left / most);
		left %= most;
	}
	return (uint32_t)left;
}

static void write_check(const struct alphabet *of, const struct crypto_hash *hash, uint32_t length, char *out)
{
	uint32_t left[PARTS];
	uint32_t digits = 0;
	uint32_t taken = 0;
	for (size_t index = 0; index < PARTS; index++)
		left[index] = (uint32_t)big_endian_read(hash->bytes + 4 * index, 4);
	for (uint32_t place = length; place-- > of->width; digits /= of->base) {
		if (taken++ % of->group == 0)
			digits = take_digits(left, of->most);
		out[place] = of->digits[digits % of->base];
	}
	out[length] = '\0';
}

enum recourse_error payment_id_make(slice origin, slice rail, uint64_t number,
	enum payment_id_alphabet alphabet, uint32_t length, char out[static PAYMENT_ID_MAX + 1])
{
	const struct alphabet *of = &alphabets[alphabet];
	char text[256 + 32];
	struct crypto_hash hash;
	assert(length >= PAYMENT_ID_MIN && length <= PAYMENT_ID_MAX);
	if (number >= PAYMENT_ID_NUMBERS)
		return RECOURSE_OVERFLOW;
	if (origin.size + rail.size > 256)
		return RECOURSE_FIELD_LIMIT;
	int size =
		snprintf(text, sizeof text, "%.*s\n%.*s\n%llu\n", (int)origin.size, (const char *)origin.data,
			(int)rail.size, (const char *)rail.data, (unsigned long long)number);
	crypto_sha256_labelled(slice_text(LABEL), slice_of(text, (size_t)size), &hash);
	for (uint32_t place = of->width; place-- > 0; number /= of->base)
		out[place] = of->digits[number % of->base];
	write_check(of, &hash, length, out);
	return RECOURSE_OK;
}

static bool read_digits(const struct alphabet *of, slice text, uint64_t *number)
{
	*number = 0;
	for (size_t index = 0; index < text.size; index++) {
		const char *digit = memchr(of->digits, text.data[index], of->base);
		if (digit == NULL)
			return false;
		if (index < of->width)
			*number = *number * of->base + (uint64_t)(digit - of->digits);
	}
	return true;
}

enum recourse_error payment_id_read(slice origin, slice rail, enum payment_id_alphabet alphabet,
	uint32_t length, slice text, uint64_t *number)
{
	char right[PAYMENT_ID_MAX + 1];
	if (text.size != length || !read_digits(&alphabets[alphabet], text, number))
		return RECOURSE_FIELD_FORMAT;
	if (*number >= PAYMENT_ID_NUMBERS)
		return RECOURSE_SIGNATURE_INVALID;
	TRY(payment_id_make(origin, rail, *number, alphabet, length, right));
	return slice_is(text, right) ? RECOURSE_OK : RECOURSE_SIGNATURE_INVALID;
}
