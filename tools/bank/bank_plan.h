/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_ledger.h"
#include "bank/bank_reading.h"

/*
 * What is to be booked of a file, after all of it was held against the ledger. It visits a reading: each line of an
 * account is said to the ledger, and behind it goes what is known of it; all else of it is left for people, who see
 * it as unidentified or unexplained.
 *
 *   debit of a payment         payout.settle; the amount, the unit and where the payment stands have to fit
 *   credit of a payment        payout.return, with the file's reason, where the bank says that it came back (RtrInf, RvslInd); what a bank
 *                              kept of it is said by what came. Whoever pays in chooses ids freely: any other credit of
 *                              that id is for people, as is a debit that undoes a credit
 *   charges beside debits,     bank.fee
 *   and entries that are some
 *   interest                   is for people: whose it is, is published, and a custodian can not ask
 *   a status of a payment      payout.report; one that was said before, or that the bank's line has overtaken, is passed over
 *
 * What does not fit is a difference, and a file with one is not booked at all: see `differences`. Whether a line was
 * booked before, by hand or of another file, is asked; it is said again and nothing more.
 *
 * The plan is cut into pieces of BANK_PLAN_ITEMS items, as the file has them and not as the ledger stands, so that
 * whoever goes on with a file that was cut off has the same ones.
 */
enum { BANK_PLAN_ITEMS = 200 };

struct bank_plan_piece {
	size_t offset; /* of its commands */
	size_t size;
	uint64_t commands;
	uint64_t items;
	uint64_t lines;
	amount_sum credit;
	amount_sum debit;
};

struct bank_plan {
	struct bank_ledger *ledger;
	struct bank_problems differences;
	enum recourse_error fault; /* of a query, or MEMORY: the plan is not whole */
	bool quiet;                /* it says how payments fare: its lines are its items */
	const char *account;       /* of which its lines have to be; NULL: nobody said */
	uint64_t done;             /* pieces that are in: nothing is asked of what is in them */
	struct unit unit;
	struct bank_statement statement;
	uint64_t statements;
	struct buffer commands; /* CBOR maps, one behind the other */
	struct buffer pieces;   /* of struct bank_plan_piece */
	uint64_t lines;
	amount_sum credit;
	amount_sum debit;
	uint64_t entry;         /* that began this file, where it is begun */
	struct buffer standing; /* of lines that another file has */
	struct buffer items;    /* of struct bank_item: of the entry that is read */
	struct bank_seen names; /* lines that this file says */
	struct bank_seen paid;  /* payments that this file says were made */
	struct bank_seen back;  /* and that came back */
	/* what comes of it */
	uint64_t settled;
	uint64_t returned;
	uint64_t reported;
	uint64_t fees;
	uint64_t left; /* lines of which people have to say what they are */
	uint64_t groups;
};

struct bank_visit bank_plan_visit(struct bank_plan *plan);

/* After the reading. */
const struct bank_plan_piece *bank_plan_pieces(const struct bank_plan *plan, size_t *count);
void bank_plan_free(struct bank_plan *plan);
