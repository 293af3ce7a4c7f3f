/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/* A6: what adds up to what is said beside the structures, in record_collateral.h and instrument.h. */

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
	int64_t again = 0; /* is not its provider's to pay */
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
		again += call.refused + call.returned;
	}
	TRY(walk.error);
	if (record->left < 0 ||
		record->left + record->called - record->given_back + record->lapsed != record->limit)
		return wrong(check, &instrument, "what is left, called and lapsed is not its limit");
	if (limit != record->left)
		return wrong(check, &instrument, "9010 is not what is left of its limit");
	if (called != record->called || again < record->given_back)
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

/* ---- calls ---- */

static bool adds_up(const struct record_instrument_call *record)
{
	return record->called > 0 && record->refused >= 0 && record->used >= 0 &&
	       record->returned >= record->paid_out && record->paid_out >= 0 &&
	       instrument_call_unpaid(record) >= 0 && instrument_call_unused(record) >= 0;
}

/*
 * What a provider has open in an incident, and of which is the receivable of one entry. Two of its instruments share
 * its accounts, whosever pool they are in.
 */
struct open_calls {
	uint32_t provider;
	uint64_t entry;
	int64_t open;
	int64_t unpaid;
};

static enum recourse_error add_calls(
	struct check_context *check, const struct record_incident *incident, struct open_calls *sum)
{
	struct record_path prefix = record_path_of_short(RECORD_CALL, incident->number);
	struct record_instrument_call record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &record, sizeof record)) {
		struct record_path path = record_path_of_text(RECORD_INSTRUMENT, walk.key.parts[3].text);
		struct record_instrument instrument;
		TRY(record_get_named(check->state, &path, &instrument, sizeof instrument));
		if (instrument.provider != sum->provider)
			continue;
		sum->open += instrument_call_unpaid(&record) + instrument_call_unused(&record);
		sum->unpaid += record.entry == sum->entry ? instrument_call_unpaid(&record) : 0;
	}
	return walk.error;
}

static enum recourse_error compare_call(struct check_context *check, const struct record_incident *incident,
	const struct instrument_call *call)
{
	const struct instrument *instrument = &call->instrument;
	struct open_calls sum = {.provider = instrument->record.provider, .entry = call->record.entry};
	slice receivable;
	int64_t unpaid;
	int64_t open;
	if (!adds_up(&call->record))
		return wrong(check, instrument, "a call has more paid, used or refused than called");
	TRY(account_reference_make(check->arena, call->record.entry, &receivable));
	TRY(account_balance(check->state, CHART_COMMITMENT, instrument->provider, receivable,
		&instrument->record.unit, &unpaid));
	TRY(account_balance(check->state, CHART_CALLED, instrument->provider, RECORD_TEXT(incident->id),
		&instrument->record.unit, &open));
	TRY(add_calls(check, incident, &sum));
	if (unpaid != sum.unpaid)
		return wrong(check, instrument, "1100 is not what was called, less paid and refused");
	return open == sum.open ? RECOURSE_OK
				: wrong(check, instrument,
					  "2040 is not what was called, less refused, used and returned");
}

/* The deposit's account was debited with what was shared out, and with what an exit took back: not with less. */
static enum recourse_error compare_pool(struct check_context *check, const struct record_incident *incident,
	const struct record_section *section, int64_t used)
{
	struct record_account account;
	slice merchant;
	TRY(party_name(check->state, check->arena, section->party, &merchant));
	struct record_path path = account_path(
		CHART_DEPOSIT_FROZEN, merchant, RECORD_TEXT(incident->id), unit_code(&incident->unit));
	TRY(record_get_optional(check->state, &path, &account, sizeof account, NULL));
	int64_t taken = section_from_deposit(section);
	if (used != section->from_instruments + section->given_instruments || taken < 0 ||
		taken > account.debits)
		return check_wrong_entry(check, section->last_round_entry,
			"A6: what was shared out is not what deposit and instruments gave");
	return RECOURSE_OK;
}

static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	struct record_incident incident;
	struct instrument_calls calls;
	int64_t used = 0;
	TRY(incident_load(check->state, section->incident, &incident));
	TRY(instrument_call_list(check->state, check->arena, section, &calls));
	for (size_t call = 0; call < calls.count; call++) {
		used += calls.rows[call].record.used;
		TRY(compare_call(check, &incident, &calls.rows[call]));
	}
	return compare_pool(check, &incident, section, used);
}

/* What is kept for the way back of a renewal is of one that stands. */
static enum recourse_error look_at_renewed(struct check_context *check, const struct check_row *row)
{
	const struct record_renewed *record = row->record;
	uint64_t entry = row->key->parts[0].number;
	struct record_booked booked;
	struct instrument instrument;
	TRY(booked_read(check->state, entry, &booked, NULL));
	if (booked.kind != BOOKED_RENEWED || booked.corrected_by != 0 || booked.corrects != 0)
		return check_that(
			check, row, false, "A6: what stood before a renewal is of none that stands");
	TRY(instrument_read(check->state, check->arena, RECORD_TEXT(booked.id), &instrument));
	bool last = instrument.record.renewed == entry;
	return check_that(check, row,
		record->before < entry && entry <= instrument.record.renewed &&
			(!last || record->expires < instrument.record.expires),
		"A6: an instrument was renewed by another entry, or for less");
}

static const struct check rows[] = {
	{.table = RECORD_INSTRUMENT, .look = look_at_instrument},
	{.table = RECORD_RENEWED, .look = look_at_renewed},
	{.table = RECORD_ACCOUNT, .look = look_at_account},
	{.table = RECORD_SECTION, .look = look_at_section},
};
const struct check_group instrument_check_rows = CHECK_GROUP(rows);
