/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/recourse/liability.h"

/*
 * What a section's merchant, or the issuer whose pool stands behind it, owes in the section, and what of that its frozen
 * money pays when the incident ends: as if it had paid that much just before, by the waterfall, written-off recourse
 * included. All zeroes where others alone are liable. Where
 * nobody was found liable nothing is advanced that has to come back, and the pool secures the whole loss of its claims: they
 * have what the scheme did not cover.
 */
struct owed {
	struct record_liability liability;
	int64_t served[WATERFALL_CLAIMS];
	int64_t memo;  /* of the advances: had been written off */
	int64_t taken; /* all told, at most what is frozen */
};
enum recourse_error owed_reckon(struct state_view *view, const struct record_incident *incident,
	const struct record_section *section, slice party, int64_t frozen, int64_t costs, struct owed *owed);

/* Of the incident, open and not served: what `costs` is where nobody has paid any of it in this entry. */
enum recourse_error owed_costs(
	struct state_view *view, const struct record_incident *incident, int64_t *costs);

/* An incident of an issuer: its own pool pays, behind each section's own, what it owes there. */
static inline bool owed_by_issuer(
	const struct record_incident *incident, const struct record_section *section)
{
	return incident->merchant == 0 && section->party != incident->issuer;
}

/* Posts it out of what is frozen, and keeps the liability. The section is changed, and the caller keeps it. */
enum recourse_error owed_pay(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice merchant, struct owed *owed);
