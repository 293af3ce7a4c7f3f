/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/amount.h"
#include "books/chart.h"
#include "entry/entry.h"
#include "rule/check.h"

/*
 * What entries say, by their words and postings alone, for checks that hold it against what is kept beside them (X_entries_check.c): none of
 * these knows a rule. Each reads few entries of a row, and where nobody looks at what entries say (no log) none.
 */

/* So that it may be read: the log has it. STORE_CORRUPT of what no log has. */
enum recourse_error entries_read(struct check_context *check, uint64_t number, struct entry *entry);

/* Whether that entry is about it (check_is_about()), and where it is, reads it. */
enum recourse_error entries_read_about(struct check_context *check, enum record_table table, slice id,
	uint64_t number, struct entry *entry, bool *about);

/* What its command was given of that name; of what two people said by its approval, and of a receipt by what it was identified as. */
bool entries_text(const struct entry *entry, const char *name, slice *text);
bool entries_is(const struct entry *entry, const char *command);

/* To the debit side, of all parties: an entry about a claim posts to these for no other one. */
amount_sum entries_posted(const struct entry *entry, enum chart_code code);

/* An amount that it says; false where it says none of that name in that unit. */
bool entries_amount(const struct entry *entry, const char *name, const struct unit *unit, int64_t *steps);
bool entries_integer(const struct entry *entry, const char *name, uint64_t *integer);

/*
 * How a claim's payment stood before an entry, while it was on its way (enum payout_state): as it was ordered, or as who pays said of it last.
 * `order`: of the one that this entry ordered; 0: of the last one by then.
 */
enum recourse_error entries_payment_was(
	struct check_context *check, slice claim, uint64_t order, uint64_t until, uint32_t *state);
