/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/blocker.h"
#include "rule/rule.h"

/*
 * How an incident ends (B6), is undone, and begins again: README.md. Its sections do so one after the other, an entry each:
 * the first one in the command's own, the others when the clock goes on.
 */

/* What is left to be done is done next: to one section; of an incident that is undone, also to some claims. */
enum recourse_error ending_go_on(struct decision *decision, struct record_incident *incident);

/* A clock: that, or closing is proposed, with what is in its way. The subject is the incident's id. */
enum recourse_error ending_struck(struct decision *decision, slice id);

/*
 * A section's end: its merchant pays what it owes out of what is frozen, and has the rest again. One that may owe in others'
 * keeps that frozen, till each has had what its own pool pays: an entry for each section where it pays then, and one for
 * the rest.
 */
enum recourse_error close_section(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* The same of one that should not have been: what was frozen is where it was before. */
enum recourse_error cancel_section(
	struct decision *decision, const struct record_incident *incident, struct record_section *section);

/* Some of the claims that nobody has decided are withdrawn; whether there are more. */
enum recourse_error cancel_claims(
	struct decision *decision, const struct record_incident *incident, bool *more);

/* What is frozen for a section, and its merchant's id in the arena. */
enum recourse_error ending_frozen(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice *merchant, int64_t *frozen);
