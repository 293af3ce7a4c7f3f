/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/table_form.h"

/* Every table of the state, in the order of their numbers: what each is made of is declared in tables.c. */
const struct table *tables_at(enum record_table number);

/* The table of a key; NULL for a key of none. */
const struct table *tables_of(slice key);

/*
 * The version of the state's format: a digest of all declarations, and of a number that is raised by hand where a
 * record changes and keeps its size.
 */
uint32_t tables_format(void);
