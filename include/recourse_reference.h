/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOURSE_REFERENCE_H
#define RECOURSE_REFERENCE_H

#include "recourse.h"

/*
 * What the code knows of itself beside its commands and queries (recourse_schema.h), for manuals: `recourse help` prints
 * it, and no document types it again. Texts last for ever.
 */

/* A table of the derived state. */
struct recourse_table {
	const char *name;
	const char *holds; /* what a row is */
	char key[96];      /* its parts: "merchant:text unit:text" */
	size_t size;       /* of a row's record in bytes, 0 where the key says all */
	size_t indexes;    /* other tables that are kept up with it */
	size_t clocks;
};

/* A bound, in that unit. */
struct recourse_limit {
	const char *what;
	uint64_t most;
	const char *unit;
	const char *why;
};

/* What a letter and a number in a comment, in a test or in a finding of the audit stand for. */
struct recourse_code {
	const char *code;
	const char *meaning;
};

/* False beyond the last. */
bool recourse_reference_table(size_t index, struct recourse_table *table);

/* NULL beyond the last. */
const struct recourse_limit *recourse_reference_limit(size_t index);
const struct recourse_code *recourse_reference_code(size_t index);

/* The errors in the order of their numbers, from the index on, 0 being OK; RECOURSE_OK beyond the last. */
enum recourse_error recourse_reference_error(size_t index);

#endif
