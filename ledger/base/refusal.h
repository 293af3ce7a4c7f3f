/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/item.h"
#include "recourse_ledger.h"
#include "base/unit.h"

/*
 * Filling in why something was refused. Each returns its error, so that a check reads
 *
 *     if (end < start)
 *             return refusal_field(refusal, RECOURSE_FIELD_LIMIT, "end", "not before start");
 */
void refusal_clear(struct recourse_refusal *refusal);

/* `field` and `limit` may be NULL. */
enum recourse_error refusal_field(
	struct recourse_refusal *refusal, enum recourse_error error, const char *field, const char *limit);

/* With a formatted limit. */
enum recourse_error refusal_limit(struct recourse_refusal *refusal, enum recourse_error error,
	const char *field, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* What was asked for against what there is, in steps of the unit. */
enum recourse_error refusal_amount(struct recourse_refusal *refusal, enum recourse_error error,
	const char *field, const struct unit *unit, int64_t needed, int64_t available);

/* STATE_WRONG: where the life stands. */
enum recourse_error refusal_state(struct recourse_refusal *refusal, const char *field, const char *state);

/* Refused with `why` where what was looked for is not there (QUERY_NOT_FOUND); other errors are as they are. */
enum recourse_error refusal_absent(struct recourse_refusal *refusal, enum recourse_error error,
	enum recourse_error why, const char *field, const char *limit);

/* With the entry that stands in the way. */
enum recourse_error refusal_entry(
	struct recourse_refusal *refusal, enum recourse_error error, const char *field, uint64_t entry);

/*
 * As one CBOR map with the members that apply, `error` as its number among them: for a record, where the words of
 * `limit` are a number and figures (see allowed.h), and for people. Reading takes either, and makes the words.
 */
void refusal_encode(const struct recourse_refusal *refusal, struct buffer *out);
void refusal_show(const struct recourse_refusal *refusal, struct buffer *out);
enum recourse_error refusal_decode(struct item_reader *reader, struct recourse_refusal *refusal);
