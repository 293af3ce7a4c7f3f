/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_ledger.h"
#include "recourse_schema.h"

/*
 * What people type, field=value, made into the CBOR map that a method takes, typed and checked by the
 * schema. A mistake comes back as the refusal that the service would give, with the nearest name where one
 * was misspelt; nothing needs to be sent to find it.
 *
 *   text, ids, amounts, times   as they are        quantity=600.000
 *   integers                    decimal            days=30
 *   sets                        commas             roles=admin,operator
 *   lists                       a row each time    shares=party:M,share:50.00 shares=party:Y,share:40.00
 *                               (a comma inside a value is written \,)
 *   keys                        or a file          key=@alice.pub
 *   notes                       the text itself    note="she says …"  or a file: note=@said.txt
 */

/*
 * Appends the map of `count` pairs, a note as its text (texts.h); for a command with its name as "command" in front. FIELD_*, MEMORY, IO
 * (a file).
 */
enum recourse_error arguments_encode(const struct recourse_method *method, char *const *pairs, size_t count,
	struct buffer *out, struct recourse_refusal *refusal);

/*
 * Appends one scalar or set as the CBOR item its field takes. FIELD_* only for what can not be written at
 * all: the limits are arguments_check()'s.
 */
enum recourse_error arguments_value(
	const struct recourse_field *field, slice text, struct buffer *out, struct recourse_refusal *refusal);

/* Appends a row of a list, "party:M,share:50.00", as its map. FIELD_*, MEMORY. */
enum recourse_error arguments_row(
	const struct recourse_field *field, slice text, struct buffer *out, struct recourse_refusal *refusal);

/* Whether the map is what the method takes: field by field, all limits. FIELD_*, MALFORMED, MEMORY. */
enum recourse_error arguments_check(
	const struct recourse_method *method, slice map, struct recourse_refusal *refusal);

/* The field of that name; NULL, and the refusal filled in with the nearest name, when there is none. */
const struct recourse_field *arguments_field(
	const struct recourse_field *fields, size_t count, slice name, struct recourse_refusal *refusal);

/* The method of that kind by name; NULL, and the mistake named with the nearest, when there is none. */
const struct recourse_method *arguments_method(const char *name, bool command);
