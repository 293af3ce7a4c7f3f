/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_ledger.h"
#include "bank/bank_problem.h"

/*
 * A line stands in one statement and in one notice: those of a file that stand in another one. Whether the file is a statement or
 * a notice is known at its end. Start with all zeroes but for `entry`.
 */
struct bank_standing {
	uint64_t entry; /* that began this file, which is no other one; 0: it is not begun */
	struct spool rows;
};

/* A line of the file, where it is, and what the ledger knows of it. MEMORY, IO. */
enum recourse_error bank_standing_add(struct bank_standing *standing, const char *reference, uint64_t at,
	const struct bank_ledger_line *known);

/* Behind the last line of a statement: the next one begins. MEMORY, IO. */
enum recourse_error bank_standing_check(struct bank_standing *standing,
	const struct bank_statement *statement, struct bank_problems *differences);
void bank_standing_free(struct bank_standing *standing);
