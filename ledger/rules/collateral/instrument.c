/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

#include "rules/collateral/collateral_change.h"

#include <assert.h>

const char *const instrument_kind_names[] = {
	[INSTRUMENT_BOND] = "bond",
	[INSTRUMENT_INSURANCE] = "insurance",
	[INSTRUMENT_GUARANTEE_FUND] = "guarantee-fund",
	[INSTRUMENT_BLOCKED_SETTLEMENT] = "blocked-settlement",
	NULL,
};

struct record_path instrument_path(slice id)
{
	return record_path_of_text(RECORD_INSTRUMENT, id);
}

struct record_path instrument_party_path(uint32_t party)
{
	return record_path_of_short(RECORD_INSTRUMENT_PARTY, party);
}

struct record_path instrument_called_path(slice id)
{
	return record_path_of_text(RECORD_INSTRUMENT_CALLED, id);
}

enum recourse_error instrument_read(
	struct state_view *view, struct arena *arena, slice id, struct instrument *instrument)
{
	struct record_path path = instrument_path(id);
	TRY(record_get(view, &path, &instrument->record, sizeof instrument->record));
	instrument->id = id;
	TRY(party_name(view, arena, instrument->record.merchant, &instrument->merchant));
	return party_name(view, arena, instrument->record.provider, &instrument->provider);
}

enum recourse_error instrument_find(struct decision *decision, slice id, struct instrument *instrument)
{
	enum recourse_error error = instrument_read(decision->state, decision->arena, id, instrument);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return refuse(decision, RECOURSE_NOT_FOUND, "instrument", NULL);
	return error;
}

bool instrument_live(const struct record_instrument *record)
{
	return record->ended_entry == 0;
}

/* ---- the live ones of a merchant ---- */

static struct record_path live_path(uint32_t merchant, slice unit)
{
	struct record_path path = record_path_of_short(RECORD_INSTRUMENT_LIVE, merchant);
	record_path_text(&path, unit);
	return path;
}

static slice listed_id(const struct record_walk *walk)
{
	return walk->key.parts[3].text;
}

enum recourse_error instrument_list(struct state_view *view, struct arena *arena, uint32_t merchant,
	slice unit, struct instrument rows[static INSTRUMENT_LIVE_MAX], size_t *count)
{
	struct record_path prefix = live_path(merchant, unit);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*count = 0;
	while (record_walk_next(&walk, NULL, 0)) {
		slice id;
		assert(*count < INSTRUMENT_LIVE_MAX);
		TRY(arena_copy(arena, listed_id(&walk), &id));
		enum recourse_error error = instrument_read(view, arena, id, &rows[(*count)++]);
		if (error != RECOURSE_OK)
			return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	}
	return walk.error;
}

/* The sum of what is left, and how many there are. */
static enum recourse_error add_up(
	struct state_view *view, uint32_t merchant, slice unit, int64_t *left, uint32_t *count)
{
	struct record_path prefix = live_path(merchant, unit);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	*left = 0;
	*count = 0;
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = instrument_path(listed_id(&walk));
		struct record_instrument record;
		TRY(record_get_named(view, &path, &record, sizeof record));
		TRY(amount_add_steps(*left, record.left, left));
		++*count;
	}
	return walk.error;
}

enum recourse_error instrument_total(struct state_view *view, uint32_t merchant, slice unit, int64_t *steps)
{
	uint32_t count;
	return add_up(view, merchant, unit, steps, &count);
}

/* ---- changes ---- */

static enum recourse_error note_subjects(struct decision *decision, const struct instrument *instrument)
{
	TRY(decision_about(decision, RECORD_INSTRUMENT, instrument->id));
	TRY(decision_about(decision, RECORD_PARTY, instrument->merchant));
	return decision_about(decision, RECORD_PARTY, instrument->provider);
}

static enum recourse_error put_about(struct decision *decision, const struct instrument *instrument)
{
	struct record_path path = instrument_path(instrument->id);
	TRY(decision_put(decision, &path, &instrument->record, sizeof instrument->record));
	return note_subjects(decision, instrument);
}

enum recourse_error instrument_change(struct decision *decision, struct instrument *instrument, int64_t steps)
{
	struct record_instrument *record = &instrument->record;
	assert(record->left + steps >= 0 && record->left + steps <= record->limit);
	record->left += steps;
	if (instrument_live(record))
		(void)life_step(LIFE_INSTRUMENT, &record->state,
			record->left == 0 ? INSTRUMENT_EXHAUSTED : INSTRUMENT_IN_FORCE);
	TRY(decision_move(decision, &record->unit, steps, CHART_INSTRUMENT_LIMITS, instrument->provider,
		CHART_MEMO_CONTRA, instrument->provider, instrument->id));
	TRY(put_about(decision, instrument));
	return collateral_change_instruments(decision, instrument->merchant, &record->unit, steps);
}

/* Expired or cancelled: nothing is left of the limit. What was called before stands. */
static enum recourse_error end(struct decision *decision, struct instrument *instrument, uint32_t state)
{
	struct record_instrument *record = &instrument->record;
	TRY(decision_step(decision, LIFE_INSTRUMENT, &record->state, state, "instrument"));
	record->ended_entry = decision->entry;
	record->clock = 0;
	record->lapsed = record->left;
	decision_fact_text(decision, "merchant", instrument->merchant);
	decision_fact_amount(decision, "lapsed", &record->unit, record->lapsed);
	return instrument_change(decision, instrument, -record->left);
}

enum recourse_error instrument_expired(struct decision *decision, slice id)
{
	struct instrument instrument;
	TRY(instrument_find(decision, id, &instrument));
	return end(decision, &instrument, INSTRUMENT_EXPIRED);
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
	struct record_party provider;
	struct record_party merchant;
	instrument->provider = values[REGISTER_PROVIDER].text;
	instrument->merchant = values[REGISTER_MERCHANT].text;
	TRY(decision_party(decision, "provider", instrument->provider, &provider));
	TRY(party_apart(decision, "provider", &provider));
	TRY(decision_party(decision, "merchant", instrument->merchant, &merchant));
	TRY(party_apart(decision, "merchant", &merchant));
	if (provider.number == merchant.number)
		return refuse(
			decision, RECOURSE_NOT_PERMITTED, "provider", "another party than the merchant");
	instrument->record.provider = provider.number;
	instrument->record.merchant = merchant.number;
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
	uint32_t count;
	int64_t left;
	TRY(add_up(decision->state, record->merchant, unit_code(&record->unit), &left, &count));
	if (count == INSTRUMENT_LIVE_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "instrument",
			"%d live ones for a merchant and unit", INSTRUMENT_LIVE_MAX);
	if (amount_add_steps(left, record->limit, &left) != RECOURSE_OK)
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
	struct record_path path = instrument_path(instrument.id);
	TRY(decision_absent(decision, "instrument", &path));
	TRY(find_parties(decision, values, &instrument));
	TRY(read_limits(decision, values, record));
	TRY(check_in_future(decision, record->expires));
	TRY(check_room(decision, record));
	TRY(decision_step(decision, LIFE_INSTRUMENT, &record->state, INSTRUMENT_IN_FORCE, "instrument"));

	memcpy(record->document_hash, values[REGISTER_HASH].text.data, sizeof record->document_hash);
	return instrument_change(decision, &instrument, record->limit);
}

/* ---- instrument.renew ---- */

enum { RENEW_INSTRUMENT, RENEW_EXPIRES, RENEW_HASH };
static const struct recourse_field renew_fields[] = {
	[RENEW_INSTRUMENT] = FIELD(ID, "instrument", "one that is in force"),
	[RENEW_EXPIRES] = FIELD(TIME, "expires", "in the future, and later than before"),
	[RENEW_HASH] = FIELD(HASH, "document_hash", "SHA-256 of the bond or policy as it is now"),
};

static enum recourse_error apply_renew(struct decision *decision, const struct value *values)
{
	uint64_t expires = values[RENEW_EXPIRES].instant;
	struct instrument instrument;
	struct record_instrument *record = &instrument.record;
	TRY(instrument_find(decision, values[RENEW_INSTRUMENT].text, &instrument));
	/* it has expired, whether or not its clock has struck by now */
	uint32_t state = instrument_live(record) && record->expires <= decision->time ? INSTRUMENT_EXPIRED
										      : record->state;
	if (state != INSTRUMENT_IN_FORCE)
		return refuse_state(decision, "instrument", life_state_name(LIFE_INSTRUMENT, state));
	TRY(check_in_future(decision, expires));
	if (expires <= record->expires)
		return refuse(decision, RECOURSE_FIELD_LIMIT, "expires", "later than it expires now");
	record->expires = record->clock = expires;
	memcpy(record->document_hash, values[RENEW_HASH].text.data, sizeof record->document_hash);
	decision_fact_text(decision, "merchant", instrument.merchant);
	return put_about(decision, &instrument);
}

/* ---- instrument.cancel ---- */

enum { CANCEL_INSTRUMENT, CANCEL_REASON };
static const struct recourse_field cancel_fields[] = {
	[CANCEL_INSTRUMENT] = FIELD(ID, "instrument", "one that has not ended; calls made before stand"),
	[CANCEL_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_cancel(struct decision *decision, const struct value *values)
{
	struct instrument instrument;
	TRY(instrument_find(decision, values[CANCEL_INSTRUMENT].text, &instrument));
	return end(decision, &instrument, INSTRUMENT_CANCELLED);
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
