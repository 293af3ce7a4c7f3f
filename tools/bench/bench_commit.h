/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench/bench_figure.h"

/*
 * What a single command can not take less time than: one page changed and committed to LMDB, through to the disk, below that
 * directory, which is emptied again. False, and said, where that can not be done.
 */
bool bench_commit_run(const char *directory, struct bench_figures *figures);

/* For whoever commits that one by one: below TMPDIR, in a file that has no name any more. NULL where that can not be. */
struct MDB_env;
struct MDB_env *bench_commit_open(void);

/* The next. False where it fails. One thread at a time. */
bool bench_commit_next(struct MDB_env *environment);
