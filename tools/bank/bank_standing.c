/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_standing.h"

#include "base/try.h"

#include <inttypes.h>
#include <stdio.h>

struct standing {
	char reference[TEXT_ID_SIZE + 1];
	uint64_t at;
	uint64_t statement;
	uint64_t notice;
};

enum recourse_error bank_standing_add(struct bank_standing *standing, const char *reference, uint64_t at,
	const struct bank_ledger_line *known)
{
	struct standing row = {.at = at, .statement = known->statement, .notice = known->notice};
	if (known->statement == standing->entry)
		row.statement = 0;
	if (known->notice == standing->entry)
		row.notice = 0;
	if (row.statement == 0 && row.notice == 0)
		return RECOURSE_OK;
	snprintf(row.reference, sizeof row.reference, "%.*s", TEXT_ID_SIZE, reference); /* an id */
	return spool_append(&standing->rows, &row, sizeof row);
}

enum recourse_error bank_standing_check(struct bank_standing *standing,
	const struct bank_statement *statement, struct bank_problems *differences)
{
	bool closes = statement->has_opening && statement->has_closing;
	struct standing row;
	for (uint64_t at = 0; at < standing->rows.size; at += sizeof row) {
		TRY(spool_read(&standing->rows, at, &row, sizeof row));
		uint64_t entry = closes ? row.statement : row.notice;
		if (entry != 0)
			bank_problem_add(differences, row.at, "", RECOURSE_EXISTS,
				"line %s stands already in what entry %" PRIu64 " began", row.reference,
				entry);
	}
	spool_free(&standing->rows);
	return RECOURSE_OK;
}

void bank_standing_free(struct bank_standing *standing)
{
	spool_free(&standing->rows);
}
