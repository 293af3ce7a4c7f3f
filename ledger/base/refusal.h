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
 * `limit` are a number and figures, and for people. Reading takes either, and makes the words.
 */
void refusal_encode(const struct recourse_refusal *refusal, struct buffer *out);
void refusal_show(const struct recourse_refusal *refusal, struct buffer *out);
enum recourse_error refusal_decode(slice *reader, struct recourse_refusal *refusal);

/*
 * What would have been allowed: the wordings of refusals that are kept. A record of a request lasts for ever and is
 * compared byte for byte, a wording is mended now and then; so the record has a number and the figures, and the words are
 * made when they are shown. A number never changes its meaning; its words may.
 */
enum { ALLOWED_FIGURES_SIZE = 96 };

/* The number of a wording, as it is passed to refusal_field() or, with its conversions, to refusal_limit(); 0: of none. */
uint32_t allowed_number(const char *wording);

/*
 * What the conversions of that wording became in a text that was made by it, one after the other with a bar between.
 * False where the text was not made so, or the figures have no room or a bar in them.
 */
bool allowed_figures(uint32_t number, const char *text, char figures[static ALLOWED_FIGURES_SIZE]);

/* The text again, cut off after `size` with its NUL. False for a number or figures that there are not. */
bool allowed_text(uint32_t number, slice figures, char *text, size_t size);
