/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"
#include "books/life.h"

/* Records of tables.h: entitlements (C1) and claims (C2). */

enum evidence_state { EVIDENCE_NONE, EVIDENCE_CONFIRMED, EVIDENCE_ABSENT, EVIDENCE_UNAVAILABLE };
struct record_entitlement {
	struct unit unit;
	struct unit currency;
	int64_t quantity; /* the lot: issued */
	int64_t consumed;
	int64_t extinguished;
	int64_t cost; /* what was paid for the lot */
	uint64_t issue_entry;
	uint64_t recorded; /* its instant */
	uint64_t evidence_entry;
	uint64_t claim_entry;    /* that filed the claim of it that lives or was paid; 0: none */
	uint64_t disputed_entry; /* the record of use that was said otherwise last; 0: none */
	uint32_t issuer;
	uint32_t merchant;
	uint32_t evidence;
	uint32_t disputes;        /* records of use of which two quantities were said */
	char claim[TEXT_ID_SIZE]; /* that claim, or the last one that fell; empty: none */
	char batch[TEXT_ID_SIZE]; /* empty: of none */
	uint64_t withheld_entry;  /* by which who has its records was silent; 0: none */
	uint64_t issued;          /* when it was bought, as was said of it; 0: nothing was */
};

/* A record of use: counted once for its source and its number there. */
struct record_use {
	int64_t steps;
	uint64_t entry;
	uint64_t disputed_entry; /* that said another quantity; 0: none */
	uint64_t taken_back;     /* the entry that said it was a slip; 0: it counts */
	char entitlement[TEXT_ID_SIZE];
};

/* What a merchant sold of an issuer's batch. */
struct record_batch {
	uint64_t lots;
	int64_t exposure; /* what is left of them */
};

/* After the bar date a claim is taken with an excuse, and ruled on when that was accepted. */
enum claim_late { CLAIM_IN_TIME, CLAIM_LATE, CLAIM_ADMITTED };

/* Whether RECORD_HEARING has a row of it, and for what of that it waits. */
enum claim_hearing {
	HEARING_NONE,    /* there is none */
	HEARING_OVER,    /* it waits for nothing of it */
	HEARING_ANSWER,  /* for the merchant's answer, */
	HEARING_CONSENT, /* for who agrees to what was proposed, */
	HEARING_APPEAL,  /* for the judgment of its ruling's appeal */
	HEARING_TOP_UP,  /* for the payout of what that gave, after one was ordered, */
	HEARING_CLOSED,  /* for nothing: it is closed */
};

struct record_claim {
	int64_t loss;
	int64_t approved;
	int64_t received;     /* from others: what is paid and this are within the loss */
	int64_t paid;         /* settled now */
	int64_t deposit_part; /* of the payout under way: out of the deposit and the instruments */
	int64_t advance_part;
	int64_t settled_advance;  /* of `paid` */
	int64_t asked;            /* the sum that was filed; 0: none was said */
	int64_t clawed;           /* of what was paid and is asked back: out of the advance, and so on 1120 */
	int64_t clawed_off;       /* of which was written off, and is in the memo */
	int64_t clawed_pool;      /* out of the pool */
	int64_t clawed_recovered; /* beside that: of what recoveries were paid out for it */
	int64_t clawed_off_rest;  /* of these two was written off, which is in the memo alone */
	uint64_t voided;          /* the entry by which it fell for good; 0: none */
	uint64_t offer;           /* the entry that accepted one for it; 0: none */
	int64_t surplus;          /* interest and uncovered loss paid out of recoveries */
	uint64_t filed_entry;
	uint64_t decided_entry;
	uint64_t last_entry;
	uint64_t settled_entry; /* the one by which its payout was settled last; 0: it never was */
	uint64_t settled_line;  /* the entry that the bank's line is of by which it was; 0: none was named */
	uint64_t given_back; /* the last one by which something came back of it, that was too much; 0: none */
	int64_t given;       /* of that payment, so much */
	uint64_t due;        /* of the next action */
	uint32_t incident;
	uint32_t section; /* its merchant, as in all records of one */
	uint32_t state;
	uint32_t payout;
	uint32_t instalment;
	uint32_t filer; /* keys */
	uint32_t decider;
	uint32_t instructor;
	uint32_t owner;
	uint32_t late;        /* enum claim_late */
	uint32_t settled_of;  /* the state of its payout before that settled it */
	uint32_t hour;        /* in which it waits, from 1970 on: see record_desk.h; 0: it never did */
	uint16_t desk;        /* 1: RECORD_DESK has a row of it */
	uint16_t replaced;    /* 1: it fell, and another one has its lot since */
	uint16_t hearing;     /* enum claim_hearing */
	uint16_t reported;    /* 1: RECORD_REPORT has a row of its payment */
	uint32_t filed_at;    /* in seconds since 1970 */
	uint32_t answered_in; /* seconds until it was answered (rules/desk/README.md), and one; 0: never */
	uint32_t paid_in;     /* the same until something of it was paid first */
	uint16_t paid_first;  /* 1: by the payment of `settled_entry` */
	uint16_t restarts;    /* 1: the claim that its lot had before was given up */
	char entitlement[TEXT_ID_SIZE];
	int64_t back_deposit; /* of an earlier payment that came back while another is under way: sent again when that has ended */
	int64_t back_advance;
	int64_t said_left;   /* units that the consumer says are left of the lot; 0: nothing was said */
	uint32_t listed;     /* kinds of evidence on its list (record_listed), */
	uint32_t papers;     /* of which so many papers are held, */
	uint32_t lacking;    /* and so many kinds are needed still */
	uint32_t unasked;    /* of which nobody was asked for so many, */
	uint32_t overdue;    /* and the consumer for so many in vain */
	uint32_t awaited;    /* kinds that are asked for, needed or not */
	uint64_t said_entry; /* that said what is left last; 0: the filing */
	uint32_t
		intake; /* the incident that it was filed in: by whose rules it can be refused, wherever it is moved */
	uint16_t
		said_shown; /* 1: a hash shows what the consumer says is left; 0: it is as it was written down */
	uint16_t on_rail; /* 1: its last payment was ordered on a rail, and RECORD_RAIL_ORDER has it */
};

/* What of it is ordered, or back, and not made: of its last payment, and of one that came back beside that. */
static inline int64_t record_claim_ordered_pool(const struct record_claim *claim)
{
	return claim->deposit_part + claim->back_deposit;
}
static inline int64_t record_claim_ordered_advance(const struct record_claim *claim)
{
	return claim->advance_part + claim->back_advance;
}
static inline int64_t record_claim_ordered(const struct record_claim *claim)
{
	return record_claim_ordered_pool(claim) + record_claim_ordered_advance(claim);
}

/*
 * What was ordered out of it, and did not come back for good. Of one that was made what came back beside it alone is out and not paid:
 * until that entry has turned it.
 */
static inline int64_t record_claim_out(const struct record_claim *claim)
{
	bool made = claim->payout == PAYOUT_SETTLED;
	return claim->paid + (made ? claim->back_deposit + claim->back_advance : record_claim_ordered(claim));
}

/* What is asked back of it, and neither back nor written off. */
static inline int64_t record_claim_asked(const struct record_claim *claim)
{
	return claim->clawed - claim->clawed_off + claim->clawed_pool + claim->clawed_recovered -
	       claim->clawed_off_rest;
}

/* Where the money of a payment lies that was ordered and is not made: in transit, or back, as it never left or came back; or apart. */
enum claim_money { CLAIM_MONEY_NONE, CLAIM_MONEY_TRANSIT, CLAIM_MONEY_BACK, CLAIM_MONEY_UNCLAIMED };
static inline enum claim_money record_claim_money(const struct record_claim *claim)
{
	switch ((enum payout_state)claim->payout) {
	case PAYOUT_INSTRUCTED:
	case PAYOUT_REISSUED:
	case PAYOUT_ACCEPTED:
	case PAYOUT_AWAITING:
	case PAYOUT_UNKNOWN:
		return CLAIM_MONEY_TRANSIT;
	case PAYOUT_RETURNED:
	case PAYOUT_REJECTED:
	case PAYOUT_EXPIRED:
	case PAYOUT_STOPPED:
		return CLAIM_MONEY_BACK;
	case PAYOUT_UNCLAIMED:
		return CLAIM_MONEY_UNCLAIMED;
	case PAYOUT_DRAFT:
	case PAYOUT_CHECKED:
	case PAYOUT_SETTLED:
	case PAYOUT_CANCELLED:
		break;
	}
	return CLAIM_MONEY_NONE;
}

/* Somebody is to do something about it: it is neither paid nor kept for who was not found, something is asked back of it, its ruling is appealed, or what that gave is not ordered. */
static inline bool record_claim_waits(const struct record_claim *claim)
{
	bool kept = claim->state == CLAIM_PAYING && claim->payout == PAYOUT_UNCLAIMED;
	return (claim->state != CLAIM_PAID && claim->state != CLAIM_CLOSED &&
		       claim->state != CLAIM_REJECTED && claim->state != CLAIM_WITHDRAWN &&
		       claim->state != CLAIM_LINKED && !kept) ||
	       claim->hearing == HEARING_APPEAL || claim->hearing == HEARING_TOP_UP ||
	       record_claim_asked(claim) > 0;
}

/* Money that a claimant had from somebody else, by its number at its source. */
struct record_elsewhere {
	int64_t amount;
	uint64_t entry;
	uint64_t kind;
	char claim[TEXT_ID_SIZE];
};

/* What an issuer offers holders to settle for: of the loss, or for each claim. */
struct record_offer {
	struct unit unit;
	int64_t rate; /* 0: an amount is offered */
	int64_t amount;
	uint64_t until;
	uint64_t entry;
	uint32_t incident;
	uint32_t issuer;
};
