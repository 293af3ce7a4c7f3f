/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/restored_used.h"

#include "rules/incident/given_back.h"

/* What appeals restored of rounds of one entry: the next ones after an entry, and how much. */
struct restored_round {
	uint64_t entry; /* 0: there is none */
	int64_t borne;
};

static enum recourse_error find_next(struct state_view *view, const struct record_section *section,
	enum round_kind series, uint64_t after, struct restored_round *next)
{
	for (uint32_t number = 1; number <= section->rounds[series]; number++) {
		struct record_round round;
		TRY(round_read(view, section, series, number, &round));
		int64_t borne = given_back_borne(&round, ROUND_OWN);
		if (round.entry <= after || borne <= 0 || (next->entry != 0 && round.entry > next->entry))
			continue;
		*next = (struct restored_round){
			round.entry, borne + (round.entry == next->entry ? next->borne : 0)};
	}
	return RECOURSE_OK;
}

/* Of the rounds until that entry, less what went back of it. */
static enum recourse_error add_had(struct state_view *view, const struct record_section *section, slice claim,
	const struct record_decided *decided, uint64_t until, int64_t *had)
{
	SCOPED(buffer_free) struct buffer shares = {.size = 0};
	TRY(round_shares(view, section, claim, decided, &shares));
	const struct round_share *rows = (const void *)shares.data;
	for (size_t index = 0; index < shares.size / sizeof *rows; index++) {
		struct record_round round;
		TRY(round_read(view, section, rows[index].series, rows[index].number, &round));
		if (round.entry <= until)
			TRY(amount_add_steps(*had, rows[index].part.had - rows[index].part.back, had));
	}
	return RECOURSE_OK;
}

/* What the pool had given claims that were ruled on behind that entry, by another one. */
static enum recourse_error sum_had(struct state_view *view, const struct record_section *section,
	uint64_t after, uint64_t until, int64_t *had)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	*had = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &decided, sizeof decided))
		if (decided.entry > after && decided.entry <= until)
			TRY(add_had(view, section, walk.key.parts[2].text, &decided, until, had));
	return walk.error;
}

enum recourse_error restored_used_before(
	struct state_view *view, const struct record_section *section, uint64_t last, int64_t *restored)
{
	int64_t there = 0;
	uint64_t before = 0;
	while (section->from_issuer == 0) {
		struct restored_round next = {.entry = 0};
		int64_t had = 0;
		TRY(find_next(view, section, ROUND_DEPOSIT, before, &next));
		TRY(find_next(view, section, ROUND_LIFT, before, &next));
		if (next.entry == 0 || next.entry > last)
			return RECOURSE_OK;
		if (there > 0)
			TRY(sum_had(view, section, before, next.entry, &had));
		had = amount_least(there, had);
		*restored = amount_beyond(*restored, had);
		there += next.borne - had;
		before = next.entry;
	}
	return RECOURSE_OK;
}
