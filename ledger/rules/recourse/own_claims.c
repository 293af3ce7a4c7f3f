/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/own_claims.h"

#include "base/amount.h"
#include "base/split.h"
#include "base/try.h"

enum { COSTS, INTEREST, OWNS };

/* What of it was paid out was the first to be. */
void own_claims_set_apart(struct reckon *in, struct own_claims *apart)
{
	for (size_t index = 0; index < in->count; index++) {
		struct reckon_party *party = &in->parties[index];
		struct own_money *own = &apart->parties[index];
		own->told = party->for_own;
		own->all = amount_least(own->told, amount_most(party->received, 0));
		own->costs_final = amount_least(own->all, party->costs_final);
		own->interest_final = amount_least(own->all - own->costs_final, party->interest_final);
		party->for_own = 0;
		party->received -= own->all;
		party->costs_final -= own->costs_final;
		party->interest_final -= own->interest_final;
	}
}

static void find_left(const struct reckon *in, size_t index, int64_t *left)
{
	const struct reckon_party *party = &in->parties[index];
	const bool ranked[OWNS] = {in->rank[WATERFALL_COSTS] != 0, in->rank[WATERFALL_INTEREST] != 0};
	left[COSTS] = ranked[COSTS] ? amount_beyond(party->costs, party->costs_served) : 0;
	left[INTEREST] = ranked[INTEREST] ? amount_beyond(party->interest, party->interest_served) : 0;
}

int64_t own_claims_left(const struct reckon *in, size_t index, int64_t most)
{
	int64_t left[OWNS];
	find_left(in, index, left);
	int64_t costs = amount_least(left[COSTS], most);
	return costs + amount_least(left[INTEREST], most - costs);
}

/* By rank, and of one rank by what is left of each. */
static enum recourse_error share(const struct reckon *in, int64_t money, const int64_t *left, int64_t *parts)
{
	const uint8_t costs = in->rank[WATERFALL_COSTS];
	const uint8_t interest = in->rank[WATERFALL_INTEREST];
	const int first = costs <= interest ? COSTS : INTEREST;
	if (costs == interest)
		return spread_split(money, OWNS, left, parts);
	parts[first] = amount_least(money, left[first]);
	parts[!first] = amount_least(money - parts[first], left[!first]);
	return RECOURSE_OK;
}

/* So much serves one of them, as far as it lacks that. */
static int64_t add(int64_t claim, int64_t steps, int64_t *served)
{
	const int64_t part = amount_least(steps, amount_beyond(claim, *served));
	*served += part;
	return part;
}

/* What was paid out stays where it was. */
static enum recourse_error serve(struct reckon *in, size_t index, const struct own_money *own)
{
	struct reckon_party *party = &in->parties[index];
	int64_t money = own->all;
	int64_t left[OWNS];
	int64_t parts[OWNS];
	money -= add(party->costs, own->costs_final, &party->costs_served);
	money -= add(party->interest, own->interest_final, &party->interest_served);
	const int64_t rest = own_claims_left(in, index, money);
	find_left(in, index, left);
	TRY(share(in, rest, left, parts));
	party->costs_served += parts[COSTS];
	party->interest_served += parts[INTEREST];
	party->returned += money - rest;
	party->over_paid += money - rest;
	return RECOURSE_OK;
}

/* Nobody is owed what it owes back itself; but what the funder is to have of its own, since that restored it, is the funder's. */
static void set_off(struct reckon_party *party)
{
	int64_t own = amount_beyond(party->returned, party->paid_out + party->restored);
	int64_t both = amount_least(own, party->shortfall);
	party->returned -= both;
	party->shortfall -= both;
}

enum recourse_error own_claims_serve(struct reckon *in, const struct own_claims *apart)
{
	for (size_t index = 0; index < in->count; index++) {
		struct reckon_party *party = &in->parties[index];
		const struct own_money *own = &apart->parties[index];
		party->for_own = own->told;
		party->received += own->all;
		party->costs_final += own->costs_final;
		party->interest_final += own->interest_final;
		if (own->all > 0)
			TRY(serve(in, index, own));
		set_off(party);
	}
	return RECOURSE_OK;
}
