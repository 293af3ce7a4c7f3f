/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/piece.h"
#include "rules/custody/custody.h"

/* Files of banks and wallets: what came in, whole and once, and what is missing: see README.md. */

/* In the order of their enums. */
extern const char *const bank_file_kinds[];
extern const char *const bank_file_states[];

/* The entry that began a custodian's file; what it is by its entry. QUERY_NOT_FOUND. */
struct record_path bank_file_name_path(slice custodian, slice file);
struct record_path bank_file_path(uint64_t entry);

/* Where a file's number is in its sequence, and where a gap that begins with it would be. */
struct record_path bank_file_number_path(
	enum record_table table, slice custodian, slice unit, uint32_t kind, uint64_t number);

/* Whose it is to see to that something is cleared up: of suspense_owner, else who runs the ledger. */
enum recourse_error bank_file_owner(struct query *query, uint32_t *owner);

/* A number comes into its sequence, or leaves it again: what is missing beside it is another gap then. */
enum recourse_error gap_join(struct decision *decision, slice custodian, const struct record_bank_file *file);
enum recourse_error gap_leave(
	struct decision *decision, slice custodian, const struct record_bank_file *file);

/* The numbers beside one that are there, in the sequence of its path; 0: none. */
struct gap_sides {
	uint64_t before;
	uint64_t behind;
};
enum recourse_error gap_find_sides(struct state_view *view, slice custodian, slice unit, uint32_t kind,
	uint64_t number, struct gap_sides *sides);

/* A clock: the file was begun and is not whole. */
enum recourse_error bank_file_is_late(struct decision *decision, slice subject);

/* What its request has stated is what a piece said. */
enum recourse_error bank_file_request_decided(struct decision *decision);
