/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORD_H
#define RECORD_H

#include "base/split.h"
#include "store/state.h"
#include "base/text.h"
#include "base/unit.h"

/*
 * What the state holds: every table's key, and its records but for those of record_collateral.h. Records are the bytes of the structures
 * below, without padding, trailing zeroes cut off; keys begin with the table's letter. All of it is derived
 * from the log and private to this version: a change here is a new STATE format, rebuilt on open.
 */
enum record_table {
	RECORD_LEDGER = 'O',        /* -> record_ledger */
	RECORD_COUNTER = 'N',       /* letter -> u64 */
	RECORD_PARTY = 'P',         /* id -> record_party */
	RECORD_PARTY_NAME = 'p',    /* party number -> id */
	RECORD_KEY = 'K',           /* handle -> record_key */
	RECORD_KEY_NAME = 'k',      /* key number -> handle */
	RECORD_KEY_BYTES = 'b',     /* public key -> entry that registered it */
	RECORD_UNIT = 'U',          /* code -> struct unit */
	RECORD_POLICY = 'Y',        /* id, version -> record_policy */
	RECORD_DEPOSIT = 'D',       /* merchant, unit -> record_deposit */
	RECORD_HOLD = 'F',          /* id -> record_hold */
	RECORD_BANK_LINE = 'B',     /* custodian, bank reference -> entry */
	RECORD_INCIDENT = 'I',      /* incident number -> record_incident */
	RECORD_INCIDENT_NAME = 'i', /* id -> incident number */
	RECORD_ENTITLEMENT = 'E',   /* id -> record_entitlement */
	RECORD_CLAIM = 'C',         /* id -> record_claim */
	RECORD_DECIDED = 'c',       /* incident number, claim id -> record_decided */
	RECORD_ROUND = 'd',         /* incident number, kind, round -> record_round */
	RECORD_LIABILITY = 'L',     /* incident number, party -> record_liability */
	RECORD_RECOVERY = 'R',      /* id -> record_recovery */
	RECORD_WRITE_OFF = 'W',     /* id -> record_write_off */
	RECORD_PROPOSAL = 'X',      /* entry number -> record_proposal, command item */
	RECORD_ACCOUNT = 'A',       /* code, party, reference, unit -> record_account */
	RECORD_ACCOUNT_SUM = 's',   /* code, party, unit -> record_account: over all references */
	RECORD_HISTORY = 'H',       /* account number, entry -> record_history */
	RECORD_SUBJECT = 'T',       /* table letter, id, entry -> nothing */
	RECORD_DEADLINE = 'Z',      /* due, kind, subject -> the entry that set it */
	RECORD_REQUEST = 'Q',       /* party number, request id -> record_request */
	RECORD_CONTROL = 'V',       /* -> record_control */
	RECORD_USED = 'v',          /* command, unit, span, day or incident -> steps */
	RECORD_EXIT = 'G',          /* id -> record_exit */
	RECORD_EXIT_OPEN = 'g',     /* merchant, unit -> id of the exit under way */
	RECORD_EXIT_LIST = 'l',     /* merchant, exit -> the entry that requested it */
	RECORD_EXIT_ITEM = 'r',     /* exit, item -> record_exit_item */
	RECORD_EXIT_BLOCK = 'j',    /* exit, incident number -> the entry that declared it */
	RECORD_EXIT_OVERDUE = '6',  /* merchant, exit -> steps; none, unit -> record_exit_overdue */
	RECORD_DAY = 'J',           /* day -> its first entry */
	RECORD_CUSTODY = 'M',       /* custodian, unit -> record_custody */
	RECORD_ATTESTATION = 'm',   /* entry -> record_attestation */
	RECORD_BREAK = 'a',         /* the entry that began it -> record_break */
	RECORD_CALENDAR = 'z',      /* id, year -> record_calendar */
	RECORD_REQUIREMENT = '1',   /* policy, version -> record_requirement */
	RECORD_CLASS = '8',         /* issuer -> record_class */
	RECORD_COLLATERAL = 'S',    /* merchant, unit -> record_collateral */
	RECORD_SHARE = 'y',         /* issuer, unit, merchant -> record_share */
	RECORD_ISSUER = 'e',        /* issuer, unit -> record_issuer */
	RECORD_ISSUER_CASH = 'f',   /* issuer, unit, custodian number -> steps */
	RECORD_DUTY = 't',          /* due, merchant, unit -> the entry that opened it; open ones only */
	RECORD_WARNING = 'w',       /* unit -> record_warning */
	RECORD_ALERT = 'h',         /* entry -> record_alert */
	RECORD_SWEEP = 'x',         /* the entry that began it -> record_sweep; those under way */
	RECORD_SIGNAL = 'u',        /* merchant -> record_signal */
	RECORD_WITHDRAWAL = '7',    /* the entry that requested it -> record_withdrawal */
	RECORD_PAYABLE = '9',       /* custodian number, entry -> nothing: to be paid */
	RECORD_BREAK_GLASS = '5',   /* 0, entry -> record_break_glass; 1, entry: waits for its review */
	RECORD_DEDUCTION = '3',     /* the entry of the distribution -> record_deduction */
	RECORD_APPEAL = '4',        /* the entry that lodged it -> record_appeal */
	RECORD_STAY = '2',          /* incident number, appeal -> the entry that stayed payment */
	RECORD_INSTRUMENT = 'n',    /* id -> record_instrument */
	RECORD_INSTRUMENT_SET =
		'q',       /* 0, merchant, unit, draw, id: live; 1, party, id; 2, id, incident: called */
	RECORD_CALL = 'o', /* incident number, draw, instrument -> record_instrument_call */
};

struct record_ledger {
	char origin[104];
	char log_key[168];
	uint64_t ahead; /* clock.advance: nanoseconds that time runs ahead of the host's */
	uint64_t test;  /* opened with purpose test */
};

struct record_party {
	uint64_t entry;
	uint32_t number;
	uint32_t kinds;
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

enum policy_scheme { POLICY_FULL, POLICY_CAPPED, POLICY_PERCENTAGE, POLICY_DEPOSIT_ONLY };
enum waterfall_claim {
	WATERFALL_COSTS,
	WATERFALL_ADVANCES,
	WATERFALL_UNCOVERED,
	WATERFALL_INTEREST,
	WATERFALL_CLAIMS
};

struct record_policy {
	struct unit unit;
	uint64_t entry;
	int64_t cap;  /* 0: none */
	int64_t rate; /* hundredths of a percent */
	int64_t claim_days;
	int64_t decision_hours;
	int64_t payout_days;
	int64_t notice_days; /* of a merchant's exit */
	int64_t tail_days;
	int64_t refund_days;
	int64_t appeal_days; /* of a deduction */
	int64_t appeal_decision_days;
	uint32_t scheme;
	uint8_t rank[WATERFALL_CLAIMS]; /* 1 is served first; equal ranks share; 0: not served */
	char calendar
		[TEXT_ID_SIZE]; /* whose working days payout_days and refund_days count; empty: any day */
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
	uint64_t expires; /* 0: open-ended */
	uint64_t entry;
	uint32_t merchant;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
};

/* Kinds of rounds: what is shared out among the decided claims of an incident. */
enum round_kind { ROUND_DEPOSIT = 1, ROUND_UNCOVERED = 2, ROUND_INTEREST = 3, ROUND_KINDS = 4 };

struct record_incident {
	struct unit unit;
	uint64_t entry;
	uint64_t bar_date;
	uint64_t last_round_entry; /* decided after this one: not distributed yet */
	uint64_t claims_filed;
	uint64_t claims_linked;
	uint64_t claims_decided; /* approved */
	uint64_t claims_rejected;
	uint64_t claims_paid;
	int64_t loss;                /* provable, of the approved claims */
	int64_t approved;            /* of which the scheme promises */
	int64_t shared_loss;         /* of the claims that are in a round */
	int64_t pooled;              /* shared out of the deposit and the instruments so far */
	int64_t secured;             /* of which the instruments paid */
	int64_t advanced;            /* approved as advance so far */
	int64_t funded;              /* of which the funder paid in */
	int64_t instructed;          /* payouts ordered so far */
	int64_t paid;                /* settled, returns taken off */
	int64_t perfected;           /* of which is advance, and so recourse */
	int64_t interest;            /* adjudged to the consumers */
	int64_t uncovered_collected; /* for consumers' uncovered loss, out of recoveries */
	int64_t interest_collected;
	int64_t restored; /* of the pooled: appeals gave it back to the deposit, the funder bears it */
	int64_t restored_recourse;  /* of which the funder paid in before the recourse was apportioned */
	uint64_t apportioned_entry; /* 0: not yet */
	uint32_t number;
	uint32_t merchant;
	uint32_t issuer;
	uint32_t funder;
	uint32_t custodian;
	uint32_t state;
	uint32_t rounds[ROUND_KINDS]; /* by round kind */
	uint32_t policy_version;
	uint32_t joint;          /* the liable parties are joint and several */
	uint32_t recourse_state; /* before apportionment */
	uint32_t stays;          /* appeals that stay payment */
	char policy[TEXT_ID_SIZE];
	char id[TEXT_ID_SIZE];
};

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
	uint32_t state;
	uint32_t payout;
	uint32_t instalment;
	uint32_t filer; /* keys */
	uint32_t decider;
	uint32_t instructor;
	uint32_t owner;
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
	int64_t secured; /* of what is shared out, by instruments; the rest is the deposit's */
	char last_tie[TEXT_ID_SIZE];
};

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
	uint32_t payer;
};

struct record_write_off {
	int64_t amount;
	int64_t reinstated;
	uint64_t entry;
	uint32_t incident;
	uint32_t party;
	uint32_t state;
	uint32_t reserved;
};

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
	uint64_t expires;
	uint32_t approvers[PROPOSAL_APPROVALS_MAX]; /* keys that agreed so far */
	uint32_t given;
	uint32_t needed;
	uint32_t maker; /* key */
	uint32_t state;
	/* the command as a map follows, in its own right: it is not cut */
};

/* A proposal carried out without the approvals that were missing (H6), by the entry that did it. */
enum break_glass_finding { BREAK_GLASS_OPEN, BREAK_GLASS_JUSTIFIED, BREAK_GLASS_UNJUSTIFIED };
struct record_break_glass {
	struct unit unit;  /* of the amount; no code: it moved no money */
	int64_t amount;    /* its largest posting of money */
	uint64_t proposal; /* the entry that proposed it */
	uint64_t used;     /* instants */
	uint64_t due;
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
enum { AUTHORITY_LIMITS_MAX = 32 };
struct record_limit {
	struct unit unit;
	int64_t steps; /* up to which one person decides */
	uint32_t span;
	uint32_t approvals;
	char command[TEXT_ID_SIZE];
};
struct record_control {
	uint64_t entry;
	uint64_t version;
	uint64_t proposal_hours;
	uint64_t custody_hours;
	uint64_t review_hours; /* a use of break-glass is reviewed within */
	uint64_t break_glass;  /* enum authority_break_glass */
	uint64_t count;
	struct record_limit limits[AUTHORITY_LIMITS_MAX];
};

/* A merchant's exit (A5). */
enum { EXIT_ITEMS_MAX = 32 };
struct record_exit {
	struct unit unit;
	uint64_t entry;
	uint64_t requested; /* instants */
	uint64_t notice_ends;
	uint64_t tail_ends;
	uint64_t due;           /* the custodian pays by then; 0: there is nothing to pay */
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
	uint64_t stayed_entry;  /* 0: payment was not stayed */
	uint64_t overdue_entry; /* the clock's, when nobody had decided in time; 0: it was not overdue */
	uint64_t decided_entry; /* 0: not yet */
	int64_t restored;       /* to the deposit, by the decision */
	int64_t funded;         /* of which the funder paid in */
	int64_t recourse;       /* of which became recourse */
	uint32_t state;
	uint32_t lodger; /* keys */
	uint32_t decider;
	uint32_t reserved;
	char reason[TEXT_ID_SIZE];
};

/* What a custodian attested last in a unit; days are counted from 1970-01-01. */
struct record_custody {
	uint64_t attested_entry;
	uint64_t day;
	uint64_t due;         /* stale from then on */
	uint64_t stale_entry; /* 0: fresh */
	uint64_t open_break;  /* 0: none */
};

struct record_attestation {
	uint64_t day;
	uint64_t as_of; /* the last entry of that day: what the balance was held against */
	int64_t balance;
	int64_t difference; /* above zero: the custodian has more than the ledger says */
	uint64_t gap;       /* the break that lists it; 0: none needed */
	uint32_t custodian;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
};

enum custody_ending { CUSTODY_OPEN, CUSTODY_AGREED, CUSTODY_RESOLVED };
struct record_break {
	uint64_t first_day;
	uint64_t last_day;
	uint64_t last_entry; /* the last attestation that differed, by so much: */
	int64_t difference;
	uint64_t ended_entry; /* 0: open */
	uint32_t custodian;
	uint32_t ending;
	char unit[UNIT_CODE_SIZE + 4];
};

struct record_account {
	int64_t balance;
	int64_t debits;
	int64_t credits;
	uint64_t last_entry;
	uint64_t postings;
	uint32_t number;
	uint32_t digits; /* of the unit, to show amounts without looking it up */
	uint64_t step;
};

/* After an entry; what the entry moved is the balance less the one before it, the credits are debits less balance. */
struct record_history {
	int64_t balance;
	int64_t debits; /* all that came in since the first posting */
};

struct record_request {
	uint64_t number;
	uint8_t content[32];
};

/* Building keys: the table, then texts (each ended by a zero byte) and big-endian numbers. */
struct record_path {
	size_t size;
	uint8_t bytes[STATE_KEY_MAX];
};
void record_path_start(struct record_path *path, enum record_table table);
void record_path_text(struct record_path *path, slice text);
void record_path_number(struct record_path *path, uint64_t number); /* 8 bytes */
void record_path_short(struct record_path *path, uint32_t number);  /* 4 bytes */

static inline slice record_path_slice(const struct record_path *path)
{
	return slice_of(path->bytes, path->size);
}

/* The common shapes in one line. */
struct record_path record_path_of_text(enum record_table table, slice text);
struct record_path record_path_of_number(enum record_table table, uint64_t number);
struct record_path record_path_of_short(enum record_table table, uint32_t number);

/* Reads back what record_path_number() wrote at the end of a key. */
uint64_t record_path_last_number(slice key);
uint32_t record_path_last_short(slice key); /* and record_path_short() */

/* Takes a text and its zero byte off the front of what is left of a key; false where there is none. Borrows. */
bool record_path_take_text(slice *rest, slice *text);

/*
 * Reads a record: zero-filled where trailing zeroes were cut. QUERY_NOT_FOUND; STORE_CORRUPT when it is
 * larger than the structure.
 */
enum recourse_error record_get(
	struct state_view *view, const struct record_path *path, void *record, size_t size) RECOURSE_CHECK;
enum recourse_error record_put(struct state_view *view, const struct record_path *path, const void *record,
	size_t size) RECOURSE_CHECK;

/* The next number of a counter, beginning with 1. */
enum recourse_error record_count(
	struct state_view *view, enum record_table table, uint64_t *number) RECOURSE_CHECK;

/* Texts in records: zero-filled, not ended when full. */
void record_text_set(char *field, size_t size, slice text);
slice record_text(const char *field, size_t size);
#define RECORD_TEXT(field) record_text(field, sizeof(field))

#endif
