/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_bank.h"
#include "books/record_ledger.h"
#include "rule/decision.h"

/*
 * A request may begin with a piece of a bank's file (bank_file.piece): what its other commands move of cash is of lines of
 * that file then, and of nothing else. Without a piece all of these do nothing.
 */
static inline bool piece_is(const struct decision *decision)
{
	return decision->piece.file != 0;
}

struct record_path piece_path(uint64_t file, uint64_t number);
enum recourse_error piece_file(struct decision *decision, struct record_bank_file *file);

/*
 * Whether its lines are money. A bank's report and a wallet's results say how payments fare: their lines are what they say, one
 * at least for each command of a piece, and none of them is a bank.line.
 */
bool piece_is_of_money(const struct record_bank_file *file);

/* The statement or the notice that a line stands in, by what the file is. */
uint64_t *piece_stands(const struct record_bank_file *file, struct record_bank_line *line);

/*
 * The file has this line: it stands there from now on, and the piece has so much more. The line is the caller's, who puts
 * it. With `field`: EXISTS with the file that has it already, UNIT_MISMATCH, NOT_PERMITTED where the file moves no money;
 * WINDOW_CLOSED for a day that is none of the file's.
 */
enum recourse_error piece_takes(struct decision *decision, const char *field, const struct unit *unit,
	uint64_t day, struct record_bank_line *line);

/* Cash moves by this line, NULL by none: NOT_PERMITTED "bank_reference" where it is none of the file's. */
enum recourse_error piece_names(struct decision *decision, const struct record_bank_line *line);

/* Something is taken back: NOT_PERMITTED "bank_reference", with or without a line. */
enum recourse_error piece_takes_back(struct decision *decision);

/*
 * What a file says that stands the bank says: no line of it is taken back. NOT_PERMITTED with the entry that began it. In one
 * that was given up it stands no more.
 */
enum recourse_error piece_holds(struct decision *decision, const char *field, struct record_bank_line *line);
