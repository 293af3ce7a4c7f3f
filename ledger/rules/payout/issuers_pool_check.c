/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/booked.h"
#include "rule/rule.h"
#include "rules/incident/given_back.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"
#include "rules/incident/section.h"
#include "rules/payout/replaced.h"
#include "rules/payout/waiting_kept.h"

#include <stdlib.h>

/*
 * B1: the issuer's pool is split across the sections in total. Each round that had of it, or took the place of it, is reckoned
 * again of what the entry kept of all sections: how far they are lifted, what of it is not compared, and so which part is whose, to
 * the step. What a section had had is what its rounds before say; and what is not compared is no more than the funder had paid in by
 * then of what appeals restored to that pool.
 */
struct lifted {
	uint64_t entry;
	struct record_round round;
	uint32_t party;
	uint32_t reserved;
};

static int compare_entries(const void *left, const void *right)
{
	uint64_t one = ((const struct lifted *)left)->entry;
	uint64_t other = ((const struct lifted *)right)->entry;
	return (one > other) - (one < other);
}

/* Those before gave so much, less what went back by then. */
static enum recourse_error look_at_round(struct check_context *check, const struct record_section *section,
	const struct record_round *round, int64_t before, struct buffer *all)
{
	const struct lifted lifted = {round->entry, *round, .party = section->party};
	buffer_append(all, &lifted, sizeof lifted);
	return round->from_issuer == 0 || (round->issuers_had <= before &&
						  round->issuers_had >= before - section->issuer_back)
		       ? RECOURSE_OK
		       : check_wrong_entry(check, round->entry,
				 "B1: what a section had had of the issuer's pool is not what rounds gave "
				 "it");
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
		if (round->from_issuer != 0 || replaced_issuers(round) != 0)
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
		restored += (amount_sum)rows[row].round.issuers_used + rows[row].round.issuers_later;
	if (restored == 0)
		return RECOURSE_OK;
	TRY(sum_paid_in(check, incident, rows[0].entry, &paid_in));
	return restored <= paid_in
		       ? RECOURSE_OK
		       : check_wrong_entry(check, rows[0].entry,
				 "F1: later claims had more of what appeals restored than there was");
}

/* ---- split again ---- */

/* A round may give less, so far as the funder was repaid or what appeals restored is not for its claims; and no fen more. */
static bool is_part(const struct lifted *lifted, const struct waiting *waiting, const struct waiting_row *row)
{
	const struct record_round *round = &lifted->round;
	const int64_t back = replaced_issuers(round);
	if (row->party != lifted->party || back > row->back || round->from_issuer > row->part)
		return false;
	return round->from_issuer == 0 ||
	       (round->issuers_had == row->share.had + row->used + row->yields &&
		       round->issuers_used == row->used &&
		       round->issuers_later == amount_least(row->given_later, round->from_issuer) &&
		       round->issuers_weight == row->share.weight &&
		       round->issuers_level == waiting->lifted.level &&
		       round->issuers_weights == waiting->lifted.weights);
}

/* Nothing that is split, nor what it is split by, is below zero. */
static bool can_be_split(const struct waiting *waiting)
{
	bool can = waiting->issuers >= 0 && waiting->own_later >= 0 && waiting->own_barred >= 0 &&
		   waiting->bar.restored >= 0;
	for (size_t index = 0; index < waiting->count && can; index++) {
		const struct waiting_row *row = &waiting->rows[index];
		can = row->share.weight >= 0 && row->share.had >= 0 && row->share.room >= 0 &&
		      row->decided >= 0 && row->yields >= 0 && row->later >= 0 && row->later_lost >= 0 &&
		      row->later_decided >= 0 && row->later_had >= 0 && row->later_most >= 0;
	}
	return can && waiting->count > 0;
}

static enum recourse_error split_again(struct check_context *check, const struct record_incident *incident,
	const struct lifted *rows, size_t count)
{
	struct waiting waiting = {.incident = *incident};
	TRY(waiting_kept_read(check->state, check->arena, rows[0].entry, &waiting));
	enum recourse_error error =
		can_be_split(&waiting) ? waiting_split(check->arena, &waiting) : RECOURSE_OVERFLOW;
	if (error != RECOURSE_OK && error != RECOURSE_OVERFLOW)
		return error;
	for (size_t index = 0; index < count; index++) {
		bool part = false;
		for (size_t row = 0; row < waiting.count && error == RECOURSE_OK && !part; row++)
			part = is_part(&rows[index], &waiting, &waiting.rows[row]);
		if (!part)
			return check_wrong_entry(check, rows[index].entry,
				"B1: the issuer's pool gave a section another part than what was open says");
	}
	return RECOURSE_OK;
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
		TRY(split_again(check, incident, &rows[row], next - row));
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

/* What is kept of a split is of rounds that stand, and gave so much. */
static enum recourse_error look_at_split(struct check_context *check, const struct check_row *row)
{
	const struct record_issuers_split *split = row->record;
	struct record_path path =
		record_path_of_shorts(RECORD_SECTION, split->incident, (uint32_t)row->key->parts[1].number);
	struct record_section section;
	struct record_booked booked;
	struct record_round round;
	TRY(check_found(check, row, record_get(check->state, &path, &section, sizeof section),
		"B1: the issuer's pool was split with a section that is not there"));
	TRY(booked_read(check->state, row->key->parts[0].number, &booked, NULL));
	TRY(given_back_round(check->state, &section, row->key->parts[0].number, &round));
	return check_that(check, row,
		booked.corrected_by == 0 && round.from_issuer == split->given &&
			replaced_issuers(&round) == split->back,
		"B1: the issuer's pool gave a section another part than was split");
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .look = look_at_incident},
	{.table = RECORD_ISSUERS_SPLIT, .look = look_at_split},
};
const struct check_group issuers_pool_check_rows = CHECK_GROUP(rows);
