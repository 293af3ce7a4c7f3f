/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/waterfall.h"

#include "base/try.h"

static const uint8_t common_claims[COMMONS] = {WATERFALL_ADVANCES, WATERFALL_UNCOVERED};
static const uint8_t own_claims[OWNS] = {WATERFALL_COSTS, WATERFALL_INTEREST};
enum { RANK_LAST = 2 * WATERFALL_RANKS };

enum recourse_error waterfall_fill(
	const struct waterfall *fall, int64_t total, const int64_t *base, const int64_t *most, int64_t *parts)
{
	int64_t shares[SPREAD_MAX];
	TRY(spread_fill(total, fall->in->count, base, fall->borne, most, shares));
	return spread_fill(total, fall->in->count, shares, fall->vouches, most, parts);
}

enum recourse_error waterfall_attribute(
	const struct waterfall *fall, int64_t amount, const int64_t *cash, int64_t *used)
{
	size_t count = fall->in->count;
	int64_t base[SPREAD_MAX];
	int64_t sum;
	for (size_t index = 0; index < count; index++)
		base[index] = amount_least(fall->parts[index], cash[index]);
	TRY(spread_sum(count, base, &sum));
	if (sum >= amount)
		return spread_split(amount, count, base, used);
	TRY(spread_fill(amount, count, base, fall->borne, cash, used));
	TRY(spread_sum(count, used, &sum));
	for (size_t index = 0; index < count; index++) {
		int64_t more = amount_least(amount - sum, cash[index] - used[index]);
		used[index] += more;
		sum += more;
	}
	return RECOURSE_OK;
}

static int64_t *own_served(struct reckon_party *party, int claim)
{
	return claim == COSTS ? &party->costs_served : &party->interest_served;
}

static int64_t own_claim(const struct waterfall *fall, size_t index, int claim, uint8_t rank)
{
	const struct reckon_party *party = &fall->in->parties[index];
	int64_t all = claim == COSTS ? party->costs : party->interest;
	return fall->in->rank[own_claims[claim]] == rank ? all : 0;
}

static void find_more(const struct reckon_party *party, const int64_t *parts, int64_t *more)
{
	const int64_t served[OWNS] = {[COSTS] = party->costs_served, [INTEREST] = party->interest_served};
	for (int claim = 0; claim < OWNS; claim++)
		more[claim] = amount_beyond(parts[claim], served[claim]);
}

/*
 * A party's own claims of a rank, beside its part of what all serve: by what each claim is, in total, so that what they
 * have had counts; out of so much of its money. Where less of that is free, since it was paid on, they share that the same way.
 */
static enum recourse_error serve_own(
	struct waterfall *fall, size_t index, uint8_t rank, int64_t common, int64_t money, int64_t *free)
{
	struct reckon_party *party = &fall->in->parties[index];
	int64_t weights[OWNS + 1] = {[OWNS] = common};
	int64_t parts[OWNS + 1];
	int64_t more[OWNS];
	int64_t had = 0;
	int64_t sum;
	for (int claim = 0; claim < OWNS; claim++) {
		weights[claim] = own_claim(fall, index, claim, rank);
		had += weights[claim] > 0 ? *own_served(party, claim) : 0;
	}
	TRY(spread_sum(OWNS + 1, weights, &sum));
	TRY(spread_split(amount_least(sum, money + had), OWNS + 1, weights, parts));
	find_more(party, parts, more);
	TRY(spread_sum(OWNS, more, &sum));
	if (sum > *free) {
		TRY(spread_split(*free + had, OWNS, weights, parts));
		find_more(party, parts, more);
	}
	for (int claim = 0; claim < OWNS; claim++) {
		int64_t part = amount_least(more[claim], *free);
		*own_served(party, claim) += part;
		*free -= part;
	}
	return RECOURSE_OK;
}

static bool ranks_own(const struct reckon *in, uint8_t rank)
{
	return in->rank[WATERFALL_COSTS] == rank || in->rank[WATERFALL_INTEREST] == rank;
}

static enum recourse_error serve_owns(struct waterfall *fall, uint8_t rank, int64_t common)
{
	size_t count = fall->in->count;
	int64_t parts[SPREAD_MAX];
	int64_t sum;
	TRY(spread_sum(count, fall->parts, &sum));
	TRY(spread_split(common, count, sum > 0 ? fall->parts : fall->left, parts));
	for (size_t index = 0; index < count; index++) {
		int64_t before =
			amount_beyond(fall->left[index], waterfall_add(fall->final[index], fall->had[index]));
		int64_t free = before;
		TRY(serve_own(fall, index, rank, parts[index], fall->left[index], &free));
		fall->left[index] -= before - free;
	}
	return RECOURSE_OK;
}

/* What is left of each one's money: of that which may serve either claim, which may serve the advances, and which may not. */
enum money { EITHERS, FUNDERS, OTHERS };

static enum recourse_error find_cash(
	const struct waterfall *fall, enum money money, int64_t *cash, int64_t *sum)
{
	size_t count = fall->in->count;
	for (size_t index = 0; index < count; index++) {
		int64_t all = amount_least(fall->left[index], fall->serves[index]);
		int64_t funds = amount_least(all, fall->funds[index]);
		cash[index] = money == EITHERS ? all : money == FUNDERS ? funds : all - funds;
	}
	return spread_sum(count, cash, sum);
}

static enum recourse_error take_cash(struct waterfall *fall, enum money money, bool advances, int64_t amount)
{
	int64_t cash[SPREAD_MAX];
	int64_t used[SPREAD_MAX];
	int64_t sum;
	TRY(find_cash(fall, money, cash, &sum));
	TRY(waterfall_attribute(fall, amount, cash, used));
	for (size_t index = 0; index < fall->in->count; index++) {
		fall->left[index] -= used[index];
		fall->serves[index] -= used[index];
		fall->funds[index] -= advances ? used[index] : 0;
		fall->final[index] = amount_beyond(fall->final[index], used[index]);
	}
	return RECOURSE_OK;
}

/* What may serve the uncovered loss alone comes first, so that what is left of the rest is there for the advances. */
static enum recourse_error take_for_uncovered(struct waterfall *fall, int64_t others, int64_t amount)
{
	int64_t first = amount_least(amount, others);
	TRY(take_cash(fall, OTHERS, false, first));
	return take_cash(fall, EITHERS, false, amount - first);
}

/* All money together serves what is not any one's: equal ranks by what each claim is. */
static enum recourse_error serve_commons(struct waterfall *fall, const int64_t *claims, int64_t common)
{
	int64_t cash[SPREAD_MAX];
	int64_t parts[COMMONS];
	int64_t sum;
	int64_t funds;
	TRY(find_cash(fall, FUNDERS, cash, &funds));
	TRY(find_cash(fall, EITHERS, cash, &sum));
	int64_t amount = amount_least(common, sum);
	TRY(spread_split(amount, COMMONS, claims, parts));
	parts[ADVANCES] = amount_least(parts[ADVANCES], funds);
	parts[UNCOVERED] = amount_least(amount - parts[ADVANCES], claims[UNCOVERED]);
	for (int claim = 0; claim < COMMONS; claim++)
		fall->served[claim] += parts[claim];
	/* where all of it may serve either, it is taken as one sum */
	if (funds == sum)
		return take_cash(fall, EITHERS, false, amount);
	TRY(take_cash(fall, FUNDERS, true, parts[ADVANCES]));
	return take_for_uncovered(fall, sum - funds, parts[UNCOVERED]);
}

static enum recourse_error serve_rank(struct waterfall *fall, uint8_t rank)
{
	int64_t claims[COMMONS];
	int64_t common;
	for (int claim = 0; claim < COMMONS; claim++)
		claims[claim] = fall->in->rank[common_claims[claim]] == rank ? fall->claims[claim] : 0;
	TRY(spread_sum(COMMONS, claims, &common));
	if (ranks_own(fall->in, rank))
		TRY(serve_owns(fall, rank, common));
	return common == 0 ? RECOURSE_OK : serve_commons(fall, claims, common);
}

/* Behind it a party's own claims are served by what comes back to it. */
uint8_t waterfall_last_common(const struct reckon *in)
{
	uint8_t advances = in->rank[WATERFALL_ADVANCES];
	uint8_t uncovered = in->rank[WATERFALL_UNCOVERED];
	uint8_t last = advances > uncovered ? advances : uncovered;
	return last == 0 ? RANK_LAST : last;
}

/*
 * What was paid out of one claim can not serve the other any more, whichever comes first: what came then was rightly paid on,
 * and a bounce takes back first what is only owed. The next money goes to who lacks it by rank.
 */
static void keep_paid_out(struct waterfall *fall)
{
	int64_t total = fall->served[ADVANCES] + fall->served[UNCOVERED];
	const int64_t floors[COMMONS] = {fall->advances_had, fall->in->paid_out};
	for (int claim = 0; claim < COMMONS; claim++) {
		int64_t floor = amount_least(amount_least(floors[claim], fall->claims[claim]), total);
		if (fall->served[claim] < floor) {
			fall->served[claim] = floor;
			fall->served[!claim] = total - floor;
		}
	}
}

/* Its share rounded up: the step that a split gives to others is nobody's own while a creditor lacks it. */
static enum recourse_error own_room(struct waterfall *fall, size_t index)
{
	int64_t shares;
	int64_t up;
	TRY(spread_sum(fall->in->count, fall->share, &shares));
	TRY(amount_scale(fall->in->loss, fall->share[index], shares, AMOUNT_ROUND_UP, &up));
	int64_t room = amount_beyond(up, fall->credited[index]);
	fall->room[index] = amount_least(fall->limits[index], room);
	fall->step[index] = amount_beyond(fall->room[index], fall->open[index]);
	return RECOURSE_OK;
}

/* What may be lost: who waits for a ruling at its reserve. */
static int64_t may_be_lost(const struct reckon *in)
{
	return waterfall_add(in->loss, waterfall_add(in->reserved, in->reserved_uncovered));
}

/*
 * All that may serve what is not its own: of who is liable for its own part, that; of who is not liable, nothing. Before a
 * judgment whoever pays is taken to be liable for all that its own pools have not paid.
 */
static enum recourse_error find_room(struct waterfall *fall)
{
	fall->apportioned = false;
	for (size_t index = 0; index < fall->in->count; index++)
		fall->apportioned = fall->apportioned || fall->in->parties[index].liable;
	for (size_t index = 0; index < fall->in->count; index++) {
		const struct reckon_party *party = &fall->in->parties[index];
		int64_t all = amount_beyond(may_be_lost(fall->in), fall->credited[index]);
		fall->room[index] = !fall->apportioned ? all : party->liable ? fall->limits[index] : 0;
		if (party->liable && !party->joint)
			TRY(own_room(fall, index));
		if (party->released && !party->joint)
			fall->room[index] = amount_beyond(fall->room[index], party->freed);
	}
	return RECOURSE_OK;
}

/*
 * What was paid out of money that is not there any more, those whom it was paid to owe back; for what consumers have of it
 * the funder stands.
 */
static enum recourse_error lack_gone(struct waterfall *fall, int64_t shortfall)
{
	int64_t parts[SPREAD_MAX];
	int64_t lent;
	TRY(spread_sum(fall->in->count, fall->lent, &lent));
	fall->stood = amount_beyond(shortfall, lent);
	TRY(spread_split(shortfall - fall->stood, fall->in->count, fall->lent, parts));
	for (size_t index = 0; index < fall->in->count; index++)
		fall->in->parties[index].shortfall = fall->unpaid[index] + parts[index];
	fall->gone -= shortfall;
	return RECOURSE_OK;
}

/* What is asked back of consumers is there no more: it was paid by whoever owes less by now, else it is as what others had. */
static enum recourse_error take_asked_back(struct waterfall *fall)
{
	size_t count = fall->in->count;
	int64_t beyond[SPREAD_MAX];
	int64_t used[SPREAD_MAX];
	int64_t sum;
	for (size_t index = 0; index < count; index++)
		beyond[index] = amount_beyond(fall->cash[index] - fall->first[index], fall->room[index]);
	TRY(spread_sum(count, beyond, &sum));
	int64_t steps = amount_least(fall->in->asked_back, sum);
	TRY(spread_split(steps, count, beyond, used));
	for (size_t index = 0; index < count; index++)
		fall->cash[index] -= used[index];
	return amount_add_steps(fall->gone, fall->in->asked_back - steps, &fall->gone);
}

/* Of what is left of that money so much was paid on: by whom it is, and what of it is by none. */
static enum recourse_error take_from(
	struct waterfall *fall, int64_t amount, const int64_t *cash, int64_t *lacking)
{
	size_t count = fall->in->count;
	int64_t used[SPREAD_MAX];
	int64_t sum;
	TRY(spread_sum(count, cash, &sum));
	*lacking = amount_beyond(amount, sum);
	TRY(waterfall_attribute(fall, amount - *lacking, cash, used));
	for (size_t index = 0; index < count; index++) {
		fall->left[index] -= used[index];
		fall->serves[index] -= used[index];
	}
	return RECOURSE_OK;
}

/* What of its money that may serve others no claim of its own needs, and what such a claim needs. */
struct needs {
	int64_t none[SPREAD_MAX];
	int64_t more[SPREAD_MAX];
};

/* Behind what all serve its claims need what comes back, and none of this. */
static void find_needs(const struct waterfall *fall, struct needs *needs)
{
	const struct reckon *in = fall->in;
	const uint8_t last = waterfall_last_common(in);
	const bool costs = in->rank[WATERFALL_COSTS] <= last;
	const bool interest = in->rank[WATERFALL_INTEREST] <= last;
	for (size_t index = 0; index < in->count; index++) {
		const struct reckon_party *party = &in->parties[index];
		int64_t all = costs ? amount_beyond(party->costs, party->costs_served) : 0;
		all = waterfall_add(
			all, interest ? amount_beyond(party->interest, party->interest_served) : 0);
		int64_t cash = amount_least(fall->left[index], fall->serves[index]);
		needs->none[index] = amount_least(cash, amount_beyond(fall->left[index], all));
		needs->more[index] = cash - needs->none[index];
	}
}

/* What was paid out to creditors is before contribution: what of all money that may serve them is left for that. */
static enum recourse_error left_for_lent(const struct waterfall *fall, int64_t *steps)
{
	const struct reckon *in = fall->in;
	int64_t cash[SPREAD_MAX];
	int64_t paid = waterfall_add(fall->advances_had, amount_least(in->paid_out, fall->claims[UNCOVERED]));
	for (size_t index = 0; index < in->count; index++)
		cash[index] = amount_least(fall->left[index], fall->serves[index]);
	TRY(spread_sum(in->count, cash, steps));
	*steps = amount_beyond(*steps, paid);
	return RECOURSE_OK;
}

/*
 * What others were paid out came from whoever paid in, out of what it bears in the end: what is its own, or the creditors',
 * makes up for nobody's. It is money first that no claim of its payer's own needs.
 */
static enum recourse_error take_lent(struct waterfall *fall, int64_t lent, int64_t *owed)
{
	struct needs needs;
	int64_t cash[SPREAD_MAX];
	int64_t most;
	int64_t lacking;
	TRY(left_for_lent(fall, &most));
	most = amount_least(most, lent);
	find_needs(fall, &needs);
	for (size_t index = 0; index < fall->in->count; index++)
		cash[index] = amount_least(needs.none[index], fall->bears[index]);
	TRY(take_from(fall, most, cash, &lacking));
	for (size_t index = 0; index < fall->in->count; index++) {
		int64_t rest = amount_least(fall->left[index], fall->serves[index]);
		cash[index] = amount_least(rest, fall->bears[index] - cash[index]);
	}
	TRY(take_from(fall, lacking, cash, owed));
	*owed += lent - most;
	return RECOURSE_OK;
}

/* What is asked back of consumers comes first from what may serve others. */
static enum recourse_error take_gone(struct waterfall *fall)
{
	size_t count = fall->in->count;
	int64_t cash[SPREAD_MAX];
	int64_t lent;
	int64_t owed;
	int64_t asked;
	for (size_t index = 0; index < count; index++) {
		fall->left[index] = fall->cash[index] - fall->first[index];
		fall->serves[index] = fall->room[index];
	}
	TRY(spread_sum(count, fall->lent, &lent));
	TRY(take_lent(fall, lent, &owed));
	for (size_t index = 0; index < count; index++) {
		fall->lends[index] = fall->cash[index] - fall->first[index] - fall->left[index];
		cash[index] = amount_least(fall->left[index], fall->serves[index]);
	}
	TRY(take_from(fall, fall->gone - lent, cash, &asked));
	for (size_t index = 0; index < count; index++) {
		int64_t extra = amount_least(asked, amount_beyond(fall->left[index], fall->serves[index]));
		asked -= extra;
		fall->room[index] = waterfall_add(fall->room[index], extra);
		fall->left[index] -= extra;
	}
	return lack_gone(fall, owed + asked);
}

/* Of so much that was paid out, what no claim of its payer's own needs. */
static enum recourse_error take_unneeded(
	const struct waterfall *fall, int64_t paid, const int64_t *unneeded, int64_t *final)
{
	int64_t sum;
	TRY(spread_sum(fall->in->count, unneeded, &sum));
	return waterfall_attribute(fall, amount_least(paid, sum), unneeded, final);
}

/* And what such claims need: what is left of that they share by what each needs. */
static enum recourse_error take_needed(
	const struct waterfall *fall, int64_t paid, const int64_t *needed, int64_t *final)
{
	int64_t left[SPREAD_MAX];
	int64_t sum;
	TRY(spread_sum(fall->in->count, final, &sum));
	paid -= sum;
	TRY(spread_sum(fall->in->count, needed, &sum));
	TRY(spread_split(amount_beyond(sum, paid), fall->in->count, needed, left));
	for (size_t index = 0; index < fall->in->count; index++)
		final[index] += needed[index] - left[index];
	return RECOURSE_OK;
}

/*
 * What of each party's money has been paid out to creditors: no claim of its own takes that any more. It is money first that no
 * such claim needs, whoever's came first.
 */
static enum recourse_error find_final(struct waterfall *fall)
{
	const struct reckon *in = fall->in;
	const int64_t paid =
		waterfall_add(fall->advances_had, amount_least(in->paid_out, fall->claims[UNCOVERED]));
	struct needs needs;
	find_needs(fall, &needs);
	TRY(take_unneeded(fall, paid, needs.none, fall->final));
	return take_needed(fall, paid, needs.more, fall->final);
}

/* Who was released owes the funder nothing; what it pays is the consumers', and the others' who paid for it. */
static void find_funds(struct waterfall *fall)
{
	for (size_t index = 0; index < fall->in->count; index++) {
		const struct reckon_party *party = &fall->in->parties[index];
		fall->funds[index] = party->released ? party->before_release : INT64_MAX;
	}
}

/* What creditors left of it is its own: who stands above its share has no right to more than others' shares. */
static enum recourse_error return_steps(struct waterfall *fall)
{
	int64_t left;
	TRY(spread_sum(fall->in->count, fall->cash, &left));
	left -= fall->gone + fall->served[ADVANCES] + fall->served[UNCOVERED];
	for (size_t index = 0; index < fall->in->count; index++) {
		int64_t step =
			amount_beyond(fall->cash[index], amount_beyond(fall->room[index], fall->step[index]));
		step = amount_least(step, amount_most(left, 0));
		fall->back[index] += step;
		fall->cash[index] -= step;
		left -= step;
	}
	return RECOURSE_OK;
}

/* What the funder gave was first set against costs that are not final yet, as far as their debtor has paid them. */
static void find_advances_had(struct waterfall *fall)
{
	const struct reckon *in = fall->in;
	int64_t gave = in->gave;
	for (size_t index = 0; index < in->count && in->rank[WATERFALL_COSTS] != 0; index++) {
		int64_t open = amount_beyond(in->parties[index].costs, in->parties[index].costs_served);
		gave = amount_beyond(gave, amount_least(open, fall->cash[index] - fall->first[index]));
	}
	fall->advances_had = amount_least(waterfall_add(in->remitted, gave), fall->claims[ADVANCES]);
}

enum recourse_error waterfall_run(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	fall->claims[ADVANCES] = in->settled - in->own - in->freed;
	TRY(amount_add_steps(fall->claims[ADVANCES], in->unsettled, &fall->claims[ADVANCES]));
	TRY(amount_add_steps(fall->claims[ADVANCES], in->reserved, &fall->claims[ADVANCES]));
	TRY(amount_add_steps(in->uncovered, in->reserved_uncovered, &fall->claims[UNCOVERED]));
	find_advances_had(fall);
	TRY(find_room(fall));
	TRY(take_asked_back(fall));
	TRY(take_gone(fall));
	find_funds(fall);
	TRY(find_final(fall));
	for (uint8_t rank = 1; rank <= waterfall_last_common(in); rank++)
		TRY(serve_rank(fall, rank));
	keep_paid_out(fall);
	for (size_t index = 0; index < in->count; index++) {
		struct reckon_party *party = &in->parties[index];
		fall->paid[index] = fall->cash[index] - party->costs_served - party->interest_served;
		fall->back[index] = amount_beyond(fall->paid[index], fall->room[index]);
		fall->cash[index] = fall->paid[index] - fall->back[index];
	}
	return return_steps(fall);
}

void waterfall_serve_final(struct waterfall *fall, size_t index)
{
	struct reckon_party *party = &fall->in->parties[index];
	party->interest_served = party->interest_final;
	int64_t left = amount_beyond(fall->cash[index] - party->interest_served, fall->had[index]);
	party->costs_served = amount_least(party->costs_final, left);
	fall->first[index] = party->costs_served + party->interest_served;
}

enum recourse_error waterfall_serve_late(struct waterfall *fall, size_t index, int64_t *money)
{
	for (uint8_t rank = (uint8_t)(waterfall_last_common(fall->in) + 1); rank <= RANK_LAST; rank++)
		TRY(serve_own(fall, index, rank, 0, *money, money));
	return RECOURSE_OK;
}

static int64_t late_left(const struct waterfall *fall, size_t index)
{
	const struct reckon_party *party = &fall->in->parties[index];
	const uint8_t last = waterfall_last_common(fall->in);
	int64_t costs = amount_beyond(party->costs, party->costs_served);
	int64_t interest = amount_beyond(party->interest, party->interest_served);
	costs = fall->in->rank[WATERFALL_COSTS] > last ? costs : 0;
	return fall->in->rank[WATERFALL_INTEREST] > last ? waterfall_add(costs, interest) : costs;
}

enum recourse_error waterfall_share_above(
	const struct waterfall *fall, const int64_t *excess, const int64_t *had, int64_t left, int64_t *above)
{
	size_t count = fall->in->count;
	int64_t owed[SPREAD_MAX];
	int64_t own[SPREAD_MAX];
	int64_t had_own[SPREAD_MAX];
	int64_t beyond[SPREAD_MAX];
	int64_t had_beyond[SPREAD_MAX];
	int64_t sum;
	int64_t kept;
	for (size_t index = 0; index < count; index++) {
		owed[index] =
			amount_least(late_left(fall, index), amount_least(excess[index], fall->cash[index]));
		had_own[index] = amount_least(had[index], owed[index]);
		beyond[index] = excess[index] - owed[index];
		had_beyond[index] = had[index] - had_own[index];
	}
	TRY(spread_sum(count, owed, &sum));
	TRY(spread_sum(count, had_beyond, &kept));
	TRY(spread_above(amount_least(amount_beyond(left, kept), sum), count, owed, had_own, own));
	TRY(spread_sum(count, own, &sum));
	left = amount_beyond(left, sum);
	TRY(spread_sum(count, beyond, &sum));
	TRY(spread_above(amount_least(left, sum), count, beyond, had_beyond, above));
	for (size_t index = 0; index < count; index++)
		above[index] += own[index];
	return RECOURSE_OK;
}

int64_t waterfall_whole(const struct waterfall *fall, size_t index)
{
	int64_t sum = fall->gone;
	for (size_t other = 0; other < fall->in->count; other++)
		sum -= other != index ? fall->lends[other] : 0;
	if (fall->in->rank[WATERFALL_ADVANCES] != 0)
		sum = waterfall_add(sum, fall->claims[ADVANCES]);
	if (fall->in->rank[WATERFALL_UNCOVERED] != 0)
		sum = waterfall_add(sum, fall->claims[UNCOVERED]);
	return sum;
}
