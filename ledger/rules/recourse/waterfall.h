/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/amount.h"
#include "rules/recourse/reckoned.h"

/* The middle of reckon(): whose money serves what. Nobody else includes this. */
enum { ADVANCES, UNCOVERED, COMMONS }; /* what all that is received serves */
enum { COSTS, INTEREST, OWNS };        /* what only its debtor's money does */

/* By party, in their order, while it is reckoned. */
struct waterfall {
	struct reckon *in;
	bool apportioned;
	int64_t share[SPREAD_MAX]; /* of who is liable */
	int64_t borne[SPREAD_MAX]; /* what spreads weigh by: 0 of who is liable for its own part only */
	int64_t vouches
		[SPREAD_MAX]; /* 1 of who guarantees the whole and has no share: what nobody else can bear */
	int64_t credited[SPREAD_MAX];
	int64_t limits[SPREAD_MAX]; /* of what is asked of it beside its pools */
	int64_t open[SPREAD_MAX];   /* O */
	int64_t cash
		[SPREAD_MAX]; /* received, less what is served of its own claims and what is its own again */
	int64_t paid[SPREAD_MAX];   /* received, less its costs */
	int64_t parts[SPREAD_MAX];  /* of what creditors lack */
	int64_t stands[SPREAD_MAX]; /* what each bears in the end */
	int64_t bears
		[SPREAD_MAX]; /* of which is not paid by its pools: may make up for what others were paid */
	int64_t left[SPREAD_MAX];   /* of its cash */
	int64_t first[SPREAD_MAX];  /* of its cash: what its own claims have had */
	int64_t had[SPREAD_MAX];    /* of its cash: paid out to it again; serves its own claims no more */
	int64_t room[SPREAD_MAX];   /* what it may serve beside its own claims */
	int64_t step[SPREAD_MAX];   /* of which: its share rounded up, for creditors alone */
	int64_t serves[SPREAD_MAX]; /* what is left of that */
	int64_t funds
		[SPREAD_MAX]; /* of which the advances: of who was released, no more than it had paid by then */
	int64_t final[SPREAD_MAX];    /* of what is left: paid out to creditors already */
	int64_t back[SPREAD_MAX];     /* beyond all that it is liable for */
	int64_t beyond[SPREAD_MAX];   /* all that, before its own claims had any */
	int64_t above[SPREAD_MAX];    /* its part of what comes back to those who stand above their share */
	int64_t over[SPREAD_MAX];     /* of which is its own money, and nobody owes any more */
	int64_t most_own[SPREAD_MAX]; /* of what it paid: its own, whatever may still be asked for */
	int64_t kept[SPREAD_MAX];     /* paid out to it: no money of this waterfall any more */
	int64_t had_over
		[SPREAD_MAX]; /* of which was more than it owed, and it is to have less of its own by now */
	int64_t lent[SPREAD_MAX];   /* of which was others' money, */
	int64_t lends[SPREAD_MAX];  /* and was paid of its cash */
	int64_t unpaid[SPREAD_MAX]; /* of which was its own money that was taken back */
	int64_t lacks[SPREAD_MAX];  /* of what was paid out to it: is not to be its own any more */
	int64_t advances_had;       /* by the funder: what is served of them is no less */
	int64_t gone;    /* of that, and of what is asked back of consumers: all that there is money for */
	int64_t stood;   /* beyond that money: was asked back of consumers, and is not back */
	int64_t lacking; /* of what was paid out: is not to have any more */
	int64_t claims[COMMONS];
	int64_t served[COMMONS];
};

/* Limits are far, sums near them are not. */
static inline int64_t waterfall_add(int64_t one, int64_t other)
{
	int64_t sum;
	return amount_add_steps(one, other, &sum) == RECOURSE_OK ? sum : INT64_MAX;
}

/*
 * Serves the claims by rank, out of `cash`: `served`, and what each party's own claims had. `back` is what it paid beyond
 * all that it is liable for; `cash` and `paid` are less what its own claims had, `cash` is less that too.
 */
enum recourse_error waterfall_run(struct waterfall *fall);

/* Each bears its base, then who is liable for the whole by share, then guarantors who have none, alike; nobody above `most`. */
enum recourse_error waterfall_fill(const struct waterfall *fall, int64_t total, const int64_t *base,
	const int64_t *most, int64_t *parts);

/* The rank of the advances or the uncovered loss, whichever comes last; behind all where neither has one. */
uint8_t waterfall_last_common(const struct reckon *in);

/* Whose money serves a sum: each its own part, then who is liable for the whole by share, then who has it. */
enum recourse_error waterfall_attribute(
	const struct waterfall *fall, int64_t amount, const int64_t *cash, int64_t *used);

/* What its own claims have had for good comes first, as far as there is money. */
void waterfall_serve_final(struct waterfall *fall, size_t index);

/* Behind what all serve, a party's own claims are served out of that money of its own, which is less then. */
enum recourse_error waterfall_serve_late(struct waterfall *fall, size_t index, int64_t *money);

/*
 * What creditors leave, `left`, is of who stands above its share by `excess`, which is no less than it `had`: nobody has less of it
 * than that. What a party paid itself beyond that is first for its costs and interest that are behind what all serve: it stands
 * above its share by none of what it owes of these.
 */
enum recourse_error waterfall_share_above(const struct waterfall *fall, const int64_t *excess,
	const int64_t *had, int64_t left, int64_t *above);

/*
 * All that creditors may have, and what others were paid out of its money: who is liable for the whole is asked for no more, but what
 * it bears.
 */
int64_t waterfall_whole(const struct waterfall *fall, size_t index);
