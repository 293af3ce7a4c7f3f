/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/*
 * What was shared out or advanced for a claim and is not ordered out goes back where it came from: out of 2110, under the
 * incident's id. Incident and section are changed and not saved.
 */

/*
 * An advance that did not become recourse: to the funder, who committed it, or is due what it has paid in of it. What of others
 * stayed recourse since this one was to take its place is none any more; to settle up is the caller's.
 */
enum recourse_error take_back_advance(struct decision *decision, struct record_incident *incident,
	struct record_section *section, slice reference, int64_t steps);

/*
 * Of the pools, out of the rounds by which that claim, which weighs what it did then, had it; the last rank first: to the issuer's, to the instruments that were called, then to the frozen deposit. What of
 * that an appeal gave back to its party the funder bore: it is due to the funder, and recourse no more. To settle up is the
 * caller's.
 */
enum recourse_error take_back_pool(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, slice claim, int64_t steps);

/*
 * What went back so by that entry is the claim's again: out of the same, if it is there still, into 2110. NOT_PERMITTED with
 * field "entry". To settle up is the caller's, and what is due to the funder was looked at.
 */
enum recourse_error take_back_undo_pool(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, slice claim, uint64_t entry,
	const struct record_gave_back *gave);

/*
 * Of a claim that was ordered out or paid, of whose loss so much is left: what pools gave beyond that and no payout is
 * ordered of. `*steps` is how much that was.
 */
enum recourse_error take_back_unordered(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice reference, slice id, const struct record_claim *claim,
	int64_t part, int64_t left, int64_t *steps);
