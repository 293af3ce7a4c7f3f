/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_page.h"
#include "bank/bank_pieces.h"
#include "bank/bank_reading.h"
#include "bank/bank_standing.h"
#include "bank/bank_unnamed.h"

/*
 * What is to be booked of a file, after all of it was held against the ledger. It visits a reading, a page of it after the
 * other, and asks of each what the ledger has: each line of an account is said to the ledger, and behind it goes what is
 * known of it; all else of it is left for people, who see it as unidentified or unexplained.
 *
 *   debit of a payment         payout.settle; the amount, the unit and where the payment stands have to fit
 *   credit of a payment        payout.return, with the file's reason, where the bank says that it came back (RtrInf, RvslInd); what a bank
 *                              kept of it is said by what came. Whoever pays in chooses ids freely: any other credit of
 *                              that id is for people, as is a debit that undoes a credit
 *   charges beside debits,     bank.fee
 *   and entries that are some
 *   interest                   is for people: whose it is, is published, and a custodian can not ask
 *   a status of a payment,     also of one that it does not name, see bank_unnamed.h:
 *                              payout.report; one that was said before, or that the bank's line has overtaken, is passed over
 *
 * What does not fit is a difference, and a file with one is not booked at all: see `differences`. Whether a line was
 * booked before, by hand or of another file, is asked; it is said again and nothing more.
 *
 * However long the file is, it holds a page and a piece of it. What is asked of all of the file, whether a line or a payment
 * comes twice, is told at its end.
 */
struct bank_plan {
	struct bank_ledger *ledger;
	struct bank_problems differences;
	enum recourse_error fault; /* of a query, MEMORY, or IO: the plan is not whole */
	const struct bank_reading
		*reading;    /* of which this is the visit: behind a problem nothing is asked any more */
	const char *account; /* of which its lines have to be; NULL: nobody said */
	struct unit unit;
	struct bank_statement statement;
	uint64_t statements;
	struct bank_pieces pieces; /* nothing is asked of what is in those that are done */
	uint64_t lines;
	amount_sum credit;
	amount_sum debit;
	struct bank_standing standing; /* lines that another file has */
	struct bank_unnamed unnamed;   /* payments that a report is of without naming them */
	struct bank_page page;         /* what is not held against the ledger yet */
	struct bank_page asked;        /* the page before that: answered while the next one is read */
	uint64_t over;                 /* the entry of which there are more items than are held */
	struct bank_seen seen;         /* lines and payments that this file says */
	/* what comes of it */
	uint64_t settled;
	uint64_t returned;
	uint64_t reported;
	uint64_t fees;
	uint64_t left; /* lines of which people have to say what they are */
	uint64_t groups;
	uint64_t told; /* payments that it is of without naming them, and whose rail has agreed to that */
};

struct bank_visit bank_plan_visit(struct bank_plan *plan);

/* After the reading. */
void bank_plan_end(struct bank_plan *plan);
void bank_plan_free(struct bank_plan *plan);
