/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/split.h"
#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: what covers consumers, from a merchant's deposit to the recourse for what was advanced. */

/* ---- deposits (A1), holds on them, exits (A5) ---- */

struct record_deposit {
	uint64_t first_entry;
	uint64_t last_entry;
	uint32_t merchant;
	uint32_t custodian;
	uint32_t state;
	uint32_t incident; /* that froze it; 0: none */
};

struct record_hold {
	int64_t held;     /* what is left of it */
	uint64_t expires; /* a clock; 0: open-ended, or it has struck */
	uint64_t entry;
	uint32_t merchant;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
};

/* A merchant's exit (A5). */
enum { EXIT_ITEMS_MAX = 32 };

struct record_exit {
	struct unit unit;
	uint64_t entry;
	uint64_t requested; /* instants */
	uint64_t notice_ends;
	uint64_t tail_ends;
	uint64_t due;          /* the custodian pays by then; 0: there is nothing to pay */
	uint64_t notice_clock; /* when each strikes; 0: it has, or there is nothing to wait for */
	uint64_t tail_clock;
	uint64_t refund_clock;
	uint64_t closed_entry;  /* nothing of it is held any more; 0: it is under way */
	uint64_t overdue_entry; /* the clock's, when it did not; 0: it is not overdue */
	int64_t refund_days;
	int64_t retained; /* sum of the items that are not released */
	int64_t refunded;
	int64_t overdue; /* what the custodian should have paid by now; above zero where it is overdue */
	uint32_t merchant;
	uint32_t state;
	uint32_t blocks; /* incidents that took what was held, and are not done with it */
	uint32_t items;
	uint32_t policy_version;
	uint32_t reserved;
	char policy[TEXT_ID_SIZE];
};

struct record_exit_item {
	int64_t amount;
	uint64_t entry;
	uint64_t released_entry; /* 0: kept back */
	char reason[TEXT_ID_SIZE];
};

/* All that are overdue in a unit. */
struct record_exit_overdue {
	uint64_t exits;
	int64_t steps;
};

/* ---- what secures a merchant's customers (A2, A3, A6, A8) ---- */

/* How much a merchant has to lodge (A2): a version of a policy. */
enum requirement_basis { REQUIREMENT_FIXED, REQUIREMENT_RATIO };
enum issuer_class { CLASS_SCALE, CLASS_GROUP, CLASS_BRAND, CLASSES };
struct record_requirement {
	struct unit unit;
	uint64_t entry;
	int64_t amount;         /* basis fixed */
	int64_t ratio[CLASSES]; /* hundredths of a percent of what is not performed, by the issuer's class */
	int64_t offset_share; /* of what is required, that instruments may stand for: hundredths of a percent */
	int64_t top_up_days;
	uint32_t basis;
	uint32_t reserved;
	char calendar[TEXT_ID_SIZE]; /* whose working days they are; empty: plain days */
};
struct record_class {
	uint64_t entry;
	uint64_t issuer_class;
};

/* What a merchant owes in prepaid value in a currency, and what secures it. */
enum { COLLATERAL_ISSUERS_MAX = 64 };
struct record_collateral {
	struct unit unit;
	int64_t held;        /* of its deposit: available, frozen, held by an exit */
	int64_t exposure;    /* prepaid and not performed, over all issuers */
	int64_t instruments; /* what is left of the limits of those in force */
	int64_t gross;       /* required, before instruments are offset */
	int64_t required;
	int64_t shortfall;
	uint64_t duty;       /* the entry that opened the duty to top up; 0: none */
	uint64_t due;        /* of it */
	uint64_t clock;      /* that restricts it then; 0: it has, or there is no duty */
	uint64_t restricted; /* the entry by which it is overdue; 0: it is not */
	uint64_t withdrawal; /* the entry of the one under way; 0: none */
	uint64_t assigned;   /* the entry that put it under its policy */
	uint32_t merchant;
	uint32_t custodian;
	uint32_t issuers;
	uint32_t policy_version; /* 0: nothing is required */
	char policy[TEXT_ID_SIZE];
};

/* An issuer's share of what secures a merchant that sold its cards. */
struct record_share {
	int64_t cash;
	int64_t instruments;
};

struct record_issuer {
	struct unit unit;
	int64_t exposure;    /* over all merchants and channels */
	int64_t cash;        /* the shares added up, whoever keeps it */
	int64_t instruments; /* and of instruments */
	uint64_t looked;     /* the entry that looked at it last; 0: none did */
	uint64_t alert;      /* the entry that found it at another level than before; 0: none did */
	uint64_t watch;      /* when it is looked at next; 0: it is not */
	uint32_t level;      /* how many thresholds its coverage is below */
	uint32_t issuer;
};

/* Thresholds of coverage (A8), from the highest down. */
enum { WARNING_LEVELS_MAX = 8 };
struct record_threshold {
	int64_t below; /* hundredths of a percent */
	char level[TEXT_ID_SIZE];
};
struct record_warning {
	uint64_t entry;
	uint64_t version;
	uint64_t watch_hours;
	uint64_t count;
	struct record_threshold thresholds[WARNING_LEVELS_MAX];
};
struct record_alert {
	int64_t exposure;
	int64_t cash;
	int64_t instruments;
	uint64_t ratio; /* hundredths of a percent, at most COVERAGE_RATIO_MAX */
	uint32_t issuer;
	uint32_t level;
	uint32_t before;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
};

/* What reaches many merchants or issuers is done in steps, by clocks. */
enum { SWEEP_KEY_SIZE = 160 };
struct record_sweep {
	uint64_t kind;
	uint64_t done;
	uint64_t prefix; /* how much of the key all rows begin with */
	uint64_t size;   /* of the key to go on from */
	uint64_t clock;  /* of the next step */
	uint8_t key[SWEEP_KEY_SIZE];
};

/* A sign of default (A3): nothing of the merchant's is paid out while it stands. */
struct record_signal {
	uint64_t entry;
	uint64_t expires; /* a clock; 0: open-ended */
	char reason[TEXT_ID_SIZE];
};

struct record_withdrawal {
	struct unit unit;
	int64_t amount;
	uint64_t requested; /* instant */
	uint64_t closed_entry;
	uint32_t merchant;
	uint32_t custodian; /* who is to pay it */
	uint32_t state;
	uint32_t reserved;
};

/*
 * What secures a merchant's obligations beside its deposit (A6). At every time
 *
 *   left = limit + given_back − called − lapsed
 */
enum instrument_kind {
	INSTRUMENT_BOND,
	INSTRUMENT_INSURANCE,
	INSTRUMENT_GUARANTEE_FUND,
	INSTRUMENT_BLOCKED_SETTLEMENT,
};
struct record_instrument {
	struct unit unit;
	uint64_t entry;
	uint64_t expires;
	uint64_t clock;       /* strikes then; 0: it has ended */
	uint64_t ended_entry; /* 0: it has neither expired nor been cancelled */
	int64_t limit;        /* in aggregate */
	int64_t claim_limit;  /* for each claim; 0: none */
	int64_t deductible;   /* from each claim */
	int64_t left;         /* of the limit; zero once it has ended */
	int64_t called;
	int64_t given_back; /* called, refused, and in the limit again */
	int64_t lapsed;     /* was left when it ended */
	uint32_t merchant;
	uint32_t provider;
	uint32_t kind;
	uint32_t draw; /* 1 is drawn first; then by id */
	uint32_t state;
	uint32_t incidents; /* that it was called for */
	uint8_t document_hash[32];
};

/* What was called from an instrument for a section; one receivable at a time, under the entry that opened it. */
struct record_instrument_call {
	int64_t called;
	int64_t paid;
	int64_t refused;
	int64_t used;     /* of what was paid: shared out */
	int64_t returned; /* of what was paid: owed to its provider again */
	uint64_t round;   /* the section's last one when it was called last, */
	int64_t claimed;  /* and what was called for the claims decided since that round */
	uint64_t entry;   /* of the receivable, and its instant */
	uint64_t since;
	uint64_t last_entry;
};

/* ---- incidents (B1) and what was shared out in them ---- */

/* Kinds of rounds: what is shared out among the decided claims of a section. */
enum round_kind { ROUND_DEPOSIT = 1, ROUND_UNCOVERED = 2, ROUND_INTEREST = 3, ROUND_KINDS = 4 };

struct record_incident {
	struct unit unit;
	uint64_t entry;
	uint64_t bar_date;
	uint64_t clock;     /* strikes when the claim window closes */
	int64_t funded;     /* of what is advanced: the funder paid it in */
	int64_t instructed; /* payouts ordered so far */
	uint32_t number;
	uint32_t merchant;
	uint32_t issuer;
	uint32_t funder;
	uint32_t state;
	uint32_t policy_version;
	uint32_t stays; /* appeals that stay payment */
	uint32_t reserved;
	char policy[TEXT_ID_SIZE];
	char id[TEXT_ID_SIZE];
};

/*
 * A section: what an incident is to one merchant, its claims and its pool. What that merchant lodged and what insures it
 * secures them and nothing else. Accounts are the incident's: what they hold is the sum over its sections.
 */
struct record_section {
	uint64_t last_round_entry; /* decided after this one: not distributed yet */
	uint64_t claims_filed;
	uint64_t claims_linked;
	uint64_t claims_decided; /* approved */
	uint64_t claims_rejected;
	uint64_t claims_paid;
	int64_t loss;                /* provable, of the approved claims */
	int64_t promised;            /* of which by the scheme */
	int64_t shared_loss;         /* of the claims that are in a round */
	int64_t pool_taken;          /* of the deposit and the instruments: shared out so far */
	int64_t from_instruments;    /* of which the instruments paid */
	int64_t advanced;            /* approved as advance so far */
	int64_t paid;                /* settled, returns taken off */
	int64_t perfected;           /* of which is advance, and so recourse */
	int64_t interest;            /* adjudged to the consumers */
	int64_t uncovered_collected; /* for consumers' uncovered loss, out of recoveries, and not paid out yet */
	int64_t interest_collected;
	int64_t restored;          /* of the pool: appeals gave it back to the deposit, the funder bears it */
	int64_t restored_recourse; /* of which the funder paid in before the recourse was apportioned */
	uint64_t apportioned_entry;   /* 0: not yet */
	uint32_t incident;            /* its number */
	uint32_t party;               /* the merchant; it names the section in the incident */
	uint32_t custodian;           /* who keeps the pool, and pays */
	uint32_t joint;               /* the liable parties are joint and several */
	uint32_t recourse_state;      /* before apportionment */
	uint32_t rounds[ROUND_KINDS]; /* by round kind */
	uint32_t reserved;
};

/* ---- entitlements (C1), claims (C2) and what is shared out among them (D4) ---- */

enum evidence_state { EVIDENCE_NONE, EVIDENCE_CONFIRMED, EVIDENCE_ABSENT, EVIDENCE_UNAVAILABLE };
struct record_entitlement {
	struct unit unit;
	struct unit currency;
	int64_t quantity; /* the lot: issued */
	int64_t consumed;
	int64_t extinguished;
	int64_t cost; /* what was paid for the lot */
	uint64_t issue_entry;
	uint64_t evidence_entry;
	uint64_t claim_entry; /* 0: not claimed */
	uint32_t issuer;
	uint32_t merchant;
	uint32_t evidence;
	uint32_t reserved;
};

struct record_claim {
	int64_t loss;
	int64_t approved;
	int64_t received;     /* from others, before: taken off the loss */
	int64_t paid;         /* settled now */
	int64_t deposit_part; /* of the payout under way: out of the deposit and the instruments */
	int64_t advance_part;
	int64_t inchoate;   /* of which is not recourse (yet, or any more) */
	uint64_t linked_to; /* the entry that filed the claim it repeats; 0: none */
	int64_t surplus;    /* interest and uncovered loss paid out of recoveries */
	uint64_t filed_entry;
	uint64_t decided_entry;
	uint64_t last_entry;
	uint64_t due; /* of the next action */
	uint32_t incident;
	uint32_t section; /* its merchant, as in all records of one */
	uint32_t state;
	uint32_t payout;
	uint32_t instalment;
	uint32_t filer; /* keys */
	uint32_t decider;
	uint32_t instructor;
	uint32_t owner;
	uint32_t reserved;
	char entitlement[TEXT_ID_SIZE];
};

struct record_decided {
	uint64_t entry;
	int64_t loss;
	int64_t approved;
};

/* One sharing-out among claims: the rule of the split, and the last claim that a tie favours. */
struct record_round {
	struct split split;
	uint64_t entry;
	uint64_t after; /* covers claims decided after this entry, before `entry` */
	uint64_t claims;
	int64_t from_instruments; /* of what is shared out; the rest is the deposit's */
	char last_tie[TEXT_ID_SIZE];
};

/* ---- who is liable, receipts from them, and what was written off (G) ---- */

struct record_liability {
	int64_t share;     /* hundredths of a percent */
	int64_t liability; /* its part of the loss */
	int64_t credited;  /* met by the deposit and the instruments before */
	int64_t recourse;  /* of which went to 1110, all told */
	int64_t uncovered; /* of which is the consumers' own claim */
	int64_t interest;  /* adjudged on top */
	int64_t received_recourse;
	int64_t received_uncovered;
	int64_t received_interest;
	int64_t received_costs;
	int64_t over_paid;
	int64_t written_off;
	uint32_t state;
	uint32_t party;
};

struct record_recovery {
	int64_t amount;
	int64_t allocated;
	int64_t reinstated; /* of write-offs that it brought back, before it is allocated */
	uint64_t entry;
	uint64_t allocated_entry;
	uint32_t incident;
	uint32_t section;
	uint32_t payer;
	uint32_t reserved;
};

struct record_write_off {
	int64_t amount;
	int64_t reinstated;
	uint64_t entry;
	uint32_t incident;
	uint32_t section;
	uint32_t party;
	uint32_t state;
};

/* ---- deductions (A4) and appeals of them (D7) ---- */

/* What a distribution took from a frozen deposit (A4). */
struct record_deduction {
	int64_t amount;
	uint64_t claims; /* decided ones that it rests on */
	uint64_t time;
	uint64_t until;  /* can be appealed */
	uint64_t appeal; /* entry; 0: none */
	uint32_t incident;
	uint32_t merchant;
	uint32_t approver; /* key */
	uint32_t reserved;
};

/* A merchant's appeal of a deduction (D7). */
struct record_appeal {
	uint64_t deduction;
	uint64_t lodged; /* instants */
	uint64_t due;
	uint64_t clock;         /* strikes then; 0: it has, or it is decided */
	uint64_t stayed_entry;  /* 0: payment was not stayed */
	uint64_t overdue_entry; /* the clock's, when nobody had decided in time; 0: it was not overdue */
	uint64_t decided_entry; /* 0: not yet */
	int64_t restored;       /* to the deposit, by the decision */
	int64_t funded;         /* of which the funder paid in */
	int64_t recourse;       /* of which became recourse */
	uint32_t state;
	uint32_t lodger; /* keys */
	uint32_t decider;
	uint32_t incident; /* the deduction's */
	char reason[TEXT_ID_SIZE];
};
