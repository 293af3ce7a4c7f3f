/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log_tables.h"

#include "support.h"

/* The tables of a new log in a directory of its own, for tests of what lies in them. A test's state begins with it. */
struct log_place {
	struct support_directory directory;
	struct support_random random;
	struct log_tables tables;
};

/* Makes it; the set-up of such a test calls this. */
void log_place_make(struct log_place *place);

/* The tear-down of a test whose state begins with a place. */
int log_place_tear_down(void **state);

/* A transaction that writes; the caller's, to commit or abort. */
MDB_txn *log_place_begin(const struct log_place *place);
