/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"

#include <stdlib.h>

/*
 * B1: the issuer's pool is split across the sections in total. Each round that had of it says what its section had had, of
 * how much that was open, and how far all of them were lifted: that follows from the rounds before, is the same for all of
 * an entry, and nobody was lifted further. What of it was not compared is no more than the funder had paid in by then of what
 * appeals restored to that pool.
 */
struct lifted {
	uint64_t entry;
	int64_t level;
	int64_t weights;
	int64_t restored;
};

static int compare_entries(const void *left, const void *right)
{
	uint64_t one = ((const struct lifted *)left)->entry;
	uint64_t other = ((const struct lifted *)right)->entry;
	return (one > other) - (one < other);
}

/* Those before gave so much, less what went back by then; what later claims have of what appeals restored is not compared. */
static enum recourse_error look_at_round(struct check_context *check, const struct record_section *section,
	const struct record_round *round, int64_t before, struct buffer *all)
{
	const struct lifted lifted = {round->entry, round->issuers_level, round->issuers_weights,
		round->issuers_used + round->issuers_later};
	amount_sum had = (amount_sum)round->issuers_had - round->issuers_used;
	int64_t lifts = round->from_issuer - round->issuers_later;
	buffer_append(all, &lifted, sizeof lifted);
	if (round->issuers_had > before || round->issuers_had < before - section->issuer_back)
		return check_wrong_entry(check, round->entry,
			"B1: what a section had had of the issuer's pool is not what rounds gave it");
	return lifts == 0 || (lifted.weights > 0 && (had + lifts - 1) * lifted.weights <=
							    (amount_sum)round->issuers_weight * lifted.level)
		       ? RECOURSE_OK
		       : check_wrong_entry(check, round->entry,
				 "B1: the issuer's pool gave a section more than its part");
}

/* Those that lift and the others, together in the order of their entries. */
static enum recourse_error look_at_section(
	struct check_context *check, const struct record_section *section, struct buffer *all)
{
	static const enum round_kind series[] = {ROUND_DEPOSIT, ROUND_LIFT};
	struct record_round rounds[2];
	uint32_t numbers[2] = {0, 0};
	int64_t had = 0;
	for (int next = 0; next < 2; next++)
		rounds[next].entry = 0;
	for (;;) {
		for (int one = 0; one < 2; one++) {
			if (rounds[one].entry != 0 || numbers[one] == section->rounds[series[one]])
				continue;
			TRY(round_read(check->state, section, series[one], ++numbers[one], &rounds[one]));
		}
		bool second =
			rounds[0].entry == 0 || (rounds[1].entry != 0 && rounds[1].entry < rounds[0].entry);
		struct record_round *round = &rounds[second];
		if (round->entry == 0)
			return RECOURSE_OK;
		if (round->from_issuer != 0)
			TRY(look_at_round(check, section, round, had, all));
		had += round->from_issuer;
		round->entry = 0;
	}
}

/* ---- what appeals restored to that pool ---- */

/* Of one funding of an appeal, or its way back. */
static enum recourse_error add_paid_in(struct check_context *check, const struct record_incident *incident,
	const struct record_booked *booked, int64_t *steps)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, booked->before);
	struct record_appeal appeal;
	if (booked->kind != BOOKED_RESTORED)
		return RECOURSE_OK;
	TRY(record_get_named(check->state, &path, &appeal, sizeof appeal));
	if (appeal.incident != incident->number || appeal.merchant != incident->issuer)
		return RECOURSE_OK;
	*steps += booked->takes_back == BOOKED_TAKES_BACK ? -booked->amount : booked->amount;
	return RECOURSE_OK;
}

/* By the entries before that one. */
static enum recourse_error sum_paid_in(
	struct check_context *check, const struct record_incident *incident, uint64_t before, int64_t *steps)
{
	struct record_path prefix = record_path_of(RECORD_BOOKED);
	struct record_booked booked;
	*steps = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &booked, sizeof booked) && walk.key.parts[0].number < before)
		TRY(add_paid_in(check, incident, &booked, steps));
	return walk.error;
}

/* Of the rows of one entry. */
static enum recourse_error compare_restored(struct check_context *check,
	const struct record_incident *incident, const struct lifted *rows, size_t count)
{
	amount_sum restored = 0;
	int64_t paid_in;
	for (size_t row = 0; row < count; row++)
		restored += rows[row].restored;
	if (restored == 0)
		return RECOURSE_OK;
	TRY(sum_paid_in(check, incident, rows[0].entry, &paid_in));
	return restored <= paid_in
		       ? RECOURSE_OK
		       : check_wrong_entry(check, rows[0].entry,
				 "F1: later claims had more of what appeals restored than there was");
}

static enum recourse_error compare_all(
	struct check_context *check, const struct record_incident *incident, struct buffer *all)
{
	struct lifted *rows = (void *)all->data;
	size_t count = all->size / sizeof *rows;
	if (count > 0)
		qsort(rows, count, sizeof *rows, compare_entries);
	for (size_t row = 0, next; row < count; row = next) {
		for (next = row; next < count && rows[next].entry == rows[row].entry;)
			next++;
		TRY(compare_restored(check, incident, &rows[row], next - row));
	}
	for (size_t row = 1; row < count; row++) {
		const struct lifted *last = &rows[row - 1];
		if (rows[row].entry == last->entry &&
			(rows[row].level != last->level || rows[row].weights != last->weights))
			return check_wrong_entry(check, last->entry,
				"B1: the issuer's pool lifted one section further than another");
	}
	return RECOURSE_OK;
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path prefix = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	SCOPED(buffer_free) struct buffer all = {.size = 0};
	if (incident->merchant != 0)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		TRY(look_at_section(check, &section, &all));
	TRY(walk.error);
	return buffer_failed(&all) ? RECOURSE_MEMORY : compare_all(check, incident, &all);
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group issuers_pool_check_rows = CHECK_GROUP(rows);
