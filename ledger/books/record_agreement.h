/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* What the state holds of limits on one person alone (H2), of proposals, and of break-glass (H6). Records of tables of tables.h. */

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
