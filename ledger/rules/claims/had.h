/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What claimants had elsewhere, for a section by source, while their claims are decided: a liable party has paid that
 * much of its part itself. The section's sum is changed and not saved.
 */

/* All that was recorded for a claim: `count` is 1 where that comes to be decided and -1 where it is no more. */
enum recourse_error had_count(
	struct decision *decision, struct record_section *section, slice claim, int count);

/* So much more from one source. */
enum recourse_error had_from(
	struct decision *decision, struct record_section *section, slice source, int64_t steps);

/*
 * It was had for the lot: all that was recorded for the claim of it that fell last, by its id, counts for the one that has
 * the lot now, which is changed and not saved. Nothing where that is the same one, or none fell; or where its ruling fell
 * for good, so that whoever had it was not the one to have it.
 */
enum recourse_error had_follow(struct decision *decision, slice fallen, slice id, struct record_claim *claim);
