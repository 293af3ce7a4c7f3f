/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: signs of default (A3), incidents and their sections (B1). */

/* A sign of default (A3): nothing of the merchant's is paid out while it stands. */
struct record_signal {
	uint64_t entry;
	uint64_t expires; /* a clock; 0: open-ended */
	char reason[TEXT_ID_SIZE];
};

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
	int64_t elsewhere;         /* the claimants of the approved claims had it from others */
	int64_t pool_back; /* of what rounds gave: went back from claims that were lowered or reopened */
	int64_t instruments_back;     /* of which to the instruments */
	uint64_t apportioned_entry;   /* 0: not yet */
	uint32_t incident;            /* its number */
	uint32_t party;               /* the merchant; it names the section in the incident */
	uint32_t custodian;           /* who keeps the pool, and pays */
	uint32_t joint;               /* the liable parties are joint and several */
	uint32_t recourse_state;      /* before apportionment */
	uint32_t rounds[ROUND_KINDS]; /* by round kind */
	uint32_t reserved;
};
