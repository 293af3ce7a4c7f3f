/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: who is liable, receipts from them, and what was written off (G). */

/* A party of a section: who is liable, the section's merchant, and who paid or caused costs before there was a judgment. */
struct record_liability {
	int64_t share;     /* hundredths of a percent */
	int64_t cap;       /* of what is asked of it beside its pools; below zero: none */
	int64_t liability; /* its part of the loss */
	int64_t credited;  /* of which pools met */
	int64_t recourse;  /* its part of the advances */
	int64_t costs;     /* of recovering from it */
	int64_t interest;  /* adjudged on top */
	int64_t received;  /* from it, and sent down the waterfall */
	int64_t ended; /* of which: ends took it of what was frozen of its deposit for a section of its own */
	int64_t moved; /* of which it had paid for other sections, where it owed less; below zero: serves others */
	int64_t anywhere; /* of what it paid for this one, moved or not: its payer did not say for which */
	int64_t costs_served;
	int64_t costs_paid; /* of which the funder was remitted; what is served no more is not final, till it is again */
	int64_t interest_served;
	int64_t interest_paid; /* of which consumers were paid */
	int64_t waits;         /* for what is not due yet */
	int64_t returned;      /* is its own by name again, all told */
	int64_t over_paid;     /* of which it paid more than it owed; the rest is contribution */
	int64_t paid_out;      /* of what is its own */
	int64_t paid_own; /* of which it had paid itself; the rest its pools had, and others made up for */
	int64_t paid_over; /* of which was more than it owed; what came back since is in it: liability_paid_over() */
	uint64_t paid_judgment; /* by which it was last: liability_judgment(); 0: by none, or never */
	int64_t restored; /* of what it paid: the funder paid it that again, by an appeal of what an end took */
	int64_t subrogated;     /* of what would be its own by name: the funder's, who did so */
	int64_t open;           /* owed to the funder */
	int64_t written_off;    /* of which: in the memo */
	int64_t enforceable;    /* written off; when something of the section was last: not brought back */
	int64_t reinstated;     /* and brought back by then: see written_off.h */
	int64_t freed;          /* by its release */
	int64_t before_release; /* received from it by then, for others than its own costs and interest */
	int64_t stood_for; /* of what fell on it for others by then: it had paid that, or nobody lacked it */
	int64_t shortfall; /* of what was paid out to it: its money was taken back, and it owes as much */
	int64_t shortfall_off;      /* of which: written off, in the memo, and the funder stands for it */
	int64_t shortfall_given_up; /* all that was, and did not come back: as much of it as is owed is so */
	uint64_t shortfall_entry;   /* under whose number; 0: never did */
	uint32_t liable;            /* by the apportionment */
	uint32_t joint;             /* for the whole */
	uint32_t given_up;
	uint32_t released;
	uint32_t state;
	uint32_t party;
};

struct record_recovery {
	int64_t amount;      /* that was received, but for what is `back` */
	int64_t back;        /* of what the bank took back, or was booked by a slip, a part; 0: none */
	uint64_t back_entry; /* the last one that took a part of it; 0: none */
	uint64_t entry;
	uint64_t allocated_entry; /* 0: it waits to be sent down the waterfall */
	uint64_t bounced_entry;   /* 0: it stands */
	uint64_t received;        /* instant of the entry */
	uint64_t confirmed_entry; /* by the liquidator of its payer, where it is that one's to confirm; 0 */
	uint32_t incident;
	uint32_t section;
	uint32_t payer;
	uint16_t dividend; /* of its payer's estate */
	uint16_t anywhere; /* its payer did not say for which section; that is 0 until it is sent down */
};

/* ---- a party that is insolvent ---- */

struct record_estate {
	uint64_t entry;
	uint64_t accepted_at; /* instant: what comes from then on is its liquidator's to confirm */
	uint32_t party;
	uint32_t liquidator;
};

/* Money for a deposit that came from then on, on 2140 under its entry. */
struct record_top_up {
	struct unit unit;
	int64_t amount;
	uint64_t ended_entry; /* it is in the deposit, or was given back; 0: it waits */
	uint32_t merchant;
	uint32_t custodian;
};

/* What an estate accepted of what it owes in a section. */
struct record_proof {
	int64_t accepted;
	int64_t dividends; /* received of it */
	uint64_t entry;    /* the last one to say so */
};

/* What an entry paid a party of what is its own in a section; below zero: took back, or had back of it. */
struct record_paid_out {
	int64_t steps;
	int64_t own;  /* by so much more, or less, of what was paid out to it is what it had paid itself */
	int64_t over; /* of that: paid more than it owed */
};

/* What of a repayment a section had. */
struct record_repaid {
	int64_t funders;    /* of what the funder owed back */
	int64_t shortfall;  /* of what a party did */
	int64_t own;        /* of that: it had paid itself */
	int64_t reinstated; /* of that: was written off */
};

struct record_write_off {
	int64_t amount;
	uint64_t entry;
	uint32_t incident;
	uint32_t section;
	uint32_t party;
	uint32_t state;
};
