/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/given_back_bar.h"

#include "rules/incident/given_back.h"
#include "rules/incident/restored_used.h"
#include "rules/incident/section.h"

/* ---- since something was restored ---- */

/* The last round of which something of that deposit is restored. */
static enum recourse_error find_since(
	struct state_view *view, const struct record_section *section, bool issuers, uint64_t *since)
{
	struct record_path prefix = record_path_of_short(RECORD_ROUND, section->incident);
	struct record_round round;
	*since = 0;
	if (!issuers)
		record_path_short(&prefix, section->party);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &round, sizeof round)) {
		bool own = walk.key.parts[1].number == section->party;
		if (given_back_borne(&round, own ? ROUND_OWN : ROUND_ISSUERS) > 0 && round.entry > *since)
			*since = round.entry;
	}
	return walk.error;
}

/*
 * The last round of a section until then; and what of the issuer's pool claims have that came in with those since, of which no
 * appeal restored the rest.
 */
struct since {
	uint64_t entry;
	int64_t first;
	int64_t lent;
};

static enum recourse_error sum_since(
	struct state_view *view, const struct record_section *section, uint64_t until, struct since *since)
{
	struct record_path prefix = record_path_of_shorts(RECORD_ROUND, section->incident, section->party);
	struct record_round round;
	*since = (struct since){.entry = 0};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &round, sizeof round)) {
		enum round_kind series = (enum round_kind)walk.key.parts[2].number;
		if (series != ROUND_DEPOSIT && series != ROUND_LIFT)
			continue;
		if (round.entry > until) {
			since->first += amount_most(round.issuers_first, 0);
			since->lent += given_back_lent_first(&round);
		} else if (round.entry > since->entry) {
			since->entry = round.entry;
		}
	}
	return walk.error;
}

/* ---- what is there again, and for whom ---- */

enum recourse_error given_back_bar_until(
	struct state_view *view, const struct record_section *section, uint64_t entry, uint64_t *barred)
{
	struct since since;
	TRY(sum_since(view, section, entry, &since));
	*barred = since.entry;
	return RECOURSE_OK;
}

/* Of a section's claims: those that were ruled on since it had that round. */
struct later {
	uint64_t since;
	int64_t had;  /* what they have of all ranks; */
	int64_t room; /* what those lack that have had a round */
	amount_sum lost;
	amount_sum all; /* what all have lost that have had one */
};

static enum recourse_error add_later(struct state_view *view, const struct record_section *section,
	slice claim, const struct record_decided *decided, struct later *later)
{
	int64_t part;
	bool covered;
	int64_t lost = amount_beyond(round_weight(decided, ROUND_DEPOSIT), decided->recovered);
	if (decided->entry > section->last_round_entry)
		return RECOURSE_OK;
	later->all += lost;
	if (decided->entry <= later->since)
		return RECOURSE_OK;
	later->lost += lost;
	TRY(round_part(view, section, claim, ROUND_DEPOSIT, &part, &covered));
	TRY(amount_add_steps(later->had, part, &later->had));
	if (amount_add_steps(later->room, amount_beyond(lost, part), &later->room) != RECOURSE_OK)
		later->room = INT64_MAX; /* more than any pool has */
	return RECOURSE_OK;
}

static enum recourse_error find_later(
	struct state_view *view, const struct record_section *section, uint64_t since, struct later *later)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	*later = (struct later){.since = since};
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &decided, sizeof decided))
		TRY(add_later(view, section, walk.key.parts[2].text, &decided, later));
	return walk.error;
}

/* What of the issuer's pool they have of what was restored: at most what their own leaves open, the same part of all. */
static int64_t had_of_issuers(const struct record_section *section, const struct later *later)
{
	amount_sum open = later->all - (section->pool_taken - section->from_issuer);
	int64_t most = amount_least(later->had, section->from_issuer);
	open = open > 0 ? later->lost * open / later->all : 0;
	return open < most ? (int64_t)open : most;
}

/* Of the issuer's pool: what later claims of others' sections have and lack. */
static enum recourse_error add_others(
	struct state_view *view, const struct record_section *issuers, struct given_back_bar *bar)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, issuers->incident);
	struct record_section section;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct later later;
		uint64_t barred;
		if (section.party == issuers->party)
			continue;
		TRY(given_back_bar_until(view, &section, bar->since, &barred));
		TRY(find_later(view, &section, barred, &later));
		TRY(amount_add_steps(bar->others, had_of_issuers(&section, &later), &bar->others));
		if (amount_add_steps(bar->room, later.room, &bar->room) != RECOURSE_OK)
			bar->room = INT64_MAX;
	}
	return walk.error;
}

enum recourse_error given_back_bar_find(struct state_view *view, const struct record_section *section,
	bool issuers, struct given_back_bar *bar)
{
	struct since since;
	struct later later;
	*bar = (struct given_back_bar){.restored = section_restored_there(section)};
	if (bar->restored == 0)
		return RECOURSE_OK;
	TRY(find_since(view, section, issuers, &bar->since));
	TRY(sum_since(view, section, bar->since, &since));
	TRY(find_later(view, section, since.entry, &later));
	bar->barred = since.entry;
	bar->beyond = later.had - bar->restored;
	TRY(restored_used_before(view, section, issuers ? 0 : since.entry, &bar->restored));
	bar->restored = amount_beyond(bar->restored, amount_beyond(later.had, since.first));
	bar->instead = issuers ? 0 : amount_least(bar->restored, since.lent);
	bar->room = later.room;
	return issuers ? add_others(view, section, bar) : RECOURSE_OK;
}
