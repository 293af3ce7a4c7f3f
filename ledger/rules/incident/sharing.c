/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/sharing.h"

#include "books/record_hearing.h"
#include "rules/incident/weight.h"

#include <assert.h>
#include <stdlib.h>

void sharing_free(struct sharing *sharing)
{
	round_cache_free(&sharing->rounds);
	sharers_free(&sharing->sharers);
	buffer_free(&sharing->cohorts);
}

/* ---- who has a share ---- */

static struct record_walk walk_weights(struct decision *decision, const struct sharing *sharing)
{
	struct record_path prefix =
		record_path_of_shorts(RECORD_DECIDED, sharing->section->incident, sharing->section->party);
	return record_walk_over(decision->state, &prefix);
}

static int64_t reserve_of(
	const struct decision *decision, const struct sharing *sharing, const struct record_decided *decided)
{
	return sharing->policy == NULL ? 0 : weight_reserved(decided, decision->time);
}

static enum recourse_error add_decided(
	struct sharing *sharing, slice claim, const struct record_decided *decided)
{
	struct round_standing standing;
	TRY(round_follow(&sharing->rounds, sharing->kind, claim, decided, &standing));
	struct sharer sharer = {
		.weight = round_weight(decided, sharing->kind),
		.had = standing.had,
		.others = standing.others,
		.promised = decided->approved,
		.ruled = decided->entry,
		.cohort = standing.cohort == ROUND_OWN_COHORT ? 0 : standing.cohort,
		.own = standing.cohort == ROUND_OWN_COHORT,
		.level = standing.level,
		.weights = standing.weights,
		.kind = decided->entry <= sharing->section->last_round_entry ? SHARER_COVERED : SHARER_NEW,
	};
	sharers_add(&sharing->sharers, &sharer);
	TRY(amount_add_steps(sharing->had, sharer.had, &sharing->had));
	return amount_add_steps(sharing->weights, sharer.weight, &sharing->weights);
}

static enum recourse_error add_reserve(
	struct sharing *sharing, const struct record_decided *decided, int64_t reserve)
{
	struct sharer sharer = {.weight = reserve, .kind = SHARER_RESERVED};
	TRY(terms_promise(sharing->policy, reserve, &sharer.promised));
	sharing->reserved += reserve;
	sharing->beyond += weight_beyond(decided, reserve);
	sharers_add(&sharing->sharers, &sharer);
	return RECOURSE_OK;
}

static enum recourse_error load_all(struct decision *decision, struct sharing *sharing)
{
	struct record_decided decided;
	TRY(round_cache(&sharing->rounds, sharing->kind));
	SCOPED(record_walk_end) struct record_walk walk = walk_weights(decision, sharing);
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		int64_t reserve = reserve_of(decision, sharing, &decided);
		if (decided.entry != 0)
			TRY(add_decided(sharing, walk.key.parts[2].text, &decided));
		if (reserve > 0)
			TRY(add_reserve(sharing, &decided, reserve));
	}
	return sharers_failed(&sharing->sharers) ? RECOURSE_MEMORY : walk.error;
}

enum recourse_error sharing_load(struct decision *decision, struct sharing *sharing)
{
	sharing->rounds.view = decision->state;
	sharing->rounds.section = sharing->section;
	enum recourse_error error = load_all(decision, sharing);
	return error == RECOURSE_OVERFLOW
		       ? refuse(decision, error, "incident", "the incident's losses within 64 bits")
		       : error;
}

/* ---- who is lifted, and how far ---- */

static bool is_barred(const struct sharing_how *how, const struct sharer *sharer)
{
	return sharer->kind == SHARER_COVERED && sharer->ruled <= how->barred;
}

static bool takes_part(const struct sharing_how *how, const struct sharer *sharer)
{
	return sharer->weight > 0 && (!how->decided_only || sharer->kind != SHARER_RESERVED) &&
	       (!how->new_only || sharer->kind != SHARER_COVERED) &&
	       (!how->without_barred || !is_barred(how, sharer)) &&
	       (!how->barred_only || is_barred(how, sharer));
}

static bool draws(const struct sharing_how *how, const struct sharer *sharer)
{
	return sharer->kind == SHARER_COVERED || (sharer->kind == SHARER_NEW && !how->covered_only);
}

static int64_t room_of(
	const struct sharing *sharing, const struct sharing_how *how, const struct sharer *sharer)
{
	const struct round_standing standing = {.had = sharer->had, .others = sharer->others};
	return takes_part(how, sharer)
		       ? round_room(sharing->kind, how->bounded, sharer->weight, sharer->promised, &standing)
		       : 0;
}

static int64_t room_within(const struct sharing *sharing, const struct sharing_how *how)
{
	amount_sum room = 0;
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (sharers_next(&reader, &sharer))
		room += room_of(sharing, how, &sharer);
	return room > INT64_MAX ? INT64_MAX : (int64_t)room;
}

int64_t sharing_room(const struct sharing *sharing)
{
	return room_within(sharing, &sharing->how);
}

/* It has all that it is promised at so much of its weight: a promise is whole steps, the part that it is of a loss is not. */
static int64_t all_promised(const struct sharer *sharer)
{
	return sharer->promised + (sharer->promised < sharer->weight);
}

/* Who is promised the least of its weight; of no weight where nobody is. */
static struct sharer least_promised(const struct sharing *sharing)
{
	struct sharer least = {.weight = 0};
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (sharers_next(&reader, &sharer)) {
		if (!takes_part(&sharing->how, &sharer) || !draws(&sharing->how, &sharer))
			continue;
		if (least.weight == 0 ||
			round_above(all_promised(&least), least.weight, all_promised(&sharer), sharer.weight))
			least = sharer;
	}
	return least;
}

int64_t sharing_even_room(const struct sharing *sharing)
{
	const struct sharer least = least_promised(sharing);
	amount_sum room = 0;
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (least.weight > 0 && sharers_next(&reader, &sharer)) {
		if (!takes_part(&sharing->how, &sharer))
			continue;
		amount_sum most = (amount_sum)sharer.weight * all_promised(&least) / least.weight;
		most = most < sharer.promised ? most : sharer.promised;
		room += most > sharer.had ? most - sharer.had : 0;
	}
	return amount_within(room);
}

/* Those whom the same round lifted last have come to the same part of their weight, whatever steps each got. */
struct cohort {
	int64_t level;
	int64_t weights;
	uint32_t number;
	uint32_t place; /* by what they have come to, of the cohort with this number */
};

static struct cohort *cohort_at(const struct sharing *sharing, size_t index)
{
	return (struct cohort *)(void *)sharing->cohorts.data + index;
}

static size_t cohort_count(const struct sharing *sharing)
{
	return sharing->cohorts.size / sizeof(struct cohort);
}

static int compare_cohorts(const void *left, const void *right)
{
	const struct cohort *one = left;
	const struct cohort *other = right;
	if (round_above(one->level, one->weights, other->level, other->weights))
		return 1;
	if (round_above(other->level, other->weights, one->level, one->weights))
		return -1;
	return one->number < other->number ? -1 : 1;
}

/* One of its own for each whose ruling was changed. */
static void add_own_cohorts(struct sharing *sharing)
{
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	sharing->own_cohorts = (uint32_t)cohort_count(sharing);
	while (sharers_next(&reader, &sharer)) {
		if (!sharer.own || sharer.weight == 0)
			continue;
		struct cohort cohort = {.level = sharer.level,
			.weights = sharer.weights,
			.number = (uint32_t)cohort_count(sharing)};
		buffer_append(&sharing->cohorts, &cohort, sizeof cohort);
	}
}

static void add_cohorts(struct sharing *sharing, enum round_kind series)
{
	const struct record_round *rounds = (const void *)sharing->rounds.cached[series].data;
	for (uint32_t number = 0; number < sharing->section->rounds[series]; number++) {
		struct cohort cohort = {.level = rounds[number].split.level,
			.weights = rounds[number].split.weights,
			.number = (uint32_t)cohort_count(sharing)};
		buffer_append(&sharing->cohorts, &cohort, sizeof cohort);
	}
}

/* The cohorts from the lowest on, and the place of each. */
static enum recourse_error order_cohorts(struct sharing *sharing)
{
	struct cohort none = {.level = 0, .weights = 1};
	buffer_clear(&sharing->cohorts);
	buffer_append(&sharing->cohorts, &none, sizeof none);
	add_cohorts(sharing, sharing->kind);
	if (sharing->kind == ROUND_DEPOSIT)
		add_cohorts(sharing, ROUND_LIFT);
	add_own_cohorts(sharing);
	if (buffer_failed(&sharing->cohorts))
		return RECOURSE_MEMORY;
	qsort(sharing->cohorts.data, cohort_count(sharing), sizeof none, compare_cohorts);
	for (uint32_t place = 0; place < cohort_count(sharing); place++)
		cohort_at(sharing, cohort_at(sharing, place)->number)->place = place;
	return RECOURSE_OK;
}

static bool within(const struct sharing *sharing, const struct sharer *sharer, size_t places)
{
	uint32_t number = sharer->cohort + (sharer->own ? sharing->own_cohorts : 0);
	return takes_part(&sharing->filled, sharer) && cohort_at(sharing, number)->place < places;
}

/* What so many of the cohorts take until they have come to what the next one has. */
static amount_sum taken_below(const struct sharing *sharing, size_t places)
{
	const struct cohort *next = cohort_at(sharing, places);
	amount_sum sum = 0;
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (sharers_next(&reader, &sharer)) {
		if (!within(sharing, &sharer, places))
			continue;
		amount_sum due = (amount_sum)sharer.weight * next->level / next->weights - sharer.had;
		int64_t room = room_of(sharing, &sharing->filled, &sharer);
		if (due > 0)
			sum += due < room ? due : room;
	}
	return sum;
}

/* How many of the cohorts have a share in the amount: it lifts all but the last of them to the next. */
static uint32_t lifted_cohorts(const struct sharing *sharing, int64_t amount)
{
	uint32_t low = 1;
	uint32_t high = (uint32_t)cohort_count(sharing);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (taken_below(sharing, middle) >= amount)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* ---- the round ---- */

static struct split_share share_of(const struct sharing *sharing, const struct sharer *sharer)
{
	if (!within(sharing, sharer, sharing->places))
		return (struct split_share){0, 0, 0};
	return (struct split_share){sharer->weight, sharer->had, room_of(sharing, &sharing->filled, sharer)};
}

struct shares {
	const struct sharing *sharing;
	struct sharers_reader reader;
};

static void begin_shares(void *context)
{
	struct shares *shares = context;
	shares->reader = sharers_read(&shares->sharing->sharers);
}

static bool next_share(void *context, struct split_share *share)
{
	struct shares *shares = context;
	struct sharer sharer;
	if (!sharers_next(&shares->reader, &sharer))
		return false;
	*share = share_of(shares->sharing, &sharer);
	return true;
}

static enum recourse_error split(struct sharing *sharing, int64_t amount)
{
	struct shares shares = {.sharing = sharing};
	const struct split_source source = {&shares, begin_shares, next_share};
	return split_carry_make(amount, &source, &sharing->round.split);
}

/* What it has by the round. */
static int64_t part_of(const struct sharing *sharing, const struct sharer *sharer)
{
	const struct split_carry *carry = &sharing->round.split;
	const struct split_share share = share_of(sharing, sharer);
	bool tie = sharer->index <= carry->last_tie && split_carry_at_cut(carry, &share);
	return draws(&sharing->filled, sharer) ? split_carry_part(carry, &share, tie) : 0;
}

/* What a part changes: what the pool gives takes the place of what is advanced, and then goes beyond what is promised. */
static void count_part(struct sharing *sharing, const struct sharer *sharer, int64_t part)
{
	int64_t then = sharer->had + part;
	sharing->round.amount += part;
	sharing->more += amount_beyond(then, sharer->promised) - amount_beyond(sharer->had, sharer->promised);
	if (sharer->kind == SHARER_NEW) {
		sharing->advance += amount_beyond(sharer->promised, then);
		sharing->round.claims++;
		return;
	}
	sharing->round.claims += part > 0;
	sharing->lifted += part;
	sharing->due += amount_beyond(sharer->promised, sharer->had);
	sharing->repaid +=
		amount_beyond(sharer->promised, sharer->had) - amount_beyond(sharer->promised, then);
}

static void count_parts(struct sharing *sharing)
{
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (sharers_next(&reader, &sharer)) {
		sharing->lifts |= sharer.kind == SHARER_COVERED && within(sharing, &sharer, sharing->places);
		if (draws(&sharing->filled, &sharer))
			count_part(sharing, &sharer, part_of(sharing, &sharer));
	}
}

static enum recourse_error fill(struct sharing *sharing, const struct sharing_how *how, int64_t amount)
{
	int64_t room = room_within(sharing, how);
	sharing->filled = *how;
	amount = amount < room ? amount : room;
	sharing->places = lifted_cohorts(sharing, amount);
	const struct cohort *highest = cohort_at(sharing, sharing->places - 1);
	sharing->round = (struct record_round){
		.after = sharing->section->last_round_entry,
		.highest_level = highest->level,
		.highest_weights = highest->weights,
		.bounded = how->bounded,
		.without = how->without_barred ? how->barred : 0,
	};
	sharing->lifts = false;
	sharing->lifted = sharing->advance = sharing->repaid = sharing->more = sharing->due = 0;
	TRY(split(sharing, amount));
	count_parts(sharing);
	return RECOURSE_OK;
}

/* A round that gives nothing to those that were covered is none of theirs: nobody has to read it for them. */
enum recourse_error sharing_fill(struct sharing *sharing, int64_t amount)
{
	struct sharing_how how = sharing->how;
	if (sharing->sharers.count == 0)
		return RECOURSE_OK;
	TRY(order_cohorts(sharing));
	TRY(fill(sharing, &how, amount));
	if (sharing->kind != ROUND_DEPOSIT || !sharing->lifts || sharing->lifted > 0)
		return RECOURSE_OK;
	how.new_only = true;
	return fill(sharing, &how, amount);
}

int64_t sharing_lifted_barred(const struct sharing *sharing)
{
	int64_t sum = 0;
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (sharers_next(&reader, &sharer))
		sum += is_barred(&sharing->how, &sharer) ? part_of(sharing, &sharer) : 0;
	return sum;
}

/* What all take until they have come to that part of their weight, each rounded up. */
static amount_sum taken_to(const struct sharing *sharing, const struct split_carry *carry)
{
	amount_sum sum = 0;
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	while (sharers_next(&reader, &sharer)) {
		amount_sum due = (amount_sum)sharer.weight * carry->level / carry->weights - sharer.had;
		int64_t room = room_of(sharing, &sharing->how, &sharer);
		if (due >= 0)
			sum += due < room ? due + 1 : room;
	}
	return sum;
}

enum recourse_error sharing_fill_barred(struct sharing *sharing, int64_t most)
{
	amount_sum amount;
	sharing->how.barred_only = true;
	enum recourse_error error = sharing_fill(sharing, most);
	sharing->how.barred_only = false;
	TRY(error);
	amount = sharing->round.split.weights > 0 ? taken_to(sharing, &sharing->round.split) : most;
	for (int again = 0; again < 5; again++) {
		TRY(sharing_fill(sharing, amount > INT64_MAX ? INT64_MAX : (int64_t)amount));
		int64_t beyond = sharing_lifted_barred(sharing) - most;
		if (beyond <= 0)
			return RECOURSE_OK;
		amount -= beyond;
	}
	return RECOURSE_OK;
}

/* ---- keeping it ---- */

/* What an appeal gave a claim that was paid, and is not ordered out yet: how much of it the pool has given by now. */
struct topped_up {
	struct record_path path;
	struct record_hearing hearing;
};

static enum recourse_error lower_top_up(struct decision *decision, slice id, const struct record_claim *claim,
	struct buffer *lowered, int64_t *steps)
{
	struct topped_up row = {.path = record_path_of_text(RECORD_HEARING, id)};
	int64_t most = *steps;
	*steps = 0;
	if (claim->hearing != HEARING_TOP_UP || most == 0)
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &row.path, &row.hearing, sizeof row.hearing));
	*steps = amount_least(most, row.hearing.top_up_advance);
	row.hearing.top_up_advance -= *steps;
	buffer_append(lowered, &row, sizeof row);
	return buffer_failed(lowered) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error keep_lowered(struct decision *decision, const struct buffer *lowered)
{
	const struct topped_up *rows = (const void *)lowered->data;
	for (size_t index = 0; index < lowered->size / sizeof *rows; index++)
		TRY(decision_put(
			decision, &rows[index].path, &rows[index].hearing, sizeof rows[index].hearing));
	return RECOURSE_OK;
}

/* What is advanced for it no more. */
static int64_t lowered_by(const struct sharing *sharing, const struct sharer *sharer)
{
	if (sharer->kind != SHARER_COVERED)
		return 0;
	return amount_beyond(sharer->promised, sharer->had) -
	       amount_beyond(sharer->promised, sharer->had + part_of(sharing, sharer));
}

static enum recourse_error add_unordered(struct decision *decision, struct sharing *sharing,
	struct buffer *lowered, struct sharing_repaid *repaid)
{
	struct record_decided decided;
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	*repaid = (struct sharing_repaid){.unordered = 0};
	SCOPED(record_walk_end) struct record_walk walk = walk_weights(decision, sharing);
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		if (decided.entry != 0) {
			struct record_path path = record_path_of_text(RECORD_CLAIM, walk.key.parts[2].text);
			struct record_claim claim = {.payout = 0};
			int64_t less = sharers_next(&reader, &sharer) ? lowered_by(sharing, &sharer) : 0;
			if (less > 0)
				TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
			int64_t all = less;
			if (round_ordered(&claim))
				TRY(lower_top_up(decision, walk.key.parts[2].text, &claim, lowered, &less));
			repaid->unordered += less;
			repaid->unsettled += round_settled(&claim) ? less : all;
		}
		if (reserve_of(decision, sharing, &decided) > 0)
			(void)sharers_next(&reader, &sharer);
	}
	return walk.error;
}

enum recourse_error sharing_unordered(
	struct decision *decision, struct sharing *sharing, struct sharing_repaid *repaid)
{
	SCOPED(buffer_free) struct buffer lowered = {.size = 0};
	TRY(add_unordered(decision, sharing, &lowered, repaid));
	return keep_lowered(decision, &lowered);
}

enum recourse_error sharing_each_lifted(
	struct decision *decision, const struct sharing *sharing, sharing_each *each, void *context)
{
	struct record_decided decided;
	struct sharer sharer;
	struct sharers_reader reader = sharers_read(&sharing->sharers);
	SCOPED(record_walk_end) struct record_walk walk = walk_weights(decision, sharing);
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		if (decided.entry != 0 && sharers_next(&reader, &sharer) && sharer.kind == SHARER_COVERED) {
			int64_t part = part_of(sharing, &sharer);
			const struct sharing_lifted lifted = {
				walk.key.parts[2].text, &decided, sharer.had, part};
			if (part > 0)
				TRY(each(context, &lifted));
		}
		if (reserve_of(decision, sharing, &decided) > 0)
			(void)sharers_next(&reader, &sharer);
	}
	return walk.error;
}

/* The id of the last one that a tie favours. */
static enum recourse_error find_last_tie(struct decision *decision, struct sharing *sharing)
{
	struct record_round *round = &sharing->round;
	struct record_decided decided;
	uint64_t index = 0;
	SCOPED(record_walk_end) struct record_walk walk = walk_weights(decision, sharing);
	while (record_walk_next(&walk, &decided, sizeof decided)) {
		index += (uint64_t)(decided.entry != 0) + (reserve_of(decision, sharing, &decided) > 0);
		if (index > round->split.last_tie) {
			record_text_set(round->last_tie, sizeof round->last_tie, walk.key.parts[2].text);
			return RECOURSE_OK;
		}
	}
	return walk.error == RECOURSE_OK ? RECOURSE_STORE_CORRUPT : walk.error;
}

/* It lifts nobody, and rests on all that are decided. */
static void keep_nobodys(const struct record_section *section, struct sharing *sharing)
{
	struct record_round *round = &sharing->round;
	round->split = (struct split_carry){.weights = 1};
	round->highest_level = 0;
	round->highest_weights = 1;
	round->claims = section->claims_decided;
	sharing->lifts = true;
}

enum recourse_error sharing_keep(
	struct decision *decision, struct record_section *section, struct sharing *sharing)
{
	struct record_round *round = &sharing->round;
	if (round->amount == 0)
		return RECOURSE_OK;
	if (round_parts(round) == 0)
		keep_nobodys(section, sharing);
	round->entry = decision->entry;
	round->up_to = sharing->how.covered_only ? section->last_round_entry : decision->entry;
	if (round->split.ties > 0)
		TRY(find_last_tie(decision, sharing));
	bool lifts = sharing->kind == ROUND_DEPOSIT && sharing->lifts;
	return round_put(decision, section, lifts ? ROUND_LIFT : sharing->kind, round);
}
