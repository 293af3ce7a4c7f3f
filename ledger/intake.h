/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKE_H
#define INTAKE_H

#include "item.h"
#include "recourse_ledger.h"

/*
 * A request as the log keeps it: the exact signed bytes, when they were decided, the random value drawn for
 * them, and what became of each command. With it the ledger can decide everything again and the audit can
 * check who asked for what; from it every repetition is answered.
 */
enum { INTAKE_VERSION = 1, INTAKE_MEMBERS = 9 };

struct intake {
	uint64_t time; /* of command 0; command i has time + i */
	slice salt;    /* RECOURSE_SALT_SIZE bytes */
	slice key;     /* handle */
	slice payload;
	slice signature;
	uint64_t first_entry; /* accepted commands take numbers from here on, in order */
	uint64_t accepted;
	slice refusals; /* item: array of refusals, each with its command's index, ascending */
};

void intake_encode(const struct intake *intake, struct buffer *out);

/* VERSION_UNKNOWN, STORE_CORRUPT. Borrows from `bytes`. */
enum recourse_error intake_decode(slice bytes, struct intake *intake) RECOURSE_CHECK;

#endif
