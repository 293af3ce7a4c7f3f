/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/unit.h"

/* What the state holds of accounts, of how they stood after each entry, and of requests that were taken. Records of tables of tables.h. */

struct record_account {
	int64_t balance;
	int64_t debits;
	int64_t credits;
	uint64_t last_entry;
	uint64_t postings;
	uint32_t number;
	uint32_t digits; /* of the unit, to show amounts without looking it up */
	uint64_t step;
};

/* After an entry; what the entry moved is the balance less the one before it, the credits are debits less balance. */
struct record_history {
	int64_t balance;
	int64_t debits; /* all that came in since the first posting */
};

struct record_request {
	uint64_t number;
	uint8_t content[32];
};
