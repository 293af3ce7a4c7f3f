/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/set_off.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/owed.h"

/* An entry moves at most so often, and settles up no more of a section's parties than others to which that leads. */
enum { MOVES_MAX = 5, SPARE_LINES = 24 }; /* spare: of the creditors, and what the command posts after it */

struct set_off {
	const struct record_incident *incident;
	struct section_list sections;
	size_t moves;
	uint32_t touched
		[1 + 2 * MOVES_MAX]; /* sections whose parties are looked at, the first of them for the sake of it */
	size_t count;
	slice party; /* that is looked at */
	uint32_t number;
};

static enum recourse_error begin(
	struct decision *decision, const struct record_incident *incident, struct set_off *this)
{
	*this = (struct set_off){.incident = incident};
	return section_list(decision, incident, &this->sections);
}

/* All zeroes where it has none there. */
static enum recourse_error find_row(
	struct decision *decision, const struct set_off *this, uint32_t section, struct record_liability *row)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, this->incident->number, section);
	record_path_text(&path, this->party);
	return record_get_optional(decision->state, &path, row, sizeof *row, NULL);
}

static enum recourse_error load(struct decision *decision, const struct set_off *this, uint32_t number,
	struct record_section *section)
{
	return section_load(decision->state, this->incident->number, number, section);
}

/* Of what it paid there: nobody's else, and not paid out. */
static int64_t its_own(const struct record_liability *row)
{
	return amount_least(row->over_paid, row->returned - row->paid_out - row->subrogated);
}

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
		error = owed_take(decision->state, decision->arena, this->incident, &section, this->number,
			this->party, most, &owed);
	if (error == RECOURSE_OK)
		*steps = owed.taken;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

/* Of the sections but one: where most is open to it, the first of those where as much is. */
static enum recourse_error find_owing(struct decision *decision, const struct set_off *this, uint32_t but,
	int64_t most, uint32_t *found, int64_t *steps)
{
	int64_t open = -1;
	*steps = 0;
	for (size_t index = 0; index < this->sections.count; index++) {
		struct record_liability row;
		int64_t part;
		if (this->sections.parties[index] == but)
			continue;
		TRY(find_row(decision, this, this->sections.parties[index], &row));
		if (!row.liable || row.open <= open)
			continue;
		TRY(owes(decision, this, this->sections.parties[index], most, &part));
		if (part == 0)
			continue;
		open = row.open;
		*found = this->sections.parties[index];
		*steps = part;
	}
	return RECOURSE_OK;
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

static void touch(struct set_off *this, uint32_t number)
{
	for (size_t index = 0; index < this->count; index++) {
		if (this->touched[index] == number)
			return;
	}
	if (this->count < sizeof this->touched / sizeof this->touched[0])
		this->touched[this->count++] = number;
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
	touch(this, from);
	touch(this, to);
	return RECOURSE_OK;
}

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
static size_t lines_of(const struct decision *decision, const struct set_off *this, slice party)
{
	static const enum chart_code codes[] = {
		CHART_RECOURSE, CHART_SUSPENSE, CHART_OVER_RECOVERY, CHART_WRITTEN_OFF, CHART_MEMO_CONTRA};
	size_t lines = 0;
	for (size_t index = 0; index < sizeof codes / sizeof codes[0]; index++)
		lines += !is_posted(decision, this, codes[index], party);
	return lines;
}

static enum recourse_error has_room(
	struct decision *decision, const struct set_off *this, uint32_t from, uint32_t to, bool *room)
{
	const uint32_t both[] = {from, to};
	struct liabilities lists[2];
	size_t lines = SPARE_LINES;
	size_t longest = 0;
	for (size_t list = 0; list < 2; list++) {
		struct record_section section;
		TRY(load(decision, this, both[list], &section));
		TRY(liability_list(decision->state, decision->arena, &section, &lists[list]));
		for (size_t row = 0; row < lists[list].count; row++) {
			slice party = lists[list].rows[row].party;
			longest = party.size > longest ? party.size : longest;
			if (list == 0 || liability_among(&lists[0], party) == NULL)
				lines += lines_of(decision, this, party);
		}
	}
	*room = this->moves < MOVES_MAX && decision_has_postings(decision, lines,
						   longest + RECORD_TEXT(this->incident->id).size +
							   unit_code(&this->incident->unit).size);
	return RECOURSE_OK;
}

static enum recourse_error move_if_room(
	struct decision *decision, struct set_off *this, uint32_t from, uint32_t to, int64_t *steps)
{
	bool room;
	TRY(has_room(decision, this, from, to, &room));
	if (!room)
		*steps = 0;
	return room ? move(decision, this, from, to, *steps) : RECOURSE_OK;
}

/* So much of what it paid there serves what it owes elsewhere. */
static enum recourse_error give(struct decision *decision, struct set_off *this, uint32_t from, int64_t steps)
{
	while (steps > 0) {
		uint32_t to;
		int64_t part;
		TRY(find_owing(decision, this, from, steps, &to, &part));
		if (part > 0)
			TRY(move_if_room(decision, this, from, to, &part));
		if (part == 0)
			return RECOURSE_OK;
		steps -= part;
	}
	return RECOURSE_OK;
}

/* What is due out of a section, and not paid out: so much less served nobody that was paid. */
static int64_t not_paid_on(const struct record_section *section)
{
	int64_t due = due_to_funder(section);
	return (due > 0 ? due : 0) + section->uncovered_collected;
}

/* What of its money in that section can be had for another one: its own, or what was moved there and was not paid on. */
static enum recourse_error find_loose(
	struct decision *decision, const struct set_off *this, uint32_t number, bool moved, int64_t *steps)
{
	struct record_liability row;
	struct record_section section;
	TRY(find_row(decision, this, number, &row));
	*steps = its_own(&row);
	if (!moved)
		return RECOURSE_OK;
	TRY(load(decision, this, number, &section));
	*steps = row.moved > 0 ? amount_least(row.moved, not_paid_on(&section)) : 0;
	return RECOURSE_OK;
}

/* So much, at most, is taken from elsewhere for what it owes there. */
static enum recourse_error take(
	struct decision *decision, struct set_off *this, uint32_t to, bool moved, int64_t most)
{
	int64_t lacking;
	TRY(owes(decision, this, to, most, &lacking));
	for (size_t index = 0; index < this->sections.count && lacking > 0; index++) {
		uint32_t from = this->sections.parties[index];
		int64_t part;
		if (from == to)
			continue;
		TRY(find_loose(decision, this, from, moved, &part));
		part = amount_least(part, lacking);
		if (part > 0)
			TRY(move_if_room(decision, this, from, to, &part));
		lacking -= part;
	}
	return RECOURSE_OK;
}

/* ---- which parties ---- */

/* What is its own in the incident by name, in whatever section: before this entry. */
static enum recourse_error find_named(struct decision *decision, const struct set_off *this, int64_t *steps)
{
	return account_balance(decision->state, CHART_OVER_RECOVERY, this->party,
		RECORD_TEXT(this->incident->id), &this->incident->unit, steps);
}

static enum recourse_error is_insolvent(
	struct decision *decision, const struct set_off *this, bool *insolvent)
{
	struct record_estate estate;
	TRY(estate_of(decision->state, this->party, &estate));
	*insolvent = estate.entry != 0;
	return RECOURSE_OK;
}

static enum recourse_error look_at_party(
	struct decision *decision, struct set_off *this, uint32_t section, const struct record_liability *row)
{
	int64_t named;
	bool insolvent;
	TRY(is_insolvent(decision, this, &insolvent));
	if (insolvent)
		return RECOURSE_OK;
	if (its_own(row) > 0)
		return give(decision, this, section, its_own(row));
	TRY(find_named(decision, this, &named));
	if (row->liable && named > 0)
		TRY(take(decision, this, section, false, named));
	return row->moved < 0 ? take(decision, this, section, true, -row->moved) : RECOURSE_OK;
}

static enum recourse_error look_at_section(struct decision *decision, struct set_off *this, uint32_t number)
{
	struct record_section section;
	struct liabilities list;
	TRY(load(decision, this, number, &section));
	TRY(liability_list(decision->state, decision->arena, &section, &list));
	for (size_t row = 0; row < list.count && this->moves < MOVES_MAX; row++) {
		struct record_liability record;
		this->party = list.rows[row].party;
		this->number = list.rows[row].record.party;
		TRY(find_row(
			decision, this, number, &record)); /* it may have changed since the list was made */
		TRY(look_at_party(decision, this, number, &record));
	}
	return RECOURSE_OK;
}

enum recourse_error set_off(
	struct decision *decision, const struct record_incident *incident, struct record_section *section)
{
	struct set_off this;
	if (incident->sections < 2)
		return RECOURSE_OK;
	TRY(begin(decision, incident, &this));
	TRY(section_save(decision, section));
	touch(&this, section->party);
	for (size_t index = 0; index < this.count && this.moves < MOVES_MAX; index++)
		TRY(look_at_section(decision, &this, this.touched[index]));
	return load(decision, &this, section->party, section);
}

static enum recourse_error begin_party(
	struct decision *decision, const struct record_incident *incident, slice party, struct set_off *this)
{
	TRY(begin(decision, incident, this));
	this->party = party;
	return decision_party(decision, "payer", party, &this->number);
}

enum recourse_error set_off_less(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t steps)
{
	struct set_off this;
	struct record_liability row;
	TRY(begin_party(decision, incident, payer, &this));
	TRY(find_row(decision, &this, section->party, &row));
	int64_t lacking = steps - row.received;
	if (lacking <= 0)
		return RECOURSE_OK;
	TRY(section_save(decision, section));
	for (size_t index = this.sections.count; index > 0 && lacking > 0; index--) {
		uint32_t from = this.sections.parties[index - 1];
		TRY(find_row(decision, &this, from, &row));
		int64_t part = amount_least(row.moved, lacking);
		if (part <= 0 || from == section->party)
			continue;
		TRY(move(decision, &this, from, section->party, part));
		lacking -= part;
	}
	return load(decision, &this, section->party, section);
}

/* ---- a receipt whose payer does not say ---- */

/* It owes nothing: where it is liable, or, where no judgment says so, where most of what is lacking is served. */
static enum recourse_error find_lacking(
	struct decision *decision, const struct set_off *this, int64_t steps, struct record_section *found)
{
	int64_t most = -1;
	for (size_t index = 0; index < this->sections.count; index++) {
		struct record_section section;
		struct record_liability row;
		int64_t part;
		TRY(load(decision, this, this->sections.parties[index], &section));
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
	struct set_off this;
	uint32_t number;
	int64_t part;
	TRY(begin_party(decision, incident, payer, &this));
	TRY(find_owing(decision, &this, 0, steps, &number, &part));
	return part > 0 ? load(decision, &this, number, section)
			: find_lacking(decision, &this, steps, section);
}

enum recourse_error set_off_rest(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice payer, int64_t steps)
{
	struct set_off this;
	struct record_liability row;
	TRY(begin_party(decision, incident, payer, &this));
	TRY(section_save(decision, section));
	TRY(find_row(decision, &this, section->party, &row));
	TRY(give(decision, &this, section->party, amount_least(row.waits + its_own(&row), steps)));
	return load(decision, &this, section->party, section);
}
