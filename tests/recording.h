/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_ledger.h"

#include <stdio.h>

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

/* ---- deciding again (recording_replay.c) ---- */

/*
 * A recording decided again by this program: its requests and entries are written into a new log, each request goes
 * through the core at its recorded time with its recorded salt, and its record (the refusals within) and its entries
 * must come out byte for byte. Then all balances must be the recorded ones, and the offline audit of that log must
 * find nothing.
 */
struct recording_finding {
	uint64_t request;   /* at which deciding again stopped; RECORDING_NOWHERE: it came to the end */
	uint64_t entry;     /* the first that differs; RECORDING_NOWHERE: none does */
	struct buffer text; /* what is wrong, lines of it for people: "-" was recorded, "+" is made now */
};
#define RECORDING_NOWHERE UINT64_MAX

/* False with the finding, whose text is to be freed in any case. A fault of the machine fails the test. */
bool recording_replay(const struct recording *recording, struct recording_finding *finding);

/*
 * Appends the recording of its first `requests` requests, at least one: its balances are those that this program makes.
 * MALFORMED when there are fewer. A fault of the machine fails the test.
 */
enum recourse_error recording_cut(const struct recording *recording, size_t requests, struct buffer *out);

/* ---- listing (recording_list.c) ---- */

/*
 * What a recording has, one line for each command in it, for programs that count or choose:
 *
 *   all|each accept KIND [CLOCK [missed ERROR]|CARRIED] [CODE±…]    the entry's kind, the clock that struck or the
 *                                        command that was carried out, the sides of the accounts posted to
 *   all|each refuse COMMAND ERROR [FIELD]
 *
 * In mode `all` a refused request is the one command that was refused; the others are not listed.
 */
enum recourse_error recording_list(const struct recording *recording, FILE *out);

/* How many commands were refused. */
enum recourse_error recording_refusals(const struct recording *recording, size_t *count);
