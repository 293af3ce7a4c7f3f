/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "asking.h"
#include "base/crypto.h"
#include "base/text.h"
#include "exit_code.h"

/*
 * The files of a batch that went out, as the ledger was told: a file that somebody has is one of them to the byte, or it was changed
 * since, or is of another day.
 */
struct pay_sent_file {
	uint64_t number; /* from 1 */
	uint64_t entry;  /* that said so */
	char hash[2 * CRYPTO_HASH_SIZE + 1];
};

struct pay_sent {
	slice batch;
	struct buffer files; /* of struct pay_sent_file, by number */
};

/* Start with all zeroes. As asking_rows(). */
enum recourse_error pay_sent_read(struct asking *asking, slice batch, struct pay_sent *sent);
void pay_sent_free(struct pay_sent *sent);

/* The one of that number; of those bytes. NULL: none went out. */
const struct pay_sent_file *pay_sent_find(const struct pay_sent *sent, uint64_t number);
const struct pay_sent_file *pay_sent_find_hash(const struct pay_sent *sent, const char *hash);

/*
 * Whether each of these files went out in that batch, said of each: on standard output which one it is, on standard error that it is
 * none, and which it calls itself. REFUSED where any is none; DATA where one can not be read.
 */
enum exit_code pay_sent_check(
	struct asking *asking, const struct pay_sent *sent, char *const *paths, size_t count, bool json);
