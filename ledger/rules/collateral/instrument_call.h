/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "rules/collateral/instrument.h"

/*
 * Calls on instruments (A6, F1). What was called stands in 2040, party the provider, reference the incident; as long as
 * it is not paid, it is as much in 1100, party the provider, reference `@` and the entry that opened the receivable:
 *
 *   called − refused − used − returned   in 2040, summed over a provider's instruments
 *   called − refused − paid              in 1100, summed over those that were called in one entry
 *   paid − used − returned               cash: it can be shared out
 *
 * What is called while an earlier call of the same instrument and incident is unpaid joins its receivable. Command
 * instrument.call; the other ends of a call are in instrument_pay.c.
 */
enum { INSTRUMENT_CALLS_MAX = 16 }; /* instruments called for an incident */

struct instrument_call {
	struct instrument instrument;
	struct record_instrument_call record;
};

/* All those of an incident, in the order in which they are drawn. */
struct instrument_calls {
	uint32_t incident;
	size_t count;
	struct instrument_call rows[INSTRUMENT_CALLS_MAX];
};

enum recourse_error instrument_call_list(struct state_view *view, struct arena *arena, uint32_t incident,
	struct instrument_calls *calls) RECOURSE_CHECK;

/* QUERY_NOT_FOUND when that instrument was not called for the incident. */
enum recourse_error instrument_call_read(struct state_view *view, uint32_t incident,
	const struct instrument *instrument, struct record_instrument_call *record) RECOURSE_CHECK;

/* Keeps the record; `last_entry` becomes this entry. */
enum recourse_error instrument_call_save(
	struct decision *decision, uint32_t incident, struct instrument_call *call) RECOURSE_CHECK;

/* Called and neither paid nor refused. */
int64_t instrument_call_unpaid(const struct record_instrument_call *record);

/* Paid and neither used nor returned. */
int64_t instrument_call_unused(const struct record_instrument_call *record);

/* What of all calls can be shared out now. OVERFLOW. */
enum recourse_error instrument_call_cash(const struct instrument_calls *calls, int64_t *steps) RECOURSE_CHECK;

/* What a provider's instruments paid of what was shared out. */
int64_t instrument_call_used(const struct instrument_calls *calls, uint32_t provider);

/* Shares out that much of the cash, in draw order: out of 2040 into 2110. At most instrument_call_cash(). */
enum recourse_error instrument_call_draw(struct decision *decision, slice reference,
	struct instrument_calls *calls, int64_t steps) RECOURSE_CHECK;
