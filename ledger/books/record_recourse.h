/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"

/* Records of tables.h: who is liable, receipts from them, and what was written off (G). */

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
	int64_t owed_back; /* the funder had it of this party, and turned out not to lack it */
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
	uint32_t section;
	uint32_t payer;
	uint32_t reserved;
};

struct record_write_off {
	int64_t amount;
	int64_t reinstated;
	uint64_t entry;
	uint32_t incident;
	uint32_t section;
	uint32_t party;
	uint32_t state;
};
