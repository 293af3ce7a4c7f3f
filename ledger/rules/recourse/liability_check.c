/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"

/* ---- I6: per party, what its rows in all sections of an incident say is in its accounts, to the last step ---- */

struct owing {
	int64_t receivable;
	int64_t written_off;
	int64_t returned;
};

static enum recourse_error owing_of(
	struct check_context *check, uint32_t incident, slice party, struct owing *owing)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability)) {
		if (!slice_equal(walk.key.parts[2].text, party))
			continue;
		owing->receivable += liability.open - liability.written_off;
		owing->written_off += liability.written_off;
		owing->returned += liability.returned - liability.paid_out;
	}
	return walk.error;
}

/* A provider of instruments may be liable too: what it paid by them and nobody needed is its again. */
static enum recourse_error add_instruments(
	struct check_context *check, uint32_t incident, uint32_t party, struct owing *owing)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct instrument_calls calls;
		TRY(instrument_call_list(check->state, check->arena, &section, &calls));
		owing->returned += instrument_call_owed(&calls, party);
	}
	return walk.error;
}

static enum recourse_error compare_party(struct check_context *check, const struct record_incident *incident,
	slice party, const struct owing *owing)
{
	const struct {
		enum chart_code code;
		int64_t steps;
		const char *text;
	} accounts[] = {
		{CHART_RECOURSE, owing->receivable, "I6: 1110 is not what is owed still by party"},
		{CHART_WRITTEN_OFF, owing->written_off, "I6: 9030 is not what was written off of party"},
		{CHART_OVER_RECOVERY, owing->returned, "I6: 2150 is not what is its own again of party"},
	};
	for (size_t index = 0; index < sizeof accounts / sizeof accounts[0]; index++) {
		int64_t balance;
		TRY(account_balance(check->state, accounts[index].code, party, RECORD_TEXT(incident->id),
			&incident->unit, &balance));
		if (balance != accounts[index].steps)
			return check_wrong(check, "%s %.*s", accounts[index].text, SLICE_ARGUMENTS(party));
	}
	return RECOURSE_OK;
}

/* H1: whoever is liable was noted as one of those whom decisions are about. */
static enum recourse_error look_at_party(
	struct check_context *check, const struct check_row *row, const struct record_liability *liability)
{
	struct record_party party;
	TRY(party_by_number(check->state, check->arena, liability->party, &party));
	return check_that(check, row, !liability->liable || (party.concerned & PARTY_LIABLE) != 0,
		"H1: a liable party is not noted as one");
}

static enum recourse_error look_at_liability(struct check_context *check, const struct check_row *row)
{
	const struct record_liability *liability = row->record;
	uint32_t number = (uint32_t)row->key->parts[0].number;
	slice party = row->key->parts[2].text;
	struct record_incident incident;
	struct owing owing = {0};
	if (liability->costs_served > liability->costs || liability->interest_served > liability->interest ||
		liability->written_off > liability->open || liability->paid_out > liability->returned)
		return check_wrong(check,
			"I6: party %.*s paid more than it owes, and the excess is not its own again",
			SLICE_ARGUMENTS(party));
	TRY(look_at_party(check, row, liability));
	TRY(incident_load(check->state, number, &incident));
	TRY(owing_of(check, number, party, &owing));
	TRY(add_instruments(check, number, liability->party, &owing));
	return compare_party(check, &incident, party, &owing);
}

/* ---- I6, I7: what the parties of a section paid and owe, added up, is what it says ---- */

/* By one entry several sections may have found so. */
static enum recourse_error owed_back_by(
	struct check_context *check, const struct record_section *section, int64_t *owed)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, section->incident);
	struct record_section other;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	*owed = 0;
	while (record_walk_next(&walk, &other, sizeof other))
		*owed += other.owed_entry == section->owed_entry ? other.owed_back : 0;
	return walk.error;
}

/* What the funder had, and a receipt that bounced took back. */
static enum recourse_error compare_owed_back(
	struct check_context *check, const struct record_section *section)
{
	struct record_incident incident;
	int64_t owed;
	slice funder;
	slice account;
	int64_t balance;
	TRY(incident_load(check->state, section->incident, &incident));
	TRY(party_name(check->state, check->arena, incident.funder, &funder));
	TRY(account_reference_make(check->arena, section->owed_entry, &account));
	TRY(account_balance(check->state, CHART_COMMITMENT, funder, account, &incident.unit, &balance));
	TRY(owed_back_by(check, section, &owed));
	return balance == owed ? RECOURSE_OK
			       : check_wrong(check, "G4: 1100 %.*s is not what the funder owes back",
					 SLICE_ARGUMENTS(account));
}

static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	struct liabilities list;
	TRY(liability_list(check->state, check->arena, section, &list));
	int64_t money = -section->recourse_collected - section->uncovered_served - section->costs_served;
	int64_t costs = -section->costs_served;
	int64_t written_off = -section->written_off;
	int64_t waiting = -section->waiting;
	int64_t nobodys = settle_up_open(section);
	for (size_t index = 0; index < list.count; index++) {
		const struct record_liability *record = &list.rows[index].record;
		money += record->received - record->interest_served - record->waits - record->returned;
		costs += record->costs_served;
		written_off += record->written_off;
		waiting += record->waits;
		nobodys -= record->open;
	}
	TRY(check_that(check, row, money == 0,
		"I6: what the parties of a section paid is not what it served, what waits and what is "
		"theirs"));
	TRY(check_that(check, row, costs == 0 && written_off == 0 && waiting == 0,
		"I6: a section does not add up what its parties paid and owe"));
	TRY(compare_owed_back(check, section));
	return check_that(check, row, nobodys >= 0,
		"I7: the parties of a section owe more than the advances that are recourse");
}

/* ---- the same of all sections of an incident, in its accounts ---- */

struct sums {
	int64_t recourse;
	int64_t costs;
	int64_t due;
};

static enum recourse_error add_sections(
	struct check_context *check, const struct record_incident *incident, struct sums *sums)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		sums->recourse += settle_up_open(&section) - section.written_off;
		sums->costs -= section.costs_served;
		sums->due += settle_up_due(&section);
	}
	return walk.error;
}

static enum recourse_error add_parties(
	struct check_context *check, const struct record_incident *incident, struct sums *sums)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident->number);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability)) {
		sums->recourse -= liability.open - liability.written_off;
		sums->costs += liability.costs;
	}
	return walk.error;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	slice id = RECORD_TEXT(incident->id);
	struct sums sums = {0};
	slice funder;
	TRY(add_sections(check, incident, &sums));
	TRY(add_parties(check, incident, &sums));
	TRY(party_name(check->state, check->arena, incident->funder, &funder));
	const struct {
		enum chart_code code;
		slice party;
		int64_t steps;
		const char *text;
	} accounts[] = {
		{CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED), sums.recourse,
			"I7: 1110 U is other recourse than settled advances, of incident"},
		{CHART_COSTS, slice_text(""), sums.costs,
			"I3: 1130 is not what parties caused and nothing served, of incident"},
		{CHART_DUE_TO_FUNDER, funder, sums.due,
			"G4: 2170 is not what was collected for the funder of incident"},
	};
	for (size_t index = 0; index < sizeof accounts / sizeof accounts[0]; index++) {
		int64_t balance;
		TRY(account_balance(check->state, accounts[index].code, accounts[index].party, id,
			&incident->unit, &balance));
		if (balance != accounts[index].steps)
			return check_wrong(check, "%s %.*s", accounts[index].text, SLICE_ARGUMENTS(id));
	}
	return RECOURSE_OK;
}

static const struct check rows[] = {
	{.table = RECORD_LIABILITY, .look = look_at_liability},
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group liability_check_rows = CHECK_GROUP(rows);
