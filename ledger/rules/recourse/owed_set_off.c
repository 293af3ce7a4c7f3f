/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/owed_set_off.h"

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include <stdlib.h>
#include <string.h>

struct finding {
	struct state_view *view;
	struct arena *arena;
	const struct record_incident *incident;
	const struct owed_end *end;
	uint32_t section; /* that is looked at; 0: none was yet */
	slice merchant;
	bool told; /* how it stands then */
	struct owed owed;
};

/* ---- a section ---- */

static enum recourse_error begin_section(struct finding *finding, uint32_t section)
{
	if (finding->section == section)
		return RECOURSE_OK;
	finding->section = section;
	finding->told = false;
	return party_name(finding->view, finding->arena, section, &finding->merchant);
}

/* Nobody has anything where sums are beyond 64 bits, which is in the way itself. */
static enum recourse_error tell_section(struct finding *finding)
{
	struct record_section section;
	int64_t left;
	if (finding->told)
		return RECOURSE_OK;
	finding->told = true;
	TRY(section_load(finding->view, finding->incident->number, finding->section, &section));
	enum recourse_error error = owed_end_section(finding->view, finding->arena, finding->incident,
		&section, finding->end, &finding->owed, &left);
	if (error == RECOURSE_OVERFLOW)
		finding->owed.list.count = 0;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

/* Of what it paid there, when frozen money has paid what is owed there. */
static int64_t over_paid(const struct finding *finding, slice party)
{
	const struct owed *owed = &finding->owed;
	for (size_t row = 0; row < owed->list.count; row++) {
		const struct record_liability *record = &owed->list.rows[row].record;
		const struct reckon_party *then = &owed->section.parties[row];
		if (slice_equal(owed->list.rows[row].party, party))
			return amount_least(
				then->over_paid, then->returned - record->paid_out - record->subrogated);
	}
	return 0;
}

/* ---- all of them ---- */

static enum recourse_error add_row(struct finding *finding, const struct record_walk *walk,
	const struct record_liability *liability, struct buffer *rows)
{
	struct owed_set_off_row row = {.open = amount_most(liability->open, 0)};
	if (liability->open <= 0 && liability->received <= 0)
		return RECOURSE_OK;
	TRY(arena_copy(finding->arena, walk->key.parts[2].text, &row.party));
	TRY(begin_section(finding, (uint32_t)walk->key.parts[1].number));
	row.merchant = finding->merchant;
	if (row.open == 0) {
		TRY(tell_section(finding));
		row.over = over_paid(finding, row.party);
	}
	buffer_append(rows, &row, sizeof row);
	return RECOURSE_OK;
}

static enum recourse_error gather(struct finding *finding, struct buffer *rows)
{
	struct record_path prefix = record_path_of_short(RECORD_LIABILITY, finding->incident->number);
	struct record_liability liability;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(finding->view, &prefix);
	while (record_walk_next(&walk, &liability, sizeof liability))
		TRY(add_row(finding, &walk, &liability, rows));
	return walk.error;
}

static int compare_rows(const void *left, const void *right)
{
	const struct owed_set_off_row *one = left;
	const struct owed_set_off_row *other = right;
	int parties = slice_compare(one->party, other->party);
	return parties != 0 ? parties : slice_compare(one->merchant, other->merchant);
}

static void add_up(struct owed_set_off *all)
{
	size_t first = 0;
	for (size_t index = 0; index < all->count; index++) {
		struct owed_set_off_row *row = &all->rows[index];
		const struct owed_set_off_row *last = row - 1;
		if (index == 0 || !slice_equal(last->party, row->party))
			first = index;
		else
			row->open_before = last->open_before + last->open;
		all->rows[first].all += row->over;
	}
}

static enum recourse_error find_all(struct finding *finding, struct owed_set_off *all)
{
	SCOPED(buffer_free) struct buffer rows = {.size = 0};
	TRY(gather(finding, &rows));
	if (buffer_failed(&rows))
		return RECOURSE_MEMORY;
	all->found = true;
	if (rows.size == 0)
		return RECOURSE_OK;
	all->rows = arena_allocate(finding->arena, rows.size);
	if (all->rows == NULL)
		return RECOURSE_MEMORY;
	memcpy(all->rows, rows.data, rows.size);
	all->count = rows.size / sizeof *all->rows;
	qsort(all->rows, all->count, sizeof *all->rows, compare_rows);
	add_up(all);
	return RECOURSE_OK;
}

/* The first row that does not come before it. */
static size_t first_from(const struct owed_set_off *all, slice party, slice merchant)
{
	const struct owed_set_off_row wanted = {.party = party, .merchant = merchant};
	size_t low = 0;
	size_t high = all->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_rows(&all->rows[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum recourse_error owed_set_off_for(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct owed_end *end, slice merchant, slice party,
	struct owed_set_off *all, int64_t *steps)
{
	struct finding finding = {.view = view, .arena = arena, .incident = incident, .end = end};
	*steps = 0;
	if (!all->found)
		TRY(find_all(&finding, all));
	size_t first = first_from(all, party, slice_text(""));
	size_t here = first_from(all, party, merchant);
	if (first == all->count || !slice_equal(all->rows[first].party, party))
		return RECOURSE_OK;
	*steps = all->rows[first].all;
	if (here > first)
		*steps -= all->rows[here - 1].open_before + all->rows[here - 1].open;
	if (here < all->count && slice_equal(all->rows[here].party, party) &&
		slice_equal(all->rows[here].merchant, merchant))
		*steps -= all->rows[here].over;
	return RECOURSE_OK;
}
