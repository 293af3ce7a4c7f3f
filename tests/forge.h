/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"

#include "ledger.h"

/*
 * A ledger's history to tamper with, for the tests of the audit. The forger has all that is on the disk: when the
 * history is written down again its entries are numbered and chained, and the tree and the head are made anew, so
 * that only what needs a key, or follows from the rules, can give it away.
 */
enum { FORGE_ITEMS_MAX = 512 };

struct forge {
	struct kit *kit;
	struct log_head head;
	slice entries[FORGE_ITEMS_MAX]; /* each owned */
	slice requests[FORGE_ITEMS_MAX];
	size_t entry_count;
	size_t request_count;
	slice note;         /* the newest checkpoint; size 0: none is written */
	uint64_t note_size; /* the tree size it is filed under */
	bool rechain;
	uint64_t wrong_hash; /* the stored hash over 32 leaves that is damaged; FORGE_NO_ENTRY: none */
	struct support_directory place;
};
#define FORGE_NO_ENTRY UINT64_MAX

/*
 * Set-up and tear-down of a cmocka test, whose state is then a struct forge with the golden case to its step 15, and
 * two requests that were refused behind step 8.
 */
int forge_setup(void **state);
int forge_teardown(void **state);
#define FORGE_TEST(test) cmocka_unit_test_setup_teardown(test, forge_setup, forge_teardown)

/* Writes the log below `place`, once. */
void forge_write(struct forge *forge);

#define NOT_WHAT_FOLLOWS "the stored entry is not what its request"

/* Writes, and the audit must find that entry (FORGE_NO_ENTRY: none is named) with that text. */
void forge_expect(struct forge *forge, uint64_t entry, const char *text);

/* The service must not open what was written: what replays to other bytes is no state to answer from. */
void forge_expect_not_opened(const struct forge *forge);

/* The first entry of that kind; the record of the request that made an entry. The test fails if there is none. */
size_t forge_find(const struct forge *forge, const char *kind, struct entry *entry);
size_t forge_find_request(const struct forge *forge, size_t entry, struct submission *submission);

void forge_replace_entry(struct forge *forge, size_t index, const struct entry *entry);
void forge_replace_request(struct forge *forge, size_t index, const struct submission *submission);
void forge_remove_entry(struct forge *forge, size_t index);
void forge_remove_request(struct forge *forge, size_t index);

/* One more at the end, with those bytes. */
void forge_add_entry(struct forge *forge, slice bytes);
void forge_add_request(struct forge *forge, const struct submission *submission);

/* The record signed again by that key; `handle` and `signature` are where the record will point to. */
void forge_sign(const struct forge *forge, const char *name, slice payload, struct submission *submission,
	char handle[static KEY_HANDLE_SIZE + 1], uint8_t signature[static CRYPTO_SIGNATURE_SIZE]);

/* A checkpoint of that size and root by the key of that name, in the place of the newest. */
void forge_checkpoint(struct forge *forge, const char *signer, uint64_t size, const struct crypto_hash *root);
