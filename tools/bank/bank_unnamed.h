/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_ledger.h"
#include "bank/bank_problem.h"

/*
 * Payments that a report (pain.002) counts and does not name. Where a rail's terms are that who pays names exceptions alone
 * (rail.publish group_status=exceptions), what it says of the message is said of those: the message is a file of a batch, and
 * they are its payments less those that are named. It has to fit to the last payment; else nothing of the report is taken.
 *
 * It is only ever said that payments were taken on or refused: what was paid, a line of the account says. Start with all zeroes.
 */
struct bank_unnamed {
	struct spool named; /* payments that the report names, and where */
};

/* An item of the report. MEMORY, IO. */
enum recourse_error bank_unnamed_add(struct bank_unnamed *unnamed, const struct bank_item *item);

/* A payment that is not named, as an item that names it. What it does not return OK for ends it. */
typedef enum recourse_error bank_unnamed_visitor(void *context, const struct bank_item *item);

/*
 * Behind the last item of a report: each of those that it speaks of without naming it, as they were ordered. `*told`: how many
 * that were; 0 where nobody agreed to it, or nothing is said of all of them. What does not fit is a difference. MEMORY, IO, or
 * what a query failed with.
 */
enum recourse_error bank_unnamed_visit(struct bank_unnamed *unnamed, struct bank_ledger *ledger,
	const struct bank_statement *report, struct bank_problems *differences, bank_unnamed_visitor *visit,
	void *context, uint64_t *told);
void bank_unnamed_free(struct bank_unnamed *unnamed);
