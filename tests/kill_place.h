/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kill_server.h"
#include "kill_work.h"
#include "proof/key.h"

/*
 * A ledger that is worked with and killed again and again, and all that is known of what it must hold. It begins as a
 * copy of one that was set up once, so that it stays small enough to be audited after each kill.
 */
struct kill_place {
	struct support_directory directory;
	struct kill_server server;
	bool meddled; /* the test did with the state, and no service has looked at it since */
	struct kill_work work;
	struct support_random *random;
	char vkey[KEY_TEXT_SIZE];
	char memory[SUPPORT_PATH_MAX];
	char old_state[SUPPORT_PATH_MAX];
	uint64_t setup_entries;
	uint64_t setup_requests;
	uint8_t *entries; /* how many replies claim each */
	uint8_t *requests;
	size_t claimed;
	struct kill_said_count said; /* of it, when it was finished */
};

/* Makes and sets up a ledger; or copies one that a place has, which stands still. All fail the test. */
struct kill_place *kill_place_make(struct support_random *random);
struct kill_place *kill_place_copy(const struct kill_place *place);
void kill_place_free(struct kill_place *place);

/* Clients for the work of a life, that wait so long for an answer; and their end. */
void kill_place_connect(struct kill_place *place, uint32_t timeout_ms);
void kill_place_disconnect(const struct kill_place *place);

/*
 * What a kill has left must verify: at once, or, where the guard is ahead of the log's checkpoints or the test meddled
 * with the state, as soon as a service has served it. What was said can be read or is erased, as was acknowledged.
 */
void kill_place_audit(struct kill_place *place);

/* Of a service that runs: it signs, and some answers are what they were. */
void kill_place_check(struct kill_place *place);

/*
 * Serves it a last time: what is still open is answered, each answer is what it was, no two claim the same entry, the
 * balances are the sum of what was accepted; then it is audited: there is no entry and no request that nobody sent.
 */
void kill_place_finish(struct kill_place *place);

/* A part of the ledger's directory: "state/data.mdb". */
enum { KILL_PLACE_PATH = SUPPORT_PATH_MAX + 32 };
void kill_place_path(const struct kill_place *place, const char *part, char path[static KILL_PLACE_PATH]);

void kill_place_sleep(uint64_t microseconds);
