/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "entry/entry.h"
#include "export/export_format.h"
#include "recourse_client.h"

/*
 * Where an export comes from: a service, asked with a key that may read everything. Entries are read as their
 * exact bytes, and each must name the leaf hash of the one before. After an error `method` says what was asked,
 * and `refusal` why not; PROOF_WRONG: the entries are no chain.
 */
struct export_source {
	struct recourse_client *client;
	const char *method;
	struct recourse_refusal refusal;

	struct buffer units; /* of struct unit: all that were met */

	struct recourse_bytes page;
	slice rows;
	uint64_t row_count; /* left in the page */
	uint64_t page_size;
	uint64_t number; /* of the entry that comes next */
	bool linked;
	struct crypto_hash leaf; /* of the one before, where `linked` */

	struct export_line lines[ENTRY_POSTINGS_MAX];
};

/* Start with `client` set and all else zero. */
void export_source_close(struct export_source *source);

/* How many entries there are. */
enum recourse_error export_source_count(struct export_source *source, uint64_t *entries);

/* Goes to an entry, to read pages of at most so many. The one at which reading begins has nothing to fit to. */
void export_source_seek(struct export_source *source, uint64_t number, uint64_t page_size);

/* The next entry; good until the next call. QUERY_NOT_FOUND beyond the last. */
enum recourse_error export_source_next(struct export_source *source, struct export_entry *entry);

/* The balances as of an entry, all pages of them. The lines borrow from `replies`. */
struct export_balances {
	struct buffer replies; /* of struct recourse_bytes */
	struct buffer lines;   /* of struct export_line */
};
enum recourse_error export_source_balances(
	struct export_source *source, uint64_t entry, bool zeroes, struct export_balances *balances);
const struct export_line *export_source_lines(const struct export_balances *balances, size_t *count);
void export_source_free(struct export_balances *balances);

const struct unit *export_source_units(const struct export_source *source, size_t *count);
