/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rule/decision.h"

/*
 * Receipts of nobody known (I14): what is left of a credit that was stated stands in 2160 under the entry that stated it,
 * and has a row by that entry, with an age and an owner. attest.c keeps it: what is named of the line is left no more,
 * what is taken back is left again.
 */

/* This entry states a line of the actor's: nothing of it is unidentified yet. */
enum recourse_error unidentified_begin(struct decision *decision, slice line, const struct unit *unit);

/* So much more of it is, posted to 2160 too; less below zero. NOT_PERMITTED with field "entry" for more of what is sent back. */
enum recourse_error unidentified_move(
	struct decision *decision, uint64_t stated, const struct unit *unit, int64_t steps);

/* The bank does not say so: there is no such receipt. */
enum recourse_error unidentified_end(struct decision *decision, uint64_t stated);

/* NOT_PERMITTED with field "bank_reference" and the entry by which it is sent back. */
enum recourse_error unidentified_free(struct decision *decision, uint64_t stated);

struct record_path unidentified_path(uint64_t stated);
