/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUTHORITY_H
#define AUTHORITY_H

#include "books/record_agreement.h"
#include "rule/command.h"

/*
 * Published limits (H2): up to which amount one person decides alone, for a command at a time, in a day (UTC), or in
 * an incident. What exceeds one waits as a proposal for so many other people. A command's amount is its largest
 * posting in the limit's unit, of money or to a memo account. Command control.publish.
 */

/* Whether any were published: most ledgers need not look. */
enum recourse_error authority_published(struct state_view *view, bool *published) RECOURSE_CHECK;

/*
 * Raises `*approvals` to what the limits ask for the settled decision. Where they ask for nothing it counts against
 * the limits of the day and of the incident.
 */
enum recourse_error authority_check(
	struct decision *decision, slice command, uint32_t *approvals) RECOURSE_CHECK;

/* Counts a command that was carried out after all, by approval. */
enum recourse_error authority_count(struct decision *decision, slice command) RECOURSE_CHECK;

/* How long after the end of an attested day custody counts as attested: as published, two days if nothing was. */
enum recourse_error authority_custody_time(struct decision *decision, uint64_t *time) RECOURSE_CHECK;

/*
 * Whether break-glass may be used, and how long after a use its review is due, in nanoseconds. Forbidden, and three
 * days, if nothing was published.
 */
enum recourse_error authority_break_glass(
	struct decision *decision, bool *allowed, uint64_t *review_time) RECOURSE_CHECK;

/* What limits count of a decision: its largest posting, with its unit; of units of consumption none. 0 where there is none. */
int64_t authority_amount(const struct decision *decision, struct unit *unit);

/* How long a proposal stays open, in nanoseconds: as published, a week if nothing was. */
enum recourse_error authority_proposal_time(struct decision *decision, uint64_t *time) RECOURSE_CHECK;

#endif
