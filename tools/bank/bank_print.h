/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bank/bank_reading.h"
#include "exit_code.h"
#include "table.h"

/*
 * Shows what a file says: as JSON, an object a line as they come, the last one of the file; or for people as tables,
 * which are held until the end. Start with all zeroes but `json` and `summary`.
 */
struct bank_print {
	bool json;
	bool summary; /* no items are wanted */
	bool failed;  /* no memory, or standard output takes nothing */
	struct table items;
	struct table statements;
};

struct bank_visit bank_print_visit(struct bank_print *print);

/* Behind the reading, where it is sound: the tables, and what is to be said of the file. */
enum exit_code bank_print_end(struct bank_print *print, const struct bank_reading *reading);
void bank_print_free(struct bank_print *print);
