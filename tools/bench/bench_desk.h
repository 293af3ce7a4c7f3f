/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/*
 * A claim desk after a collapse, by days: of `claims`, 67 in 300 come the first day and less each day after (300,000, as
 * one of 2019 had them). 91 in 300 are filed from the issuer's records, without their holder's doing; a third lacks one paper,
 * is asked for it once, and three in ten of these never answer. What is complete is decided and paid the same day; a day
 * then passes by clock.advance, with all that its clocks strike.
 *
 * Shown is what waits for people at the end of the first day and of the last one, by owner and age; what asking again
 * came to; what a page of each list costs, also when 10,000, 100,000 and 1,000,000 have come (bench_pages.h); and memory. The
 * people of demo_collapse_hire() must be there, on a test ledger. False when anything is refused that should not be; it was said what.
 */
bool bench_desk_run(struct demo_stage *stage, uint64_t claims, struct bench_figures *figures);
