/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "entry_pages.h"
#include "export/export_format.h"

/* Where an export comes from: entries of a service, and balances. What an error is of is with the pages. */
struct export_source {
	struct entry_pages pages;
	struct buffer units; /* of struct unit: all that were met */
	struct export_line lines[ENTRY_POSTINGS_MAX];
};

/* Start with the client of the pages set and all else zero. */
void export_source_close(struct export_source *source);

/* The next entry of the pages; good until the next call. QUERY_NOT_FOUND beyond the last. */
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
