/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/amount.h"
#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: the ledger itself, those who act in it, and what it is governed and watched by. */

/* ---- the ledger itself, parties and their keys (H1, I1) ---- */

enum { RECORD_PLACES_MAX = 4 };
struct record_ledger {
	char origin[104];
	char log_key[168];
	uint64_t ahead; /* clock.advance: nanoseconds that time runs ahead of the host's */
	uint64_t test;  /* opened with purpose test */
	uint64_t held;  /* the entry that holds all clocks; 0: they strike */
	uint64_t held_last;
	uint64_t places; /* whose days are noted, beside UTC's: see day.h */
	int32_t east[RECORD_PLACES_MAX];
};

struct record_party {
	uint64_t entry;
	uint32_t number;
	uint32_t kinds;
	uint32_t concerned; /* kinds that entries made it: a merchant, an issuer, liable */
	uint32_t
		deciders; /* keys in force whose roles decide; of the party that runs the ledger none are counted */
};

struct record_key {
	uint8_t bytes[32];
	uint64_t entry;
	uint64_t revoked_entry;
	uint32_t number;
	uint32_t roles;
	uint32_t party;
	uint32_t revoked;
	uint32_t person;     /* the number of the first key that this person had here */
	uint32_t rotated_to; /* the key that took its place at `revoked_entry`; 0: none */
	uint32_t current;    /* in a person's first key: the person's last key */
	uint32_t reserved;
};

/* ---- published policies (E1, C1), rules, reasons and calendars (E3) ---- */

enum policy_scheme { POLICY_FULL, POLICY_CAPPED, POLICY_PERCENTAGE, POLICY_DEPOSIT_ONLY };
enum waterfall_claim {
	WATERFALL_COSTS,
	WATERFALL_ADVANCES,
	WATERFALL_UNCOVERED,
	WATERFALL_INTEREST,
	WATERFALL_CLAIMS
};
enum { WATERFALL_RANKS = 9 };

/* How much of a deposit an incident freezes: all, or what open lots and claims could need. */
enum policy_freeze {
	POLICY_FREEZE_ALL,
	POLICY_FREEZE_NEEDED,  /* what open lots and claims could need */
	POLICY_FREEZE_CLAIMED, /* what is claimed: of an incident that stands (D11) */
};

/* What follows when a merchant does not answer to a claim: nothing, or it is taken to have accepted it. */
enum policy_silence { POLICY_SILENCE_EVIDENCE, POLICY_SILENCE_ACCEPTED };

struct record_policy {
	struct unit unit;
	uint64_t entry;
	int64_t cap;  /* 0: none */
	int64_t rate; /* hundredths of a percent */
	int64_t claim_days;
	int64_t decision_hours;
	int64_t decision_days; /* instead of the hours, by the calendar; 0: hours count */
	int64_t payout_days;
	int64_t notice_days; /* of a merchant's exit */
	int64_t tail_days;
	int64_t refund_days;
	int64_t appeal_days; /* of a deduction, of a ruling */
	int64_t appeal_decision_days;
	uint64_t freeze;           /* enum policy_freeze */
	int64_t close_days;        /* between two proposals to close an incident */
	int64_t interim;           /* hundredths of a percent of what is decided; 0: none */
	uint64_t no_disadvantage;  /* consumers' own loss comes before the advances */
	int64_t evidence_hours;    /* that whoever is asked for evidence has at least; 0: none is published */
	int64_t evidence_days;     /* and at most */
	int64_t promise_days;      /* ahead of which a promise may be due */
	int64_t unclaimed_notices; /* after which a payment is unclaimed, 0: never is, */
	int64_t unclaimed_days;    /* and how long after the first of them at least */
	int64_t answer_hours;      /* that a merchant has to answer to a claim; 0: it is not asked */
	uint64_t silence;          /* enum policy_silence */
	uint64_t listed;           /* kinds of evidence on its list (record_checklist) */
	uint64_t denials;          /* rules by which a loss is denied (record_denials) */
	uint32_t scheme;
	uint8_t rank[WATERFALL_CLAIMS]; /* 1 is served first; equal ranks share; 0: not served */
	char calendar
		[TEXT_ID_SIZE]; /* whose working days decision_days, payout_days and refund_days count; empty: any day */
};

/* Which version of a rule is in force (H8), and by which entry. */
struct record_rule {
	uint64_t entry;
	uint64_t version;
};

/* What people read for a code, in Chinese and in English, and which published version said so last. */
enum { RECORD_TEXTS_MAX = 120 };
struct record_texts {
	uint64_t version;
	uint64_t denies_loss; /* of a ruling: it says that nothing was lost, or less */
	char zh[RECORD_TEXTS_MAX];
	char en[RECORD_TEXTS_MAX];
};

/* A year of a calendar as it was published last. Its exceptions are where `works` differs from the weekend. */
enum { CALENDAR_WORDS = 6 };

struct record_calendar {
	uint64_t entry;
	uint64_t works[CALENDAR_WORDS]; /* a bit for each day of the year, 1 January first */
	uint32_t version;
	uint32_t weekend;       /* a bit for each day of the week, Monday first */
	int32_t offset_minutes; /* of its days, east of UTC */
	uint32_t reserved;
};

/* ---- accounts, what moved them, and requests that were taken ---- */

struct record_account {
	int64_t balance;
	uint64_t last_entry;
	uint64_t postings;
	uint64_t page; /* the first entry of the last page of its history */
	uint32_t number;
	uint32_t digits; /* of the unit, to show amounts without looking it up */
	uint64_t step;
	amount_sum debits; /* all that came in; what went out is these less the balance */
};

/* How an account stood before the first entry of a page of its history; movements follow: see history.h. */
struct record_history {
	int64_t balance;
	amount_sum debits;
};

struct record_request {
	uint64_t number;
	uint8_t content[32];
};

struct record_stored {
	uint64_t day; /* from 1970-01-01 */
	uint64_t bytes;
};

/* ---- limits on one person alone (H2), proposals, break-glass (H6) ---- */

enum proposal_state {
	PROPOSAL_OPEN = 1,
	PROPOSAL_APPROVED,
	PROPOSAL_REJECTED,
	PROPOSAL_EXPIRED,
	PROPOSAL_BREAK_GLASS, /* carried out without all approvals */
};

enum { PROPOSAL_APPROVALS_MAX = 8 };
struct record_proposal {
	uint64_t closed_entry;
	uint64_t expires;                           /* a clock; 0: it is closed */
	uint32_t approvers[PROPOSAL_APPROVALS_MAX]; /* keys that agreed so far */
	uint32_t given;
	uint32_t needed;
	uint32_t maker; /* key */
	uint32_t state;
	char claim[TEXT_ID_SIZE]; /* that it is about; empty: about none that there is */
	uint32_t incident;        /* of one that is about no claim: that it names; 0: none that there is */
	uint32_t party;           /* the same: the merchant or party that it names */
};

/* A proposal carried out without the approvals that were missing (H6), by the entry that did it. */
enum break_glass_finding { BREAK_GLASS_OPEN, BREAK_GLASS_JUSTIFIED, BREAK_GLASS_UNJUSTIFIED };

struct record_break_glass {
	struct unit unit;  /* of the amount; no code: it moved no money */
	int64_t amount;    /* its largest posting of money */
	uint64_t proposal; /* the entry that proposed it */
	uint64_t used;     /* instants */
	uint64_t due;
	uint64_t clock;         /* strikes when the review is overdue; 0: it has, or is not needed */
	uint64_t overdue_entry; /* the clock's; 0: it never was */
	uint64_t review_entry;  /* 0: not reviewed yet */
	uint32_t maker;         /* keys */
	uint32_t user;
	uint32_t reviewer;
	uint32_t finding;
	uint32_t given; /* approvals */
	uint32_t missing;
	char command[TEXT_ID_SIZE];
	char reason[TEXT_ID_SIZE];
	char review_reason[TEXT_ID_SIZE];
};

/* Limits beyond which a command waits for other people (H2). */
enum authority_break_glass { AUTHORITY_FORBIDDEN, AUTHORITY_ALLOWED };

enum authority_span { AUTHORITY_SINGLE, AUTHORITY_DAY, AUTHORITY_INCIDENT };
enum { AUTHORITY_LIMITS_MAX = 32, AUTHORITY_CEILINGS_MAX = 8 };

struct record_limit {
	struct unit unit;
	int64_t steps; /* up to which one person decides */
	uint32_t span;
	uint32_t approvals;
	char command[TEXT_ID_SIZE];
};

/* What no amount is above: it would be a slip, whoever agrees. */
struct record_ceiling {
	struct unit unit;
	int64_t steps;
};

struct record_control {
	uint64_t entry;
	uint64_t version;
	uint64_t proposal_hours;
	uint64_t custody_hours;
	uint64_t review_hours; /* a use of break-glass is reviewed within */
	uint64_t quota_key;    /* MiB that are stored in a day */
	uint64_t quota_party;
	uint64_t break_glass; /* enum authority_break_glass */
	uint64_t
		jump_seconds; /* how far the host's clock may be from what was counted before clocks are held, */
	uint64_t gap_hours;      /* and how far it may have run on while the service stood still */
	uint64_t suspense_days;  /* after which what nobody has named is escalated */
	uint64_t suspense_owner; /* the number of the party that finds out; 0: the one that runs the ledger */
	uint64_t file_hours;     /* after which a bank's file that was begun and not ended is late */
	uint64_t count;
	uint32_t
		interest_to; /* the number of the party that a bank's interest is owed to; 0: nobody was named */
	int32_t east;        /* of UTC, in minutes: where the days are that limits count */
	char calendar[TEXT_ID_SIZE]; /* whose days they are; empty: UTC's */
	struct record_limit limits[AUTHORITY_LIMITS_MAX];
	struct record_ceiling ceilings[AUTHORITY_CEILINGS_MAX]; /* ended by one of no unit */
};

/* ---- clocks that are held (E3) ---- */

/* What the host's clock said when all clocks were held, against the time that was counted on without it. */
enum clock_hold_ending { CLOCK_HOLD_OPEN, CLOCK_HOLD_AGREED, CLOCK_HOLD_CONFIRMED, CLOCK_HOLD_SUPERSEDED };

struct record_clock_hold {
	uint64_t host; /* instants of the host, */
	uint64_t counted;
	uint64_t since; /* and of the ledger */
	uint64_t until; /* clocks that were due by then waited for its end; 0: it is open */
	uint64_t ended_entry;
	uint64_t struck; /* how many of them have struck by now */
	uint32_t ending;
	uint32_t confirmed_by; /* key; 0: nobody */
};

/* ---- lines of banks' statements ---- */

enum bank_direction { BANK_CREDIT, BANK_DEBIT };

/* What commands have named of a line, and what it is of: what they named, unless the custodian said it by itself. */
struct record_bank_line {
	int64_t amount;
	int64_t booked;
	uint64_t entry;   /* that named it first */
	uint64_t request; /* and in which request: its other commands may share a line that nobody stated */
	uint64_t named;   /* the entry that named it last */
	uint64_t stated;  /* the entry that said what the bank says; 0: nobody did */
	uint64_t day;     /* on which the bank booked it, where it was stated */
	uint32_t direction;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
	/* zeroes where no file came: see rules/bank_file/README.md */
	int64_t early;      /* of what is booked, before it was stated: cash of that entry's day */
	uint64_t statement; /* the file in which it stands with what the account held, by its entry */
	uint64_t notice;    /* and the one that told of it before, or without that */
};

/* What came in and nobody has named, by the entry that stated its line: see rule/unidentified.h. */
struct record_unidentified {
	struct unit unit;
	int64_t left;   /* on 2160 */
	uint64_t since; /* instant of the entry */
	uint64_t due;
	uint64_t clock;           /* strikes then; 0: it has, or nothing is left */
	uint64_t escalated_entry; /* the clock's; 0: it has not struck */
	uint64_t sending_entry;   /* that has it sent back to where it came from; 0: none */
	uint64_t last_entry;      /* the last one to change what is left, or what becomes of it */
	uint32_t custodian;
	uint32_t owner;          /* who is to find out */
	char line[TEXT_ID_SIZE]; /* of the custodian's bank */
};

/* ---- what can be taken back: see rule/booked.h ---- */

enum booked_kind {
	BOOKED_DEPOSIT,
	BOOKED_HOLD,
	BOOKED_WITHDRAWAL,
	BOOKED_INSTRUMENT,
	BOOKED_INSTRUMENT_PAID,
	BOOKED_LOT,
	BOOKED_USE,
	BOOKED_EXIT,
	BOOKED_FEE,
	BOOKED_FEE_REPAID,
	BOOKED_INTEREST,
	BOOKED_INTEREST_PAID,
	BOOKED_LINE,
	BOOKED_RETURNED,
	BOOKED_RECOVERY,
	BOOKED_REMITTANCE,
	BOOKED_COST,
	BOOKED_ADJUDGED,
	BOOKED_WRITE_OFF,
	BOOKED_RELEASE,
	BOOKED_FUNDING,
	BOOKED_ELSEWHERE,
	BOOKED_APPORTIONMENT,
	BOOKED_SURPLUS,
	BOOKED_BOUNCE,
	BOOKED_SETTLEMENT,
	BOOKED_RESTORED,
	BOOKED_GIVEN_BACK,
	BOOKED_DISTRIBUTION,
	BOOKED_REPAYMENT,
	BOOKED_CALL,
	BOOKED_REFUSED,
	BOOKED_UNNEEDED,
	BOOKED_CANCELLED,
	BOOKED_RENEWED,
	BOOKED_CONFIRMED,
	BOOKED_TO_ESTATE,
	BOOKED_CAME_BACK,
	BOOKED_DECIDED,
	BOOKED_EXIT_REQUEST,
	BOOKED_REPORT,
	BOOKED_SET_OFF,
};

/* What a correction does with what it names. A judgment that replaces another stands in its place, and has its own sum. */
enum booked_effect { BOOKED_BOOKS, BOOKED_TAKES_BACK, BOOKED_REPLACES };

/* Why a deposit, or what a funder paid in, is taken back: it was booked by a slip, or its bank returned it unpaid. */
enum booked_why { BOOKED_SLIP, BOOKED_BOUNCED };

/* Of a return: whose payment it was that came back. */
enum booked_returned { BOOKED_CLAIMS, BOOKED_PAID_TWICE };

/* What an entry booked, or took back, or booked again. */
struct record_booked {
	struct unit unit;
	int64_t amount;
	int64_t back; /* of which entries have taken back so much; all of it with the one that `corrected_by` names */
	uint64_t instant;
	uint64_t corrects;     /* the entry that this one corrects; 0: none */
	uint64_t corrected_by; /* 0: it stands, or a part of it */
	uint64_t before;       /* of a hold: when it was to expire; of use: the entry of what was
			       known until then; of a withdrawal or an appeal: which one; of
			       recourse: the section's party; of a top-up of an insolvent merchant's: the
			       entry that it came by; of a return: the entry that had settled it, or the
			       order that was paid twice by it */
	uint64_t
		line_entry; /* of a return: the entry that the line is of by which it was settled; 0: none was named */
	int64_t of_deposit; /* given back of a payment: so much of what it paid out of the deposit, */
	int64_t of_advance; /* and of the advance */
	uint32_t kind;
	uint32_t custodian;  /* who attested it; 0: an operator said it */
	uint32_t takes_back; /* an enum booked_effect */
	uint32_t account;    /* code of the one that money went to */
	uint32_t
		was; /* of use: the evidence that there was until then; of what takes a deposit or funding back: an
			enum booked_why; of a distribution: the incident's state, */
	uint32_t is;                  /* and with it */
	char id[TEXT_ID_SIZE];        /* whose or of what it is */
	char reference[TEXT_ID_SIZE]; /* of that account, or the incident that it is of */
	char line[TEXT_ID_SIZE];      /* of the bank; empty: none */
};

/* ---- attested custody (A7), and where bank and ledger differ ---- */

/* Whose days a custodian's are: those of a calendar's place. Where there is none they are UTC's. */
struct record_place {
	uint64_t entry;
	uint64_t since; /* the first day of this place; those before are of the place before */
	int32_t east;   /* minutes, of UTC */
	int32_t east_before;
	char calendar[TEXT_ID_SIZE];
};

/* What a custodian attested last in a unit; days are counted from 1970-01-01. */
struct record_custody {
	uint64_t attested_entry;
	uint64_t day;
	uint64_t due;            /* stale from then on */
	uint64_t clock;          /* strikes then; 0: it has */
	uint64_t stale_entry;    /* 0: fresh */
	uint64_t open_break;     /* 0: none */
	int64_t explained;       /* the difference that breaks were resolved with, and that is not booked */
	uint64_t explained_day;  /* since which one; 0: nothing is */
	uint64_t explained_from; /* by breaks that ended after this entry: with it bank and ledger agreed */
};

struct record_attestation {
	uint64_t day;
	uint64_t as_of; /* the last entry of that day: what the balance was held against */
	int64_t balance;
	int64_t difference; /* above zero: the custodian has more than the ledger says */
	int64_t later;      /* what entries after that day brought of lines that the bank booked by then */
	int64_t explained;  /* of the difference, before */
	uint64_t gap;       /* the break that lists what is not; 0: none needed */
	uint32_t custodian;
	int32_t east; /* of UTC, in minutes: where it was that day */
	char unit[UNIT_CODE_SIZE + 4];
};

enum custody_ending { CUSTODY_OPEN, CUSTODY_AGREED, CUSTODY_RESOLVED };
struct record_break {
	uint64_t first_day;
	uint64_t last_day;
	uint64_t last_entry; /* the last attestation that differed, by so much beyond what was explained: */
	int64_t difference;
	int64_t explained;    /* what of it stands explained since, and is not booked */
	uint64_t ended_entry; /* 0: open */
	uint32_t custodian;
	uint32_t ending;
	char unit[UNIT_CODE_SIZE + 4];
};
