/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"

/* Records of tables.h: to whom claims are paid, and what is looked at as a fraud: see rules/payee/README.md. */

/* What stands for an account's number: its HMAC with a key of the platform's. */
enum { RECORD_MARK_SIZE = 32 };

struct record_payee {
	uint8_t account[RECORD_MARK_SIZE]; /* that is paid before `from`, */
	uint8_t next[RECORD_MARK_SIZE];    /* and from then on */
	uint64_t from;                     /* instants */
	uint64_t
		rested; /* from which on it may be said of a payment that came back whose payee nobody had said */
	uint64_t entry;         /* that registered it */
	uint64_t account_entry; /* by which `account` came in the place of another one; 0: it is the first */
	uint64_t next_entry;    /* and by which `next` did */
	uint64_t closed_entry;  /* 0: it is open */
	uint32_t maker;         /* key that registered it */
	uint32_t replaces;      /* 1: another payee of its holder was closed: nothing is paid before `from` */
	char holder[TEXT_ID_SIZE];
	char rail[TEXT_ID_SIZE];
};

/* Whoever named an account, by account and holder: for good, also where another one is paid since. */
struct record_payee_account {
	uint64_t entry;
	char payee[TEXT_ID_SIZE];
};

/* Where a claim's payment was ordered to last. */
enum payee_sent {
	PAYEE_FIRST,   /* it had not come back */
	PAYEE_AGAIN,   /* it had */
	PAYEE_UNNAMED, /* it had, and nobody had said to whom it went */
	PAYEE_ALIKE,   /* it had not, and no lot could tell the payee's holder from another one's */
};
struct record_claim_payee {
	uint8_t account[RECORD_MARK_SIZE];
	uint64_t entry;         /* that ordered it */
	uint64_t time;          /* of that */
	uint64_t ruled_entry;   /* of the claim by then, 0: of one whose ruling was undone */
	uint64_t changed_entry; /* by which the account was another one after the ruling; 0: none was */
	uint32_t
		holders; /* that had named the account by then, as far as they are counted: one beyond `most` */
	uint32_t most;   /* that share one and are not looked at, as published by then */
	uint32_t payer; /* key that ordered it */
	uint32_t sent;  /* enum payee_sent */
	char payee[TEXT_ID_SIZE];
};

/*
 * An order of a claim to a named payee that is its last one no more, or was taken back, by claim and the entry that ordered it: a bank's
 * line may be of it all the same. Where it is the last one, `became` is 0, and the row is there for what was paid twice by it, or what it was
 * of, as more is the claim's since.
 */
struct record_former_order {
	struct record_claim_payee to;
	int64_t deposit_part; /* as it was ordered; of one that was made what its claim was paid by it */
	int64_t advance_part;
	int64_t twice; /* nobody was owed so much of what was paid by it, and it is not back: who runs the ledger owes it */
	uint64_t twice_entry; /* by which it was paid; 0: nobody was paid twice by it */
	uint64_t
		settled_entry; /* the entry by which it was made, and that of the bank's line; 0: it was not */
	uint64_t settled_line;
	uint64_t back_entry;  /* by which it came back last; 0: it did not */
	int64_t back_deposit; /* so much of what came back by that is in what is back of the claim, */
	int64_t back_advance;
	int64_t back_twice;  /* and so much was off what had been paid twice */
	uint64_t said_entry; /* of one that never left: that said so, what it was before, and the reason */
	uint32_t said_before;
	uint32_t reserved;
	uint32_t instalment;
	uint32_t
		became; /* enum payout_state, by then; 0: it is its claim's last, which has a row where more came of it */
	char said_code[TEXT_ID_SIZE];
};

/* A claim that came from an origin, by that and the entry. */
struct record_origin {
	uint64_t time;
	uint32_t
		claims; /* that had come from there within the hours, with it, counted to one beyond `most` */
	uint32_t most;  /* that are not looked at, and within how many hours: as published by then */
	uint32_t hours;
	uint32_t reserved;
	char claim[TEXT_ID_SIZE];
};

/* What was published of it. */
struct record_watch {
	uint64_t entry; /* 0: nothing was */
	uint32_t version;
	uint32_t payee_hours;
	uint32_t holders;
	uint32_t claims;
	uint32_t hours;
	uint32_t reserved;
};
