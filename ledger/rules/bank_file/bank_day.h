/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/bank_file/bank_file.h"

/*
 * A custodian's day in a unit from three sides: what the ledger says its account held, what it attested, and what the
 * statements of that day say. All in steps, below zero where it was overdrawn; VIEW_NONE where nothing says so.
 */
struct bank_day {
	slice custodian;
	uint32_t number; /* of the custodian */
	struct unit unit;
	uint64_t day;
	uint64_t since; /* when it ended; now, where it has not */
	struct record_place place;
	uint64_t first; /* its first entry; behind `last` where it has none */
	uint64_t last;  /* the last one that is not later */
	uint32_t cash;  /* accounts 1010 and 2180, by number; 0: nothing was posted */
	uint32_t overdrawn;
	int64_t ledger_opening;
	int64_t ledger_closing;
	int64_t attested;
	uint64_t attested_entry;
	int64_t opening;
	int64_t closing;
	uint64_t statements; /* how many are of that day; what was given up is none */
	uint64_t statement;  /* the last of them */
	uint64_t apart;      /* the first that opens with other than the one before it closed; 0: none does */
	amount_sum apart_steps; /* so much more in all */
	bool whole;             /* all of them are in to their end */
	bool of_other_bytes; /* what was attested is by a statement that is none of them, as its hash says */
};

/* QUERY_NOT_FOUND: "day" for one that has not begun, or before the ledger; "custodian" and "unit" for what is not there. */
enum recourse_error bank_day_read(
	struct query *query, slice custodian, slice unit, uint64_t day, struct bank_day *found);

/* Whether the line stands in a statement that was not given up. */
enum recourse_error bank_day_is_stated(
	struct state_view *view, const struct record_bank_line *line, bool *stated);

/* What moved of that custodian's cash by an entry, and the line that it is by, empty: none. It borrows from the log. */
struct bank_move {
	uint64_t time;
	slice kind;
	slice reference;
	int64_t cash;  /* 1010 */
	int64_t steps; /* and less what it was overdrawn by: what the bank says moved */
	bool fee;      /* the bank kept something for itself, or paid something twice */
	bool states;   /* it says what the bank says, or takes that back: it is of the line's day */
};
enum recourse_error bank_day_move(
	struct query *query, const struct bank_day *day, uint64_t entry, struct bank_move *move);
