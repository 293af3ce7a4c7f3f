/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "host_clock.h"
#include "proof/checkpoint.h"

/*
 * What time it was, as a service noted it beside the guard, for its next start: a file of seven lines, each ended by a
 * newline, that nobody else writes. A bit of it that is not what it was would else put the ledger's time years ahead, and
 * no entry is ever earlier than the last.
 *
 *   recourse-clock-v1
 *   example.com/ledger                      whose it is
 *   2026-11-22T04:53:41.123456789Z          the time, as it was counted
 *   86399123456789                          nanoseconds since the boot
 *   6dcd5b1c-…                              of which boot; empty: the kernel did not say
 *   5082                                    entries that the ledger had: what they say of its clocks was known
 *   9f86d081884c7d65…                       SHA-256 of all that is above
 */
struct clock_note {
	char origin[CHECKPOINT_ORIGIN_SIZE + 1];
	uint64_t time;
	uint64_t elapsed;
	char boot[HOST_CLOCK_BOOT_SIZE];
	uint64_t entries;
};

/* NOT_FOUND where there is none, STORE_CORRUPT for another form, IO; a symbolic link is not followed. */
enum recourse_error clock_note_read(const char *path, struct clock_note *note);

/* In place of what was there, at once and through to the disk; mode 0600. IO. */
enum recourse_error clock_note_write(const char *path, const struct clock_note *note);
