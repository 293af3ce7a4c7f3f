/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"
#include "demo/demo_stage.h"

/*
 * Payments that a ledger ordered by a rail come back in a bank's statement, a line each: the file is read, held against the
 * ledger, and booked, each by the program as anybody runs it; beside it what `xmllint --stream --noout` takes for the
 * same file, where there is one, and the same number of payout.settle in bulk. False, and said, when anything is refused.
 */
enum { BENCH_BANK_FILE_MAX = 1000000 }; /* lines: what a batch of payments has at most */
bool bench_bank_file_run(struct demo_stage *stage, uint64_t lines, struct bench_figures *figures);
