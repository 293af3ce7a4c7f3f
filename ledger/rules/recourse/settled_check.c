/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/reckon_kept.h"
#include "rules/recourse/set_off_plan.h"
#include "rules/recourse/settle_up.h"

/*
 * G4: what stands is what would stand if it were settled up again. Each section of an incident that goes on is reckoned anew
 * from what is stored, and its parties' money is planned anew across the sections.
 */
struct look {
	struct check_context *check;
	const struct record_incident *incident;
	const struct record_section *section;
	struct decision *decision; /* as a command at that time would find it */
};

struct figure {
	const char *account;
	int64_t stands;
	int64_t settled;
};

/* What of whom would be another. */
static enum recourse_error compare(struct look *this, slice party, const struct figure *figures, size_t count)
{
	struct check_context *check = this->check;
	slice merchant;
	for (size_t index = 0; index < count; index++) {
		if (figures[index].stands == figures[index].settled)
			continue;
		TRY(party_name(check->state, check->arena, this->section->party, &merchant));
		return check_wrong(check,
			"G4: settled up again, %s of %.*s would be another in the section of %.*s, incident "
			"%.*s",
			figures[index].account, SLICE_ARGUMENTS(party), SLICE_ARGUMENTS(merchant),
			SLICE_ARGUMENTS(RECORD_TEXT(this->incident->id)));
	}
	return RECOURSE_OK;
}
#define COMPARE(look, party, figures) compare(look, party, figures, sizeof(figures) / sizeof *(figures))

/* ---- a section ---- */

static enum recourse_error compare_parties(
	struct look *this, const struct liabilities *list, const struct reckon *settled)
{
	for (size_t row = 0; row < list->count; row++) {
		const struct record_liability *record = &list->rows[row].record;
		const struct reckon_party *party = &settled->parties[row];
		const struct figure figures[] = {
			{"2140", record->waits, party->waits},
			{"2150", record->returned, party->returned},
			{"what is over-paid", record->over_paid, party->over_paid},
			{"1130", record->costs_served, party->costs_served},
			{"interest", record->interest_served, party->interest_served},
			{"1100", record->shortfall, party->shortfall},
		};
		TRY(COMPARE(this, list->rows[row].party, figures));
	}
	return RECOURSE_OK;
}

static enum recourse_error compare_creditors(
	struct look *this, const struct liabilities *list, const struct reckon *settled)
{
	const struct record_section *section = this->section;
	int64_t stood_for = settled->shortfall;
	slice funder;
	for (size_t row = 0; row < list->count; row++)
		stood_for += list->rows[row].record.shortfall_off;
	const struct figure consumers[] = {{"2150", section->uncovered_served, settled->uncovered_served}};
	const struct figure funders[] = {
		{"2170", section->recourse_collected, settled->advances_served},
		{"1100", section->shortfall, stood_for},
	};
	TRY(party_name(this->check->state, this->check->arena, this->incident->funder, &funder));
	TRY(COMPARE(this, slice_text(CHART_CONSUMERS), consumers));
	return COMPARE(this, funder, funders);
}

/*
 * What became recourse since it was shared out is nobody's (1110 U) until it is settled up next, which liability.extend does
 * too; where money waits that is at once. What of it nobody owes is reckoned of what was shared out.
 */
static enum recourse_error share_out(const struct look *this, const struct liabilities *list,
	const struct reckon *told, struct reckon *then)
{
	enum { TIMES = 3 };
	int64_t nobodys = settle_up_open(this->section);
	int64_t since = 0;
	for (size_t row = 0; row < list->count; row++)
		nobodys -= list->rows[row].record.open;
	for (int time = 0; time < TIMES && this->section->waiting == 0; time++) {
		const int64_t before = since;
		since = amount_beyond(nobodys, then->unborne);
		if (since == before)
			break;
		*then = *told;
		then->settled -= since;
		then->unsettled += since;
		TRY(reckon_kept(then));
	}
	return RECOURSE_OK;
}

static enum recourse_error compare_open(struct look *this, const struct liabilities *list,
	const struct reckon *told, const struct reckon *settled)
{
	struct reckon then = *settled;
	slice funder;
	TRY(share_out(this, list, told, &then));
	for (size_t row = 0; row < list->count; row++) {
		const struct figure open[] = {{"1110", list->rows[row].record.open, then.parties[row].open}};
		TRY(COMPARE(this, list->rows[row].party, open));
	}
	const struct figure figures[] = {
		{"what is borne", this->section->own_borne, then.own},
		{"what is released", this->section->freed, then.freed},
	};
	TRY(party_name(this->check->state, this->check->arena, this->incident->funder, &funder));
	return COMPARE(this, funder, figures);
}

static enum recourse_error settle_again(struct look *this)
{
	struct liabilities list;
	struct reckon told;
	TRY(liability_list(this->check->state, this->check->arena, this->section, &list));
	TRY(settle_up_tell(this->decision, this->incident, this->section, &list, &told));
	struct reckon settled = told;
	TRY(reckon_kept(&settled));
	TRY(compare_parties(this, &list, &settled));
	TRY(compare_creditors(this, &list, &settled));
	return compare_open(this, &list, &told, &settled);
}

/* Nothing serves anybody: what is open is shared out when something does. */
static bool is_idle(const struct record_section *section)
{
	return section->waiting + section->returned + section->uncovered_served +
		       section->recourse_collected ==
	       0;
}

/* ---- across the sections ---- */

static enum recourse_error compare_places(struct look *this, struct set_off_plan *plan, slice party)
{
	set_off_plan_look(plan, party);
	for (size_t index = 0; index < plan->count; index++) {
		const struct figure figures[] = {
			{"what is moved", 0, set_off_plan_more(&plan->places[index])}};
		this->section = &plan->places[index].section->record;
		TRY(COMPARE(this, party, figures));
	}
	return RECOURSE_OK;
}

/* From whom claimants had something may have become a party since: before a judgment it may be liable, and counts anew. */
static bool has_strangers(const struct record_section *section)
{
	return section->apportioned_entry == 0 && section->elsewhere != 0;
}

static enum recourse_error plan_again(struct look *this)
{
	struct set_off_plan plan;
	TRY(set_off_plan_make(this->decision, this->incident, slice_text(""), &plan));
	for (size_t index = 0; index < plan.section_count; index++) {
		const struct record_section *section = &plan.sections[index].record;
		if (section->behind != 0 || has_strangers(section))
			return RECOURSE_OK;
	}
	for (size_t index = 0; index < plan.party_count; index++)
		TRY(compare_places(this, &plan, plan.parties[index].name));
	return RECOURSE_OK;
}

/* ---- those that go on ---- */

/* As a command found it by then. Sums beyond 64 bits are not settled. */
static enum recourse_error look_at_time(
	struct look *this, uint64_t time, enum recourse_error (*again)(struct look *look))
{
	struct decision decision = {
		.state = this->check->state,
		.arena = this->check->arena,
		.entry = this->check->entries,
		.time = time,
	};
	this->decision = &decision;
	enum recourse_error error = again(this);
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

/* Till the bar date's clock has struck for all that waits for it, what was looked at since that date is as behind it already. */
static enum recourse_error look_again(struct look *this, enum recourse_error (*again)(struct look *look))
{
	const struct record_incident *incident = this->incident;
	if (incident_has_ended(incident) || incident->sweep != INCIDENT_STANDS)
		return RECOURSE_OK;
	enum recourse_error error = look_at_time(this, incident->bar_date + 1, again);
	return error == RECOURSE_AUDIT_FAILED && incident->clock != 0
		       ? look_at_time(this, incident->bar_date, again)
		       : error;
}

/* What is behind does not stay so: its clock is set. */
static enum recourse_error find_clock(
	struct check_context *check, const struct record_section *section, bool *set)
{
	struct record_path path = record_path_of_shorts(RECORD_BEHIND, section->incident, section->party);
	struct record_behind behind;
	TRY(record_get_optional(check->state, &path, &behind, sizeof behind, NULL));
	*set = behind.clock != 0;
	return RECOURSE_OK;
}

static enum recourse_error look_at_behind(struct check_context *check, const struct check_row *row)
{
	struct record_path path = record_path_of_shorts(
		RECORD_SECTION, (uint32_t)row->key->parts[0].number, (uint32_t)row->key->parts[1].number);
	struct record_section section;
	bool set;
	TRY(record_get_optional(check->state, &path, &section, sizeof section, NULL));
	TRY(check_that(
		check, row, section.behind != 0, "G4: a clock is set for a section that is not behind"));
	TRY(find_clock(check, &section, &set));
	return check_that(check, row, set, "G4: a section is behind, and no clock is set for it");
}

/* What accounts of its claims have too much comes off them by that clock; each has something. */
static enum recourse_error look_at_lowered(struct check_context *check, const struct check_row *row)
{
	const struct record_lowered *lowered = row->record;
	struct record_path path = record_path_of_shorts(
		RECORD_SECTION, (uint32_t)row->key->parts[0].number, (uint32_t)row->key->parts[1].number);
	struct record_path claims = record_path_of_text(RECORD_CLAIM, row->key->parts[2].text);
	struct record_section section;
	struct record_claim claim;
	TRY(record_get_optional(check->state, &path, &section, sizeof section, NULL));
	TRY(record_get_optional(check->state, &claims, &claim, sizeof claim, NULL));
	return check_that(check, row,
		(section.behind & SECTION_UNLOWERED) != 0 && claim.incident == section.incident &&
			claim.section == section.party && lowered->receivable >= 0 && lowered->off >= 0 &&
			lowered->receivable + lowered->off > 0,
		"I5: what comes off a claim's accounts is of none whose section is behind");
}

static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	struct record_incident incident;
	struct look this = {.check = check, .incident = &incident, .section = row->record};
	struct record_path lowered =
		record_path_of_shorts(RECORD_LOWERED, this.section->incident, this.section->party);
	bool set = true;
	bool any;
	TRY(record_any(check->state, &lowered, &any));
	TRY(check_that(check, row, any || (this.section->behind & SECTION_UNLOWERED) == 0,
		"I5: a section is behind with accounts of claims, and nothing comes off any"));
	if (this.section->behind != 0)
		TRY(find_clock(check, this.section, &set));
	TRY(check_that(check, row, set, "G4: a section is behind, and no clock is set for it"));
	if (is_idle(this.section) || has_strangers(this.section) ||
		(this.section->behind & SECTION_UNSETTLED) != 0)
		return RECOURSE_OK;
	TRY(incident_load(check->state, this.section->incident, &incident));
	return look_again(&this, settle_again);
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	struct look this = {.check = check, .incident = row->record};
	return this.incident->sections > 1 ? look_again(&this, plan_again) : RECOURSE_OK;
}

static const struct check rows[] = {
	{.table = RECORD_SECTION, .look = look_at_section},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
	{.table = RECORD_BEHIND, .look = look_at_behind},
	{.table = RECORD_LOWERED, .look = look_at_lowered},
};
const struct check_group settled_check_rows = CHECK_GROUP(rows);
