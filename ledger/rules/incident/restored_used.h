/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/round.h"

/*
 * Several rounds of a section's own pool were restored (rules/payout/README.md): what is there is for claims that were ruled on
 * since the last of them, whose entry is `last`. Those that were ruled on between two of these rounds had, by the later one, what was
 * restored before first, as far as there was as much: so much of it is taken off `restored`, in steps. Of a section that had nothing of an
 * issuer's pool. Reads the decided claims once for each such round but the first. STORE_CORRUPT.
 */
enum recourse_error restored_used_before(
	struct state_view *view, const struct record_section *section, uint64_t last, int64_t *restored);
