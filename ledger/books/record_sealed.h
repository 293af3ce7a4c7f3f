/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "base/text.h"

/* Records of tables.h: what was said about claims, and what opens it (I2). */

/* Of a claim. */
struct record_sealed {
	uint64_t key;   /* the number of its last key; 0: nothing was sealed yet */
	uint64_t notes; /* sealed, by all its keys */
	uint64_t contacts;
	uint64_t came;       /* of which in: the claimant came */
	uint64_t holds;      /* legal holds that stand */
	uint64_t last_entry; /* that changed any of it */
};

/* A key: with the next note after its erasure the claim gets another. */
struct record_note_key {
	uint64_t notes;        /* sealed by it */
	uint64_t erased_entry; /* 0: it is there */
	char claim[TEXT_ID_SIZE];
};

/* What somebody said in an entry, as far as the ledger knows it. */
struct record_note {
	uint64_t key;
	char claim[TEXT_ID_SIZE];
	uint8_t commitment[CRYPTO_HASH_SIZE];
};

enum contact_direction { CONTACT_IN, CONTACT_OUT };
struct record_contact {
	uint64_t time;
	uint32_t channel;
	uint32_t direction;
	uint32_t by; /* key */
	uint32_t noted;
};

struct record_legal_hold {
	uint64_t placed_entry;
	uint64_t released_entry; /* 0: it stands */
};
