/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/round.h"

static struct record_path round_path(
	const struct record_section *section, enum round_kind kind, uint32_t number)
{
	struct record_path path = record_path_of_shorts(RECORD_ROUND, section->incident, section->party);
	record_path_short(&path, (uint32_t)kind);
	record_path_short(&path, number);
	return path;
}

static int64_t weight_of(const struct record_decided *decided, enum round_kind kind)
{
	if (kind == ROUND_UNCOVERED)
		return decided->loss - decided->elsewhere - decided->approved;
	return kind == ROUND_INTEREST ? decided->loss : decided->weight;
}

/* The section's claims that were decided after that entry, in the order of their ids. */
static struct record_walk walk_decided(struct state_view *view, const struct record_section *section)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	return record_walk_over(view, &prefix);
}

static bool next_decided(struct record_walk *walk, uint64_t after, struct record_decided *decided)
{
	while (record_walk_next(walk, decided, sizeof *decided)) {
		if (decided->entry > after)
			return true;
	}
	return false;
}

enum recourse_error round_undistributed(
	struct state_view *view, const struct record_section *section, round_each *each, void *context)
{
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = walk_decided(view, section);
	while (next_decided(&walk, section->last_round_entry, &decided))
		TRY(each(context, weight_of(&decided, ROUND_DEPOSIT)));
	return walk.error;
}

int64_t round_promised(const struct record_policy *policy, const struct record_section *section)
{
	return policy->scheme == POLICY_DEPOSIT_ONLY
		       ? section->loss - section->elsewhere - section->shared_loss
		       : section->promised - section->pool_taken - section->advanced;
}

static enum recourse_error take_weights(struct state_view *view, const struct record_section *section,
	enum round_kind kind, uint64_t after, struct buffer *weights)
{
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = walk_decided(view, section);
	while (next_decided(&walk, after, &decided)) {
		int64_t weight = weight_of(&decided, kind);
		buffer_append(weights, &weight, sizeof weight);
	}
	return buffer_failed(weights) ? RECOURSE_MEMORY : walk.error;
}

/* The id of the covered claim with that index: the last one that a tie favours. */
static enum recourse_error find_last_tie(
	struct state_view *view, const struct record_section *section, struct record_round *round)
{
	struct record_decided decided;
	uint64_t index = 0;
	SCOPED(record_walk_end) struct record_walk walk = walk_decided(view, section);
	while (next_decided(&walk, round->after, &decided)) {
		if (index++ == round->split.last_tie) {
			record_text_set(round->last_tie, sizeof round->last_tie, walk.key.parts[2].text);
			return RECOURSE_OK;
		}
	}
	return walk.error == RECOURSE_OK ? RECOURSE_STORE_CORRUPT : walk.error;
}

enum recourse_error round_make(struct decision *decision, struct record_section *section,
	enum round_kind kind, int64_t amount, int64_t from_instruments, int64_t from_issuer,
	struct record_round *round)
{
	SCOPED(buffer_free) struct buffer weights = {0};
	SCOPED(buffer_free) struct buffer scratch = {0};
	*round = (struct record_round){
		.entry = decision->entry,
		.after = kind == ROUND_DEPOSIT ? section->last_round_entry : 0,
		.from_instruments = from_instruments,
		.from_issuer = from_issuer,
	};
	TRY(take_weights(decision->state, section, kind, round->after, &weights));
	round->claims = weights.size / sizeof(int64_t);
	if (round->claims == 0)
		return refuse(
			decision, RECOURSE_AMOUNT_RANGE, "incident", "claims decided and not yet shared out");
	void *room = buffer_reserve(&scratch, weights.size);
	if (room == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error =
		split_make(amount, (const void *)weights.data, round->claims, room, &round->split);
	if (error != RECOURSE_OK)
		return refuse(decision, error, "incident", "claims with something to share");
	if (round->split.ties > 0)
		TRY(find_last_tie(decision->state, section, round));
	struct record_path path = round_path(section, kind, ++section->rounds[kind]);
	return decision_put(decision, &path, round, sizeof *round);
}

static int64_t part_in_round(const struct record_round *round, slice claim_id, int64_t weight)
{
	slice last_tie = RECORD_TEXT(round->last_tie);
	bool tie = round->split.ties > 0 && split_remainder(&round->split, weight) == round->split.cut &&
		   slice_compare(claim_id, last_tie) <= 0;
	return split_part(&round->split, weight, tie);
}

enum recourse_error round_read(struct state_view *view, const struct record_section *section,
	enum round_kind kind, uint32_t number, struct record_round *round)
{
	struct record_path path = round_path(section, kind, number);
	return record_get_named(view, &path, round, sizeof *round);
}

/*
 * The first round after that entry; one beyond the last when there is none. Rounds stand in the order of their
 * entries, and a section may have thousands: claims that come in day by day are shared out day by day.
 */
static enum recourse_error first_round_after(struct state_view *view, const struct record_section *section,
	enum round_kind kind, uint64_t entry, uint32_t *number)
{
	uint32_t low = 1;
	uint32_t high = section->rounds[kind] + 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct record_round round;
		TRY(round_read(view, section, kind, middle, &round));
		if (round.entry > entry)
			high = middle;
		else
			low = middle + 1;
	}
	*number = low;
	return RECOURSE_OK;
}

enum recourse_error round_part(struct state_view *view, const struct record_section *section, slice claim,
	enum round_kind kind, int64_t *part, bool *covered)
{
	struct record_path path = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	uint32_t first;
	*part = 0;
	*covered = false;
	record_path_text(&path, claim);
	TRY(record_get_optional(view, &path, &decided, sizeof decided, NULL));
	if (decided.entry == 0)
		return RECOURSE_OK;
	TRY(first_round_after(view, section, kind, decided.entry, &first));
	/* the deposit is shared out once for a claim, in the first round that knows it */
	uint32_t last = kind == ROUND_DEPOSIT ? first : section->rounds[kind];
	for (uint32_t number = first; number <= last && number <= section->rounds[kind]; number++) {
		struct record_round round;
		TRY(round_read(view, section, kind, number, &round));
		*part += part_in_round(&round, claim, weight_of(&decided, kind));
		*covered = true;
	}
	return RECOURSE_OK;
}
