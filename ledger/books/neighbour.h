/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/tables.h"

/*
 * Where rows lie in the store. Most lie by their keys. What is read and written with a merchant's deposit lies before its
 * account of it, so that what a movement changes is on a page or two, however many merchants there are:
 *
 *     beside    2010 ‖ merchant 0 ‖ 0 ‖ which table ‖ the rest of its key
 *     account   2010 ‖ merchant 0 ‖ reference 0 ‖ unit 0
 *
 * That is where an account without a reference would be whose unit begins with such a byte (enum table_beside), as none does.
 * Keys of these tables begin with a party's id, and rows of one lie in the order of their keys. Above record.h keys are as they
 * are declared: it alone knows of places.
 */

/* The place of a row, or of what such rows' keys begin with; the key itself where its rows lie by it. May lie in `room`. */
slice neighbour_place(slice key, struct record_path *room);

/* Of a row at a place, its table; NULL: none has such rows. */
const struct table *neighbour_table(slice place);

/* The key of a row that lies beside an account, in `room`. */
slice neighbour_key(slice place, struct record_path *room);

/*
 * From the place of a row beside an account, the place from which on, upwards or downwards, the next rows are of that kind, or of
 * none that lies beside this account; in `room`. BESIDE_NOTHING: the accounts.
 */
slice neighbour_next(slice place, enum table_beside beside, bool up, struct record_path *room);
