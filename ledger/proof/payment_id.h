/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * What a payment is called towards who pays it: EndToEndId, out_bill_no, YURREF … Nothing is kept of it. It follows from the number of
 * the entry that ordered it, and whoever knows ledger and rail reads that number from it, and sees whether it is theirs:
 *
 *     00021J7K  9ZQ4T0X83M5B1C6VYAHD
 *     number    check: as many digits as are left of
 *               SHA-256("recourse-payment-id-v1\n" origin "\n" rail "\n" number "\n"), the number in decimal
 *
 * The number is written with zeroes in front, in the digits of the alphabet: 36 of them in 8 places (upper, lower: 0-9 and letters),
 * 16 in 10 (hex), 10 in 12 (digits), so all of them hold the same numbers, below 10^12. The check is the hash as one large number,
 * the most significant byte first, of which the last digits in that alphabet stand there. The shortest id, of 20, has 62, 40 or
 * 27 bits of it. One that is sent again after it came back was ordered by another entry, and is called otherwise; one that is said
 * to the bank twice is called the same.
 */
enum payment_id_alphabet { PAYMENT_ID_UPPER, PAYMENT_ID_LOWER, PAYMENT_ID_HEX, PAYMENT_ID_DIGITS };
enum { PAYMENT_ID_ALPHABETS = PAYMENT_ID_DIGITS + 1, PAYMENT_ID_MIN = 20, PAYMENT_ID_MAX = 35 };
#define PAYMENT_ID_NUMBERS UINT64_C(1000000000000) /* a number is below that */
extern const char *const payment_id_alphabets[];   /* their names; NULL-terminated */

/*
 * Writes `length` characters and a NUL; a length within PAYMENT_ID_MIN and PAYMENT_ID_MAX (asserted). OVERFLOW for a number that is
 * too large; MEMORY never: origin and rail are at most 256 bytes together (FIELD_LIMIT).
 */
enum recourse_error payment_id_make(slice origin, slice rail, uint64_t number,
	enum payment_id_alphabet alphabet, uint32_t length, char out[static PAYMENT_ID_MAX + 1]);

/*
 * The number of one. FIELD_FORMAT: not of that length, or not in that alphabet; SIGNATURE_INVALID: of another ledger or another rail,
 * or somebody wrote it down wrong.
 */
enum recourse_error payment_id_read(slice origin, slice rail, enum payment_id_alphabet alphabet,
	uint32_t length, slice text, uint64_t *number);
