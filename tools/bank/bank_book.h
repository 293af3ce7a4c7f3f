/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_plan.h"
#include "exit_code.h"

/*
 * Books a file: what was planned of it goes to the ledger in pieces, each a request that is taken whole or not at
 * all, between bank_file.begin and bank_file.end. Several are on their way at once; which comes first the ledger sees to,
 * since pieces come in order. One that was cut off goes on where it was.
 */
struct bank_book {
	struct recourse_client *client;
	const char *path;
	const struct bank_reading *reading; /* sound */
	struct bank_plan *plan;             /* whole, and without a difference */
	struct bank_ledger_file stands; /* what of it is in: when the plan was made, and by this since then */
	bool refused;                   /* by the ledger; nothing is said of it yet: */
	char what[200];
	struct recourse_refusal refusal;
};

/*
 * REFUSED with `refused` set is for the caller to judge: a request of one that was cut off may have been decided only now, and
 * what is in is more than this knew then. bank_book_say() says it. All else that fails is said.
 */
enum exit_code bank_book_send(struct bank_book *book);
void bank_book_say(const struct bank_book *book);
