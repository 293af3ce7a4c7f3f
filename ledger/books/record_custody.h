/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* What the state holds of attested custody (A7), and of where bank and ledger differ. Records of tables of tables.h. */

/* What a custodian attested last in a unit; days are counted from 1970-01-01. */
struct record_custody {
	uint64_t attested_entry;
	uint64_t day;
	uint64_t due;         /* stale from then on */
	uint64_t clock;       /* strikes then; 0: it has */
	uint64_t stale_entry; /* 0: fresh */
	uint64_t open_break;  /* 0: none */
};

struct record_attestation {
	uint64_t day;
	uint64_t as_of; /* the last entry of that day: what the balance was held against */
	int64_t balance;
	int64_t difference; /* above zero: the custodian has more than the ledger says */
	uint64_t gap;       /* the break that lists it; 0: none needed */
	uint32_t custodian;
	uint32_t reserved;
	char unit[UNIT_CODE_SIZE + 4];
};

enum custody_ending { CUSTODY_OPEN, CUSTODY_AGREED, CUSTODY_RESOLVED };
struct record_break {
	uint64_t first_day;
	uint64_t last_day;
	uint64_t last_entry; /* the last attestation that differed, by so much: */
	int64_t difference;
	uint64_t ended_entry; /* 0: open */
	uint32_t custodian;
	uint32_t ending;
	char unit[UNIT_CODE_SIZE + 4];
};
