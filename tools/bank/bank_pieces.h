/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/amount.h"
#include "base/item.h"
#include "spool.h"

/*
 * The commands that follow from a file, cut into pieces of BANK_PIECE_ITEMS items, as the file has them and not as the
 * ledger stands, so that whoever goes on with a file that was cut off has the same ones. They are written as the file is
 * read, and read again when all of it was; of a long one they lie in a spool. Start with all zeroes but for `done`.
 *
 * A piece is a group of the service's writer by itself, so that one is kept while the next is decided and one more is read; smaller
 * ones were decided all that were on their way at once, and waited for at once. By an item there are two commands at most, of
 * 464 bytes together (bank.line and payout.return with ids of 64 bytes), so that it fits a request (8,192 commands, 1 MiB).
 */
enum { BANK_PIECE_ITEMS = 2048 };

struct bank_piece {
	uint64_t size; /* of its commands: CBOR maps, one behind the other */
	uint64_t commands;
	uint64_t items;
	uint64_t lines;
	amount_sum credit;
	amount_sum debit;
};

struct bank_pieces {
	uint64_t done;       /* pieces that are in the ledger already */
	uint64_t done_lines; /* what they have */
	amount_sum done_credit;
	amount_sum done_debit;
	uint64_t count; /* with the one that is open */
	bool is_open;
	struct bank_piece open;
	struct buffer commands; /* of the one that is open */
	struct spool closed;
	enum recourse_error fault; /* MEMORY, IO: it is not whole */
};

/* The one that is open, or the next where that is full. */
struct bank_piece *bank_pieces_open(struct bank_pieces *pieces);

/* Whether so many items from there on are in pieces that are in. */
bool bank_pieces_done(const struct bank_pieces *pieces, size_t items);

/* A command of the open piece: its other members are written to `commands` between the two. */
struct item_map bank_pieces_begin(struct bank_pieces *pieces, const char *command);
void bank_pieces_end(struct bank_pieces *pieces, struct item_map map);

/* Nothing comes behind that. */
void bank_pieces_close(struct bank_pieces *pieces);

/* All of them when they are closed, in their order: start with 0. False behind the last one. */
bool bank_pieces_next(
	struct bank_pieces *pieces, uint64_t *at, struct bank_piece *piece, struct buffer *commands);
void bank_pieces_free(struct bank_pieces *pieces);
