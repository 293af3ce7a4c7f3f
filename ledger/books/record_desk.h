/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* Records of tables.h: the desk, where people see to claims (D2): see rules/desk/README.md. */

/* Claims that wait for somebody lie in an hour, until whose end nobody looks at them. */
struct record_due_hour {
	uint64_t clock; /* strikes at its end, and at once for what is left of it then */
	uint64_t pages; /* of claims, that it had */
};

/* What there is of a claim beyond its own record: of one that nothing was said of, and that was never late, there is none. */
struct record_desk {
	uint64_t due;           /* the claim's; 0: it waits for nobody */
	uint64_t overdue;       /* the instant that has passed; 0: none has */
	uint64_t overdue_entry; /* the clock's that said so last; 0: it never was overdue */
	uint64_t urgent_entry;  /* that put it before the others; 0: it is as they are */
	uint64_t handed_entry;  /* by which it was handed over last; 0: it never was */
	uint64_t promise_due;   /* of what was promised and is owed, the first; 0: nothing is */
	uint64_t promise_late;  /* the clock's entry that said that this day has passed; 0: it has not */
	uint64_t flag_due;      /* of the flags that are up, the first day; 0: none is */
	uint32_t overdues;      /* how often it was overdue */
	uint32_t person;        /* the first key of who sees to it; 0: its team does */
	uint32_t hand_overs;
	uint32_t bounces; /* of which to who had had it before */
	uint32_t promises;
	uint32_t promises_open; /* of which owed still */
	uint32_t promises_missed;
	uint32_t promises_kept;
	uint32_t callbacks; /* of the promises; */
	uint32_t callbacks_kept;
	uint32_t callbacks_missed;
	uint32_t repeats;        /* claims for its lot that were linked to it */
	uint32_t flags;          /* that were raised on it */
	uint32_t flags_open;     /* of which somebody is to look at so many still */
	char team[TEXT_ID_SIZE]; /* that has it, or that this person took it from; empty: none */
};

/* What was promised to a claimant, by the entry that did. It is owed until it is kept or withdrawn. */
struct record_promise {
	struct unit unit;
	int64_t amount; /* of a payment; 0: none was said */
	uint64_t due;
	uint64_t clock; /* strikes then; 0: it has, or the promise is kept or withdrawn */
	uint64_t
		missed_entry; /* the clock's, or that which ended it first, later than its day; 0: it was not */
	uint64_t kept_entry;      /* 0: it is not */
	uint64_t kept_by;         /* the entry by which it was kept */
	uint64_t withdrawn_entry; /* 0: it is not */
	uint32_t kind;            /* as promise_kinds has them */
	uint32_t maker;           /* key */
	char claim[TEXT_ID_SIZE];
};

/* H4: something about a claim that a person is to look at; of each kind a claim has one at most. */
enum flag_kind {
	FLAG_ABOVE_LOT = 1,
	FLAG_DATED_BACK,
	FLAG_SHARED_PAYEE,
	FLAG_PAYEE_CHANGED,
	FLAG_ONE_ORIGIN,
	FLAG_KINDS
};
#define FLAG_BIT(kind) (UINT32_C(1) << (kind))
struct record_flag {
	uint64_t due;
	uint64_t raised_entry;
	uint64_t cleared_entry; /* 0: it is up */
	uint64_t clearer;       /* key; 0: nobody did */
};

/* In which order they are listed. */
enum desk_rank { DESK_URGENT = 1, DESK_ORDINARY };

/* Who has had a claim: a team, or of no team the person of that first key. */
struct record_desk_had {
	uint64_t entry;  /* by which it was handed to it last */
	uint32_t times;  /* it was */
	uint32_t before; /* 1: it had the claim before that was handed over at all */
};

/* How the claims of an incident are seen to: what is said of each of them, added up (rules/claims/measure.h). */
struct record_measure {
	int64_t contacts;        /* in: the claimant came */
	int64_t repeat_contacts; /* of which after the first one of its claim */
	int64_t repeats;
	int64_t hand_overs;
	int64_t bounces;
	int64_t overdues;
	int64_t promises;
	int64_t promises_open;
	int64_t promises_kept;
	int64_t promises_missed;
	int64_t callbacks;
	int64_t callbacks_kept;
	int64_t callbacks_missed;
	int64_t appeals; /* of rulings, by what came of them: */
	int64_t upheld;
	int64_t varied;
	int64_t reversed;
};

/* Days that passed, and claimants who came again, while a team or a person had a claim: of one, or of all. */
struct record_breach {
	uint64_t overdues;
	uint64_t missed; /* promises */
	uint64_t repeat_contacts;
};

/* Who is in a team that sees to claims. */
enum { TEAM_MEMBERS_MAX = 64 };
struct record_team {
	uint64_t entry;
	uint32_t version;
	uint32_t count;
	uint32_t members[TEAM_MEMBERS_MAX]; /* keys, of different persons */
};
