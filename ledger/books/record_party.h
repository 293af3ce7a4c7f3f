/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "base/unit.h"

/* What the state holds of the ledger itself, of parties and of their keys (H1, I1). Records of tables of tables.h. */

struct record_ledger {
	char origin[104];
	char log_key[168];
	uint64_t ahead; /* clock.advance: nanoseconds that time runs ahead of the host's */
	uint64_t test;  /* opened with purpose test */
};

struct record_party {
	uint64_t entry;
	uint32_t number;
	uint32_t kinds;
};

struct record_key {
	uint8_t bytes[32];
	uint64_t entry;
	uint64_t revoked_entry;
	uint32_t number;
	uint32_t roles;
	uint32_t party;
	uint32_t revoked;
	uint32_t person;     /* the number of the first key that this person had here */
	uint32_t rotated_to; /* the key that took its place at `revoked_entry`; 0: none */
	uint32_t current;    /* in a person's first key: the person's last key */
	uint32_t reserved;
};
