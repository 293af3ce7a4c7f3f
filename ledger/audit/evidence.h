/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "proof/checkpoint.h"
#include "audit/replay.h"

/*
 * What others kept of a ledger, held against its log: a client's remembered checkpoint, a consumer's receipt, a
 * guard from another disk. Whoever has the log's key can write a whole history anew that is right in itself;
 * he can not take back what he signed before.
 *
 * Told apart by what it says: a receipt by its first line, a checkpoint (verified by the log's key) by its
 * blank line; a guard is the bare three lines. AUDIT_FAILED with the replay's `what`, which begins with the
 * evidence's name; the size that it vouches for goes to `size`. Faults of reading.
 */
enum recourse_error evidence_check(struct replay *replay, const struct key_public *log_key,
	const struct recourse_evidence *evidence, uint64_t *size) RECOURSE_CHECK;

/*
 * The log's tree at the checkpoint's size must have its root. `where` says in `what` where it came from.
 */
enum recourse_error evidence_check_root(
	struct replay *replay, const char *where, const struct checkpoint *checkpoint) RECOURSE_CHECK;
