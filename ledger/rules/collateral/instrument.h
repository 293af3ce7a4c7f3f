/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Instruments (A6): what secures a merchant's obligations beside its deposit. An instrument is a limit, a memo in 9010
 * under its id, never cash: money comes only when it is called (instrument_call.h) and its provider pays. Commands
 * instrument.register, instrument.renew, instrument.cancel.
 */
enum {
	INSTRUMENT_LIVE_MAX = 16,      /* of a merchant in a unit */
	INSTRUMENT_INCIDENTS_MAX = 32, /* for which one instrument may be called */
};

struct instrument {
	struct record_instrument record;
	slice id; /* the three live in the arena, or in the request */
	slice merchant;
	slice provider;
};

extern const char *const instrument_kind_names[];

/* By its id, from a list or another record. */
enum recourse_error instrument_read(
	struct state_view *view, struct arena *arena, slice id, struct instrument *instrument) RECOURSE_CHECK;

/* By the id that field "instrument" gives. NOT_FOUND with that field. */
enum recourse_error instrument_find(
	struct decision *decision, slice id, struct instrument *instrument) RECOURSE_CHECK;

/*
 * The live ones of a merchant in a unit, in the order in which they are drawn: by rank, then by id. One that has expired
 * is among them until its clock has struck.
 */
struct instruments {
	size_t count;
	struct instrument rows[INSTRUMENT_LIVE_MAX];
	int64_t left; /* of their limits, all told */
};
enum recourse_error instrument_list(struct state_view *view, struct arena *arena, uint32_t merchant,
	slice unit, struct instruments *live) RECOURSE_CHECK;

/* Makes the entry one about it, its merchant and its provider. */
enum recourse_error instrument_about(
	struct decision *decision, const struct instrument *instrument) RECOURSE_CHECK;

/*
 * Changes what is left of an instrument's limit, posts the memo, and keeps the record: the one way in which a limit
 * changes. Negative steps take from it, at most what is left.
 */
enum recourse_error instrument_change(
	struct decision *decision, struct instrument *instrument, int64_t steps) RECOURSE_CHECK;

/* Its time has come: what is left of the limit lapses. The subject is the instrument's id. */
enum recourse_error instrument_expired(struct decision *decision, slice id) RECOURSE_CHECK;
