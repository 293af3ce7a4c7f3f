/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/split.h"
#include "base/text.h"

/* Records of tables.h: what is shared out among claims (D4), deductions (A4) and appeals of them (D7). */

struct record_decided {
	uint64_t entry;
	int64_t loss;
	int64_t approved;
	int64_t elsewhere; /* of the loss: from others */
	int64_t weight;    /* in the round of the deposit, which then stays */
};

/* One sharing-out among claims: the rule of the split, and the last claim that a tie favours. */
struct record_round {
	struct split split;
	uint64_t entry;
	uint64_t after; /* covers claims decided after this entry, before `entry` */
	uint64_t claims;
	int64_t from_instruments; /* of what is shared out: the section's, */
	int64_t from_issuer;      /* the issuer's pool; the rest is the deposit's */
	char last_tie[TEXT_ID_SIZE];
};

/* What a distribution took from a frozen deposit (A4). */
struct record_deduction {
	int64_t amount;
	int64_t given;   /* of which for claims of other merchants: it is the issuer's pool */
	uint64_t claims; /* decided ones that it rests on */
	uint64_t time;
	uint64_t until;  /* can be appealed */
	uint64_t appeal; /* entry; 0: none */
	uint32_t incident;
	uint32_t merchant;
	uint32_t approver; /* key */
	uint32_t closing; /* the end of the incident took it, for what its merchant owed; 0: a distribution */
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
	int64_t funded;         /* of which the funder paid in, and it is recourse */
	uint32_t state;
	uint32_t lodger; /* keys */
	uint32_t decider;
	uint32_t incident; /* the deduction's, and its merchant */
	uint32_t merchant;
	uint32_t reserved;
	char reason[TEXT_ID_SIZE];
};
