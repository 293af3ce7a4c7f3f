/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* ---- instrument.reverse: what was said of an instrument, or of a call, and is not so ---- */

enum recourse_error instrument_reverse_keep(struct decision *decision, enum booked_kind kind, slice id,
	slice reference, slice line, const struct unit *unit, int64_t steps)
{
	struct record_booked record = {.unit = *unit, .amount = steps, .kind = kind};
	if (line.size > 0)
		record.custodian = decision->actor->party_number;
	record_text_set(record.id, sizeof record.id, id);
	record_text_set(record.reference, sizeof record.reference, reference);
	record_text_set(record.line, sizeof record.line, line);
	return booked_keep(decision, &record);
}

/* What became of a section's calls, by the entry that is taken back. */
struct reverse {
	const struct booked *booked;
	struct record_incident incident;
	struct record_section section;
	struct instrument_call call;
	slice receivable;
};

static enum recourse_error find_incident(struct decision *decision, struct reverse *reverse)
{
	TRY(incident_concerned(decision, reverse->booked->reference, &reverse->incident));
	return incident_open(decision, "entry", &reverse->incident);
}

static enum recourse_error find_call(struct decision *decision, struct reverse *reverse)
{
	struct instrument_call *call = &reverse->call;
	TRY(find_incident(decision, reverse));
	TRY(instrument_read(decision->state, decision->arena, reverse->booked->id, &call->instrument));
	enum recourse_error error = instrument_call_read(
		decision->state, reverse->incident.number, &call->instrument, &call->record);
	TRY(refuse_absent(decision, error, RECOURSE_NOT_FOUND, "entry", "called for the incident"));
	decision_fact_text(decision, "provider", call->instrument.provider);
	TRY(section_load(decision->state, reverse->incident.number, call->instrument.record.merchant,
		&reverse->section));
	return account_reference_make(decision->arena, call->record.entry, &reverse->receivable);
}

/* How much of an instrument's limit that entry moved: less than nothing was called. */
static enum recourse_error moved_limit(
	struct decision *decision, uint64_t entry, const struct instrument *instrument, int64_t *steps)
{
	return booked_moved(decision, entry, CHART_INSTRUMENT_LIMITS, instrument->provider, instrument->id,
		&instrument->record.unit, steps);
}

/* ---- a call ---- */

/* Where the instrument has ended, what comes back of its limit has lapsed with the rest. */
static enum recourse_error uncall(
	struct decision *decision, struct reverse *reverse, struct instrument_call *call, int64_t steps)
{
	const struct unit *unit = &reverse->incident.unit;
	struct record_instrument *record = &call->instrument.record;
	slice receivable;
	if (instrument_call_unpaid(&call->record) < steps)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", call->record.last_entry);
	TRY(account_reference_make(decision->arena, call->record.entry, &receivable));
	call->record.called -= steps;
	record->called -= steps;
	record->incidents -= call->record.called == 0;
	record->lapsed += record->ended_entry == 0 ? 0 : steps;
	TRY(decision_post(
		decision, CHART_CALLED, call->instrument.provider, reverse->booked->reference, unit, steps));
	TRY(decision_post(decision, CHART_COMMITMENT, call->instrument.provider, receivable, unit, -steps));
	TRY(instrument_call_save(decision, reverse->incident.number, call));
	return instrument_change(decision, &call->instrument, record->ended_entry == 0 ? steps : 0);
}

/* It was not called: what was paid on it, or refused, rests on it. */
static enum recourse_error reverse_call(struct decision *decision, struct booked *booked)
{
	struct reverse reverse = {.booked = booked};
	struct instrument_calls calls;
	uint32_t party;
	TRY(find_incident(decision, &reverse));
	TRY(decision_party(decision, "entry", booked->id, &party));
	TRY(section_load(decision->state, reverse.incident.number, party, &reverse.section));
	TRY(instrument_call_list(decision->state, decision->arena, &reverse.section, &calls));
	for (size_t row = 0; row < calls.count; row++) {
		int64_t moved;
		TRY(moved_limit(decision, booked->entry, &calls.rows[row].instrument, &moved));
		if (moved < 0)
			TRY(uncall(decision, &reverse, &calls.rows[row], -moved));
	}
	return RECOURSE_OK;
}

/* ---- a refusal ---- */

/* The entry since then, and standing, that called another instrument of the section; 0: none did. */
static enum recourse_error find_called_since(
	struct decision *decision, const struct reverse *reverse, uint64_t *called)
{
	struct instrument_calls calls;
	*called = 0;
	TRY(instrument_call_list(decision->state, decision->arena, &reverse->section, &calls));
	for (size_t row = 0; row < calls.count && *called == 0; row++) {
		const struct instrument_call *call = &calls.rows[row];
		struct record_path path = account_path(CHART_CALLED, call->instrument.provider,
			reverse->booked->reference, unit_code(&reverse->incident.unit));
		struct record_account account;
		TRY(record_get_named(decision->state, &path, &account, sizeof account));
		SCOPED(history_walk_end)
		struct history_walk walk =
			history_walk_from(decision->state, account.number, reverse->booked->entry, STATE_UP);
		while (*called == 0 && history_walk_next(&walk)) {
			struct record_booked booked = {.kind = BOOKED_REFUSED};
			bool there;
			TRY(booked_read(decision->state, walk.at.entry, &booked, &there));
			if (there && booked.kind == BOOKED_CALL && booked.takes_back == BOOKED_BOOKS &&
				booked.corrected_by == 0)
				*called = walk.at.entry;
		}
		TRY(walk.error);
	}
	return RECOURSE_OK;
}

/* Another one was called in its place: it would be called twice. */
static enum recourse_error check_needed(struct decision *decision, const struct reverse *reverse)
{
	int64_t need;
	uint64_t called;
	TRY(calling_need(decision, &reverse->incident, &reverse->section, reverse->booked->reference, &need));
	if (need >= reverse->booked->record.amount)
		return RECOURSE_OK;
	TRY(find_called_since(decision, reverse, &called));
	return called == 0 ? RECOURSE_OK : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", called);
}

/* What came back to the limit is taken out of it, or of what lapsed of it. */
static enum recourse_error take_limit(struct decision *decision, struct reverse *reverse, int64_t steps)
{
	struct instrument *instrument = &reverse->call.instrument;
	struct record_instrument *record = &instrument->record;
	bool lapsed = record->ended_entry != 0 && record->lapsed >= steps;
	if (!lapsed && steps > 0)
		TRY(booked_rests(decision, reverse->booked->entry, CHART_INSTRUMENT_LIMITS,
			instrument->provider, instrument->id, &record->unit, steps));
	record->given_back -= steps;
	record->lapsed -= lapsed ? steps : 0;
	return instrument_change(decision, instrument, lapsed ? 0 : -steps);
}

/* It will be paid after all: it is open as it was. */
static enum recourse_error reverse_refusal(struct decision *decision, struct booked *booked)
{
	struct reverse reverse = {.booked = booked};
	int64_t steps = booked->record.amount;
	int64_t given_back;
	TRY(find_call(decision, &reverse));
	TRY(check_needed(decision, &reverse));
	struct instrument_call *call = &reverse.call;
	TRY(moved_limit(decision, booked->entry, &call->instrument, &given_back));
	call->record.refused -= steps;
	TRY(decision_post(decision, CHART_CALLED, call->instrument.provider, booked->reference,
		&booked->record.unit, -steps));
	TRY(decision_post(decision, CHART_COMMITMENT, call->instrument.provider, reverse.receivable,
		&booked->record.unit, steps));
	TRY(instrument_call_save(decision, reverse.incident.number, call));
	return take_limit(decision, &reverse, given_back);
}

/* ---- what no claim needed ---- */

/* It is there to be shared out again, unless it was paid to its provider. */
static enum recourse_error reverse_return(struct decision *decision, struct booked *booked)
{
	struct reverse reverse = {.booked = booked};
	int64_t steps = booked->record.amount;
	int64_t given_back;
	TRY(find_call(decision, &reverse));
	struct instrument_call *call = &reverse.call;
	slice provider = call->instrument.provider;
	if (call->record.returned - call->record.paid_out < steps)
		return booked_went_on(decision, CHART_OVER_RECOVERY, provider, booked->reference,
			&booked->record.unit, BOOKED_DEBIT);
	TRY(moved_limit(decision, booked->entry, &call->instrument, &given_back));
	call->record.returned -= steps;
	TRY(decision_move(decision, &booked->record.unit, steps, CHART_OVER_RECOVERY, provider, CHART_CALLED,
		provider, booked->reference));
	TRY(instrument_call_save(decision, reverse.incident.number, call));
	TRY(take_limit(decision, &reverse, given_back));
	TRY(instrument_about(decision, &call->instrument));
	return area_instrument_paid(decision, booked->reference, &reverse.incident, &reverse.section);
}

/* ---- the command ---- */

/* What is said anew by its own command is not booked again by a correction of the correction. */
static const struct {
	enum recourse_error (*reverse)(struct decision *decision, struct booked *booked);
	bool again;
} ways[] = {
	[BOOKED_INSTRUMENT] = {instrument_reverse, true},
	[BOOKED_INSTRUMENT_PAID] = {instrument_call_reverse, true},
	[BOOKED_CALL] = {reverse_call, false},
	[BOOKED_REFUSED] = {reverse_refusal, false},
	[BOOKED_UNNEEDED] = {reverse_return, false},
	[BOOKED_CANCELLED] = {instrument_cancel_reverse, false},
	[BOOKED_RENEWED] = {instrument_renew_reverse, false},
};

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct booked booked;
	uint64_t kinds = 0;
	for (uint32_t kind = 0; kind < sizeof ways / sizeof ways[0]; kind++)
		kinds |= ways[kind].reverse != NULL ? BOOKED_KIND(kind) : 0;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], kinds, &booked));
	if (booked.record.takes_back != BOOKED_BOOKS && !ways[booked.record.kind].again)
		return refuse_entry(decision, RECOURSE_STATE_WRONG, "entry", booked.entry);
	TRY(ways[booked.record.kind].reverse(decision, &booked));
	return booked_correct(decision, &booked);
}

static const struct command rows[] = {
	COMMAND_CHECKED("instrument.reverse", RECOURSE_ROLE_CUSTODIAN | RECOURSE_ROLE_OPERATOR, 1,
		booked_fields, apply_reverse,
		"take back an instrument, its renewal or end, a call of instruments, or what became of one, "
		"that was "
		"booked by a slip; another person approves",
		BOOKED_REFUSES, RECOURSE_WINDOW_CLOSED, RECOURSE_FIELD_LIMIT, RECOURSE_OVERFLOW,
		ATTEST_REFUSES),
};
const struct command_group instrument_reverse_commands = COMMAND_GROUP(rows);
