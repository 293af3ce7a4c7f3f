/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "exit_code.h"
#include "recourse_schema.h"

/* Help made from the schema. All of it goes to standard output. */

/*
 * One command or query: what it is for, who may, its fields with their types and limits. `report` is the name by which
 * recourse report calls it; NULL: it was asked for by its own.
 */
enum exit_code manual_method(const struct recourse_method *method, const char *report);

/* All commands, or all queries, with a line each. */
enum exit_code manual_commands(void);
enum exit_code manual_queries(void);

/* What the code knows of itself: see recourse_reference.h. */
enum exit_code manual_tables(void);
enum exit_code manual_limits(void);
enum exit_code manual_errors(void);
enum exit_code manual_codes(void);

/* How scenarios are written, and the names of those that the program brings along. */
enum exit_code manual_scenarios(void);

/* Appends who may: "admin, operator", "any role", or "anybody" where nobody signs. */
void manual_roles(uint32_t roles, struct buffer *out);

/* What a field takes, in words: "text, 1 to 64 bytes". Appended. */
void manual_form(const struct recourse_field *field, struct buffer *out);
