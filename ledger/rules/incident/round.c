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

enum recourse_error round_remove(
	struct decision *decision, struct record_section *section, enum round_kind series)
{
	struct record_path path = round_path(section, series, section->rounds[series]--);
	return decision_remove(decision, &path);
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

int64_t round_parts(const struct record_round *round)
{
	return round->amount - round->replaced;
}

int64_t round_weight(const struct record_decided *decided, enum round_kind kind)
{
	if (kind == ROUND_UNCOVERED)
		return decided->uncovered;
	return kind == ROUND_INTEREST ? decided->loss : decided->loss - decided->elsewhere;
}

int64_t round_room(enum round_kind kind, bool bounded, int64_t weight, int64_t promised,
	const struct round_standing *standing)
{
	int64_t most = bounded ? promised : weight - standing->others;
	if (kind == ROUND_INTEREST)
		return INT64_MAX; /* may be above the loss */
	return most > standing->had ? most - standing->had : 0;
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
	if (kind == ROUND_INTEREST)
		return cache_series(rounds, kind);
	TRY(cache_series(rounds, ROUND_DEPOSIT));
	TRY(cache_series(rounds, ROUND_LIFT));
	return cache_series(rounds, ROUND_UNCOVERED);
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

/* It follows the rounds of a series from one on; those of a pool and of recoveries in the order of their entries. */
struct track {
	enum round_kind kind;
	enum round_kind series;
	uint32_t number;
	uint32_t last;
	uint32_t before; /* cohorts of the series before this one */
};
struct follower {
	struct rounds *rounds;
	const struct record_decided *decided;
	slice claim;
	struct round_standing standings[ROUND_KINDS];
	size_t count;
	struct track tracks[3];
	struct buffer *shares; /* of the pools: struct round_share; or NULL */
};

/* Pools and recoveries together give nobody more than it has lost: so much of that the other ones gave. */
static int64_t given_by_others(const struct follower *this, enum round_kind kind)
{
	int64_t beyond = this->standings[ROUND_DEPOSIT].had - this->decided->approved;
	if (kind == ROUND_DEPOSIT)
		return this->standings[ROUND_UNCOVERED].had;
	return kind == ROUND_UNCOVERED && beyond > 0 ? beyond : 0;
}

/* Whoever stands above those who were lifted has no share. */
static void take_part(struct follower *this, const struct track *track, const struct record_round *round)
{
	struct round_standing *standing = &this->standings[track->kind];
	if (round_parts(round) == 0 || this->decided->entry <= round->without ||
		round_above(standing->level, standing->weights, round->highest_level, round->highest_weights))
		return;
	struct split_share share = {.weight = round_weight(this->decided, track->kind), .had = standing->had};
	if (share.weight == 0)
		return;
	standing->others = given_by_others(this, track->kind);
	share.room =
		round_room(track->kind, round->bounded != 0, share.weight, this->decided->approved, standing);
	bool tie = split_carry_at_cut(&round->split, &share) &&
		   slice_compare(this->claim, RECORD_TEXT(round->last_tie)) <= 0;
	int64_t part = split_carry_part(&round->split, &share, tie);
	standing->had += part;
	if (part > 0 && track->kind == ROUND_DEPOSIT && this->shares != NULL) {
		const struct round_share row = {track->series, track->number, {.had = part}};
		buffer_append(this->shares, &row, sizeof row);
	}
	standing->level = round->split.level;
	standing->weights = round->split.weights;
	standing->cohort = track->before + track->number;
}

/* When the next one was made; never where there is none. Whoever has all is lifted no further, but by interest. */
static enum recourse_error find_next(const struct follower *this, const struct track *track, uint64_t *entry)
{
	const struct round_standing *standing = &this->standings[track->kind];
	const struct record_round *round;
	*entry = UINT64_MAX;
	if (track->number > track->last ||
		(track->kind != ROUND_INTEREST && standing->level >= standing->weights))
		return RECOURSE_OK;
	TRY(round_at(this->rounds, track->series, track->number, &round));
	*entry = round->entry;
	return RECOURSE_OK;
}

static enum recourse_error follow_all(struct follower *this)
{
	for (;;) {
		struct track *next = NULL;
		const struct record_round *round;
		uint64_t first = UINT64_MAX;
		for (size_t index = 0; index < this->count; index++) {
			uint64_t entry;
			TRY(find_next(this, &this->tracks[index], &entry));
			next = entry < first ? &this->tracks[index] : next;
			first = entry < first ? entry : first;
		}
		if (next == NULL)
			return RECOURSE_OK;
		TRY(round_at(this->rounds, next->series, next->number, &round));
		take_part(this, next, round);
		next->number++;
	}
}

static enum recourse_error add_track(
	struct follower *this, enum round_kind kind, enum round_kind series, uint64_t done)
{
	const struct record_section *section = this->rounds->section;
	struct track *track = &this->tracks[this->count];
	*track = (struct track){.kind = kind,
		.series = series,
		.last = section->rounds[series],
		.before = series == ROUND_LIFT ? section->rounds[ROUND_DEPOSIT] : 0};
	if (track->last == 0)
		return RECOURSE_OK;
	TRY(first_round_for(this->rounds, series, this->decided->entry, &track->number));
	if (track->number <= done)
		track->number = (uint32_t)done + 1;
	this->count++;
	return RECOURSE_OK;
}

/* The one that covered it first, where that lifted no other. */
static enum recourse_error add_first(struct follower *this)
{
	const struct record_round *round;
	struct track *track = &this->tracks[this->count];
	size_t before = this->count;
	TRY(add_track(this, ROUND_DEPOSIT, ROUND_DEPOSIT, 0));
	if (this->count == before)
		return RECOURSE_OK;
	this->count = before;
	if (track->number > track->last)
		return RECOURSE_OK;
	TRY(round_at(this->rounds, ROUND_DEPOSIT, track->number, &round));
	track->last = track->number;
	this->count += round->after < this->decided->entry;
	return RECOURSE_OK;
}

/* Its ruling was changed: from there on. */
static void stand_changed(struct follower *this)
{
	const struct record_decided *decided = this->decided;
	int64_t weight = round_weight(decided, ROUND_UNCOVERED);
	this->standings[ROUND_DEPOSIT] = (struct round_standing){.had = decided->had,
		.level = decided->level,
		.weights = decided->weights,
		.cohort = ROUND_OWN_COHORT};
	if (decided->recovered > 0)
		this->standings[ROUND_UNCOVERED] = (struct round_standing){.had = decided->recovered,
			.level = weight > 0 ? decided->recovered : 1,
			.weights = weight > 0 ? weight : 1,
			.cohort = ROUND_OWN_COHORT};
}

static enum recourse_error follow(struct follower *this, enum round_kind kind)
{
	const struct record_decided *decided = this->decided;
	bool changed = decided->weights != 0;
	for (int index = 0; index < ROUND_KINDS; index++)
		this->standings[index] = (struct round_standing){.weights = 1};
	if (kind == ROUND_INTEREST) {
		TRY(add_track(this, kind, kind, 0));
		return follow_all(this);
	}
	if (changed)
		stand_changed(this);
	else
		TRY(add_first(this));
	TRY(add_track(this, ROUND_DEPOSIT, ROUND_LIFT, changed ? decided->lifts : 0));
	TRY(add_track(this, ROUND_UNCOVERED, ROUND_UNCOVERED, changed ? decided->recoveries : 0));
	return follow_all(this);
}

enum recourse_error round_follow(struct rounds *rounds, enum round_kind kind, slice claim,
	const struct record_decided *decided, struct round_standing *standing)
{
	struct follower this = {.rounds = rounds, .decided = decided, .claim = claim};
	TRY(follow(&this, kind));
	*standing = this.standings[kind];
	standing->others = given_by_others(&this, kind);
	return RECOURSE_OK;
}

/* Those up to the change were kept by it. */
static enum recourse_error read_kept(struct state_view *view, slice claim, struct buffer *shares)
{
	struct record_path prefix = record_path_of_text(RECORD_PART, claim);
	struct round_share share;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &share.part, sizeof share.part)) {
		share.series = (enum round_kind)walk.key.parts[1].number;
		share.number = (uint32_t)walk.key.parts[2].number;
		buffer_append(shares, &share, sizeof share);
	}
	return walk.error;
}

enum recourse_error round_shares(struct state_view *view, const struct record_section *section, slice claim,
	const struct record_decided *decided, struct buffer *shares)
{
	struct rounds rounds = {.view = view, .section = section};
	struct follower this = {.rounds = &rounds, .decided = decided, .claim = claim, .shares = shares};
	if (decided->weights != 0)
		TRY(read_kept(view, claim, shares));
	TRY(follow(&this, ROUND_DEPOSIT));
	return buffer_failed(shares) ? RECOURSE_MEMORY : RECOURSE_OK;
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

bool round_settled(const struct record_claim *claim)
{
	return claim->settled_advance > 0;
}
