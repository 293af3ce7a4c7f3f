/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "entry/entry.h"
#include "exit_code.h"
#include "recourse_client.h"

/*
 * The entries of a served ledger, one after the other, read by pages with a key that may read everything. Each is its exact bytes, and has
 * to name the leaf hash of the one before. After an error `method` says what was asked, and `refusal` why not; PROOF_WRONG: they are no chain.
 */
struct entry_pages {
	struct recourse_client *client;
	const char *method;
	struct recourse_refusal refusal;

	struct recourse_bytes page;
	slice rows;
	uint64_t row_count; /* left in the page */
	uint64_t page_size;
	uint64_t number; /* of the entry that comes next */
	bool linked;
	struct crypto_hash leaf; /* of the one before, where `linked` */
};

/* Start with `client` set and all else zero. */
void entry_pages_close(struct entry_pages *pages);

/* Asks a query: what an error is of is noted. MEMORY where the parameters failed, and whatever the client says. */
enum recourse_error entry_pages_ask(struct entry_pages *pages, const char *method,
	const struct buffer *params, struct recourse_bytes *reply);

/* How many entries there are. */
enum recourse_error entry_pages_count(struct entry_pages *pages, uint64_t *entries);

/* Goes to an entry, to read pages of at most so many. The one at which reading begins has nothing to fit to. */
void entry_pages_seek(struct entry_pages *pages, uint64_t number, uint64_t page_size);

/* The next one, with its bytes: both are good until the next call. QUERY_NOT_FOUND beyond the last. */
enum recourse_error entry_pages_next(struct entry_pages *pages, slice *bytes, struct entry *entry);

/* The first that is not before that time, of so many; `entries` when all are. */
enum recourse_error entry_pages_find(
	struct entry_pages *pages, uint64_t time, uint64_t entries, uint64_t *number);

/*
 * The entries of a period, both inclusive, between what is named by two flags: an entry's number or a time each, NULL for the first and the
 * newest. A time is not in the period that ends with it. The first may be behind the last. The mistake is named.
 */
enum exit_code entry_pages_period(struct entry_pages *pages, const char *const flags[static 2],
	const char *from, const char *to, uint64_t *first, uint64_t *last);

/* Says what failed, if anything did. */
enum exit_code entry_pages_say(const struct entry_pages *pages, enum recourse_error error);
