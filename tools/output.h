/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "cause.h"
#include "exit_code.h"
#include "recourse_ledger.h"
#include "recourse_schema.h"

#include <stdio.h>

/*
 * How the program speaks: data on standard output, everything else on standard error. A problem says what
 * failed, where, and the next step; an error carries its stable code in brackets:
 *
 *     recourse: deposit.hold refused: less is available than is needed
 *       (needed 6,000.00, available 5,000.00) [INSUFFICIENT]              (on one line)
 */
void output_problem(const char *format, ...) __attribute__((format(printf, 1, 2)));
void output_next(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From here on they are for programs, a JSON object a line: {"problem": text, "code": its stable code}, {"next": text}. */
void output_problems_as_json(void);

/* The same for what is not said by these, on either stream, as it is: data for people. */
void output_text(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Of the UTF-8 character that a text begins with; 0 for a byte that begins none. */
size_t output_character_size(slice text);

/* Appends a text in which each control character (see text.h) is a "?", but those that are kept. */
void output_printable(slice text, const char *kept, struct buffer *out);

/* Says a problem and returns EXIT_CODE_USAGE. */
enum exit_code output_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Says that `what` was refused or failed, why, and what to do next. `refusal` may be NULL. Returns the exit
 * code that belongs to the error.
 */
enum exit_code output_error(
	enum recourse_error error, const struct recourse_refusal *refusal, const char *what);

/*
 * The same for a file that was just to be read, or made. With IO the file itself says why (cause.h), else errno, and the code is that of
 * a file that is missing, or can not be made.
 */
enum exit_code output_unread(enum recourse_error error, const char *path);
enum exit_code output_unwritten(enum recourse_error error, const char *path);

/* The same for a ledger's directory that was to be opened; `what` was to be done. */
enum exit_code output_unopened(enum recourse_error error, const char *what, const char *directory);

/*
 * The same for a secret key that could not be opened: what is wrong with the file, which is CONFIGURATION, unless it is not there. Only
 * where the error may be of that file.
 */
bool output_is_unfit_key(enum recourse_error error, const char *path);
enum exit_code output_unfit_key(enum recourse_error error, const char *path);

/* Says a cause, with the next step where there is one, and the code of the error. */
void output_cause(const struct cause *cause, const char *what, enum recourse_error error);

/* The reason alone: "less is available than is needed (needed 6,000.00, available 5,000.00)". */
void output_reason(enum recourse_error error, const struct recourse_refusal *refusal, struct buffer *out);

/* A decimal with its thousands apart: "-1234567.50" is "-1,234,567.50". Other text as it is. */
void output_grouped(slice text, struct buffer *out);

/* A CBOR item as one line of JSON on standard output. */
enum exit_code output_json(slice item);

/* An item for programs (`json`) or for people: of which nothing is known, or what the columns say of it. */
enum exit_code output_item(slice item, bool json);
enum exit_code output_result(const struct recourse_column *columns, size_t count, slice item, bool json);

/* Whether escape sequences are wanted there: a terminal, and no NO_COLOR. */
bool output_decorated(FILE *stream);
