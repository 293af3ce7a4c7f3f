/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_schema.h"

/*
 * What can be imported: a row for each, which says what command each row of a file becomes. Fields, their types and limits are the
 * command's own.
 */
enum { IMPORT_TYPE_AMOUNTS = 4 };

/* The unit of an amount is what another field says, or, where that is NULL, what --unit says: money. */
struct import_type_amount {
	const char *amount;
	const char *unit;
};

/* Where the entries about one row are, beside what a refusal names. */
struct import_type_history {
	const char *query;   /* NULL: nowhere */
	const char *subject; /* the command's field by which it is asked */
	const char *asked;   /* what the query calls it */
	const char *list;    /* of rows that have an "entry", and may have its "kind" */
};

struct import_type {
	const char *name;
	const char *command;
	const char *help; /* one line */
	struct import_type_amount amounts[IMPORT_TYPE_AMOUNTS];
	struct import_type_history history;
	const char *filled; /* a field that the ledger fills in where a row leaves it out */
	const char *sample; /* a file */
};

/* NULL beyond the last. */
const struct import_type *import_type_at(size_t index);

/* NULL where there is none of that name. */
const struct import_type *import_type_find(const char *name);

/* The field of which unit that amount is: NULL where --unit says it; false where nothing does. */
bool import_type_unit(const struct import_type *type, const char *amount, const char **unit);
