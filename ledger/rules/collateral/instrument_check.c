/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

/* A6: what adds up to what is said beside the structures, in record_cover.h and instrument.h. */

static enum recourse_error wrong(
	struct check_context *check, const struct instrument *instrument, const char *what)
{
	return check_wrong_entry(check, instrument->record.entry, "A6: instrument %.*s: %s",
		SLICE_ARGUMENTS(instrument->id), what);
}

/* ---- each instrument ---- */

static enum recourse_error look_at_instrument(struct check_context *check, const struct check_row *row)
{
	const struct record_instrument *record = row->record;
	slice id = row->key->parts[0].text;
	struct record_path calls = record_path_of_text(RECORD_INSTRUMENT_CALLED, id);
	struct instrument instrument;
	struct record_instrument_call call;
	uint32_t incidents = 0;
	int64_t called = 0;
	int64_t refused = 0;
	int64_t limit;
	TRY(instrument_read(check->state, check->arena, id, &instrument));
	TRY(account_balance(
		check->state, CHART_INSTRUMENT_LIMITS, instrument.provider, id, &record->unit, &limit));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &calls);
	for (; record_walk_next(&walk, NULL, 0); incidents++) {
		uint32_t incident = (uint32_t)walk.key.parts[1].number;
		enum recourse_error error = instrument_call_read(check->state, incident, &instrument, &call);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			return wrong(check, &instrument, "a call that is listed is not there");
		TRY(error);
		called += call.called;
		refused += call.refused;
	}
	TRY(walk.error);
	if (record->left < 0 ||
		record->left + record->called - record->given_back + record->lapsed != record->limit)
		return wrong(check, &instrument, "what is left, called and lapsed is not its limit");
	if (limit != record->left)
		return wrong(check, &instrument, "9010 is not what is left of its limit");
	if (called != record->called || refused < record->given_back)
		return wrong(check, &instrument, "its calls do not add up to what was called");
	if (incidents != record->incidents)
		return wrong(
			check, &instrument, "its calls do not add up to the incidents it was called for");
	return RECOURSE_OK;
}

static enum recourse_error look_at_account(struct check_context *check, const struct check_row *row)
{
	const struct table_key *key = row->key;
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, key->parts[2].text);
	bool there;
	if (key->parts[0].number != CHART_INSTRUMENT_LIMITS)
		return RECOURSE_OK;
	TRY(record_exists(check->state, &path, &there));
	return there ? RECOURSE_OK
		     : check_wrong(check, "A6: 9010/%.*s/%.*s is no instrument's limit",
			       SLICE_ARGUMENTS(key->parts[1].text), SLICE_ARGUMENTS(key->parts[2].text));
}

/* ---- the calls of each incident ---- */

static bool adds_up(const struct record_instrument_call *record)
{
	return record->called > 0 && record->paid >= 0 && record->refused >= 0 && record->used >= 0 &&
	       record->returned >= 0 && instrument_call_unpaid(record) >= 0 &&
	       instrument_call_unused(record) >= 0;
}

/* Two instruments of one provider share its accounts: what they have open is added up. */
static enum recourse_error compare_call(
	struct check_context *check, slice incident, const struct instrument_calls *calls, size_t row)
{
	const struct instrument_call *call = &calls->rows[row];
	const struct instrument *instrument = &call->instrument;
	slice receivable;
	int64_t unpaid;
	int64_t open;
	if (!adds_up(&call->record))
		return wrong(check, instrument, "a call has more paid, used or refused than called");
	TRY(account_reference_make(check->arena, call->record.entry, &receivable));
	TRY(account_balance(check->state, CHART_COMMITMENT, instrument->provider, receivable,
		&instrument->record.unit, &unpaid));
	TRY(account_balance(
		check->state, CHART_CALLED, instrument->provider, incident, &instrument->record.unit, &open));
	for (size_t other = 0; other < calls->count; other++) {
		const struct record_instrument_call *record = &calls->rows[other].record;
		if (calls->rows[other].instrument.record.provider != instrument->record.provider)
			continue;
		open -= instrument_call_unpaid(record) + instrument_call_unused(record);
		unpaid -= record->entry == call->record.entry ? instrument_call_unpaid(record) : 0;
	}
	if (unpaid != 0)
		return wrong(check, instrument, "1100 is not what was called, less paid and refused");
	return open == 0 ? RECOURSE_OK
			 : wrong(check, instrument,
				   "2040 is not what was called, less refused, used and returned");
}

/* The deposit's account was debited with what was shared out, and with what an exit took back: not with less. */
static enum recourse_error compare_pool(
	struct check_context *check, const struct record_incident *incident, int64_t used)
{
	struct record_account account;
	slice merchant;
	TRY(party_name(check->state, check->arena, incident->merchant, &merchant));
	struct record_path path = account_path(
		CHART_DEPOSIT_FROZEN, merchant, RECORD_TEXT(incident->id), unit_code(&incident->unit));
	TRY(record_get_optional(check->state, &path, &account, sizeof account, NULL));
	if (used != incident->from_instruments || incident->shared_out - used < 0 ||
		incident->shared_out - used > account.debits)
		return check_wrong_entry(check, incident->last_round_entry,
			"A6: what was shared out is not what deposit and instruments gave");
	return RECOURSE_OK;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct instrument_calls calls;
	int64_t used = 0;
	TRY(instrument_call_list(check->state, check->arena, incident->number, &calls));
	for (size_t call = 0; call < calls.count; call++) {
		used += calls.rows[call].record.used;
		TRY(compare_call(check, RECORD_TEXT(incident->id), &calls, call));
	}
	return compare_pool(check, incident, used);
}

static const struct check rows[] = {
	{.table = RECORD_INSTRUMENT, .look = look_at_instrument},
	{.table = RECORD_ACCOUNT, .look = look_at_account},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group instrument_check_rows = CHECK_GROUP(rows);
