/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/declaration.h"

/*
 * What a table of the state is, said once: the shape of its keys, its record, and what is kept up with a record
 * whenever it is put or removed. From the declarations (tables.c) come reading, writing and walking (record.h), the
 * audit's look at indexes and clocks, the list that `recourse help tables` prints, and the version of the state's
 * format: a state that other declarations wrote is made again from the log.
 */

/* STORE_CORRUPT for a key that is not exactly of the table's shape. */
enum recourse_error tables_shape_read_key(const struct table *table, slice key, struct table_key *read);

/*
 * A number that is another one where a declaration says another thing of the stored bytes; what went before goes into
 * it. It guards against mistakes, not against malice.
 */
uint32_t tables_shape_digest(const struct table *table, uint32_t before);

/* Every table of the state, in the order of their numbers: what each is made of is declared in tables.c. */
const struct table *tables_at(enum record_table number);

/* The table of a key; NULL for a key of none. */
const struct table *tables_of(slice key);

/*
 * The version of the state's format: a digest of all declarations, and of a number that is raised by hand where a
 * record changes and keeps its size.
 */
uint32_t tables_shape_format(void);
