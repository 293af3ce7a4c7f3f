/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/split.h"
#include "base/text.h"

/* Records of tables.h: what is shared out among claims (D4), deductions (A4) and appeals of them (D7). */

/* What a claim weighs in the rounds of its section. */
struct record_decided {
	uint64_t entry; /* of the ruling for it; 0: none (yet) */
	int64_t loss;
	int64_t approved;  /* of which by the scheme; of the reserve until then */
	int64_t elsewhere; /* of the loss: from others */
	int64_t uncovered; /* of the loss: neither */
	int64_t reserve;   /* what may still be decided for it */
	int64_t beyond;    /* of which its lot is not worth: more was asked for, or the lot has gone */
	uint64_t until;    /* instant up to which that is; 0: until the ruling */
	int64_t former; /* what may still be decided for one of its lot that was refused before it, all told, */
	uint64_t former_until; /* up to that instant */
	int64_t appealed_promise; /* of what an open appeal is about, beyond what else is kept back: by the scheme */
	int64_t contested; /* of one that stands: what of all that is kept back as long as it can be appealed, and is not yet, */
	uint64_t lapses; /* until that clock strikes; 0: nothing is, or its clock has struck */
	int64_t late; /* what may be decided for one that came late, until it is admitted or refused: no reserve; */
	int64_t late_promise; /* of which the scheme would promise */
	/* where it was changed after a round had covered it: what it had by then less what went back, of what it weighs now */
	int64_t had;
	int64_t level;
	int64_t weights;     /* 0: it was not */
	uint64_t lifts;      /* how many rounds that lift there were */
	int64_t recovered;   /* the same of recoveries */
	uint64_t recoveries; /* and their rounds */
};

/* The pools whose deposit a round took from: its merchant's own, and the issuer's. */
enum round_pool { ROUND_OWN, ROUND_ISSUERS, ROUND_POOLS };

/* One sharing-out among claims: the rule of the split, and the last claim that a tie favours. */
struct record_round {
	struct split_carry split;
	uint64_t entry;
	uint64_t after; /* covers claims decided after this entry, */
	uint64_t up_to; /* and by this one; see rules/incident/round.h */
	uint64_t claims;
	int64_t amount;           /* shared out among them; the rest of the split is what reserves kept */
	int64_t from_instruments; /* of which the section's instruments paid, */
	int64_t from_issuer;      /* and the issuer's pool gave; the rest is the deposit's */
	int64_t issuer_secured;   /* of which its instruments paid */
	/* of the amount: is in the place of what later ranks gave by earlier rounds, and so no claim's; they have it again */
	int64_t replaced;
	int64_t replaced_instruments; /* of which the section's instruments, the rest being the issuer's pool's, */
	int64_t replaced_secured; /* whose instruments had paid so much of it */
	/* of what its merchant's deposit gave, and of what the issuer's did: */
	int64_t back[ROUND_POOLS];     /* came back from claims, to whom it was of */
	int64_t restored[ROUND_POOLS]; /* an appeal restored it */
	/* of what the issuer's pool gave: claims had it that came in with it, less what came back of that; */
	int64_t issuers_first;
	/* where it gave anything: what the section had had of it, of how much that was open; and how far it lifts them all; */
	int64_t issuers_had;
	int64_t issuers_used;  /* beside what appeals restored and later claims have of that, */
	int64_t issuers_later; /* and have by it */
	int64_t issuers_weight;
	int64_t issuers_level;
	int64_t issuers_weights;
	int64_t highest_level; /* whoever has had no more than this part of its weight has a share */
	int64_t highest_weights;
	uint64_t bounded; /* nobody has more by it than the scheme promises */
	uint64_t
		without; /* who was ruled on by this entry has nothing of it: it is of what an appeal restored */
	char last_tie[TEXT_ID_SIZE];
};

/* Of a claim whose ruling was changed after a round had covered it: its part of one of the rounds up to then. */
struct record_part {
	int64_t had;
	int64_t back; /* of which went back */
};

/*
 * Of what the issuer's deposit gave by a round the section's own pool is in the place of so much; and of so much of what claims had
 * of it that came in with that round, which others have now.
 */
struct record_replaced {
	int64_t amount;
	int64_t passed_on;
	uint32_t incident;
	uint32_t reserved;
};

/*
 * What an entry split the issuer's pool by, section by section (struct waiting_row): each that lacked something, had some, or could
 * have the place of it.
 */
struct record_issuers_split {
	uint32_t incident;
	uint32_t shut;
	int64_t weight;
	int64_t had;
	int64_t room;
	int64_t decided;
	int64_t yields;
	int64_t later_lost;
	int64_t later;
	int64_t later_decided;
	int64_t later_had;
	int64_t later_most;
	/* of it the section had so much by the entry; or its own pool was in the place of so much */
	int64_t given;
	int64_t back;
	/* the issuer's own section: in that pool, of which for its own claims; and what appeals restored to it */
	int64_t issuers;
	int64_t own_later;
	int64_t own_barred;
	int64_t restored;
};

/* What stood in a section until an approval: for the way back of that. */
struct record_approved {
	uint64_t before;        /* the last one of the section until then */
	uint32_t shared;        /* 0: its pool, the issuer's, gave for claims of others alone */
	uint32_t deposit_state; /* 0: nothing was lodged */
	uint32_t recourse_state;
	uint32_t reserved;
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
	uint32_t
		closing; /* the section at whose end it was taken, for what its merchant owed there; 0: a distribution */
};

/* A merchant's appeal of a deduction (D7). */
struct record_appeal {
	uint64_t deduction;
	uint64_t lodged; /* instants */
	uint64_t due;
	uint64_t clock;         /* strikes then; 0: it has, or it is decided */
	uint64_t stayed_entry;  /* 0: payment was not stayed */
	uint64_t overdue_entry; /* the clock's, when nobody had decided in time; 0: it was not overdue */
	uint64_t decided_entry; /* 0: not yet; of the former judgment, where the merchant took it over */
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
