/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

#include <assert.h>

/* An instrument is in the pool of its merchant: a call on it is that section's. */
static struct record_path call_path(uint32_t incident, const struct instrument *instrument)
{
	struct record_path path = record_path_of_shorts(RECORD_CALL, incident, instrument->record.merchant);
	record_path_short(&path, instrument->record.draw);
	record_path_text(&path, instrument->id);
	return path;
}

enum recourse_error instrument_call_read(struct state_view *view, uint32_t incident,
	const struct instrument *instrument, struct record_instrument_call *record)
{
	struct record_path path = call_path(incident, instrument);
	return record_get(view, &path, record, sizeof *record);
}

enum recourse_error instrument_call_save(
	struct decision *decision, uint32_t incident, struct instrument_call *call)
{
	struct record_path path = call_path(incident, &call->instrument);
	call->record.last_entry = decision->entry;
	if (call->record.called == 0)
		return decision_remove(decision, &path);
	return decision_put(decision, &path, &call->record, sizeof call->record);
}

enum recourse_error instrument_call_list(struct state_view *view, struct arena *arena,
	const struct record_section *section, struct instrument_calls *calls)
{
	struct record_path prefix = record_path_of_shorts(RECORD_CALL, section->incident, section->party);
	struct instrument_call call;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	calls->incident = section->incident;
	calls->count = 0;
	while (record_walk_next(&walk, &call.record, sizeof call.record)) {
		slice id;
		assert(calls->count < INSTRUMENT_CALLS_MAX);
		TRY(arena_copy(arena, walk.key.parts[3].text, &id));
		TRY(instrument_read(view, arena, id, &call.instrument));
		calls->rows[calls->count++] = call;
	}
	return walk.error;
}

int64_t instrument_call_unpaid(const struct record_instrument_call *record)
{
	return record->called - record->paid - record->refused;
}

int64_t instrument_call_unused(const struct record_instrument_call *record)
{
	return record->paid - record->used - record->returned;
}

/* ---- what was paid is shared out ---- */

enum recourse_error instrument_call_cash(const struct instrument_calls *calls, int64_t *steps)
{
	*steps = 0;
	for (size_t row = 0; row < calls->count; row++)
		TRY(amount_add_steps(*steps, instrument_call_unused(&calls->rows[row].record), steps));
	return RECOURSE_OK;
}

int64_t instrument_call_used(const struct instrument_calls *calls, uint32_t provider, int64_t steps)
{
	int64_t used = 0; /* within what was shared out for the section */
	for (size_t row = 0; row < calls->count; row++) {
		int64_t part = amount_least(calls->rows[row].record.used, steps);
		steps -= part;
		if (calls->rows[row].instrument.record.provider == provider)
			used += part;
	}
	return used;
}

static enum recourse_error note_paid_out(struct decision *decision, const struct record_section *section,
	slice provider, bool paid, int64_t *steps)
{
	struct instrument_calls calls;
	TRY(instrument_call_list(decision->state, decision->arena, section, &calls));
	for (size_t row = 0; row < calls.count; row++) {
		struct record_instrument_call *record = &calls.rows[row].record;
		int64_t most = paid ? record->returned - record->paid_out : record->paid_out;
		int64_t part = amount_least(most, *steps);
		if (part == 0 || !slice_equal(calls.rows[row].instrument.provider, provider))
			continue;
		*steps -= part;
		record->paid_out += paid ? part : -part;
		TRY(instrument_call_save(decision, section->incident, &calls.rows[row]));
	}
	return RECOURSE_OK;
}

enum recourse_error instrument_call_paid_out(struct decision *decision,
	const struct record_incident *incident, slice provider, bool paid, int64_t *steps)
{
	struct section_list list;
	TRY(section_list(decision, incident, &list));
	for (size_t index = 0; index < list.count; index++) {
		struct record_section section;
		TRY(section_load(decision->state, incident->number, list.parties[index], &section));
		TRY(note_paid_out(decision, &section, provider, paid, steps));
	}
	return RECOURSE_OK;
}

static struct record_path drawn_path(uint64_t entry, const struct instrument *instrument)
{
	struct record_path path = record_path_of_number(RECORD_DRAWN, entry);
	record_path_short(&path, instrument->record.merchant);
	record_path_text(&path, instrument->id);
	return path;
}

/* An issuer's pool gives for its own claims, and for those of others, and has again what it gave, in one entry. */
static enum recourse_error keep_drawn(
	struct decision *decision, const struct instrument *instrument, int64_t steps)
{
	struct record_path path = drawn_path(decision->entry, instrument);
	int64_t drawn = 0;
	TRY(record_get_optional(decision->state, &path, &drawn, sizeof drawn, NULL));
	drawn += steps;
	if (drawn == 0)
		return decision_remove(decision, &path);
	return decision_put(decision, &path, &drawn, sizeof drawn);
}

enum recourse_error instrument_call_draw(
	struct decision *decision, slice reference, struct instrument_calls *calls, int64_t steps)
{
	for (size_t row = 0; row < calls->count && steps > 0; row++) {
		struct instrument_call *call = &calls->rows[row];
		const struct instrument *instrument = &call->instrument;
		int64_t unused = instrument_call_unused(&call->record);
		int64_t part = amount_least(unused, steps);
		if (part == 0)
			continue;
		call->record.used += part;
		steps -= part;
		TRY(decision_move(decision, &instrument->record.unit, part, CHART_CALLED,
			instrument->provider, CHART_CLAIMS, slice_text(""), reference));
		TRY(keep_drawn(decision, instrument, part));
		TRY(instrument_call_save(decision, calls->incident, call));
	}
	assert(steps == 0);
	return RECOURSE_OK;
}

static enum recourse_error undraw(struct decision *decision, slice reference, uint32_t incident,
	struct instrument_call *call, int64_t steps)
{
	call->record.used -= steps;
	TRY(decision_move(decision, &call->instrument.record.unit, steps, CHART_CLAIMS, slice_text(""),
		CHART_CALLED, call->instrument.provider, reference));
	return instrument_call_save(decision, incident, call);
}

static enum recourse_error undraw_last(
	struct decision *decision, slice reference, struct instrument_calls *calls, int64_t steps, bool kept)
{
	for (size_t row = calls->count; row-- > 0 && steps > 0;) {
		struct instrument_call *call = &calls->rows[row];
		int64_t part = amount_least(call->record.used, steps);
		if (part == 0)
			continue;
		steps -= part;
		TRY(undraw(decision, reference, calls->incident, call, part));
		if (kept)
			TRY(keep_drawn(decision, &call->instrument, -part));
	}
	assert(steps == 0);
	return RECOURSE_OK;
}

enum recourse_error instrument_call_undraw(
	struct decision *decision, slice reference, struct instrument_calls *calls, int64_t steps)
{
	return undraw_last(decision, reference, calls, steps, false);
}

enum recourse_error instrument_call_replace(
	struct decision *decision, slice reference, struct instrument_calls *calls, int64_t steps)
{
	return undraw_last(decision, reference, calls, steps, true);
}

enum recourse_error instrument_call_undraw_entry(struct decision *decision, slice reference, uint64_t entry,
	struct instrument_calls *calls, int64_t *steps)
{
	*steps = 0;
	for (size_t row = 0; row < calls->count; row++) {
		struct instrument_call *call = &calls->rows[row];
		struct record_path path = drawn_path(entry, &call->instrument);
		int64_t drawn = 0;
		TRY(record_get_optional(decision->state, &path, &drawn, sizeof drawn, NULL));
		if (drawn == 0)
			continue;
		/* a ruling gave it back since then, or it was used again, or returned */
		if (drawn > call->record.used || -drawn > instrument_call_unused(&call->record))
			return refuse_entry(
				decision, RECOURSE_NOT_PERMITTED, "entry", call->record.last_entry);
		*steps += drawn;
		TRY(decision_remove(decision, &path));
		TRY(undraw(decision, reference, calls->incident, call, drawn));
	}
	return RECOURSE_OK;
}

/* What of the entry's sum is that provider's, and no earlier row of it has had. */
static enum recourse_error find_undrawn(struct decision *decision, slice reference, uint64_t entry,
	const struct instrument_calls *calls, size_t row, const int64_t *drawn, int64_t *left)
{
	const struct instrument *instrument = &calls->rows[row].instrument;
	TRY(booked_moved(decision, entry, CHART_CALLED, instrument->provider, reference,
		&instrument->record.unit, left));
	*left = -*left;
	for (size_t earlier = 0; earlier < row; earlier++) {
		if (slice_equal(calls->rows[earlier].instrument.provider, instrument->provider))
			*left -= drawn[earlier];
	}
	return RECOURSE_OK;
}

enum recourse_error instrument_call_draw_again(struct decision *decision, slice reference, uint64_t entry,
	struct instrument_calls *calls, int64_t *steps)
{
	int64_t drawn[INSTRUMENT_CALLS_MAX] = {0};
	for (size_t row = 0; *steps > 0 && row < calls->count; row++) {
		struct instrument_call *call = &calls->rows[row];
		int64_t left;
		TRY(find_undrawn(decision, reference, entry, calls, row, drawn, &left));
		drawn[row] = amount_least(left, *steps);
		if (drawn[row] <= 0) {
			drawn[row] = 0;
			continue;
		}
		/* the rest of it is another instrument's of that provider, or was shared out since */
		drawn[row] = amount_least(drawn[row], instrument_call_unused(&call->record));
		*steps -= drawn[row];
		TRY(undraw(decision, reference, calls->incident, call, -drawn[row]));
	}
	return RECOURSE_OK;
}

/* ---- what becomes of a call (A6, H3): it is paid or refused, and what is not needed of it is owed again ---- */

struct called {
	struct record_incident incident;
	struct record_section section; /* whose pool it is in */
	struct instrument_call call;
	slice reference;  /* of the incident */
	slice receivable; /* of the call */
};

/* The same two fields come first in each of the commands. */
enum { ON_INCIDENT, ON_INSTRUMENT };
#define ON_FIELDS FIELD(ID, "incident", "that it was called for"), FIELD(ID, "instrument", "that was called")

static enum recourse_error find_call(
	struct decision *decision, const char *field, const struct value *values, struct called *called)
{
	struct instrument_call *call = &called->call;
	TRY(instrument_find(decision, values[ON_INSTRUMENT].text, &call->instrument));
	enum recourse_error error = instrument_call_read(
		decision->state, called->incident.number, &call->instrument, &call->record);
	TRY(refuse_absent(decision, error, RECOURSE_NOT_FOUND, field, "called for the incident"));
	decision_fact_text(decision, "provider", call->instrument.provider);
	called->reference = values[ON_INCIDENT].text;
	return account_reference_make(decision->arena, call->record.entry, &called->receivable);
}

static enum recourse_error put_about(struct decision *decision, struct called *called)
{
	TRY(instrument_call_save(decision, called->incident.number, &called->call));
	return instrument_about(decision, &called->call.instrument);
}

/* ---- instrument.pay ---- */

enum { PAY_AMOUNT = 2, PAY_BANK };
static const struct recourse_field pay_fields[] = {
	ON_FIELDS,
	[PAY_AMOUNT] = FIELD(AMOUNT, "amount", "received, at most what is called and unpaid"),
	[PAY_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error apply_pay(struct decision *decision, const struct value *values)
{
	struct called called;
	const struct unit *unit = &called.incident.unit;
	int64_t steps;
	TRY(incident_concerned(decision, values[ON_INCIDENT].text, &called.incident));
	TRY(incident_custodian(decision, &called.incident));
	TRY(find_call(decision, "instrument", values, &called));
	TRY(section_load(decision->state, called.incident.number, called.call.instrument.record.merchant,
		&called.section));
	int64_t unpaid = instrument_call_unpaid(&called.call.record);
	TRY(decision_amount_or_all(decision, "amount", &values[PAY_AMOUNT], unit, unpaid, &steps));

	called.call.record.paid += steps;
	decision_fact_amount(decision, "unpaid", unit, unpaid - steps);
	TRY(attest_received(decision, &values[PAY_BANK], unit, steps, CHART_COMMITMENT,
		called.call.instrument.provider, called.receivable));
	TRY(instrument_reverse_keep(decision, BOOKED_INSTRUMENT_PAID, values[ON_INSTRUMENT].text,
		called.reference, values[PAY_BANK].text, unit, steps));
	TRY(put_about(decision, &called));
	return area_instrument_paid(decision, called.reference, &called.incident, &called.section);
}

/* Something of an instrument was shared out by that entry. */
static enum recourse_error has_drawn(struct decision *decision, uint64_t entry, bool *drawn)
{
	struct record_path prefix = record_path_of_number(RECORD_DRAWN, entry);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*drawn = record_walk_next(&walk, NULL, 0);
	return walk.error;
}

/* What it repaid at once is taken back with it. */
static enum recourse_error unshare(
	struct decision *decision, const struct booked *booked, const struct record_incident *incident)
{
	struct instrument instrument;
	struct record_section section;
	bool drawn;
	TRY(has_drawn(decision, booked->entry, &drawn));
	if (!drawn)
		return RECOURSE_OK;
	TRY(incident_open(decision, "entry", incident));
	TRY(instrument_read(decision->state, decision->arena, booked->id, &instrument));
	TRY(section_load(decision->state, incident->number, instrument.record.merchant, &section));
	return area_instrument_unpaid(decision, booked->entry, incident, &section);
}

/* It was not paid, or by somebody else: it is open again, unless claims have had it otherwise. */
enum recourse_error instrument_call_reverse(struct decision *decision, struct booked *booked)
{
	const struct record_booked *record = &booked->record;
	const struct value values[] = {
		[ON_INCIDENT] = {.text = booked->reference}, [ON_INSTRUMENT] = {.text = booked->id}};
	const struct value line = {.present = true, .text = booked->line};
	struct called called;
	TRY(incident_concerned(decision, booked->reference, &called.incident));
	bool again = record->takes_back != 0;
	if (!again)
		TRY(unshare(decision, booked, &called.incident));
	TRY(find_call(decision, "entry", values, &called));
	struct record_instrument_call *call = &called.call.record;
	int64_t steps = again ? record->amount : -record->amount;
	if (again ? steps > instrument_call_unpaid(call) : -steps > instrument_call_unused(call))
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", call->last_entry);
	call->paid += steps;
	decision_fact_amount(decision, "unpaid", &record->unit, instrument_call_unpaid(call));
	TRY(again ? attest_cash(decision, &line, &record->unit, steps)
		  : attest_back(decision, booked->line, &record->unit, -steps));
	TRY(decision_post(decision, CHART_COMMITMENT, called.call.instrument.provider, called.receivable,
		&record->unit, -steps));
	TRY(put_about(decision, &called));
	TRY(section_load(decision->state, called.incident.number, called.call.instrument.record.merchant,
		&called.section));
	return again ? area_instrument_paid(decision, called.reference, &called.incident, &called.section)
		     : RECOURSE_OK;
}

/* Where the instrument still stands for other claims. */
static enum recourse_error give_limit_back(
	struct decision *decision, struct instrument_call *call, int64_t steps)
{
	struct record_instrument *instrument = &call->instrument.record;
	bool stands = instrument->ended_entry == 0 && instrument->expires > decision->time;
	decision_fact_amount(decision, "given_back", &instrument->unit, stands ? steps : 0);
	if (!stands)
		return RECOURSE_OK;
	instrument->given_back += steps;
	return instrument_change(decision, &call->instrument, steps);
}

/* ---- instrument.refuse ---- */

enum { REFUSE_REASON = 2, REFUSE_EVIDENCE };
static const struct recourse_field refuse_fields[] = {
	ON_FIELDS,
	[REFUSE_REASON] = FIELD(ID, "reason", "reason code"),
	[REFUSE_EVIDENCE] = FIELD(HASH, "evidence_hash", "SHA-256 of the provider's letter"),
};

static enum recourse_error apply_refuse(struct decision *decision, const struct value *values)
{
	struct called called;
	const struct unit *unit = &called.incident.unit;
	TRY(incident_concerned(decision, values[ON_INCIDENT].text, &called.incident));
	TRY(find_call(decision, "instrument", values, &called));
	struct instrument_call *call = &called.call;
	int64_t unpaid = instrument_call_unpaid(&call->record);
	if (unpaid == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "instrument", unit, 1, 0);

	call->record.refused += unpaid;
	decision_fact_amount(decision, "refused", unit, unpaid);
	TRY(decision_post(decision, CHART_CALLED, call->instrument.provider, called.reference, unit, unpaid));
	TRY(decision_post(
		decision, CHART_COMMITMENT, call->instrument.provider, called.receivable, unit, -unpaid));
	TRY(instrument_reverse_keep(decision, BOOKED_REFUSED, values[ON_INSTRUMENT].text, called.reference,
		slice_text(""), unit, unpaid));
	TRY(give_limit_back(decision, call, unpaid));
	return put_about(decision, &called);
}

/* ---- instrument.return ---- */

enum { RETURN_REASON = 2 };
static const struct recourse_field return_fields[] = {
	ON_FIELDS,
	[RETURN_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_return(struct decision *decision, const struct value *values)
{
	struct called called;
	const struct unit *unit = &called.incident.unit;
	TRY(incident_concerned(decision, values[ON_INCIDENT].text, &called.incident));
	TRY(find_call(decision, "instrument", values, &called));
	TRY(section_load(decision->state, called.incident.number, called.call.instrument.record.merchant,
		&called.section));
	/* as long as a claim may still need it, it stays */
	TRY(section_decided(decision, &called.incident, &called.section));
	if (called.section.loss - called.section.elsewhere > called.section.shared_loss)
		return refuse(decision, RECOURSE_NOT_PERMITTED, "incident", "every decided claim shared out");
	struct instrument_call *call = &called.call;
	int64_t unused = instrument_call_unused(&call->record);
	if (unused == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "instrument", unit, 1, 0);
	/* it repays what later ranks, or parties, paid in its place, and what is beyond the promise is the consumers' */
	TRY(area_instrument_unneeded(decision, called.reference, &called.incident, &called.section));

	TRY(instrument_reverse_keep(decision, BOOKED_UNNEEDED, values[ON_INSTRUMENT].text, called.reference,
		slice_text(""), unit, unused));
	call->record.returned += unused;
	decision_fact_amount(decision, "returned", unit, unused);
	TRY(decision_move(decision, unit, unused, CHART_CALLED, call->instrument.provider,
		CHART_OVER_RECOVERY, call->instrument.provider, called.reference));
	TRY(give_limit_back(decision, call, unused));
	return put_about(decision, &called);
}

static const struct command rows[] = {
	COMMAND("instrument.pay", RECOURSE_ROLE_CUSTODIAN, pay_fields, apply_pay,
		"the custodian attests money from the provider of a called instrument", ATTEST_REFUSES),
	COMMAND_CHECKED("instrument.refuse", RECOURSE_ROLE_OPERATOR, 1, refuse_fields, apply_refuse,
		"a provider does not pay what is called; another person approves", RECOURSE_INSUFFICIENT),
	COMMAND("instrument.return", RECOURSE_ROLE_OPERATOR, return_fields, apply_return,
		"what a provider paid and no claim needs is owed to it again", RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
};
const struct command_group instrument_call_commands = COMMAND_GROUP(rows);
