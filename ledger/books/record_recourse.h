/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"

/* Records of tables.h: who is liable, receipts from them, and what was written off (G). */

/* A party of a section: who is liable, the section's merchant, and who paid or caused costs before there was a judgment. */
struct record_liability {
	int64_t share;     /* hundredths of a percent */
	int64_t cap;       /* of what is asked of it beside its pools; below zero: none */
	int64_t liability; /* its part of the loss */
	int64_t credited;  /* of which pools met */
	int64_t recourse;  /* its part of the advances */
	int64_t costs;     /* of recovering from it */
	int64_t interest;  /* adjudged on top */
	int64_t received;  /* from it, and sent down the waterfall */
	int64_t costs_served;
	int64_t interest_served;
	int64_t interest_paid; /* of which consumers were paid */
	int64_t waits;         /* for what is not due yet */
	int64_t returned;      /* is its own by name again, all told */
	int64_t over_paid;     /* of which it paid more than it owed; the rest is contribution */
	int64_t paid_out;      /* of what is its own */
	int64_t open;          /* owed to the funder */
	int64_t written_off;   /* of which */
	int64_t freed;         /* by its release */
	uint32_t liable;       /* by the apportionment */
	uint32_t joint;        /* for the whole */
	uint32_t given_up;
	uint32_t released;
	uint32_t state;
	uint32_t party;
};

struct record_recovery {
	int64_t amount;
	uint64_t entry;
	uint64_t allocated_entry; /* 0: it waits to be sent down the waterfall */
	uint64_t bounced_entry;   /* 0: it stands */
	uint32_t incident;
	uint32_t section;
	uint32_t payer;
	uint32_t reserved;
};

struct record_write_off {
	int64_t amount;
	uint64_t entry;
	uint32_t incident;
	uint32_t section;
	uint32_t party;
	uint32_t state;
};
