/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "play/play_ledger.h"

/*
 * A ledger in this process, below a directory:
 *
 *   DIRECTORY/ledger        the ledger
 *   DIRECTORY/log-key       its key, and the service's own, made from their names like everybody's
 *   DIRECTORY/system-key
 *
 * Time is the scenario's: each request takes a second, a question none, and nothing else passes but by waiting.
 */
struct play_opening {
	const char *origin;
	const char *party; /* who runs it */
	const char *admin; /* the person whose key opens it */
	uint64_t at;
};

/* A copy that stands below the directory, for a rehearsal (play_copy.h). */
enum recourse_error play_embedded_rehearse(const char *directory, struct play_ledger **ledger);

/* The ledger itself; and from here on clocks strike there by the key of that person. */
struct recourse_ledger *play_embedded_ledger(struct play_ledger *ledger);
enum recourse_error play_embedded_wind(struct play_ledger *ledger, const char *name);

/* Makes it in a directory that is there and empty, and opens it. The error was named otherwise: NULL. */
struct play_ledger *play_embedded_open(const char *directory, const struct play_opening *opening);
