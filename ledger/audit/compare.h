/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "entry/submission.h"
#include "rule/check.h"
#include "store/group.h"
#include "store/log.h"

/*
 * Comparing what deciding again made with what is stored: of each request its signature, its entries byte for byte, their
 * tree hashes, its record. It needs no state: so it is done beside the deciding of what comes next (replay.h).
 */

/* What who decides hands on of a request. */
struct compare_note {
	bool is_signed; /* its signature is still to be looked at, by that key */
	bool decided;   /* it is in the group; not the one at which deciding ended */
	uint8_t signer[CRYPTO_PUBLIC_SIZE];
	uint64_t entries; /* that the log has with it */
	uint64_t behind;  /* see struct compare */
};

/* What else is looked at in an entry that is as it is stored. Of the thread that compares. */
typedef enum recourse_error compare_look(void *context, uint64_t number, slice entry);

struct compare {
	struct log_snapshot *log; /* its own: one thread at a time */
	bool verify;              /* check stored tree hashes too */
	compare_look *look;       /* may be NULL */
	void *context;

	/* how far it came, with what it stopped at */
	const struct group *group;
	uint64_t requests;
	uint64_t entries;
	uint64_t behind; /* requests that came by a clock which stood a second or more behind the ledger's */
	uint64_t most_behind;       /* nanoseconds */
	struct check_context check; /* what is wrong, after AUDIT_FAILED */
};

/*
 * The next request of the group, which is chained as far as that. One that was not decided: its signature alone.
 * AUDIT_FAILED with the first thing that differs, by the order of what a reader looks at; faults of reading.
 */
enum recourse_error compare_request(
	struct compare *compare, struct group *group, const struct compare_note *note);

/* The signature of the request of that number. AUDIT_FAILED. Any thread. */
enum recourse_error compare_signature(struct check_context *check, uint64_t number,
	const struct submission *submission, const uint8_t signer[static CRYPTO_PUBLIC_SIZE]);
