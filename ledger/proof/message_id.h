/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"

/*
 * What a file of payments calls itself towards who pays them: the same each time that it is written, so that who gets one a second time
 * sees that. Nothing is kept of it: as of a payment's id, whoever knows ledger and rail reads from it which file of which batch it is, so
 * that an answer to it leads to its payments without a list.
 *
 *     0001  00021J7K  9ZQ4T0X83M5B1C6VYAHD
 *     file  batch     check: what is left of a payment's id (payment_id.h) in 28 digits of 0-9 A-Z, of the rail "bank\n1" where the
 *                     rail is bank and the file the first, and of the entry that made the batch
 *
 * No rail is called so, and so no payment either. Upper-case letters and digits, which every rail takes.
 */
enum { MESSAGE_ID_SIZE = 32 };
#define MESSAGE_ID_FILES UINT64_C(1679616) /* a file's number is below that: a batch has at most a million */

/* The n-th file of a batch, from 1; with a NUL behind. OVERFLOW, FIELD_LIMIT: as payment_id_make(). */
enum recourse_error message_id_make(
	slice origin, slice rail, uint64_t batch, uint64_t file, char out[static MESSAGE_ID_SIZE + 1]);

/* FIELD_FORMAT, SIGNATURE_INVALID: as payment_id_read(). */
enum recourse_error message_id_read(slice origin, slice rail, slice text, uint64_t *batch, uint64_t *file);
