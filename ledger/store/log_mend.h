/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log_latest.h"
#include "store/log_tables.h"

/*
 * What a power cut, or a kill, left of the latest groups (log_latest.h) is put into LMDB's file, before anything is served of
 * it. Cut off anywhere it can be begun again.
 */

/*
 * Opens the log's tables for the writer, who holds the directory's lock, with all that `latest` has, which then says
 * nothing. To be closed whatever comes of it: first the tables, then `kept_out`, a descriptor or −1. STORE_CORRUPT, with the
 * fault in the tables: one is not the other's; both are as they were. STORE_LOCKED: after another start of the machine somebody
 * reads it. IO, STORE_FULL, STORE_FAILED, OUTCOME_UNKNOWN, MEMORY, VERSION_UNKNOWN.
 */
enum recourse_error log_mend_to_write(
	struct log_tables *tables, struct log_latest *latest, const char *directory, int *kept_out);

/* Whether tables that were opened lack a group that `latest` has. Beside their writer: the one that is being written. */
bool log_mend_needed(const struct log_tables *tables, struct log_latest *latest);
