/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/payout/waiting.h"

/*
 * What an entry split the issuer's pool by, section by section, kept: so that the audit splits it again. Only of entries that gave
 * any of it, or gave some back to it.
 */

/* Of a section the entry gave so much of that pool, or gave back to it. */
struct waiting_given {
	int64_t given;
	int64_t back;
	uint32_t party;
};

/* By what this entry split it, where it gave or gave back any of it: no other has a row. */
enum recourse_error waiting_kept_put(struct decision *decision, const struct waiting *waiting,
	const struct waiting_given *given, size_t count);

/* It did not. */
enum recourse_error waiting_kept_forget(struct decision *decision, uint64_t entry);

/*
 * The same rows as that entry found them, not split yet, in the arena; none: it kept none. Only what is split by is there, and of
 * the incident its issuer.
 */
enum recourse_error waiting_kept_read(
	struct state_view *view, struct arena *arena, uint64_t entry, struct waiting *waiting);
