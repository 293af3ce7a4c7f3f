/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kit.h"

/* Ledgers that were brought somewhere once, each to begin from again and again: its files are kept in memory. */
extern const char *const world_files[]; /* in tests/rules/: what begins as one of the worlds */
extern const size_t world_file_count;

void world_start(void);

/* A ledger that stands where that world does; any number is one. Where the last one stood nothing is left. To be closed. */
void world_take(unsigned number, struct kit *kit);
