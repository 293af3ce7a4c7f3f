/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_schema.h"
#include "table.h"

/*
 * An answer for people: the scalars of a map as aligned lines "name  value" (of maps inside it as "outer.name"), its
 * arrays of maps as tables below, under their names; arrays inside these once more below, under "outer.name", each row
 * with what stands first in the row that it is of. Money gets its thousands apart. Tables that do not fit where they are
 * shown are shown row by row: see table.h.
 *
 * What is said where, and what is set to the right, follows from the columns; what they do not describe comes last, as
 * it came. MALFORMED when it is not one CBOR item; MEMORY.
 */
enum recourse_error render_result(
	const struct recourse_column *columns, size_t count, slice item, FILE *stream);

/* Any item, of which nothing is known. */
enum recourse_error render_item(slice item, FILE *stream);
