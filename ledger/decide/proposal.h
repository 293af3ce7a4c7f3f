/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * Maker and checker (H2): a command that needs other people's agreement is tried in full, undone, and kept as a
 * proposal, whose number is the entry that proposed it. Each approval is an entry; the last one that is needed
 * carries the command out, and is refused if it can not be carried out any more. Commands proposal.approve,
 * proposal.reject.
 *
 * Break-glass (H6): when nobody is there to approve, an admin who is not the maker carries out a proposal without the
 * approvals that are missing, where control.publish allows it. It is never silent: each use is a record that waits for
 * its review by a third person, and a clock says when that is overdue. Commands break_glass.use, break_glass.review.
 */

/* Keeps the command, which was tried and can be carried out, until so many others approve. */
enum recourse_error proposal_open(struct decision *decision, const struct command *command,
	const struct value *values, uint32_t approvals);

/*
 * Carries out an open proposal without the approvals that are still missing (H6), and closes it. Refused as an approval
 * by the maker or after its expiry is; `command` is what was carried out, `record` the proposal as it was closed.
 */
enum recourse_error proposal_break_glass(
	struct decision *decision, uint64_t number, struct record_proposal *record, slice *command);

/* SAME_PERSON where the actor made that proposal or agreed to it: as person_differs(). NOT_FOUND as a proposal is. */
enum recourse_error proposal_differs(
	struct decision *decision, uint64_t number, const char *field, const char *limit);

/* Nobody decided it in time. The subject is its number. */
enum recourse_error proposal_expired(struct decision *decision, slice number);

/* Nobody reviewed the use in time. The subject is the number of its entry. */
enum recourse_error break_glass_overdue(struct decision *decision, slice subject);

/*
 * Limits (H2), as control.publish says them: up to which amount one person decides alone, for a command at a time, in a
 * day (UTC), or in an incident. What exceeds one waits as a proposal for so many other people. A command's amount is
 * its largest posting in the limit's unit, of money or to a memo account.
 */

/*
 * Raises `*approvals` to what the limits ask for the settled decision. Where they ask for nothing it counts against
 * the limits of the day and of the incident.
 */
enum recourse_error limits_check(struct decision *decision, slice command, uint32_t *approvals);

/* Counts a command that was carried out after all, by approval. */
enum recourse_error limits_count(struct decision *decision, slice command);

/* What limits count of a decision: its largest posting, with its unit; of units of consumption none. 0 where there is none. */
int64_t limits_amount(const struct decision *decision, struct unit *unit);
