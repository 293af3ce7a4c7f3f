/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/given_back.h"

/* ---- of a round ---- */

int64_t given_back_lodged(const struct record_round *round, enum round_pool pool)
{
	return pool == ROUND_OWN ? round->amount - round->from_instruments - round->from_issuer
				 : round->from_issuer - round->issuer_secured;
}

int64_t given_back_left(const struct record_round *round, enum round_pool pool)
{
	return given_back_lodged(round, pool) - round->back[pool];
}

int64_t given_back_borne(const struct record_round *round, enum round_pool pool)
{
	return amount_least(round->restored[pool], given_back_left(round, pool));
}

int64_t given_back_lent_first(const struct record_round *round)
{
	int64_t lent = given_back_left(round, ROUND_ISSUERS) - given_back_borne(round, ROUND_ISSUERS);
	return amount_least(amount_most(round->issuers_first, 0), lent);
}

static enum recourse_error put(struct decision *decision, const struct record_section *section,
	const struct round_share *at, const struct record_round *round)
{
	struct record_path path = record_path_of_shorts(RECORD_ROUND, section->incident, section->party);
	record_path_short(&path, (uint32_t)at->series);
	record_path_short(&path, at->number);
	return decision_put(decision, &path, round, sizeof *round);
}

/* That of an entry, in a series: they stand in the order of their entries. */
static enum recourse_error find_in(struct state_view *view, const struct record_section *section,
	uint64_t entry, struct round_share *at, struct record_round *round)
{
	uint32_t low = 1;
	uint32_t high = section->rounds[at->series] + 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		TRY(round_read(view, section, at->series, middle, round));
		if (round->entry == entry) {
			at->number = middle;
			return RECOURSE_OK;
		}
		if (round->entry > entry)
			high = middle;
		else
			low = middle + 1;
	}
	return RECOURSE_OK;
}

/* An entry makes one round of a section at most; `at->number` is 0 where it made none there. */
static enum recourse_error find(struct state_view *view, const struct record_section *section, uint64_t entry,
	struct round_share *at, struct record_round *round)
{
	*at = (struct round_share){.series = ROUND_DEPOSIT};
	TRY(find_in(view, section, entry, at, round));
	if (at->number != 0)
		return RECOURSE_OK;
	at->series = ROUND_LIFT;
	return find_in(view, section, entry, at, round);
}

enum recourse_error given_back_round(struct state_view *view, const struct record_section *section,
	uint64_t entry, struct record_round *round)
{
	struct round_share at;
	TRY(find(view, section, entry, &at, round));
	if (at.number == 0)
		*round = (struct record_round){.entry = 0};
	return RECOURSE_OK;
}

/* A deduction says that there is one. */
static enum recourse_error find_named(struct state_view *view, const struct record_section *section,
	uint64_t entry, struct round_share *at, struct record_round *round)
{
	TRY(find(view, section, entry, at, round));
	return at->number == 0 ? RECOURSE_STORE_CORRUPT : RECOURSE_OK;
}

enum recourse_error given_back_restore(struct decision *decision, const struct record_section *section,
	uint64_t entry, enum round_pool pool, int64_t steps)
{
	struct round_share at;
	struct record_round round;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(find_named(decision->state, section, entry, &at, &round));
	round.restored[pool] += steps;
	return put(decision, section, &at, &round);
}

enum recourse_error given_back_secure(
	struct decision *decision, struct record_section *section, uint64_t entry, int64_t steps)
{
	struct round_share at;
	struct record_round round;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(find_named(decision->state, section, entry, &at, &round));
	section->issuer_secured += steps;
	round.issuer_secured += steps;
	round.issuers_first = amount_least(round.issuers_first, given_back_lodged(&round, ROUND_ISSUERS));
	return put(decision, section, &at, &round);
}

/* ---- of a claim ---- */

void given_back_free(struct given_back *given)
{
	buffer_free(&given->shares);
}

enum recourse_error given_back_load(struct decision *decision, slice claim, struct given_back *given)
{
	const struct record_section *section = given->section;
	struct record_path path = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	record_path_text(&path, claim);
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	return round_shares(decision->state, section, claim, &decided, &given->shares);
}

static size_t count_of(const struct buffer *shares)
{
	return shares->size / sizeof(struct round_share);
}

static struct round_share *share_at(const struct buffer *shares, size_t index)
{
	return (struct round_share *)(void *)shares->data + index;
}

/* What it had last goes back first. */
static void lessen(const struct buffer *shares, int64_t steps)
{
	for (size_t index = count_of(shares); index-- > 0;) {
		struct record_part *part = &share_at(shares, index)->part;
		int64_t less = amount_least(steps, part->had - part->back);
		part->back += less;
		steps -= less;
	}
}

/* What went back last is the first to be there again. */
static void restore(const struct buffer *shares, int64_t steps)
{
	for (size_t index = 0; index < count_of(shares); index++) {
		struct record_part *part = &share_at(shares, index)->part;
		int64_t more = amount_least(steps, part->back);
		part->back -= more;
		steps -= more;
	}
}

enum recourse_error given_back_keep(struct decision *decision, const struct record_section *section,
	slice claim, const struct record_decided *decided, int64_t steps)
{
	SCOPED(buffer_free) struct buffer shares = {0};
	TRY(round_shares(decision->state, section, claim, decided, &shares));
	if (steps < 0)
		restore(&shares, -steps);
	else
		lessen(&shares, steps);
	for (size_t index = 0; index < count_of(&shares); index++) {
		const struct round_share *share = share_at(&shares, index);
		struct record_path path = record_path_of_text(RECORD_PART, claim);
		record_path_short(&path, (uint32_t)share->series);
		record_path_short(&path, share->number);
		TRY(decision_put(decision, &path, &share->part, sizeof share->part));
	}
	return RECOURSE_OK;
}

enum recourse_error given_back_forget(struct decision *decision, slice claim)
{
	struct record_path prefix = record_path_of_text(RECORD_PART, claim);
	for (;;) {
		struct record_path path = prefix;
		bool there;
		{
			SCOPED(record_walk_end)
			struct record_walk walk = record_walk_over(decision->state, &prefix);
			there = record_walk_next(&walk, NULL, 0);
			TRY(walk.error);
			if (there)
				path = record_path_of_key(walk.bytes);
		}
		if (!there)
			return RECOURSE_OK;
		TRY(decision_remove(decision, &path));
	}
}

/* ---- what came back ---- */

/* Of one round at most so much; what is beyond what no appeal restored of it is that one's who bears it. */
struct taking {
	struct decision *decision;
	const struct given_back *given;
	enum round_pool pool;
	uint32_t party; /* by taking back: whose deduction */
	bool lifted;    /* what the claim had as an earlier one: by a round that it had not come in with */
	int64_t left;
	int64_t restored;
};

static enum recourse_error take(struct taking *taking, const struct round_share *at, int64_t *most)
{
	enum round_pool pool = taking->pool;
	struct record_round round;
	TRY(round_read(taking->decision->state, taking->given->section, at->series, at->number, &round));
	int64_t steps = amount_least(amount_least(taking->left, *most), given_back_left(&round, pool));
	int64_t borne = given_back_borne(&round, pool);
	if (steps <= 0)
		return RECOURSE_OK;
	round.back[pool] += steps;
	round.issuers_first -= pool == ROUND_OWN || taking->lifted ? 0 : steps;
	taking->left -= steps;
	taking->restored += borne - given_back_borne(&round, pool);
	*most -= steps;
	return put(taking->decision, taking->given->section, at, &round);
}

static enum recourse_error take_of_all(struct taking *taking, enum round_kind series)
{
	const struct record_section *section = taking->given->section;
	for (uint32_t number = 1; number <= section->rounds[series] && taking->left > 0; number++) {
		const struct round_share at = {.series = series, .number = number};
		int64_t most = taking->left;
		TRY(take(taking, &at, &most));
	}
	return RECOURSE_OK;
}

enum recourse_error given_back_take(struct decision *decision, struct given_back *given, enum round_pool pool,
	int64_t steps, int64_t *restored)
{
	struct taking taking = {.decision = decision, .given = given, .pool = pool, .left = steps};
	for (size_t index = count_of(&given->shares); index-- > 0 && taking.left > 0;) {
		struct round_share *share = share_at(&given->shares, index);
		int64_t most = share->part.had - share->part.back;
		taking.lifted = index > 0;
		TRY(take(&taking, share, &most));
		share->part.back = share->part.had - most;
	}
	taking.lifted = false;
	TRY(take_of_all(&taking, ROUND_LIFT));
	TRY(take_of_all(&taking, ROUND_DEPOSIT));
	*restored = taking.restored;
	return taking.left == 0 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

/* ---- its own pool is in the place of what the issuer's gave ---- */

static struct record_path replaced_path(uint64_t entry, const struct record_section *section)
{
	struct record_path path = record_path_of_number(RECORD_REPLACED, entry);
	record_path_short(&path, section->party);
	return path;
}

/* The issuer's pool has it again; or others do, to whom it is passed on. */
enum whose { REPLACED, PASSED_ON };

static enum recourse_error replace_of(struct decision *decision, const struct record_section *section,
	const struct round_share *at, struct record_round *round, enum whose whose, int64_t part)
{
	struct record_path path = replaced_path(decision->entry, section);
	struct record_replaced replaced = {.amount = 0};
	if (part <= 0)
		return RECOURSE_OK;
	round->back[ROUND_ISSUERS] += whose == REPLACED ? part : 0;
	round->issuers_first -= part;
	record_path_short(&path, (uint32_t)at->series);
	record_path_short(&path, at->number);
	TRY(put(decision, section, at, round));
	TRY(record_get_optional(decision->state, &path, &replaced, sizeof replaced, NULL));
	replaced.incident = section->incident;
	*(whose == REPLACED ? &replaced.amount : &replaced.passed_on) += part;
	return decision_put(decision, &path, &replaced, sizeof replaced);
}

static enum recourse_error replace_in(struct decision *decision, const struct record_section *section,
	enum round_kind series, int64_t *steps)
{
	for (uint32_t number = 1; number <= section->rounds[series] && *steps > 0; number++) {
		const struct round_share at = {.series = series, .number = number};
		struct record_round round;
		TRY(round_read(decision->state, section, series, number, &round));
		int64_t most =
			given_back_left(&round, ROUND_ISSUERS) - given_back_borne(&round, ROUND_ISSUERS);
		int64_t part = amount_least(most, *steps);
		TRY(replace_of(decision, section, &at, &round, REPLACED, part));
		*steps -= amount_most(part, 0);
	}
	return RECOURSE_OK;
}

/* Of those that claims came in with which were ruled on since something was restored to its own. */
static enum recourse_error replace_since(struct decision *decision, const struct record_section *section,
	enum round_kind series, uint64_t barred, enum whose whose, int64_t *later)
{
	for (uint32_t number = 1; number <= section->rounds[series] && *later > 0; number++) {
		const struct round_share at = {.series = series, .number = number};
		struct record_round round;
		TRY(round_read(decision->state, section, series, number, &round));
		int64_t part = round.entry > barred ? amount_least(given_back_lent_first(&round), *later) : 0;
		TRY(replace_of(decision, section, &at, &round, whose, part));
		*later -= part;
	}
	return RECOURSE_OK;
}

static enum recourse_error replace_later(struct decision *decision, const struct record_section *section,
	uint64_t barred, enum whose whose, int64_t later)
{
	TRY(replace_since(decision, section, ROUND_LIFT, barred, whose, &later));
	TRY(replace_since(decision, section, ROUND_DEPOSIT, barred, whose, &later));
	return later == 0 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error given_back_replace(struct decision *decision, const struct record_section *section,
	int64_t steps, uint64_t barred, int64_t later)
{
	TRY(replace_later(decision, section, barred, REPLACED, later));
	steps -= later;
	TRY(replace_in(decision, section, ROUND_LIFT, &steps));
	TRY(replace_in(decision, section, ROUND_DEPOSIT, &steps));
	return steps == 0 ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}

enum recourse_error given_back_pass_on(
	struct decision *decision, const struct record_section *section, uint64_t barred, int64_t steps)
{
	return replace_later(decision, section, barred, PASSED_ON, steps);
}

static enum recourse_error unreplace_in(struct decision *decision, const struct record_section *section,
	uint64_t entry, enum round_kind series)
{
	for (uint32_t number = 1; number <= section->rounds[series]; number++) {
		const struct round_share at = {.series = series, .number = number};
		struct record_path path = replaced_path(entry, section);
		struct record_round round;
		struct record_replaced replaced = {.amount = 0};
		record_path_short(&path, (uint32_t)series);
		record_path_short(&path, number);
		TRY(record_get_optional(decision->state, &path, &replaced, sizeof replaced, NULL));
		if (replaced.amount + replaced.passed_on == 0)
			continue;
		TRY(round_read(decision->state, section, series, number, &round));
		round.back[ROUND_ISSUERS] -= replaced.amount;
		round.issuers_first += replaced.amount + replaced.passed_on;
		TRY(put(decision, section, &at, &round));
		TRY(decision_remove(decision, &path));
	}
	return RECOURSE_OK;
}

enum recourse_error given_back_unreplace(
	struct decision *decision, const struct record_section *section, uint64_t entry)
{
	TRY(unreplace_in(decision, section, entry, ROUND_LIFT));
	return unreplace_in(decision, section, entry, ROUND_DEPOSIT);
}

/* ---- it did not ---- */

/* Who decided an appeal of the deduction since then reckoned with it. */
static enum recourse_error check_appeal(const struct taking *taking, const struct record_round *round)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, round->entry);
	struct record_deduction deduction;
	struct record_appeal appeal;
	record_path_short(&path, taking->party);
	TRY(record_get_named(taking->decision->state, &path, &deduction, sizeof deduction));
	path = record_path_of_number(RECORD_APPEAL, deduction.appeal);
	if (deduction.appeal == 0)
		return RECOURSE_OK;
	TRY(record_get_named(taking->decision->state, &path, &appeal, sizeof appeal));
	if (appeal.decided_entry <= taking->given->since)
		return RECOURSE_OK;
	return refuse_entry(taking->decision, RECOURSE_NOT_PERMITTED, "entry", appeal.decided_entry);
}

static enum recourse_error undo(struct taking *taking, const struct round_share *at)
{
	struct record_round round;
	TRY(round_read(taking->decision->state, taking->given->section, at->series, at->number, &round));
	int64_t steps = amount_least(taking->left, amount_least(at->part.back, round.back[taking->pool]));
	int64_t borne = given_back_borne(&round, taking->pool);
	if (steps <= 0)
		return RECOURSE_OK;
	TRY(check_appeal(taking, &round));
	round.back[taking->pool] -= steps;
	round.issuers_first += taking->pool == ROUND_OWN || taking->lifted ? 0 : steps;
	taking->left -= steps;
	taking->restored += given_back_borne(&round, taking->pool) - borne;
	return put(taking->decision, taking->given->section, at, &round);
}

static enum recourse_error undo_of_all(struct taking *taking, enum round_kind series)
{
	for (uint32_t number = taking->given->section->rounds[series]; number > 0 && taking->left > 0;
		number--) {
		const struct round_share at = {series, number, {.back = taking->left}};
		TRY(undo(taking, &at));
	}
	return RECOURSE_OK;
}

enum recourse_error given_back_undo(struct decision *decision, struct given_back *given, enum round_pool pool,
	uint32_t party, int64_t steps, int64_t *restored)
{
	struct taking taking = {
		.decision = decision, .given = given, .pool = pool, .party = party, .left = steps};
	for (size_t index = 0; index < count_of(&given->shares) && taking.left > 0; index++) {
		struct round_share *share = share_at(&given->shares, index);
		int64_t before = taking.left;
		taking.lifted = index > 0;
		TRY(undo(&taking, share));
		share->part.back -= before - taking.left;
	}
	taking.lifted = false;
	TRY(undo_of_all(&taking, ROUND_DEPOSIT));
	TRY(undo_of_all(&taking, ROUND_LIFT));
	*restored = taking.restored;
	return taking.left == 0 ? RECOURSE_OK
				: refuse(decision, RECOURSE_NOT_PERMITTED, "entry",
					  "what went back to a deposit still");
}
