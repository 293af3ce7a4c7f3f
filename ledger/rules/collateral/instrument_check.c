/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument_check.h"

#include "books/record_account.h"
#include "books/record_collateral.h"
#include "books/record_incident.h"
#include "base/try.h"
#include "books/reference.h"
#include "rules/incident/incident.h"
#include "rules/collateral/instrument_call.h"
#include "rule/party.h"

static enum recourse_error wrong(struct replay *replay, enum recourse_error error,
	const struct instrument *instrument, const char *what)
{
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	return replay_wrong_entry(replay, instrument->record.entry, "A6: instrument %.*s: %s",
		SLICE_ARGUMENTS(instrument->id), what);
}

/* On the account's own side; zero where there is none. */
static enum recourse_error balance_of(struct replay *replay, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t *steps)
{
	struct record_account account = {0};
	enum recourse_error error =
		account_get(replay->core.state, code, party, reference, unit_code(unit), &account);
	*steps = 0;
	if (error == RECOURSE_OK)
		*steps = chart_find(code)->side == CHART_DEBIT ? account.balance : -account.balance;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* ---- each instrument ---- */

struct instrument_sums {
	int64_t called;
	int64_t refused;
	uint32_t incidents;
};

static enum recourse_error add_calls(
	struct replay *replay, const struct instrument *instrument, struct instrument_sums *sums)
{
	struct record_path prefix = instrument_called_path(instrument->id);
	struct state_view *view = replay->core.state;
	struct state_walk walk;
	enum recourse_error error =
		state_walk_first(&walk, view, record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		struct record_instrument_call record;
		error = instrument_call_read(view, record_path_last_short(walk.key), instrument, &record);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			error = wrong(replay, RECOURSE_OK, instrument, "a call that is listed is not there");
		if (error != RECOURSE_OK)
			break;
		sums->called += record.called;
		sums->refused += record.refused;
		sums->incidents++;
		error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error check_listed(struct replay *replay, const struct instrument *instrument)
{
	struct instrument rows[INSTRUMENT_LIVE_MAX];
	size_t count;
	bool listed = false;
	enum recourse_error error = instrument_list(replay->core.state, &replay->arena,
		instrument->record.merchant, unit_code(&instrument->record.unit), rows, &count);
	for (size_t row = 0; error == RECOURSE_OK && row < count; row++)
		listed = listed || slice_equal(rows[row].id, instrument->id);
	if (error == RECOURSE_OK && listed != instrument_live(&instrument->record))
		error = wrong(replay, error, instrument, "it is live and not listed, or the other way round");
	return error;
}

enum recourse_error instrument_check(struct replay *replay, slice key, slice value, void *context)
{
	struct instrument instrument;
	const struct record_instrument *record = &instrument.record;
	struct instrument_sums sums = {0};
	int64_t limit;
	(void)value;
	(void)context;
	enum recourse_error error = instrument_read(
		replay->core.state, &replay->arena, slice_of(key.data + 2, key.size - 3), &instrument);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	error = balance_of(
		replay, CHART_INSTRUMENT_LIMITS, instrument.provider, instrument.id, &record->unit, &limit);
	if (error == RECOURSE_OK)
		error = add_calls(replay, &instrument, &sums);
	if (error != RECOURSE_OK)
		return error;
	if (record->left < 0 ||
		record->left + record->called - record->given_back + record->lapsed != record->limit)
		return wrong(replay, error, &instrument, "what is left, called and lapsed is not its limit");
	if (limit != record->left)
		return wrong(replay, error, &instrument, "9010 is not what is left of its limit");
	if (sums.called != record->called || sums.refused < record->given_back ||
		sums.incidents != record->incidents)
		return wrong(replay, error, &instrument, "its calls do not add up to what was called");
	return check_listed(replay, &instrument);
}

enum recourse_error instrument_check_account(struct replay *replay, const struct account_name *name)
{
	struct record_path path = instrument_path(name->reference);
	struct record_instrument record;
	if (name->code != CHART_INSTRUMENT_LIMITS)
		return RECOURSE_OK;
	enum recourse_error error = record_get(replay->core.state, &path, &record, sizeof record);
	if (error == RECOURSE_QUERY_NOT_FOUND)
		return replay_wrong(replay, "A6: 9010/%.*s/%.*s is no instrument's limit",
			SLICE_ARGUMENTS(name->party), SLICE_ARGUMENTS(name->reference));
	return error;
}

/* ---- the calls of each incident ---- */

static bool adds_up(const struct record_instrument_call *record)
{
	return record->called > 0 && record->paid >= 0 && record->refused >= 0 && record->used >= 0 &&
	       record->returned >= 0 && instrument_call_unpaid(record) >= 0 &&
	       instrument_call_unused(record) >= 0;
}

/* Two instruments of one provider share its accounts: what they have open is added up. */
static enum recourse_error check_call(
	struct replay *replay, slice incident, const struct instrument_calls *calls, size_t row)
{
	const struct instrument_call *call = &calls->rows[row];
	const struct instrument *instrument = &call->instrument;
	int64_t unpaid = 0;
	int64_t open = 0;
	int64_t receivable;
	int64_t called;
	slice reference;
	if (!adds_up(&call->record))
		return wrong(
			replay, RECOURSE_OK, instrument, "a call has more paid, used or refused than called");
	for (size_t other = 0; other < calls->count; other++) {
		const struct record_instrument_call *record = &calls->rows[other].record;
		if (calls->rows[other].instrument.record.provider != instrument->record.provider)
			continue;
		open += instrument_call_unpaid(record) + instrument_call_unused(record);
		unpaid += record->entry == call->record.entry ? instrument_call_unpaid(record) : 0;
	}
	enum recourse_error error = reference_make(&replay->arena, call->record.entry, &reference);
	if (error == RECOURSE_OK)
		error = balance_of(replay, CHART_COMMITMENT, instrument->provider, reference,
			&instrument->record.unit, &receivable);
	if (error == RECOURSE_OK)
		error = balance_of(replay, CHART_CALLED, instrument->provider, incident,
			&instrument->record.unit, &called);
	if (error == RECOURSE_OK && receivable != unpaid)
		error = wrong(
			replay, error, instrument, "1100 is not what was called, less paid and refused");
	if (error == RECOURSE_OK && called != open)
		error = wrong(replay, error, instrument,
			"2040 is not what was called, less refused, used and returned");
	return error;
}

/* The deposit's account was debited with what was shared out, and with what an exit took back: not with less. */
static enum recourse_error check_pool(
	struct replay *replay, const struct record_incident *incident, int64_t used)
{
	struct record_account account = {0};
	slice merchant;
	enum recourse_error error =
		party_name(replay->core.state, &replay->arena, incident->merchant, &merchant);
	if (error == RECOURSE_OK)
		error = account_get(replay->core.state, CHART_DEPOSIT_FROZEN, merchant,
			RECORD_TEXT(incident->id), unit_code(&incident->unit), &account);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	if (used != incident->secured || incident->pooled - used < 0 ||
		incident->pooled - used > account.debits)
		return replay_wrong_entry(replay, incident->last_round_entry,
			"A6: what was pooled is not what deposit and instruments gave");
	return RECOURSE_OK;
}

enum recourse_error instrument_check_incident(struct replay *replay, slice key, slice value, void *context)
{
	struct instrument_calls calls;
	struct record_incident incident = {0};
	int64_t used = 0;
	(void)key;
	(void)context;
	memcpy(&incident, value.data, value.size < sizeof incident ? value.size : sizeof incident);
	TRY(instrument_call_list(replay->core.state, &replay->arena, incident.number, &calls));
	for (size_t row = 0; row < calls.count; row++) {
		used += calls.rows[row].record.used;
		TRY(check_call(replay, RECORD_TEXT(incident.id), &calls, row));
	}
	return check_pool(replay, &incident, used);
}
