/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/set_off.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/behind.h"
#include "rules/recourse/owed.h"
#include "rules/recourse/reckon_kept.h"
#include "rules/recourse/set_off_plan.h"
#include "rules/recourse/settle_up.h"

/* An entry moves at most so often. */
enum { MOVES_MAX = 64 };

struct set_off {
	const struct record_incident *incident;
	struct set_off_plan plan;
	size_t moves;
	uint32_t stuck; /* the section from which there was no room to move more; 0 */
	slice party;    /* that is looked at */
	uint32_t number;
};

static enum recourse_error load(struct decision *decision, const struct set_off *this, uint32_t number,
	struct record_section *section)
{
	return section_load(decision->state, this->incident->number, number, section);
}

/* All zeroes where it has none there. */
static enum recourse_error find_row(
	struct decision *decision, const struct set_off *this, uint32_t section, struct record_liability *row)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, this->incident->number, section);
	record_path_text(&path, this->party);
	return record_get_optional(decision->state, &path, row, sizeof *row, NULL);
}

/* ---- moving ---- */

static void tell(struct decision *decision, const struct set_off *this, slice from, slice to, int64_t steps)
{
	struct buffer *out = &decision->consequences;
	struct item_map map = item_map_open(out);
	decision->consequence_count++;
	item_write_pair_text(out, "what", slice_text("serves another section"));
	item_write_pair_text(out, "party", this->party);
	item_write_pair_text(out, "paid_for", from);
	item_write_pair_text(out, "serves", to);
	item_write_pair_amount(out, "amount", &this->incident->unit, steps);
	item_map_close(map, out);
}

static enum recourse_error move(
	struct decision *decision, struct set_off *this, uint32_t from, uint32_t to, int64_t steps)
{
	struct record_section section;
	slice one;
	slice other;
	TRY(party_name(decision->state, decision->arena, from, &one));
	TRY(party_name(decision->state, decision->arena, to, &other));
	TRY(load(decision, this, from, &section));
	TRY(settle_up_moved(decision, this->incident, &section, this->party, -steps));
	TRY(load(decision, this, to, &section));
	TRY(settle_up_moved(decision, this->incident, &section, this->party, steps));
	tell(decision, this, one, other, steps);
	this->moves++;
	return RECOURSE_OK;
}

/* ---- whether there is room for it ---- */

static bool is_posted(
	const struct decision *decision, const struct set_off *this, enum chart_code code, slice party)
{
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		if (posting->code == code && slice_equal(posting->party, party) &&
			slice_equal(posting->reference, RECORD_TEXT(this->incident->id)))
			return true;
	}
	return false;
}

/* Accounts of an incident are those of all its sections, and one that the entry has already needs no line more. */
static size_t lines_of(const struct decision *decision, const struct set_off *this, slice party,
	const struct record_liability *row, const struct reckon_party *then)
{
	const bool owes = row->open != then->open || row->enforceable + row->reinstated > 0;
	const struct {
		enum chart_code code;
		bool changes;
	} accounts[] = {
		{CHART_RECOURSE, owes},
		{CHART_SUSPENSE, row->waits != then->waits},
		{CHART_OVER_RECOVERY, row->returned != then->returned},
		{CHART_WRITTEN_OFF, row->enforceable + row->reinstated > 0},
		{CHART_MEMO_CONTRA, row->enforceable + row->reinstated > 0},
	};
	size_t lines = row->shortfall != then->shortfall ? 3 : 0;
	for (size_t index = 0; index < sizeof accounts / sizeof accounts[0]; index++)
		lines += accounts[index].changes && !is_posted(decision, this, accounts[index].code, party);
	return lines;
}

static enum recourse_error add_lines(struct decision *decision, const struct set_off *this, uint32_t number,
	int64_t steps, size_t *lines, size_t *longest)
{
	struct record_section section;
	struct liabilities list;
	struct reckon then;
	TRY(load(decision, this, number, &section));
	TRY(liability_list(decision->state, decision->arena, &section, &list));
	TRY(settle_up_tell(decision, this->incident, &section, &list, &then));
	for (size_t row = 0; row < list.count; row++) {
		if (!slice_equal(list.rows[row].party, this->party))
			continue;
		then.parties[row].received += steps;
		then.parties[row].for_own = liability_for_own(&list.rows[row].record, steps);
	}
	TRY(reckon_kept(&then));
	for (size_t row = 0; row < list.count; row++) {
		slice party = list.rows[row].party;
		*longest = party.size > *longest ? party.size : *longest;
		*lines += lines_of(decision, this, party, &list.rows[row].record, &then.parties[row]);
	}
	return RECOURSE_OK;
}

static enum recourse_error has_room(struct decision *decision, const struct set_off *this, uint32_t from,
	uint32_t to, int64_t steps, bool *room)
{
	size_t lines = SETTLE_UP_SPARE_LINES;
	size_t longest = 0;
	TRY(add_lines(decision, this, from, -steps, &lines, &longest));
	TRY(add_lines(decision, this, to, steps, &lines, &longest));
	*room = this->moves < MOVES_MAX && decision_has_postings(decision, lines,
						   longest + RECORD_TEXT(this->incident->id).size +
							   unit_code(&this->incident->unit).size);
	return RECOURSE_OK;
}

/* ---- as it is planned ---- */

/* What of it a section is to have, to the next that lacks it: those before `*to` lack nothing any more. */
static enum recourse_error move_from(
	struct decision *decision, struct set_off *this, size_t from, size_t *to, int64_t *more, bool *room)
{
	const struct set_off_place *places = this->plan.places;
	while (*to < this->plan.count && more[from] < 0) {
		int64_t steps = amount_least(more[*to], -more[from]);
		uint32_t one = places[from].section->record.party;
		uint32_t other = places[*to].section->record.party;
		if (steps <= 0) {
			++*to;
			continue;
		}
		TRY(has_room(decision, this, one, other, steps, room));
		if (!*room) {
			this->stuck = one;
			return RECOURSE_OK;
		}
		TRY(move(decision, this, one, other, steps));
		more[from] += steps;
		more[*to] -= steps;
	}
	return RECOURSE_OK;
}

static enum recourse_error move_party(struct decision *decision, struct set_off *this, bool *room)
{
	size_t to = 0;
	set_off_plan_look(&this->plan, this->party);
	int64_t *more = arena_allocate(decision->arena, (this->plan.count + 1) * sizeof *more);
	if (more == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < this->plan.count; index++)
		more[index] = set_off_plan_more(&this->plan.places[index]);
	for (size_t index = 0; index < this->plan.count && *room; index++)
		TRY(move_from(decision, this, index, &to, more, room));
	return RECOURSE_OK;
}

static enum recourse_error note_section(
	struct decision *decision, const struct set_off *this, uint32_t number, bool moved)
{
	struct record_section section;
	TRY(load(decision, this, number, &section));
	if (moved == ((section.behind & SECTION_UNMOVED) == 0))
		return RECOURSE_OK;
	TRY(behind_note(decision, &section, SECTION_UNMOVED, !moved));
	return section_save(decision, &section);
}

/* Of a section whose money the entry had no room to move; of all of them where it had. */
static enum recourse_error note_moved(struct decision *decision, const struct set_off *this)
{
	if (this->stuck != 0)
		return note_section(decision, this, this->stuck, false);
	for (size_t index = 0; index < this->plan.section_count; index++) {
		const struct record_section *section = &this->plan.sections[index].record;
		if ((section->behind & SECTION_UNMOVED) != 0)
			TRY(note_section(decision, this, section->party, true));
	}
	return RECOURSE_OK;
}

/* Where sums are beyond 64 bits nothing is moved. */
static enum recourse_error carry_out(struct decision *decision, struct set_off *this, slice party)
{
	bool room = true;
	enum recourse_error error = set_off_plan_make(decision, this->incident, party, &this->plan);
	if (error != RECOURSE_OK)
		return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
	for (size_t index = 0; index < this->plan.party_count && room; index++) {
		this->party = this->plan.parties[index].name;
		TRY(move_party(decision, this, &room));
	}
	return note_moved(decision, this);
}

/* What is its own in the incident by name, or waits, in whatever section: before this entry. */
static enum recourse_error has_money(
	struct decision *decision, const struct record_incident *incident, slice party, bool *any)
{
	const enum chart_code codes[] = {CHART_OVER_RECOVERY, CHART_SUSPENSE};
	*any = false;
	for (size_t index = 0; index < sizeof codes / sizeof codes[0] && !*any; index++) {
		int64_t steps;
		TRY(account_balance(decision->state, codes[index], party, RECORD_TEXT(incident->id),
			&incident->unit, &steps));
		*any = steps > 0;
	}
	return RECOURSE_OK;
}

/* Somebody has money for others there, or owes there and may have money elsewhere. */
enum recourse_error set_off_concerns(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, bool *concerned)
{
	struct liabilities list;
	*concerned = incident->sections > 1 && incident->anywhere;
	if (incident->sections < 2 || *concerned)
		return RECOURSE_OK;
	TRY(liability_list(decision->state, decision->arena, section, &list));
	for (size_t row = 0; row < list.count && !*concerned; row++) {
		*concerned = set_off_plan_concerns(&list.rows[row].record);
		if (!*concerned && set_off_plan_may_owe(&list.rows[row].record))
			TRY(has_money(decision, incident, list.rows[row].party, concerned));
	}
	return RECOURSE_OK;
}

enum recourse_error set_off(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct set_off this = {.incident = incident};
	bool concerned;
	TRY(set_off_concerns(decision, incident, section, &concerned));
	if (!concerned)
		return RECOURSE_OK;
	TRY(section_save(decision, section));
	TRY(carry_out(decision, &this, slice_text("")));
	return load(decision, &this, section->party, section);
}

enum recourse_error set_off_party(
	struct decision *decision, const struct record_incident *incident, slice party)
{
	struct set_off this = {.incident = incident};
	return carry_out(decision, &this, party);
}

enum recourse_error set_off_final(struct decision *decision, const struct record_incident *incident)
{
	return incident->sections < 2 || incident_has_ended(incident)
		       ? RECOURSE_OK
		       : set_off_party(decision, incident, slice_text(""));
}

/* Of its own by name in a section: is not to be, and is not moved yet. */
static int64_t held_back(const struct set_off_plan *plan, uint32_t number, int64_t named)
{
	for (size_t index = 0; index < plan->count; index++) {
		const struct set_off_place *place = &plan->places[index];
		if (place->section->record.party == number)
			return amount_beyond(named, set_off_plan_named(place));
	}
	return 0;
}

/* But for what is held back, and of what it paid itself what its costs and interest elsewhere wait for. */
static enum recourse_error pay_out(struct decision *decision, const struct set_off *this, uint32_t number,
	int64_t *unserved, int64_t *steps)
{
	struct record_section section;
	struct record_liability row;
	TRY(find_row(decision, this, number, &row));
	int64_t part = row.returned - row.paid_out - row.subrogated;
	if (part == 0)
		return RECOURSE_OK;
	part -= held_back(&this->plan, number, part);
	int64_t waits = amount_least(amount_least(set_off_plan_own(&row), part), *unserved);
	*unserved -= waits;
	part -= waits;
	if (part == 0)
		return RECOURSE_OK;
	*steps += part; /* within what the incident's account holds */
	TRY(load(decision, this, number, &section));
	return liability_pay_out(decision, &section, this->party, &row, part);
}

enum recourse_error set_off_pay_out(
	struct decision *decision, const struct record_incident *incident, slice party, int64_t *steps)
{
	struct set_off this = {.incident = incident};
	struct section_list sections;
	*steps = 0;
	TRY(carry_out(decision, &this, party));
	this.party = party;
	set_off_plan_look(&this.plan, party);
	int64_t unserved = set_off_plan_unserved(&this.plan);
	TRY(section_list(decision, incident, &sections));
	for (size_t index = 0; index < sections.count; index++)
		TRY(pay_out(decision, &this, sections.parties[index], &unserved, steps));
	return RECOURSE_OK;
}

/* A first one always has room. */
static enum recourse_error move_home(struct decision *decision, struct set_off *this, uint32_t from,
	uint32_t to, int64_t *lacking, bool *room)
{
	struct record_liability row;
	TRY(find_row(decision, this, from, &row));
	int64_t part = amount_least(row.moved, *lacking);
	if (part <= 0 || from == to)
		return RECOURSE_OK;
	if (this->moves > 0)
		TRY(has_room(decision, this, from, to, part, room));
	if (!*room)
		return RECOURSE_OK;
	*lacking -= part;
	return move(decision, this, from, to, part);
}

enum recourse_error set_off_less(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t *steps)
{
	struct set_off this = {.incident = incident, .party = payer};
	struct section_list sections;
	struct record_liability row;
	bool room = true;
	TRY(section_list(decision, incident, &sections));
	TRY(find_row(decision, &this, section->party, &row));
	int64_t lacking = *steps - row.received;
	if (lacking <= 0)
		return RECOURSE_OK;
	TRY(section_save(decision, section));
	for (size_t index = sections.count; index > 0 && lacking > 0 && room; index--)
		TRY(move_home(decision, &this, sections.parties[index - 1], section->party, &lacking, &room));
	if (!room)
		*steps -= lacking;
	return load(decision, &this, section->party, section);
}

enum recourse_error set_off_home(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer)
{
	struct set_off this = {.incident = incident};
	TRY(section_save(decision, section));
	TRY(carry_out(decision, &this, payer));
	return load(decision, &this, section->party, section);
}

/* ---- a receipt whose payer does not say ---- */

/* What of so much would serve what it owes there. What is beyond 64 bits is refused when that section is settled up. */
static enum recourse_error owes(
	struct decision *decision, const struct set_off *this, uint32_t number, int64_t most, int64_t *steps)
{
	struct record_section section;
	struct owed owed;
	*steps = 0;
	TRY(load(decision, this, number, &section));
	enum recourse_error error =
		owed_begin(decision->state, decision->arena, this->incident, &section, &owed);
	if (error == RECOURSE_OK)
		error = owed_take_receipt(decision->state, decision->arena, this->incident, &section,
			this->number, this->party, most, &owed);
	if (error == RECOURSE_OK)
		*steps = owed.taken;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

/* Where it is liable and most is open to it, the first of those where as much is; elsewhere others would have a part of it. */
static enum recourse_error find_owing(
	struct decision *decision, const struct set_off *this, int64_t most, uint32_t *found, int64_t *steps)
{
	struct section_list sections;
	int64_t open = -1;
	*steps = 0;
	TRY(section_list(decision, this->incident, &sections));
	for (size_t index = 0; index < sections.count; index++) {
		struct record_liability row;
		int64_t part;
		TRY(find_row(decision, this, sections.parties[index], &row));
		if (!row.liable || row.open <= open)
			continue;
		TRY(owes(decision, this, sections.parties[index], most, &part));
		if (part == 0)
			continue;
		open = row.open;
		*found = sections.parties[index];
		*steps = part;
	}
	return RECOURSE_OK;
}

/* It owes nothing: where it is liable, or, where no judgment says so, where most of what is lacking is served. */
static enum recourse_error find_lacking(
	struct decision *decision, const struct set_off *this, int64_t steps, struct record_section *found)
{
	struct section_list sections;
	int64_t most = -1;
	TRY(section_list(decision, this->incident, &sections));
	for (size_t index = 0; index < sections.count; index++) {
		struct record_section section;
		struct record_liability row;
		int64_t part;
		TRY(load(decision, this, sections.parties[index], &section));
		if (section.claims_filed == 0 || set_off_too_early(&section))
			continue;
		TRY(find_row(decision, this, section.party, &row));
		TRY(owes(decision, this, section.party, steps, &part));
		part = row.liable ? INT64_MAX : part;
		if (part <= most)
			continue;
		most = part;
		*found = section;
	}
	return most >= 0 ? RECOURSE_OK
			 : refuse_state(decision, "recovery",
				   life_state_name(LIFE_INCIDENT, this->incident->state));
}

enum recourse_error set_off_find(struct decision *decision, const struct record_incident *incident,
	slice payer, int64_t steps, struct record_section *section)
{
	struct set_off this = {.incident = incident, .party = payer};
	uint32_t number;
	int64_t part;
	TRY(decision_party(decision, "payer", payer, &this.number));
	TRY(find_owing(decision, &this, steps, &number, &part));
	return part > 0 ? load(decision, &this, number, section)
			: find_lacking(decision, &this, steps, section);
}

enum recourse_error set_off_rest(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t steps)
{
	TRY(settle_up_anywhere(decision, section, payer, steps));
	return incident->sections < 2 ? RECOURSE_OK : set_off_home(decision, incident, section, payer);
}
