/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/round.h"

/*
 * What comes back of what deposits gave, and what appeals restore of it, by the round that took it: so that of each deduction
 * it is known what is left (rules/payout/README.md). A claim gives back first what it had last. Where a later rank took the
 * place of what its own rounds gave, it comes out of the section's earliest round that has something left.
 *
 *   SCOPED(given_back_free) struct given_back given = {.section = …};
 *   TRY(given_back_load(decision, claim, &given));          while its weight is as it was
 *   TRY(given_back_take(decision, &given, ROUND_OWN, steps, &restored));
 */
struct given_back {
	const struct record_section *section;
	struct buffer shares; /* struct round_share of the claim, less what was taken of them here */
	uint64_t since;       /* by taking back: the entry by which it had come */
};
enum recourse_error given_back_load(struct decision *decision, slice claim, struct given_back *given);
void given_back_free(struct given_back *given);

/* So much came back of what that deposit gave; `*restored` of it an appeal gave that one already. STORE_CORRUPT beyond all of it. */
enum recourse_error given_back_take(struct decision *decision, struct given_back *given, enum round_pool pool,
	int64_t steps, int64_t *restored);

/*
 * It did not, whose deduction was that party's: `*restored` of it an appeal had given. NOT_PERMITTED with field "entry" where
 * an appeal was decided since, which rests on it, and where less is there.
 */
enum recourse_error given_back_undo(struct decision *decision, struct given_back *given, enum round_pool pool,
	uint32_t party, int64_t steps, int64_t *restored);

/* The same of a claim's shares, before its ruling is changed: they are kept with it, less what it gives back. */
enum recourse_error given_back_keep(struct decision *decision, const struct record_section *section,
	slice claim, const struct record_decided *decided, int64_t steps);
enum recourse_error given_back_forget(struct decision *decision, slice claim);

/* ---- by the entry of the deduction, in a section whose claims had it ---- */

/* The round that it made there; zeroes: none. */
enum recourse_error given_back_round(struct state_view *view, const struct record_section *section,
	uint64_t entry, struct record_round *round);

/* So much of what that deposit gave by it, and did not come back, an appeal restored. */
enum recourse_error given_back_restore(struct decision *decision, const struct record_section *section,
	uint64_t entry, enum round_pool pool, int64_t steps);

/* So much of what the issuer's pool gave by that round its instruments paid. The section is the caller's. */
enum recourse_error given_back_secure(
	struct decision *decision, struct record_section *section, uint64_t entry, int64_t steps);

/*
 * So much of what the issuer's deposit gave, and no appeal restored, its own pool is in the place of now: out of the section's
 * earliest rounds; `later` of it, which appeals restored to its own pool, first out of those of claims that were ruled on behind the
 * entry `barred` (given_back_bar.h). Those of an entry are kept, and come back by it.
 */
enum recourse_error given_back_replace(struct decision *decision, const struct record_section *section,
	int64_t steps, uint64_t barred, int64_t later);
/*
 * In the place of so much of what the issuer's deposit gave those claims is what appeals restored, and others have it now: it stays
 * the section's, and is theirs no more.
 */
enum recourse_error given_back_pass_on(
	struct decision *decision, const struct record_section *section, uint64_t barred, int64_t steps);
enum recourse_error given_back_unreplace(
	struct decision *decision, const struct record_section *section, uint64_t entry);

/* ---- of a round: what that deposit gave by it; did not come back; and of that the funder bears ---- */

int64_t given_back_lodged(const struct record_round *round, enum round_pool pool);
int64_t given_back_left(const struct record_round *round, enum round_pool pool);
int64_t given_back_borne(const struct record_round *round, enum round_pool pool);

/* What those have of the issuer's deposit that came in with it, and no appeal restored. */
int64_t given_back_lent_first(const struct record_round *round);
