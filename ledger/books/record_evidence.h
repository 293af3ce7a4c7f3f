/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"

/* Records of tables.h: what a claim is to be shown by, what is held of it, and who was asked (C2, D3). */

/* Who has it. */
enum evidence_from { EVIDENCE_FROM_CONSUMER, EVIDENCE_FROM_MERCHANT, EVIDENCE_FROM_ISSUER };

/* The list of a version of a policy, in its order. */
enum { CHECKLIST_KINDS_MAX = 16 };
struct record_checklist {
	uint64_t count;
	struct {
		char kind[TEXT_ID_SIZE];
		uint32_t from; /* enum evidence_from */
		uint32_t needed;
	} kinds[CHECKLIST_KINDS_MAX];
};

/* The rules of a version of a policy by which a loss is denied that evidence shows, each with the reason that it is for. */
enum { DENIALS_MAX = 16 };
struct record_denials {
	uint64_t count;
	struct {
		char rule[TEXT_ID_SIZE];
		char reason[TEXT_ID_SIZE];
	} rows[DENIALS_MAX];
};

/* What became of what was asked for. */
enum asked_outcome {
	ASKED_NOT,
	ASKED_OPEN,
	ASKED_ANSWERED,   /* a paper came */
	ASKED_NO_RECORD,  /* whoever was asked said that there is none */
	ASKED_SILENT,     /* nothing came by the day that it was due */
	ASKED_LAPSED,     /* the claim was ruled on, or given up, before that day */
	ASKED_TAKEN_BACK, /* it, or what came of it, was a slip */
	ASKED_PASSED_ON,  /* of a list alone: it is another claim's of that lot by now, as what came of it is */
};

/* A kind of evidence on a claim's list. */
struct record_listed {
	uint64_t added_entry;  /* that put it there; 0: it was at the filing */
	uint64_t held_entry;   /* the first paper of it; 0: none is held */
	uint64_t asked_entry;  /* that asked for it last; 0: none did */
	uint64_t waived_entry; /* by which it is not needed after all; 0: none */
	uint32_t papers;
	uint32_t from; /* enum evidence_from */
	uint32_t needed;
	uint32_t outcome; /* enum asked_outcome, of that asking */
	uint32_t asks;    /* how often it was asked for; what was taken back is none */
	uint32_t reserved;
};

/* A paper of a claim, by the entry that recorded it. */
struct record_paper {
	uint8_t hash[32]; /* SHA-256 */
	char kind[TEXT_ID_SIZE];
	char holder[TEXT_ID_SIZE];
};

/* That somebody was asked, by the entry that did. */
struct record_asked {
	uint64_t due;
	uint64_t clock;       /* strikes then; 0: it is over */
	uint64_t ended_entry; /* by which it was over; 0: it is open */
	uint32_t party;       /* 0: the consumer */
	uint32_t outcome;     /* enum asked_outcome */
	char claim[TEXT_ID_SIZE];
	char kind[TEXT_ID_SIZE];
	char entitlement[TEXT_ID_SIZE];
};
