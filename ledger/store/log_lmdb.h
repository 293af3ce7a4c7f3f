/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log.h"

/*
 * The log's first home: an LMDB environment in a directory, nothing else to run. Every commit is
 * synced. The map is one TiB of address space, sparse, never resized.
 *
 *   entries      u64 number (INTEGERKEY, MDB_APPEND)       exact entry bytes
 *   requests     u64 number                                request record
 *   hashes       u64 (level << 56 | row)                   up to 32 stored hashes, one row of the tree
 *   checkpoints  u64 tree size                             signed note
 *   head         u64 0                                     format version and struct log_head
 */
struct log_lmdb_options {
	const char *directory; /* made by log_lmdb_create() */
	bool read_only;        /* an auditor's view: takes no lock of the writer, never writes */
	uint64_t spare_bytes;  /* refuse appends with STORE_FULL when the file system has less left;
	                               0: 64 MiB */
};

/* Makes the directory (mode 0700) with an empty log, durably. EXISTS when there is anything; IO. */
enum recourse_error log_lmdb_create(const char *directory);

/*
 * Opens it. The writer takes an exclusive lock on a file of its own (lock.h) and syncs the
 * environment before it returns, so that nothing is served that a power cut could take back.
 * STORE_LOCKED, VERSION_UNKNOWN, STORE_CORRUPT, IO; NOT_PERMITTED on a network file system.
 * Must not be opened twice in one process, nor be open across fork().
 */
enum recourse_error log_lmdb_open(const struct log_lmdb_options *options, struct log **log);
