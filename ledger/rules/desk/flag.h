/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_claim.h"
#include "books/record_desk.h"
#include "books/record_incident.h"
#include "rule/view.h"

/*
 * Flags (H4, README.md): what of a claim may be a fraud is shown to a person and stands in the way of nothing. Each is a row of a
 * table: what shows it is known where a claim comes into an incident, so that nothing is looked up for one; or, where the row has
 * no function, to the rule that raises it.
 */
struct flag {
	const char *words;
	bool (*shown)(const struct record_claim *claim, const struct record_entitlement *lot,
		const struct record_incident *incident);
};
extern const struct flag flag_table[FLAG_KINDS];
extern const char *const flag_names[FLAG_KINDS + 1]; /* by kind; NULL at the end */

/* Raises those kinds, as bits, of a claim that is saved, each once; `shown` may be none. The record is the caller's, and kept. */
enum recourse_error flag_raise(
	struct decision *decision, slice id, struct record_claim *claim, uint32_t shown);

struct record_path flag_path(slice claim, enum flag_kind kind);

/* The first day of those of a claim that are up, and how many are up and were raised at all; zeroes: none. */
struct flag_sum {
	uint64_t due;
	uint32_t open;
	uint32_t all;
};
enum recourse_error flag_count(struct state_view *view, slice claim, struct flag_sum *sum);

/* Rows of a walk over RECORD_FLAG of a claim. */
enum { FLAG_VIEW_COLUMNS = 7 };
extern const struct recourse_column flag_view_columns[FLAG_VIEW_COLUMNS];
view_visitor flag_view_visit;
