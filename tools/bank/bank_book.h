/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_plan.h"
#include "exit_code.h"

/*
 * Books a file: what was planned of it goes to the ledger in pieces, each a request that is taken whole or not at
 * all, between bank_file.begin and bank_file.end. Several are on their way at once; which comes first the ledger sees to,
 * since pieces come in order. One that is whole already is said to be so; one that was cut off goes on where it was.
 */
struct bank_book {
	struct recourse_client *client;
	const char *path;
	const struct bank_reading *reading; /* sound */
	struct bank_plan *plan;             /* whole, and without a difference */
	struct bank_ledger_file before;     /* what of it was in the ledger when the plan was made */
};

enum exit_code bank_book_send(const struct bank_book *book);
