/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "journal.h"
#include "recourse_ledger.h"

/*
 * The thread that looks at the pages of the stores while the service runs, a few at a time, for a tenth of a
 * processor at most; when it came by all of them it rests for an hour. What it finds is a fault: the service
 * stops before it builds on it.
 */
struct inspector_options {
	struct recourse_ledger *ledger;
	struct journal *journal;
	/* Called at most once, from its thread. */
	void (*fault)(void *context, enum recourse_error error);
	void *context;
};

struct inspector;

/* Starts the thread. MEMORY. */
enum recourse_error inspector_start(const struct inspector_options *options, struct inspector **inspector);

/* Ends it, between two pieces. NULL is fine. */
void inspector_stop(struct inspector *inspector);
