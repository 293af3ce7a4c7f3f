/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/rule.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/recovery_id.h"
#include "rules/recourse/settle_up.h"
#include "rules/recourse/written_off.h"

#include <stdlib.h>

/* ---- I6: per party, what its rows in all sections of an incident say is in its accounts, to the last step ---- */

struct owing {
	uint32_t party; /* that has a row, or instruments, or sent something: each has these accounts */
	amount_sum receivable;
	amount_sum written_off;
	amount_sum returned;
	amount_sum waits;
	amount_sum moved; /* between sections */
};

struct owings {
	size_t count;
	struct owing *rows;
};

static enum recourse_error count_rows(
	struct check_context *check, const struct record_path *prefix, size_t *count)
{
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, prefix);
	while (record_walk_next(&walk, NULL, 0))
		++*count;
	return walk.error;
}

static enum recourse_error add_liabilities(
	struct check_context *check, const struct record_path *prefix, struct owings *owings)
{
	struct record_liability record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, prefix);
	while (record_walk_next(&walk, &record, sizeof record))
		owings->rows[owings->count++] = (struct owing){
			.party = record.party,
			.receivable = (amount_sum)record.open - record.written_off,
			.written_off = record.written_off,
			.returned = (amount_sum)record.returned - record.paid_out - record.subrogated,
			.waits = record.waits,
			.moved = record.moved,
		};
	return walk.error;
}

/* What was not sent down the waterfall waits on the account of who sent it, liable or not. */
static enum recourse_error add_receipts(
	struct check_context *check, const struct record_path *prefix, struct owings *owings)
{
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path =
			recovery_id_path(walk.key.parts[1].text, (uint32_t)walk.key.parts[2].number);
		struct record_recovery record;
		TRY(record_get_named(check->state, &path, &record, sizeof record));
		owings->rows[owings->count++] = (struct owing){
			.party = record.payer, .waits = record.allocated_entry == 0 ? record.amount : 0};
	}
	return walk.error;
}

/* A provider of instruments may be liable too: what it paid by them and nobody needed is its again. */
static enum recourse_error add_calls(
	struct check_context *check, const struct record_path *prefix, struct owings *owings)
{
	struct record_instrument_call record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, prefix);
	while (record_walk_next(&walk, &record, sizeof record)) {
		struct instrument instrument;
		slice id;
		TRY(arena_copy(check->arena, walk.key.parts[3].text, &id));
		TRY(instrument_read(check->state, check->arena, id, &instrument));
		owings->rows[owings->count++] = (struct owing){
			.party = instrument.record.provider,
			.returned = (amount_sum)record.returned - record.paid_out,
		};
	}
	return walk.error;
}

static int compare_owings(const void *left, const void *right)
{
	uint32_t one = ((const struct owing *)left)->party;
	uint32_t other = ((const struct owing *)right)->party;
	return (one > other) - (one < other);
}

/* One of each party: all its sections are walked once, however many there are. */
static void merge(struct owings *owings)
{
	size_t kept = 0;
	qsort(owings->rows, owings->count, sizeof *owings->rows, compare_owings);
	for (size_t index = 0; index < owings->count; index++) {
		const struct owing row = owings->rows[index];
		if (kept == 0 || owings->rows[kept - 1].party != row.party) {
			owings->rows[kept++] = row;
			continue;
		}
		struct owing *sum = &owings->rows[kept - 1];
		sum->receivable += row.receivable;
		sum->written_off += row.written_off;
		sum->returned += row.returned;
		sum->waits += row.waits;
		sum->moved += row.moved;
	}
	owings->count = kept;
}

static enum recourse_error list_owings(struct check_context *check, uint32_t incident, struct owings *owings)
{
	struct record_path liabilities = record_path_of_short(RECORD_LIABILITY, incident);
	struct record_path calls = record_path_of_short(RECORD_CALL, incident);
	struct record_path receipts = record_path_of_short(RECORD_RECOVERY_WAITING, incident);
	size_t count = 1;
	TRY(count_rows(check, &liabilities, &count));
	TRY(count_rows(check, &calls, &count));
	TRY(count_rows(check, &receipts, &count));
	*owings = (struct owings){.rows = arena_allocate(check->arena, count * sizeof *owings->rows)};
	if (owings->rows == NULL)
		return RECOURSE_MEMORY;
	TRY(add_liabilities(check, &liabilities, owings));
	TRY(add_calls(check, &calls, owings));
	TRY(add_receipts(check, &receipts, owings));
	merge(owings);
	return RECOURSE_OK;
}

static enum recourse_error compare_party(
	struct check_context *check, const struct record_incident *incident, const struct owing *owing)
{
	const struct {
		enum chart_code code;
		amount_sum steps;
		const char *text;
	} accounts[] = {
		{CHART_RECOURSE, owing->receivable, "I6: 1110 is not what is owed still by party"},
		{CHART_WRITTEN_OFF, owing->written_off, "I6: 9030 is not what was written off of party"},
		{CHART_OVER_RECOVERY, owing->returned, "I6: 2150 is not what is its own again of party"},
		{CHART_SUSPENSE, owing->waits,
			"G4: 2140 is not what it sent and serves nobody yet, of party"},
	};
	slice party;
	TRY(party_name(check->state, check->arena, owing->party, &party));
	if (owing->moved != 0)
		return check_wrong(check,
			"I6: what is moved between sections is not there or here, of party %.*s",
			SLICE_ARGUMENTS(party));
	for (size_t index = 0; index < sizeof accounts / sizeof accounts[0]; index++) {
		int64_t balance;
		TRY(account_balance(check->state, accounts[index].code, party, RECORD_TEXT(incident->id),
			&incident->unit, &balance));
		if (balance != accounts[index].steps)
			return check_wrong(check, "%s %.*s", accounts[index].text, SLICE_ARGUMENTS(party));
	}
	return RECOURSE_OK;
}

static enum recourse_error look_at_owings(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct owings owings;
	TRY(list_owings(check, incident->number, &owings));
	for (size_t index = 0; index < owings.count; index++)
		TRY(compare_party(check, incident, &owings.rows[index]));
	return RECOURSE_OK;
}

/* By one entry several sections may have found so. */
static enum recourse_error add_funders(
	struct check_context *check, uint32_t incident, uint64_t entry, amount_sum *owed)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		*owed += section.owed_entry == entry ? section.owed_back : 0;
	return walk.error;
}

static enum recourse_error add_shortfalls(
	struct check_context *check, uint32_t incident, uint32_t party, uint64_t entry, amount_sum *owed)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, incident);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability)) {
		bool found = liability.party == party && liability.shortfall_entry == entry;
		*owed += found ? liability.shortfall - liability.shortfall_off : 0;
	}
	return walk.error;
}

/* What the funder had, or a party was paid out, and a receipt that bounced took back. */
static enum recourse_error compare_owed_back(
	struct check_context *check, uint32_t number, uint32_t debtor, uint64_t entry)
{
	struct record_incident incident;
	amount_sum owed = 0;
	slice party;
	slice account;
	int64_t balance;
	TRY(incident_load(check->state, number, &incident));
	TRY(party_name(check->state, check->arena, debtor, &party));
	TRY(account_reference_make(check->arena, entry, &account));
	TRY(account_balance(check->state, CHART_COMMITMENT, party, account, &incident.unit, &balance));
	if (debtor == incident.funder)
		TRY(add_funders(check, number, entry, &owed));
	TRY(add_shortfalls(check, number, debtor, entry, &owed));
	return balance == owed ? RECOURSE_OK
			       : check_wrong(check, "G4: 1100 %.*s is not what %.*s owes back",
					 SLICE_ARGUMENTS(account), SLICE_ARGUMENTS(party));
}

/* ---- what a party was paid out, and had paid itself of it or too much, is what entries say that they paid and had back ---- */

static enum recourse_error compare_paid_out(struct check_context *check, const struct check_row *row,
	slice party, const struct record_liability *liability)
{
	struct record_path prefix = record_path_of_shorts(
		RECORD_PAID_OUT, (uint32_t)row->key->parts[0].number, (uint32_t)row->key->parts[1].number);
	struct record_paid_out paid;
	amount_sum steps = -(amount_sum)liability->paid_out;
	amount_sum own = -(amount_sum)liability->paid_own;
	amount_sum over = -(amount_sum)liability->paid_over;
	record_path_text(&prefix, party);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &paid, sizeof paid)) {
		steps += paid.steps;
		own += paid.own;
		over += paid.over;
	}
	TRY(walk.error);
	return check_that(check, row, steps == 0 && own == 0 && over == 0,
		"I6: what a party was paid of its own, or had paid itself of that, is not what entries paid");
}

/* By a payment of its own, by one to it, or out of its deposit at an end. */
static enum recourse_error is_paid_by(struct check_context *check, const struct table_key *key, bool *paid)
{
	const uint64_t entry = key->parts[3].number;
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, entry);
	struct record_deduction deduction = {.closing = 0};
	struct record_booked booked;
	slice name;
	bool there;
	TRY(booked_read(check->state, entry, &booked, &there));
	*paid = there && (booked.kind == BOOKED_SURPLUS || booked.kind == BOOKED_REPAYMENT) &&
		slice_equal(RECORD_TEXT(booked.id), key->parts[2].text);
	if (*paid || there)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &path);
	while (!*paid && record_walk_next(&walk, &deduction, sizeof deduction)) {
		TRY(party_name(check->state, check->arena, deduction.merchant, &name));
		*paid = deduction.closing == key->parts[1].number &&
			deduction.incident == key->parts[0].number && slice_equal(name, key->parts[2].text);
	}
	return walk.error;
}

/* Of a party whose row is gone nothing is paid out. */
static enum recourse_error look_at_paid_out(struct check_context *check, const struct check_row *row)
{
	const struct table_key *key = row->key;
	struct record_path path = record_path_of_shorts(
		RECORD_LIABILITY, (uint32_t)key->parts[0].number, (uint32_t)key->parts[1].number);
	struct record_liability liability;
	bool paid;
	bool there;
	record_path_text(&path, key->parts[2].text);
	TRY(is_paid_by(check, key, &paid));
	TRY(check_that(check, row, paid,
		"I6: what was paid to a party of its own is of an entry that paid it nothing"));
	TRY(record_get_optional(check->state, &path, &liability, sizeof liability, &there));
	return there ? RECOURSE_OK : compare_paid_out(check, row, key->parts[2].text, &liability);
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
	if (liability->costs_served > liability->costs || liability->costs_paid > liability->costs ||
		liability->interest_served > liability->interest ||
		liability->written_off > liability->open ||
		liability->written_off > liability->enforceable + liability->reinstated ||
		liability->paid_out + liability->subrogated > liability->returned ||
		liability->paid_own > liability->paid_out || liability->paid_own < 0 ||
		liability->paid_over < 0 || liability->subrogated > liability->restored ||
		liability->shortfall_off > liability->shortfall || liability->credited < 0 ||
		liability->received < 0 || liability->moved > liability->received)
		return check_wrong(check,
			"I6: party %.*s paid more than it owes, and the excess is not its own again",
			SLICE_ARGUMENTS(row->key->parts[2].text));
	TRY(check_that(check, row,
		liability->anywhere >= 0 && liability->anywhere <= liability->received - liability->moved,
		"I6: for no section by name came more than was paid for this one"));
	TRY(check_that(check, row,
		liability->shortfall == 0 ||
			liability->returned <= (amount_sum)liability->paid_out + liability->restored,
		"I6: a party is owed in a section what it owes back there"));
	TRY(check_that(check, row,
		liability->shortfall_given_up <= liability->paid_out &&
			liability->shortfall_off ==
				amount_least(liability->shortfall_given_up, liability->shortfall),
		"I6: in the memo is not what was given up of what a party owes back"));
	TRY(compare_paid_out(check, row, row->key->parts[2].text, liability));
	if (liability->shortfall_entry != 0)
		TRY(compare_owed_back(check, (uint32_t)row->key->parts[0].number, liability->party,
			liability->shortfall_entry));
	return look_at_party(check, row, liability);
}

/* ---- what is in the memo is what was written off and not brought back since, as far as it is owed ---- */

static enum recourse_error compare_memo(struct check_context *check, const struct check_row *row,
	const struct record_section *section, const struct liabilities *list)
{
	struct written_off off;
	TRY(written_off_now(section, list, &off));
	bool same = section->off_beyond >= 0 && section->off_before >= 0;
	for (size_t index = 0; index < list->count; index++) {
		const struct record_liability *record = &list->rows[index].record;
		same = same && record->written_off == off.memo[index] && record->enforceable >= 0 &&
		       record->reinstated >= 0;
	}
	return check_that(
		check, row, same, "I6: the memo is not what was written off less what served since");
}

/* ---- what was paid out of what is not there, or was undue, is owed back by whom, and so much of it ---- */

static enum recourse_error compare_shortfalls(struct check_context *check, const struct check_row *row,
	const struct record_incident *incident, const struct liabilities *list)
{
	const struct record_section *section = row->record;
	struct reckon reckoned;
	bool paid = false;
	bool same = true;
	for (size_t index = 0; index < list->count; index++)
		paid = paid || list->rows[index].record.paid_out + list->rows[index].record.shortfall > 0;
	if (!paid)
		return RECOURSE_OK;
	TRY(settle_up_read(check->state, check->arena, incident, section, list, &reckoned));
	if (settle_up_ended(incident, section))
		settle_up_end(section, &reckoned);
	TRY(reckon(&reckoned));
	for (size_t index = 0; index < list->count; index++)
		same = same && list->rows[index].record.shortfall == reckoned.parties[index].shortfall;
	return check_that(check, row, same,
		"G4: what a party was paid, and is not there or not its own, is not what it owes back");
}

/* ---- I6, I7: what the parties of a section paid and owe, added up, is what it says ---- */

static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	struct record_incident incident;
	struct liabilities list;
	TRY(liability_list(check->state, check->arena, section, &list));
	amount_sum costs = -(amount_sum)section->costs_served;
	amount_sum money =
		costs + section->shortfall - section->recourse_collected - section->uncovered_served;
	amount_sum written_off = -(amount_sum)section->written_off;
	amount_sum waiting = -(amount_sum)section->waiting;
	amount_sum returned = -(amount_sum)section->returned;
	amount_sum nobodys = settle_up_open(section);
	for (size_t index = 0; index < list.count; index++) {
		const struct record_liability *record = &list.rows[index].record;
		money += (amount_sum)record->received + record->shortfall - record->shortfall_off -
			 record->interest_served - record->waits - record->returned;
		costs += record->costs_served;
		written_off += record->written_off;
		waiting += record->waits;
		returned += record->returned;
		nobodys -= record->open;
	}
	TRY(check_that(check, row, money == 0,
		"I6: what the parties of a section paid is not what it served, what waits and what is "
		"theirs"));
	TRY(check_that(check, row, costs == 0 && written_off == 0 && waiting == 0 && returned == 0,
		"I6: a section does not add up what its parties paid and owe"));
	TRY(compare_memo(check, row, section, &list));
	TRY(incident_load(check->state, section->incident, &incident));
	TRY(compare_shortfalls(check, row, &incident, &list));
	if (section->owed_entry != 0 || section->owed_back != 0)
		TRY(compare_owed_back(check, section->incident, incident.funder, section->owed_entry));
	TRY(check_that(check, row, section->nobodys_memo <= section->nobodys_off,
		"I7: of what nobody owes more is in the memo than was written off"));
	return check_that(check, row, nobodys >= section->nobodys_memo,
		"I7: the parties of a section owe more than the advances that are recourse");
}

/* ---- the same of all sections of an incident, in its accounts ---- */

struct sums {
	amount_sum recourse;
	amount_sum costs;
	amount_sum due;
	amount_sum others_off;
};

static enum recourse_error add_sections(
	struct check_context *check, const struct record_incident *incident, struct sums *sums)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		sums->recourse += settle_up_open(&section) - section.written_off - section.nobodys_memo;
		sums->others_off += section.nobodys_memo;
		sums->costs -= section.costs_served;
		sums->due += due_to_funder(&section);
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
		sums->others_off += liability.shortfall_off;
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
		amount_sum steps;
		const char *text;
	} accounts[] = {
		{CHART_WRITTEN_OFF, slice_text(CHART_UNAPPORTIONED), sums.others_off,
			"I7: 9030 U is not what was written off beside recourse of somebody, of incident"},
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

/* What is said to be given up is what its entry gave up, of whom. */
static enum recourse_error look_at_write_off(struct check_context *check, const struct check_row *row)
{
	const struct record_write_off *off = row->record;
	struct record_booked booked;
	slice party = slice_text("");
	TRY(booked_read(check->state, off->entry, &booked, NULL));
	if (off->party != 0)
		TRY(party_name(check->state, check->arena, off->party, &party));
	return check_that(check, row,
		booked.kind == BOOKED_WRITE_OFF && booked.amount == off->amount &&
			(off->party == 0 || slice_equal(RECORD_TEXT(booked.id), party)),
		"G6: a write-off is another one than its entry made");
}

static const struct check rows[] = {
	{.table = RECORD_WRITE_OFF,
		.entry = offsetof(struct record_write_off, entry),
		.look = look_at_write_off},
	{.table = RECORD_LIABILITY, .look = look_at_liability},
	{.table = RECORD_PAID_OUT, .look = look_at_paid_out},
	{.table = RECORD_INCIDENT, .look = look_at_owings},
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group liability_check_rows = CHECK_GROUP(rows);
