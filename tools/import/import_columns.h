/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "exit_code.h"
#include "import/import_cell.h"
#include "import/import_type.h"
#include "options.h"
#include "recourse_ledger.h"
#include "recourse_schema.h"
#include "rows.h"

/* From the rows of a file to commands: the header row says which column is which field. */
enum { IMPORT_COLUMNS_MAX = 64 };

/* A unit that the ledger has defined. False where it has none of that code. */
struct import_columns_units {
	bool (*find)(void *context, slice code, struct unit *unit);
	void *context;
};

/* What is said of a file, beside what stands in it. */
struct import_columns_manner {
	const struct import_type *type; /* NULL: amounts have their decimals */
	const char *unit; /* of amounts of money of which the file says none; NULL: nobody says it */
	const struct options_repeat *ignored; /* headings of columns that are passed over; NULL: none */
	const char *const
		*headings; /* of the method's fields, in their order, where the file has others; NULL: none */
	const char *encoding; /* of the file */
	struct import_cell_manner cells;
	struct import_columns_units units; /* `find` NULL: currencies alone are known */
};

struct import_columns {
	const struct recourse_method *method;
	struct import_columns_manner manner;
	const struct recourse_field *fields[IMPORT_COLUMNS_MAX];
	size_t places[IMPORT_COLUMNS_MAX]; /* of each field's cell in a row */
	size_t count;
	size_t skipped;    /* cells in front that are no fields: those of a file of rejects */
	size_t cell_count; /* in a row */
};

/*
 * Takes the header. A heading is a field's name, an alias of it (import_alias.h), or what the mapping says. A column that the command
 * does not have, one given twice, a required one that is missing and lists are mistakes: named, EXIT_CODE_DATA. A file of rejects may be
 * imported as it is, once what was wrong is mended: its first three columns, line, code and message, are passed over. So is an empty
 * heading at the end, behind a comma.
 */
enum exit_code import_columns_open(struct import_columns *columns, const struct recourse_method *method,
	const struct import_columns_manner *manner, const struct rows_row *header);

/* Whether nothing stands in any cell, as in the rows that a spreadsheet has below the last one. */
bool import_columns_empty(const struct rows_row *row);

/*
 * Appends the row's command, checked by the schema; an empty cell is an absent field. An error appends nothing to `out`: `reasons` gets
 * all that is wrong with the row, with "; " between, and the refusal is the first of it. MEMORY is a fault.
 */
enum recourse_error import_columns_command(const struct import_columns *columns, const struct rows_row *row,
	struct buffer *out, struct recourse_refusal *refusal, struct buffer *reasons);
