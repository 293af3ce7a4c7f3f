/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"
#include "books/record_ledger.h"

/* Records of tables.h: signs of default (A3), incidents and their sections (B1). */

/* A sign of default (A3): nothing of the merchant's is paid out while it stands. */
struct record_signal {
	uint64_t entry;
	uint64_t expires; /* a clock; 0: open-ended */
	char reason[TEXT_ID_SIZE];
};

/* Kinds of rounds: what is shared out among the decided claims of a section. */
enum round_kind {
	ROUND_DEPOSIT = 1,
	ROUND_UNCOVERED = 2,
	ROUND_INTEREST = 3,
	ROUND_KINDS = 4,
	ROUND_LIFT = ROUND_KINDS, /* of the deposit too, numbered apart: earlier claims have more by it */
	ROUND_SERIES = 5,
};

/* What is done to one section after the other: the next one when the clock strikes. */
enum incident_sweep { INCIDENT_STANDS, INCIDENT_ENDS, INCIDENT_UNDONE, INCIDENT_BEGINS_AGAIN };

struct record_incident {
	struct unit unit;
	uint64_t entry;
	uint64_t declared; /* its instant */
	uint64_t bar_date;
	uint64_t clock;          /* strikes when the claim window closes */
	uint64_t widening;       /* a clock, by which more merchants come in; 0: all that had sold have */
	uint64_t close_clock;    /* strikes when closing is proposed, or `sweep` goes on */
	uint64_t close_proposed; /* when it was last; 0: never */
	int64_t funded;          /* of what is advanced: the funder paid it in */
	int64_t instructed;      /* of what is advanced: ordered out so far */
	int64_t bounced;         /* of what the funder paid in: its bank returned it unpaid, whether it paid it again or not */
	uint32_t number;
	uint32_t merchant; /* 0: all who sold what the issuer issued */
	uint32_t issuer;   /* 0: whatever the merchant sold */
	uint32_t funder;
	uint32_t custodian; /* who keeps the pools of all sections, and pays */
	uint32_t state;
	uint32_t policy_version;
	uint32_t stays; /* appeals that stay payment */
	uint32_t sections;
	uint32_t reached;  /* the merchant by which `widening` has come to */
	uint32_t freeze;   /* enum policy_freeze */
	uint32_t closer;   /* key; 0: it was never closed */
	uint32_t sweep;    /* enum incident_sweep */
	uint32_t barred;   /* the merchant by which `clock` has come to */
	uint32_t ends;     /* how often it was closed */
	uint32_t anywhere; /* 1: money came whose payer did not say for which section */
	char policy[TEXT_ID_SIZE];
	char id[TEXT_ID_SIZE];
	char batch[TEXT_ID_SIZE]; /* of the issuer; empty: any or none */
};

/* One that stands (D11): nobody has failed. It freezes what is claimed, and has no window that has to close. */
static inline bool record_incident_stands(const struct record_incident *incident)
{
	return incident->freeze == POLICY_FREEZE_CLAIMED;
}

/* Whether it has to be waited for its bar date. */
static inline bool record_incident_window(const struct record_incident *incident, uint64_t time)
{
	return !record_incident_stands(incident) && time <= incident->bar_date;
}

/* A deposit that is frozen for a section. */
struct record_pool {
	uint64_t entry;
	uint64_t freeze;     /* of its incident */
	uint64_t withdrawal; /* that gave way to it, when it was frozen or as it lacked something; 0: none */
};

/* So many merchants an incident has at most: what adds up its sections looks at no more. */
enum { INCIDENT_SECTIONS_MAX = 4096 };

/* In so many open ones a merchant is at most, in a currency: what comes in is shared among them by one entry. */
enum { INCIDENT_POOLS_MAX = 48 };

/*
 * A section: what an incident is to one merchant, its claims and its pool. What that merchant lodged and what insures it
 * secures them and nothing else. Where the incident is on an issuer, that one's pool is a section too, which also gives
 * for the claims of others. Accounts are the incident's: what they hold is the sum over its sections.
 */
enum section_behind {          /* an entry had no room, and the next one that looks at it does the rest: */
	SECTION_UNSETTLED = 1, /* a lot of its merchant was sold, or can be claimed no more */
	SECTION_UNMOVED = 2,   /* money paid for it is to serve another section */
	SECTION_UNLOWERED = 4, /* accounts of its claims have more than is asked back */
};

/* A section that is behind: */
struct record_behind {
	uint64_t clock; /* by which it is settled up and moved, if nothing does so before */
};

/* What the accounts of one of its claims have too much: see rules/recourse/lowered.h. */
struct record_lowered {
	int64_t receivable; /* 1120 */
	int64_t off;        /* 9030 */
};

/* Claims by how long they waited for something since they were filed: see rules/claims/measure.h. */
enum { WAITED_STEPS = 5 };
struct record_waited {
	uint64_t claims[WAITED_STEPS]; /* within an hour; if not, within a day, three days, a week; longer */
	uint64_t seconds;              /* all of them together */
};

struct record_section {
	uint64_t last_round_entry; /* decided after this one: not distributed yet */
	uint64_t claims_filed;
	uint64_t claims_linked;
	uint64_t claims_decided; /* approved */
	uint64_t claims_rejected;
	uint64_t claims_paid;
	int64_t loss;             /* provable, of the approved claims */
	int64_t promised;         /* of which by the scheme, and what pools gave beyond that */
	int64_t shared_loss;      /* of the claims that are in a round */
	int64_t awaited;          /* kept back for claims that wait for their ruling */
	int64_t awaited_promise;  /* of which the scheme would promise */
	int64_t appealed;         /* and for what open appeals are about, beyond that, */
	int64_t appealed_promise; /* of which the scheme would promise; */
	int64_t contested;        /* and of one that stands for what can still be appealed, beyond both */
	int64_t late;         /* asked by claims that wait to be admitted: nothing is kept back for them; */
	int64_t late_promise; /* of which the scheme would promise */
	int64_t pool_taken;   /* of the deposit and the instruments: shared out, and not given back */
	int64_t pool_beyond; /* of which is beyond what is lost by now: asked back, or will be as soon as it is paid */
	int64_t from_instruments;  /* of which its merchant's instruments paid, */
	int64_t from_issuer;       /* and which the issuer's pool gave, */
	int64_t issuer_secured;    /* of which its instruments paid */
	int64_t issuer_ended;      /* and of the issuer's pool for what the issuer owed here: its ends */
	int64_t given;             /* by this pool, the issuer's, for claims of others: not in `pool_taken` */
	int64_t given_instruments; /* of which its instruments paid */
	int64_t given_back;     /* of what its deposit gave: went back to it, or to the funder who bore it */
	int64_t advanced;       /* approved as advance so far */
	int64_t repaid;         /* of which the pool gave back to the funder */
	int64_t repaid_settled; /* of which for claims in whose payments that were made it had been advanced */
	int64_t paid;           /* settled, returns taken off */
	int64_t settled_advance; /* of which was advance */
	int64_t unclaimed;       /* ordered, and kept for those who were not found */
	int64_t unclaimed_advance; /* of which was advance as it was ordered: no recourse before they are paid */
	uint64_t claims_unclaimed; /* these */
	int64_t perfected;         /* of which is recourse: what the pool gave back after that is not */
	int64_t interest;          /* adjudged to the consumers */
	int64_t uncovered_collected; /* for consumers' uncovered loss, out of recoveries, and not paid out yet */
	int64_t interest_collected;
	int64_t restored;          /* of the pool: appeals gave it back to the deposit, the funder bears it */
	int64_t restored_recourse; /* of which the funder paid in */
	int64_t restored_back;     /* of what was restored: came back from claims, and so is the funder's */
	int64_t restored_given; /* of these three: for what the issuer's pool, which this is, gave for claims of others, */
	int64_t recourse_given;
	int64_t back_given;
	int64_t issuer_restored; /* and which is in the section of those claims: of what the issuer's pool gave for them */
	int64_t issuer_recourse;
	int64_t issuer_restored_back;
	int64_t elsewhere; /* the claimants of the approved claims had it from others */
	int64_t pool_back; /* of what rounds gave: went back from claims that were lowered or reopened */
	int64_t instruments_back; /* of which to the instruments, */
	int64_t issuer_back;      /* and to the issuer's pool */
	int64_t clawed_recovered; /* of what recoveries were paid out for: asked back from claimants */
	int64_t recovered_back; /* of what recoveries were paid out for: came back from claims that were lowered */
	int64_t clawed;         /* of the settled advances: asked back from claimants, and recourse no more */
	int64_t recourse_collected; /* served the advances, and so is the funder's */
	int64_t uncovered_served;   /* served consumers' uncovered loss, paid out or not */
	int64_t costs_served;
	int64_t handed_back; /* to the funder: it had paid that in, and claims do not need it any more, or others are to pay it */
	int64_t remitted;    /* to the funder, of all three, less what it owes back */
	int64_t own_borne;   /* of the advances: by the funder as a liable party */
	int64_t freed;       /* of the advances: by releases */
	int64_t written_off; /* of the advances, and enforceable still */
	int64_t owed_back; /* by the funder: it was remitted and turned out not to be lacking, or it stands for it */
	uint64_t owed_entry; /* under whose number; 0: never was */
	int64_t off_from;    /* what brings back of it: see written_off.h */
	int64_t off_beyond;
	int64_t off_before;
	int64_t nobodys_off;  /* of the advances that nobody owes: written off, */
	int64_t nobodys_memo; /* and in the memo */
	int64_t shortfall; /* consumers, or who does not pay it back, had it of receipts that are gone: the funder stands for it */
	int64_t let_go; /* of its deposit: its merchant's again by its last end; not of one that is insolvent */
	int64_t waiting;  /* of what was received: for what is not due yet */
	int64_t returned; /* whoever's own again by name, paid out or not */
	uint64_t appeals; /* claims whose ruling is appealed, or of which what that gave is not ordered out */
	uint64_t clawbacks; /* claims of which something is asked back, and neither there nor written off */
	struct record_waited answered; /* until their claimants were spoken to, or they were ruled on, */
	struct record_waited settled;  /* and until something of them was paid */
	uint64_t restarts;             /* claims for lots whose claim before was given up */
	uint64_t apportioned_entry;    /* 0: not yet */
	uint64_t first_ruling;         /* the entry of the first one; 0: none */
	uint64_t
		contestable; /* what a ruling left out is kept back no longer than up to that instant; but for open appeals */
	uint64_t closed_entry;         /* the deposit is not frozen for it any more; 0: it is */
	uint32_t incident;             /* its number */
	uint32_t party;                /* the merchant; it names the section in the incident */
	uint32_t custodian;            /* who keeps the pool, and pays */
	uint32_t recourse_state;       /* before apportionment */
	uint32_t rounds[ROUND_SERIES]; /* by round kind */
	uint32_t ended;                /* by which of the incident's ends last; 0: none */
	uint32_t end_paid; /* by which its pool and the issuer's paid last; the rest goes then, or later */
	uint32_t behind;   /* enum section_behind */
	uint32_t stands;   /* 1: what is claimed of it is frozen, and nothing else */
	uint32_t reserved;
};

/* Whose again it was what a claimant gave back, or what came back of its payment and was asked for. */
struct record_gave_back {
	int64_t advance;          /* the funder's, who had advanced it; */
	int64_t off;              /* of which: had been written off */
	int64_t off_rest;         /* of the others: the same */
	int64_t pool;             /* pools', all told; */
	int64_t issuers;          /* of which the issuer's pool's, */
	int64_t issuers_secured;  /* of which its instruments', */
	int64_t issuers_restored; /* or the funder's, since an appeal had given it back */
	int64_t secured;          /* of the rest, which is the section's own: the same */
	int64_t restored;
	int64_t recovered; /* recoveries had been paid out for it */
};
