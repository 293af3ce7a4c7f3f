/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench_figure.h"

/*
 * What a single command can not take less time than: one page changed and committed to LMDB, through to the disk, below that
 * directory, which is emptied again. False, and said, where that can not be done.
 */
bool bench_commit_run(const char *directory, struct bench_figures *figures);
