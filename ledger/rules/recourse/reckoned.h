/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_ledger.h"
#include "rules/recourse/spread.h"

/*
 * A section as reckon() takes it, and what it says of it.
 *
 *   S  a party's share of the loss       B  what pools paid for it, or it paid itself directly      O = max(0, S − B)
 *   R  advances settled, less returns    L  its part of R, and of what nobody covers: by O, then λ × share
 */
enum { RECKON_NO_CAP = -1 };

struct reckon_party {
	/* what is known */
	int64_t share; /* hundredths of a percent; 0: a guarantor who bears nothing in the end, or is not liable */
	int64_t cap;            /* of what is asked of it beside its pools; RECKON_NO_CAP */
	bool liable;            /* by the apportionment; else it only paid, or its pool did */
	bool joint;             /* for the whole; else for its own part */
	bool given_up;          /* bears no more than it has paid */
	bool released;          /* by the funder */
	bool funder;            /* its part lowers what it advanced */
	int64_t freed;          /* released: by so much, once and for all */
	int64_t before_release; /* of what was received: may have served the advances, no more does */
	int64_t stood_for;      /* of what falls on it for others: it is not let off of so much */
	int64_t credited;       /* B */
	int64_t received;       /* from it, all told; */
	int64_t for_own; /* of which is for its costs and interest alone: paid for others, and it is not liable; at most */
	int64_t paid_out;  /* to it, of what was its own again: final, */
	bool replaced;     /* but by a judgment that stands no more: others' money is so far as by this one */
	int64_t paid_own;  /* of which it had paid itself when it was paid out */
	int64_t paid_over; /* of which was more than it owed: contribution is due to it for none of that */
	int64_t restored;  /* by appeals, of what its deposit paid: of what is its own again the funder's */
	int64_t costs;     /* of recovering from it */
	int64_t interest;  /* adjudged */
	int64_t costs_final;    /* of its money: served its costs, and was paid out */
	int64_t interest_final; /* of its money: served its interest, and was paid out */

	/* what follows, in total */
	int64_t liability;       /* S */
	int64_t recourse;        /* its part of R */
	int64_t own_part;        /* of which by what is open of its share, and not for who is given up */
	int64_t costs_served;    /* out of its own money */
	int64_t interest_served; /* the same */
	int64_t open;            /* owed to the funder, written off or not: on 1110 */
	int64_t waits;           /* of what it paid: on 2140 */
	int64_t returned;        /* its own by name, paid out or on 2150 */
	int64_t over_paid;       /* of which it paid itself, and more than it owed */
	int64_t shortfall; /* of what was paid out to it: by no money that is there; it owes that back */
	int64_t below;     /* what it stands at is less than what it bears in the end, by so much */
	bool satisfied;    /* nothing more is asked of it */
};

struct reckon {
	int64_t loss;    /* provable, less what claimants had from strangers */
	int64_t settled; /* R; restored deposits that the funder paid in are advances too */
	int64_t kept; /* of which by payments that were not made: as if they were, since the section ended */
	int64_t stays; /* of what is settled: that came back, or a pool gave, and parties had paid; none bears it */
	int64_t unsettled; /* promised, and not paid or not arrived */
	int64_t uncovered; /* of the loss: by no scheme */
	int64_t reserved;  /* both, of claims that wait for their ruling: what falls on them waits */
	int64_t reserved_uncovered;
	int64_t late; /* both, of claims that wait to be admitted: they are served nothing, and may need it */
	int64_t late_uncovered;
	int64_t remitted; /* to the funder, for advances: final, though it owes some of it back by now */
	int64_t gave;     /* by it, out of its own: set against what is due to it, costs first */
	int64_t paid_out; /* to consumers, of what served their uncovered loss: final */
	int64_t asked_back; /* beside that: paid out to consumers, and not lost by now; serves nothing until it is back */
	bool claims_open; /* lots can be claimed still: nothing is anybody's own again */
	bool undecided; /* a claim waits for its ruling, or to be admitted, or is back: contribution waits */
	bool ended;     /* the section ends, or has: nobody is found liable any more */
	bool claimable; /* before the bar date: contribution waits */
	uint8_t rank[WATERFALL_CLAIMS]; /* twice the policy's, so that one can be just before another */

	int64_t advances_served;  /* the funder has had, or has on 2170 */
	int64_t uncovered_served; /* the same of consumers, on 2150; and what is asked back of them */
	int64_t own;              /* borne by the funder as a liable party */
	int64_t freed;            /* and by those it released, later spreads included */
	int64_t unborne;          /* of R: open, and nobody's: on 1110 U */
	int64_t inchoate;         /* of what is kept: open, and asked of nobody before it is paid: on 1115 */
	int64_t shortfall;        /* of what was paid out to consumers: by no money that is there */

	size_t count;
	struct reckon_party parties[SPREAD_MAX]; /* in the order of their ids */
};

/* Of R: the funder has not had it, does not bear it, and can ask it of somebody. */
static inline int64_t reckon_lacking(const struct reckon *reckon)
{
	return reckon->settled - reckon->own - reckon->freed - reckon->advances_served;
}
