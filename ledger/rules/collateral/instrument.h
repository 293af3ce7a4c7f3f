/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/* Instruments (A6): what secures a merchant beside its deposit, a limit and never cash. */
enum {
	INSTRUMENT_LIVE_MAX = 16,      /* of a merchant in a unit */
	INSTRUMENT_INCIDENTS_MAX = 32, /* for which one instrument may be called */
	INSTRUMENT_CALLS_MAX = 16,     /* called for a section */
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
	struct state_view *view, struct arena *arena, slice id, struct instrument *instrument);

/* By the id that field "instrument" gives. NOT_FOUND with that field. */
enum recourse_error instrument_find(struct decision *decision, slice id, struct instrument *instrument);

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
	slice unit, struct instruments *live);

/* Makes the entry one about it, its merchant and its provider. */
enum recourse_error instrument_about(struct decision *decision, const struct instrument *instrument);

/* The one way in which what is left of a limit changes: posts the memo, keeps the record. Below zero: less is left. */
enum recourse_error instrument_change(
	struct decision *decision, struct instrument *instrument, int64_t steps);

/* What this entry books of an instrument, or of a section's; an empty line: an operator said it. */
enum recourse_error instrument_reverse_keep(struct decision *decision, enum booked_kind kind, slice id,
	slice reference, slice line, const struct unit *unit, int64_t steps);

/*
 * Takes back what instrument.register, .cancel, .renew or .pay booked; what was registered or paid, books it again:
 * NOT_PERMITTED with field "entry" and what rests on it.
 */
enum recourse_error instrument_reverse(struct decision *decision, struct booked *booked);
enum recourse_error instrument_cancel_reverse(struct decision *decision, struct booked *booked);
enum recourse_error instrument_renew_reverse(struct decision *decision, struct booked *booked);
enum recourse_error instrument_call_reverse(struct decision *decision, struct booked *booked);

/* Its time has come: what is left of the limit lapses. The subject is the instrument's id. */
enum recourse_error instrument_expired(struct decision *decision, slice id);

/* What of its calls is in the way of closing an incident. */
area_blockers_walker instrument_blockers;

/*
 * Calls on instruments (A6, F1), in the accounts of their providers:
 *
 *   called − refused − used − returned   in 2040, summed over a provider's instruments
 *   called − refused − paid              in 1100, summed over those that were called in one entry
 *   paid − used − returned               cash: it can be shared out
 */
struct instrument_call {
	struct instrument instrument;
	struct record_instrument_call record;
};

/* All those of a section, in the order in which they are drawn. */
struct instrument_calls {
	uint32_t incident;
	size_t count;
	struct instrument_call rows[INSTRUMENT_CALLS_MAX];
};

enum recourse_error instrument_call_list(struct state_view *view, struct arena *arena,
	const struct record_section *section, struct instrument_calls *calls);

/* QUERY_NOT_FOUND when that instrument was not called for the incident. */
enum recourse_error instrument_call_read(struct state_view *view, uint32_t incident,
	const struct instrument *instrument, struct record_instrument_call *record);

/* Keeps it, or forgets it where nothing is called; the instrument is the caller's. */
enum recourse_error instrument_call_save(
	struct decision *decision, uint32_t incident, struct instrument_call *call);

/* What the claims that a section's instruments insure lack still, beside what was called: what a call could ask for. */
enum recourse_error calling_need(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice reference, int64_t *steps);

/* Called and neither paid nor refused. */
int64_t instrument_call_unpaid(const struct record_instrument_call *record);

/* Paid and neither used nor returned. */
int64_t instrument_call_unused(const struct record_instrument_call *record);

/* What of all calls can be shared out now. OVERFLOW. */
enum recourse_error instrument_call_cash(const struct instrument_calls *calls, int64_t *steps);

/*
 * What a provider's instruments paid of so many steps that were shared out, in draw order: of an issuer's, what its own section has
 * comes before what its pool gave to others.
 */
int64_t instrument_call_used(const struct instrument_calls *calls, uint32_t provider, int64_t steps);

/* At most so many steps of what is owed to a provider again were paid to it, of all sections of the incident, or were not after all; less those. */
enum recourse_error instrument_call_paid_out(struct decision *decision,
	const struct record_incident *incident, slice provider, bool paid, int64_t *steps);

/* Shares out that much of the cash, in draw order: out of 2040 into 2110. At most instrument_call_cash(). */
enum recourse_error instrument_call_draw(
	struct decision *decision, slice reference, struct instrument_calls *calls, int64_t steps);

/* Takes that much of it back, the last one drawn first. At most what they gave. */
enum recourse_error instrument_call_undraw(
	struct decision *decision, slice reference, struct instrument_calls *calls, int64_t steps);

/* The same where the deposit is in its place: kept by entry, as what is drawn is. */
enum recourse_error instrument_call_replace(
	struct decision *decision, slice reference, struct instrument_calls *calls, int64_t steps);

/* Shares out again what that entry took back, of the same providers: `*steps` less what is there still. */
enum recourse_error instrument_call_draw_again(struct decision *decision, slice reference, uint64_t entry,
	struct instrument_calls *calls, int64_t *steps);

/*
 * Takes back what that entry drew of them, `*steps`, less than nothing where it replaced more: NOT_PERMITTED with field
 * "entry" where one has less of it, or it is not there any more.
 */
enum recourse_error instrument_call_undraw_entry(struct decision *decision, slice reference, uint64_t entry,
	struct instrument_calls *calls, int64_t *steps);
