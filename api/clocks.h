/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "journal.h"
#include "recourse_ledger.h"

/*
 * The ledger's clocks, as the service lets them strike: what is due, unless the host's clock jumped. Before they strike
 * that clock is held against what is counted on without it (reckoning.h); where the two are further apart than is
 * published, all clocks are held by an entry, until the two agree again or two people confirm that the host's is right
 * (clock.confirm). Requests are taken meanwhile, by what is counted.
 *
 * What time it is is noted each minute, and when it is told to end, in GUARD.clock (clock_note.h). A start counts on from
 * there: of the same boot exactly, of another one with as much on top as is published for a stop. Where there is no note,
 * or one that can not be read or is another ledger's, the last entry stands in for it; a ledger that nobody has used yet
 * believes the host's clock.
 */
struct clocks;

/*
 * Reads the note. The ledger was opened by its first entry, for writing, with its system key. MEMORY; faults. What was
 * opened is to be closed, also where it failed.
 */
enum recourse_error clocks_open(
	struct recourse_ledger *ledger, struct journal *journal, struct clocks **opened);

/* What time it is; any thread. Without clocks (NULL) it is what the host's says. */
uint64_t clocks_now(struct clocks *clocks);

/*
 * Lets strike what is due, or holds it; the writer's thread, once a second. `*added`: the log grew; `*more`: it is to be
 * called again at once. Errors as of recourse_ledger_tick().
 */
enum recourse_error clocks_tick(struct clocks *clocks, bool *added, bool *more);

/* Notes the time once more. NULL is fine. */
void clocks_close(struct clocks *clocks);
