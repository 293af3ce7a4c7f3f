/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/blocker.h"
#include "rules/recourse/settle_up.h"

/*
 * What frozen money pays of what its merchant, or the issuer whose pool stands behind it, owes in a section when the
 * incident ends: as a receipt that comes just before would, written-off recourse included. Taken is what of it is for
 * others; of what would come back nothing is.
 */
struct owed {
	struct liabilities list;
	struct reckon section; /* as all of it is when what was taken so far is paid */
	int64_t taken;         /* by the last of them */
};

/*
 * What of so much more from one of its parties would be for others, as the section was told; all: as if what is promised
 * were settled, what waits for a ruling decided at its reserve, and the time for contribution had come. OVERFLOW.
 */
enum recourse_error owed_of(const struct reckon *told, size_t row, int64_t most, bool all, int64_t *steps);

/*
 * What of so much more would serve its own costs and interest, and nobody and nothing else: at the end all of them, whatever
 * their rank. Only where it is not liable. OVERFLOW.
 */
enum recourse_error owed_of_own(const struct reckon *told, size_t row, int64_t most, int64_t *steps);

/* As the section is at its end: nothing can be claimed any more. */
enum recourse_error owed_begin(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, struct owed *owed);

/*
 * By that party, out of so much. A deposit secures its own section, and the issuer's all of them; for another one it pays what
 * its merchant is liable for, or owes there itself, costs and interest.
 */
enum recourse_error owed_take(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, uint32_t number,
	slice party, int64_t frozen, struct owed *owed);

/* As a receipt: before a judgment whoever pays for a section is taken to be liable there. */
enum recourse_error owed_take_receipt(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section, uint32_t number,
	slice party, int64_t steps, struct owed *owed);

/* Posts what was taken, out of the party's frozen deposit. The section is changed, and the caller keeps it. */
enum recourse_error owed_pay(struct decision *decision, const struct record_incident *incident,
	struct record_section *section, slice party, int64_t taken, struct settled *settled);

/*
 * What a pool may still pay of a section that is told so, whoever is liable: the funder's advance that is open, and what claimants
 * lack beside what parties paid.
 */
int64_t owed_secured(const struct record_section *section, const struct reckon *told);

/* An incident of an issuer: its own pool pays, behind each section's own, what it owes there. */
static inline bool owed_by_issuer(
	const struct record_incident *incident, const struct record_section *section)
{
	return incident->merchant == 0 && section->party != incident->issuer;
}

/* What of receipts and recourse is in the way of closing an incident. */
area_blockers_walker recourse_blockers;
