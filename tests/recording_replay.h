/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recording.h"

/*
 * A recording decided again by this program: its requests and entries are written into a new log, each request goes
 * through the core at its recorded time with its recorded salt, and its record (the refusals within) and its entries
 * must come out byte for byte. Then all balances must be the recorded ones, and the offline audit of that log must
 * find nothing.
 */
struct recording_finding {
	uint64_t request;   /* at which deciding again stopped; RECORDING_NOWHERE: it came to the end */
	uint64_t entry;     /* the first that differs; RECORDING_NOWHERE: none does */
	struct buffer text; /* what is wrong, lines of it for people: "-" was recorded, "+" is made now */
};
#define RECORDING_NOWHERE UINT64_MAX

/* False with the finding, whose text is to be freed in any case. A fault of the machine fails the test. */
bool recording_replay(const struct recording *recording, struct recording_finding *finding);

/*
 * Appends the recording of its first `requests` requests, at least one: its balances are those that this program makes.
 * MALFORMED when there are fewer. A fault of the machine fails the test.
 */
enum recourse_error recording_cut(const struct recording *recording, size_t requests, struct buffer *out);
