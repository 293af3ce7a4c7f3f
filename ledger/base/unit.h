/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * A unit of account: a currency by its ISO 4217 code, or anything countable (litres, kWh, coupons)
 * that the ledger defines. Amounts count steps: the smallest quantity that exists.
 *
 *   CNY  digits 2 step 1   "3000.00" is 300000 steps (fen)
 *   JPY  digits 0 step 1   "3000"    is 3000 steps
 *   L    digits 3 step 1   "600.000" is 600000 steps (mL)
 *   X    digits 2 step 5   "0.05"    is 1 step; "0.03" is refused
 */
enum {
	UNIT_CODE_SIZE = 12, /* longest code, in bytes */
	UNIT_DIGITS_MAX = 9, /* so that 10^digits × step fits 64 bits with room for amounts */
	UNIT_STEP_MAX = 1000000,
};

struct unit {
	char code[UNIT_CODE_SIZE + 4]; /* upper-case letters, digits, '-' ; zero-filled to the end */
	uint32_t step;                 /* in units of the last digit; 1..UNIT_STEP_MAX */
	uint8_t digits;                /* behind the decimal point; 0..UNIT_DIGITS_MAX */
	uint8_t reserved[3];           /* zero: units are stored and compared as bytes */
};

/* Whether the bytes may name a unit: 1..12 of A-Z 0-9 '-', beginning with a letter. */
bool unit_code_valid(slice code);

/* Fills `unit`. UNIT_UNKNOWN for a bad code, AMOUNT_RANGE for digits or step out of range. */
enum recourse_error unit_define(slice code, int64_t digits, int64_t step, struct unit *unit);

/*
 * The currencies of ISO 4217 with their minor digits (list one, 2024; funds codes, metals and the
 * X-codes left out). UNIT_UNKNOWN when the code is not among them.
 */
enum recourse_error unit_currency(slice code, struct unit *unit);

static inline slice unit_code(const struct unit *unit)
{
	return slice_of(unit->code, strnlen(unit->code, sizeof unit->code));
}

static inline bool unit_same(const struct unit *a, const struct unit *b)
{
	return memcmp(a->code, b->code, sizeof a->code) == 0;
}
