/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/owed_parts.h"

#include "base/lift.h"
#include "rules/deposit/deposit.h"
#include "rules/incident/section.h"
#include "rules/recourse/owed.h"

#include <stdlib.h>

struct owed_part {
	slice merchant;
	struct split_share share;
	uint32_t party;
};

struct finding {
	struct state_view *view;
	struct arena *arena;
	const struct record_incident *incident;
	slice issuer;
	struct owed_parts *parts;
};

static enum recourse_error find_frozen(const struct finding *finding, slice party, int64_t *steps)
{
	return account_balance(finding->view, CHART_DEPOSIT_FROZEN, party, RECORD_TEXT(finding->incident->id),
		&finding->incident->unit, steps);
}

int64_t owed_parts_enough(const struct owed *owed)
{
	const struct reckon *section = &owed->section;
	amount_sum all = (amount_sum)section->loss + section->settled + section->uncovered +
			 section->paid_out + section->asked_back;
	amount_sum room = INT64_MAX;
	for (size_t row = 0; row < owed->list.count; row++) {
		const struct reckon_party *party = &section->parties[row];
		all += (amount_sum)party->costs + party->interest + party->paid_out;
		room -= party->received;
	}
	all = all < room ? all : room;
	return all > 0 ? (int64_t)all : 0;
}

/* What its issuer would pay there if its pool sufficed, after what the section's own pays. */
static enum recourse_error find_open(
	const struct finding *finding, const struct record_section *section, slice merchant, int64_t *steps)
{
	const struct record_incident *incident = finding->incident;
	struct owed owed;
	int64_t frozen;
	TRY(find_frozen(finding, merchant, &frozen));
	TRY(owed_begin(finding->view, finding->arena, incident, section, &owed));
	TRY(owed_take(
		finding->view, finding->arena, incident, section, section->party, merchant, frozen, &owed));
	*steps = owed.taken;
	if (section->party == incident->issuer)
		return RECOURSE_OK;
	TRY(owed_take(finding->view, finding->arena, incident, section, incident->issuer, finding->issuer,
		owed_parts_enough(&owed), &owed));
	*steps = owed.taken;
	return RECOURSE_OK;
}

static bool has_ended(const struct record_incident *incident, const struct record_section *section)
{
	return incident->sweep == INCIDENT_ENDS && section->end_paid == incident->ends;
}

/* Where sums are beyond 64 bits nothing is open: its own end says so. */
static enum recourse_error take_section(struct finding *finding, const struct record_section *section)
{
	struct owed_parts *parts = finding->parts;
	struct owed_part *row = &parts->rows[parts->count];
	int64_t open = 0;
	TRY(party_name(finding->view, finding->arena, section->party, &row->merchant));
	enum recourse_error error = find_open(finding, section, row->merchant, &open);
	if (error != RECOURSE_OK && error != RECOURSE_OVERFLOW)
		return error;
	if (section->party == finding->incident->issuer) {
		parts->left = open;
		return RECOURSE_OK;
	}
	const int64_t had = section_pools(section).issuers + section->issuer_ended;
	const amount_sum weight = (amount_sum)had + open;
	row->party = section->party;
	row->share = (struct split_share){
		.weight = weight < INT64_MAX ? (int64_t)weight : INT64_MAX,
		.had = had,
		.room = open,
	};
	parts->count += open > 0;
	return RECOURSE_OK;
}

static enum recourse_error take_sections(struct finding *finding)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, finding->incident->number);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(finding->view, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		if (!has_ended(finding->incident, &section))
			TRY(take_section(finding, &section));
	}
	return walk.error;
}

static int compare_rows(const void *left, const void *right)
{
	return slice_compare(
		((const struct owed_part *)left)->merchant, ((const struct owed_part *)right)->merchant);
}

static enum recourse_error share_out(const struct finding *finding, int64_t steps)
{
	struct owed_parts *parts = finding->parts;
	struct split_carry carry;
	struct split_share *shares = arena_allocate(finding->arena, (parts->count + 1) * sizeof *shares);
	if (shares == NULL)
		return RECOURSE_MEMORY;
	for (size_t row = 0; row < parts->count; row++)
		shares[row] = parts->rows[row].share;
	return lift_make(finding->arena, steps, shares, parts->count, &parts->steps, &carry);
}

enum recourse_error owed_parts_find(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, struct owed_parts *parts)
{
	struct finding finding = {view, arena, incident, .parts = parts};
	int64_t frozen;
	*parts = (struct owed_parts){.count = 0};
	TRY(party_name(view, arena, incident->issuer, &finding.issuer));
	TRY(find_frozen(&finding, finding.issuer, &frozen));
	if (frozen == 0)
		return RECOURSE_OK;
	parts->rows = arena_allocate(arena, (incident->sections + 1) * sizeof *parts->rows);
	if (parts->rows == NULL)
		return RECOURSE_MEMORY;
	TRY(take_sections(&finding));
	qsort(parts->rows, parts->count, sizeof *parts->rows, compare_rows);
	TRY(share_out(&finding, frozen - parts->left));
	parts->left = frozen;
	for (size_t row = 0; row < parts->count; row++)
		parts->left -= parts->steps[row];
	return RECOURSE_OK;
}

int64_t owed_parts_of(const struct owed_parts *parts, uint32_t party)
{
	size_t row = 0;
	while (row < parts->count && parts->rows[row].party != party)
		row++;
	return row < parts->count ? parts->steps[row] : 0;
}

int64_t owed_parts_sum(const struct owed_parts *parts)
{
	int64_t sum = 0; /* within what is frozen */
	for (size_t row = 0; row < parts->count; row++)
		sum += parts->steps[row];
	return sum;
}
