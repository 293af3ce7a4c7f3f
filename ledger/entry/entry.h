/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "base/item.h"

/*
 * An entry: what one accepted command left in the log, and one leaf of the tree. Deterministic CBOR, as
 * described in entry.cddl: an array of fourteen, so that its bytes follow from its content.
 *
 * Its postings are spelled out (account, signed steps, unit): anyone can add them up without knowing a
 * rule. Nobody encodes an entry again to verify it: stored bytes are hashed and shipped as they are.
 */
enum {
	ENTRY_VERSION = 1,
	ENTRY_MEMBERS = 14,
	ENTRY_SIZE_MAX = 16 * 1024,
	ENTRY_SALT_SIZE = 16,
	ENTRY_POSTINGS_MAX = 174,
};

struct entry {
	uint64_t number;
	uint64_t time;
	struct crypto_hash previous;   /* leaf hash of the entry before; zero for entry 0 */
	struct crypto_hash request;    /* SHA-256 of "recourse-request-v1\n" ‖ payload */
	uint64_t request_index;        /* which command of the request */
	slice key;                     /* handle of the key that signed the request */
	slice approvals;               /* item: array of the handles of the other people who agreed */
	slice rule;                    /* "payout.settle/1" */
	slice policy;                  /* "fuel-card/1"; empty where none governs */
	slice kind;                    /* the command's name */
	slice body;                    /* item: map of what was said and what followed from it */
	slice postings;                /* item: array of [code, party, reference, unit, steps] */
	uint8_t salt[ENTRY_SALT_SIZE]; /* so that a leaf hash tells nothing about a guessable entry */
};

struct entry_posting {
	uint16_t code;
	slice party;
	slice reference;
	slice unit;
	int64_t steps; /* debit positive */
};

/* Appends the encoding. Returns where in `out` the 32 bytes of `previous` are, for who knows them later. */
size_t entry_encode(const struct entry *entry, struct buffer *out);

/*
 * The exact inverse: what decodes, encodes to the same bytes. Slices borrow from `bytes`.
 * VERSION_UNKNOWN for another version; STORE_CORRUPT for anything that entry_encode() would not write.
 */
enum recourse_error entry_decode(slice bytes, struct entry *entry);

/* The postings of a decoded entry one by one; false after the last. */
struct entry_postings {
	slice reader;
	uint64_t left;
};
struct entry_postings entry_postings(const struct entry *entry);
bool entry_postings_next(struct entry_postings *walk, struct entry_posting *posting);

void entry_encode_posting(const struct entry_posting *posting, struct buffer *out);

/* A text member of the body. QUERY_NOT_FOUND when there is none of that name. */
enum recourse_error entry_body_text(const struct entry *entry, const char *name, slice *text);

/* The same, of the command that an approval carried out. QUERY_NOT_FOUND also where there was none. */
enum recourse_error entry_carried_text(const struct entry *entry, const char *name, slice *text);

/*
 * Appends the entry as a map with named members, for people and programs: hashes in hex, time in RFC 3339,
 * postings as maps with decimal amounts where the unit is a currency of ISO 4217, in steps otherwise.
 */
enum recourse_error entry_describe(slice bytes, struct buffer *out);
