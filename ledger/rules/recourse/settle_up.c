/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/settle_up.h"

#include "rules/collateral/instrument.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/behind.h"
#include "rules/recourse/due.h"
#include "rules/recourse/reckon_kept.h"
#include "rules/recourse/written_off.h"

#include <assert.h>

struct settlement {
	const struct record_incident *incident;
	struct record_section *section;
	slice reference;
	slice funder;
	struct liabilities list;
	struct settled *settled;
	int64_t recourse; /* what 1110 falls by, all told */
};

int64_t settle_up_open(const struct record_section *section)
{
	return section->perfected + section_restored_recourse(section) - section->recourse_collected -
	       section->own_borne - section->freed;
}

enum recourse_error settle_up_nobodys(
	struct decision *decision, const struct record_section *section, int64_t *steps)
{
	struct liabilities list;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	*steps = settle_up_open(section) - section->nobodys_memo;
	for (size_t row = 0; row < list.count; row++)
		*steps -= list.rows[row].record.open;
	return RECOURSE_OK;
}

/* ---- what is known: settle_up_read.c ---- */

enum recourse_error settle_up_claimable(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, int64_t *lots)
{
	slice merchant;
	*lots = 0;
	if (decision->time > incident->bar_date)
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, section->party, &merchant));
	return freeze_lots(decision, incident, section, merchant, lots);
}

bool settle_up_ended(const struct record_incident *incident, const struct record_section *section)
{
	return section->closed_entry != 0 || incident->sweep == INCIDENT_ENDS;
}

void settle_up_end(const struct record_section *section, struct reckon *reckoned)
{
	const int64_t advanced =
		amount_most(section->advanced - section->repaid - section->clawed, section->perfected);
	reckoned->ended = true;
	reckoned->settled = advanced + section_restored_recourse(section);
	reckoned->unsettled = amount_beyond(reckoned->unsettled, advanced - section->perfected);
	reckoned->kept = advanced - section_recourse(section);
	reckoned->stays = 0;
}

enum recourse_error settle_up_tell(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, const struct liabilities *list, struct reckon *reckoned)
{
	int64_t lots;
	TRY(settle_up_read(decision->state, decision->arena, incident, section, list, reckoned));
	TRY(settle_up_claimable(decision, incident, section, &lots));
	if (settle_up_ended(incident, section))
		settle_up_end(section, reckoned);
	reckoned->claimable = decision->time <= incident->bar_date;
	reckoned->undecided = section->claims_filed != section->claims_decided + section->claims_rejected;
	/* a lot can be claimed; or is, and it may be for more */
	reckoned->claims_open = reckoned->claimable && (lots > 0 || reckoned->undecided);
	reckoned->undecided = reckoned->undecided || reckoned->stays > 0; /* sent again, or void */
	return RECOURSE_OK;
}

enum recourse_error settle_up_reckon(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, const struct liabilities *list, struct reckon *reckoned)
{
	incident_name_policy(decision, incident);
	TRY(settle_up_tell(decision, incident, section, list, reckoned));
	enum recourse_error error = reckon_kept(reckoned);
	return error == RECOURSE_OVERFLOW ? refuse(decision, error, NULL, "sums within 64 bits") : error;
}

/* ---- what follows ---- */

static enum recourse_error reinstate(struct settlement *this, struct written_off *off)
{
	int64_t before = this->section->written_off;
	TRY(written_off_then(this->section, &this->list, &this->settled->section, off));
	TRY(spread_sum(this->list.count, off->memo, &this->section->written_off));
	this->settled->reinstated = before - this->section->written_off;
	return RECOURSE_OK;
}

static void step_to(struct record_liability *record, uint32_t state)
{
	if (record->state != state)
		(void)life_step(LIFE_RECOURSE, &record->state, state);
}

/* Satisfied, or partly; a party that has paid all may owe something again. Who is given up stays so. */
static void note_state(struct record_liability *record, const struct reckon_party *party)
{
	if (!record->liable || record->given_up)
		return;
	if (record->received > 0 && party->satisfied)
		step_to(record, RECOURSE_SATISFIED);
	else if (record->received > 0 || record->state == RECOURSE_SATISFIED)
		step_to(record, RECOURSE_PARTIAL);
}

static void keep(struct record_liability *record, const struct reckon_party *party,
	const struct written_off *off, size_t row)
{
	record->liability = party->liability;
	record->credited = amount_least(party->credited, party->liability);
	record->recourse = party->recourse;
	record->costs_served = party->costs_served;
	record->costs_paid = amount_least(record->costs_paid, record->costs);
	record->interest_served = party->interest_served;
	record->waits = party->waits;
	record->returned = party->returned;
	record->subrogated = amount_least(record->restored, record->returned - record->paid_out);
	record->over_paid = party->over_paid;
	record->open = party->open;
	record->written_off = off->memo[row];
	record->shortfall = party->shortfall;
	record->shortfall_off = amount_least(record->shortfall_given_up, record->shortfall);
	note_state(record, party);
}

static enum recourse_error post_recourse(
	struct decision *decision, struct settlement *this, slice party, int64_t steps)
{
	this->recourse -= steps;
	return decision_post(decision, CHART_RECOURSE, party, this->reference, &this->incident->unit, steps);
}

static enum recourse_error post_row(struct decision *decision, struct settlement *this, slice party,
	const struct record_liability *before, const struct record_liability *after)
{
	const struct unit *unit = &this->incident->unit;
	slice reference = this->reference;
	int64_t written_off = after->written_off - before->written_off;
	int64_t stood_for = after->shortfall_off - before->shortfall_off;
	TRY(post_recourse(decision, this, party, after->open - before->open - written_off));
	TRY(due_owed_back(decision, unit, party, after->shortfall_entry,
		after->shortfall - before->shortfall - stood_for));
	TRY(decision_move(
		decision, unit, written_off, CHART_WRITTEN_OFF, party, CHART_MEMO_CONTRA, party, reference));
	TRY(decision_move(decision, unit, stood_for, CHART_WRITTEN_OFF, slice_text(CHART_UNAPPORTIONED),
		CHART_MEMO_CONTRA, slice_text(CHART_UNAPPORTIONED), reference));
	TRY(decision_post(decision, CHART_SUSPENSE, party, reference, unit, before->waits - after->waits));
	return decision_post(decision, CHART_OVER_RECOVERY, party, reference, unit,
		before->returned - before->subrogated - after->returned + after->subrogated);
}

static enum recourse_error settle_row(struct decision *decision, struct settlement *this, size_t row,
	const struct written_off *off, int64_t *open)
{
	struct record_liability *record = &this->list.rows[row].record;
	const struct record_liability before = *record;
	struct settled *settled = this->settled;
	keep(record, &settled->section.parties[row], off, row);
	if (before.shortfall == 0 && record->shortfall > 0)
		record->shortfall_entry = decision->entry;
	TRY(decision_sum(decision, &settled->costs, record->costs_served - before.costs_served));
	TRY(decision_sum(decision, &settled->interest, record->interest_served - before.interest_served));
	TRY(decision_sum(decision, &settled->returned, record->returned - before.returned));
	TRY(decision_sum(decision, &settled->over_paid, record->over_paid - before.over_paid));
	TRY(decision_sum(decision, &settled->subrogated, record->subrogated - before.subrogated));
	TRY(decision_sum(decision, &this->section->waiting, record->waits - before.waits));
	TRY(decision_sum(decision, &this->section->returned, record->returned - before.returned));
	TRY(decision_sum(decision, &settled->stood_for, record->shortfall_off));
	settled->reinstated += before.shortfall_off - record->shortfall_off;
	*open -= before.open;
	TRY(post_row(decision, this, this->list.rows[row].party, &before, record));
	return memcmp(&before, record, sizeof before) == 0
		       ? RECOURSE_OK
		       : liability_put(decision, this->section, this->list.rows[row].party, record);
}

/* What creditors have of it: the funder, and the consumers. */
static enum recourse_error post_creditors(struct decision *decision, const struct settlement *this)
{
	const struct settled *settled = this->settled;
	int64_t consumers = settled->uncovered;
	TRY(decision_sum(decision, &consumers, settled->interest));
	const struct {
		enum chart_code code;
		slice party;
		int64_t steps;
	} postings[] = {
		{CHART_ADVANCES, this->funder, this->recourse},
		{CHART_COSTS, slice_text(""), -settled->costs},
		{CHART_COST_ADVANCES, this->funder, settled->costs},
		{CHART_OVER_RECOVERY, slice_text(CHART_CONSUMERS), -consumers},
	};
	for (size_t index = 0; index < sizeof postings / sizeof postings[0]; index++)
		TRY(decision_post(decision, postings[index].code, postings[index].party, this->reference,
			&this->incident->unit, postings[index].steps));
	return RECOURSE_OK;
}

static enum recourse_error keep_section(
	struct decision *decision, struct record_section *section, const struct settled *settled)
{
	const struct reckon *reckoned = &settled->section;
	section->recourse_collected = reckoned->advances_served;
	section->uncovered_served = reckoned->uncovered_served;
	TRY(decision_sum(decision, &section->uncovered_collected, settled->uncovered));
	TRY(decision_sum(decision, &section->interest_collected, settled->interest));
	TRY(decision_sum(decision, &section->costs_served, settled->costs));
	TRY(decision_sum(decision, &section->handed_back, settled->subrogated));
	section->own_borne = reckoned->own;
	section->freed = reckoned->freed;
	section->shortfall = settled->stood_for;
	TRY(behind_note(decision, section, SECTION_UNSETTLED, false));
	return due_check(decision, section);
}

/* What of it is written off is in the memo, as far as nobody owes it. */
static enum recourse_error settle_nobodys(struct decision *decision, struct settlement *this, int64_t more)
{
	slice nobody = slice_text(CHART_UNAPPORTIONED);
	struct record_section *section = this->section;
	int64_t off =
		amount_least(section->nobodys_off, this->settled->section.unborne) - section->nobodys_memo;
	section->nobodys_memo += off;
	this->settled->reinstated -= off;
	TRY(post_recourse(decision, this, nobody, more - off));
	return decision_move(decision, &this->incident->unit, off, CHART_WRITTEN_OFF, nobody,
		CHART_MEMO_CONTRA, nobody, this->reference);
}

static enum recourse_error settle_rows(struct decision *decision, struct settlement *this)
{
	struct record_section *section = this->section;
	struct written_off off;
	int64_t nobodys = settle_up_open(section);
	TRY(reinstate(this, &off));
	for (size_t row = 0; row < this->list.count; row++)
		TRY(settle_row(decision, this, row, &off, &nobodys));
	return settle_nobodys(decision, this, this->settled->section.unborne - nobodys);
}

/* ---- what is recourse ---- */

enum recourse_error settle_up_lower(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps)
{
	slice reference;
	section->perfected -= steps;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	return decision_post(decision, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED), reference,
		&incident->unit, -steps);
}

static enum recourse_error perfect(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t more)
{
	slice reference;
	if (more <= 0)
		return RECOURSE_OK;
	section->perfected += more;
	assert(section->perfected <= section->advanced - section->repaid); /* I7 */
	if (section->recourse_state == RECOURSE_INCHOATE)
		(void)life_step(LIFE_RECOURSE, &section->recourse_state, RECOURSE_PERFECTED);
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	return decision_move(decision, &incident->unit, more, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED),
		CHART_INCHOATE, slice_text(""), reference);
}

int64_t settle_up_stands(const struct record_section *section)
{
	return amount_beyond(section->perfected, section_recourse(section));
}

enum recourse_error settle_up_perfect(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t stood)
{
	int64_t inchoate = section->advanced - section->repaid - section->clawed - section->perfected;
	int64_t more = section_recourse(section) + stood - section->perfected;
	return perfect(decision, incident, section, amount_least(more, inchoate));
}

static enum recourse_error make_inchoate(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps)
{
	slice reference;
	if (steps <= 0)
		return RECOURSE_OK;
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &reference));
	TRY(decision_post(decision, CHART_INCHOATE, slice_text(""), reference, &incident->unit, steps));
	return settle_up_lower(decision, incident, section, steps);
}

/* At its end it is what was settled, and what was paid or is borne of the rest. */
static enum recourse_error perfect_paid(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, const struct reckon *reckoned)
{
	int64_t more = reckoned->settled - section_restored_recourse(section) - reckoned->inchoate -
		       section->perfected;
	return more > 0 ? perfect(decision, incident, section, more)
			: make_inchoate(decision, incident, section, -more);
}

/*
 * Before it, of what is no advance by now, that stays recourse which money served, and serves still; what the funder bore of it does
 * not.
 */
static enum recourse_error settle_stays(
	struct decision *decision, struct settlement *this, struct record_section *section)
{
	struct reckon *then = &this->settled->section;
	int64_t served = amount_least(section->recourse_collected, then->advances_served);
	int64_t steps = amount_least(then->stays, then->settled - then->own - then->freed - served);
	if (steps <= 0)
		return RECOURSE_OK;
	TRY(make_inchoate(decision, this->incident, section, steps));
	return settle_up_reckon(decision, this->incident, section, &this->list, then);
}

static enum recourse_error settle_recourse(
	struct decision *decision, struct settlement *this, struct record_section *section)
{
	struct reckon *reckoned = &this->settled->section;
	TRY(settle_up_reckon(decision, this->incident, section, &this->list, reckoned));
	return reckoned->ended ? perfect_paid(decision, this->incident, section, reckoned)
			       : settle_stays(decision, this, section);
}

/* ---- a section alone ---- */

static enum recourse_error settle_alone(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct settled *settled)
{
	struct settlement this = {.incident = incident, .section = section, .settled = settled};
	*settled = (struct settled){.costs = 0};
	TRY(arena_copy(decision->arena, RECORD_TEXT(incident->id), &this.reference));
	TRY(party_name(decision->state, decision->arena, incident->funder, &this.funder));
	TRY(liability_list(decision->state, decision->arena, section, &this.list));
	TRY(settle_recourse(decision, &this, section));
	settled->advances = settled->section.advances_served - section->recourse_collected;
	settled->uncovered = settled->section.uncovered_served - section->uncovered_served;
	settled->stood_for = settled->section.shortfall;
	TRY(settle_rows(decision, &this));
	int64_t falls = settled->costs;
	TRY(decision_sum(decision, &falls, settled->advances));
	TRY(decision_sum(decision, &falls, settled->subrogated));
	TRY(decision_sum(decision, &falls, section->shortfall - settled->stood_for));
	TRY(due_fall(decision, incident, section, this.reference, falls));
	TRY(post_creditors(decision, &this));
	TRY(keep_section(decision, section, settled));
	return due_set_off(decision, incident, section);
}

enum recourse_error settle_up_alone(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, struct settled *settled)
{
	TRY(settle_alone(decision, incident, section, settled));
	if (settled->subrogated != 0)
		decision_fact_amount(decision, "subrogated", &incident->unit, settled->subrogated);
	return RECOURSE_OK;
}

static enum recourse_error take_in(struct decision *decision, const char *field,
	struct record_section *section, slice payer, int64_t steps, int64_t moved)
{
	struct record_liability liability;
	TRY(liability_row(decision, field, section, payer, &liability));
	if (amount_add_steps(liability.received, steps, &liability.received) != RECOURSE_OK ||
		amount_add_steps(section->waiting, steps, &section->waiting) != RECOURSE_OK)
		return refuse(decision, RECOURSE_OVERFLOW, field, "64 bits");
	liability.waits += steps;
	liability.moved += moved;
	return liability_put(decision, section, payer, &liability);
}

enum recourse_error settle_up_received(struct decision *decision, const char *field,
	const struct record_incident *incident, struct record_section *section, slice payer, int64_t steps,
	struct settled *settled)
{
	TRY(take_in(decision, field, section, payer, steps, 0));
	return settle_up(decision, incident, section, settled);
}

enum recourse_error settle_up_anywhere(
	struct decision *decision, const struct record_section *section, slice payer, int64_t steps)
{
	struct record_liability liability;
	TRY(liability_row(decision, "recovery", section, payer, &liability));
	liability.anywhere += steps;
	return liability_put(decision, section, payer, &liability);
}

enum recourse_error settle_up_moved(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t steps)
{
	struct settled settled;
	TRY(take_in(decision, "incident", section, payer, steps, steps));
	TRY(settle_alone(decision, incident, section, &settled));
	return section_save(decision, section);
}

/* Nobody has anything that could be another sum. */
static bool nothing_hangs(const struct record_section *section)
{
	return section->apportioned_entry == 0 && section->waiting + section->uncovered_served +
								  section->returned +
								  section->recourse_collected ==
							  0;
}

enum recourse_error settle_up_postings(
	struct decision *decision, const struct record_section *section, size_t *count)
{
	struct liabilities list;
	*count = 0;
	if (nothing_hangs(section))
		return RECOURSE_OK;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	*count = SETTLE_UP_SECTION_POSTINGS;
	for (size_t row = 0; row < list.count; row++)
		*count +=
			list.rows[row].record.liable ? SETTLE_UP_LIABLE_POSTINGS : SETTLE_UP_OTHERS_POSTINGS;
	return RECOURSE_OK;
}

enum recourse_error settle_up_fits(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *fits)
{
	struct liabilities list;
	size_t longest = 0;
	size_t postings;
	TRY(settle_up_postings(decision, section, &postings));
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++)
		longest = list.rows[row].party.size > longest ? list.rows[row].party.size : longest;
	*fits = decision_has_postings(decision, postings + SETTLE_UP_SPARE_LINES,
		longest + RECORD_TEXT(incident->id).size + unit_code(&incident->unit).size);
	return RECOURSE_OK;
}

enum recourse_error settle_up_refuse_more(struct decision *decision, const struct unit *unit, int64_t most)
{
	char text[AMOUNT_TEXT_SIZE];
	amount_format(unit, most, text);
	return refuse_limit(decision, RECOURSE_ENTRY_TOO_LARGE, "amount", "%s by one command", text);
}

enum recourse_error settle_up_anew(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct settled settled;
	return nothing_hangs(section) ? RECOURSE_OK : settle_up(decision, incident, section, &settled);
}

enum recourse_error settle_up_first(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct settled settled;
	return nothing_hangs(section) ? RECOURSE_OK : settle_up_alone(decision, incident, section, &settled);
}

enum recourse_error settle_up_unperfect(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	return make_inchoate(decision, incident, section,
		amount_least(section->perfected - section_recourse(section), settle_up_open(section)));
}

enum recourse_error settle_up_unstay(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	int64_t inchoate = section->advanced - section->repaid - section->perfected - section->clawed;
	return make_inchoate(decision, incident, section, -inchoate);
}

enum recourse_error settle_up_repaid(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, int64_t steps)
{
	TRY(make_inchoate(decision, incident, section, steps));
	return settle_up_unstay(decision, incident, section);
}

enum recourse_error settle_up_paid_consumers(struct decision *decision, const struct record_section *section)
{
	struct liabilities list;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count; row++) {
		struct record_liability *record = &list.rows[row].record;
		if (record->interest_paid == record->interest_served)
			continue;
		record->interest_paid = record->interest_served;
		TRY(liability_put(decision, section, list.rows[row].party, record));
	}
	return RECOURSE_OK;
}

void settle_up_show(struct decision *decision, const struct unit *unit, const struct record_section *section,
	const struct settled *settled)
{
	const struct {
		const char *name;
		int64_t steps;
	} facts[] = {
		{terms_waterfall_names[WATERFALL_COSTS], settled->costs},
		{terms_waterfall_names[WATERFALL_ADVANCES], settled->advances},
		{terms_waterfall_names[WATERFALL_UNCOVERED], settled->uncovered},
		{terms_waterfall_names[WATERFALL_INTEREST], settled->interest},
		{"contribution", settled->returned - settled->over_paid},
		{"reinstated", settled->reinstated},
		{"over_payment", settled->over_paid},
		{"waiting", section->waiting},
	};
	for (size_t index = 0; index < sizeof facts / sizeof facts[0]; index++)
		decision_fact_amount(decision, facts[index].name, unit, facts[index].steps);
}
