/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/round.h"

#include "base/try.h"

#include <assert.h>
#include <stdlib.h>

static struct record_path round_path(uint32_t incident, enum round_kind kind, uint32_t number)
{
	struct record_path path = record_path_of_short(RECORD_ROUND, incident);
	record_path_short(&path, (uint32_t)kind);
	record_path_short(&path, number);
	return path;
}

static bool deposit_only(const struct record_decided *decided)
{
	return decided->approved == 0;
}

static int64_t weight_of(const struct record_decided *decided, enum round_kind kind)
{
	switch (kind) {
	case ROUND_DEPOSIT:
		return deposit_only(decided) ? decided->loss : decided->approved;
	case ROUND_UNCOVERED:
		return decided->loss - decided->approved;
	case ROUND_INTEREST:
		return decided->loss;
	case ROUND_KINDS:
		break;
	}
	return 0;
}

/* The weights of a round's claims, in the order of the claims' ids. */
struct weights {
	int64_t *values;
	size_t count;
	size_t capacity;
};

static enum recourse_error add_weight(struct weights *weights, int64_t weight)
{
	if (weights->count == weights->capacity) {
		size_t capacity = weights->capacity == 0 ? 1024 : 2 * weights->capacity;
		int64_t *values = realloc(weights->values, capacity * sizeof *values);
		if (values == NULL)
			return RECOURSE_MEMORY;
		weights->values = values;
		weights->capacity = capacity;
	}
	weights->values[weights->count++] = weight;
	return RECOURSE_OK;
}

/* Whom a walk looks at: the incident's claims that were decided after that entry, and what weighs. */
struct visit {
	struct state_view *view;
	uint32_t incident;
	uint64_t after;
	enum round_kind kind;
};

/* Each covered claim, in the order of the ids. A function that answers QUERY_NOT_FOUND has seen enough. */
static enum recourse_error walk_decided(const struct visit *visit, round_each *each, void *context)
{
	struct record_path prefix = record_path_of_short(RECORD_DECIDED, visit->incident);
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(visit->view, &prefix);
	enum recourse_error error = RECOURSE_OK;
	while (error == RECOURSE_OK && record_walk_next(&walk, &decided, sizeof decided)) {
		if (decided.entry > visit->after)
			error = each(context, walk.key.parts[1].text, weight_of(&decided, visit->kind));
	}
	return error == RECOURSE_OK || error == RECOURSE_QUERY_NOT_FOUND ? walk.error : error;
}

static enum recourse_error add_weight_of(void *context, slice claim, int64_t weight)
{
	(void)claim;
	return add_weight(context, weight);
}

/* The id of the covered claim with that index: the last one that a tie favours. */
struct search {
	uint64_t index;
	uint64_t seen;
	char *id;
};

static enum recourse_error look_at(void *context, slice claim, int64_t weight)
{
	struct search *search = context;
	(void)weight;
	if (search->seen++ != search->index)
		return RECOURSE_OK;
	record_text_set(search->id, TEXT_ID_SIZE, claim);
	return RECOURSE_QUERY_NOT_FOUND;
}

static enum recourse_error find_claim(const struct visit *visit, uint64_t index, char id[static TEXT_ID_SIZE])
{
	struct search search = {.index = index, .id = id};
	enum recourse_error error = walk_decided(visit, look_at, &search);
	return error == RECOURSE_OK && search.seen <= index ? RECOURSE_STORE_CORRUPT : error;
}

enum recourse_error round_undistributed(
	struct state_view *view, const struct record_incident *incident, round_each *each, void *context)
{
	const struct visit visit = {
		.view = view,
		.incident = incident->number,
		.after = incident->last_round_entry,
		.kind = ROUND_DEPOSIT,
	};
	return walk_decided(&visit, each, context);
}

int64_t round_promised(const struct record_policy *policy, const struct record_incident *incident)
{
	return policy->scheme == POLICY_DEPOSIT_ONLY
		       ? incident->loss - incident->shared_loss
		       : incident->approved - incident->pooled - incident->advanced;
}

static enum recourse_error make_split(struct decision *decision, const struct visit *visit,
	const struct weights *weights, int64_t amount, struct record_round *round)
{
	int64_t *scratch = malloc((weights->count + 1) * sizeof *scratch);
	if (scratch == NULL)
		return RECOURSE_MEMORY;
	enum recourse_error error =
		split_make(amount, weights->values, weights->count, scratch, &round->split);
	free(scratch);
	if (error != RECOURSE_OK && error != RECOURSE_MEMORY)
		return refusal_field(decision->refusal, error, "incident", "claims with something to share");
	if (error == RECOURSE_OK && round->split.ties > 0)
		error = find_claim(visit, round->split.last_tie, round->last_tie);
	return error;
}

enum recourse_error round_make(struct decision *decision, struct record_incident *incident,
	enum round_kind kind, int64_t amount, int64_t secured, struct record_round *round)
{
	struct visit visit = {
		.view = decision->state,
		.incident = incident->number,
		.after = kind == ROUND_DEPOSIT ? incident->last_round_entry : 0,
		.kind = kind,
	};
	struct weights weights = {0};
	*round = (struct record_round){.entry = decision->entry, .after = visit.after, .secured = secured};
	enum recourse_error error = walk_decided(&visit, add_weight_of, &weights);
	round->claims = weights.count;
	if (error == RECOURSE_OK && weights.count == 0)
		error = refusal_field(decision->refusal, RECOURSE_AMOUNT_RANGE, "incident",
			"claims decided and not yet shared out");
	if (error == RECOURSE_OK)
		error = make_split(decision, &visit, &weights, amount, round);
	free(weights.values);
	if (error != RECOURSE_OK)
		return error;
	struct record_path path = round_path(incident->number, kind, ++incident->rounds[kind]);
	return decision_put(decision, &path, round, sizeof *round);
}

static int64_t part_in_round(const struct record_round *round, slice claim_id, int64_t weight)
{
	slice last_tie = RECORD_TEXT(round->last_tie);
	bool tie = round->split.ties > 0 && split_remainder(&round->split, weight) == round->split.cut &&
		   slice_compare(claim_id, last_tie) <= 0;
	return split_part(&round->split, weight, tie);
}

enum recourse_error round_read(struct state_view *view, const struct record_incident *incident,
	enum round_kind kind, uint32_t number, struct record_round *round)
{
	struct record_path path = round_path(incident->number, kind, number);
	enum recourse_error error = record_get(view, &path, round, sizeof *round);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
}

/*
 * The first round after that entry; one beyond the last when there is none. Rounds stand in the order of their
 * entries, and an incident may have thousands: claims that come in day by day are shared out day by day.
 */
static enum recourse_error first_round_after(struct state_view *view, const struct record_incident *incident,
	enum round_kind kind, uint64_t entry, uint32_t *number)
{
	uint32_t low = 1;
	uint32_t high = incident->rounds[kind] + 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct record_round round;
		TRY(round_read(view, incident, kind, middle, &round));
		if (round.entry > entry)
			high = middle;
		else
			low = middle + 1;
	}
	*number = low;
	return RECOURSE_OK;
}

enum recourse_error round_part(struct state_view *view, const struct record_incident *incident,
	slice claim_id, const struct record_claim *claim, enum round_kind kind, int64_t *part, bool *covered)
{
	struct record_path path = record_path_of_short(RECORD_DECIDED, incident->number);
	struct record_decided decided;
	uint32_t first;
	*part = 0;
	*covered = false;
	record_path_text(&path, claim_id);
	enum recourse_error error = record_get(view, &path, &decided, sizeof decided);
	if (error == RECOURSE_QUERY_NOT_FOUND || claim->decided_entry == 0)
		return RECOURSE_OK;
	if (error == RECOURSE_OK)
		error = first_round_after(view, incident, kind, decided.entry, &first);
	if (error != RECOURSE_OK)
		return error;
	/* the deposit is shared out once for a claim, in the first round that knows it */
	uint32_t last = kind == ROUND_DEPOSIT ? first : incident->rounds[kind];
	for (uint32_t number = first; number <= last && number <= incident->rounds[kind]; number++) {
		struct record_round round;
		error = round_read(view, incident, kind, number, &round);
		if (error != RECOURSE_OK)
			return error;
		*part += part_in_round(&round, claim_id, weight_of(&decided, kind));
		*covered = true;
	}
	return RECOURSE_OK;
}

enum recourse_error round_total(
	struct state_view *view, const struct record_incident *incident, enum round_kind kind, int64_t *total)
{
	*total = 0;
	for (uint32_t number = 1; number <= incident->rounds[kind]; number++) {
		struct record_round round;
		TRY(round_read(view, incident, kind, number, &round));
		*total += round.split.amount;
	}
	return RECOURSE_OK;
}
