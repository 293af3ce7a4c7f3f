/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

#include "rules/collateral/collateral.h"

#include <assert.h>

const char *const instrument_kind_names[] = {
	[INSTRUMENT_BOND] = "bond",
	[INSTRUMENT_INSURANCE] = "insurance",
	[INSTRUMENT_GUARANTEE_FUND] = "guarantee-fund",
	[INSTRUMENT_BLOCKED_SETTLEMENT] = "blocked-settlement",
	NULL,
};

enum recourse_error instrument_read(
	struct state_view *view, struct arena *arena, slice id, struct instrument *instrument)
{
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, id);
	TRY(record_get_named(view, &path, &instrument->record, sizeof instrument->record));
	instrument->id = id;
	TRY(party_name(view, arena, instrument->record.merchant, &instrument->merchant));
	return party_name(view, arena, instrument->record.provider, &instrument->provider);
}

enum recourse_error instrument_find(struct decision *decision, slice id, struct instrument *instrument)
{
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, id);
	TRY(decision_find(decision, "instrument", &path, &instrument->record, sizeof instrument->record));
	return instrument_read(decision->state, decision->arena, id, instrument);
}

enum recourse_error instrument_list(
	struct state_view *view, struct arena *arena, uint32_t merchant, slice unit, struct instruments *live)
{
	struct record_path prefix = record_path_of_short_text(RECORD_INSTRUMENT_LIVE, merchant, unit);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	live->count = 0;
	live->left = 0;
	while (record_walk_next(&walk, NULL, 0)) {
		slice id;
		assert(live->count < INSTRUMENT_LIVE_MAX);
		struct instrument *row = &live->rows[live->count++];
		TRY(arena_copy(arena, walk.key.parts[3].text, &id));
		TRY(instrument_read(view, arena, id, row));
		TRY(amount_add_steps(live->left, row->record.left, &live->left));
	}
	return walk.error;
}

/* ---- changes ---- */

enum recourse_error instrument_about(struct decision *decision, const struct instrument *instrument)
{
	TRY(decision_about(decision, RECORD_INSTRUMENT, instrument->id));
	TRY(decision_about(decision, RECORD_PARTY, instrument->merchant));
	return decision_about(decision, RECORD_PARTY, instrument->provider);
}

static enum recourse_error put_about(struct decision *decision, const struct instrument *instrument)
{
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, instrument->id);
	TRY(decision_put(decision, &path, &instrument->record, sizeof instrument->record));
	return instrument_about(decision, instrument);
}

enum recourse_error instrument_change(struct decision *decision, struct instrument *instrument, int64_t steps)
{
	struct record_instrument *record = &instrument->record;
	struct collateral collateral;
	int64_t *secures = &collateral.record.instruments;
	assert(record->left + steps >= 0 && record->left + steps <= record->limit);
	record->left += steps;
	if (record->ended_entry == 0)
		(void)life_step(LIFE_INSTRUMENT, &record->state,
			record->left == 0 ? INSTRUMENT_EXHAUSTED : INSTRUMENT_IN_FORCE);
	TRY(decision_move(decision, &record->unit, steps, CHART_INSTRUMENT_LIMITS, instrument->provider,
		CHART_MEMO_CONTRA, instrument->provider, instrument->id));
	TRY(put_about(decision, instrument));
	TRY(collateral_load(decision, instrument->merchant, &record->unit, &collateral));
	if (amount_add_steps(*secures, steps, secures) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "limit", "64 bits for a merchant");
	return collateral_change(decision, &collateral);
}

/* Expired or cancelled: nothing is left of the limit. What was called before stands. */
static enum recourse_error end(struct decision *decision, slice id, uint32_t state)
{
	struct instrument instrument;
	struct record_instrument *record = &instrument.record;
	TRY(instrument_find(decision, id, &instrument));
	TRY(decision_step(decision, LIFE_INSTRUMENT, &record->state, state, "instrument"));
	record->ended_entry = decision->entry;
	record->clock = 0;
	record->lapsed = record->left;
	decision_fact_text(decision, "merchant", instrument.merchant);
	decision_fact_amount(decision, "lapsed", &record->unit, record->lapsed);
	return instrument_change(decision, &instrument, -record->left);
}

enum recourse_error instrument_expired(struct decision *decision, slice id)
{
	return end(decision, id, INSTRUMENT_EXPIRED);
}

/* ---- instrument.register ---- */

enum {
	REGISTER_INSTRUMENT,
	REGISTER_KIND,
	REGISTER_PROVIDER,
	REGISTER_MERCHANT,
	REGISTER_UNIT,
	REGISTER_LIMIT,
	REGISTER_CLAIM_LIMIT,
	REGISTER_DEDUCTIBLE,
	REGISTER_DRAW,
	REGISTER_EXPIRES,
	REGISTER_HASH,
};
static const struct recourse_field register_fields[] = {
	[REGISTER_INSTRUMENT] = FIELD(ID, "instrument", "the instrument's id, never used again"),
	[REGISTER_KIND] = FIELD_CHOICE("kind", instrument_kind_names, "what it is"),
	[REGISTER_PROVIDER] = FIELD(ID, "provider", "who pays when it is called; not the merchant"),
	[REGISTER_MERCHANT] = FIELD(ID, "merchant", "whose obligations it secures"),
	[REGISTER_UNIT] = FIELD(UNIT, "unit", "its currency"),
	[REGISTER_LIMIT] = FIELD(AMOUNT, "limit", "in aggregate"),
	[REGISTER_CLAIM_LIMIT] = FIELD_OPTIONAL(AMOUNT, "claim_limit", "for each claim; none if absent"),
	[REGISTER_DEDUCTIBLE] = FIELD_OPTIONAL(AMOUNT, "deductible", "from each claim; none if absent"),
	[REGISTER_DRAW] = FIELD_INTEGER("draw", 1, 9, "1 is drawn first, after the deposit"),
	[REGISTER_EXPIRES] = FIELD(TIME, "expires", "in the future"),
	[REGISTER_HASH] = FIELD(HASH, "document_hash", "SHA-256 of the bond or policy"),
};

static enum recourse_error find_parties(
	struct decision *decision, const struct value *values, struct instrument *instrument)
{
	struct record_instrument *record = &instrument->record;
	instrument->provider = values[REGISTER_PROVIDER].text;
	instrument->merchant = values[REGISTER_MERCHANT].text;
	TRY(party_apart(decision, "provider", instrument->provider, &record->provider));
	TRY(party_concerned(decision, "merchant", instrument->merchant, PARTY_MERCHANT, &record->merchant));
	if (record->provider == record->merchant)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, "provider", "another party than the merchant");
	return RECOURSE_OK;
}

static enum recourse_error read_limits(
	struct decision *decision, const struct value *values, struct record_instrument *record)
{
	TRY(decision_unit(decision, "unit", values[REGISTER_UNIT].text, &record->unit));
	TRY(decision_amount(decision, "limit", values[REGISTER_LIMIT].text, &record->unit, &record->limit));
	if (values[REGISTER_CLAIM_LIMIT].present)
		TRY(decision_amount(decision, "claim_limit", values[REGISTER_CLAIM_LIMIT].text, &record->unit,
			&record->claim_limit));
	if (record->claim_limit > record->limit)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "claim_limit", "at most the limit");
	if (values[REGISTER_DEDUCTIBLE].present)
		TRY(decision_amount_or_zero(decision, "deductible", values[REGISTER_DEDUCTIBLE].text,
			&record->unit, &record->deductible));
	return RECOURSE_OK;
}

/* Their sum is a figure that is reported. */
static enum recourse_error check_room(struct decision *decision, const struct record_instrument *record)
{
	struct instruments live;
	int64_t sum;
	TRY(instrument_list(
		decision->state, decision->arena, record->merchant, unit_code(&record->unit), &live));
	if (live.count == INSTRUMENT_LIVE_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "instrument",
			"%d live ones for a merchant and unit", INSTRUMENT_LIVE_MAX);
	if (amount_add_steps(live.left, record->limit, &sum) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, "limit", "64 bits");
	return RECOURSE_OK;
}

static enum recourse_error check_in_future(struct decision *decision, uint64_t expires)
{
	if (expires <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "expires", "in the future");
	return RECOURSE_OK;
}

static enum recourse_error apply_register(struct decision *decision, const struct value *values)
{
	struct instrument instrument = {
		.id = values[REGISTER_INSTRUMENT].text,
		.record = {.entry = decision->entry,
			.expires = values[REGISTER_EXPIRES].instant,
			.clock = values[REGISTER_EXPIRES].instant,
			.kind = (uint32_t)values[REGISTER_KIND].integer,
			.draw = (uint32_t)values[REGISTER_DRAW].integer},
	};
	struct record_instrument *record = &instrument.record;
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, instrument.id);
	TRY(decision_absent(decision, "instrument", &path));
	TRY(find_parties(decision, values, &instrument));
	TRY(read_limits(decision, values, record));
	TRY(check_in_future(decision, record->expires));
	TRY(check_room(decision, record));
	TRY(decision_step(decision, LIFE_INSTRUMENT, &record->state, INSTRUMENT_IN_FORCE, "instrument"));

	memcpy(record->document_hash, values[REGISTER_HASH].text.data, sizeof record->document_hash);
	TRY(instrument_reverse_keep(decision, BOOKED_INSTRUMENT, instrument.id, instrument.id, slice_text(""),
		&record->unit, record->limit));
	return instrument_change(decision, &instrument, record->limit);
}

/* ---- taking it back ---- */

/* It was never given: what it was called for rests on it. */
static enum recourse_error take_back(struct decision *decision, struct instrument *instrument)
{
	struct record_path calls = record_path_of_text(RECORD_INSTRUMENT_CALLED, instrument->id);
	struct record_instrument_call call;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &calls);
	bool called = record_walk_next(&walk, NULL, 0);
	uint32_t incident = called ? (uint32_t)walk.key.parts[1].number : 0;
	record_walk_end(&walk);
	TRY(walk.error);
	if (called) {
		TRY(instrument_call_read(decision->state, incident, instrument, &call));
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", call.entry);
	}
	if (instrument->record.ended_entry != 0)
		return refuse_entry(
			decision, RECOURSE_NOT_PERMITTED, "entry", instrument->record.ended_entry);
	return end(decision, instrument->id, INSTRUMENT_CANCELLED);
}

/* It stands again, unless another entry ended it, or its day has come. */
static enum recourse_error stand_again(
	struct decision *decision, struct instrument *instrument, uint64_t ended)
{
	struct record_instrument *record = &instrument->record;
	int64_t lapsed = record->lapsed;
	if (record->ended_entry != ended)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", record->ended_entry);
	if (record->expires <= decision->time)
		return refuse(decision, RECOURSE_WINDOW_CLOSED, "entry", "one that has not expired");
	TRY(check_room(decision, record));
	TRY(decision_step(decision, LIFE_INSTRUMENT, &record->state, INSTRUMENT_IN_FORCE, "entry"));
	record->ended_entry = 0;
	record->lapsed = 0;
	record->clock = record->expires;
	return instrument_change(decision, instrument, lapsed);
}

enum recourse_error instrument_reverse(struct decision *decision, struct booked *booked)
{
	struct instrument instrument;
	TRY(instrument_read(decision->state, decision->arena, booked->id, &instrument));
	return booked->record.takes_back != 0 ? stand_again(decision, &instrument, booked->entry)
					      : take_back(decision, &instrument);
}

/* ---- instrument.renew ---- */

enum { RENEW_INSTRUMENT, RENEW_EXPIRES, RENEW_HASH };
static const struct recourse_field renew_fields[] = {
	[RENEW_INSTRUMENT] = FIELD(ID, "instrument", "one that is in force"),
	[RENEW_EXPIRES] = FIELD(TIME, "expires", "in the future, and later than before"),
	[RENEW_HASH] = FIELD(HASH, "document_hash", "SHA-256 of the bond or policy as it is now"),
};

static enum recourse_error keep_renewed(struct decision *decision, struct record_instrument *record)
{
	struct record_path path = record_path_of_number(RECORD_RENEWED, decision->entry);
	struct record_renewed renewed = {.before = record->renewed, .expires = record->expires};
	memcpy(renewed.document_hash, record->document_hash, sizeof renewed.document_hash);
	record->renewed = decision->entry;
	return decision_put(decision, &path, &renewed, sizeof renewed);
}

static enum recourse_error apply_renew(struct decision *decision, const struct value *values)
{
	uint64_t expires = values[RENEW_EXPIRES].instant;
	struct instrument instrument;
	struct record_instrument *record = &instrument.record;
	TRY(instrument_find(decision, values[RENEW_INSTRUMENT].text, &instrument));
	/* it has expired, whether or not its clock has struck by now */
	uint32_t state = record->ended_entry == 0 && record->expires <= decision->time ? INSTRUMENT_EXPIRED
										       : record->state;
	if (state != INSTRUMENT_IN_FORCE)
		return refuse_state(decision, "instrument", life_state_name(LIFE_INSTRUMENT, state));
	TRY(check_in_future(decision, expires));
	if (expires <= record->expires)
		return refuse(decision, RECOURSE_FIELD_LIMIT, "expires", "later than it expires now");
	TRY(instrument_reverse_keep(decision, BOOKED_RENEWED, instrument.id, instrument.id, slice_text(""),
		&record->unit, record->left));
	TRY(keep_renewed(decision, record));
	record->expires = record->clock = expires;
	memcpy(record->document_hash, values[RENEW_HASH].text.data, sizeof record->document_hash);
	decision_fact_text(decision, "merchant", instrument.merchant);
	return put_about(decision, &instrument);
}

/* What was called after it would have expired rests on it. */
static enum recourse_error check_called_since(
	struct decision *decision, const struct instrument *instrument, uint64_t expires)
{
	struct record_path calls = record_path_of_text(RECORD_INSTRUMENT_CALLED, instrument->id);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &calls);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_instrument_call call;
		TRY(instrument_call_read(
			decision->state, (uint32_t)walk.key.parts[1].number, instrument, &call));
		if (call.since >= expires)
			return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", call.entry);
	}
	return walk.error;
}

/* It ends at once where it would have by now. */
enum recourse_error instrument_renew_reverse(struct decision *decision, struct booked *booked)
{
	struct record_path path = record_path_of_number(RECORD_RENEWED, booked->entry);
	struct instrument instrument;
	struct record_instrument *record = &instrument.record;
	struct record_renewed renewed;
	TRY(instrument_read(decision->state, decision->arena, booked->id, &instrument));
	if (record->ended_entry != 0 || record->renewed != booked->entry)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry",
			record->ended_entry != 0 ? record->ended_entry : record->renewed);
	TRY(record_get_named(decision->state, &path, &renewed, sizeof renewed));
	TRY(check_called_since(decision, &instrument, renewed.expires));
	record->renewed = renewed.before;
	record->expires = record->clock = renewed.expires;
	memcpy(record->document_hash, renewed.document_hash, sizeof record->document_hash);
	decision_fact_instant(decision, "expires", renewed.expires);
	TRY(decision_remove(decision, &path));
	TRY(put_about(decision, &instrument));
	return renewed.expires <= decision->time ? instrument_expired(decision, instrument.id) : RECOURSE_OK;
}

/* ---- instrument.cancel ---- */

enum { CANCEL_INSTRUMENT, CANCEL_REASON };
static const struct recourse_field cancel_fields[] = {
	[CANCEL_INSTRUMENT] = FIELD(ID, "instrument", "one that has not ended; calls made before stand"),
	[CANCEL_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_cancel(struct decision *decision, const struct value *values)
{
	slice id = values[CANCEL_INSTRUMENT].text;
	struct instrument instrument;
	TRY(instrument_find(decision, id, &instrument));
	TRY(instrument_reverse_keep(decision, BOOKED_CANCELLED, id, id, slice_text(""),
		&instrument.record.unit, instrument.record.left));
	return end(decision, id, INSTRUMENT_CANCELLED);
}

/* What was refused meanwhile would have come back to the limit, and did not. */
static enum recourse_error check_refused_since(struct decision *decision, const struct instrument *instrument)
{
	struct record_path calls = record_path_of_text(RECORD_INSTRUMENT_CALLED, instrument->id);
	int64_t refused = 0;
	uint64_t last = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &calls);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_instrument_call call;
		TRY(instrument_call_read(
			decision->state, (uint32_t)walk.key.parts[1].number, instrument, &call));
		refused += call.refused;
		last = call.refused > 0 && call.last_entry > last ? call.last_entry : last;
	}
	TRY(walk.error);
	return refused == instrument->record.given_back
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_NOT_PERMITTED, "entry", last);
}

enum recourse_error instrument_cancel_reverse(struct decision *decision, struct booked *booked)
{
	struct instrument instrument;
	TRY(instrument_read(decision->state, decision->arena, booked->id, &instrument));
	TRY(check_refused_since(decision, &instrument));
	return stand_again(decision, &instrument, booked->entry);
}

static const struct command rows[] = {
	COMMAND("instrument.register", RECOURSE_ROLE_OPERATOR, register_fields, apply_register,
		"register a bond, an insurance … that secures a merchant beside its deposit", RECOURSE_EXISTS,
		RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("instrument.renew", RECOURSE_ROLE_OPERATOR, renew_fields, apply_renew,
		"an instrument in force expires later", RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED),
	COMMAND("instrument.cancel", RECOURSE_ROLE_OPERATOR, cancel_fields, apply_cancel,
		"end an instrument: what is left of its limit lapses", RECOURSE_STATE_WRONG),
};
const struct command_group instrument_commands = COMMAND_GROUP(rows);
