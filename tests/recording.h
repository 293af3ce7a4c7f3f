/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_ledger.h"

/*
 * What a ledger was told and what it made of it, to be decided again by later programs: a file of one CBOR item in
 * the subset of item.h, so that the same ledger is recorded as the same bytes.
 *
 *   recording = ["recourse-recording-1", time, [*request], [*balance]]
 *   request   = [record, *entry]       byte strings as the log holds them: the request's record (payload, times,
 *                                      salt, refusals), then the entries it made, in order
 *   balance   = [code, party, reference, unit, steps]     of all accounts at the end, in their order; debit positive
 *   time                               the last instant that was given out
 *
 * Checkpoints, tree hashes and state are left out: they follow.
 */
struct recording_request {
	slice record;
	size_t first; /* of its entries; entry n of the ledger is entries[n] */
	size_t count;
};

struct recording_balance {
	int64_t code;
	slice party;
	slice reference;
	slice unit;
	int64_t steps;
};

/* All zeroes before it is read. Slices borrow from `bytes`, which it owns as it does the lists. */
struct recording {
	struct buffer bytes;
	uint64_t time;
	struct recording_request *requests;
	size_t request_count;
	slice *entries;
	size_t entry_count;
	struct recording_balance *balances;
	size_t balance_count;
};

/* Appends the recording of all that the ledger has committed. Faults of reading; MEMORY. */
enum recourse_error recording_write(const struct recourse_ledger *ledger, struct buffer *out);

/*
 * Takes the bytes, also when it fails. MALFORMED for anything that recording_write() would not write, as far as its
 * own shape goes: what records and entries say is for the replay to judge. MEMORY. Free it in any case.
 */
enum recourse_error recording_decode(struct buffer *bytes, struct recording *recording);

/* The same from a file. IO. */
enum recourse_error recording_read(const char *path, struct recording *recording);
void recording_free(struct recording *recording);

/*
 * Where the environment variable RECORDINGS names a directory, writes a recording of the ledger there before it is
 * closed, as PROGRAM-NUMBER.recording: the number counts the ledgers of the program. NULL, or a ledger whose state
 * does not stand where its log does (a fault was made on purpose), leaves none. The test fails when the file can
 * not be written.
 */
void recording_keep(const struct recourse_ledger *ledger);
