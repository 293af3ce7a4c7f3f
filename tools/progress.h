/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse.h"

/*
 * How far long work has come, on standard error: a bar on a terminal, lines of JSON for programs, nothing
 * otherwise. At most ten times a second.
 */
enum progress_mode { PROGRESS_NONE, PROGRESS_BAR, PROGRESS_JSON };

struct progress {
	enum progress_mode mode;
	const char *what;    /* one word for the work: "verify" */
	const char *counted; /* what is counted: "entries" */
	uint64_t shown_ms;   /* when it last showed something */
	uint64_t started_ms;
	bool open; /* a bar stands on the terminal's line */
};

/*
 * `choice` is the flag's value: NULL (a bar when standard error is a terminal), "json", "bar" or "none".
 * False for another.
 */
bool progress_start(struct progress *progress, const char *choice, const char *what, const char *counted);

/* Has the type that the ledger calls back; `context` is the struct progress. */
void progress_update(void *context, uint64_t done, uint64_t total);

/* Takes the bar away, so that what follows starts on a line of its own. */
void progress_finish(struct progress *progress);
