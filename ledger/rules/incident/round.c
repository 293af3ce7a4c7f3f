/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/round.h"

static struct record_path round_path(
	const struct record_section *section, enum round_kind series, uint32_t number)
{
	struct record_path path = record_path_of_shorts(RECORD_ROUND, section->incident, section->party);
	record_path_short(&path, (uint32_t)series);
	record_path_short(&path, number);
	return path;
}

enum recourse_error round_read(struct state_view *view, const struct record_section *section,
	enum round_kind series, uint32_t number, struct record_round *round)
{
	struct record_path path = round_path(section, series, number);
	return record_get_named(view, &path, round, sizeof *round);
}

enum recourse_error round_put(struct decision *decision, struct record_section *section,
	enum round_kind series, const struct record_round *round)
{
	if (series == ROUND_LIFT && section->rounds[series] == ROUND_LIFTS_MAX)
		return refuse_limit(decision, RECOURSE_FIELD_LIMIT, "incident",
			"%d rounds that lift claims of earlier ones", ROUND_LIFTS_MAX);
	struct record_path path = round_path(section, series, ++section->rounds[series]);
	return decision_put(decision, &path, round, sizeof *round);
}

enum recourse_error round_losses(
	struct state_view *view, const struct record_section *section, round_each *each, void *context)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		if (decided.entry != 0)
			TRY(each(context, round_weight(&decided, ROUND_DEPOSIT)));
	}
	return walk.error;
}

int64_t round_weight(const struct record_decided *decided, enum round_kind kind)
{
	if (kind == ROUND_UNCOVERED)
		return decided->uncovered;
	return kind == ROUND_INTEREST ? decided->loss : decided->loss - decided->elsewhere;
}

int64_t round_room(enum round_kind kind, bool bounded, int64_t weight, int64_t promised, int64_t had)
{
	int64_t most = bounded ? promised : weight;
	if (kind == ROUND_INTEREST)
		return INT64_MAX; /* may be above the loss */
	return most > had ? most - had : 0;
}

bool round_above(int64_t level, int64_t weights, int64_t other_level, int64_t other_weights)
{
	return (__int128)level * other_weights > (__int128)other_level * weights;
}

/* ---- rounds one by one, or all at once ---- */

static enum recourse_error cache_series(struct rounds *rounds, enum round_kind series)
{
	for (uint32_t number = 1; number <= rounds->section->rounds[series]; number++) {
		TRY(round_read(rounds->view, rounds->section, series, number, &rounds->one));
		buffer_append(&rounds->cached[series], &rounds->one, sizeof rounds->one);
	}
	return buffer_failed(&rounds->cached[series]) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error round_cache(struct rounds *rounds, enum round_kind kind)
{
	if (kind == ROUND_DEPOSIT)
		TRY(cache_series(rounds, ROUND_LIFT));
	return cache_series(rounds, kind);
}

void round_cache_free(struct rounds *rounds)
{
	for (size_t series = 0; series < ROUND_SERIES; series++)
		buffer_free(&rounds->cached[series]);
}

static enum recourse_error round_at(
	struct rounds *rounds, enum round_kind series, uint32_t number, const struct record_round **round)
{
	*round = &rounds->one;
	if (rounds->cached[series].size == 0)
		return round_read(rounds->view, rounds->section, series, number, &rounds->one);
	*round = (const struct record_round *)(const void *)rounds->cached[series].data + (number - 1);
	return RECOURSE_OK;
}

/*
 * The first that covers claims decided by that entry; one beyond the last when there is none. Rounds stand in the order
 * of their entries, and a section may have thousands: claims that come in day by day are shared out day by day.
 */
static enum recourse_error first_round_for(
	struct rounds *rounds, enum round_kind series, uint64_t entry, uint32_t *number)
{
	uint32_t low = 1;
	uint32_t high = rounds->section->rounds[series] + 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct record_round *round;
		TRY(round_at(rounds, series, middle, &round));
		if (round->up_to >= entry)
			high = middle;
		else
			low = middle + 1;
	}
	*number = low;
	return RECOURSE_OK;
}

/* ---- how far a claim has come ---- */

struct claimant {
	enum round_kind kind;
	slice claim;
	const struct record_decided *decided;
};

/* Whoever stands above those who were lifted has no share. */
static void take_part(const struct record_round *round, uint32_t cohort, const struct claimant *claimant,
	struct round_standing *standing)
{
	if (round_above(standing->level, standing->weights, round->highest_level, round->highest_weights))
		return;
	struct split_share share = {
		.weight = round_weight(claimant->decided, claimant->kind), .had = standing->had};
	if (share.weight == 0)
		return;
	share.room = round_room(claimant->kind, round->bounded != 0, share.weight,
		claimant->decided->approved, standing->had);
	bool tie = split_carry_at_cut(&round->split, &share) &&
		   slice_compare(claimant->claim, RECORD_TEXT(round->last_tie)) <= 0;
	standing->had += split_carry_part(&round->split, &share, tie);
	standing->level = round->split.level;
	standing->weights = round->split.weights;
	standing->cohort = cohort;
}

/* The one that covered it first, where that lifted no other. */
static enum recourse_error follow_first(
	struct rounds *rounds, const struct claimant *claimant, struct round_standing *standing)
{
	const struct record_round *round;
	uint32_t number;
	TRY(first_round_for(rounds, ROUND_DEPOSIT, claimant->decided->entry, &number));
	if (number > rounds->section->rounds[ROUND_DEPOSIT])
		return RECOURSE_OK;
	TRY(round_at(rounds, ROUND_DEPOSIT, number, &round));
	if (round->after < claimant->decided->entry)
		take_part(round, number, claimant, standing);
	return RECOURSE_OK;
}

enum recourse_error round_follow(struct rounds *rounds, enum round_kind kind, slice claim,
	const struct record_decided *decided, struct round_standing *standing)
{
	const struct record_section *section = rounds->section;
	const struct claimant claimant = {kind, claim, decided};
	enum round_kind series = kind == ROUND_DEPOSIT ? ROUND_LIFT : kind;
	uint32_t before = kind == ROUND_DEPOSIT ? section->rounds[ROUND_DEPOSIT] : 0;
	uint32_t number;
	bool changed = kind == ROUND_DEPOSIT && decided->weights != 0;
	*standing = (struct round_standing){.level = 0, .weights = 1};
	if (changed)
		*standing = (struct round_standing){
			decided->had, decided->level, decided->weights, ROUND_OWN_COHORT};
	else if (kind == ROUND_DEPOSIT)
		TRY(follow_first(rounds, &claimant, standing));
	TRY(first_round_for(rounds, series, decided->entry, &number));
	if (changed && number <= decided->lifts)
		number = (uint32_t)decided->lifts + 1;
	/* whoever has all is lifted no further, but by interest */
	for (; number <= section->rounds[series]; number++) {
		const struct record_round *round;
		if (kind != ROUND_INTEREST && standing->level >= standing->weights)
			break;
		TRY(round_at(rounds, series, number, &round));
		take_part(round, before + number, &claimant, standing);
	}
	return RECOURSE_OK;
}

enum recourse_error round_part(struct state_view *view, const struct record_section *section, slice claim,
	enum round_kind kind, int64_t *part, bool *covered)
{
	struct record_path path = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct rounds rounds = {.view = view, .section = section};
	struct round_standing standing;
	struct record_decided decided;
	*part = 0;
	*covered = false;
	record_path_text(&path, claim);
	TRY(record_get_optional(view, &path, &decided, sizeof decided, NULL));
	if (decided.entry == 0)
		return RECOURSE_OK;
	TRY(round_follow(&rounds, kind, claim, &decided, &standing));
	*part = standing.had;
	*covered = kind == ROUND_DEPOSIT ? decided.entry <= section->last_round_entry : standing.cohort != 0;
	return RECOURSE_OK;
}

bool round_ordered(const struct record_claim *claim)
{
	return claim->paid > 0 || (claim->payout != 0 && claim->payout != PAYOUT_CANCELLED);
}
