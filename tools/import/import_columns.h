/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "exit_code.h"
#include "recourse_ledger.h"
#include "recourse_schema.h"
#include "rows.h"

/* From the rows of a file to commands: the header row says which column is which field. */
enum { IMPORT_COLUMNS_MAX = 64 };

struct import_columns {
	const struct recourse_method *method;
	const struct recourse_field *fields[IMPORT_COLUMNS_MAX];
	size_t count;
	size_t skipped; /* cells in front that are no fields: those of a file of rejects */
};

/*
 * Takes the header. A column that the command does not have, one given twice, a required one that is missing
 * and lists are mistakes: named, EXIT_CODE_DATA. A file of rejects may be imported as it is, once what was
 * wrong is mended: its first three columns, line, code and message, are passed over.
 */
enum exit_code import_columns_open(
	struct import_columns *columns, const struct recourse_method *method, const struct rows_row *header);

/*
 * Appends the row's command, checked by the schema; an empty cell is an absent field. An error appends
 * nothing, and the refusal says why: the row's own error, FIELD_*; MEMORY is a fault.
 */
enum recourse_error import_columns_command(const struct import_columns *columns, const struct rows_row *row,
	struct buffer *out, struct recourse_refusal *refusal);
