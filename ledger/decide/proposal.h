/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What decides beside the one who signs: other people (maker and checker, H2; break-glass, H6), limits, and the version
 * of a rule (H8). README.md tells how; commands proposal.approve, proposal.reject, break_glass.use, break_glass.review,
 * rule.adopt.
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
 * Raises `*approvals` to what the limits ask for the settled decision. Where they ask for nothing it counts against
 * the limits of the day and of the incident.
 */
enum recourse_error limits_check(struct decision *decision, slice command, uint32_t *approvals);

/* Counts a command that was carried out after all, by approval. */
enum recourse_error limits_count(struct decision *decision, slice command);

/* A follower: what a limit counts of what was booked at that instant is given back, or taken again. */
enum recourse_error limits_corrected(
	struct decision *decision, const struct record_booked *correction, uint64_t instant);

/*
 * What limits count of a decision, with its unit: its largest posting of money or to a memo account; 0 where there is
 * none.
 */
int64_t limits_amount(const struct decision *decision, struct unit *unit);

