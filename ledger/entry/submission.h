/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "base/item.h"
#include "base/refusal.h"
#include "recourse_ledger.h"

/*
 * A request as the log keeps it: the exact signed bytes, when they were decided, the random value drawn for
 * them, and what became of each command. With it the ledger can decide everything again and the audit can
 * check who asked for what; from it every repetition is answered.
 *
 * Records are linked, and the salts of a request's entries come from the link before it. So the tree, and with it
 * every checkpoint and receipt, also covers the requests of which everything was refused and that left no entry:
 * none can be taken out, put in or moved later.
 */
enum { SUBMISSION_VERSION = 1, SUBMISSION_MEMBERS = 11 };

struct submission {
	uint64_t received; /* the host's time as the service knew it: `expires` was held against it */
	uint64_t time;     /* in the ledger, of command 0; command i has time + i */
	slice salt;        /* RECOURSE_SALT_SIZE bytes */
	struct crypto_hash previous; /* link of the record before; zero in record 0 */
	slice key;                   /* handle */
	slice payload;
	slice signature;
	uint64_t first_entry; /* accepted commands take numbers from here on, in order */
	uint64_t accepted;
	slice refusals; /* item: array of refusals, each with its command's index, ascending */
};

void submission_encode(const struct submission *submission, struct buffer *out);

/* SHA-256("recourse-record-v1\n" ‖ previous ‖ received ‖ time ‖ salt ‖ hash of the request ‖ key), times as 8 bytes. */
void submission_link(
	const struct submission *submission, const struct crypto_hash *request, struct crypto_hash *link);

/* VERSION_UNKNOWN, STORE_CORRUPT. Borrows from `bytes`. */
enum recourse_error submission_decode(slice bytes, struct submission *submission);

/* Its refusals, one after the other. STORE_CORRUPT. */
struct submission_refusals {
	bool there; /* a next one */
	struct recourse_refusal next;
	uint64_t left; /* behind it */
	slice reader;
};
enum recourse_error submission_refusals_first(
	const struct submission *submission, struct submission_refusals *refusals);
enum recourse_error submission_refusals_next(struct submission_refusals *refusals);
