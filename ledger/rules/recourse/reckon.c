/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/reckon.h"

#include "rules/recourse/own_claims.h"
#include "rules/recourse/reckon_ask.h"
#include "rules/recourse/reckon_paid.h"

#include "base/split.h"
#include "base/try.h"

/* ---- what each bears ---- */

/* Who is given up bears what it has paid; what it or a limit leaves falls on those who are liable for the whole. */
static enum recourse_error bear(const struct waterfall *fall, int64_t total, const int64_t *base,
	const int64_t *already, int64_t *parts)
{
	int64_t most[SPREAD_MAX];
	for (size_t index = 0; index < fall->in->count; index++) {
		const struct reckon_party *party = &fall->in->parties[index];
		most[index] = waterfall_add(already[index], fall->limits[index]);
		if (party->given_up)
			most[index] =
				amount_least(most[index], waterfall_add(already[index], fall->paid[index]));
	}
	return waterfall_fill(fall, total, base, most, parts);
}

static const int64_t nothing[SPREAD_MAX];

/* What of a sum each bears that is split by what is open of the shares. */
static enum recourse_error bear_open(
	const struct waterfall *fall, int64_t total, int64_t *base, int64_t *parts)
{
	int64_t sum;
	TRY(spread_split(total, fall->in->count, fall->open, base));
	TRY(spread_sum(fall->in->count, base, &sum));
	return bear(fall, sum, base, nothing, parts);
}

static enum recourse_error reckon_shares(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	int64_t shares[SPREAD_MAX];
	TRY(spread_split(in->loss, in->count, fall->share, shares));
	for (size_t index = 0; index < in->count; index++) {
		in->parties[index].liability = shares[index];
		fall->open[index] = amount_beyond(shares[index], fall->credited[index]);
	}
	return RECOURSE_OK;
}

/* Of who was released, and for as long: what falls on it for who is given up, but what it stood for by then. */
static int64_t released(const struct reckon_party *party, int64_t part, int64_t base)
{
	return amount_beyond(amount_beyond(part, base), party->stood_for);
}

/* L, and what of R the funder can ask of nobody: its own part, and that of whom it released. */
static enum recourse_error reckon_recourse(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	int64_t base[SPREAD_MAX];
	int64_t parts[SPREAD_MAX];
	TRY(bear_open(fall, in->settled - in->stays, base, parts));
	in->own = in->freed = 0;
	for (size_t index = 0; index < in->count; index++) {
		struct reckon_party *party = &in->parties[index];
		int64_t spread = amount_beyond(parts[index], base[index]);
		party->recourse = parts[index];
		party->own_part = amount_least(parts[index], base[index]);
		if (party->funder)
			in->own = amount_least(
				waterfall_add(fall->open[index], spread), in->settled - in->stays);
		if (party->released)
			in->freed = waterfall_add(in->freed,
				waterfall_add(party->freed, released(party, parts[index], base[index])));
	}
	in->freed = amount_least(in->freed, in->settled - in->own);
	return RECOURSE_OK;
}

/* The parts of all that somebody outside lacks; what was paid out beyond what is due is lacking too. */
static enum recourse_error reckon_parts(struct waterfall *fall)
{
	int64_t base[SPREAD_MAX];
	int64_t lacking;
	TRY(amount_add_steps(fall->in->settled, fall->in->uncovered, &lacking));
	TRY(amount_add_steps(lacking, fall->gone, &lacking));
	return bear_open(fall, lacking, base, fall->parts);
}

/* Of the loss that is served: what has no rank is asked of nobody. */
static enum recourse_error reckon_standing(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	int64_t base[SPREAD_MAX];
	int64_t loss = in->loss;
	if (in->rank[WATERFALL_ADVANCES] == 0)
		loss = amount_beyond(loss, waterfall_add(in->settled, in->unsettled));
	if (in->rank[WATERFALL_UNCOVERED] == 0)
		loss = amount_beyond(loss, in->uncovered);
	TRY(spread_split(loss, in->count, fall->share, base));
	int64_t sum;
	TRY(spread_sum(in->count, base, &sum));
	TRY(bear(fall, sum, base, fall->credited, fall->stands));
	for (size_t index = 0; index < in->count; index++) {
		const struct reckon_party *party = &in->parties[index];
		int64_t spread = released(party, fall->stands[index], base[index]);
		if (party->released)
			fall->stands[index] =
				amount_beyond(fall->stands[index], waterfall_add(spread, party->freed));
	}
	return RECOURSE_OK;
}

/* ---- what comes back ---- */

static int64_t stands_at(const struct waterfall *fall, size_t index)
{
	int64_t at = waterfall_add(fall->credited[index], fall->cash[index]);
	return fall->in->parties[index].funder ? waterfall_add(at, fall->in->own) : at;
}

/* What of the money of each may be others' who paid for it: what it bears in the end, and nothing of its own. */
static enum recourse_error reckon_bears(struct waterfall *fall)
{
	if (fall->gone == 0)
		return RECOURSE_OK;
	TRY(reckon_standing(fall));
	for (size_t index = 0; index < fall->in->count; index++)
		fall->bears[index] =
			amount_beyond(fall->stands[index], stands_at(fall, index) - fall->cash[index]);
	return RECOURSE_OK;
}

/* Beyond the whole it is its own, whoever stands below its share: nobody has a right to it. */
static void keep_beyond_whole(struct waterfall *fall)
{
	for (size_t index = 0; index < fall->in->count; index++) {
		const struct reckon_party *party = &fall->in->parties[index];
		if (!party->liable || !party->joint)
			continue;
		int64_t bears =
			amount_beyond(fall->stands[index], stands_at(fall, index) - fall->cash[index]);
		int64_t all = amount_most(waterfall_whole(fall, index), bears);
		int64_t over = amount_beyond(fall->cash[index], all);
		fall->back[index] += over;
		fall->cash[index] -= over;
	}
}

/* Those who lack nothing share what they are to have, less so much; nobody has less of it than it was paid. */
static enum recourse_error share_lacking(struct waterfall *fall, const int64_t *excess)
{
	size_t count = fall->in->count;
	int64_t weights[SPREAD_MAX] = {0};
	int64_t had[SPREAD_MAX] = {0};
	int64_t parts[SPREAD_MAX];
	int64_t left = -fall->lacking;
	int64_t sum;
	for (size_t index = 0; index < count; index++) {
		int64_t paid = fall->in->parties[index].paid_out - fall->kept[index];
		if (fall->lacks[index] > 0)
			continue;
		weights[index] = excess[index];
		had[index] = amount_least(fall->above[index], amount_beyond(paid, fall->back[index]));
		left += fall->above[index];
	}
	TRY(waterfall_share_above(fall, weights, had, left, parts));
	TRY(spread_sum(count, parts, &sum));
	fall->lacking = amount_beyond(sum, left);
	for (size_t index = 0; index < count; index++)
		fall->above[index] = fall->lacks[index] > 0 ? fall->above[index] : parts[index];
	return RECOURSE_OK;
}

/* What was paid out already stays, and others have so much less; where that is not enough, `lacking` is. */
static enum recourse_error keep_returned(struct waterfall *fall, const int64_t *excess)
{
	fall->lacking = 0;
	for (size_t index = 0; index < fall->in->count; index++) {
		int64_t due = fall->back[index] + fall->above[index];
		int64_t paid = fall->in->parties[index].paid_out - fall->kept[index];
		fall->lacks[index] = amount_beyond(paid, due);
		fall->above[index] += fall->lacks[index];
		fall->lacking += fall->lacks[index];
	}
	return fall->lacking > 0 ? share_lacking(fall, excess) : RECOURSE_OK;
}

/*
 * What creditors leave goes to those who stand above their share, by excess; what they leave, back to who paid it. Before a
 * judgment it is not known who that is: it waits, and is the payer's where none comes before the end.
 */
static enum recourse_error give_back(struct waterfall *fall)
{
	size_t count = fall->in->count;
	int64_t excess[SPREAD_MAX];
	int64_t rest[SPREAD_MAX];
	int64_t cash;
	int64_t sum;
	keep_beyond_whole(fall);
	for (size_t index = 0; index < count; index++) {
		int64_t at = stands_at(fall, index);
		excess[index] = fall->apportioned ? amount_beyond(at, fall->stands[index]) : 0;
		fall->in->parties[index].below = amount_beyond(fall->stands[index], at);
		fall->in->parties[index].satisfied = at >= fall->stands[index];
	}
	TRY(spread_sum(count, fall->cash, &cash));
	TRY(spread_sum(count, excess, &sum));
	int64_t left = cash - fall->gone - fall->served[ADVANCES] - fall->served[UNCOVERED];
	TRY(waterfall_share_above(fall, excess, nothing, left, fall->above));
	bool known = fall->apportioned || fall->in->ended;
	TRY(spread_split(known ? amount_beyond(left, sum) : 0, count, fall->cash, rest));
	for (size_t index = 0; index < count; index++) {
		fall->back[index] += rest[index];
		fall->cash[index] -= rest[index];
		fall->beyond[index] = fall->back[index];
	}
	return keep_returned(fall, excess);
}

/* Of what comes back, that is its own payment, and nobody stands below its share any more. */
static void find_over_paid(struct waterfall *fall)
{
	bool below = false;
	for (size_t index = 0; index < fall->in->count; index++)
		below = below || !fall->in->parties[index].satisfied;
	for (size_t index = 0; index < fall->in->count; index++) {
		int64_t owed = amount_beyond(fall->stands[index], fall->credited[index]);
		int64_t own = amount_beyond(fall->cash[index], owed);
		fall->over[index] = below ? 0 : amount_least(fall->above[index], own);
	}
}

/* Behind what all serve: out of what would come back to that party of its own money; what it was paid is others' first. */
static enum recourse_error serve_late(struct waterfall *fall, size_t index)
{
	struct reckon_party *party = &fall->in->parties[index];
	int64_t own = amount_least(fall->above[index], fall->cash[index]);
	int64_t had = amount_beyond(party->paid_out - fall->kept[index], fall->above[index] - own);
	int64_t money = amount_beyond(fall->back[index] + own, had);
	int64_t before = money;
	TRY(waterfall_serve_late(fall, index, &money));
	int64_t taken = before - money;
	int64_t first = amount_least(taken, fall->back[index]);
	fall->back[index] -= first;
	fall->above[index] -= taken - first;
	fall->cash[index] -= taken - first;
	fall->over[index] =
		amount_least(fall->over[index], amount_least(fall->above[index], fall->cash[index]));
	party->satisfied = party->satisfied && party->costs == party->costs_served &&
			   party->interest == party->interest_served;
	return RECOURSE_OK;
}

/* ---- what is posted ---- */

/*
 * What is open by party: never more of who is liable for its own part, and of others beyond theirs before of nobody; of who
 * was released what it had paid by then, and was taken back.
 */
static enum recourse_error reckon_open(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	int64_t weights[SPREAD_MAX] = {0};
	int64_t most[SPREAD_MAX] = {0};
	int64_t own[SPREAD_MAX];
	int64_t open[SPREAD_MAX];
	int64_t lacking = reckon_lacking(in);
	for (size_t index = 0; index < in->count; index++) {
		const struct reckon_party *party = &in->parties[index];
		if (!party->liable || party->funder)
			continue;
		int64_t part = fall->parts[index];
		if (party->released)
			part = amount_least(amount_beyond(part, party->freed), party->before_release);
		weights[index] = amount_beyond(part, fall->paid[index]);
		most[index] = weights[index];
		if (party->joint && !party->given_up && !party->released)
			most[index] = amount_beyond(fall->limits[index], fall->paid[index]);
	}
	TRY(spread_fill(lacking, in->count, nothing, weights, most, own));
	TRY(waterfall_fill(fall, lacking, own, most, open));
	in->unborne = lacking;
	for (size_t index = 0; index < in->count; index++) {
		in->parties[index].open = open[index];
		in->unborne -= open[index];
	}
	return RECOURSE_OK;
}

/* When it is time, and what may still be asked for leaves it: what a party had already is not asked back here. */
static void reckon_returned(const struct waterfall *fall, size_t index)
{
	const struct reckon *in = fall->in;
	struct reckon_party *party = &fall->in->parties[index];
	bool uncovered = in->rank[WATERFALL_UNCOVERED] != 0 && in->uncovered_served < in->uncovered;
	bool settled = in->unsettled == 0 && in->reserved == 0 && in->reserved_uncovered == 0;
	bool contributes = settled && !in->claims_open && !in->undecided && !in->claimable && !uncovered;
	int64_t own = fall->back[index] + fall->over[index];
	int64_t others = fall->above[index] - fall->over[index];
	int64_t due = in->claims_open ? 0 : fall->back[index] + (settled ? fall->over[index] : 0);
	due = amount_least(due, fall->most_own[index]) + (contributes ? others : 0);
	int64_t had = amount_least(party->paid_out - fall->kept[index], own + others);
	party->returned = amount_most(due, had);
	party->over_paid = amount_least(own, party->returned);
}

/*
 * What is for nobody yet waits with whoever paid it: first what is its own in any case, then what its part of the loss
 * does not need.
 */
static enum recourse_error reckon_waits(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	int64_t cash[SPREAD_MAX];
	int64_t used[SPREAD_MAX];
	int64_t sum;
	int64_t amount = fall->gone + in->advances_served +
			 amount_least(in->uncovered_served, fall->served[UNCOVERED]);
	for (size_t index = 0; index < in->count; index++) {
		struct reckon_party *party = &in->parties[index];
		reckon_returned(fall, index);
		cash[index] = fall->cash[index] - fall->over[index];
		party->waits = fall->back[index] + fall->over[index] - party->over_paid;
		amount += party->returned - party->over_paid;
		party->returned += fall->kept[index];
		party->over_paid += fall->had_over[index];
	}
	TRY(spread_sum(in->count, cash, &sum));
	TRY(waterfall_attribute(fall, amount_least(amount, sum), cash, used));
	for (size_t index = 0; index < in->count; index++)
		in->parties[index].waits += cash[index] - used[index];
	return RECOURSE_OK;
}

/* ---- all of it ---- */

/* What each owes back by its name, at least. */
void reckon_begin(struct waterfall *fall, struct reckon *in, const int64_t *owed)
{
	*fall = (struct waterfall){.in = in};
	for (size_t index = 0; index < in->count; index++) {
		const struct reckon_party *party = &in->parties[index];
		fall->share[index] = party->liable ? party->share : 0;
		fall->borne[index] = party->liable && party->joint ? party->share : 0;
		fall->vouches[index] = party->liable && party->joint && party->share == 0;
		fall->limits[index] = party->cap == RECKON_NO_CAP ? INT64_MAX : party->cap;
		fall->credited[index] = party->credited;
		/* what was paid out of it stays served, by whoever makes up for it */
		fall->cash[index] = amount_most(party->received, party->interest_final);
		/* nobody is to have more than it and its pools have paid, but the funder, who bears of the advances too */
		int64_t paid = waterfall_add(party->credited, fall->cash[index] - party->interest_final);
		fall->unpaid[index] = party->funder ? 0 : amount_beyond(party->paid_out, paid);
		fall->unpaid[index] = amount_most(fall->unpaid[index], owed[index]);
		fall->kept[index] = fall->unpaid[index];
		fall->had[index] = amount_least(party->paid_own, fall->cash[index] - party->interest_final);
	}
}

/* Of their uncovered loss who waits for a ruling has its part; what was paid out is final. */
static enum recourse_error serve_decided(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	const int64_t claims[] = {in->uncovered, in->reserved_uncovered};
	int64_t parts[2];
	int64_t served = fall->served[UNCOVERED];
	TRY(spread_split(served, 2, claims, parts));
	in->uncovered_served = amount_most(parts[0], in->paid_out);
	in->shortfall = amount_beyond(in->paid_out, served) + fall->stood;
	for (size_t index = 0; index < in->count; index++) {
		const struct reckon_party *party = &in->parties[index];
		in->shortfall += amount_beyond(party->interest_final, party->received);
	}
	return RECOURSE_OK;
}

enum recourse_error reckon_run(struct waterfall *fall)
{
	struct reckon *in = fall->in;
	/* beside what all serve, its costs have a part only, and what it paid is for both */
	uint8_t costs = in->rank[WATERFALL_COSTS];
	bool first = costs != 0 && costs < waterfall_last_common(in);
	for (size_t index = 0; index < in->count; index++) {
		waterfall_serve_final(fall, index);
		fall->paid[index] = amount_beyond(fall->cash[index], first ? in->parties[index].costs : 0);
	}
	TRY(reckon_shares(fall));
	TRY(reckon_recourse(fall));
	TRY(reckon_parts(fall));
	TRY(reckon_bears(fall));
	TRY(waterfall_run(fall));
	TRY(reckon_standing(fall));
	TRY(give_back(fall));
	find_over_paid(fall);
	for (size_t index = 0; index < in->count; index++)
		TRY(serve_late(fall, index));
	in->advances_served = amount_least(fall->served[ADVANCES], in->settled - in->own - in->freed);
	return serve_decided(fall);
}

/* What would be each one's own if all claims that wait were decided for all that they ask; beyond 64 bits nothing. */
static enum recourse_error find_most_own(struct waterfall *fall)
{
	const struct reckon *in = fall->in;
	struct reckon asked = *in;
	for (size_t index = 0; index < in->count; index++)
		fall->most_own[index] = INT64_MAX;
	if (in->reserved + in->reserved_uncovered + in->late + in->late_uncovered <= 0 || in->claims_open)
		return RECOURSE_OK;
	enum recourse_error error = reckon_ask_all(&asked);
	if (error == RECOURSE_OK)
		error = reckon(&asked);
	for (size_t index = 0; index < in->count; index++)
		fall->most_own[index] = error == RECOURSE_OK ? amount_beyond(asked.parties[index].over_paid,
								       fall->had_over[index])
							     : 0;
	return error == RECOURSE_OVERFLOW ? RECOURSE_OK : error;
}

static enum recourse_error reckon_all(struct reckon *in)
{
	struct waterfall fall;
	TRY(reckon_paid(&fall, in));
	TRY(reckon_open(&fall));
	TRY(find_most_own(&fall));
	TRY(reckon_waits(&fall));
	in->uncovered_served += in->asked_back;
	return RECOURSE_OK;
}

enum recourse_error reckon(struct reckon *in)
{
	struct own_claims apart;
	own_claims_set_apart(in, &apart);
	TRY(reckon_all(in));
	return own_claims_serve(in, &apart);
}

int64_t reckon_release(const struct reckon *reckon, size_t index, int64_t *stood_for)
{
	const struct reckon_party *party = &reckon->parties[index];
	int64_t paid = party->received - party->costs_served;
	int64_t others = party->recourse - party->own_part;
	int64_t freed = amount_least(amount_beyond(party->own_part, paid), reckon_lacking(reckon));
	int64_t open = amount_beyond(others, amount_beyond(paid, party->own_part));
	*stood_for = others - amount_least(open, reckon_lacking(reckon) - freed);
	return freed;
}
