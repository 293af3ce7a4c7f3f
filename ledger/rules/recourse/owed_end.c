/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/owed_end.h"

#include "base/lift.h"
#include "rule/estate.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/section.h"

#include <stdlib.h>

struct finding {
	struct state_view *view;
	struct arena *arena;
	const struct record_incident *incident;
	uint32_t merchant; /* whose money alone; 0: everybody's */
	struct owed_end *end;
	struct owed_elsewhere **order; /* by merchant, then by section, in the order of their ids */
};

static enum recourse_error find_frozen(
	struct state_view *view, const struct record_incident *incident, slice party, int64_t *steps)
{
	return account_balance(
		view, CHART_DEPOSIT_FROZEN, party, RECORD_TEXT(incident->id), &incident->unit, steps);
}

/* ---- who owes where ---- */

static enum recourse_error add_row(const struct finding *finding, const struct record_walk *walk,
	const struct record_liability *liability, struct buffer *rows)
{
	struct owed_elsewhere row = {
		.party = liability->party,
		.section = (uint32_t)walk->key.parts[1].number,
		.had = liability->ended,
	};
	struct record_estate estate;
	int64_t frozen;
	TRY(arena_copy(finding->arena, walk->key.parts[2].text, &row.merchant));
	TRY(find_frozen(finding->view, finding->incident, row.merchant, &frozen));
	TRY(estate_of(finding->view, row.merchant, &estate));
	if (frozen == 0 || estate.entry != 0)
		return RECOURSE_OK;
	TRY(party_name(finding->view, finding->arena, row.section, &row.name));
	buffer_append(rows, &row, sizeof row);
	return RECOURSE_OK;
}

/* Whose own section it is pays there first, and the issuer's pool is behind all. */
static enum recourse_error gather(const struct finding *finding, struct buffer *rows)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, finding->incident->number);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(finding->view, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability)) {
		bool own = walk.key.parts[1].number == liability.party;
		bool wanted = finding->merchant == 0 || finding->merchant == liability.party;
		if (wanted && !own && liability.party != finding->incident->issuer)
			TRY(add_row(finding, &walk, &liability, rows));
	}
	return walk.error;
}

static int compare_rows(const void *left, const void *right)
{
	const struct owed_elsewhere *one = left;
	const struct owed_elsewhere *other = right;
	if (one->section != other->section)
		return one->section < other->section ? -1 : 1;
	return slice_compare(one->merchant, other->merchant);
}

static int compare_order(const void *left, const void *right)
{
	const struct owed_elsewhere *one = *(struct owed_elsewhere *const *)left;
	const struct owed_elsewhere *other = *(struct owed_elsewhere *const *)right;
	int merchants = slice_compare(one->merchant, other->merchant);
	return merchants != 0 ? merchants : slice_compare(one->name, other->name);
}

/* The party of a row is its section's, if that is one of the incident's: else nothing is frozen of it. */
static enum recourse_error list_rows(struct finding *finding)
{
	struct owed_end *end = finding->end;
	SCOPED(buffer_free) struct buffer rows = {.size = 0};
	TRY(gather(finding, &rows));
	if (buffer_failed(&rows))
		return RECOURSE_MEMORY;
	end->count = rows.size / sizeof *end->rows;
	end->rows = arena_allocate(finding->arena, rows.size + 1);
	finding->order = arena_allocate(finding->arena, (end->count + 1) * sizeof *finding->order);
	if (end->rows == NULL || finding->order == NULL)
		return RECOURSE_MEMORY;
	if (end->count == 0)
		return RECOURSE_OK;
	memcpy(end->rows, rows.data, rows.size);
	qsort(end->rows, end->count, sizeof *end->rows, compare_rows);
	for (size_t row = 0; row < end->count; row++)
		finding->order[row] = &end->rows[row];
	qsort(finding->order, end->count, sizeof *finding->order, compare_order);
	return RECOURSE_OK;
}

/* ---- how a section stands then ---- */

static size_t first_of(const struct owed_end *end, uint32_t section)
{
	size_t low = 0;
	size_t high = end->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (end->rows[middle].section < section)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum recourse_error take_issuers(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section,
	const struct owed_end *end, struct owed *owed)
{
	int64_t part = owed_parts_of(&end->parts, section->party);
	slice issuer;
	if (part == 0)
		return RECOURSE_OK;
	TRY(party_name(view, arena, incident->issuer, &issuer));
	return owed_take(view, arena, incident, section, incident->issuer, issuer, part, owed);
}

enum recourse_error owed_end_section(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section,
	const struct owed_end *end, struct owed *owed, int64_t *left)
{
	slice merchant;
	*left = end->parts.left;
	TRY(party_name(view, arena, section->party, &merchant));
	if (incident->merchant != 0 || owed_by_issuer(incident, section))
		TRY(find_frozen(view, incident, merchant, left));
	TRY(owed_begin(view, arena, incident, section, owed));
	TRY(owed_take(view, arena, incident, section, section->party, merchant, *left, owed));
	*left -= owed->taken;
	TRY(take_issuers(view, arena, incident, section, end, owed));
	for (size_t row = first_of(end, section->party); row < end->count; row++) {
		const struct owed_elsewhere *other = &end->rows[row];
		if (other->section != section->party)
			return RECOURSE_OK;
		TRY(owed_take(
			view, arena, incident, section, other->party, other->merchant, other->steps, owed));
	}
	return RECOURSE_OK;
}

/* ---- what each pays ---- */

/* What it owes there when all that come before have paid. Where sums are beyond 64 bits nothing: its own end says so. */
static enum recourse_error find_open(
	const struct finding *finding, const struct owed_elsewhere *row, int64_t *steps)
{
	const struct record_incident *incident = finding->incident;
	struct record_section section;
	struct owed owed;
	int64_t left;
	*steps = 0;
	TRY(section_load(finding->view, incident->number, row->section, &section));
	enum recourse_error error = owed_end_section(
		finding->view, finding->arena, incident, &section, finding->end, &owed, &left);
	if (error == RECOURSE_OK)
		error = owed_take(finding->view, finding->arena, incident, &section, row->party,
			row->merchant, owed_parts_enough(&owed), &owed);
	if (error == RECOURSE_OK)
		*steps = owed.taken;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

/* Of what is frozen of it, when it has paid what it owes in its own section. */
static enum recourse_error find_left(
	const struct finding *finding, const struct owed_elsewhere *row, int64_t *left)
{
	const struct owed_end none = {.count = 0};
	struct record_section section;
	struct owed owed;
	TRY(section_load(finding->view, finding->incident->number, row->party, &section));
	enum recourse_error error = owed_end_section(
		finding->view, finding->arena, finding->incident, &section, &none, &owed, left);
	if (error == RECOURSE_OVERFLOW)
		*left = 0;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

static enum recourse_error share_out(
	const struct finding *finding, int64_t left, struct owed_elsewhere **rows, size_t count)
{
	struct split_share *shares = arena_allocate(finding->arena, (count + 1) * sizeof *shares);
	struct split_carry carry;
	int64_t *steps;
	if (shares == NULL)
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < count; row++) {
		int64_t open;
		TRY(find_open(finding, rows[row], &open));
		amount_sum weight = (amount_sum)rows[row]->had + open;
		shares[row] = (struct split_share){
			.weight = weight < INT64_MAX ? (int64_t)weight : INT64_MAX,
			.had = rows[row]->had,
			.room = open,
		};
	}
	TRY(lift_make(finding->arena, left, shares, count, &steps, &carry));
	for (size_t row = 0; row < count; row++)
		rows[row]->steps = steps[row];
	return RECOURSE_OK;
}

static enum recourse_error find_elsewhere(struct finding *finding)
{
	size_t next;
	TRY(list_rows(finding));
	for (size_t row = 0; row < finding->end->count; row = next) {
		int64_t left;
		next = row + 1;
		while (next < finding->end->count &&
			finding->order[next]->party == finding->order[row]->party)
			next++;
		TRY(find_left(finding, finding->order[row], &left));
		if (left > 0)
			TRY(share_out(finding, left, finding->order + row, next - row));
	}
	return RECOURSE_OK;
}

static bool has_others(const struct record_incident *incident)
{
	return incident->merchant == 0 && incident->sections > 1;
}

enum recourse_error owed_end_find(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, struct owed_end *end)
{
	struct finding finding = {view, arena, incident, 0, end, NULL};
	*end = (struct owed_end){.count = 0};
	if (incident->merchant != 0)
		return RECOURSE_OK;
	TRY(owed_parts_find(view, arena, incident, &end->parts));
	return has_others(incident) ? find_elsewhere(&finding) : RECOURSE_OK;
}

enum recourse_error owed_end_of(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint32_t merchant, struct owed_end *end)
{
	struct finding finding = {view, arena, incident, merchant, end, NULL};
	*end = (struct owed_end){.count = 0};
	return has_others(incident) ? find_elsewhere(&finding) : RECOURSE_OK;
}

enum recourse_error owed_end_may_owe(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, uint32_t merchant, bool *may)
{
	const struct finding finding = {view, arena, incident, merchant, NULL, NULL};
	SCOPED(buffer_free) struct buffer rows = {.size = 0};
	*may = false;
	if (!has_others(incident) || merchant == incident->issuer)
		return RECOURSE_OK;
	TRY(gather(&finding, &rows));
	*may = rows.size > 0;
	return buffer_failed(&rows) ? RECOURSE_MEMORY : RECOURSE_OK;
}
