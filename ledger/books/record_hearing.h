/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"

/* Records of tables.h: how the parties of a claim are heard (D6, D7): see rules/claims/README.md. */

/* What the merchant said to a claim. */
enum answered {
	ANSWERED_NOT, /* it was not asked */
	ANSWERED_OPEN,
	ANSWERED_ACCEPT,
	ANSWERED_DISPUTE,
	ANSWERED_SILENT,     /* nothing came by its day */
	ANSWERED_LAPSED,     /* the claim was given up before that */
	ANSWERED_TAKEN_BACK, /* an answer that was a slip, of a claim that waits for none any more */
};

/* What became of a ruling that was proposed. */
enum consent {
	CONSENT_NONE, /* none was */
	CONSENT_SOUGHT,
	CONSENT_GIVEN,    /* it is the ruling */
	CONSENT_DECLINED, /* by one of them */
	CONSENT_LAPSED,   /* not all agreed by its day, or the claim was given up before that */
	CONSENT_TAKEN_BACK,
};

/* What the merchant said by its own key, and nobody wrote down for it. */
enum own_word { OWN_ANSWER = 1, OWN_AGREED = 2, OWN_DECLINED = 4 };

/* One for a claim whose parties were heard, were given its ruling or appealed it, or that was closed. */
struct record_hearing {
	uint64_t answer_due;   /* 0: the merchant was not asked */
	uint64_t answer_clock; /* strikes then; 0: it is over */
	uint64_t answer_entry; /* by which it is over; 0: it is not */
	int64_t proposed;      /* the loss of the last proposal */
	int64_t shown;         /* that the lot showed by then */
	uint64_t proposal_entry;
	uint64_t proposal_due;
	uint64_t proposal_clock;
	uint64_t proposal_ended;  /* the entry by which it is over; 0: it is not */
	uint64_t consumer_agreed; /* entries; 0: not yet */
	uint64_t merchant_agreed;
	uint64_t ruling;          /* the entry of the one that these are of: */
	uint64_t consumer_served; /* the entry by which it was given to the consumer; 0: it was not */
	uint64_t merchant_served;
	uint64_t final_at;     /* the consumer can appeal it until then; 0: it was not given to it */
	uint64_t appeal_entry; /* the last one's; 0: none */
	uint64_t appealed;     /* the entry of the ruling that it is of */
	uint64_t appeal_due;
	uint64_t appeal_clock;
	uint64_t appeal_late;  /* the clock's entry; 0: it never struck */
	uint64_t appeal_ended; /* the entry that judged it, or took it back; 0: it is open */
	int64_t top_up; /* what its judgment gave beyond what was ordered out: ordered out with the next payout, */
	int64_t top_up_advance; /* of which is advanced: no pool has given it by now */
	uint64_t closed_entry;  /* 0: it is not closed */
	uint32_t merchant;      /* a party */
	uint32_t answer;        /* enum answered */
	uint32_t consent;       /* enum consent */
	uint32_t proposer;      /* keys */
	uint32_t appellant;     /* who wrote it down */
	uint32_t appeal;        /* its life */
	uint32_t to_merchant;   /* 1: the proposal was put to the merchant too */
	uint32_t appeals;       /* of whatever ruling; not those that were a slip */
	uint32_t upheld;        /* of which judged so */
	uint32_t varied;
	uint32_t reversed;
	uint32_t own_words;      /* bits of enum own_word */
	uint8_t answer_hash[32]; /* all zeroes: none */
	uint8_t basis_hash[32];  /* of the proposal */
	char ground[TEXT_ID_SIZE];
	char reason[TEXT_ID_SIZE]; /* of the proposal */
};
